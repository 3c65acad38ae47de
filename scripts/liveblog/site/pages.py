"""Edition → every page but days, prose and search: its address, its template, what it shows."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from .addresses import number_path
from .days import day_view
from .edition import Edition
from .months import month_views, year_views
from .topic_pages import topic_month_views, topic_view
from .views import MonthView

_BUSIEST = 24
_RECENT = 7


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
    yield _home(edition, months)
    for month in months:
        yield SitePage(month.path, "month", {"month": month})
    for year in years:
        yield SitePage(year.path, "year", {"year": year})
    yield SitePage("days/", "days", {"years": years[::-1]})
    yield SitePage("topics/", "topics", {"topics": tuple(by_name)})
    for slug in edition.topics:
        yield from _topic(edition, slug)
    for link in edition.links.values():
        if link.number is not None:
            yield SitePage(number_path(link.number), "redirect", {"target": link.path, "day": link})
    yield SitePage("404.html", "404", {})


def _home(edition: Edition, months: tuple[MonthView, ...]) -> SitePage:
    newest_first = [edition.links[date] for date in reversed(edition.dates)]
    busiest = sorted(edition.topic_links.values(), key=lambda topic: (-topic.count, topic.slug))
    values = {
        "latest": day_view(edition, edition.dates[-1]) if edition.dates else None,
        "recent": tuple(newest_first[1 : _RECENT + 1]),
        "months": months[::-1],
        "topics": tuple(topic for topic in busiest[:_BUSIEST] if topic.count),
        "first": newest_first[-1] if newest_first else None,
        "last": newest_first[0] if newest_first else None,
    }
    return SitePage("", "index", values)


def _topic(edition: Edition, slug: str) -> Iterator[SitePage]:
    topic = topic_view(edition, slug)
    yield SitePage(topic.link.path, "topic", {"topic": topic})
    links = topic.months
    for place, month in enumerate(topic_month_views(edition, slug)):
        newer = links[place - 1] if place else None
        older = links[place + 1] if place + 1 < len(links) else None
        values = {"topic": topic, "month": month, "newer": newer, "older": older}
        yield SitePage(month.path, "topic_month", values)
