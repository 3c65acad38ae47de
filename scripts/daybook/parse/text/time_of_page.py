"""Find the page's own date and time among the stamps of a text, and words that follow the clocks of all its stamps.

The time of the page is printed in another way than the stamps of the posts, or is against their order. What is around
it may be in any language.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec.structs import replace

from daybook.parse.base.page import Doubt
from daybook.parse.text.classify import LONGEST_NAVIGATION, NAVIGATION, LineClass, is_headline, is_sentence
from daybook.parse.text.evidence import is_called_live
from daybook.parse.time.dates import latest_date_in
from daybook.parse.time.header_dates import CHANGED, is_time_of_page
from daybook.parse.time.zones import is_zone_word, stated_zone

_FEWEST_STAMPS = 3  # of a page that shows what is usual
_NEARLY_ALL = 0.75  # of the posts
_MARK_OF_CLOCK = re.compile(r"\d\s?([^\d\s])\s?\d\d(?!.*\d)")
_CERTAIN = 2  # signs that a time is that of the page
_WORD_AFTER_CLOCK = re.compile(r"(?P<word>[^\W\d_]{1,6})\.?(?:[\s,:|–—-]{1,4}|$)")
_FEWEST_OF_ANY_WORD = 5  # posts with the same first word, if it may begin a sentence
_SHOWN = 60  # characters of a line in a message
_MIN_STAMPS_BELOW_HEADER = 2
_CHANGE_AFTER_STAMP = re.compile(rf".{{8,60}}[\d\w)](?:\W{{1,3}}(?:{CHANGED})\b|更新).{{0,40}}", re.IGNORECASE)
_SOURCE = re.compile(
    r"(?:sources?|quellen?|источники?|джерел[оа]|fuentes?|fonti?e?|kaynak|bron|källa|kilde|źródło)\s?: .{1,60}",
    re.IGNORECASE,
)


def without_header_stamp(
    line_classes: tuple[LineClass, ...],
) -> tuple[tuple[LineClass, ...], tuple[Doubt, ...]]:
    """Read the first stamp as the date of the page if it has no post of its own; a doubt if that is not certain.

    It has a date, and either the words of a last change follow it on its line, unlike at the other stamps, or the lines
    below it name nothing but a source or the zone of the times, or it alone has a date and, as most posts have a
    headline and it has none, a standfirst below it, or no text of its own (`_is_below_title`), or it alone has a date
    with a year and is printed in another way than the others, or against their order (`_signs_of_page`).
    """
    stamps = [index for index, each in enumerate(line_classes) if each.stamp]
    if len(stamps) < _MIN_STAMPS_BELOW_HEADER + 1:
        return line_classes, ()
    first, second = line_classes[stamps[0]], stamps[1]
    if _is_clock_above_title(line_classes, stamps[0], second):
        clock = LineClass(line=first.line, rule=NAVIGATION)
        return (*line_classes[: stamps[0]], clock, *line_classes[stamps[0] + 1 :]), ()
    if first.date is None or first.stamp is None:
        return line_classes, ()
    changes = [_CHANGE_AFTER_STAMP.fullmatch(line_classes[index].line.text) is not None for index in stamps]
    below = line_classes[stamps[0] + 1 : second]
    plain = [each for each in below if each.is_plain_text]
    about_page = bool(plain) and all(
        _SOURCE.fullmatch(each.line.text) or stated_zone(each.line.text, has_date=False) for each in plain
    )
    is_page = (changes[0] and not any(changes[1:])) or (about_page and not first.stamp.text_after)
    is_page = is_page or _is_below_title(line_classes, stamps) or _is_above_standfirst(line_classes, stamps)
    signs = _CERTAIN if is_page else _signs_of_page(line_classes, stamps)
    if not signs:
        return line_classes, ()
    header = LineClass(line=first.line, date=first.date)
    doubts: tuple[Doubt, ...] = ()
    if signs < _CERTAIN:
        text = f"{first.line.text[:_SHOWN]!r} is read as the time of the page, and the text below it as no post"
        doubts = (Doubt(kind="start", line=first.line.number, text=text),)
    return (*line_classes[: stamps[0]], header, *line_classes[stamps[0] + 1 :]), doubts


def _signs_of_page(line_classes: Sequence[LineClass], stamps: Sequence[int]) -> int:
    """Return how many signs tell that the first stamp, which alone has a date with a year, is the time of the page.

    It is against the order of the others, a text follows most of the others but not it, or its clock has another mark.
    If it has no text of its own, unlike the others, or a label such as "updated", it certainly is.
    """
    first = line_classes[stamps[0]]
    others = [line_classes[index] for index in stamps[1:]]
    near = line_classes[: stamps[1]]
    is_pinned = any(each.rule is not None and each.rule.effect == "pinned" for each in near)
    if is_pinned or first.date is None or first.date.year is None or len(stamps) <= _FEWEST_STAMPS:
        return 0
    if (
        first.stamp is None
        or is_sentence(first.stamp.text_after)
        or any(each.date and each.date.year for each in others)
    ):
        return 0
    texts = [bool(each.stamp and each.stamp.text_after) for each in others]
    ranges = [line_classes[start + 1 : end] for start, end in pairwise([*stamps, len(line_classes)])]
    are_filled = [any(each.is_plain_text for each in own) for own in ranges]
    if is_time_of_page(first.line.text):
        return _CERTAIN
    if not (are_filled[0] or first.stamp.text_after) and sum(are_filled[1:]) >= _NEARLY_ALL * len(others):
        return _CERTAIN
    is_alone = not first.stamp.text_after and sum(texts) >= _NEARLY_ALL * len(texts)
    has_words = bool(first.stamp.text_after) and not any(texts)
    marks = [_mark(each) for each in others]
    has_other_mark = bool(_mark(first)) and all(marks) and _mark(first) not in marks
    return _is_against_order(line_classes, stamps) + (is_alone or has_words) + has_other_mark


def _mark(each: LineClass) -> str:
    """Return the mark between hour and minute: ":" in "9.4.2031 14:05"."""
    found = _MARK_OF_CLOCK.search(each.stamp.printed) if each.stamp else None
    return found[1].lower() if found else ""


def _is_against_order(line_classes: Sequence[LineClass], stamps: Sequence[int]) -> bool:
    """Return whether the first stamp is against the order in which the clocks of the others run.

    A heading with another day between the first and the second tells it, too.
    """
    first = line_classes[stamps[0]]
    clocks = [(stamp.clock if (stamp := line_classes[index].stamp) else 0) for index in stamps]
    steps = [other - one for one, other in pairwise(clocks[1:])]
    falls = sum(step < 0 for step in steps)
    rises = sum(step > 0 for step in steps)
    if max(falls, rises) <= min(falls, rises) * 2:
        return False
    direction = -1 if falls > rises else 1
    headings = [each.date for each in line_classes[stamps[0] + 1 : stamps[1]] if each.date]
    day = line_classes[stamps[1]].date or (headings[-1] if headings else None)
    own = first.date
    if day and own and day.month and (day.month, day.day) != (own.month, own.day):
        return ((day.month, day.day) > (own.month, own.day)) == (direction < 0)
    return (clocks[1] - clocks[0]) * direction < 0


def _is_below_title(line_classes: Sequence[LineClass], stamps: Sequence[int]) -> bool:
    """Return whether the first stamp alone has a date with a year, and is the page's own.

    Below it is no sentence, as at most other stamps, or first the time of the page's publication or last change.
    """
    first = line_classes[stamps[0]]
    has_year = first.date is not None and first.date.year is not None
    if not has_year or first.stamp is None or first.stamp.text_after or len(stamps) <= _FEWEST_STAMPS:
        return False
    if any(line_classes[index].date for index in stamps[1:]):
        return False
    below = line_classes[stamps[0] + 1 : stamps[1]]
    if below and is_time_of_page(below[0].line.text):
        return True
    ranges = [line_classes[start + 1 : end] for start, end in pairwise([*stamps, len(line_classes)])]
    are_texts = [any(each.is_plain_text and is_sentence(each.line.text) for each in own) for own in ranges]
    after = [(stamp := line_classes[index].stamp) is not None and is_sentence(stamp.text_after) for index in stamps]
    filled = sum(text or rest for text, rest in zip(are_texts, after, strict=True))
    return not are_texts[0] and filled == len(stamps) - 1


def _is_above_standfirst(line_classes: Sequence[LineClass], stamps: Sequence[int]) -> bool:
    """Return whether the first stamp alone has a date, and a paragraph below it but no headline, as most others have.

    No line above it has another date.
    """
    if any(line_classes[index].date for index in stamps[1:]):
        return False
    if any(each.date or latest_date_in(each.line.text) for each in line_classes[: stamps[0]]):
        return False
    own = [
        [each.line for each in line_classes[start + 1 : end] if each.is_plain_text]
        for start, end in pairwise([*stamps, len(line_classes)])
    ]
    stamp = line_classes[stamps[0]].stamp
    are_headlines = [bool(lines) and is_headline(lines[0]) and len(lines) > 1 for lines in own]
    is_paragraph = bool(own[0]) and len({line.block for line in own[0]}) == 1 and not are_headlines[0]
    has_no_text_after = stamp is not None and not stamp.text_after
    return has_no_text_after and is_paragraph and sum(are_headlines[1:]) * 2 > len(stamps) - 1


def _is_clock_above_title(line_classes: Sequence[LineClass], first: int, second: int) -> bool:
    """Return whether a time is the clock of the site, among short lines above a title that calls the page live."""
    stamp = line_classes[first].stamp
    above = [each.line.text for each in line_classes[:first] if each.is_plain_text]
    below = [each.line.text for each in line_classes[first + 1 : second] if each.is_plain_text]
    is_alone = stamp is not None and not stamp.text_after and not any(map(is_sentence, below))
    return is_alone and all(len(text) <= LONGEST_NAVIGATION for text in above) and is_called_live(below[:1])


def without_words_after_clocks(
    line_classes: tuple[LineClass, ...],
) -> tuple[tuple[LineClass, ...], tuple[Doubt, ...]]:
    """Remove a short word that follows the clock of every stamp: it is a zone, or a label, in whatever language.

    A known zone becomes that of the stamps; any other word is a doubt, and one that may begin a sentence is text.
    """
    stamps = [(index, each.stamp) for index, each in enumerate(line_classes) if each.stamp]
    found = [_WORD_AFTER_CLOCK.match(stamp.text_after) for _, stamp in stamps]
    matches = [match for match in found if match]
    words = {match["word"] for match in matches}
    if len(matches) < max(_FEWEST_STAMPS, len(stamps)) or len(words) != 1:
        return line_classes, ()
    word = words.pop()
    rests = [stamp.text_after[match.end() :] for (_, stamp), match in zip(stamps, matches, strict=True)]
    is_small = word.islower() and not any(rest[:1].islower() for rest in rests)
    number = line_classes[stamps[0][0]].line.number
    if not (is_small or (word.isupper() and len(word) > 1)):
        if len(stamps) < _FEWEST_OF_ANY_WORD:
            return line_classes, ()
        text = f"the word {word!r} behind every time is read as text; it may be a zone or a label"
        return line_classes, (Doubt(kind="zone", line=number, text=text),)
    zone = next((each for each in (word, word.upper()) if is_zone_word(each)), "")
    classes = list(line_classes)
    for (index, stamp), rest in zip(stamps, rests, strict=True):
        classes[index] = replace(classes[index], stamp=replace(stamp, text_after=rest, zone=stamp.zone or zone))
    text = f"the word {word!r} behind every time is left out; if it is a zone, name that zone as ZONE"
    return tuple(classes), () if zone else (Doubt(kind="zone", line=number, text=text),)
