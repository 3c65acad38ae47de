"""Content, settings and theme → a `Site`: all that its files are made from, read and checked."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from ..archive import DayFile, check_moves, load_topics
from ..errors import ArchiveError
from ..publishing import load_addresses
from ..records import is_address
from ..search import lunr_script
from ..settings import settings_from
from ..sitefile import key_of
from ..store import Store
from .assets import Assets, load_assets
from .collection import Collection
from .day_parts import Means
from .discovery import OPEN_SEARCH
from .edition import Edition, make_edition
from .imprint import Imprint
from .languages import direction
from .makers import code_digest, settings_digest
from .prose import check_prose
from .provenance import Change, changes
from .rendering import Renderer
from .words import Strings, load_strings, word_filters

_TEMPLATES = frozenset(
    [
        *("404", "changes", "data", "day", "days", "excerpts", "index", "month", "page", "redirect", "search"),
        *("sources", "topic", "topic_month", "topics", "year"),
    ]
)


class Site(Struct, frozen=True, kw_only=True):
    """An archive and its theme, ready to be made into files.

    `published` are the addresses of the list, `log` all changes, `lunr` the script's path and bytes.
    """

    content: Path
    edition: Edition
    imprint: Imprint
    strings: Strings
    assets: Assets
    renderer: Renderer
    published: frozenset[str]
    log: tuple[Change, ...]
    lunr: tuple[str, bytes]


def load_site(names: Mapping[str, Any], days: Sequence[DayFile], store: Store) -> Site:
    """Read all of it; `names` are Pelican's settings, `days` its day files, `store` keeps what days are made into.

    Any mistake is an ArchiveError, raised before a byte of output is written.
    """
    settings, siteurl = settings_from(dict(names)), _checked_siteurl(names["SITEURL"])
    imprint = Imprint(name=settings.name, identity=settings.identity, siteurl=siteurl, lang=settings.lang)
    theme, content = Path(names["THEME"]), Path(names["PATH"])
    strings, assets, lunr = load_strings(theme), load_assets(theme), lunr_script()
    shown = {
        "site": settings,
        "siteurl": imprint.siteurl,
        "strings": strings,
        "lang": imprint.lang,
        "static": assets.static,
        "open_search": OPEN_SEARCH if imprint.siteurl else "",
    }
    renderer = Renderer(theme, shown, {**word_filters(strings), "direction": direction})
    check_prose(content)
    topics = load_topics(content)
    code, look = code_digest(), key_of(renderer.digest, repr(strings))
    making = key_of(code, look, imprint, settings_digest(settings), list(topics.declared.values()))
    _check_templates(renderer, store, key_of(code, look))
    means = Means(settings=settings, topics=topics, imprint=imprint, excerpts=renderer.excerpts)
    collection = Collection(days, means, store, (code, making))
    edition = make_edition(collection, topics, settings, key_of(making, assets.names, lunr[0], content.name))
    anchors = {(date, anchor) for date, summary in edition.summaries.items() for anchor in summary.anchors}
    graves = [(date, entry) for date, entry in edition.tombstones]
    check_moves(content, graves, anchors | {(date, entry.anchor) for date, entry in graves})
    return Site(
        content=content,
        edition=edition,
        imprint=imprint,
        strings=strings,
        assets=assets,
        renderer=renderer,
        published=load_addresses(content),
        log=changes(edition),
        lunr=lunr,
    )


def _check_templates(renderer: Renderer, store: Store, key: bytes) -> None:
    # A broken template stops a build before it writes; one look at each state of a theme is enough.
    if store.recall(b"templates" + key) is None:
        renderer.check(_TEMPLATES)
        store.keep(b"templates" + key, b"good")


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
    return is_address(parts.geturl()) and bool(host) and not (parts.query or parts.fragment)
