"""Run all that `make test` runs in small, in full, and print the counts: `python -m harden [PART…]`.

PARTS in the environment names the parts where no argument does, and MINUTES says how long the fuzzing lasts.
"""

import contextlib
import io
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from daybook.cli import run_command
from daybook.commands.arguments import read_count, split_words
from daybook.core.errors import ArchiveError
from harden.attack_site import FIELDS, build_attack_site
from harden.bad_input import cases, report_of
from harden.browser import Findings, copy_without_policy, inspect_site, list_pages, search_url
from harden.corpora import attacks, texts
from harden.edits import main as run_edits
from harden.faults import main as strike_all
from harden.round_trip import Tally, round_trip

STRINGS, AT_ONCE, KILLS, SCRIPTS = 100_000, 4_000, 200, 500


def text() -> bool:
    """Send hostile strings from page and record to the site."""
    whole = Tally(refused=Counter())
    for start in range(0, STRINGS, AT_ONCE):
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            part = round_trip(list(texts(AT_ONCE, seed=start + 1)), Path(folder))
        whole.sent, whole.shown = whole.sent + part.sent, whole.shown + part.shown
        whole.refused += part.refused
    print(f"text: {STRINGS:,} strings, three ways each: {whole}")
    return not whole.lost


def pages() -> bool:
    """Put every attack into every field, and open all pages; send every attack to the search, too."""
    strings = attacks()
    print(f"attacks: {len(strings):,} strings in {len(FIELDS)} fields and as queries")
    searches = [search_url(text) for text in strings]
    with tempfile.TemporaryDirectory() as folder:
        whole = _attacked(strings, Path(folder) / "whole")
        few = _attacked(strings[::60], Path(folder) / "few")  # a search of few topics is asked sooner
        good = True
        for policy in ("without", "with"):
            change = copy_without_policy if policy == "without" else lambda site: site
            for name, site, paths in (("pages", whole, list_pages(whole)), ("searches", few, searches)):
                findings = inspect_site(change(site), paths)
                print(f"attacks {policy} the policy: {findings.pages:,} {name}: {_worded(findings)}", flush=True)
                good &= not findings.examples
    return good


def _attacked(strings: Sequence[str], folder: Path) -> Path:
    folder.mkdir()
    with contextlib.redirect_stdout(io.StringIO()):
        return build_attack_site(strings, folder)


def faults() -> bool:
    """Kill ingest and build, and let each write fail."""
    counts = strike_all(KILLS, 1)
    for name, count in counts.items():
        done = f"{count.kills} kills ({count.struck} before the end), {count.failing_writes} failing writes"
        print(f"faults, {name}: {done}; torn {count.torn}, not made good {count.diverged}, silent {count.silent}")
    return not sum(count.faults for count in counts.values())


def edits() -> bool:
    """Run random edit scripts, and compare each site with a clean build's."""
    count = run_edits(SCRIPTS)
    done = f"{count.scripts} scripts, {count.steps:,} steps, {sum(count.edits.values()):,} edits"
    print("\n".join([f"edits: {done}; {len(count.different)} not as a clean build", *count.different]))
    return not count.different


def mistakes() -> bool:
    """Send every bad input in."""
    with tempfile.TemporaryDirectory() as folder:
        said = []
        for number, (_, send) in enumerate(cases()):
            place = Path(folder) / str(number)
            place.mkdir()
            said.append(report_of(send, place))
    silent = said.count("accepted")
    print(f"bad input: {len(said)} inputs, {silent} silent")
    return not silent


def fuzzing() -> bool:
    """Let coverage guide input for some minutes."""
    seconds = str(60 * minutes())
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "harden.fuzz", seconds, folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        finds = sorted(path for path in Path(folder).iterdir() if path.name.startswith(("find-", "slow-")))
        runs = next((row for row in done.stderr.splitlines()[::-1] if row.startswith("Done ")), "it did not run")
        for path in finds:
            print(path.read_text(errors="replace"))
    print(f"fuzzing: {runs}; {sum(path.suffix != '.txt' for path in finds)} finds")
    return done.returncode == 0 and not finds


def minutes() -> int:
    """Return how long the fuzzing lasts."""
    return read_count("MINUTES", os.environ.get("MINUTES", "").strip() or "30", most=10_000)


def _worded(findings: Findings) -> str:
    found = f"{findings.executed} executed, {findings.foreign_requests} requests to elsewhere"
    examples = "".join(f"\n    {example}" for example in findings.examples)
    return f"{found}, {findings.foreign_markup} foreign marks{examples}"


PARTS: dict[str, Callable[[], bool]] = {  # the longest first
    "pages": pages,
    "edits": edits,
    "fuzzing": fuzzing,
    "text": text,
    "faults": faults,
    "mistakes": mistakes,
}
AT_A_TIME = 2


def run(name: str) -> int:
    """Run one part; give 1 where it found something."""
    begun = time.monotonic()
    good = PARTS[name]()
    print(f"    {name}: {time.monotonic() - begun:.0f} s", flush=True)
    return 0 if good else 1


def main(names: list[str]) -> int:
    """Run the parts named, or all, each in a process of its own; 1 where any of them found something."""
    names = names or split_words(os.environ.get("PARTS", ""))
    if unknown := sorted(set(names) - set(PARTS)):
        raise ArchiveError(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    minutes()  # a wrong value is reported before any part begins
    if len(names) == 1:
        return run(names[0])
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        return max(pool.map(_run_apart, names or PARTS))


def _run_apart(name: str) -> int:
    command = [sys.executable, "-m", "harden", name]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    print(done.stdout if done.returncode in (0, 1) else f"{done.stdout}{name}: it did not run to its end", flush=True)
    return min(abs(done.returncode), 1)


if __name__ == "__main__":
    sys.exit(run_command(lambda: main(sys.argv[1:])))
