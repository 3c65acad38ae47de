"""`daybook withdraw` and `daybook move`: edit one entry so that its published address still leads somewhere."""

import argparse
import datetime as dt
from collections.abc import Mapping

from daybook.archive.tombstones import move_entry, withdraw_entry
from daybook.commands.arguments import add_path_arguments, build_paths
from daybook.core.errors import ArchiveError
from daybook.core.files import lock_folders


def add_withdraw_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("entry", nargs="?", metavar="ENTRY", help="such as 2023-06-02#t1329; default: $ENTRY")
    parser.add_argument("--reason", help="the reason that readers see; default: $REASON")
    add_path_arguments(parser, "content")


def withdraw(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Replace an entry with a tombstone and return 0."""
    content = build_paths(options, environ).content
    reason = environ.get("REASON", "") if options.reason is None else options.reason
    with lock_folders(content):
        path = withdraw_entry(content, options.entry or environ.get("ENTRY", ""), reason)
    print(f"{path}: text removed, anchor kept (the text is still in git's history)")
    return 0


def add_move_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("entry", nargs="?", metavar="ENTRY", help="such as 2023-06-02#t2355; default: $ENTRY")
    parser.add_argument("to", nargs="?", metavar="DATE", help="the entry's day, such as 2023-06-01; default: $TO")
    add_path_arguments(parser, "content")


def move(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Move an entry to another day and return 0."""
    content = build_paths(options, environ).content
    to = options.to or environ.get("TO", "")
    with lock_folders(content):
        try:
            day = dt.datetime.strptime(to, "%Y-%m-%d").date()
        except ValueError:
            raise ArchiveError(f"invalid date TO={to!r}; write it as TO=2023-06-01") from None
        date, anchor = move_entry(content, options.entry or environ.get("ENTRY", ""), day)
    print(f"The entry is now {date}#{anchor}; links to the old address are redirected")
    return 0
