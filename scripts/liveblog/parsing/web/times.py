"""Times in a page's tags: the only place that reads ``datetime``, ``content`` and data attributes."""

import re
from collections.abc import Iterator

from bs4 import Tag
from bs4.element import NavigableString

from ..decoding import one_line
from ..moments import Moment, read_moment
from .tree import attribute, stands_in, tags_in

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
_QUOTED = frozenset(("blockquote", "figure", "iframe"))
_LONGEST_LABEL = 20  # characters
_AGE = re.compile(
    r"(?:(?:vor|il y a|hace) )?\d{1,3} ?(?:s|m|h|d|secs?|seconds?|mins?|minutes?|hrs?|hours?|days?|Minuten?"
    r"|Stunden?|Tage?n?|heures?|jours?)(?: ago)?|just now|now|yesterday|gestern|hier|today|heute",
    re.IGNORECASE,
)


def moment_of(tag: Tag) -> Moment | None:
    """Give the time that an element states in an attribute or, failing that, in its text."""
    for name in ("content", "datetime", "title", *(name for name in tag.attrs if _TIME_NAME.fullmatch(name))):
        found = read_moment(attribute(tag, name)) if name in tag.attrs else None
        if found:
            return found
    return read_moment(tag.get_text()) if tag.name == "time" else None


def stated_in(tag: Tag, *, changed: bool = False) -> Moment | None:
    """Give the whole time that an element's own data attributes state: when it was made, or changed."""
    for name in tag.attrs:
        if bool(_CHANGE.search(name)) is changed and (_TIME_NAME.fullmatch(name) or (changed and "time" in name)):
            found = read_moment(attribute(tag, name))
            if found and found.whole:
                return found
    return None


def times_in(tag: Tag, *, changed: bool = False) -> Iterator[tuple[Tag, Moment]]:
    """Give the elements in a post that state when it was made, or when it was changed."""
    for time in [*([tag] if tag.name == "time" else []), *tags_in(tag, TIMES)]:
        if is_change(time) is changed and not stands_in(time, _QUOTED):
            found = moment_of(time)
            if found:
                yield time, found


def is_change(time: Tag) -> bool:
    """Say whether an element names itself as the time of an edit, or a word in or before it does."""
    names = f"{attribute(time, 'class')} {attribute(time, 'itemprop')} {attribute(time, 'property')}"
    if _MADE.search(names):
        return False  # both at once: the post was not edited since
    before = time.previous_sibling
    label = before.get_text() if isinstance(before, (Tag, NavigableString)) and len(before.get_text()) < 40 else ""
    return any(map(_CHANGE.search, (names, time.get_text()[:40]))) or _CHANGED.fullmatch(label.strip()) is not None


def is_labelled(text: str, shown: str) -> bool:
    """Say whether a text is a word such as "Published" and a time as it is shown."""
    return bool(shown) and one_line(text).endswith(shown) and len(text) - len(shown) <= _LONGEST_LABEL


def is_age(text: str) -> bool:
    """Say whether a text is a relative time, which changes with every look and is never stored."""
    return len(text) < 40 and _AGE.fullmatch(text) is not None
