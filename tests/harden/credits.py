"""Random histories of live blogs, ingested by the archive and judged: who printed which wording, and when.

`python -m harden.credits [HISTORIES [FIRST [KIND…]]]` prints a table with a row for each kind of history. Seeds count
from FIRST. `python -m harden.credits 1 SEED KIND` repeats one history and lists its faults.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from msgspec import Struct

from daybook.core.errors import ArchiveError
from harden.credits_archive import Archive
from harden.credits_branches import run_branches
from harden.credits_judge import CLASSES, AnchorWatch, Findings, Truth, judge
from harden.outlets import KINDS, History, simulate

HISTORIES = 2_000
MERGES = 500
BRANCHES = "branches"
PROCESSES = 2
_CHUNK = 25
_MEMORY = Path("/dev/shm")  # a folder in memory, where the system has one: ingest waits for the disk
# At most in 1 of 1,000 histories: of equal words nobody can say which post they are; with misleading ids of any.
_JOINS = ("another story", "moved anchor")
IDENTICAL = tuple(f"{name}, identical words" for name in _JOINS)
# Not a fault: two posts printed the same words under the same headline in the same minute.
SAME = tuple(f"{name}, nothing differs" for name in _JOINS)
# Never allowed, apart from `_JOINS` with misleading ids.
FAULTS = (
    *("unreadable", "wrong source", "wrong outlet", "two live blogs", "uncredited", "lost", "not latest"),
    *(*_JOINS, "not as in sequence"),
)
# Two posts exchange their texts: which is which cannot be known, but who printed what can.
_SWAPS = FAULTS[:6]


class Tally(Struct):
    """The sums over the histories of a kind; `affected` counts histories with a fault, `examples` name their seeds."""

    kind: str
    histories: int = 0
    faults: Counter[str] = Counter()
    affected: Counter[str] = Counter()
    edits: Counter[str] = Counter()
    examples: tuple[str, ...] = ()

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.kind,
            self.histories + other.histories,
            self.faults + other.faults,
            self.affected + other.affected,
            self.edits + other.edits,
            self.examples + other.examples,
        )


def run_history(history: History, folder: Path) -> Findings:
    """Ingest the captures of a history and judge the archive; anchors are compared after each ingest."""
    archive, watch = Archive(folder), AnchorWatch()
    truth, observations = Truth(history, ()), archive.observations()
    for end, index in enumerate(history.sequence, start=1):
        archive.ingest(history.captures[index])
        truth, observations = Truth(history, history.sequence[:end]), archive.observations()
        watch.see(truth, observations)
    findings = judge(truth, observations)
    watch.report(findings)
    for problem in archive.problems:
        findings.add("reported for review", problem)
    return findings


def run_seeds(kind: str, seeds: Sequence[int]) -> Tally:
    """Run the histories of a kind with the given seeds; those of branches are of all kinds in turn."""
    tally = Tally(kind)
    for seed in seeds:
        with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
            try:
                findings = _run_seed(kind, seed, Path(folder))
            except Exception as error:
                error.add_note(f"in the history {kind} {seed}")
                raise
        examples = tuple(f"{kind} {seed}: {example}" for example in findings.examples if not _is_note(example))
        tally += Tally(kind, 1, findings.faults, Counter(list(findings.faults)), findings.edits, examples)
    return tally


def _run_seed(kind: str, seed: int, folder: Path) -> Findings:
    try:
        if kind == BRANCHES:
            return run_branches(simulate(KINDS[seed % 5], seed, branches=True), folder)
        return run_history(simulate(kind, seed), folder)
    except ArchiveError as error:
        findings = Findings(Counter(), Counter(), [])
        findings.add("unreadable", error)
        return findings


def _is_note(example: str) -> bool:
    return example.startswith(("reported", "duplicate", "unreported"))


def run_kinds(kinds: Sequence[str], histories: int, first: int = 0) -> Iterator[Tally]:
    """Yield the tally of each kind, computed by two processes."""
    with ProcessPoolExecutor(PROCESSES) as pool:
        jobs = {}
        for kind in kinds:
            last = first + (min(histories, MERGES) if kind == BRANCHES else histories)
            chunks = (range(start, min(start + _CHUNK, last)) for start in range(first, last, _CHUNK))
            jobs[kind] = [pool.submit(run_seeds, kind, chunk) for chunk in chunks]
        for kind in kinds:
            yield sum((job.result() for job in jobs[kind]), Tally(kind))


def broken_goals(tally: Tally) -> list[str]:
    """Return the goals that a tally does not reach."""
    kind, histories, faults = tally.kind, tally.histories, tally.faults
    rare = (*IDENTICAL, *(_JOINS if kind in ("weak", "colliding") else ()))
    never = [name for name in (_SWAPS if kind == "swaps" else FAULTS) if name not in rare]
    broken = [f"{name}: {faults[name]}" for name in never if faults[name]]
    if kind == "swaps":
        return broken
    for name in rare:
        if tally.affected[name] > histories / 1000:
            broken.append(f"{name}: in {tally.affected[name]} of {histories} histories")
    duplicates = {name: faults[f"duplicate {name}"] for name in CLASSES}
    if kind == "strong" and any(duplicates.values()):
        broken.append(f"duplicates in spite of ids: {duplicates}")
    if duplicates["plain"] > tally.edits["plain"] / 100 or duplicates["unchanged"]:
        broken.append(f"duplicates: {duplicates} of {dict(tally.edits)} edits")
    if unreported := {name: faults[f"unreported {name}"] for name in CLASSES if faults[f"unreported {name}"]}:
        broken.append(f"duplicates without a note: {unreported}")
    return broken


def table(tallies: Sequence[Tally]) -> str:
    """Return a Markdown table: a row for each kind. Classes are in the order of `CLASSES`."""
    shown = (*FAULTS, *IDENTICAL, *SAME, "reported for review")
    titles = ["histories", *shown, f"duplicates ({'/'.join(CLASSES)})", "without a note", "edits"]
    rows = [f"| kind | {' | '.join(titles)} |", "|---" * (len(titles) + 1) + "|"]
    for tally in tallies:
        cells = [f"{tally.histories:,}", *(f"{tally.faults[name]:,}" for name in shown)]
        for prefix in ("duplicate ", "unreported "):
            cells.append("/".join(str(tally.faults[prefix + name]) for name in CLASSES))
        cells.append("/".join(str(tally.edits[name]) for name in CLASSES[:-1]))
        rows.append(f"| {tally.kind} | {' | '.join(cells)} |")
    return "\n".join(rows)


def run_credits(histories: int = HISTORIES, first: int = 0, kinds: Sequence[str] = (*KINDS, BRANCHES)) -> list[str]:
    """Run all kinds, print the table and examples, and return the goals that were not reached."""
    tallies = list(run_kinds(kinds, histories, first))
    print(table(tallies))
    for tally in tallies:
        print(*tally.examples[: 1000 if histories == 1 else 5], sep="\n")
    return [f"{tally.kind}: {goal}" for tally in tallies for goal in broken_goals(tally)]


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:3]]
    goals = run_credits(*(numbers or [HISTORIES]), **({"kinds": sys.argv[3:]} if sys.argv[3:] else {}))
    print(*goals, sep="\n")
    sys.exit(1 if goals else 0)
