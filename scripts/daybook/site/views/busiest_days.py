"""The days that lists name because they have the most entries."""

from collections.abc import Iterable

from daybook.site.views.view_models import ChosenDays, DayLink


def choose_busiest(links: Iterable[DayLink], most: int, *, may_be_all: bool = False) -> ChosenDays:
    """Return up to `most` days that have more entries than all others.

    Of days that share a count, all are named or none: the first few would say nothing. Where no day would be left,
    the days are at equal intervals over all that have entries. Without `may_be_all`, no day is named where all would
    be: that is no choice.
    """
    busy = sorted((link for link in links if link.count), key=lambda link: (-link.count, link.date))
    if len(busy) <= most and not may_be_all:
        return ChosenDays((), are_busiest=True)
    named = busy[:most]
    if len(busy) > most:
        named = [link for link in named if link.count > busy[most].count]
    if named or not busy:
        return ChosenDays(_by_date(named), are_busiest=True)
    days = _by_date(busy)
    return ChosenDays(tuple(days[(2 * n + 1) * len(days) // (2 * most)] for n in range(most)), are_busiest=False)


def _by_date(links: Iterable[DayLink]) -> tuple[DayLink, ...]:
    return tuple(sorted(links, key=lambda link: link.date))
