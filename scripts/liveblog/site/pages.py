"""Edition → every page but days, prose and search: its address, its template, what it shows."""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from .addresses import number_path
from .edition import Edition
from .home import home_values
from .months import month_views, year_views
from .topic_pages import alphabet, topic_month_views, topic_view


class SitePage(NamedTuple):
    """A page to be rendered: ``SitePage("2023/06/", "month", {"month": …})``."""

    path: str
    template: str
    values: dict[str, Any]


def site_pages(edition: Edition) -> Iterator[SitePage]:
    """Compose the pages one by one, so that no more than one is held at a time."""
    months = month_views(edition)
    years = year_views(edition, months)
    by_name = sorted(edition.topic_links.values(), key=lambda topic: (topic.kind, topic.name, topic.slug))
    yield SitePage("", "index", home_values(edition, months, years))
    for month in months:
        yield SitePage(month.path, "month", {"month": month})
    for year in years:
        yield SitePage(year.path, "year", {"year": year})
    yield SitePage("days/", "days", {"years": years[::-1]})
    yield SitePage("topics/", "topics", {"topics": tuple(by_name), "alphabet": alphabet(by_name)})
    for slug in edition.topics:
        yield from _topic(edition, slug)
    for link in edition.links.values():
        if link.number is not None:
            yield SitePage(number_path(link.number), "redirect", {"target": link.path, "day": link})
    yield SitePage("404.html", "404", {"runs": runs(edition.dates)})


def runs(dates: Sequence[dt.date]) -> tuple[tuple[dt.date, dt.date], ...]:
    """Give the first and last date of each unbroken run of dates, so that many take little room."""
    # Within a run, a date's ordinal and its place grow together.
    groups = groupby(enumerate(dates), lambda pair: pair[1].toordinal() - pair[0])
    found = [[date for _, date in group] for _, group in groups]
    return tuple((run[0], run[-1]) for run in found)


def _topic(edition: Edition, slug: str) -> Iterator[SitePage]:
    topic = topic_view(edition, slug)
    yield SitePage(topic.link.path, "topic", {"topic": topic})
    links = topic.months
    for place, month in enumerate(topic_month_views(edition, slug)):
        newer = links[place - 1] if place else None
        older = links[place + 1] if place + 1 < len(links) else None
        values = {"topic": topic, "month": month, "newer": newer, "older": older}
        yield SitePage(month.path, "topic_month", values)
