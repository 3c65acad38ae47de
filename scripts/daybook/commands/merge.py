"""`daybook merge`: join days that two branches changed, during or right after `git merge`."""

import argparse
import datetime as dt
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from daybook.archive.branches import Branches, Days, join_branches, shared_live_blogs
from daybook.archive.content import check_zone, day_file_path, load_day_file
from daybook.archive.day_file import dump_day
from daybook.archive.day_store import DayStore
from daybook.commands.arguments import add_path_arguments, build_paths, split_words
from daybook.core.config import load_config
from daybook.core.errors import ArchiveError
from daybook.core.files import lock_folders
from daybook.core.model import Day, sort_day

_NEEDS_DECISION = 3  # exit status


def add_merge_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Join days that two branches changed, from git: during a merge, a rebase or a cherry-pick, or right after a "
        "merge. Without a DAY, all days that both branches changed."
    )
    parser.add_argument("days", nargs="*", metavar="DAY", help="such as 2023-06-02; default: $DAY")
    add_path_arguments(parser, "content", "conf")


def merge(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Join the days and stage their files; return 3 if a person has to look at something, else 0.

    Raises ArchiveError if git is not merging, or a file was changed since git merged it.
    """
    paths = build_paths(options, environ)
    named = {_date(text) for text in options.days or split_words(environ.get("DAY", ""))}
    zone = load_config(paths).zone_name
    with lock_folders(paths.content):
        git, store = _Git(paths.content), DayStore(paths.content, zone)
        branches = git.branches(named, store, zone)
        if not branches.theirs:
            print("No day was changed on both branches.")
            return 0
        joined = join_branches(branches)
        # Days that only this branch changed are as git left them, unless the other branch's captures add to them.
        days = {
            date: day for date, day in joined.days.items() if date in branches.theirs or day != branches.ours.get(date)
        }
        for date, day in days.items():
            git.check_unchanged(date, dump_day(sort_day(replace(day, zone=day.zone or zone))).encode())
        written = store.write(days)
        for error in written.errors.values():
            raise error
        git.stage([store.path(date) for date in days])
    for date in sorted(days):
        print(f"{store.path(date)}: joined")
    for line in (*joined.problems, *(f"note: {note}" for note in joined.notes)):
        print(line, file=sys.stderr)
    print("Look at the changes with git diff --staged, then run git commit.")
    return _NEEDS_DECISION if joined.problems else 0


def _date(text: str) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise ArchiveError(f"invalid date DAY={text!r}; write it as DAY=2023-06-02") from None


class _Git:
    """The work tree that holds a content folder."""

    def __init__(self, content: Path) -> None:
        self._content = content
        self._root = Path(self._run("rev-parse", "--show-toplevel").strip())
        self._ours, self._theirs = self._sides()
        self._base = self._run("merge-base", self._ours, self._theirs).strip()

    def branches(self, named: set[dt.date], store: DayStore, zone: str) -> Branches:
        """Return the days that both branches changed, and all others that the live blogs of these days belong to.

        `theirs` are only the days that the other branch changed. Raises an ArchiveError if a day in `named` was not
        changed on both branches.
        """
        changed = [self._changed_dates(side) for side in (self._ours, self._theirs)]
        both = changed[0] & changed[1]
        if unknown := sorted(named - both):
            raise ArchiveError(f"{unknown[0]} was not changed on both branches; there is nothing to join")
        theirs = self._days(self._theirs, changed[1], zone)
        blogs = shared_live_blogs(theirs[date] for date in both)
        dates = both | {date for date, day in theirs.items() if both and shared_live_blogs([day]) & blogs}
        theirs = {date: day for date, day in theirs.items() if date in dates}
        # An entry can have been moved to a day that only this branch changed, or none.
        dates |= {date for blog in shared_live_blogs(theirs.values()) for date in store.dates_of(blog)}
        ours = self._days(self._ours, dates, zone)
        base = self._days(self._base, dates, zone)
        return Branches(base, ours, theirs)

    def stage(self, paths: list[Path]) -> None:
        """Add files to the index, which marks their conflicts as resolved."""
        self._run("add", "--", *(str(path.resolve()) for path in paths))

    def check_unchanged(self, date: dt.date, joined: bytes) -> None:
        """Raise an ArchiveError if a person edited a file since git merged it: the edit would be lost.

        `joined` is what the command will write; it may have been written by an earlier run.
        """
        path = day_file_path(self._content, date)
        if not path.exists() or path.read_bytes() == joined:
            return
        data, name = path.read_bytes(), self._name(date)
        cure = f"git checkout -m -- {path} restores what git made of it; then run the command again"
        if self._run("ls-files", "--unmerged", "--", str(path.resolve())):
            if b"<<<<<<<" not in data:
                raise ArchiveError(f"this file had a conflict that was resolved by hand; {cure}", path=path)
            return
        # The first line of `git merge-tree` is the tree that a merge without conflicts has.
        tree = self._run("merge-tree", "--write-tree", self._ours, self._theirs, check=False).partition("\n")[0]
        known = [self._show(f"{commit}:{name}") for commit in (self._ours, self._theirs, tree)]
        if data not in known:
            raise ArchiveError(f"this file was edited since git merged it; {cure}", path=path)

    def _sides(self) -> tuple[str, str]:
        """Return the commits of this branch and the other one."""
        for name in ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REBASE_HEAD"):
            if commit := self._run("rev-parse", "--verify", "--quiet", name, check=False).strip():
                return "HEAD", commit
        parents = self._run("rev-list", "--parents", "--max-count=1", "HEAD").split()[1:]
        if len(parents) == 2:
            return parents[0], parents[1]
        raise ArchiveError("git is not merging, and the last commit is no merge of two branches; run git merge first")

    def _changed_dates(self, side: str) -> set[dt.date]:
        names = self._run("diff", "--name-only", "-z", "--no-renames", self._base, side, "--", str(self._days_folder()))
        dates = set()
        for name in names.split("\0"):
            try:
                dates.add(dt.date.fromisoformat(Path(name).stem))
            except ValueError:
                continue
        return dates

    def _days_folder(self) -> Path:
        return (self._content / "days").resolve()

    def _name(self, date: dt.date) -> str:
        return day_file_path(self._content.resolve(), date).relative_to(self._root.resolve()).as_posix()

    def _days(self, commit: str, dates: set[dt.date], zone: str) -> Days:
        days: dict[dt.date, Day] = {}
        for date in sorted(dates):
            data = self._show(f"{commit}:{self._name(date)}")
            if data is not None:
                path = Path(f"{commit[:12]}:{self._name(date)}")
                day, _ = load_day_file(data, path)
                check_zone(day, zone, path)
                days[date] = day
        return days

    def _show(self, name: str) -> bytes | None:
        command = ["git", "-C", str(self._root), "show", name]
        done = subprocess.run(command, capture_output=True, check=False)
        return done.stdout if done.returncode == 0 else None

    def _run(self, *arguments: str, check: bool = True) -> str:
        folder = getattr(self, "_root", self._content)
        command = ["git", "-C", str(folder), *arguments]
        try:
            done = subprocess.run(command, capture_output=True, check=False, text=True, encoding="utf-8")
        except FileNotFoundError:
            raise ArchiveError("git is not installed, and this command reads both branches from it") from None
        if check and done.returncode:
            raise ArchiveError(f"git {arguments[0]} failed: {done.stderr.strip().splitlines()[-1:]}", path=folder)
        return done.stdout
