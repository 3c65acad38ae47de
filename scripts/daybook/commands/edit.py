"""`daybook withdraw`, `move` and `join`: edit entries so that each published address still leads somewhere."""

import argparse
import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from daybook.archive.content import list_content_files
from daybook.archive.day_store import DayStore
from daybook.archive.tombstones import join_entries, move_entry, withdraw_entry
from daybook.commands.arguments import add_path_arguments, build_paths
from daybook.core.config import load_config
from daybook.core.errors import ArchiveError
from daybook.core.files import lock_folders


@contextmanager
def open_days(options: argparse.Namespace, environ: Mapping[str, str]) -> Iterator[DayStore]:
    """Return the day files that a command changes; no other command writes them meanwhile."""
    paths = build_paths(options, environ)
    zone = load_config(paths).zone_name
    with lock_folders(paths.content):
        list_content_files(paths.content / "days")  # refuse symbolic links before anything is written through them
        yield DayStore(paths.content, zone)


def add_withdraw_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("entry", nargs="?", metavar="ENTRY", help="such as 2023-06-02#t1329; default: $ENTRY")
    parser.add_argument("--reason", help="the reason that readers see; default: $REASON")
    add_path_arguments(parser, "content", "conf")


def withdraw(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Replace an entry with a tombstone and return 0."""
    reason = environ.get("REASON", "") if options.reason is None else options.reason
    with open_days(options, environ) as store:
        path = withdraw_entry(store, options.entry or environ.get("ENTRY", ""), reason)
    print(f"{path}: text removed, anchor kept (the text is still in git's history)")
    return 0


def add_move_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("entry", nargs="?", metavar="ENTRY", help="such as 2023-06-02#t2355; default: $ENTRY")
    parser.add_argument("to", nargs="?", metavar="DATE", help="the entry's day, such as 2023-06-01; default: $TO")
    add_path_arguments(parser, "content", "conf")


def move(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Move an entry to another day and return 0."""
    to = options.to or environ.get("TO", "")
    with open_days(options, environ) as store:
        try:
            day = dt.datetime.strptime(to, "%Y-%m-%d").date()
        except ValueError:
            raise ArchiveError(f"invalid date TO={to!r}; write it as TO=2023-06-01") from None
        date, anchor = move_entry(store, options.entry or environ.get("ENTRY", ""), day)
    print(f"The entry is now {date}#{anchor}; links to the old address are redirected")
    return 0


def add_join_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kept", nargs="?", metavar="A", help="the entry to keep, such as 2023-06-02#t1329; default: $A")
    parser.add_argument("other", nargs="?", metavar="B", help="the entry that is a correction of it; default: $B")
    add_path_arguments(parser, "content", "conf")


def join(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Make two entries one and return 0."""
    kept, other = options.kept or environ.get("A", ""), options.other or environ.get("B", "")
    with open_days(options, environ) as store:
        date, anchor = join_entries(store, kept, other)
    print(f"The two are now {date}#{anchor}; links to the other address are redirected")
    return 0
