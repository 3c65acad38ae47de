"""What a post's element states of it: its time, its last change, its headline and its id."""

import re
from collections.abc import Iterable
from itertools import islice

from bs4 import Tag

from ..clocks import utc_minute
from ..moments import Moment, read_moment
from ..page import Stamp
from .layouts import Layout
from .times import TIMES, is_change, moment_of, stated_in, times_in
from .tree import HEADINGS, attribute, seen_text, stands_in, tags_in

_ID = re.compile(r"[\w:.-]{0,40}(?:\d{6}|[0-9a-f]{12}|[0-9a-f]{8}-[0-9a-f]{4}-)[\w:.-]{0,60}")
_TITLED_NAMES = "div span p a strong"
_TITLED = frozenset(_TITLED_NAMES.split())
_QUOTED = frozenset(("blockquote", "figcaption", "figure"))
_ID_NAMES = ("id", "data-id", "data-post-id", "data-entry-id", "data-block-id", "data-item-id", "data-key")
_PINNED = re.compile(r"(?:^|[\s_-])(?:is-)?(?:pinned|sticky|featured)(?:$|[\s_-])", re.IGNORECASE)
_TITLE = re.compile(r"(?:^|[\s_-])(?:headline|title|heading)(?:$|[\s_-])")


def made_at(tag: Tag, layout: Layout) -> tuple[Tag | None, Moment | None]:
    """Give the element that shows when a post was made, and what it or the post states of it.

    A whole time counts more than a clock; the layout's places come first.
    """
    own = read_moment(attribute(tag, layout.made_in)) if layout.made_in else None
    marked = [(each, moment_of(each)) for each in tag.select(layout.made)] if layout.made else []
    times = [(each, moment) for each, moment in marked if moment] + list(times_in(tag))
    times = times or list(times_in(tag, changed=True))  # better than none; `only_change` tells
    whole = next(((each, moment) for each, moment in times if moment and moment.whole), None)
    shown = whole[0] if whole else (times[0][0] if times else next(tags_in(tag, TIMES), None))
    data = own or (whole[1] if whole else None) or stated_in(tag) or _stated_below(tag)
    return shown, data or (times[0][1] if times else None)


def only_change(time: Tag | None, made: Moment | None) -> bool:
    """Say whether the time that a post was given is but that of its last edit."""
    return time is not None and is_change(time) and made is not None and made == moment_of(time)


def changed_at(tag: Tag, layout: Layout, made: Moment | None) -> str:
    """Give when a post was changed, as RFC 3339; "" if never, or not with a real offset."""
    marked = [moment_of(each) for each in tag.select(layout.changed)] if layout.changed else []
    own = read_moment(attribute(tag, layout.changed_in)) if layout.changed_in else None
    states = (own, *marked, *(moment for _, moment in times_in(tag, changed=True)), stated_in(tag, changed=True))
    found = next((moment for moment in states if moment and moment.whole and moment.zone), None)
    if found is None or (made is not None and (made.date, made.clock) == (found.date, found.clock)):
        return ""
    return found.text


def headline_tag(tag: Tag, layout: Layout) -> Tag | None:
    """Find the element that is a post's headline: what is marked so, else its first heading."""
    marked = tag.select_one(layout.headline) if layout.headline else None
    if marked is not None:
        return marked
    for heading in tags_in(tag, HEADINGS):
        if not stands_in(heading, _QUOTED) and seen_text((heading,)):
            return heading
    named = (each for each in tags_in(tag, _TITLED) if any(map(_TITLE.search, attribute(each, "class").split())))
    return next((each for each in named if seen_text((each,))), None)


def is_pinned(tag: Tag) -> bool:
    """Say whether a post's class sets it above the flow of the others."""
    return _PINNED.search(attribute(tag, "class")) is not None


def own_id(tag: Tag) -> str:
    """Give the outlet's own id of a post, if it is long enough to be no other post's anywhere."""
    return strong_id(attribute(tag, name) for name in _ID_NAMES)


def strong_id(names: Iterable[str]) -> str:
    """Give the first of some ids that cannot be another page's too, as ``entry-3`` could."""
    return next((name for name in names if _ID.fullmatch(name)), "")


def minutes_apart(made: Moment | None, printed: Stamp | None) -> int:
    """Give the minutes from the printed time to the one in the tags, on one day."""
    on = made.on(0) if made else None
    if made is None or made.stamp is None or on is None or printed is None:
        return 0
    here, there = utc_minute(printed, on), utc_minute(made.stamp, on)
    minutes = 0 if here is None or there is None else (there - here) % 1440
    return minutes - 1440 if minutes > 720 else minutes


def _stated_below(tag: Tag) -> Moment | None:
    """Find a time in the data attributes of a post's first elements."""
    below = islice((each for each in tag.descendants if isinstance(each, Tag)), 12)
    found = (stated_in(each) for each in below if each.attrs)
    return next((moment for moment in found if moment), None)
