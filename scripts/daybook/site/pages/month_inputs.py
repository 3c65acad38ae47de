"""What decides about the pages of a month's days and entries, so that an unchanged month is not looked at."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence

from daybook.site.pages.day_page import neighbouring_days
from daybook.site.pages.entry_pages import nearest_entry_date
from daybook.site.views.catalog import Catalog

_ONE_DAY = dt.timedelta(days=1)


def first_of_month(date: dt.date) -> dt.date:
    """Return the first date of a date's month."""
    return date.replace(day=1)


def month_inputs(catalog: Catalog) -> Callable[[Sequence[dt.date]], object]:
    """Return a function that returns, in a form that can be digested, what the pages of a month's days read.

    These are the days of the month, the one before, with its evening, the neighbours at both ends, and from the days of
    any month the entries that those of this month link to. The key of a day stands for what it contains.
    """
    keys = catalog.day_cache.keys
    links: dict[tuple[int, int], list[object]] = defaultdict(list)  # by year and month

    for (date, anchor), others in catalog.related.items():
        links[date.year, date.month].append((date, anchor, [(*other, keys[other[0]]) for other in others]))
    stories = catalog.stories
    for key in {**stories.of_entry, **stories.similar}:
        links[int(key[:4]), int(key[5:7])].append(stories.inputs_of(key, keys))

    def inputs(dates: Sequence[dt.date]) -> object:
        first, last = dates[0], dates[-1]
        before = first - _ONE_DAY if first > dt.date.min else first
        days = [(date, keys[date]) for date in dates]
        neighbours = neighbouring_days(catalog, first)[0], neighbouring_days(catalog, last)[1]
        nearest = nearest_entry_date(catalog, first, -1), nearest_entry_date(catalog, last, 1)
        entries = [(date, keys[date]) for date in nearest if date]
        named = (catalog.outlet_marks, catalog.config.name, catalog.config.paths.siteurl)
        return days, keys.get(before), neighbours, entries, links[first.year, first.month], named

    return inputs
