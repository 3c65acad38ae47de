"""Weigh what speaks for a series of times to be the posts of a live blog.

Each signal adds to a score, as in a sum of log-odds that starts at -3. The weights were set by hand on invented pages
and are checked on pages that were not used for that; docs/reading.md has the figures. A series with a score of
`CERTAIN` is read; above `POSSIBLE` it is read with a doubt.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from msgspec import Struct

from daybook.parse.text.series import Candidate, Series, disorder

CERTAIN, POSSIBLE = 1.0, 0.0
_START = -3.0
_COUNTED_STAMPS = 12  # more of them say nothing new
_SHORTEST_TEXT = 12  # characters of a post that has a text
_DAY = 24 * 60  # minutes
_LONG_GAP = 8 * 60  # minutes between posts of a forum, or of a list of news
_YEARS = range(19 * 3600, 20 * 3600 + 60 * 60)  # clocks that are years of four digits: 1900 to 2059

_NAMED_SHAPES = ("hour", "word", "age", "iso", "machine edit", "machine")  # the others begin with the clock's mark

_LIVE_WORDS = (  # of more than forty languages
    r"^\W{0,3}live\b|\blive[ -]?(?:blog|updates?|coverage|ticker|stream|text|feed|report)|(?-i:\bLIVE\b)",
    r"\blive\W{0,3}$|\b(?:le|notre) direct\b|[:|–—-] ?direct\W*$|\blive ?[:|–—-]|[:|–—-] ?live\b",
    r"as it happened|\brolling (?:blog|coverage|updates)",
    r"\bticker\b|news-?blog|live-?ticker|news-?ticker|minutenprotokoll|canlı|dakika dakika|\ban be an\b",
    r"\bminut\w{0,3}[ -](?:a|by|per|par|por|cu|po|za|pas|for|för|tot|na|haaval|pēc|pas|uz|demi)[ -]minut",
    r"\b(?:latest|real[- ]time|running) updates\b|\btext commentary\b|[:–—-] (?:the )?latest (?:news|updates)\W*$",
    r"minut minuti haaval|minūti pēc minūtes|minutė po minutės|minút[au] po minúte|mínútu fyrir mínútu",
    r"menit demi menit|iz minut[ea] u minut|iz minute v minuto|minutuz minutu|percről percre",
    r"hetki hetkeltä|минут[аы] (?:по|за) минут|из минута у минут|хвилина за хвилиною",
    r"λεπτό (?:προς|με) λεπτό|dəqiqəbədəqiqə|דקה אחר דקה|دقيقة بدقيقة|\bdiretta\b|\b[ei]n direct[eo]?\b",
    r"^direct\s?(?:[.:|–—,-]|live|vidéo)|\bdirect ?:|în direct|en vivo|ao vivo|em direto|ao minuto|zuzenean",
    r"(?:^\W{0,3}|[:|–—-] ?)(?:direkte?|online|on-line|otse|beo|direct[oe]|suora)\W{0,2}(?:$|[:|–—-])",
    r"on-?line (?:přenos|prenos)|na żywo|relacja|онлайн|анлайн|прям(?:ая|ой|ую|е|ому)|трансляц|хроника",
    r"хроніка|наживо|ужывую|наўпрост|\bživě\b|naživo|uživo|v živo|уживо|на живо|во живо|drejtpërdrejt",
    r"тікелей эфир|jonli efir|шууд|(?-i:\bJUST NU\b)|senaste nytt direkt|följ |í beinni|otseblogi",
    r"otseülekan|tiešraid|tiešsaist|tiesiogi(?:ai|nė)|gyvai|live(?:rapport|bericht|centret|senteret)",
    r"direktrapport|live-?dekning|regstreeks|yn fyw|moja kwa moja|mubashara|langsung|trực tiếp",
    r"cập nhật liên tục|ζωντανά|\bélő\b|élőben|folyamatosan frissül|egyenes közvetítés|ուղիղ|პირდაპირი",
    r"ლაივ|בשידור חי|עדכונים? (?:חי|שוטפים)|בזמן אמת|לייב|مباشر|تغطية حية|لحظة بلحظة|أولا بأول|أولاً بأول",
    r"زنده|لحظه به لحظه|دقیقه به دقیقه|لائیو|براہ راست|لمحہ بہ لمحہ|लाइव|लाइभ|পলে পলে|লাইভ|সরাসরি|લાઇવ",
    r"લાઈવ|ਲਾਈਵ|லைவ்|நேரலை|உடனுக்குடன்|లైవ్|ಲೈವ್|ലൈവ്|തത്സമയ|ถ่ายทอดสด|รายงานสด|เกาะติด|^สด\b|อัปเดตสด",
    r"(?:laufend|ständig) aktualisiert|(?:mise? à jour|actualisée?) en (?:continu|direct|temps réel)|terus diperbarui",
    r"en (?:constante|continua) actualización|em constante atualização|in continuo aggiornamento",
    r"(?:^\W{0,3}|[:|–—(\[-] ?)(?:em atualização|in aggiornamento|(?:текст |новость )?обновля(?:ется|ем)"
    r"|оновлю(?:ється|ємо)|обновява се|ažurira se|güncelleniyor|מתעדכן|updating)\W{0,2}(?:$|[:|–—)\]-])",
    r"(?:doorlopend|continu) bijgewerkt|uppdateras (?:löpande|kontinuerligt)|opp?dateres (?:fort)?lø[pb]ende",
    r"na bieżąco aktualiz|aktualizowan\w na bieżąco|průběžně aktualiz|priebežne aktualiz|în curs de actualizare",
    r"συνεχής ενημέρωση|päivittyvä|تحديث مستمر|อัปเดตต่อเนื่อง|업데이트 ?중|계속 업데이트",
    r"ផ្សាយផ្ទាល់|ቀጥታ|随時更新|速報|直播|實況|实况|実況|ライブ|更新中|[不持][断斷續续]更新|动态更新|動態更新|生中継|リアルタイム|即时更新|即時更新|滚动更新|滾動更新|实时更新|실시간|생중계|라이브|문자중계",
)
_LIVE = re.compile("|".join(_LIVE_WORDS), re.IGNORECASE)


_PROGRAMME = re.compile(
    r"\btime-?table|\bfahrplan|\bprogramme tv\b|\btv[ -](?:programm|guide|listings|schedule|tonight)|\bfernsehprogramm"
    r"|programación (?:de )?tv|programmi tv|guida tv|program tv|tv-(?:gids|tablå)|abfahrtsplan"
    r"|\borario dei|\bdienstregeling|rozkład jazdy|расписание|телепрограмм|tidtabell|horarios? de (?:trenes|autobuses)"
    r"|\bdagskrá\b|tv-ohjelma|ohjelmatiedot|aikataulu\b|telekava|saatekava|tv (?:programma|programa)\b|tvarkarašt"
    r"|műsorújság|tévéműsor|tv-műsor|menetrend|televizní program|televízny program|jízdní řád|cestovný poriadok"
    r"|tv-?spored|vozni red|red vožnje|ред вожње|programul tv|mersul trenurilor|yayın akışı|tv programı|sefer saatleri"
    r"|τηλεοπτικό πρόγραμμα|πρόγραμμα τηλεόρασης|телепрограма|програма телепередач|тв програма|разписание|розклад\b"
    r"|جدول البرامج|مواعيد (?:القطارات|الرحلات)|לוח (?:ה)?שידורים|番組表|時刻表|时刻表|节目表|節目表|편성표|시간표"
    r"|jadwal (?:acara|tv|kereta|kapal)|lịch (?:phát sóng|chiếu|tàu)|ผังรายการ|टीवी कार्यक्रम",
    re.IGNORECASE,
)
_LONGEST_HEADING = 60  # characters
_OTHER_HEADING = re.compile(
    r"(?:\d{1,5} )?(?:comments?|replies|responses|more (?:from|on|in|of|news|stories|to)\b.*"
    r"|latest (?:news|stories|headlines)|related\b.*|also\b.*|other (?:news|stories)\b.*|most (?:read|popular|viewed)"
    r"|newest|tonight (?:on|at)\b.*|today on\b.*|tv\b.*|programme|schedule|kommentare|meistgelesen"
    r"|mehr (?:zum|zu|aus)\b.*"
    r"|weitere\b.*|à lire.*|lire aussi|lee también|más (?:noticias|leído)\b.*|leggi anche|altre notizie|czytaj.*)",
    re.IGNORECASE,
)


_NEWEST_HEADING = re.compile(
    r"just in|breaking(?: news)?|happening now|(?:the )?(?:latest|newest|recent|new)(?: (?:news|stories|headlines))?"
    r"|news in brief|newswire|news ?feed|top stories|headlines|(?:news|aktuell|jetzt|newsticker)|eilmeldungen"
    r"|(?:neueste|letzte|aktuelle) (?:meldungen|nachrichten|news|artikel)|das neueste|aktuelles"
    r"|(?:les )?dernières (?:infos|nouvelles|actualités|actus|minutes|dépêches)|(?:le )?fil info|en continu|à la une"
    r"|(?:las )?últimas noticias|última hora|lo último|ahora mismo|(?:le )?ultime notizie|ultim.ora|ultimissime"
    r"|(?:as )?últimas(?: notícias)?|agora|(?:het )?laatste nieuws|net binnen|zojuist|senaste nytt|(?:just|akkurat) nu"
    r"|siste nytt|seneste nyt|lige nu|uusimmat(?: uutiset)?|juuri nyt|najnowsze(?: wiadomości)?|z ostatniej chwili"
    r"|ostatnie wiadomości|právě (?:se děje|teď)|nejnovější(?: zprávy)?|poslední zprávy|aktuálně"
    r"|práve (?:sa deje|teraz)|najnovšie(?: správy)?|(?:legfrissebb|friss)(?: hírek)?|most történt"
    r"|ultimele (?:știri|stiri|noutăți)|acum|(?:najnovije|najnovejše|zadnje)(?: vijesti| vesti| novice)?|upravo sada"
    r"|(?:последние|свежие) новости"
    r"|лента новостей|сейчас|главное(?: сейчас)?|(?:останні|свіжі) новини|стрічка новин|зараз|последни новини"
    r"|(?:најновије|последње) вести|τελευταία(?: νέα)?|τώρα|ροή ειδήσεων|son dakika(?: haberleri)?|son haberler"
    r"|آخر الأخبار|الآن|آخرین اخبار|חדשות אחרונות|מבזקים|最新(?:ニュース|新闻|新聞|消息)|新着(?:ニュース|記事)?"
    r"|速報|即時新聞|最新|속보|최신(?: ?뉴스)?|실시간 ?뉴스|tin mới(?: nhất)?|ข่าวล่าสุด|berita terkini"
    r"|ताज़ा ख़बरें|ताजा खबरें|সর্বশেষ",
    re.IGNORECASE,
)
_COMMENTS_HEADING = re.compile(
    r"\W{0,3}(?:(?:all|top|reader|readers’|readers'|alle|tous les|todos los|todos os|tutti i)\s)?(?:\d[\d.,]{0,6}\s)?"
    r"(?:comments?|responses|discussion|(?:leser)?kommentare?|lesermeinungen|diskussion|commentaires?|réactions"
    r"|comentarios?|comentários?|commenti|reacties|kommentarer|kommentit|komentarze|komentáře|komentáre|komentari"
    r"|hozzászólások|comentarii|комментарии|коментарі|коментари|σχόλια|yorumlar|yorum|تعليقات|التعليقات|תגובות"
    r"|コメント|评论|評論|댓글|comentaris|iruzkinak|kommentaarid|komentāri|komentarai|athugasemdir|ummæli|komente"
    r"|каментары[іi]?|կարծիքներ|მოსაზრებები|კომენტარები|şərhlər|пікірлер|komentar|komen|ý kiến|bình luận|ความคิดเห็น"
    r"|टिप्पणियाँ|टिप्पणियां|মন্তব্য|نظرات|دیدگاه‌ها)(?:\s?[:(\[]?\s?\d[\d.,]{0,6}\s?[)\]]?)?\W{0,3}"
    r"|(?:join|start) the (?:discussion|conversation)\W*|(?:leave|post|add|write) a (?:comment|reply)\W*"
    r"|have your say\W*"
    r"|(?:diskutieren|reden) sie mit\W*|(?:ihr|dein) kommentar\W*|(?:laissez|laisser|ajouter) un commentaire\W*"
    r"|(?:deja|escribe) (?:un|tu) comentario\W*|(?:lascia|scrivi) un commento\W*"
    r"|(?:deixe|escreva) (?:um|o seu) comentário\W*",
    re.IGNORECASE,
)
_REPLY_CONTROL = re.compile(
    r"(?:(?:like|gefällt mir|j.aime|me gusta|mi piace|[👍👎♥❤]\ufe0f?|\d{1,4}|[·•|])\s*){0,6}"
    r"(?:reply|replies|\d{1,4} repl(?:y|ies)|antworten|répondre|responder|rispondi|reageren|odpowiedz|svar|svara|vastaa"
    r"|ответить|відповісти|odpovědět|válasz|yanıtla|απάντηση|返信|回复|回覆|답글|respon|răspunde|odgovori|одговори"
    r"|отговори?|odpovedať|vasta|atbildēt|atsakyti|balas|trả lời|ตอบกลับ|जवाब दें|উত্তর|رد|پاسخ|הגב)(?:\s*[·•|].{0,40})?",
    re.IGNORECASE | re.DOTALL,
)


class PageEvidence(Struct, frozen=True, kw_only=True):
    """What is known of a page as a whole.

    Attributes:
        is_live: Whether its title or address calls it live, or its data is a live blog.
        has_live_data: Whether its data is a live blog.
        is_tree: Whether it is HTML, where a page must call itself live to be read without a doubt.
        length: Characters of all its text.
        has_pinned_first: Whether its first post is pinned above the others, out of their order.
    """

    is_live: bool
    has_live_data: bool = False
    is_tree: bool = False
    length: int = 0
    has_pinned_first: bool = False


class Weighed(Struct, frozen=True, kw_only=True):
    """A series and its score, with the reasons in words."""

    series: Series
    score: float
    reasons: tuple[str, ...] = ()


def is_called_live(texts: Iterable[str]) -> bool:
    """Return whether one of some titles calls its page live; "How people live" does not."""
    return any(_LIVE.search(text) for text in texts if text)


def is_programme(texts: Iterable[str]) -> bool:
    """Return whether one of some titles calls its page a programme or a timetable."""
    return any(_PROGRAMME.search(text) for text in texts if text)


def is_other_heading(text: str) -> bool:
    """Return whether a heading is that of comments, of a programme or of a list of other stories."""
    return len(text) <= _LONGEST_HEADING and _OTHER_HEADING.fullmatch(text.strip(" :–—-")) is not None


def is_newest_heading(text: str) -> bool:
    """Return whether a heading below posts is that of the newest stories of a site, such as "Just in"."""
    return len(text) <= _LONGEST_HEADING and _NEWEST_HEADING.fullmatch(text.strip(" :–—-")) is not None


def is_comments_heading(text: str) -> bool:
    """Return whether a line is the heading of readers' comments, with or without their number."""
    return len(text) <= _LONGEST_HEADING and _COMMENTS_HEADING.fullmatch(text) is not None


def is_reply_control(text: str) -> bool:
    """Return whether a line is a control with which readers reply to a comment."""
    return len(text) <= _LONGEST_HEADING and _REPLY_CONTROL.fullmatch(text) is not None


def weigh(
    series: Series, lengths: Sequence[int], page: PageEvidence, more: Iterable[tuple[float, str]] = ()
) -> Weighed:
    """Return a series with its score.

    Args:
        series: The stamps.
        lengths: Characters of the text of each post.
        page: What is known of the page.
        more: Further signals, each a weight and its reason.
    """
    stamps = series.stamps
    signals = [
        (min(len(stamps), _COUNTED_STAMPS) * 0.35, f"{len(stamps)} stamps"),
        _order(stamps[1:] if page.has_pinned_first else stamps),
        *_page_signals(page),
        *_clock_signals(stamps),
        *_text_signals(stamps, lengths, page),
        *_gap_signals(stamps, is_live=page.is_live),
        *more,
    ]
    score = _START + sum(weight for weight, _ in signals)
    return Weighed(series=series, score=score, reasons=tuple(f"{weight:+.1f} {reason}" for weight, reason in signals))


def _order(stamps: Sequence[Candidate]) -> tuple[float, str]:
    cost = disorder(stamps)[0]
    weights = ((0.06, 1.5), (0.15, 0.5), (0.3, -1.0))
    return next((weight for limit, weight in weights if cost <= limit), -4.0), f"order {1 - cost:.2f}"


def _page_signals(page: PageEvidence) -> Iterable[tuple[float, str]]:
    if page.has_live_data:
        yield 2.0, "the page's data is a live blog"
    elif page.is_live:
        yield 1.0, "the page calls itself live"


def _clock_signals(stamps: Sequence[Candidate]) -> Iterable[tuple[float, str]]:
    shape = Counter(each.token.shape for each in stamps).most_common(1)[0][0]
    flags = shape.removeprefix(next((name for name in _NAMED_SHAPES if shape.startswith(name)), shape[:1]))
    if set(flags) & set("azu") or shape.startswith("machine"):
        yield 0.6, "clocks with a zone, half or unit"
    if shape == "hour":
        yield -1.0, "hours alone"
    if shape == "age":
        yield -0.8, "times before the page was saved"
    if shape == "machine edit":
        yield -0.5, "times of edits"
    if "d" in flags:
        yield 0.3, "dates beside the clocks"
    if shape == "4" and stamps[0].after in ("a", "A"):
        yield -1.0, "four digits before a text"
        if all(each.token.clock in _YEARS for each in stamps):
            yield -4.0, "four digits that are years"
    if len({each.token.age or each.token.clock for each in stamps}) < max(2, len(stamps) * 0.4):
        yield -2.5, "few different times"
    if len({each.before for each in stamps}) > 1:
        yield -0.5, "different marks before the times"


def _text_signals(
    stamps: Sequence[Candidate], lengths: Sequence[int], page: PageEvidence
) -> Iterable[tuple[float, str]]:
    coverage = sum(lengths) / max(1, page.length)
    yield min(1.5, 2.5 * coverage) - 0.5, f"{coverage:.2f} of the text"
    filled = sum(length >= _SHORTEST_TEXT for length in lengths) / len(stamps)
    yield (0.5 if filled >= 0.8 else -2.5 if filled < 0.5 else -0.5), f"{filled:.2f} have a text"


def _gap_signals(stamps: Sequence[Candidate], *, is_live: bool) -> Iterable[tuple[float, str]]:
    minutes = [_minute(each) for each in stamps if each.token.date and each.token.date.month and each.token.date.year]
    if len(minutes) > max(2, 0.7 * len(stamps)):
        gap = median(abs(other - one) for one, other in pairwise(minutes))
        if gap > (_DAY if is_live else _LONG_GAP):
            yield -3.0, "long gaps between posts, as in a forum or a list of news"


def _minute(stamp: Candidate) -> int:
    date = stamp.token.date
    assert date
    return (((date.year or 0) * 12 + date.month) * 31 + date.day) * 1440 + stamp.token.clock // 60
