"""Routes of all pages except days, prose and search."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby

from markupsafe import Markup

from daybook.archive.dataset import COLUMNS
from daybook.site.pages.calendar_pages import calendar_pages, days_page, home_page, week_pages, year_views
from daybook.site.pages.topic_pages import topic_page, topics_by_letter
from daybook.site.views.catalog import ArchiveChange, Catalog, list_sources
from daybook.site.views.urls import CHANGE_FEED, CHANGE_LOG, day_data_url, day_number_url, topic_month_url, topic_url
from daybook.site.views.view_models import PageRoute, day_name

_MAX_CHANGES = 300  # on the page of changes; the log has all
_MAX_SOURCES = 300  # on the page of sources; data/sources.csv has all, and each day its own
_TOPIC_MONTH = re.compile(r"/topics/([a-z0-9-]+)/\d{4}/\d\d/")


def overview_pages(catalog: Catalog) -> Iterator[PageRoute]:
    """Yield the routes of the home page, calendars, topics, and the page 404."""
    years = year_views(catalog)
    yield home_page(catalog, years)
    yield days_page(years)
    yield from calendar_pages(catalog, years)
    yield from week_pages(catalog)
    topics = sorted(catalog.topic_links.values(), key=lambda topic: (topic.kind, topic.name, topic.slug))
    yield PageRoute("topics/", "topics", topics, lambda: {"topics": topics, "alphabet": topics_by_letter(topics)})
    for slug in catalog.topics:
        yield topic_page(catalog, slug)
    yield PageRoute("404.html", "404", catalog.dates, lambda: {"ranges": date_ranges(catalog.dates)})


def number_redirects(catalog: Catalog, dates: Sequence[dt.date]) -> Iterator[PageRoute]:
    """Yield the redirects by day number to some days."""
    for date in dates:
        name = day_name(date, catalog.config)
        if name.number is not None:
            yield PageRoute(day_number_url(name.number), "redirect", name, partial(dict, target=name.path, day=name))


def date_ranges(dates: Sequence[dt.date]) -> tuple[tuple[dt.date, dt.date], ...]:
    """Return the first and last date of each range of consecutive dates, a short form of many dates."""
    # The difference of a date's ordinal and its index is constant within a range.
    groups = groupby(enumerate(dates), lambda pair: pair[1].toordinal() - pair[0])
    ranges = [[date for _, date in group] for _, group in groups]
    return tuple((days[0], days[-1]) for days in ranges)


def research_pages(catalog: Catalog, changes: tuple[ArchiveChange, ...], dataset: Markup) -> Iterator[PageRoute]:
    """Yield the routes of the pages of data, sources and changes; `dataset` is the data's metadata as JSON-LD."""
    years: list[dict[str, object]] = []  # newest first
    for year, group in groupby(catalog.links.values(), lambda link: link.date.year):
        counts = [link.count for link in group]
        years.insert(0, {"name": f"{year:04}", "days": len(counts), "entries": sum(counts)})
    day, topic = max(catalog.dates, default=None), _example_topic(catalog)
    examples = {
        "day_file": day_data_url(day) if day else "",
        "topic_file": f"{topic_url(topic)}entries.json" if topic else "",
    }
    data = {"years": years, "fields": COLUMNS, "linked_data": dataset, **examples}
    yield PageRoute("data/", "data", (years, str(dataset), examples), lambda: data)
    pages = list_sources(catalog)
    shown = {"pages": pages[:_MAX_SOURCES], "all": len(pages)}
    yield PageRoute("sources/", "sources", shown, lambda: shown)
    values = {"changes": changes[:_MAX_CHANGES], "all": len(changes), "log": CHANGE_LOG, "feed": CHANGE_FEED}
    yield PageRoute("changes/", "changes", values, lambda: values)


def _example_topic(catalog: Catalog) -> str:
    """Return the topic with most entries; "" without any."""
    slugs = sorted(catalog.topic_links, key=lambda slug: (-catalog.topic_links[slug].count, slug))
    return next((slug for slug in slugs if catalog.topic_links[slug].count), "")


def redirect_pages(catalog: Catalog, published: frozenset[str]) -> Iterator[PageRoute]:
    """Yield redirects from former topic slugs, and from published months in which a topic has no entry any more.

    `published` are addresses as ``addresses.txt`` lists them: ``/topics/nato/2023/06/``.
    """
    new_slugs = {old: slug for slug, topic in catalog.topics.items() for old in topic.former_slugs}
    redirects = {topic_url(old): (slug, topic_url(slug)) for old, slug in new_slugs.items()}
    for url in published:
        match = _TOPIC_MONTH.fullmatch(url)
        slug = new_slugs.get(match[1], match[1]) if match else ""
        if match is None or slug not in catalog.topics:
            continue
        path, months = url[1:], {topic_month_url(slug, first) for first in catalog.months[slug]}
        target = path.replace(topic_url(match[1]), topic_url(slug), 1)
        if path not in months:
            redirects[path] = (slug, target if target in months else topic_url(slug))
    for path, (slug, target) in sorted(redirects.items()):
        topic = catalog.topic_names[slug]
        yield PageRoute(path, "redirect", (target, topic), partial(dict, target=target, topic=topic))
