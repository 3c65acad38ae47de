"""Commit and push what changed in a content folder, for `daybook commit`."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from daybook.archive.content import ADDRESS_LIST
from daybook.core.errors import ArchiveError

_DAY = re.compile(r"days/\d{4}/(\d{4}-\d\d-\d\d)\.md")


def commit_content(content: Path, environ: Mapping[str, str], *, push: bool) -> str:
    """Commit everything that changed in the content folder and nothing else; return the subject, "" without a change.

    With `push`, the commit is pushed to the branch of the same name of the remote `origin`.

    Raises:
        ArchiveError: git failed. After a push that was refused, the commit exists here only.
    """
    changed = _git(content, environ, "status", "--porcelain", "--untracked-files=all", "--", ".")
    if not changed:
        return ""
    _git(content, environ, "add", "--all", "--", ".")
    # An address is a line, and the list only grows: what was added is what is new.
    numbers = _git(content, environ, "diff", "--cached", "--numstat", "--relative", "--", ".")
    counts = {name: added for added, _, name in (line.split("\t", 2) for line in numbers.splitlines())}
    subject = commit_subject(sorted(counts), counts.get(ADDRESS_LIST, "0"))
    _git(content, environ, "commit", "--quiet", "--message", subject, "--", ".")
    if push:
        try:
            _git(content, environ, "push", "--quiet", "origin", "HEAD")
        except ArchiveError as error:
            cure = "pull, run the command again, and allow the account to push to this branch; do not deploy before"
            raise ArchiveError(f"{error.reason}; {cure}") from None
    return subject


def commit_subject(names: list[str], addresses: str = "0") -> str:
    """Return the first line of a commit from the paths that changed, relative to the content folder.

    >>> commit_subject(["addresses.txt", "days/2031/2031-04-09.md", "days/2031/2031-04-10.md"], "12")
    'content: 2031-04-09 to 2031-04-10, 12 addresses'
    """
    dates = sorted(match[1] for name in names if (match := _DAY.fullmatch(name)))
    parts = [dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}"] if dates else []
    if addresses.isdecimal() and int(addresses):
        parts.append("1 address" if int(addresses) == 1 else f"{addresses} addresses")
    others = [name for name in names if not _DAY.fullmatch(name) and not name.startswith(("ledger/", ADDRESS_LIST))]
    if others:
        parts.append(others[0] if len(others) == 1 else f"{len(others)} other files")
    subject = f"content: {', '.join(parts) or 'ledger'}"
    return subject if len(subject) <= 72 else f"{subject[:71]}…"


def _git(content: Path, environ: Mapping[str, str], *arguments: str) -> str:
    command = ["git", "-C", str(content), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(environ))
    except FileNotFoundError:
        raise ArchiveError("git was not found; install it (on Debian: apt install git)") from None
    if done.returncode:
        said = " ".join((done.stderr or done.stdout).split())
        raise ArchiveError(f"git {arguments[0]} failed: {said or f'exit status {done.returncode}'}")
    return done.stdout
