"""Content, settings and theme → a `Site`: all that its files are made from, read and checked."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from daybook.archive.content import DayFile, check_moved_entries, check_page_files, load_addresses, load_topics
from daybook.core.config import config_from_names
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

_TEMPLATES = frozenset(
    [
        *("404", "changes", "data", "day", "days", "excerpts", "index", "month", "page", "redirect", "search"),
        *("sources", "topic", "topic_month", "topics", "year"),
    ]
)


class LoadedSite(Struct, frozen=True, kw_only=True):
    """An archive and its theme, ready to be made into files.

    `published` are the addresses of the list, `log` all changes, `lunr` the script's path and bytes.
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


def load_site(names: Mapping[str, Any], days: Sequence[DayFile], store: BuildCache) -> LoadedSite:
    """Read all of it; `names` are Pelican's settings, `days` its day files, `store` keeps what days are made into.

    Any mistake is an ArchiveError, raised before a byte of output is written.
    """
    settings, siteurl = config_from_names(dict(names)), _checked_siteurl(names["SITEURL"])
    imprint = SiteIdentity(name=settings.name, identity=settings.identity, siteurl=siteurl, lang=settings.lang)
    theme, content = Path(names["THEME"]), Path(names["PATH"])
    strings, assets, lunr = load_strings(theme), load_assets(theme), lunr_script()
    shown = {
        "site": settings,
        "siteurl": imprint.siteurl,
        "strings": strings,
        "lang": imprint.lang,
        "static": assets.static,
        "open_search": OPENSEARCH_FILE if imprint.siteurl else "",
    }
    renderer = TemplateRenderer(
        theme, shown, {**text_filters(strings), "direction": text_direction, "minute_of_day": minute_of_day}
    )
    check_page_files(content)
    topics = load_topics(content)
    code, look = code_digest(), digest(renderer.digest, repr(strings))
    making = digest(code, look, imprint, config_digest(settings), list(topics.declared.values()))
    _check_templates(renderer, store, digest(code, look))
    means = RenderContext(settings=settings, topics=topics, identity=imprint, excerpts=renderer.excerpts)
    collection = DayCache(days, means, store, (code, making))
    edition = build_catalog(collection, topics, settings, digest(making, assets.names, lunr[0], content.name))
    anchors = {(date, anchor) for date, summary in edition.summaries.items() for anchor in summary.anchors}
    graves = [(date, entry) for date, entry in edition.tombstones]
    check_moved_entries(content, graves, anchors | {(date, entry.anchor) for date, entry in graves})
    return LoadedSite(
        content=content,
        catalog=edition,
        identity=imprint,
        strings=strings,
        assets=assets,
        renderer=renderer,
        published=load_addresses(content),
        changes=list_changes(edition),
        lunr=lunr,
    )


def _check_templates(renderer: TemplateRenderer, store: BuildCache, key: bytes) -> None:
    # A broken template stops a build before it writes; one look at each state of a theme is enough.
    if store.get(b"templates" + key) is None:
        renderer.check(_TEMPLATES)
        store.put(b"templates" + key, b"good")


def _checked_siteurl(text: str) -> str:
    siteurl = text.rstrip("/")
    if siteurl and not _is_home(siteurl):
        raise ArchiveError(f"SITEURL {text!r} is not an address; write it as https://example.org/archive")
    return siteurl


def _is_home(address: str) -> bool:
    """Tell whether a site can have this address: a host, perhaps a port and a path, and nobody's password."""
    try:
        parts = urlsplit(address)
        host = parts.hostname and (parts.port is None or parts.port > 0) and "@" not in parts.netloc
    except ValueError:  # a bracket, or a port that is no number
        return False
    return is_url(parts.geturl()) and bool(host) and not (parts.query or parts.fragment)
