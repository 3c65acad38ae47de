"""Site → every file of it, as SiteFiles: what stands where, and what it depends on."""

import datetime as dt
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from itertools import chain
from typing import Any

from ..search import MANIFEST_PATH, index_files
from ..sitefile import SiteFile, key_of, plain_files
from ..store import Store
from .addresses import data_path, day_path, file_of
from .corrections import correction_links
from .data_files import data_files
from .day_data import day_data
from .days import day_inputs, day_view
from .discovery import discovery_files
from .documents import families, searched_days
from .feeds import feed_files
from .linked_data import day_linked_data
from .loading import Site
from .overviews import PageView
from .page import SitePage
from .pages import site_pages
from .provenance_feed import change_files
from .redirects import redirect_pages
from .research_pages import research_pages
from .tombstones import tombstone_views
from .views import DayView


def day_files(site: Site) -> Iterator[SiteFile]:
    """Give each day's page and its data beside it."""
    view = lru_cache(2)(partial(day_view, site.edition))
    for date in site.edition.dates:
        inputs = day_inputs(site.edition, date)
        page = SitePage(day_path(date), "day", inputs, partial(_day_values, site, view, date))
        yield page_file(site, page)
        yield SiteFile(data_path(date), key_of(site.edition.makers, inputs), partial(_day_data, view, date))


def page_file(site: Site, page: SitePage) -> SiteFile:
    """Give the file of a page; it depends on the theme, the settings and the page's inputs."""
    root = f"{site.imprint.siteurl}/" if page.path == "404.html" and site.imprint.siteurl else None
    # A host answers with 404.html at any depth, so its links cannot be relative.
    return SiteFile(
        file_of(page.path),
        key_of(site.edition.makers, page.template, page.inputs),
        lambda: site.renderer.page(page.template, page.path, page.values(), root),
    )


def prose_file(site: Site, view: PageView) -> SiteFile:
    """Give the file of a page of prose."""
    counts = site.edition.counts
    inputs = (view.title, view.slug, str(view.content), counts)
    return page_file(site, SitePage(f"{view.slug}/", "page", inputs, lambda: {"page": view, "counts": counts}))


def index_of(site: Site, store: Store) -> Iterator[SiteFile]:
    """Give the search index and the page that asks it."""
    yield from plain_files([site.lunr])
    yield from index_files(searched_days(site.edition), store, families(site.edition))
    topics = sorted(site.edition.topic_links.values(), key=lambda topic: (topic.kind, topic.name))
    values = {"topics": topics, "search_manifest": MANIFEST_PATH, "lunr_script": site.lunr[0]}
    yield page_file(site, SitePage("search/", "search", values, lambda: values))


def other_files(site: Site) -> Iterator[SiteFile]:
    """Give all files that are neither days, nor prose, nor of the search index."""
    edition, imprint = site.edition, site.imprint
    yield from plain_files(site.assets.files.items())
    pages = chain(site_pages(edition), research_pages(edition, site.log), redirect_pages(edition, site.published))
    yield from (page_file(site, page) for page in pages)
    yield from feed_files(edition, imprint)
    yield from data_files(edition)
    yield from plain_files(change_files(site.log, imprint, site.strings))
    yield from plain_files([(".nojekyll", b"")])


def last_files(site: Site, names: list[str]) -> Iterator[SiteFile]:
    """Give the files that list all others, `names`."""
    yield from plain_files(discovery_files(names, site.imprint, site.strings.search.label))


def _day_data(view: Callable[[dt.date], DayView], date: dt.date) -> bytes:
    return day_data(view(date))


def _day_values(site: Site, view: Callable[[dt.date], DayView], date: dt.date) -> dict[str, Any]:
    day = view(date)
    repository = site.edition.settings.repository
    return {
        "day": day,
        "tombstones": tombstone_views(site.edition.summaries[date].tombstones),
        "linked_data": day_linked_data(day, site.imprint),
        "corrections": correction_links(repository, site.content, date) if repository else {},
    }
