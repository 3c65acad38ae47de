"""One build: what it prints from, where it prints to, and the count at its end."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..archive import load_archive
from ..errors import ArchiveError
from ..search import Document, index_files, lunr_script
from ..settings import settings_from
from .assets import Assets, load_assets
from .documents import document
from .edition import Edition, make_edition
from .output import Output
from .prose import check_prose
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
        content = Path(names["PATH"])
        check_prose(content)
        self.edition: Edition = make_edition(load_archive(content), settings_from(names))
        self.cache = _cache_of(Path(names["CACHE_PATH"]), self.output.folder)
        self.day_pages = 0
        self.indexed = 0

    def templates_see(self) -> dict[str, Any]:
        """Give the names that every template knows."""
        return {
            "site": self.edition.settings,
            "siteurl": self.siteurl,
            "strings": self.strings,
            "static": self.assets.static,
            "counts": self.edition.counts,
        }

    def other_files(self) -> Iterator[tuple[str, bytes]]:
        """Give all files that are no pages: the theme's, the search index, what hosts ask for."""
        yield from self.assets.files.items()
        yield self.lunr
        yield from index_files(self._documents(), self.cache)
        yield "robots.txt", b"User-agent: *\nAllow: /\n"
        yield ".nojekyll", b""

    def close(self) -> str:
        """Compare what went in with what came out, remove what is left over, say what was done."""
        counts = self.edition.counts
        if (self.day_pages, self.indexed) != (counts["days"], counts["entries"]):
            read = f"{counts['days']} days and {counts['entries']} entries were read"
            made = f"{self.day_pages} day pages and {self.indexed} entries of the index"
            raise ArchiveError(f"{read}, but {made} were made")
        self.output.finish()
        pages = sum(name.endswith(".html") for name in self.output.written)
        changes = [("written", self.output.changed), ("removed", self.output.removed)]
        done = ", ".join(f"{count} {_plural('file', count)} {what}" for what, count in changes if count)
        sizes = ", ".join(
            f"{count} {_plural(noun, count)}"
            for noun, count in (("day", counts["days"]), ("entry", counts["entries"]), ("page", pages))
        )
        return f"{sizes}; {done or 'nothing changed'}"

    def _documents(self) -> Iterator[tuple[dt.date, tuple[Document, ...]]]:
        for date, entries in self.edition.entries.items():
            self.indexed += len(entries)
            yield date, tuple(document(entry, self.edition) for entry in entries)


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
