"""The ledger: what became of every line of each page, kept with the archive.

One text file a page, ``content/ledger/2023-06-02-dd5e29a7.txt``: which page it was, and runs
of lines with one fate. The page itself is not kept; only a line that nothing understood
stands there in full, since it may hold what the archive misses:

    page: saved.txt
    sha256: dd5e29a7…
    entries: 17
    1 title
    24 stamp
    26-30 entry
    160 boilerplate: loading
    170 not understood: What is this line?
"""

from itertools import groupby
from pathlib import Path, PurePath

from .errors import ArchiveError
from .parsing import Fate, Line, Page


def ledger_folder(content: Path) -> Path:
    """Name the folder of all ledgers; a link in its place is an ArchiveError."""
    folder = content / "ledger"
    if folder.is_symlink():
        raise ArchiveError("a link to elsewhere is not content; move the folder here", path=folder)
    return folder


def ledger_path(content: Path, page: Page) -> Path | None:
    """Name a page's ledger; None for a page that gave no entry."""
    source = page.records[0].source if page.records else None
    if source is None or source.date is None or not source.sha256:
        return None
    return ledger_folder(content) / f"{source.date}-{source.sha256[:8]}.txt"


def dump_ledger(page: Page) -> str:
    """Write a page's ledger: same page, same bytes."""
    source = page.records[0].source
    rows = [f"page: {PurePath(page.name).name}", f"sha256: {source.sha256 if source else ''}"]
    rows.append(f"entries: {len(page.records)}")
    for label, lines in groupby(page.lines, _label):
        run = list(lines)
        first, last = run[0].number, run[-1].number
        rows.append(f"{first}-{last} {label}" if first != last else f"{first} {label}")
    return "\n".join([*rows, *(f"problem: {problem.reason}" for problem in page.problems), ""])


def _label(line: Line) -> str:
    detail = line.text if line.fate is Fate.NOT_UNDERSTOOD else line.why
    return f"{line.fate.value}: {detail}" if detail else line.fate.value
