"""Find what is at the start or the end of posts but not part of their text, such as links copied from below them.

A line that recurs at the same end of posts is a label or a control, in whatever language. Short lines below the last
post, unlike those at the end of other posts, are links.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise, takewhile

from msgspec.structs import replace

from daybook.parse.base.decode import TextLine
from daybook.parse.base.page import ClockTime, Doubt
from daybook.parse.text.bylines import is_labelled_name
from daybook.parse.text.classify import BoilerplateRule, LineClass, is_sentence, match_boilerplate
from daybook.parse.text.evidence import is_comments_heading, is_other_heading
from daybook.parse.text.sections import post_ranges
from daybook.parse.time.header_dates import is_time_of_page
from daybook.parse.time.names import with_ascii_digits
from daybook.parse.time.tokens import find_times

RECURRING = "line that recurs in most posts"
_RELATED = BoilerplateRule(name="related stories", pattern="", examples=())
_HEADINGS_OF_LINKS = ("expand", "related")  # boilerplate rules
_FEWEST_SENTENCES = 2  # of a text below related stories
_RECURRING_LINE = BoilerplateRule(name=RECURRING, pattern="", examples=())
_FACT_OF_PAGE = BoilerplateRule(name="time or number of the page", pattern="", examples=(), effect="end")
_NUMBERS_OF_PAGES = re.compile(r"\W{0,3}\d{1,3} ?/ ?\d{1,3}\W{0,3}|\W{0,3}1(?:\W{1,3}\d{1,3}){1,12}\W{0,5}")
_LINKS_BELOW = BoilerplateRule(name="links below the posts", pattern="", examples=(), effect="end")
_EDIT_MARK = BoilerplateRule(name="edit mark", pattern="", examples=(), effect="edit")
_LONGEST_EDIT_LABEL = 40  # characters
_WORDS_OF_LABEL = 2  # at most; a headline with a clock has more
_MIN_EDIT_MARKS = 2  # posts with the same label
_NOT_OF_AN_EDIT = ("4", "hour", "word")  # shapes
_BELOW_CONTROL = BoilerplateRule(name="below the end of a post", pattern="", examples=())
_MIN_POSTS_WITH_CONTROL = 4
_MOST_CONTROLS = 20  # lines that nearly all posts have; pages have fewer than five
_FEW_BOXES = 0.25  # of the posts
NEWSLETTER = re.compile(
    r"newsletter|nieuwsbrief|nyhetsbrev|infolettre|bolet[ií]n|uutiskirje|hírlevél|bülten|рассылк|розсилк|бюлетин"
    r"|your e-?mail|e-?mail[ -]?(?:address|adresse|adres)|adresse e-?mail|correo electrónico|indirizzo e-?mail"
    r"|privacy (?:notice|policy)|メールマガジン|뉴스레터|نشر(?:ة|تنا)|ניוזלטר|adresa (?:de|ta de) e-?mail|buletin",
    re.IGNORECASE,
)
_COLUMNS = re.compile(r"\s{2,}|\t|\s[|·•]\s")  # between links in a row
_FILTER_LABEL = BoilerplateRule(name="label", pattern="", examples=())
_LABEL_OF_ROW = re.compile(r"[^|:：]{1,20}[:：]\s")
_BETWEEN_LABELS = re.compile(r"\s[|•·/]\s")
_FEWEST_LABELS = 3  # in a row
_FEWEST_NAMED_LABELS = 2  # of the row, else a headline may be a part of the title
_ABOVE_UPDATES = BoilerplateRule(name="first report", pattern="", examples=(), effect="end")
_FIRST_REPORT = re.compile(
    r"(?:știrea? inițială|(?:first|initial|original|earlier) (?:report|story|article|version)"
    r"|(?:ursprüngliche|erste) (?:meldung|nachricht)|erstmeldung|article (?:initial|original|d.origine)"
    r"|(?:noticia|nota|notícia) original|notizia originale|(?:oorspronkelijk|eerste) bericht"
    r"|ursprunglig (?:artikel|nyhet)|opprinnelig (?:sak|melding)|alkuperäinen (?:uutinen|juttu)"
    r"|pierwotna (?:wersja|informacja|treść)"
    r"|původní (?:zpráva|článek|text)|pôvodná správa|pôvodný článok|eredeti (?:cikk|hír)(?:ünk)?|исходная новость"
    r"|первоначальное сообщение|початкове повідомлення|първоначална новина|izvorna vijest|prvotna novica|ilk haber"
    r"|αρχική είδηση|الخبر الأصلي|הידיעה המקורית)\s?(?:[:：–—-]|$)",
    re.IGNORECASE,
)
_WORDS_TO_READERS = ("tags", "follow-us", "feedback", "app", "end-of-live")  # boilerplate rules
_OUTLET = "outlet-address"  # boilerplate rule
_WITHOUT_STOPS = re.compile(r".{0,9}[\u0e01-\u0eff].{24,}")  # a text in Thai or Lao, which have no full stops
_IS_ITEM = re.compile(r"[-–—*•·‣▪] ")
_MIN_POSTS = 3  # in which a line recurs
_LONGEST_RECURRING = 60  # characters
_FIRST_LINES = 2  # of a post in which a label is looked for
_NEARLY_ALL = 0.75  # of the posts
_COUNTER_WITH_WORD = re.compile(r"\d[\d.,’'\u00a0\u202f]{0,9}\s?[kKmM]?\s(?P<word>[^\W\d_]{3,20})")
_COUNTED = "\0"  # begins the key of a counter with a word
_COUNTER = re.compile(r"\d[\d.,’'\s]*(?:[kKmM](?!\w))?")
_TELLING_NUMBER = re.compile(r"\d\s?[:–—/-]\s?\d|\d[\d.,]{0,15}\s?(?:[%٪°€$£¥₴₽₹]|[^\W\d_])|[€$£¥₴₽₹]\s?\d|[^\W\d_]\d")
_REACTION = re.compile(
    r"[\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f?\s?"
    r"(?:\d{1,3}(?:[ \u00a0\u202f]\d{3}){1,3}|\d[\d.,]{0,15}[kKmM]?)(?!\w)"
)  # "👍 12"
_LAST_LINES = 4  # of a post in which such a line is looked for
_LONGEST_LINK = 60  # characters
_LONGEST_HEADLINE = 120  # characters of a story that a list below the posts names
_FEWEST_LINKS = 2  # a single line may be the end of the text
_FEWEST_UNNAMED = 3  # lines that none of the rules knows
_MOST_SHORT_LINES = 3  # below "Read also: …" in the last post
_REFERENCE = re.compile(r"\[?\d{1,4}[\].)]{1,2}\s{1,4}https?://\S{3,300}")  # of the links that a text browser lists
_SHOWN = 40  # characters of a line in a message


def recurring_lines(posts: Sequence[Sequence[tuple[str, bool]]], names: Collection[str] = ()) -> list[frozenset[int]]:
    """Return the indexes of the lines of each post that recur at the start or the end of at least half of the posts.

    A line recurs at the start if it is the first, or the second below a headline.

    Args:
        posts: The lines of each post, without its stamp, each with whether it may be no text. A post keeps at least one
            sentence, or all of its lines, unless nearly all posts end alike.
        names: Known names of authors, which may be between the text and a line that recurs.
    """
    if len(posts) < _MIN_POSTS:
        return [frozenset()] * len(posts)
    first = Counter(key for lines in posts for key in {_first_key(*line) for line in lines[:_FIRST_LINES]})
    last = Counter(key for lines in posts for key in {_key(*line) for line in lines[-_LAST_LINES:]})
    enough = max(_MIN_POSTS, (len(posts) + 1) // 2)
    nearly_all = max(_MIN_POSTS, _NEARLY_ALL * len(posts))
    recurs_first, recurs_last = (
        {key for key, count in counts.items() if key and count >= (nearly_all if _COUNTED in key else enough)}
        for counts in (first, last)
    )
    found: list[tuple[set[int], set[int]]] = []
    below_text = 0
    for lines in posts:
        end = len(lines)
        while end > 1 and len(lines) - end < _LAST_LINES and _key(*lines[end - 1]) in recurs_last:
            end -= 1
        is_label = [_first_key(*line) in recurs_first for line in lines[: min(_FIRST_LINES, end - 1)]]
        start = {index for index, label in enumerate(is_label) if label and not (index and is_sentence(lines[0][0]))}
        kept = any(is_sentence(text) for index, (text, _) in enumerate(lines[:end]) if index not in start)
        kept = kept or (end < len(lines) and all(last[_key(*line)] >= nearly_all for line in lines[end:]))
        found.append((start, set(range(end, len(lines)))) if kept else (set(), set()))
        above = next((text for text, _ in reversed(lines[:end]) if not (is_labelled_name(text) or text in names)), "")
        below_text += kept and end < len(lines) and is_sentence(above)
    # Else they are below names: "Ida Kern", "Captain of the boat".
    are_controls = below_text * 2 >= sum(bool(ends) for _, ends in found)
    return [frozenset(start | ends if are_controls else start) for start, ends in found]


def _key(line: str, may_recur: bool) -> str:
    """Return what is equal for a line that recurs; "" for a line that is text."""
    return (line_key(line) or _counter_key(line)) if may_recur else ""


def _counter_key(line: str) -> str:
    """Return what counters have in common, such as "1 reply" and "12 replies"; "" for any other line.

    It is no key of `line_key`: "12 houses" in some posts is text.
    """
    counter = _COUNTER_WITH_WORD.fullmatch(line.strip())
    return f"{_COUNTED}{counter['word'][:4].casefold()}" if counter else ""


def _first_key(line: str, may_recur: bool) -> str:
    return "" if any(map(str.isdigit, line)) else _key(line, may_recur)


def line_key(line: str) -> str:
    """Return what a line has in common with those of other posts; "" for a sentence, or one whose number tells.

    The number of a counter, "Share · 10", does not; that of a score, a price or a share does.
    """
    text = _REACTION.sub("#", line)
    if len(line) > _LONGEST_RECURRING or is_sentence(line) or _TELLING_NUMBER.search(text):
        return ""
    return " ".join(_COUNTER.sub("#", text).casefold().split()).strip(" …·|»>←↑▲")


def usual_keys(posts: Sequence[Sequence[str]]) -> frozenset[str]:
    """Return the keys (`line_key`) of the lines that nearly all posts have."""
    counts = Counter(key for lines in posts for key in {line_key(text) for text in lines if text} if key)
    fewest = max(_MIN_POSTS, _NEARLY_ALL * len(posts))
    return frozenset(key for key, count in counts.items() if count >= fewest)


def mark_recurring_lines(line_classes: Sequence[LineClass]) -> tuple[LineClass, ...]:
    """Mark the lines that recur at the start or the end of most posts of a text."""
    found = list(line_classes)
    posts = [
        [index for index in range(start + 1, end) if found[index].is_plain_text]
        for start, end in post_ranges(line_classes)
    ]
    lines = [[found[index].line for index in indexes] for indexes in posts]
    recurring = recurring_lines(
        [[(line.text, line.kind != "quoted" and not _IS_ITEM.match(line.text)) for line in each] for each in lines]
    )
    for indexes, places in zip(posts, recurring, strict=True):
        for index in (indexes[place] for place in places):
            found[index] = replace(found[index], rule=_RECURRING_LINE)
    return tuple(found)


def mark_filter_labels(line_classes: tuple[LineClass, ...]) -> tuple[LineClass, ...]:
    """Mark the first lines of posts that a row of labels above the posts names: "All | Summary | Questions"."""
    sections = post_ranges(line_classes)
    above = [each.line.text for each in line_classes[: sections[0][0]] if each.is_plain_text] if sections else []
    rows = [_BETWEEN_LABELS.split(_LABEL_OF_ROW.sub("", text, count=1)) for text in above]
    labels = {part.strip() for row in rows if len(row) >= _FEWEST_LABELS for part in row}
    found = list(line_classes)
    named: set[str] = set()
    for start, end in sections if labels else ():
        plain = [index for index in range(start + 1, end) if found[index].is_plain_text]
        stamp = found[start].stamp
        if stamp and stamp.text_after in labels and plain:
            named.add(stamp.text_after)
            found[start] = replace(found[start], stamp=replace(stamp, text_after=""))
        elif len(plain) > 1 and found[plain[0]].line.text in labels:
            named.add(found[plain[0]].line.text)
            found[plain[0]] = replace(found[plain[0]], rule=_FILTER_LABEL)
    return tuple(found) if len(named) >= _FEWEST_NAMED_LABELS else line_classes


def separate_edit_times(line_classes: Sequence[LineClass]) -> tuple[LineClass, ...]:
    """Take the times of edits from the texts after stamps, and mark those on the lines above or below stamps.

    Such a time has a label that a rule knows, or a label in any language that recurs and is followed by nothing but a
    clock which is not before that of the stamp.
    """
    found = list(line_classes)
    labels: list[tuple[int, int, str, ClockTime]] = []  # index of the stamp and of the line
    for start, each in enumerate(found):
        for index in (start - 1, start, start + 1) if each.stamp else ():
            if 0 <= index < len(found) and (index == start or found[index].is_plain_text):
                text = each.stamp.text_after if index == start and each.stamp else found[index].line.text
                label, edited = _edit_mark(text)
                if edited and each.stamp:
                    labels.append((start, index, label, edited))
    are_later = Counter(label for start, _, label, edited in labels if _is_not_before(edited, found[start]))
    for start, index, label, edited in labels:
        stamp = found[start].stamp
        rule = match_boilerplate(stamp.text_after if index == start and stamp else found[index].line.text)
        may_be_label = len(label.split()) <= _WORDS_OF_LABEL and _is_not_before(edited, found[start])
        recurs = may_be_label and are_later[label] >= _MIN_EDIT_MARKS
        if not stamp or not (recurs or (rule and rule.effect == "edit")):
            continue
        if index == start:
            found[start] = replace(found[start], stamp=replace(stamp, text_after=""), edited=edited)
        else:
            found[index] = replace(found[index], rule=_EDIT_MARK)
    return tuple(found)


def _is_not_before(edited: ClockTime, stamped: LineClass) -> bool:
    return stamped.stamp is not None and edited.clock >= stamped.stamp.clock


def _edit_mark(text: str) -> tuple[str, ClockTime | None]:
    """Return the label and the time of a text that is nothing but these two; no time for any other text."""
    if not text or len(text) > 2 * _LONGEST_EDIT_LABEL or is_sentence(text):
        return "", None
    tokens = [each for each in find_times(with_ascii_digits(text)) if each.age is None]
    if len(tokens) != 1 or tokens[0].shape.startswith(_NOT_OF_AN_EDIT) or any(map(str.isalnum, text[tokens[0].end :])):
        return "", None
    label = text[: tokens[0].start].strip(" :：·|([-–—").casefold()
    if not any(map(str.isalpha, label)) or any(map(str.isdigit, label)) or len(label) > _LONGEST_EDIT_LABEL:
        return "", None
    token = tokens[0]
    return label, ClockTime(clock=token.clock, printed=text[token.start : token.end], zone=token.zone)


def mark_related(line_classes: Sequence[LineClass]) -> tuple[LineClass, ...]:
    """Mark the titles below a heading such as "Read more" or "Related" in a post, up to the next sentence.

    A heading of links ends its post, but not if a text goes on below the titles.
    """
    found = list(line_classes)
    starts = [index for index, each in enumerate(found) if each.stamp]
    for start, end in pairwise([*starts, len(found)]):
        for index in range(start + 1, end):
            rule = found[index].rule
            if rule is None or rule.name not in _HEADINGS_OF_LINKS:
                continue
            after = [number for number in range(index + 1, end) if found[number].is_plain_text]
            titles = list(takewhile(lambda number: _is_title(found[number].line.text), after))
            rest = [found[number].line.text for number in after[len(titles) :]]
            if any(len(text) > _LONGEST_HEADLINE for text in rest) or sum(map(is_sentence, rest)) >= _FEWEST_SENTENCES:
                found[index] = replace(found[index], rule=replace(rule, effect=""))
            elif rest and not rule.effect:
                continue  # "Read more" between two lines of a short text
            for number in titles:
                found[number] = replace(found[number], rule=_RELATED)
    return tuple(found)


def mark_facts_of_page(line_classes: Sequence[LineClass]) -> tuple[LineClass, ...]:
    """Mark the last lines of the last post that are about the page as the end of that post.

    They tell when it was published or changed, or which of several pages it is.
    """
    found = list(line_classes)
    start, end = next(iter(post_ranges(line_classes)[-1:]), (0, 0))
    plain = [index for index in range(start + 1, end) if found[index].is_plain_text]
    stamp = found[start].stamp if plain else None
    for index in reversed(plain if stamp and stamp.text_after else plain[1:]):  # a post keeps its first line
        text = found[index].line.text
        is_about_page = is_time_of_page(text) or _NUMBERS_OF_PAGES.fullmatch(text) or is_comments_heading(text)
        if not (is_about_page or _is_row_of_links(found, index)):
            break
        found[index] = replace(found[index], rule=_FACT_OF_PAGE)
    return tuple(found)


def _is_row_of_links(line_classes: Sequence[LineClass], index: int) -> bool:
    """Return whether a line is a paragraph of its own and nothing but short parts in columns: "Contact   Privacy"."""
    line = line_classes[index].line
    parts = _COLUMNS.split(line.text.strip())
    beside = [each.line.block for each in line_classes[max(0, index - 1) : index]]
    are_short = all(0 < len(part) <= _LONGEST_RECURRING // 2 and not is_sentence(part) for part in parts)
    has_digits = any(map(str.isdigit, line.text))
    return len(parts) >= _FEWEST_LABELS and are_short and not has_digits and line.block not in beside


def _is_title(text: str) -> bool:
    return len(text) <= _LONGEST_HEADLINE and not is_sentence(text)


def mark_below_controls(line_classes: Sequence[LineClass]) -> tuple[tuple[LineClass, ...], tuple[Doubt, ...]]:
    """Mark the text below the control that nearly all posts end with, such as "Share": a box, or the page's own end.

    In a post it is a doubt, unless it invites readers to a newsletter.
    """
    found = _without_newsletters(line_classes)
    sections = post_ranges(line_classes)
    usual = usual_keys([[found[index].line.text for index in range(start + 1, end)] for start, end in sections])
    controls = sorted(usual)[:_MOST_CONTROLS]
    below: dict[str, dict[int, list[int]]] = {key: {} for key in controls}  # lines of text, by post
    for number, (start, end) in enumerate(sections):
        last = {key: index for index in range(start + 1, end) if (key := line_key(found[index].line.text)) in below}
        pin = next((index for index in range(start + 1, end) if _is_pin(found[index])), end)
        after = [index for index in range(start + 1, end) if found[index].is_plain_text]
        for key, index in last.items():
            stop = pin if pin > index else end
            below[key][number] = after[bisect_right(after, index) : bisect_left(after, stop)]
    doubts: list[Doubt] = []
    for lines in below.values():
        with_text = [number for number, indexes in lines.items() if indexes and number < len(sections) - 1]
        if len(lines) < _MIN_POSTS_WITH_CONTROL or len(with_text) > max(1, len(lines) * _FEW_BOXES):
            continue
        for number, indexes in lines.items():
            texts = [found[index].line.text for index in indexes]
            if number in with_text and not any(NEWSLETTER.search(text) for text in texts):
                line = found[indexes[0]].line
                text = f"the text below {found[indexes[0] - 1].line.text!r} is left out: {_shown(line.text)}"
                doubts.append(Doubt(kind="end", line=line.number, text=text))
            for index in indexes:
                found[index] = replace(found[index], rule=_BELOW_CONTROL)
        break
    return tuple(found), tuple(doubts)


def _without_newsletters(line_classes: Sequence[LineClass]) -> list[LineClass]:
    """Return the lines with the paragraphs that invite readers to a newsletter marked, from the invitation on."""
    found = list(line_classes)
    for index, each in enumerate(line_classes):
        is_first = not index or line_classes[index - 1].line.block != each.line.block
        if each.rule is None or each.rule.name != "newsletter" or not is_first:
            continue
        block = each.line.block
        end = next((place for place in range(index, len(found)) if found[place].line.block != block), len(found))
        box = line_classes[index + 1 : end]
        if any(NEWSLETTER.search(other.line.text) for other in box) and not any(other.stamp for other in box):
            for place, other in enumerate(box, index + 1):
                found[place] = replace(other, rule=other.rule or _BELOW_CONTROL)
    return found


def _is_pin(each: LineClass) -> bool:
    return each.rule is not None and each.rule.effect == "pinned"


def mark_links_below(
    line_classes: tuple[LineClass, ...], *, only_named: bool = False
) -> tuple[tuple[LineClass, ...], tuple[Doubt, ...]]:
    """Mark the links that a text ends with, copied from below the last post, as the end of that post.

    They are the last paragraphs, of short lines that are hardly ever sentences. If one has a name such as "Contact",
    two lines suffice. Others are links if no other post ends with so many; this is a doubt. With `only_named`, as in
    HTML, where links can be told from text, they are text.
    """
    sections = post_ranges(line_classes)
    if not sections:
        return line_classes, ()
    start, end = sections[-1]
    links = _trailing_links(line_classes, start, end)
    stamp = line_classes[start].stamp
    above = [index for index in range(start + 1, end) if line_classes[index].is_plain_text and index not in set(links)]
    texts = [stamp.text_after if stamp else "", *(line_classes[index].line.text for index in above)]
    is_led = len(links) == 1 and _is_above_heading(line_classes, links[0])
    if not (is_led or len(links) >= _FEWEST_LINKS) or not any(
        is_sentence(text) or _WITHOUT_STOPS.match(text) for text in texts
    ):
        return line_classes, ()
    named = [line_classes[index].line.text for index in links]
    is_named = any(
        ((rule := match_boilerplate(text, "tail")) and rule.name != _OUTLET)
        or is_other_heading(text)
        or is_comments_heading(text)
        for text in named
    )
    is_named = is_named or sum(_REFERENCE.fullmatch(text) is not None for text in named) >= _FEWEST_LINKS
    is_named = is_named or _is_beside_only_control(line_classes, links)
    usual = max((len(_trailing_links(line_classes, *each)) for each in sections[:-1]), default=0)
    words = [] if only_named else _short_lines_below_boilerplate(line_classes, sections, links[0])
    links = [*words, *links]
    is_named = is_named and not words
    if not is_named and (only_named or len(sections) < _MIN_POSTS or len(links) <= usual):
        return line_classes, ()
    first, last = line_classes[links[0]].line, line_classes[links[-1]].line
    doubts: tuple[Doubt, ...] = ()
    if not is_named:
        is_cut = (is_led or len(links) >= max(_FEWEST_UNNAMED, usual + _FEWEST_LINKS)) and not first.text.endswith(":")
        told = "left out as links below it" if is_cut else "read as its text"
        text = f"the short lines {first.number} to {last.number} after the last post are {told}: {_shown(first.text)}"
        doubts = (Doubt(kind="end", line=first.number, text=text),)
        if not is_cut:
            return line_classes, doubts
    marked = set(links)
    classes = (replace(each, rule=_LINKS_BELOW) if index in marked else each for index, each in enumerate(line_classes))
    return tuple(classes), doubts


def _is_above_heading(line_classes: Sequence[LineClass], index: int) -> bool:
    """Return whether the paragraph of a line goes on with a heading of links."""
    below = line_classes[index + 1] if index + 1 < len(line_classes) else None
    is_heading = below is not None and below.rule is not None and below.rule.effect == "end"
    return is_heading and below is not None and below.line.block == line_classes[index].line.block


def _short_lines_below_boilerplate(
    line_classes: Sequence[LineClass], sections: Sequence[tuple[int, int]], stop: int
) -> list[int]:
    """Return the indexes of a few short lines of the last post between a line that is no text and the links below.

    Such as "Download our app.", below "Read also: …". No other post has a text below a line that is no text.
    """
    start, _ = sections[-1]
    above = [index for index in range(start + 1, stop) if line_classes[index].rule]
    if not above or any(_has_text_below_boilerplate(line_classes[one + 1 : other]) for one, other in sections[:-1]):
        return []
    has_text = any(line_classes[index].is_plain_text for index in range(start + 1, above[-1]))
    found = [index for index in range(above[-1] + 1, stop) if line_classes[index].is_plain_text]
    is_short = all(len(line_classes[index].line.text) <= _LONGEST_LINK for index in found)
    return found if has_text and is_short and len(found) <= _MOST_SHORT_LINES else []


def _has_text_below_boilerplate(section: Sequence[LineClass]) -> bool:
    first = next((index for index, each in enumerate(section) if each.is_plain_text), len(section))
    rule = next((index for index in range(first, len(section)) if section[index].rule), len(section))
    return any(each.is_plain_text for each in section[rule:])


def doubts_of_last_line(line_classes: Sequence[LineClass]) -> Iterator[Doubt]:
    """Yield a doubt if a short line is a paragraph of its own at the end of the last post, unlike in all others."""
    *others, last = post_ranges(line_classes) or [(0, 0)]
    links = _trailing_links(line_classes, *last)
    if len(links) != 1 or len(others) < _MIN_POSTS or any(_trailing_links(line_classes, *each) for each in others):
        return
    line, stamp = line_classes[links[0]].line, line_classes[last[0]].stamp
    above = [each.line.text for each in line_classes[last[0] + 1 : links[0]] if each.is_plain_text]
    has_text = any(map(is_sentence, [stamp.text_after if stamp else "", *above]))
    if has_text and not is_sentence(line.text) and any(map(str.isalpha, line.text)):
        text = f"the short line after the last post is read as its text: {_shown(line.text)}"
        yield Doubt(kind="end", line=line.number, text=text)


def mark_first_report(line_classes: Sequence[LineClass]) -> tuple[tuple[LineClass, ...], tuple[Doubt, ...]]:
    """Mark the report that the updates of a page began with, below the last of them: "Original story: …"; a doubt."""
    start, end = next(iter(post_ranges(line_classes)[-1:]), (0, 0))
    own = [index for index in range(start + 1, end) if line_classes[index].is_plain_text]
    stamp = line_classes[start].stamp if own else None
    first = next((index for index in own if _FIRST_REPORT.match(line_classes[index].line.text)), None)
    if first is None or not (stamp and (stamp.text_after or first > own[0])):
        return tuple(line_classes), ()
    found = list(line_classes)
    found[first] = replace(found[first], rule=_ABOVE_UPDATES)
    line = found[first].line
    text = f"the text from {_shown(line.text)} on is left out as the first report, to which the updates were added"
    return tuple(found), (Doubt(kind="end", line=line.number, text=text),)


def mark_words_to_readers(line_classes: Sequence[LineClass]) -> tuple[LineClass, ...]:
    """Mark the words to readers that the last post ends with as its end."""
    found = list(line_classes)
    start, end = next(iter(post_ranges(line_classes)[-1:]), (0, 0))
    plain = [index for index in range(start + 1, end) if found[index].is_plain_text]
    stamp = found[start].stamp if plain else None
    own = plain if stamp and stamp.text_after else plain[1:]  # a post keeps its first line
    above = found[plain[0] if own != plain else start].line.block if plain else 0
    words = words_to_readers([found[index].line for index in own], above)
    for index in own:
        if name := words.get(found[index].line.number):
            found[index] = replace(found[index], rule=BoilerplateRule(name=name, pattern="", examples=(), effect="end"))
    return tuple(found)


def words_to_readers(lines: Sequence[TextLine], block: int) -> dict[int, str]:
    """Return the numbers of the lines at the end of a text that are words of the outlet to its readers, and their rule.

    They name tags, where to follow the outlet or to report errors, or, in a paragraph of their own, its address.
    `block` is the paragraph of the line above them.
    """
    found: dict[int, str] = {}
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        rule = match_boilerplate(line.text, "tail")
        text = next((each.block for each in reversed(lines[:index]) if is_sentence(each.text)), block)
        is_known = rule is not None and rule.name in _WORDS_TO_READERS and not line.text.startswith("#")
        is_outlet = rule is not None and rule.name == _OUTLET and line.block != text
        if rule is None or not (is_known or is_outlet):
            break
        found[line.number] = rule.name
    return found


def _is_beside_only_control(line_classes: Sequence[LineClass], links: Sequence[int]) -> bool:
    """Return whether a control that no other post has is below links, or "Share" above them, in their paragraph."""
    controls = [line_classes[index] for index in (links[0] - 1, links[-1] + 1) if index < len(line_classes)]
    return any(
        each.rule is not None
        and (place or each.rule.name == "share")
        and each.line.block == line_classes[links[-place]].line.block
        and sum(other.line.text == each.line.text for other in line_classes) == 1
        for place, each in enumerate(controls)
    )


def _shown(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def _trailing_links(line_classes: Sequence[LineClass], start: int, end: int) -> list[int]:
    """Return the indexes of the short lines that the last paragraphs of a post consist of."""
    plain = [index for index in range(start + 1, end) if line_classes[index].is_plain_text]
    stop = len(plain)
    # In a text without blank lines, each line is a paragraph; a post keeps its first one.
    is_dense = line_classes[0].line.block == line_classes[-1].line.block
    while stop > is_dense:
        first = stop - 1
        while (
            not is_dense
            and first
            and line_classes[plain[first - 1]].line.block == line_classes[plain[first]].line.block
        ):
            first -= 1
        lines = [line_classes[index].line for index in plain[first:stop]]
        if any(line.kind == "quoted" for line in lines) or not _is_list_of_links(line.text for line in lines):
            break
        if not is_dense and line_classes[plain[first]].line.block == line_classes[start].line.block:
            break  # the paragraph of the stamp
        stop = first
    return plain[stop:]


def _is_list_of_links(lines: Iterable[str]) -> bool:
    texts = list(lines)
    sentences = sum(map(is_sentence, texts))
    longest = _LONGEST_LINK if sentences else _LONGEST_HEADLINE
    return all(len(text) <= longest for text in texts) and sentences * 3 <= len(texts)
