"""One build of a site: every file with its cache key, the warnings, and the counts that are checked at the end."""

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache, partial
from itertools import chain
from typing import Any

from daybook.archive.content import find_day_files, missing_addresses
from daybook.core.config import Config
from daybook.core.errors import ArchiveError
from daybook.core.hashing import digest
from daybook.incremental.cache import BuildCache
from daybook.incremental.output import (
    BuildRecord,
    BuildState,
    OutputFile,
    OutputFolder,
    cache_folder,
    static_output_files,
)
from daybook.search.index import MANIFEST_PATH, index_files, manifest_entry_count
from daybook.site.exports.data_files import data_files, dump_day_json
from daybook.site.exports.discovery import day_jsonld, discovery_files
from daybook.site.exports.feeds import change_files, feed_files
from daybook.site.exports.search_documents import search_days, synonyms
from daybook.site.inputs import BuildInputs
from daybook.site.load import LoadedSite, load_site
from daybook.site.pages.day_page import correction_links, day_inputs, day_view, tombstone_views
from daybook.site.pages.routes import overview_pages, redirect_pages, research_pages
from daybook.site.views.catalog import Catalog
from daybook.site.views.urls import day_data_url, day_url, entry_url, file_to_url, url_to_file
from daybook.site.views.view_models import PageRoute, ProsePageView

_LISTED = 10  # missing addresses, and topics without entries, that are named one by one
# In an archive of at least 200 entries, a topic on more than this share of them is not a useful filter.
_LARGE_ARCHIVE, _USEFUL_SHARE = 200, 0.8


class SiteBuilder:
    """One build: the loaded site, the output folder and the caches."""

    def __init__(self, config: Config, inputs: BuildInputs | None) -> None:
        """Read and check all content and the theme.

        `inputs` is None where Pelican was started without Daybook's own commands: the content is found here
        and the next build cannot tell whether anything has changed.

        Raises:
            ArchiveError: Anything is wrong. Nothing has been written to the output.
        """
        paths = config.paths
        folder = cache_folder(paths.cache, paths.output)
        self._inputs = inputs
        self._state = BuildState(folder)
        self._caches = {name: BuildCache(folder / f"{name}.sqlite") for name in ("days", "files", "search")}
        self.output = OutputFolder(paths.output.resolve(), self._state, self._caches["files"])
        days = inputs.days if inputs else find_day_files(paths.content)
        self.site: LoadedSite = load_site(config, days, self._caches["days"])
        self.day_pages = 0  # counted when Pelican asks for each of them

    def write_days(self) -> None:
        """Write the pages and data of all days, on all cores, before Pelican asks for them one by one."""
        self.output.open(self._inputs.output_state() if self._inputs else None)
        self.output.write(day_files(self.site))

    def write_prose_page(self, view: ProsePageView) -> None:
        """Write a prose page."""
        counts = self.site.catalog.counts
        inputs = (view.title, view.slug, str(view.content), counts)
        route = PageRoute(f"{view.slug}/", "page", inputs, lambda: {"page": view, "counts": counts})
        self.output.write([page_file(self.site, route)])

    def write_other_files(self) -> None:
        """Write everything else; sitemaps come last because they list all pages."""
        self.output.write(search_files(self.site, self._caches["search"]))
        self.output.write(page_and_export_files(self.site))
        names, label = sorted(self.output.written), self.site.strings.search.label
        self.output.write(static_output_files(discovery_files(names, self.site.identity, label)))

    def close(self) -> str:
        """Check the counts, remove files of earlier builds, save the caches, and return a summary line."""
        self._check_counts()
        self.output.finish()
        for cache in self._caches.values():
            cache.close()
        counts = self.site.catalog.counts
        pages = sum(name.endswith(".html") for name in self.output.written)
        amounts = (counts["days"], "day", "days"), (counts["entries"], "entry", "entries"), (pages, "page", "pages")
        summary = ", ".join(_counted(*amount) for amount in amounts)
        # A file edited during the build may be on no page yet: the next build must not find that nothing changed.
        inputs_digest = self._inputs.digest if self._inputs and self._inputs.are_unchanged() else b""
        self._state.finish(BuildRecord(inputs_digest, summary, self.warnings, self.output.written))
        changes = (self.output.changed, "written"), (self.output.removed, "removed")
        done = ", ".join(f"{_counted(count, 'file', 'files')} {what}" for count, what in changes if count)
        return f"{summary}; {done or 'nothing changed'}"

    def _check_counts(self) -> None:
        """Compare the days and entries that were read with those on pages and in the search index."""
        counts = self.site.catalog.counts
        written = sum(url_to_file(link.path) in self.output.written for link in self.site.catalog.links.values())
        days = min(self.day_pages, written)
        indexed = manifest_entry_count((self.output.folder / MANIFEST_PATH).read_bytes())
        if (days, indexed) != (counts["days"], counts["entries"]):
            read = f"{counts['days']} days and {counts['entries']} entries were read"
            raise ArchiveError(f"{read}, but {days} day pages and {indexed} entries in the search index were written")

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """The lines about what a person should look at."""
        missing = tuple(missing_addresses(self.site.published, self.addresses)) if self.site.published else ()
        return tuple(build_warnings(self.site.catalog, missing))

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The addresses of all pages and entries of the finished site as ``addresses.txt`` lists them."""
        catalog, names = self.site.catalog, self.output.written
        pages = [file_to_url(name) for name in names if name.endswith(".html") and name != "404.html"]
        entries = [entry_url(date, anchor) for date, summary in catalog.summaries.items() for anchor in summary.anchors]
        tombstones = [entry_url(date, entry.anchor) for date, entry in catalog.tombstones]
        return frozenset(f"/{path}" for path in (*pages, *entries, *tombstones))


def _counted(count: int, singular: str, plural: str) -> str:
    return f"{count} {singular if count == 1 else plural}"


def day_files(site: LoadedSite) -> Iterator[OutputFile]:
    """Yield each day's page and its `entries.json`."""
    catalog = site.catalog
    repository, content = catalog.config.repository, catalog.config.paths.content
    view = lru_cache(2)(partial(day_view, catalog))  # both files of a day need it

    def page_values(date: dt.date) -> dict[str, Any]:
        day, lines = view(date), catalog.day_cache.lines(date)
        return {
            "day": day,
            "tombstones": tombstone_views(catalog.summaries[date].tombstones),
            "linked_data": day_jsonld(day, site.identity),
            "corrections": correction_links(repository, content, date, lines) if repository else {},
        }

    def data(date: dt.date) -> bytes:
        return dump_day_json(view(date))

    for date in catalog.dates:
        inputs = day_inputs(catalog, date)
        yield page_file(site, PageRoute(day_url(date), "day", inputs, partial(page_values, date)))
        yield OutputFile(day_data_url(date), digest(catalog.code_key, inputs), partial(data, date))


def page_file(site: LoadedSite, page: PageRoute) -> OutputFile:
    """Return the file of a page. Its key is made from theme, settings, code and the page's inputs."""
    # A host serves 404.html for addresses of any depth, so its links cannot be relative.
    root = f"{site.identity.siteurl}/" if page.path == "404.html" and site.identity.siteurl else None
    key = digest(site.catalog.code_key, page.template, page.inputs)
    render = site.renderer.page
    return OutputFile(url_to_file(page.path), key, lambda: render(page.template, page.path, page.values(), root))


def search_files(site: LoadedSite, cache: BuildCache) -> Iterator[OutputFile]:
    """Yield the search page, the index files and lunr.js."""
    yield from static_output_files([site.lunr])
    yield from index_files(search_days(site.catalog), cache, synonyms(site.catalog))
    topics = sorted(site.catalog.topic_links.values(), key=lambda topic: (topic.kind, topic.name))
    values = {"topics": topics, "search_manifest": MANIFEST_PATH, "lunr_script": site.lunr[0]}
    yield page_file(site, PageRoute("search/", "search", values, lambda: values))


def page_and_export_files(site: LoadedSite) -> Iterator[OutputFile]:
    """Yield all other files: static files, overviews, topics, feeds, data, redirects."""
    catalog, identity = site.catalog, site.identity
    static_files = [*site.assets.files.items(), *change_files(site.changes, identity, site.strings), (".nojekyll", b"")]
    yield from static_output_files(static_files)
    redirects = redirect_pages(catalog, site.published)
    for page in chain(overview_pages(catalog), research_pages(catalog, site.changes), redirects):
        yield page_file(site, page)
    yield from feed_files(catalog, identity)
    yield from data_files(catalog)


def build_warnings(catalog: Catalog, missing: Sequence[str]) -> Iterator[str]:
    """Yield a line for each missing address, beginning with "published", and each topic of no or nearly every entry."""
    for address in missing[:_LISTED]:
        yield f"published address {address} no longer exists; make publish will stop"
    if len(missing) > _LISTED:
        yield f"published addresses that no longer exist: {len(missing) - _LISTED} more"
    entries = catalog.counts["entries"]
    topics = sorted(catalog.topic_links.items())
    unused = [slug for slug, topic in topics if entries and not topic.count and catalog.topics[slug].declared]
    for slug in unused[:_LISTED]:
        cure = f"correct its `aliases`, or add it to an entry as +{slug}"
        yield f"topics/{slug}.md: no entry has the topic {catalog.topics[slug].name}; {cure}"
    if len(unused) > _LISTED:
        yield f"topics that no entry has: {len(unused) - _LISTED} more"
    for slug, topic in topics:
        if entries >= _LARGE_ARCHIVE and topic.count > _USEFUL_SHARE * entries:
            share = f"{topic.count:,} of {entries:,} entries have the topic {topic.name}: too common to be useful"
            cure = f"narrow the aliases in topics/{slug}.md" if catalog.topics[slug].declared else "records name it"
            yield f"{share}; {cure}"
