"""The options of an ingest, from the command line or the environment."""

import argparse
from collections.abc import Mapping, Sequence

from msgspec import Struct

from .attributes import load_key
from .errors import ArchiveError
from .parsing import Hints, read_hints
from .typed_values import read_switch, split_paths, split_words


class IngestOptions(Struct, frozen=True, kw_only=True):
    """What to read and how; `records` says that the files hold records and not pages."""

    files: tuple[str, ...]
    records: bool
    hints: Hints
    forced: frozenset[str]
    dry: bool


def read_ingest_options(arguments: Sequence[str] | None, names: Mapping[str, str]) -> IngestOptions:
    """Read the command line, with PAGES, RECORDS, FORCE, DRY and the hints of `names` as defaults.

    Args:
        arguments: None for those of the process.
        names: Variables such as the environment's. Files named by arguments replace PAGES and RECORDS.

    Raises:
        ArchiveError: A value is wrong, or both PAGES and RECORDS are given.
        SystemExit: An option is unknown.
    """
    options = argparse.ArgumentParser(
        allow_abbrev=False,
        description="Merge pages or records into the day files. Without a FILE, here or in PAGES or RECORDS, "
        "store the anchors of entries that were typed by hand.",
    )
    options.add_argument("--records", action="store_true", help="FILEs hold records")
    options.add_argument("--dry", action="store_true", help="report everything and write nothing")
    options.add_argument("--force", action="append", default=[], metavar="DATE#ANCHOR", help="take a page's word")
    options.add_argument("files", nargs="*", metavar="FILE", help="a file, a folder, or - for standard input")
    for name in Hints.__struct_fields__:
        options.add_argument(f"--{name}", default=names.get(name.upper(), ""))
    given = options.parse_args(arguments)
    if given.records and not given.files:
        options.error("--records needs a FILE")
    files, records = (given.files, given.records) if given.files else _typed_files(names)
    return IngestOptions(
        files=tuple(files),
        records=records,
        hints=read_hints({name: getattr(given, name) for name in Hints.__struct_fields__}),
        forced=frozenset(map(_forced_name, given.force or split_words(names.get("FORCE", "")))),
        dry=given.dry or read_switch("DRY", names.get("DRY", "")),
    )


def _typed_files(names: Mapping[str, str]) -> tuple[list[str], bool]:
    """Return the files that PAGES or RECORDS names, and whether they hold records."""
    pages, records = names.get("PAGES", ""), names.get("RECORDS", "")
    if pages.strip() and records.strip():
        raise ArchiveError(f"both PAGES={pages} and RECORDS={records} are given; run make ingest once for each")
    return (split_paths(records), True) if records.strip() else (split_paths(pages), False)


def _forced_name(name: str) -> str:
    """Check the name of an entry or of a day's lede, ``2023-06-02#lede``, and return it in its one form."""
    date, _, anchor = name.partition("#")
    try:
        key = load_key(f"{date}#t0000" if anchor == "lede" else name)
    except ArchiveError:
        cure = "write 2023-06-02#t1329 or 2023-06-02#lede"
        raise ArchiveError(f"FORCE={name} names neither an entry nor a lede; {cure}") from None
    return f"{key[0]}#{anchor}"
