"""One build: what it prints from, where it prints to, and the count at its end."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..archive import load_archive
from ..errors import ArchiveError
from ..publishing import load_addresses
from ..search import Document, index_files, lunr_script
from ..settings import settings_from
from .addresses import data_path, entry_path
from .articles import DayArticle
from .assets import Assets, load_assets
from .corrections import correction_links
from .data_files import data_files
from .day_data import day_data
from .discovery import OPEN_SEARCH, discovery_files
from .documents import document, families
from .edition import Edition, make_edition
from .feeds import feed_files
from .imprint import Imprint
from .linked_data import day_linked_data
from .output import Output
from .prose import check_prose
from .provenance import changes
from .provenance_feed import change_files
from .redirects import present_addresses
from .tombstones import tombstone_views
from .words import Strings, load_strings

KEY = "DAYBOOK"  # where Pelican's settings carry the Press to readers, generators and writer


class Press:
    """Everything a build needs, and its counts as it goes."""

    def __init__(self, names: dict[str, Any]) -> None:
        """Read and check all content and the theme; `names` are Pelican's settings.

        Any mistake is an ArchiveError, raised before a byte of output is written.
        """
        self.siteurl = _checked_siteurl(names["SITEURL"])
        self.output = Output(Path(names["OUTPUT_PATH"]))
        theme = Path(names["THEME"])
        self.strings: Strings = load_strings(theme)
        self.assets: Assets = load_assets(theme)
        self.lunr: tuple[str, bytes] = lunr_script()
        self.content = Path(names["PATH"])
        check_prose(self.content)
        archive = load_archive(self.content)
        self.edition: Edition = make_edition(archive, settings_from(names))
        self.tombstones = archive.tombstones
        self.published = load_addresses(self.content)
        self.log = changes(self.edition, self.tombstones)
        self.imprint = _imprint(names, self.siteurl)
        self.cache = _cache_of(Path(names["CACHE_PATH"]), self.output.folder)
        self.day_pages = 0
        self.indexed = 0
        self.finished = False

    def templates_see(self) -> dict[str, Any]:
        """Give the names that every template knows."""
        return {
            "site": self.edition.settings,
            "siteurl": self.siteurl,
            "strings": self.strings,
            "lang": self.imprint.lang,
            "static": self.assets.static,
            "open_search": OPEN_SEARCH if self.siteurl else "",
            "counts": self.edition.counts,
        }

    def day_values(self, article: DayArticle) -> dict[str, Any]:
        """Give what a day's template sees, and write its data beside the page."""
        day, date = article.view(), article.date_of_page
        self.day_pages += 1
        self.output.put(data_path(date), day_data(day))
        repository = self.edition.settings.repository
        return {
            "day": day,
            "tombstones": tombstone_views(self.tombstones.get(date, ())),
            "linked_data": day_linked_data(day, self.imprint),
            "corrections": correction_links(repository, self.content, date) if repository else {},
        }

    def other_files(self) -> Iterator[tuple[str, bytes]]:
        """Give all files that are neither pages nor made of them: the theme's, the index, feeds."""
        yield from self.assets.files.items()
        yield self.lunr
        yield from index_files(self._documents(), self.cache, families(self.edition))
        yield from feed_files(self.edition, self.imprint)
        yield from data_files(self.edition)
        yield from change_files(self.log, self.imprint, self.strings)
        yield ".nojekyll", b""

    def close(self) -> str:
        """Compare what went in with what came out, remove what is left over, say what was done."""
        counts = self.edition.counts
        if (self.day_pages, self.indexed) != (counts["days"], counts["entries"]):
            read = f"{counts['days']} days and {counts['entries']} entries were read"
            made = f"{self.day_pages} day pages and {self.indexed} entries of the index"
            raise ArchiveError(f"{read}, but {made} were made")
        label = self.strings.search.label
        for name, data in discovery_files(tuple(self.output.written), self.imprint, label):
            self.output.put(name, data)
        self.output.finish()
        self.finished = True
        pages = sum(name.endswith(".html") for name in self.output.written)
        changes = [("written", self.output.changed), ("removed", self.output.removed)]
        done = ", ".join(f"{count} {_plural('file', count)} {what}" for what, count in changes if count)
        sizes = ", ".join(
            f"{count} {_plural(noun, count)}"
            for noun, count in (("day", counts["days"]), ("entry", counts["entries"]), ("page", pages))
        )
        return f"{sizes}; {done or 'nothing changed'}"

    def addresses(self) -> frozenset[str]:
        """Give every page and entry that the finished site answers for."""
        if not self.finished:
            raise ArchiveError("the build did not finish; nothing of it can be published", path=self.output.folder)
        graves = ((date, entry.anchor) for date, entries in self.tombstones.items() for entry in entries)
        entries = (entry.path for views in self.edition.entries.values() for entry in views)
        return present_addresses(self.output.written, (*entries, *(entry_path(*key) for key in graves)))

    def _documents(self) -> Iterator[tuple[dt.date, tuple[Document, ...]]]:
        for date, entries in self.edition.entries.items():
            self.indexed += len(entries)
            yield date, tuple(document(entry, self.edition) for entry in entries)


def _imprint(names: dict[str, Any], siteurl: str) -> Imprint:
    name, lang = names["SITENAME"], names["DEFAULT_LANG"]
    identity = names.get("ARCHIVE_ID", name)
    if not (isinstance(identity, str) and identity.strip() and isinstance(lang, str) and lang.strip()):
        raise ArchiveError("ARCHIVE_ID or DEFAULT_LANG is no text; correct it or delete it from CONF")
    return Imprint(name=name, identity=identity, siteurl=siteurl, lang=lang)


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else {"entry": "entries"}.get(noun, f"{noun}s")


def _checked_siteurl(text: str) -> str:
    siteurl = text.rstrip("/")
    parts = urlsplit(siteurl)
    good = parts.scheme in ("http", "https") and parts.netloc and not (parts.query or parts.fragment)
    if siteurl and not good:
        raise ArchiveError(f"SITEURL {text!r} is not an address; write it as https://example.org/archive")
    return siteurl


def _cache_of(cache: Path, output: Path) -> Path:
    # One place for each OUTPUT, so that two archives never push each other out.
    return cache / hashlib.sha256(str(output).encode()).hexdigest()[:16]
