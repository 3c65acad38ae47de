"""Read the date of a page from a line of its header that has other words: labels, a name, clocks, separators.

    Published: 14.6.2031 6:10 • Updated 15.6.2031 19:22      THE HARBOUR GAZETTE | Jun 14, 2031, 18:22:31 IST

The label before a date tells whether it is the date of the publication or of the last change. The labels are a closed
list. A long line is a sentence, so a date in it counts only directly after such a label or between separators.
"""

import re
from itertools import islice

from daybook.parse.base.page import PrintedDate
from daybook.parse.time.dates import dates_with_year
from daybook.parse.time.names import WEEKDAY_WORDS, with_ascii_digits
from daybook.parse.time.tokens import find_times
from daybook.parse.time.zones import zone_from_word

_LONGEST_LINE = 240  # characters of a line that is searched
_LONGEST_PART = 60  # characters between separators; a longer part is a sentence
_LONGEST_LABEL = 60
_LONGEST_TITLE = 140
_BEFORE_DAY = re.compile(r"[,:(–—-]\s?(?P<weekday>[^\W\d][^\s\d,]{1,17}),?\s(?:[^\W\d]{1,3}\.?\s)?\Z")
_DIGITS_OF_DATES = re.compile(r"\d[\d:./-]*")
_TWO_DIGITS = re.compile(r"\d\d")  # every date with a year has them
_SEPARATORS = re.compile(r"\s[|•·–—-]\s|[|•·]")

CHANGED = (
    r"(?:last |latest )?updated?|modified|(?:zuletzt )?aktualisiert|mise? à jour|aggiornat[oa]|aggiornamento"
    r"|actualizad[oa]|actualización|actualitzat|actualització|atualizad[oa]|atualização|eguneratua|actualizat[ăe]?"
    r"|(?:data |ultima )?actualiz(?:ării|are)"
    r"|päivitetty|uppdaterad|oppdatert|opdateret|uppfært|uuendatud|atjaunināts|atjaunots|atnaujinta|bijgewerkt"
    r"|aangepast|(?:son )?güncelle(?:me|ndi|nme)(?: tarihi)?|yeniləndi|frissítve|frissült|ažurirano|posodobljeno"
    r"|обновлено|оновлено|изменено|абноўлена|ажурирано|обновена|ажурирана|aktualizacja|zaktualizowano"
    r"|aktualizováno|aktualizované|përditësuar|(?:τελευταία )?ενημέρωση|ενημερώθηκε|עודכן(?: ב)?|עדכון אחרון"
    r"|آخر تحديث|تحديث|به‌روزرسانی|بروزرسانی|आखरी अपडेट|अपडेटेड|अपडेट|সর্বশেষ আপডেট|আপডেট|diperbarui|dikemas kini"
    r"|cập nhật(?: lúc)?|อัปเดต(?:ล่าสุด)?|最終更新(?:日時)?|更新日時|最后更新|更新(?:时间|時間)|최종수정|수정|업데이트"
)
_PUBLISHED = (
    r"(?:first )?published|posted|created|veröffentlicht|erstellt|publiée?|pubblicat[oa]|publicad[oa]|cread[oa]"
    r"|criad[oa]|publicat[ăe]?|(?:data )?publicării"
    r"|argitaratua|julkaistu|publicerad|publisert|publiceret|udgivet|birt|avaldatud|publicēts"
    r"|paskelbta|gepubliceerd|oluşturulma(?: tarihi)?|yayın(?:lanma)? tarihi|dərc olunub|megjelent|közzétéve|objavljeno"
    r"|опубликовано|опубліковано|апублікавана|создано|објављено|публикувано|објавено|data utworzenia|opublikowano"
    r"|data publikacji|publikováno|publikované|publikuar|δημοσίευση|δημοσιεύτηκε|δημοσιεύθηκε|פורסם(?: ב)?"
    r"|نشر في|تاريخ النشر|تاریخ انتشار|प्रकाशित|प्रकाशन|প্রকাশিত|প্রকাশ|diterbitkan|dipublikasikan|xuất bản|เผยแพร่"
    r"|公開(?:日時)?|掲載|配信|发布(?:时间|于)?|發布(?:時間|於)?|기사입력|입력|등록|게재"
)
_LABEL_BEFORE_DATE = re.compile(
    rf"(?<!\w)(?:(?P<changed>{CHANGED}|stand|更新)|(?P<published>{_PUBLISHED}))"
    r"[\s:：]{0,3}(?:(?:on|at|am|um|le|à|il|alle|el|em|às|den|der|op|om|dnia|kl\.?|klo|в|о)\s)?"
    rf"(?P<words>(?:[^\W\d_][^\s\d,]{{1,17}}[\s,]{{1,2}}){{0,2}})(?:\d{{1,2}}[:.h]\d\d[\s,]{{1,3}})?\Z",
    re.IGNORECASE,
)

_LABEL = re.compile(rf"(?<!\w)(?:{CHANGED}|{_PUBLISHED}|stand|publié|更新)(?!\w)", re.IGNORECASE)
_FILLER_WORDS = """
    this article story page post was has been last first latest on and the at dieser artikel beitrag text wurde zuletzt
    am um uhr cet a été le dernière à ultimo ultima última último alle ore il el del las la los de este artículo fue em
    às dit laatst op om door by senast sist sidst kl klo den viimeksi ostatnia ostatnio o godz dnia последнее в останнє
    о naposledy utoljára son saat time date hora data h est it
"""  # that may be between a label and a time
_FILLERS = frozenset(_FILLER_WORDS.split())
_WORD = re.compile(r"[^\W\d_]+")
_MOST_WORDS_OF_PLACE = 3  # before or after a date: "WEIDE, 9 April 2031"


def is_time_of_page(text: str) -> bool:
    """Return whether a line is nothing but when its page was published or changed: a label with a time or a date.

    So is a place with a date that has a year: "WEIDE, 9 April 2031".
    """
    if len(text) > _LONGEST_LINE // 2:
        return False
    ascii_text = with_ascii_digits(text)
    spans = [(token.start, token.end) for token in find_times(ascii_text)]
    dated = [(start, start + len(date.printed)) for start, date in dates_with_year(ascii_text)]
    taken = {index for start, end in (*spans, *dated) for index in range(start, end)}
    rest = "".join(" " if index in taken else character for index, character in enumerate(ascii_text))
    has_label = _LABEL.search(rest) is not None
    words = [word for word in _WORD.findall(_LABEL.sub(" ", rest)) if word.lower() not in WEEKDAY_WORDS]
    if has_label:
        return bool(spans or dated) and all(word.lower() in _FILLERS or zone_from_word(word) for word in words)
    is_place = 0 < len(words) <= _MOST_WORDS_OF_PLACE and all(word[0].isupper() for word in words)
    return bool(dated) and is_place and not any(map(str.isdigit, rest))


def stated_date(text: str) -> PrintedDate | None:
    """Return the date that a line of a page's header states; None if there is none.

    It has a year. Of several, it is the last that is not labelled as the date of a change.
    """
    dates = _dates_of_line(text)
    own = [date for date, label in dates if label != "changed"]
    return next(reversed(own or [date for date, _ in dates]), None)


def changed_date(text: str) -> PrintedDate | None:
    """Return the date of the last change that a line of a page's header states; None if there is none."""
    return next((date for date, label in reversed(_dates_of_line(text)) if label == "changed"), None)


def published_date(text: str) -> PrintedDate | None:
    """Return the date that a line of a page's header calls that of the publication; None if there is none."""
    return next((date for date, label in reversed(_dates_of_line(text)) if label == "published"), None)


def _dates_of_line(text: str) -> list[tuple[PrintedDate, str]]:
    """Return the dates with a year that a line states, each with its label: "published", "changed" or ""."""
    ascii_text = with_ascii_digits(text)
    if len(text) > _LONGEST_LINE or not _TWO_DIGITS.search(ascii_text):
        return []  # most lines; the search for a date costs more
    found: list[tuple[PrintedDate, str]] = []
    for start, date in dates_with_year(ascii_text):
        label = _LABEL_BEFORE_DATE.search(ascii_text, max(0, start - _LONGEST_LABEL), start)
        if label and not all(
            word.rstrip(".").lower() in WEEKDAY_WORDS for word in re.split(r"[\s,]+", label["words"]) if word
        ):
            label = None
        is_long = label is None and _length_of_words(_part_around(ascii_text, start)) > _LONGEST_PART
        if is_long and not _is_day_at_end(ascii_text, start, date):
            continue
        found.append((date, ("changed" if label["changed"] else "published") if label else ""))
    return found


def _is_day_at_end(text: str, start: int, date: PrintedDate) -> bool:
    """Return whether a title ends with a date that has a weekday: "News from the meeting, Saturday, 22 March 2031"."""
    if len(text) > _LONGEST_TITLE or text[start + len(date.printed) :].strip(" )]"):
        return False
    before = _BEFORE_DAY.search(text, 0, start)
    return before is not None and before["weekday"].lower() in WEEKDAY_WORDS


def _length_of_words(part: str) -> int:
    """Return the length of a part of a line; of one with several dates, without their digits, so that labels count."""
    several = len(list(islice(dates_with_year(part), 2))) > 1
    return len(_DIGITS_OF_DATES.sub("", part) if several else part)


def _part_around(text: str, offset: int) -> str:
    """Return the part of a line between the separators around an offset."""
    before = [match.end() for match in _SEPARATORS.finditer(text, 0, offset)]
    after = _SEPARATORS.search(text, offset)
    return text[before[-1] if before else 0 : after.start() if after else len(text)]
