"""What a post's element states of it: its time, its last change, its headline and its id."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from bs4 import Tag
from bs4.element import NavigableString

from daybook.parse.base.decode import one_line
from daybook.parse.base.page import ClockTime
from daybook.parse.time.instants import MachineTime, parse_machine_time, utc_minute
from daybook.parse.web.dom import HEADINGS, attribute_text, is_inside, iter_tags, visible_text
from daybook.parse.web.layouts.base import Layout

_ID = re.compile(r"[\w:.-]{0,40}(?:\d{6}|[0-9a-f]{12}|[0-9a-f]{8}-[0-9a-f]{4}-)[\w:.-]{0,60}")


_TITLED_NAMES = "div span p a strong"


_TITLED = frozenset(_TITLED_NAMES.split())


_QUOTED_TAGS = frozenset(("blockquote", "figcaption", "figure"))


_ID_NAMES = ("id", "data-id", "data-post-id", "data-entry-id", "data-block-id", "data-item-id", "data-key")


_PINNED = re.compile(r"(?:^|[\s_-])(?:is-)?(?:pinned|sticky|featured)(?:$|[\s_-])", re.IGNORECASE)


_TITLE = re.compile(r"(?:^|[\s_-])(?:headline|title|heading)(?:$|[\s_-])")


def published_time(tag: Tag, layout: Layout) -> tuple[Tag | None, MachineTime | None]:
    """Give the element that shows when a post was made, and what it or the post states of it.

    A whole time counts more than a clock; the layout's places come first.
    """
    own = parse_machine_time(attribute_text(tag, layout.published_attribute)) if layout.published_attribute else None
    marked = [(each, element_time(each)) for each in tag.select(layout.published)] if layout.published else []
    times = [(each, moment) for each, moment in marked if moment] + list(iter_times(tag))
    times = times or list(iter_times(tag, changed=True))  # better than none; `only_change` tells
    whole = next(((each, moment) for each, moment in times if moment and moment.is_complete), None)
    shown = whole[0] if whole else (times[0][0] if times else next(iter_tags(tag, TIMES), None))
    data = own or (whole[1] if whole else None) or attribute_time(tag) or _stated_below(tag)
    return shown, data or (times[0][1] if times else None)


def is_only_edit_time(time: Tag | None, made: MachineTime | None) -> bool:
    """Say whether the time that a post was given is but that of its last edit."""
    return time is not None and is_edit_time(time) and made is not None and made == element_time(time)


def modified_time(tag: Tag, layout: Layout, made: MachineTime | None) -> str:
    """Give when a post was changed, as RFC 3339; "" if never, or not with a real offset."""
    marked = [element_time(each) for each in tag.select(layout.modified)] if layout.modified else []
    own = parse_machine_time(attribute_text(tag, layout.modified_attribute)) if layout.modified_attribute else None
    states = (own, *marked, *(moment for _, moment in iter_times(tag, changed=True)), attribute_time(tag, changed=True))
    found = next((moment for moment in states if moment and moment.is_complete and moment.zone), None)
    if found is None or (made is not None and (made.date, made.clock) == (found.date, found.clock)):
        return ""
    return found.rfc3339


def find_headline(tag: Tag, layout: Layout) -> Tag | None:
    """Find the element that is a post's headline: what is marked so, else its first heading."""
    marked = tag.select_one(layout.headline) if layout.headline else None
    if marked is not None:
        return marked
    for heading in iter_tags(tag, HEADINGS):
        if not is_inside(heading, _QUOTED_TAGS) and visible_text((heading,)):
            return heading
    named = (each for each in iter_tags(tag, _TITLED) if any(map(_TITLE.search, attribute_text(each, "class").split())))
    return next((each for each in named if visible_text((each,))), None)


def is_pinned(tag: Tag) -> bool:
    """Say whether a post's class sets it above the flow of the others."""
    return _PINNED.search(attribute_text(tag, "class")) is not None


def outlet_id(tag: Tag) -> str:
    """Give the outlet's own id of a post, if it is long enough to be no other post's anywhere."""
    return first_unique_id(attribute_text(tag, name) for name in _ID_NAMES)


def first_unique_id(names: Iterable[str]) -> str:
    """Give the first of some ids that cannot be another page's too, as ``entry-3`` could."""
    return next((name for name in names if _ID.fullmatch(name)), "")


def minutes_apart(made: MachineTime | None, printed: ClockTime | None) -> int:
    """Give the minutes from the printed time to the one in the tags, on one day."""
    on = made.printed_date(0) if made else None
    if made is None or made.stamp is None or on is None or printed is None:
        return 0
    here, there = utc_minute(printed, on), utc_minute(made.stamp, on)
    minutes = 0 if here is None or there is None else (there - here) % 1440
    return minutes - 1440 if minutes > 720 else minutes


def _stated_below(tag: Tag) -> MachineTime | None:
    """Find a time in the data attributes of a post's first elements."""
    below = islice((each for each in tag.descendants if isinstance(each, Tag)), 12)
    found = (attribute_time(each) for each in below if each.attrs)
    return next((moment for moment in found if moment), None)


TIMES = frozenset({"time"})


_TIME_NAME = re.compile(
    r"data-(?:[\w-]*-)?(?:time|timestamp|date|datetime|epoch|published|created|posted|utime|ts)"
    r"(?:-[\w-]+)?"
)


_CHANGE = re.compile(r"modif|updat|edit|chang", re.IGNORECASE)


_MADE = re.compile(r"publish|creat|posted", re.IGNORECASE)


_CHANGED = re.compile(
    r".{0,20}\b(?:updated|edited|modified|aktualisiert|mis à jour)(?: (?:at|on|am|um|à|le))?:?",
    re.IGNORECASE | re.DOTALL,
)


_EMBEDDED_TAGS = frozenset(("blockquote", "figure", "iframe"))


_LONGEST_LABEL = 20  # characters


_AGE = re.compile(
    r"(?:(?:vor|il y a|hace) )?\d{1,3} ?(?:s|m|h|d|secs?|seconds?|mins?|minutes?|hrs?|hours?|days?|Minuten?"
    r"|Stunden?|Tage?n?|heures?|jours?)(?: ago)?|just now|now|yesterday|gestern|hier|today|heute",
    re.IGNORECASE,
)


def element_time(tag: Tag) -> MachineTime | None:
    """Give the time that an element states in an attribute or, failing that, in its text."""
    for name in ("content", "datetime", "title", *(name for name in tag.attrs if _TIME_NAME.fullmatch(name))):
        found = parse_machine_time(attribute_text(tag, name)) if name in tag.attrs else None
        if found:
            return found
    return parse_machine_time(tag.get_text()) if tag.name == "time" else None


def attribute_time(tag: Tag, *, changed: bool = False) -> MachineTime | None:
    """Give the whole time that an element's own data attributes state: when it was made, or changed."""
    for name in tag.attrs:
        if bool(_CHANGE.search(name)) is changed and (_TIME_NAME.fullmatch(name) or (changed and "time" in name)):
            found = parse_machine_time(attribute_text(tag, name))
            if found and found.is_complete:
                return found
    return None


def iter_times(tag: Tag, *, changed: bool = False) -> Iterator[tuple[Tag, MachineTime]]:
    """Give the elements in a post that state when it was made, or when it was changed."""
    for time in [*([tag] if tag.name == "time" else []), *iter_tags(tag, TIMES)]:
        if is_edit_time(time) is changed and not is_inside(time, _EMBEDDED_TAGS):
            found = element_time(time)
            if found:
                yield time, found


def is_edit_time(time: Tag) -> bool:
    """Say whether an element names itself as the time of an edit, or a word in or before it does."""
    names = f"{attribute_text(time, 'class')} {attribute_text(time, 'itemprop')} {attribute_text(time, 'property')}"
    if _MADE.search(names):
        return False  # both at once: the post was not edited since
    before = time.previous_sibling
    label = before.get_text() if isinstance(before, (Tag, NavigableString)) and len(before.get_text()) < 40 else ""
    return any(map(_CHANGE.search, (names, time.get_text()[:40]))) or _CHANGED.fullmatch(label.strip()) is not None


def is_labelled_time(text: str, shown: str) -> bool:
    """Say whether a text is a word such as "Published" and a time as it is shown."""
    return bool(shown) and one_line(text).endswith(shown) and len(text) - len(shown) <= _LONGEST_LABEL


def is_relative_time(text: str) -> bool:
    """Say whether a text is a relative time, which changes with every look and is never stored."""
    return len(text) < 40 and _AGE.fullmatch(text) is not None
