"""`daybook withdraw`, `move`, `join`, `zone`, `mend`, `convert`: change stored entries; addresses stay valid."""

import argparse
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec.structs import replace

from daybook.archive.content import day_file_path, find_day_files, list_content_files, read_day_with_lines
from daybook.archive.credits import CaptureOrder, has_old_credits, mend_old_credits
from daybook.archive.day_store import DayStore
from daybook.archive.time_zone import convert_days
from daybook.archive.tombstones import join_entries, move_entry, withdraw_entry
from daybook.commands.arguments import add_path_arguments, build_paths
from daybook.core.config import known_zone, load_config
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


def add_zone_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "Convert the headings of all days to the time zone TIMEZONE of the settings file."
    parser.add_argument("old", nargs="?", metavar="FROM", help="the zone of days that name none; default: $FROM")
    add_path_arguments(parser, "content", "conf")


def zone(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Convert all days and return 0.

    Raises ArchiveError if days are in several zones, or if a day names none and FROM does not either.
    """
    paths = build_paths(options, environ)
    new, named = load_config(paths).zone, options.old or environ.get("FROM", "")
    with lock_folders(paths.content):
        files = find_day_files(paths.content)
        days = [day for file in files if (day := read_day_with_lines(file)[0]).entries]
        zones = sorted({day.zone or named for day in days} - {new.key})
        if "" in zones:
            unnamed = next(day for day in days if not (day.zone or named))
            path = day_file_path(paths.content, unnamed.date)
            raise ArchiveError("this day does not name the zone of its headings; name it with FROM=", path=path)
        if len(zones) > 1 or (zones and any((day.zone or named) == new.key for day in days)):
            raise ArchiveError(f"the days are in several zones ({', '.join(zones)}); restore one of them from git")
        if not zones:
            print(f"All days are in {new.key}.")
            return 0
        converted = convert_days(days, known_zone("FROM", zones[0]), new)
        written = DayStore(paths.content, new.key).write(converted.days)
        for error in written.errors.values():
            raise error
    print(f"{_days(written.paths)} converted from {zones[0]} to {new.key}")
    if converted.moved:
        print(f"entries moved to another day: {converted.moved}")
    if converted.unrecognised:
        reason = "a page that has one of them may be reported once more"
        print(f"edited or withdrawn entries: {converted.unrecognised}; {reason}")
    return 0


def add_mend_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "Correct the sources of former wordings that version 0.1 wrote, where a file decides them."
    add_path_arguments(parser, "content", "conf")


def mend(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Correct the sources of former wordings in all days, print what remains uncertain, and return 0."""
    with open_days(options, environ) as store:
        _mend_days(store)
    return 0


def add_convert_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Write all day files as this version of Daybook writes them. Entries and addresses stay the same."
    )
    add_path_arguments(parser, "content", "conf")


def convert(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Write all day files in the form of this version, correct what `mend` corrects, and return 0."""
    with open_days(options, environ) as store:
        _mend_days(store)
        written = store.write({date: store.load(date) for date in store.all_dates()})
    for error in written.errors.values():
        raise error
    print(f"{_days(written.paths)} converted")
    return 0


def _days(paths: Sequence[Path]) -> str:
    return "1 day file" if len(paths) == 1 else f"{len(paths)} day files"


def _mend_days(store: DayStore) -> None:
    mended, uncertain = 0, []
    for date in store.all_dates():
        day = store.load(date)
        order = CaptureOrder(day.sources)
        entries = []
        for entry in day.entries:
            certain = mend_old_credits(entry, order) if has_old_credits(entry) else None
            mended += certain is not None
            if certain is None and has_old_credits(entry):
                uncertain.append(f"{date}#{entry.anchor}")
            entries.append(certain or entry)
        if tuple(entries) != day.entries:
            for error in store.write({date: replace(day, entries=tuple(entries))}).errors.values():
                raise error
    print(f"entries corrected: {mended}; uncertain: {len(uncertain)}")
    if uncertain:
        print("Ingest the pages of these entries again to make their sources certain:", *uncertain, sep="\n  ")


def add_withdraw_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("entry", nargs="?", metavar="ENTRY", help="such as 2023-06-02#t1329; default: $ENTRY")
    parser.add_argument("--reason", help="the reason that readers see; default: $REASON")
    add_path_arguments(parser, "content", "conf")


def withdraw(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Replace an entry with a tombstone and return 0."""
    reason = environ.get("REASON", "") if options.reason is None else options.reason
    with open_days(options, environ) as store:
        path = withdraw_entry(store, _entry_name("ENTRY", options.entry, environ), reason)
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
        date, anchor = move_entry(store, _entry_name("ENTRY", options.entry, environ), day)
    print(f"The entry is now {date}#{anchor}; links to the old address are redirected")
    return 0


def add_join_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kept", nargs="?", metavar="A", help="the entry to keep, such as 2023-06-02#t1329; default: $A")
    parser.add_argument("other", nargs="?", metavar="B", help="the entry that is a correction of it; default: $B")
    add_path_arguments(parser, "content", "conf")


def join(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Make two entries one and return 0."""
    kept, other = _entry_name("A", options.kept, environ), _entry_name("B", options.other, environ)
    with open_days(options, environ) as store:
        date, anchor = join_entries(store, kept, other)
    print(f"The two are now {date}#{anchor}; links to the other address are redirected")
    return 0


def _entry_name(variable: str, option: str | None, environ: Mapping[str, str]) -> str:
    """Return the entry that an option or a variable names; raise ArchiveError if neither does."""
    name = option or environ.get(variable, "")
    if not name:
        raise ArchiveError(f"no entry is named; write it as {variable}=2023-06-02#t1329")
    return name
