"""Load an archive and its theme: everything that the files of a site are written from, read and checked."""

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from msgspec import Struct

from daybook.archive.content import DayFile, check_moved_entries, check_page_files, load_addresses, load_topics
from daybook.core.config import Config
from daybook.core.errors import ArchiveError
from daybook.core.hashing import code_digest, digest
from daybook.core.model import minute_of_day
from daybook.core.text import is_url, isolate_bidi
from daybook.incremental.cache import BuildCache
from daybook.site.inputs import config_digest
from daybook.site.views.catalog import ArchiveChange, Catalog, build_catalog, list_changes
from daybook.site.views.day_cache import DayCache, RenderContext
from daybook.site.views.feed_formats import FEED_FORMATS
from daybook.site.views.i18n import Strings, bdi_element, load_strings, text_direction, text_filters
from daybook.site.views.theme import Assets, TemplateRenderer, load_assets, lunr_script
from daybook.site.views.urls import OPENSEARCH_FILE, SiteIdentity

_FILTERS: dict[str, Callable[..., object]] = {
    "direction": text_direction,
    "minute_of_day": minute_of_day,
    "bdi": bdi_element,  # text of the content in a line with other text
    "isolate": isolate_bidi,  # the same in a title or an attribute
}
_OVERVIEW_TEMPLATES = {"index", "month", "year", "days", "topics", "topic", "topic_month", "redirect", "404"}
_TEMPLATES = frozenset(_OVERVIEW_TEMPLATES | {"day", "excerpts", "page", "search", "data", "sources", "changes"})


class LoadedSite(Struct, frozen=True, kw_only=True):
    """An archive and its theme, ready to be rendered.

    `published` are the addresses in the list of published ones, `changes` the log of all changes, and `lunr`
    is the path and the bytes of lunr.js.
    """

    catalog: Catalog
    identity: SiteIdentity
    strings: Strings
    assets: Assets
    renderer: TemplateRenderer
    published: frozenset[str]
    changes: tuple[ArchiveChange, ...]
    lunr: tuple[str, bytes]


def load_site(config: Config, days: Sequence[DayFile], cache: BuildCache) -> LoadedSite:
    """Read and check all of an archive's content and its theme.

    `cache` holds what earlier builds computed from the day files.

    Raises:
        ArchiveError: Anything is wrong. Nothing has been written to the output.
    """
    siteurl = config.paths.siteurl.rstrip("/")
    if siteurl and not _is_site_url(siteurl):
        reason = f"SITEURL {config.paths.siteurl!r} is not an address; write it as https://example.org/archive"
        raise ArchiveError(reason)
    identity = SiteIdentity(name=config.name, identity=config.identity, siteurl=siteurl, lang=config.lang)
    strings, assets, lunr = load_strings(config.theme), load_assets(config.theme), lunr_script()
    template_names = {
        "site": config,
        "siteurl": identity.siteurl,
        "strings": strings,
        "lang": identity.lang,
        "static": assets.static,
        "feed_formats": FEED_FORMATS,
        "open_search": OPENSEARCH_FILE if identity.siteurl else "",
    }
    renderer = TemplateRenderer(config.theme, template_names, {**text_filters(strings), **_FILTERS})
    content = config.paths.content
    check_page_files(content)
    topics = load_topics(content)
    code, theme = code_digest(), digest(renderer.digest, repr(strings))
    parts_key = digest(code, theme, identity, config_digest(config), list(topics.declared.values()))
    # All templates are compiled once for each state of the theme: a broken one stops a build before it writes.
    templates_key = b"templates" + digest(code, theme)
    if cache.get(templates_key) is None:
        renderer.check(_TEMPLATES)
        cache.put(templates_key, b"good")
    context = RenderContext(config=config, topics=topics, identity=identity, excerpts=renderer.excerpts)
    day_cache = DayCache(days, context, cache, (code, parts_key))
    pages_key = digest(parts_key, assets.names, lunr[0], content.resolve().name)
    catalog = build_catalog(day_cache, topics, config, pages_key)
    # A tombstone may lead only to an entry that exists, or to another tombstone.
    tombstones = list(catalog.tombstones)
    entries = {(date, anchor) for date, summary in catalog.summaries.items() for anchor in summary.anchors}
    check_moved_entries(content, tombstones, entries | {(date, entry.anchor) for date, entry in tombstones})
    return LoadedSite(
        catalog=catalog,
        identity=identity,
        strings=strings,
        assets=assets,
        renderer=renderer,
        published=load_addresses(content),
        changes=list_changes(catalog),
        lunr=lunr,
    )


def _is_site_url(url: str) -> bool:
    """Tell whether a site can have this address: a host, perhaps a port and a path, but no user or password."""
    try:
        parts = urlsplit(url)
        host = parts.hostname and (parts.port is None or parts.port > 0) and "@" not in parts.netloc
    except ValueError:  # a bracket, or a port that is no number
        return False
    return is_url(parts.geturl()) and bool(host) and not (parts.query or parts.fragment)
