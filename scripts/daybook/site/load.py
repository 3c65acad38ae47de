"""Load an archive and its theme: everything that the files of a site are written from, read and checked."""

from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from daybook.archive.content import DayFile, check_moved_entries, check_page_files, load_addresses, load_topics
from daybook.core.config import Config
from daybook.core.errors import ArchiveError
from daybook.core.hashing import code_digest, digest
from daybook.core.model import minute_of_day
from daybook.core.text import is_url
from daybook.incremental.cache import BuildCache
from daybook.site.inputs import config_digest
from daybook.site.views.catalog import ArchiveChange, Catalog, build_catalog, list_changes
from daybook.site.views.day_cache import DayCache, RenderContext
from daybook.site.views.i18n import Strings, load_strings, text_direction, text_filters
from daybook.site.views.theme import Assets, TemplateRenderer, load_assets, lunr_script
from daybook.site.views.urls import OPENSEARCH_FILE, SiteIdentity

_FILTERS: dict[str, Callable[..., object]] = {"direction": text_direction, "minute_of_day": minute_of_day}
_TEMPLATES = frozenset(
    [
        "404",
        "changes",
        "data",
        "day",
        "days",
        "excerpts",
        "index",
        "month",
        "page",
        "redirect",
        "search",
        "sources",
        "topic",
        "topic_month",
        "topics",
        "year",
    ]
)


class LoadedSite(Struct, frozen=True, kw_only=True):
    """An archive and its theme, ready to be rendered.

    `published` are the addresses in the list of published ones, `changes` the log of all changes, and `lunr`
    is the path and the bytes of lunr.js.
    """

    content: Path
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

    Args:
        config: The archive's settings and paths.
        days: Its day files.
        cache: Holds what earlier builds computed from day files.

    Raises:
        ArchiveError: Anything is wrong. Nothing has been written to the output.
    """
    siteurl = _checked_siteurl(config.paths.siteurl)
    identity = SiteIdentity(name=config.name, identity=config.identity, siteurl=siteurl, lang=config.lang)
    content = config.paths.content
    strings, assets, lunr = load_strings(config.theme), load_assets(config.theme), lunr_script()
    template_names = {
        "site": config,
        "siteurl": identity.siteurl,
        "strings": strings,
        "lang": identity.lang,
        "static": assets.static,
        "open_search": OPENSEARCH_FILE if identity.siteurl else "",
    }
    filters = {**text_filters(strings), **_FILTERS}
    renderer = TemplateRenderer(config.theme, template_names, filters)
    check_page_files(content)
    topics = load_topics(content)
    code, theme = code_digest(), digest(renderer.digest, repr(strings))
    parts_key = digest(code, theme, identity, config_digest(config), list(topics.declared.values()))
    _check_templates(renderer, cache, digest(code, theme))
    context = RenderContext(config=config, topics=topics, identity=identity, excerpts=renderer.excerpts)
    day_cache = DayCache(days, context, cache, (code, parts_key))
    pages_key = digest(parts_key, assets.names, lunr[0], content.resolve().name)
    catalog = build_catalog(day_cache, topics, config, pages_key)
    _check_moves(content, catalog)
    return LoadedSite(
        content=content,
        catalog=catalog,
        identity=identity,
        strings=strings,
        assets=assets,
        renderer=renderer,
        published=load_addresses(content),
        changes=list_changes(catalog),
        lunr=lunr,
    )


def _check_moves(content: Path, catalog: Catalog) -> None:
    """Refuse a tombstone that leads to an entry that does not exist."""
    tombstones = [(date, entry) for date, entry in catalog.tombstones]
    entries = {(date, anchor) for date, summary in catalog.summaries.items() for anchor in summary.anchors}
    check_moved_entries(content, tombstones, entries | {(date, entry.anchor) for date, entry in tombstones})


def _check_templates(renderer: TemplateRenderer, cache: BuildCache, key: bytes) -> None:
    """Compile all templates, once for each state of the theme: a broken one stops a build before it writes."""
    if cache.get(b"templates" + key) is None:
        renderer.check(_TEMPLATES)
        cache.put(b"templates" + key, b"good")


def _checked_siteurl(text: str) -> str:
    siteurl = text.rstrip("/")
    if siteurl and not _is_site_url(siteurl):
        raise ArchiveError(f"SITEURL {text!r} is not an address; write it as https://example.org/archive")
    return siteurl


def _is_site_url(url: str) -> bool:
    """Tell whether a site can have this address: a host, perhaps a port and a path, but no user or password."""
    try:
        parts = urlsplit(url)
        host = parts.hostname and (parts.port is None or parts.port > 0) and "@" not in parts.netloc
    except ValueError:  # a bracket, or a port that is no number
        return False
    return is_url(parts.geturl()) and bool(host) and not (parts.query or parts.fragment)
