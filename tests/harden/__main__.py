"""Run all robustness tests and print counts: `python -m harden [PART…]`; `make test` runs a small sample of each.

Without arguments the environment variable PARTS names the parts. MINUTES is the duration of the fuzzing.
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
from harden.bad_input import ACCEPTED, cases, report_of
from harden.browser import Findings, copy_without_policy, inspect_site, list_pages, search_url
from harden.corpora import attacks, texts
from harden.credits import run_credits
from harden.edits import describe as describe_edits
from harden.edits import main as run_edits
from harden.faults import main as run_faults
from harden.power_loss import main as run_power_loss
from harden.round_trip import Tally, round_trip

STRINGS = 100_000
STRINGS_PER_SITE = 4_000
KILLS = 200
SCRIPTS = 500


def text() -> bool:
    """Send hostile strings from pages and records to the site."""
    whole = Tally(refused=Counter())
    for start in range(0, STRINGS, STRINGS_PER_SITE):
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            part = round_trip(list(texts(STRINGS_PER_SITE, seed=start + 1)), Path(folder))
        whole.sent, whole.shown = whole.sent + part.sent, whole.shown + part.shown
        whole.refused += part.refused
    print(f"text: {STRINGS:,} strings, each sent in three ways: {whole}")
    return not whole.lost


def pages() -> bool:
    """Put every attack into every field, open all pages, and search for every attack."""
    strings = attacks()
    print(f"attacks: {len(strings):,} strings in {len(FIELDS)} fields and as queries")
    searches = [search_url(text) for text in strings]
    with tempfile.TemporaryDirectory() as folder:
        whole = _build_quietly(strings, Path(folder) / "whole")
        few = _build_quietly(strings[::60], Path(folder) / "few")  # the search page loads faster with few topics
        passed = True
        for policy in ("without", "with"):
            for name, site, paths in (("pages", whole, list_pages(whole)), ("searches", few, searches)):
                served = site if policy == "with" else copy_without_policy(site, site.with_name("without-policy"))
                findings = inspect_site(served, paths)
                print(f"attacks {policy} the policy: {findings.pages:,} {name}: {_describe(findings)}", flush=True)
                passed &= not findings.examples
    return passed


def _build_quietly(strings: Sequence[str], folder: Path) -> Path:
    folder.mkdir()
    with contextlib.redirect_stdout(io.StringIO()):
        return build_attack_site(strings, folder)


def faults() -> bool:
    """Kill ingest and build, and make each write fail."""
    counts = run_faults(KILLS, 1)
    for name, count in counts.items():
        faults_made = f"{count.kills} kills ({count.killed} before the end), {count.failing_writes} failing writes"
        results = f"torn {count.torn}, not repaired {count.diverged}, silent {count.silent}"
        print(f"faults, {name}: {faults_made}; {results}")
    return not sum(count.faults for count in counts.values())


def power() -> bool:
    """Let the power fail after each operation on the content, also after a kill and another run."""
    count = run_power_loss(reruns=True)
    work = f"{count.moments} moments, {count.states:,} states of the files, {count.kills} kills"
    results = f"lost {count.lost}, torn {count.torn}, not repaired {count.diverged}"
    print("\n".join([f"power loss: {work}; {results}", *count.examples]))
    return not count.faults


def edits() -> bool:
    """Run random edits and commands in turn and compare each site with a clean build."""
    count = run_edits(SCRIPTS)
    print(describe_edits(count))
    return not count.different


def credits() -> bool:
    """Ingest random histories of live blogs and judge what the archive says about them."""
    broken = run_credits()
    print("\n".join(["credits: goals not reached:", *broken]) if broken else "credits: all goals reached")
    return not broken


def mistakes() -> bool:
    """Check that every bad input is reported."""
    with tempfile.TemporaryDirectory() as folder:
        reports = []
        for number, (_, send) in enumerate(cases()):
            case_folder = Path(folder) / str(number)
            case_folder.mkdir()
            reports.append(report_of(send, case_folder))
    silent = reports.count(ACCEPTED)
    print(f"bad input: {len(reports)} inputs, {silent} silent")
    return not silent


def properties() -> bool:
    """Try property tests with many new examples, and measure the growth of costs at three times the size."""
    chosen = {"HYPOTHESIS_PROFILE": "free", "GROWTH_SCALE": "3"}
    tests = "hypothesis or test_costs or test_bad_input"
    command = [sys.executable, "-m", "pytest", "--numprocesses=1", "-k", tests]
    done = subprocess.run(command, env={**os.environ, **chosen}, capture_output=True, text=True, check=False)
    print(done.stdout if done.returncode else f"properties: {done.stdout.splitlines()[-1]}")
    return done.returncode == 0


def fuzzing() -> bool:
    """Run the fuzzer for some minutes."""
    seconds = str(60 * minutes())
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "harden.fuzz", seconds, folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        findings = sorted(path for path in Path(folder).iterdir() if path.name.startswith(("find-", "slow-")))
        runs = next((line for line in done.stderr.splitlines()[::-1] if line.startswith("Done ")), "it did not run")
        for path in findings:
            print(path.read_text(errors="replace"))
    print(f"fuzzing: {runs}; {sum(path.suffix != '.txt' for path in findings)} findings")
    return done.returncode == 0 and not findings


def minutes() -> int:
    """Return the duration of the fuzzing. Raises ArchiveError for a wrong MINUTES."""
    return read_count("MINUTES", os.environ.get("MINUTES", "").strip() or "30", most=10_000)


def _describe(findings: Findings) -> str:
    counts = f"{findings.executed} executed, {findings.foreign_requests} requests to other hosts"
    examples = "".join(f"\n    {example}" for example in findings.examples)
    return f"{counts}, {findings.foreign_markup} forbidden elements or attributes{examples}"


PARTS: dict[str, Callable[[], bool]] = {  # those that take longest first
    "pages": pages,
    "edits": edits,
    "fuzzing": fuzzing,
    "properties": properties,
    "text": text,
    "credits": credits,
    "faults": faults,
    "power": power,
    "mistakes": mistakes,
}
PROCESSES = 2


def run(name: str) -> int:
    """Run one part; return 1 if it found something."""
    started = time.monotonic()
    passed = PARTS[name]()
    print(f"    {name}: {time.monotonic() - started:.0f} s", flush=True)
    return 0 if passed else 1


def main(names: list[str]) -> int:
    """Run the named parts, or all, each in a process of its own; return 1 if any found something.

    Raises ArchiveError for an unknown part.
    """
    names = names or split_words(os.environ.get("PARTS", ""))
    if unknown := sorted(set(names) - set(PARTS)):
        raise ArchiveError(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    minutes()  # report a wrong value before any part starts
    if len(names) == 1:
        return run(names[0])
    with ThreadPoolExecutor(PROCESSES) as pool:
        return max(pool.map(_run_in_subprocess, names or PARTS))


def _run_in_subprocess(name: str) -> int:
    command = [sys.executable, "-m", "harden", name]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    print(done.stdout if done.returncode in (0, 1) else f"{done.stdout}{name}: it did not finish", flush=True)
    return min(abs(done.returncode), 1)


if __name__ == "__main__":
    sys.exit(run_command(lambda: main(sys.argv[1:])))
