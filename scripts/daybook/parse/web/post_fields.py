"""Find the fields of a post element: times, headline and id."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from bs4 import Tag
from bs4.element import NavigableString

from daybook.parse.base.decode import one_line
from daybook.parse.base.page import ClockTime
from daybook.parse.time.dates import find_dates
from daybook.parse.time.instants import MachineTime, parse_machine_time, utc_minute
from daybook.parse.time.names import with_ascii_digits
from daybook.parse.time.printed import calendar_date
from daybook.parse.time.tokens import TimeToken, find_times, is_stamp
from daybook.parse.web.dom import (
    BLOCK_TAGS,
    HEADING_TAGS,
    TIME_TAGS,
    attribute_text,
    contains_tag,
    is_embedded,
    is_inside,
    iter_tags,
    visible_text,
)
from daybook.parse.web.layouts.base import Layout

_TIME_ATTRIBUTE = re.compile(
    r"data-(?:[\w-]*-)?(?:time|timestamp|date|datetime|epoch|unix|published|created|posted|utime|ts)"
    r"(?:-[\w-]+)?"
)
_EDIT_WORD = re.compile(r"modif|updat|edit|chang", re.IGNORECASE)
_PUBLICATION_WORD = re.compile(r"publish|creat|posted", re.IGNORECASE)
_EDIT_LABEL = re.compile(
    r".{0,20}\b(?:updated|edited|modified|aktualisiert|mis à jour)(?: (?:at|on|am|um|à|le))?:?",
    re.IGNORECASE | re.DOTALL,
)
_RELATIVE_TIME = re.compile(
    r"(?:(?:vor|il y a|hace) )?\d{1,3} ?(?:s|m|h|d|secs?|seconds?|mins?|minutes?|hrs?|hours?|days?|Minuten?"
    r"|Stunden?|Tage?n?|heures?|jours?)(?: ago)?|just now|now|yesterday|gestern|hier|today|heute",
    re.IGNORECASE,
)
_LABEL_BEFORE_TIME = re.compile(r"^[^\W\d_]{2,12}: ?")  # "Time:", for people who do not see the page
# Text that is only read aloud
_READ_ALOUD_CLASS = re.compile(
    r"visually-?hidden|(?:^|[\s_-])sr-?only|screen-?reader|(?:^|[\s_-])(?:u-)?hidden-visually|a11y-hidden",
    re.IGNORECASE,
)
_MAX_LABEL_LENGTH = 20  # characters of a word such as "Published"
_MAX_ALOUD = 80  # characters
_MAX_TIME_LENGTH = 40  # characters; a longer text is not only a time
_NESTED_ELEMENTS = 12  # first elements of a post whose attributes may state its time
_HEADLINE_TAGS = frozenset({"div", "span", "p", "a", "strong"})
_HEADLINE_CLASS = re.compile(  # of a post, not of a person
    r"(?:^|[\s_-]|(?<=[a-z])(?=[A-Z]))(?<!author[\s_-])(?<!job[\s_-])(?<!role[\s_-])(?<!person[\s_-])(?<!author)(?<!job)"
    r"(?:[Hh]eadline|[Tt]itle|[Hh]eading)(?:$|[\s_-])"
)
BOLD_TAGS = frozenset({"strong", "b"})
_STRINGS_ABOVE = 8  # strings above a headline that may be a time
_MAX_HEADLINE_LENGTH = 150  # characters of a bold line; a longer one is a paragraph
_BYLINE = re.compile(r"(?:by|von|par|por|di|od|від)\s", re.IGNORECASE)
_QUOTED_TAGS = frozenset({"blockquote", "figcaption", "figure"})
_ID_ATTRIBUTES = ("id", "data-id", "data-post-id", "data-entry-id", "data-block-id", "data-item-id", "data-key")
_NUMBERED_ID = re.compile(r"(?=[^\d]*\d)[\w:.-]{1,100}")
_UNIQUE_ID = re.compile(r"[\w:.-]{0,40}(?:\d{6}|[0-9a-f]{12}|[0-9a-f]{8}-[0-9a-f]{4}-)[\w:.-]{0,60}")


def published_time(tag: Tag, layout: Layout) -> tuple[Tag | None, MachineTime | None]:
    """Return the element that shows when a post was published, and the machine-readable time of the post.

    A time with a date is preferred to one without, and the elements that the layout selects to others.
    The time of an edit is returned if the post states no other; see `is_only_edit_time`.
    """
    own = parse_machine_time(attribute_text(tag, layout.published_attribute)) if layout.published_attribute else None
    selected = [(each, element_time(each)) for each in tag.select(layout.published)] if layout.published else []
    times = [(each, time) for each, time in selected if time] + list(_iter_times(tag))
    times = times or list(_iter_times(tag, edited=True))
    complete = [(each, time) for each, time in times if time.is_complete]
    element, shown = next(iter(complete or times), (None, None))
    time = own or (shown if complete else None) or attribute_time(tag) or _nested_attribute_time(tag)
    other = next((each for each in iter_tags(tag, TIME_TAGS) if not is_embedded(each, tag)), None)
    return element or other, time or shown or attribute_time(tag, edited=True)


def is_only_edit_time(tag: Tag, element: Tag | None, published: MachineTime | None) -> bool:
    """Return whether the result of `published_time` for `tag` is only the time of the last edit."""
    if published is None:
        return False
    own = attribute_time(tag, edited=True)
    if own and published == own and element is not None and element_time(element) is None:
        return True
    return element is not None and _is_edit_time(element) and published == element_time(element)


def modified_time(tag: Tag, layout: Layout, published: MachineTime | None) -> str:
    """Return when a post was last edited, in RFC 3339; "" if never, or if the time has no UTC offset."""
    selected = [element_time(each) for each in tag.select(layout.modified)] if layout.modified else []
    own = parse_machine_time(attribute_text(tag, layout.modified_attribute)) if layout.modified_attribute else None
    times = (own, *selected, *(time for _, time in _iter_times(tag, edited=True)), attribute_time(tag, edited=True))
    found = next((time for time in times if time and time.is_complete and time.zone), None)
    if found is None or (published is not None and (published.date, published.clock) == (found.date, found.clock)):
        return ""
    return found.rfc3339


def minutes_apart(published: MachineTime | None, printed: ClockTime | None) -> int:
    """Return `published` minus `printed` in minutes, between -719 and 720, as if on one day; 0 if unknown."""
    if published is None or published.stamp is None or printed is None or not (date := published.printed_date(0)):
        return 0
    printed_minute, published_minute = utc_minute(printed, date), utc_minute(published.stamp, date)
    if printed_minute is None or published_minute is None:
        return 0
    minutes = (published_minute - printed_minute) % (24 * 60)
    return minutes - 24 * 60 if minutes > 12 * 60 else minutes


def element_time(tag: Tag) -> MachineTime | None:
    """Return the time that an element states in an attribute or, if it is a ``<time>``, in its text."""
    for name in ("content", "datetime", "title", *(name for name in tag.attrs if _TIME_ATTRIBUTE.fullmatch(name))):
        found = parse_machine_time(attribute_text(tag, name)) if name in tag.attrs else None
        if found:
            return found
    if title := attribute_text(tag, "title")[:_MAX_TIME_LENGTH]:
        tokens = [token for token in find_times(title) if token.date and token.date.year]
        if len(tokens) == 1 and (date := tokens[0].date) and date.year:
            day = calendar_date(date.year, date.month, date.day)
            return MachineTime(printed=title, date=day, clock=tokens[0].clock, zone=tokens[0].zone)
    return parse_machine_time(tag.get_text()) if tag.name == "time" else None


def attribute_time(tag: Tag, *, edited: bool = False) -> MachineTime | None:
    """Return the time with date in an element's own attributes: of its publication, or of its last edit."""
    for name in tag.attrs:
        is_time = _TIME_ATTRIBUTE.fullmatch(name) or (edited and ("time" in name or name.startswith("data-")))
        if bool(_EDIT_WORD.search(name)) is edited and is_time:
            found = parse_machine_time(attribute_text(tag, name))
            if found and found.is_complete:
                return found
    return None


def _nested_attribute_time(tag: Tag) -> MachineTime | None:
    """Return the first time in the attributes of the first elements inside a post."""
    nested = islice((each for each in tag.descendants if isinstance(each, Tag)), _NESTED_ELEMENTS)
    for each in nested:
        titled = element_time(each) if "title" in each.attrs else None
        if found := attribute_time(each) or (titled if titled and titled.is_complete else None):
            return found
    return None


def _iter_times(tag: Tag, *, edited: bool = False) -> Iterator[tuple[Tag, MachineTime]]:
    """Yield the ``<time>`` elements of a post that state its publication, or its edits, with their times."""
    for element in [*([tag] if tag.name == "time" else []), *iter_tags(tag, TIME_TAGS)]:
        if _is_edit_time(element) is edited and not is_embedded(element, tag):
            found = element_time(element)
            if found:
                yield element, found


def _is_edit_time(element: Tag) -> bool:
    """Return whether the names of an element, its text, or the label before it call it the time of an edit."""
    names = " ".join(attribute_text(element, name) for name in ("class", "itemprop", "property"))
    if _PUBLICATION_WORD.search(names):
        return False  # also if both words occur: then the post was not edited since
    before = element.previous_sibling
    label = before.get_text() if isinstance(before, (Tag, NavigableString)) else ""
    if len(label) < _MAX_TIME_LENGTH and _EDIT_LABEL.fullmatch(label.strip()):
        return True
    return any(_EDIT_WORD.search(text) for text in (names, element.get_text()[:_MAX_TIME_LENGTH]))


def is_edit_label(text: str) -> bool:
    """Return whether a text is a label before the time of an edit, such as "Updated at"."""
    return len(text) < _MAX_TIME_LENGTH and _EDIT_LABEL.fullmatch(text) is not None


def is_time_text(text: str, displayed: str) -> bool:
    """Return whether a text is only a time.

    It is the time that the post displays, with at most a short label before it, such as "Published", or
    a relative time such as "2 hours ago" or "Time: 2h ago", which depends on when the page was saved.
    """
    if len(text) < _MAX_TIME_LENGTH and _RELATIVE_TIME.fullmatch(_LABEL_BEFORE_TIME.sub("", text, count=1)):
        return True
    return bool(displayed) and one_line(text).endswith(displayed) and len(text) - len(displayed) <= _MAX_LABEL_LENGTH


def find_headline(tag: Tag, layout: Layout) -> Tag | None:
    """Find the headline element of a post: by the layout, else its first heading, else by a class."""
    selected = tag.select_one(layout.headline) if layout.headline else None
    if selected is not None:
        return selected
    headings = (each for each in iter_tags(tag, HEADING_TAGS) if not is_inside(each, _QUOTED_TAGS))
    others = (each for each in iter_tags(tag, _HEADLINE_TAGS) if _HEADLINE_CLASS.search(attribute_text(each, "class")))
    return next((each for each in chain(headings, others) if visible_text((each,))), None)


def find_bold_headline(tag: Tag) -> Tag | None:
    """Find a bold line at the start of a post, which is its headline unless the page marks headlines otherwise."""
    return next((each for each in chain(_bold_lines(tag), _bold_starts(tag)) if visible_text((each,))), None)


def time_read_aloud(headline: Tag) -> str:
    """Return the end of a headline that is only read aloud and repeats the time of the post; "" if there is none."""
    inner = [each for each in headline.descendants if isinstance(each, Tag)]
    texts = (one_line(each.get_text()) for each in inner if _is_read_aloud(each))
    return next((text for text in texts if any(each.age is None for each in find_times(text))), "")


def is_label_read_aloud(tag: Tag, text: str) -> bool:
    """Return whether a text is a label that is only read aloud, such as "Time:" beside the time of a post."""
    return len(text) <= _MAX_LABEL_LENGTH and text.endswith(":") and _is_read_aloud(tag)


def hide_times_read_aloud(tree: Tag) -> None:
    """Hide the second print of a time, in place: one is for people who do not see the page, and begins with the same.

    The one that states more stays, unless the other is an element with a machine-readable time. A label that is only
    read aloud before a time, such as "published at", is hidden, too.
    """
    for aloud in [each for each in iter_tags(tree, {"span", "div", "p"}) if _is_read_aloud(each)]:
        shown = aloud.find_previous_sibling() or aloud.find_next_sibling()  # "published at" is the first
        texts = [one_line(each.get_text())[:_MAX_ALOUD] if each else "" for each in (shown, aloud)]
        if shown is not None and is_stamp(texts[0]) and (_is_label(texts[1]) or _is_unknown_zone(*texts)):
            aloud["hidden"] = ""
        if shown is None or not all(map(is_stamp, texts)):
            continue
        one, other = (_first_clock(text) for text in texts)
        if one and other and one.clock == other.clock:
            states_more = bool(other.date or other.zone) and not (one.date or one.zone)
            is_machine = shown.name == "time" or contains_tag(shown, TIME_TAGS)
            (shown if states_more and not is_machine else aloud)["hidden"] = ""


def _is_label(text: str) -> bool:
    return 0 < len(text) <= _MAX_LABEL_LENGTH and not any(map(str.isdigit, text))


def _is_unknown_zone(shown: str, aloud: str) -> bool:
    """Return whether a text beside a time is a date with the name of a zone that is not known."""
    is_dated = not is_stamp(aloud) and next(find_dates(with_ascii_digits(aloud)), None) is not None
    return is_dated and len(aloud) < _MAX_ALOUD and not is_stamp(f"{shown} {aloud}")


def _first_clock(text: str) -> TimeToken | None:
    return next((token for token in find_times(with_ascii_digits(text)) if token.age is None), None)


def _is_read_aloud(tag: Tag) -> bool:
    return "class" in tag.attrs and _READ_ALOUD_CLASS.search(attribute_text(tag, "class")) is not None


def _bold_lines(tag: Tag) -> Iterator[Tag]:
    """Yield the bold elements directly in a post that stand alone above its paragraphs, and are no time."""
    nodes = [node for node in tag.contents if isinstance(node, Tag) or str(node).strip()]
    for above, bold, below in zip([None, *nodes], nodes, nodes[1:], strict=False):
        is_alone = isinstance(above, Tag) and isinstance(below, Tag) and below.name in BLOCK_TAGS
        if is_alone and isinstance(bold, Tag) and bold.name in BOLD_TAGS and not is_stamp(bold.get_text()):
            yield bold


def _bold_starts(tag: Tag) -> Iterator[Tag]:
    """Yield the first bold element of a post if only a time is above it, and it is a line that is no sentence."""
    for bold in iter_tags(tag, BOLD_TAGS):
        text = one_line(bold.get_text())
        if not text or is_stamp(text):
            continue
        above = one_line(" ".join(reversed(list(islice(_strings_before(bold, tag), _STRINGS_ABOVE)))))
        if (not above or is_stamp(above)) and _is_line(bold) and _is_headline(text):
            yield bold
        return


def _strings_before(inner: Tag, outer: Tag) -> Iterator[str]:
    """Yield the strings of an element that are before an element in it, the nearest first."""
    for node in inner.previous_elements:
        if node is outer:
            return
        if isinstance(node, NavigableString) and node.strip():
            yield str(node)


def _is_line(tag: Tag) -> bool:
    """Return whether an inline element stands alone in its paragraph, or is all that is before a ``<br>``."""
    before, after = (
        next((node for node in siblings if isinstance(node, Tag) or str(node).strip()), None)
        for siblings in (tag.previous_siblings, tag.next_siblings)
    )
    is_end = after is None or (isinstance(after, Tag) and (after.name == "br" or after.name in BLOCK_TAGS))
    return before is None and is_end


def _is_headline(text: str) -> bool:
    """Return whether a bold line may be a headline: short, no sentence with a full stop, and no byline."""
    return len(text) <= _MAX_HEADLINE_LENGTH and text[-1] not in ".:;,。" and not _BYLINE.match(text)


def ids_of(tag: Tag) -> tuple[str, str]:
    """Return the id of a post in the attributes of its element, and one that may only number a place; else ""."""
    return (
        first_unique_id(attribute_text(tag, name) for name in _ID_ATTRIBUTES),
        first_numbered_id(attribute_text(tag, name) for name in _ID_ATTRIBUTES[:-1]),
    )


def first_numbered_id(ids: Iterable[str]) -> str:
    """Return the first id with a digit, which may be no more than the number of a place on the page; "" without one."""
    return next((each for each in ids if _NUMBERED_ID.fullmatch(each)), "")


def first_unique_id(ids: Iterable[str]) -> str:
    """Return the first id that is unique beyond its page, unlike ``entry-3``; "" if there is none."""
    return next((each for each in ids if _UNIQUE_ID.fullmatch(each)), "")
