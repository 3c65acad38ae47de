"""One build: its site, its output, its stores, and the count at its end."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from ..archive import find_days
from ..errors import ArchiveError
from ..publishing import lost
from ..search import MANIFEST_PATH, entries_of
from ..store import Store
from .addresses import entry_path, file_of
from .doubts import doubts
from .files import day_files, index_of, last_files, other_files, prose_file
from .last_build import Finished, LastBuild, place_in
from .loading import Site, load_site
from .makers import Inputs
from .output import Output
from .overviews import PageView
from .redirects import present_addresses

KEY = "DAYBOOK"  # where Pelican's settings carry the Press to readers, generators and writer
INPUTS = "DAYBOOK_INPUTS"  # and the Inputs, where somebody found them already


class Press:
    """Everything a build needs, and its counts as it goes."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        """Read and check all content and the theme; `names` are Pelican's settings.

        Any mistake is an ArchiveError, raised before a byte of output is written.
        """
        output = Path(names["OUTPUT_PATH"])
        cache = place_in(Path(names["CACHE_PATH"]), output)
        inputs: Inputs | None = names.get(INPUTS)
        self._inputs = inputs
        self._last = LastBuild(cache)
        self._stores = {name: Store(cache / f"{name}.sqlite") for name in ("days", "files", "search")}
        self.output = Output(output, self._last, self._stores["files"])
        days = inputs.days if inputs else find_days(Path(names["PATH"]))
        self.site: Site = load_site(names, days, self._stores["days"])
        self.day_pages = 0  # as Pelican asks for them

    def print_days(self) -> None:
        """Write all days and their data, before Pelican asks for them one by one."""
        self.output.open(self._inputs.present() if self._inputs else None)
        self.output.put(day_files(self.site))

    def print_prose(self, view: PageView) -> None:
        """Write a page of prose."""
        self.output.put([prose_file(self.site, view)])

    def print_rest(self) -> None:
        """Write everything else."""
        self.output.put(index_of(self.site, self._stores["search"]))
        self.output.put(other_files(self.site))
        self.output.put(last_files(self.site, sorted(self.output.written)))

    def close(self) -> str:
        """Compare what went in with what came out, remove what is left over, say what was done."""
        self._check_counts()
        self.output.finish()
        counts = self.site.edition.counts
        pages = sum(name.endswith(".html") for name in self.output.written)
        sizes = ", ".join(
            f"{count} {_plural(noun, count)}"
            for noun, count in (("day", counts["days"]), ("entry", counts["entries"]), ("page", pages))
        )
        for store in self._stores.values():
            store.close()
        # What was edited while it was read may be on no page yet: the next build must not say that nothing changed.
        digest = self._inputs.digest if self._inputs and self._inputs.hold() else b""
        self._last.finish(Finished(inputs=digest, line=sizes, doubts=self.doubts, files=self.output.written))
        changes = [("written", self.output.changed), ("removed", self.output.removed)]
        done = ", ".join(f"{count} {_plural('file', count)} {what}" for what, count in changes if count)
        return f"{sizes}; {done or 'nothing changed'}"

    def _check_counts(self) -> None:
        counts = self.site.edition.counts
        written = sum(file_of(link.path) in self.output.written for link in self.site.edition.links.values())
        days = min(self.day_pages, written)
        indexed = entries_of((self.output.folder / MANIFEST_PATH).read_bytes())
        if (days, indexed) != (counts["days"], counts["entries"]):
            read = f"{counts['days']} days and {counts['entries']} entries were read"
            raise ArchiveError(f"{read}, but {days} day pages and {indexed} entries of the index were made")

    @cached_property
    def doubts(self) -> tuple[str, ...]:
        """Give what a person should look at, a line each."""
        missing = tuple(lost(self.site.published, self.addresses)) if self.site.published else ()
        return tuple(doubts(self.site.edition, missing))

    @cached_property
    def addresses(self) -> frozenset[str]:
        """Give every page and entry that the finished site answers for."""
        summaries = self.site.edition.summaries
        entries = [entry_path(date, anchor) for date, summary in summaries.items() for anchor in summary.anchors]
        entries += [entry_path(date, entry.anchor) for date, entry in self.site.edition.tombstones]
        return present_addresses(self.output.written, entries)


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else {"entry": "entries"}.get(noun, f"{noun}s")
