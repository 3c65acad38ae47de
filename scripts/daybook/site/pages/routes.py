"""Routes of all pages except days, prose and search; redirects; the URLs of the finished site."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Any

import msgspec

from daybook.archive.dataset import COLUMNS
from daybook.site.pages.calendar_pages import home_page, month_pages, year_pages, year_views
from daybook.site.pages.topic_pages import topic_month_pages, topic_page, topics_by_letter
from daybook.site.views.catalog import ArchiveChange, Catalog, list_sources
from daybook.site.views.urls import CHANGE_FEED, CHANGE_LOG, day_number_url, file_to_url, topic_month_url, topic_url
from daybook.site.views.view_models import DayName, PageRoute, day_name

_MAX_CHANGES = 300  # on the page of changes; the log has all
_TOPIC_MONTH = re.compile(r"/topics/([a-z0-9-]+)/\d{4}/\d\d/")


class YearFiles(msgspec.Struct, frozen=True, kw_only=True):
    """The data files of one year, as the data page lists them."""

    name: str
    days: int
    entries: int


def overview_pages(catalog: Catalog) -> Iterator[PageRoute]:
    """Yield the routes of the home page, calendars, topics, redirects by day number, and the page 404."""
    yield home_page(catalog)
    yield from month_pages(catalog)
    yield from year_pages(catalog)
    yield PageRoute("days/", "days", list(catalog.links.values()), lambda: {"years": year_views(catalog)[::-1]})
    yield PageRoute("topics/", "topics", list(catalog.topic_links.values()), lambda: _topics_values(catalog))
    for slug in catalog.topics:
        yield topic_page(catalog, slug)
    yield from topic_month_pages(catalog)
    for date in catalog.dates:
        name = day_name(date, catalog.config)
        if name.number is not None:
            yield PageRoute(day_number_url(name.number), "redirect", name, partial(_day_redirect_values, name))
    yield PageRoute("404.html", "404", catalog.dates, lambda: {"ranges": date_ranges(catalog.dates)})


def _topics_values(catalog: Catalog) -> dict[str, Any]:
    topics = sorted(catalog.topic_links.values(), key=lambda topic: (topic.kind, topic.name, topic.slug))
    return {"topics": tuple(topics), "alphabet": topics_by_letter(topics)}


def _day_redirect_values(name: DayName) -> dict[str, Any]:
    return {"target": name.path, "day": name}


def date_ranges(dates: Sequence[dt.date]) -> tuple[tuple[dt.date, dt.date], ...]:
    """Return the first and last date of each range of consecutive dates, a short form of many dates."""
    # The difference of a date's ordinal and its index is constant within a range.
    groups = groupby(enumerate(dates), lambda pair: pair[1].toordinal() - pair[0])
    ranges = [[date for _, date in group] for _, group in groups]
    return tuple((days[0], days[-1]) for days in ranges)


def research_pages(catalog: Catalog, changes: tuple[ArchiveChange, ...]) -> Iterator[PageRoute]:
    """Yield the routes of the pages of data, sources and changes."""
    years = list_year_files(catalog)
    yield PageRoute("data/", "data", years, lambda: {"years": years, "fields": COLUMNS})
    pages = list_sources(catalog)
    yield PageRoute("sources/", "sources", pages, lambda: {"pages": pages})
    values = {"changes": changes[:_MAX_CHANGES], "all": len(changes), "log": CHANGE_LOG, "feed": CHANGE_FEED}
    yield PageRoute("changes/", "changes", values, lambda: values)


def list_year_files(catalog: Catalog) -> tuple[YearFiles, ...]:
    """Return the data files of all years with their counts, newest year first."""
    years = []
    for year, group in groupby(catalog.links.values(), lambda link: link.date.year):
        links = tuple(group)
        years.append(YearFiles(name=f"{year:04}", days=len(links), entries=sum(link.count for link in links)))
    return tuple(reversed(years))


def redirect_pages(catalog: Catalog, published: frozenset[str]) -> Iterator[PageRoute]:
    """Yield redirects from former topic slugs, and from published months in which a topic has no entry any more.

    Args:
        catalog: The archive.
        published: URLs as ``addresses.txt`` lists them: ``/topics/nato/2023/06/``.
    """
    new_slugs = {old: slug for slug, topic in catalog.topics.items() for old in topic.former_slugs}
    for old, slug in sorted(new_slugs.items()):
        yield _topic_redirect(catalog, topic_url(old), slug, topic_url(slug))
    for url in sorted(published):
        match = _TOPIC_MONTH.fullmatch(url)
        slug = new_slugs.get(match[1], match[1]) if match else ""
        if match is None or slug not in catalog.topics:
            continue
        months = {topic_month_url(slug, first) for first in catalog.months[slug]}
        path = url[1:]
        target = path.replace(topic_url(match[1]), topic_url(slug), 1)
        if path not in months:
            yield _topic_redirect(catalog, path, slug, target if target in months else topic_url(slug))


def _topic_redirect(catalog: Catalog, path: str, slug: str, target: str) -> PageRoute:
    values = {"target": target, "topic": catalog.topic_names[slug]}
    return PageRoute(path, "redirect", values, lambda: values)


def site_addresses(files: Iterable[str], entries: Iterable[str]) -> frozenset[str]:
    """Return the URLs of a site with these files and entries, as ``addresses.txt`` lists them: ``/2023/06/02/``."""
    pages = (file_to_url(name) for name in files if name.endswith(".html") and name != "404.html")
    return frozenset(f"/{path}" for path in (*pages, *entries))
