"""The main entries of a day, chosen by rule, and the name that a day gets from them.

Key entries come first; then entries that more outlets report, have more topics, or have a headline of their own. The
choice depends on the day alone, so that no other day's page has to be rendered again.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec import Struct

from daybook.core.model import minute_of_day
from daybook.site.views.view_models import EntryView, MainEntry

MAX_MAIN = 6  # the one that names the day, and five more
_MIN_DISTANCE = 45  # minutes between two main entries, as long as there are others
_KEY, _RULE = "key", "rule"
_PART = re.compile(r"\s{0,9}\(\d{1,2}\)$")  # at the end of a headline that continues another entry


class DayHeadline(Struct, frozen=True, array_like=True):
    """The name of a day: `chosen` is "" for a source's title, "key" or "rule" for the headline of an entry."""

    text: str
    lang: str
    chosen: str


def reports_by_first(views: Sequence[EntryView], similar: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Return the later reports of each event by the anchor of its first one.

    `similar` are pairs of anchors of entries with similar text. Two entries report one event if they are similar and
    no outlet printed both.
    """
    order = {view.anchor: number for number, view in enumerate(views)}
    earlier: dict[str, list[str]] = defaultdict(list)
    for pair in similar:
        before, after = sorted(pair, key=order.__getitem__)
        earlier[after].append(before)
    first_of: dict[str, str] = {}
    groups: dict[str, list[EntryView]] = {}
    for view in views:
        for anchor in sorted(earlier.get(view.anchor, ()), key=order.__getitem__):
            first = first_of.get(anchor, anchor)
            group = groups.setdefault(first, [views[order[first]]])
            known, own = set().union(*map(outlet_names, group)), outlet_names(view)
            if known and own and not known & own:
                group.append(view)
                first_of[view.anchor] = first
                break
    return {first: tuple(view.anchor for view in later) for first, (_, *later) in groups.items() if later}


def outlet_names(view: EntryView) -> set[str]:
    """Return the outlets whose pages printed an entry."""
    return {source.outlet for source in view.sources if source.outlet}


def choose_main_entries(views: Sequence[EntryView], similar: Iterable[tuple[str, str]]) -> tuple[MainEntry, ...]:
    """Return up to six main entries of a day: the one that names it, then the others in order of time.

    Of entries with one headline, "(2)" apart, only the first in this order is a main entry. `similar` are pairs of
    anchors, as for `reports_by_first`.
    """
    reports = reports_by_first(views, similar)
    later = {anchor for anchors in reports.values() for anchor in anchors}
    by_anchor = {view.anchor: view for view in views}

    def outlets(view: EntryView) -> tuple[str, ...]:
        each = [view, *(by_anchor[anchor] for anchor in reports.get(view.anchor, ()))]
        names = (source.outlet for report in each for source in report.sources if source.outlet)
        return tuple(dict.fromkeys(names))

    ranked = sorted(
        ((view, outlets(view)) for view in views if view.anchor not in later and view.headline),
        key=lambda pair: (not pair[0].key, -len(pair[1]), pair[0].derived, -len(pair[0].topics)),
    )
    spread: list[tuple[EntryView, tuple[str, ...]]] = []
    near: list[tuple[EntryView, tuple[str, ...]]] = []
    headlines: set[str] = set()
    for view, names in ranked:
        headline = _PART.sub("", view.headline)
        if headline in headlines and not view.key:
            continue
        headlines.add(headline)
        is_near = not view.key and any(_distance(view, other) < _MIN_DISTANCE for other, _ in spread)
        (near if is_near else spread).append((view, names))
    chosen = [
        MainEntry(view.anchor, view.time, view.headline, view.derived, view.lang, view.key, names)
        for view, names in (spread + near)[:MAX_MAIN]
    ]
    return (*chosen[:1], *sorted(chosen[1:], key=lambda entry: list(by_anchor).index(entry.anchor)))


def _distance(one: EntryView, other: EntryView) -> int:
    """Return the minutes between two entries; a day if one has no time."""
    if one.time is None or other.time is None:
        return 1440
    return abs(minute_of_day(one.time) - minute_of_day(other.time))


def day_headline(title: str, lang: str, main: Sequence[MainEntry]) -> DayHeadline:
    """Return the name of a day: its title, else the headline of its first main entry; empty without entries."""
    if title or not main:
        return DayHeadline(title, lang, "")
    return DayHeadline(main[0].headline, main[0].lang, _KEY if main[0].key else _RULE)
