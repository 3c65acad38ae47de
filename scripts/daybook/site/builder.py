"""One build of a site: every file with its cache key, the warnings, and the counts that are checked at the end."""

import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from daybook.archive.content import missing_addresses
from daybook.core.config import Config
from daybook.core.errors import ArchiveError
from daybook.core.hashing import digest
from daybook.incremental.cache import BuildCache
from daybook.incremental.output import (
    LastBuild,
    OutputFile,
    OutputFolder,
    OutputGroup,
    cache_folder,
    static_output_files,
)
from daybook.search.index import MANIFEST_PATH, index_files, manifest_entry_count
from daybook.site.exports.cards import card_files, card_fonts
from daybook.site.exports.data_files import data_files, dump_day_json
from daybook.site.exports.data_package import dataset_jsonld, package_files
from daybook.site.exports.discovery import ROBOTS_FILE, day_jsonld, discovery_files, last_changes
from daybook.site.exports.feeds import change_files, day_feed, feed_files
from daybook.site.exports.search_documents import search_days, synonyms
from daybook.site.exports.search_places import places_file
from daybook.site.inputs import BuildInputs
from daybook.site.load import LoadedSite, load_site
from daybook.site.pages.day_page import correction_links, day_inputs, day_view, tombstone_views
from daybook.site.pages.entry_pages import entry_pages
from daybook.site.pages.month_inputs import first_of_month, month_inputs
from daybook.site.pages.routes import number_redirects, overview_pages, redirect_pages, research_pages
from daybook.site.pages.story_pages import story_pages
from daybook.site.pages.topic_pages import topic_months
from daybook.site.views.catalog import Catalog
from daybook.site.views.citations import cite_entry
from daybook.site.views.urls import (
    ENTRY_PAGE,
    STORIES_PAGE,
    day_data_url,
    day_url,
    entry_url,
    file_to_url,
    url_to_file,
)
from daybook.site.views.view_models import PageRoute
from daybook.site.views.words import Interface

_LISTED_WORDS = 5  # of the interface without a translation, in a warning
_LISTED = 10  # missing addresses, and topics without entries, that are named one by one
# In an archive of at least 200 entries, a topic on more than this share of them is not a useful filter.
_LARGE_ARCHIVE, _USEFUL_SHARE = 200, 0.8


class SiteBuilder:
    """One build: the loaded site, the output folder and the caches. `open_builder` returns one."""

    def __init__(self, inputs: BuildInputs, site: LoadedSite, caches: dict[str, BuildCache]) -> None:
        """Take what was loaded; nothing is read or written."""
        self.site = site
        self.day_pages = 0  # counted when Pelican asks for each of them
        paths = site.catalog.config.paths
        self.output = OutputFolder(paths.output.resolve(), inputs.last_build, caches["files"])
        self._inputs, self._caches = inputs, caches
        self._is_open = False

    def open_output(self, additions: Callable[[], Mapping[str, object]]) -> None:
        """Write the pages and data of all days, on all cores, before Pelican asks for the first file.

        `additions` returns values that plugins have added for templates.
        """
        if not self._is_open:
            self._is_open = True
            add_to_templates(self.site, additions())
            self.output.open(self._inputs.output_state(), is_trusted=self._inputs.is_trusted)
            self.output.write(day_groups(self.site))

    def write_other_files(self) -> None:
        """Write everything else that the site has whatever Pelican and its plugins add."""
        self.output.write(page_and_export_files(self.site))
        # Last, because an index that is made anew takes much memory, which the processes above would begin with.
        self.output.write(search_files(self.site, self._caches["search"]))

    def write_plain_files(self, files: Iterable[tuple[str, Path]]) -> None:
        """Write plain files, given by path in the site and path in the content folder.

        Sitemaps and robots.txt come after them: sitemaps list all pages, and a plain file may replace robots.txt.
        """
        for name, source in sorted(files):
            _check_plain_path(name, source, self.output.written)
            self.output.write_bytes(name, source.read_bytes())
        label = self.site.interface.words.search.label
        found = discovery_files(self._last_changes(), self.site.identity, label)
        written = self.output.written
        self.output.write(
            static_output_files([file for file in found if file[0] != ROBOTS_FILE or file[0] not in written])
        )

    def _last_changes(self) -> dict[str, str]:
        """Return when each page that sitemaps list last changed; a site without an address has no sitemaps."""
        if not self.site.identity.siteurl:
            return {}
        catalog = self.site.catalog
        pages = chain(site_pages(self.site), number_redirects(catalog, catalog.dates))
        redirects = {url_to_file(page.path) for page in pages if page.template == "redirect"}
        urls = {name: file_to_url(name) for name in sorted(self.output.written) if name not in redirects}
        times = last_changes(urls.values(), self.site.catalog)
        return {name: times[url] for name, url in urls.items()}

    def close(self) -> str:
        """Check the counts, remove files of earlier builds, save the caches, and return a summary line."""
        self._check_counts()
        plugins = self.site.catalog.config.foreign_plugins
        if plugins:
            self.output.find_other_files()
        self.output.finish()
        for cache in self._caches.values():
            cache.close()
        counts = self.site.catalog.counts
        pages = sum(name.endswith(".html") for name in self.output.written)
        amounts = (counts["days"], "day", "days"), (counts["entries"], "entry", "entries"), (pages, "page", "pages")
        summary = ", ".join(_counted(*amount) for amount in amounts)
        # A file edited during the build may be on no page yet: the next build must not find that nothing changed.
        inputs_digest = self._inputs.digest if self._inputs.are_unchanged() else b""
        others = self.output.other_files
        build = LastBuild(inputs_digest, summary, self.warnings)
        self._inputs.last_build.finish(build, self.output.record, self.output.folder)
        changes = (self.output.changed, "written"), (self.output.removed, "removed")
        done = [f"{_counted(count, 'file', 'files')} {what}" for count, what in changes if count]
        done += [f"{_counted(len(others), 'file', 'files')} by plugins"] if others else []
        return f"{summary}; {', '.join(done) or 'nothing changed'}"

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
        catalog, interface, site_warnings = self.site.catalog, self.site.interface, self.site.warnings
        return (*build_warnings(catalog, missing), *translation_warnings(interface), *site_warnings)

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The addresses of all pages and entries of the finished site as ``addresses.txt`` lists them.

        The address of an entry's page follows from its anchor, and those of stories are in ``stories.jsonl``.
        """
        catalog, names = self.site.catalog, self.output.written
        pages = [file_to_url(name) for name in names if name.endswith(".html") and name != "404.html"]
        pages = [path for path in pages if not (path.startswith(STORIES_PAGE) or ENTRY_PAGE.fullmatch(path))]
        entries = [entry_url(date, anchor) for date, anchor in catalog.entry_keys]
        tombstones = [entry_url(date, entry.anchor) for date, entry in catalog.tombstones]
        return frozenset(f"/{path}" for path in (*pages, *entries, *tombstones))


def open_builder(config: Config, inputs: BuildInputs) -> SiteBuilder:
    """Read and check all content and the theme, and return the build.

    Raises:
        ArchiveError: Anything is wrong. Nothing has been written to the output.
    """
    folder = cache_folder(config.paths.cache, config.paths.output)
    files = _files_cache(folder, config.paths.siteurl)
    caches = {"days": BuildCache(folder / "days.sqlite", compress=True), "files": BuildCache(files, compress=True)}
    caches["search"] = BuildCache(folder / "search.sqlite", compress=True)
    site = load_site(config, inputs.days, caches["days"])
    caches["files"].dictionary = site.renderer.frame()
    return SiteBuilder(inputs, site, caches)


def _files_cache(folder: Path, siteurl: str) -> Path:
    """Return the cache of files for a site without an address or with this one, and delete those of other addresses.

    With one cache for both, `make html` and `make publish` in turn would render all pages each time.
    """
    if not siteurl:
        return folder / "files.sqlite"
    file = folder / f"files-{digest(siteurl).hex()[:8]}.sqlite"
    for other in set(folder.glob("files-*.sqlite")) - {file}:
        other.unlink()
    return file


def add_to_templates(site: LoadedSite, additions: Mapping[str, object]) -> None:
    """Add values that templates of the site can use, and that are part of the keys of all pages."""
    used = {name: additions[name] for name in sorted(additions) if site.renderer.mentions(name)}
    if not used:
        return
    # The text of plain data says all about it. For other objects, no key can tell whether they are the same.
    site.renderer.add_values(used, repr(used).encode() if _is_plain(used) else os.urandom(16))


def _is_plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(_is_plain(part) for item in value.items() for part in item)
    if isinstance(value, (list, tuple)):
        return all(map(_is_plain, value))
    return value is None or type(value) in (str, int, float, bool, bytes, dt.date, dt.datetime, dt.time)


def _check_plain_path(name: str, source: Path, written: Iterable[str]) -> None:
    """Refuse an address that another file of the site has or needs as a folder, and one that is hidden."""
    cure = "choose another path for it in EXTRA_PATH_METADATA"
    *folders, last = name.split("/")
    if last in ("", "..") or ".." in folders or folders[:1] == [""]:
        raise ArchiveError(f"its address {name} would be outside the site; {cure}", path=source)
    if any(folder.startswith(".") for folder in folders):
        reason = f"its address {name} would be in a hidden folder, which is no part of a site"
        raise ArchiveError(f"{reason}; {cure}", path=source)
    taken = next((other for other in written if other == name or other.startswith(f"{name}/")), "")
    if taken:
        raise ArchiveError(f"its address {name} is needed for {taken}, a file of the site itself; {cure}", path=source)


def _counted(count: int, singular: str, plural: str) -> str:
    return f"{count} {singular if count == 1 else plural}"


def day_groups(site: LoadedSite) -> Iterator[OutputGroup]:
    """Yield for each month the pages of its days and entries, with the redirects to them, and its data."""
    catalog = site.catalog
    repository, content = catalog.config.repository, catalog.config.paths.content
    shown = (site.identity, repository, content.resolve().name)  # in linked data, and in links to correct an entry
    common = ([site.renderer.key(name) for name in ("day", "entry", "redirect")], _picture_sizes(site), shown)
    inputs = month_inputs(catalog)
    for first, group in groupby(catalog.dates, first_of_month):
        dates = tuple(group)
        key = digest(catalog.code_key, inputs(dates))
        yield OutputGroup(f"pages {first}", digest(key, common), partial(_pages_of_days, site, dates, shown))
        yield OutputGroup(f"data {first}", key, partial(_data_of_days, catalog, dates))


def _pages_of_days(site: LoadedSite, dates: Sequence[dt.date], shown: object) -> Iterator[OutputFile]:
    """Yield the pages of some days and of their entries."""
    catalog = site.catalog
    repository, content = catalog.config.repository, catalog.config.paths.content

    def page_values(date: dt.date) -> dict[str, Any]:
        day, lines = day_view(catalog, date), catalog.day_cache.lines(date)
        return {
            "day": day,
            "tombstones": tombstone_views(catalog.summary(date).tombstones),
            "linked_data": day_jsonld(day, site.identity),
            "citations": {entry.anchor: cite_entry(entry, catalog.config) for entry in day.entries if not entry.page},
            "corrections": correction_links(repository, content, date, lines) if repository else {},
        }

    for date in dates:
        inputs = (day_inputs(catalog, date), shown)
        yield page_file(site, PageRoute(day_url(date), "day", inputs, partial(page_values, date)))
    for page in chain(entry_pages(catalog, dates), number_redirects(catalog, dates)):
        yield page_file(site, page)


def _data_of_days(catalog: Catalog, dates: Sequence[dt.date]) -> Iterator[OutputFile]:
    """Yield the `entries.json` of some days."""
    for date in dates:
        key = digest(catalog.code_key, day_inputs(catalog, date))
        yield OutputFile(day_data_url(date), key, partial(dump_day_json, catalog, date))


def page_file(site: LoadedSite, page: PageRoute) -> OutputFile:
    """Return the file of a page. Its key is made from its template, settings, code and the page's inputs."""
    # A host serves 404.html for addresses of any depth, so its links cannot be relative.
    root = f"{site.identity.siteurl}/" if page.path == "404.html" and site.identity.siteurl else None
    key = digest(site.catalog.code_key, site.renderer.key(page.template), _picture_sizes(site), page.inputs)
    render = site.renderer.page
    return OutputFile(
        url_to_file(page.path), key, lambda: render(page.template, page.path, page.values(), root), is_kept=True
    )


def search_files(site: LoadedSite, cache: BuildCache) -> Iterator[OutputFile | OutputGroup]:
    """Yield the pages of search and trends, and the index files."""
    yield from index_files(search_days(site.catalog), cache, synonyms(site.catalog))
    yield places_file(site.catalog, site.interface)
    values: dict[str, object] = {"search_manifest": MANIFEST_PATH}
    # With one outlet, each result would name the same.
    search = {**values, "names_outlets": len(site.catalog.outlet_marks) > 1}
    yield page_file(site, PageRoute("search/", "search", search, lambda: search))
    yield page_file(site, PageRoute("trends/", "trends", values, lambda: values))


def page_and_export_files(site: LoadedSite) -> Iterator[OutputFile | OutputGroup]:
    """Yield all other files: static files, overviews, topics, feeds, data, redirects."""
    catalog, identity = site.catalog, site.identity
    static_files = [
        *site.assets.files.items(),
        *change_files(site.changes, identity, site.interface),
        (".nojekyll", b""),
    ]
    yield from static_output_files(static_files)
    yield from topic_groups(site)
    for page in site_pages(site):
        yield page_file(site, page)
    if site.renderer.environment.globals["cards"]:
        yield from card_files(catalog, site.interface, card_fonts(site.assets))
    yield from day_feed(catalog, identity, site.interface)
    yield from feed_files(catalog, identity, site.interface.words.page.title)
    yield from data_files(catalog, identity)
    yield from static_output_files(package_files(catalog, identity, site.changes))


def topic_groups(site: LoadedSite) -> Iterator[OutputGroup]:
    """Yield for each month the pages of its topics."""
    common = (site.catalog.code_key, site.renderer.key("topic_month"), _picture_sizes(site))
    for first, pages in sorted(topic_months(site.catalog).items()):
        key = digest(common, [(page.path, page.inputs) for page in pages])
        yield OutputGroup(f"topics {first}", key, partial(map, partial(page_file, site), pages))


def _picture_sizes(site: LoadedSite) -> object:
    """Return the sizes of pictures that pages show."""
    return site.renderer.environment.globals["picture_sizes"]


def site_pages(site: LoadedSite) -> Iterator[PageRoute]:
    """Yield the routes of all pages except days, months of topics, prose and search."""
    catalog, identity = site.catalog, site.identity
    yield from overview_pages(catalog)
    yield from story_pages(catalog)
    dataset = dataset_jsonld(catalog, identity, site.changes, site.interface.words.data.intro)
    yield from research_pages(catalog, site.changes, dataset)
    yield from redirect_pages(catalog, site.published)


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


def translation_warnings(interface: Interface) -> Iterator[str]:
    """Yield a line if words of the interface are shown in English because they have no translation."""
    if missing := interface.missing:
        some = ", ".join(missing[:_LISTED_WORDS]) + (", …" if len(missing) > _LISTED_WORDS else "")
        yield f"strings/{interface.language.tag}.toml: {_counted(len(missing), 'word', 'words')} in English: {some}"
