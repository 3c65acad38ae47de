"""Edition → every page but days, prose and search."""

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


class YearFiles(msgspec.Struct, frozen=True, kw_only=True):
    """A year's files as the data page lists them."""

    name: str
    days: int
    entries: int


def list_year_files(edition: Catalog) -> tuple[YearFiles, ...]:
    """Count what the years' files hold, newest year first."""
    years = []
    for year, group in groupby(edition.links.values(), lambda link: link.date.year):
        links = tuple(group)
        years.append(YearFiles(name=f"{year:04}", days=len(links), entries=sum(link.count for link in links)))
    return tuple(reversed(years))


def overview_pages(edition: Catalog) -> Iterator[PageRoute]:
    """Give the pages; what they show is composed when it is asked for."""
    yield home_page(edition)
    yield from month_pages(edition)
    yield from year_pages(edition)
    yield PageRoute("days/", "days", list(edition.links.values()), lambda: {"years": year_views(edition)[::-1]})
    yield PageRoute("topics/", "topics", list(edition.topic_links.values()), lambda: _topics(edition))
    for slug in edition.topics:
        yield topic_page(edition, slug)
    yield from topic_month_pages(edition)
    for date in edition.dates:
        name = day_name(date, edition.settings)
        if name.number is not None:
            yield PageRoute(day_number_url(name.number), "redirect", name, partial(_to_day, name))
    yield PageRoute("404.html", "404", edition.dates, lambda: {"runs": date_ranges(edition.dates)})


def date_ranges(dates: Sequence[dt.date]) -> tuple[tuple[dt.date, dt.date], ...]:
    """Give the first and last date of each unbroken run of dates, so that many take little room."""
    # Within a run, a date's ordinal and its place grow together.
    groups = groupby(enumerate(dates), lambda pair: pair[1].toordinal() - pair[0])
    found = [[date for _, date in group] for _, group in groups]
    return tuple((run[0], run[-1]) for run in found)


def _topics(edition: Catalog) -> dict[str, Any]:
    by_name = sorted(edition.topic_links.values(), key=lambda topic: (topic.kind, topic.name, topic.slug))
    return {"topics": tuple(by_name), "alphabet": topics_by_letter(by_name)}


def _to_day(name: DayName) -> dict[str, Any]:
    return {"target": name.path, "day": name}


_TOPIC_MONTH = re.compile(r"/topics/([a-z0-9-]+)/\d{4}/\d\d/")


def redirect_pages(edition: Catalog, published: frozenset[str]) -> Iterator[PageRoute]:
    """Compose the pages that lead elsewhere; `published` are addresses as the list has them."""
    renamed = {old: slug for slug, topic in edition.topics.items() for old in topic.former_slugs}
    for old, slug in sorted(renamed.items()):
        yield _redirect(edition, topic_url(old), slug, topic_url(slug))
    for address in sorted(published):
        match = _TOPIC_MONTH.fullmatch(address)
        slug = renamed.get(match[1], match[1]) if match else ""
        if match is None or slug not in edition.topics:
            continue
        months = {topic_month_url(slug, first) for first in edition.months[slug]}
        target = address[1:].replace(topic_url(match[1]), topic_url(slug), 1)
        if address[1:] not in months:
            yield _redirect(edition, address[1:], slug, target if target in months else topic_url(slug))


def site_addresses(files: Iterable[str], entries: Iterable[str]) -> frozenset[str]:
    """Give what a site of these files and entries answers, as the list writes it: ``/2023/06/02/``."""
    pages = (file_to_url(name) for name in files if name.endswith(".html") and name != "404.html")
    return frozenset(f"/{path}" for path in (*pages, *entries))


def _redirect(edition: Catalog, path: str, slug: str, target: str) -> PageRoute:
    values = {"target": target, "topic": edition.topic_names[slug]}
    return PageRoute(path, "redirect", values, lambda: values)


_SHOWN = 300


def research_pages(edition: Catalog, log: tuple[ArchiveChange, ...]) -> Iterator[PageRoute]:
    """Give the three pages; `log` are all changes, the page shows the newest 300."""
    years = list_year_files(edition)
    yield PageRoute("data/", "data", years, lambda: {"years": years, "fields": COLUMNS})
    pages = list_sources(edition)
    yield PageRoute("sources/", "sources", pages, lambda: {"pages": pages})
    values = {"changes": log[:_SHOWN], "all": len(log), "log": CHANGE_LOG, "feed": CHANGE_FEED}
    yield PageRoute("changes/", "changes", values, lambda: values)
