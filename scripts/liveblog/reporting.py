"""The account of an ingest in words; what became of a page's lines is `parsing.report`'s."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from .ingest import Account
from .merge import Outcome

_COLUMNS = ("entries", *(outcome.value for outcome in Outcome), "lines not understood")


def account_lines(accounts: Sequence[Account], dry: bool) -> Iterable[str]:
    """Word what became of the entries of each file, one row a file and a total, and of the day files."""
    rows = [(account.name, _counts(account)) for account in accounts]
    if len(rows) > 1:
        rows.append(("all", [sum(column) for column in zip(*(counts for _, counts in rows), strict=True)]))
    width = max(len(name) for name, _ in rows)
    yield "  ".join(["".ljust(width), *_COLUMNS])
    for name, counts in rows:
        cells = (str(count).rjust(len(column)) for count, column in zip(counts, _COLUMNS, strict=True))
        yield "  ".join([name.ljust(width), *cells])
    written = {path for account in accounts for path in account.written}
    files = "1 day file" if len(written) == 1 else f"{len(written)} day files"
    yield f"{files} {'would change' if dry else 'written'}"


def undeclared(slugs: Iterable[str], content: Path) -> Iterable[str]:
    """Name the topics that records name and no file describes: their pages show the slug."""
    missing = sorted(slug for slug in set(slugs) if not (content / "topics" / f"{slug}.md").exists())
    if missing:
        shown = ", ".join(missing[:10]) + (f" and {len(missing) - 10} more" if len(missing) > 10 else "")
        yield f"topics without a file in {content / 'topics'}, shown by their slug: {shown}"


def _counts(account: Account) -> list[int]:
    by_outcome = [account.outcomes.get(outcome, 0) for outcome in Outcome]
    return [sum(by_outcome), *by_outcome, account.not_understood]
