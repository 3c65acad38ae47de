"""Edition → every page but days, prose and search."""

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Any

from .addresses import number_path
from .edition import Edition
from .home import home_page
from .months import month_pages, year_pages, year_views
from .names import day_name
from .page import SitePage
from .topic_pages import alphabet, topic_month_pages, topic_page
from .views import DayName


def site_pages(edition: Edition) -> Iterator[SitePage]:
    """Give the pages; what they show is composed when it is asked for."""
    yield home_page(edition)
    yield from month_pages(edition)
    yield from year_pages(edition)
    yield SitePage("days/", "days", list(edition.links.values()), lambda: {"years": year_views(edition)[::-1]})
    yield SitePage("topics/", "topics", list(edition.topic_links.values()), lambda: _topics(edition))
    for slug in edition.topics:
        yield topic_page(edition, slug)
    yield from topic_month_pages(edition)
    for date in edition.dates:
        name = day_name(date, edition.settings)
        if name.number is not None:
            yield SitePage(number_path(name.number), "redirect", name, partial(_to_day, name))
    yield SitePage("404.html", "404", edition.dates, lambda: {"runs": runs(edition.dates)})


def runs(dates: Sequence[dt.date]) -> tuple[tuple[dt.date, dt.date], ...]:
    """Give the first and last date of each unbroken run of dates, so that many take little room."""
    # Within a run, a date's ordinal and its place grow together.
    groups = groupby(enumerate(dates), lambda pair: pair[1].toordinal() - pair[0])
    found = [[date for _, date in group] for _, group in groups]
    return tuple((run[0], run[-1]) for run in found)


def _topics(edition: Edition) -> dict[str, Any]:
    by_name = sorted(edition.topic_links.values(), key=lambda topic: (topic.kind, topic.name, topic.slug))
    return {"topics": tuple(by_name), "alphabet": alphabet(by_name)}


def _to_day(name: DayName) -> dict[str, Any]:
    return {"target": name.path, "day": name}
