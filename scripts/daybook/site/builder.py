"""One build: its site, its output, its stores, and the count at its end."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import Any

from daybook.archive.content import find_day_files, missing_addresses
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
from daybook.site.pages.routes import overview_pages, redirect_pages, research_pages, site_addresses
from daybook.site.views.catalog import Catalog
from daybook.site.views.urls import day_data_url, day_url, entry_url, url_to_file
from daybook.site.views.view_models import DayView, PageRoute, ProsePageView

BUILDER_SETTING = "DAYBOOK"  # where Pelican's settings carry the Press to readers, generators and writer


INPUTS_SETTING = "DAYBOOK_INPUTS"  # and the Inputs, where somebody found them already


class SiteBuilder:
    """Everything a build needs, and its counts as it goes."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        """Read and check all content and the theme; `names` are Pelican's settings.

        Any mistake is an ArchiveError, raised before a byte of output is written.
        """
        output = Path(names["OUTPUT_PATH"])
        cache = cache_folder(Path(names["CACHE_PATH"]), output)
        inputs: BuildInputs | None = names.get(INPUTS_SETTING)
        self._inputs = inputs
        self._state = BuildState(cache)
        self._caches = {name: BuildCache(cache / f"{name}.sqlite") for name in ("days", "files", "search")}
        self.output = OutputFolder(output, self._state, self._caches["files"])
        days = inputs.days if inputs else find_day_files(Path(names["PATH"]))
        self.site: LoadedSite = load_site(names, days, self._caches["days"])
        self.day_pages = 0  # as Pelican asks for them

    def write_days(self) -> None:
        """Write all days and their data, before Pelican asks for them one by one."""
        self.output.open(self._inputs.output_state() if self._inputs else None)
        self.output.write(day_files(self.site))

    def write_prose_page(self, view: ProsePageView) -> None:
        """Write a page of prose."""
        self.output.write([prose_page_file(self.site, view)])

    def write_other_files(self) -> None:
        """Write everything else."""
        self.output.write(search_index_files(self.site, self._caches["search"]))
        self.output.write(page_and_export_files(self.site))
        self.output.write(listing_files(self.site, sorted(self.output.written)))

    def close(self) -> str:
        """Compare what went in with what came out, remove what is left over, say what was done."""
        self._check_counts()
        self.output.finish()
        counts = self.site.catalog.counts
        pages = sum(name.endswith(".html") for name in self.output.written)
        sizes = ", ".join(
            f"{count} {_plural(noun, count)}"
            for noun, count in (("day", counts["days"]), ("entry", counts["entries"]), ("page", pages))
        )
        for store in self._caches.values():
            store.close()
        # What was edited while it was read may be on no page yet: the next build must not say that nothing changed.
        digest = self._inputs.digest if self._inputs and self._inputs.are_unchanged() else b""
        self._state.finish(BuildRecord(inputs=digest, summary=sizes, warnings=self.warnings, files=self.output.written))
        changes = [("written", self.output.changed), ("removed", self.output.removed)]
        done = ", ".join(f"{count} {_plural('file', count)} {what}" for what, count in changes if count)
        return f"{sizes}; {done or 'nothing changed'}"

    def _check_counts(self) -> None:
        counts = self.site.catalog.counts
        written = sum(url_to_file(link.path) in self.output.written for link in self.site.catalog.links.values())
        days = min(self.day_pages, written)
        indexed = manifest_entry_count((self.output.folder / MANIFEST_PATH).read_bytes())
        if (days, indexed) != (counts["days"], counts["entries"]):
            read = f"{counts['days']} days and {counts['entries']} entries were read"
            raise ArchiveError(f"{read}, but {days} day pages and {indexed} entries of the index were made")

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """Give what a person should look at, a line each."""
        missing = tuple(missing_addresses(self.site.published, self.addresses)) if self.site.published else ()
        return tuple(build_warnings(self.site.catalog, missing))

    @cached_property
    def addresses(self) -> frozenset[str]:
        """Give every page and entry that the finished site answers for."""
        summaries = self.site.catalog.summaries
        entries = [entry_url(date, anchor) for date, summary in summaries.items() for anchor in summary.anchors]
        entries += [entry_url(date, entry.anchor) for date, entry in self.site.catalog.tombstones]
        return site_addresses(self.output.written, entries)


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else {"entry": "entries"}.get(noun, f"{noun}s")


def day_files(site: LoadedSite) -> Iterator[OutputFile]:
    """Give each day's page and its data beside it."""
    view = lru_cache(2)(partial(day_view, site.catalog))
    for date in site.catalog.dates:
        inputs = day_inputs(site.catalog, date)
        page = PageRoute(day_url(date), "day", inputs, partial(_day_values, site, view, date))
        yield page_file(site, page)
        yield OutputFile(day_data_url(date), digest(site.catalog.code_key, inputs), partial(_day_data, view, date))


def page_file(site: LoadedSite, page: PageRoute) -> OutputFile:
    """Give the file of a page; it depends on the theme, the settings and the page's inputs."""
    root = f"{site.identity.siteurl}/" if page.path == "404.html" and site.identity.siteurl else None
    # A host answers with 404.html at any depth, so its links cannot be relative.
    return OutputFile(
        url_to_file(page.path),
        digest(site.catalog.code_key, page.template, page.inputs),
        lambda: site.renderer.page(page.template, page.path, page.values(), root),
    )


def prose_page_file(site: LoadedSite, view: ProsePageView) -> OutputFile:
    """Give the file of a page of prose."""
    counts = site.catalog.counts
    inputs = (view.title, view.slug, str(view.content), counts)
    return page_file(site, PageRoute(f"{view.slug}/", "page", inputs, lambda: {"page": view, "counts": counts}))


def search_index_files(site: LoadedSite, store: BuildCache) -> Iterator[OutputFile]:
    """Give the search index and the page that asks it."""
    yield from static_output_files([site.lunr])
    yield from index_files(search_days(site.catalog), store, synonyms(site.catalog))
    topics = sorted(site.catalog.topic_links.values(), key=lambda topic: (topic.kind, topic.name))
    values = {"topics": topics, "search_manifest": MANIFEST_PATH, "lunr_script": site.lunr[0]}
    yield page_file(site, PageRoute("search/", "search", values, lambda: values))


def page_and_export_files(site: LoadedSite) -> Iterator[OutputFile]:
    """Give all files that are neither days, nor prose, nor of the search index."""
    edition, imprint = site.catalog, site.identity
    yield from static_output_files(site.assets.files.items())
    pages = chain(
        overview_pages(edition), research_pages(edition, site.changes), redirect_pages(edition, site.published)
    )
    yield from (page_file(site, page) for page in pages)
    yield from feed_files(edition, imprint)
    yield from data_files(edition)
    yield from static_output_files(change_files(site.changes, imprint, site.strings))
    yield from static_output_files([(".nojekyll", b"")])


def listing_files(site: LoadedSite, names: list[str]) -> Iterator[OutputFile]:
    """Give the files that list all others, `names`."""
    yield from static_output_files(discovery_files(names, site.identity, site.strings.search.label))


def _day_data(view: Callable[[dt.date], DayView], date: dt.date) -> bytes:
    return dump_day_json(view(date))


def _day_values(site: LoadedSite, view: Callable[[dt.date], DayView], date: dt.date) -> dict[str, Any]:
    day = view(date)
    repository, lines = site.catalog.settings.repository, site.catalog.day_cache.lines(date)
    return {
        "day": day,
        "tombstones": tombstone_views(site.catalog.summaries[date].tombstones),
        "linked_data": day_jsonld(day, site.identity),
        "corrections": correction_links(repository, site.content, date, lines) if repository else {},
    }


_SHOWN = 10  # addresses


_MANY, _MOST = 200, 0.8  # entries of the archive; the share of them that a topic can have and still lead somewhere


def build_warnings(edition: Catalog, missing: Sequence[str]) -> Iterator[str]:
    """Word published addresses that the site lacks, and topics that nearly every entry has."""
    for address in missing[:_SHOWN]:
        yield f"{address} was published and is gone; make publish will refuse"
    if len(missing) > _SHOWN:
        yield f"so are {len(missing) - _SHOWN} more addresses"
    entries = edition.counts["entries"]
    for slug, topic in sorted(edition.topic_links.items()):
        if entries >= _MANY and topic.count > _MOST * entries:
            share = f"{topic.count:,} of {entries:,} entries have the topic {topic.name}, so that it leads nowhere"
            declared = edition.topics[slug].declared
            yield f"{share}; {f'narrow the aliases in topics/{slug}.md' if declared else 'records name it'}"
