"""Run all that `make test` runs in small, in full, and print the counts: `python -m harden [PART…]`.

MINUTES in the environment is how long the fuzzing lasts.
"""

import contextlib
import functools
import http.server
import io
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

from chromium import FLAGS, find_chromium
from harden.attacked import FIELDS, attacked_site
from harden.bad_input import cases, told
from harden.browser import Verdict, judge, pages_of, without_policy
from harden.corpora import attacks, texts
from harden.edits import main as run_edits
from harden.faults import main as strike_all
from harden.trip import Tally, trip

STRINGS, AT_ONCE, KILLS, SCRIPTS = 100_000, 4_000, 200, 500


def text() -> bool:
    """Send hostile strings from page and record to the site."""
    whole = Tally(refused=Counter())
    for start in range(0, STRINGS, AT_ONCE):
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            part = trip(list(texts(AT_ONCE, seed=start + 1)), Path(folder))
        whole.sent, whole.shown = whole.sent + part.sent, whole.shown + part.shown
        whole.refused += part.refused
    print(f"text: {STRINGS:,} strings, three ways each: {whole}")
    return not whole.lost


def pages() -> bool:
    """Put every attack into every field, and open the pages with the site's policy and without."""
    strings = attacks()
    with tempfile.TemporaryDirectory() as folder:
        with contextlib.redirect_stdout(io.StringIO()):
            site = attacked_site(strings, Path(folder))
        bare = _judged(without_policy(site, Path(folder) / "bare"))
        held = _judged(site)
    print(f"attacks: {len(strings):,} strings in {len(FIELDS)} fields; without the policy {_worded(bare)}")
    print(f"attacks: with the policy {_worded(held)}")
    return not (bare.examples or held.examples)


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
            said.append(told(send, place))
    silent = said.count("accepted")
    print(f"bad input: {len(said)} inputs, {silent} silent")
    return not silent


def fuzzing() -> bool:
    """Let coverage guide input for some minutes."""
    seconds = str(60 * int(os.environ.get("MINUTES", "30")))
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "harden.fuzz", seconds, folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        finds = sorted(path for path in Path(folder).iterdir() if path.name.startswith(("find-", "slow-")))
        runs = next((row for row in done.stderr.splitlines()[::-1] if row.startswith("Done ")), "it did not run")
        for path in finds:
            print(path.read_text(errors="replace"))
    print(f"fuzzing: {runs}; {sum(path.suffix != '.txt' for path in finds)} finds")
    return done.returncode == 0 and not finds


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that leaves a page before it has it all is no fault."""


@contextlib.contextmanager
def _served(folder: Path) -> Iterator[str]:
    handler = functools.partial(_Quiet, directory=str(folder))
    with _Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def _judged(site: Path) -> Verdict:
    with sync_playwright() as playwright, _served(site) as address:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        # A topic's months show entries that the days show too.
        return judge(browser, address, [path for path in pages_of(site) if not _is_topic_month(path)])


def _is_topic_month(path: str) -> bool:
    return path.startswith("topics/") and path.count("/") > 2


def _worded(verdict: Verdict) -> str:
    found = f"{verdict.executed} executed, {verdict.foreign_requests} requests to elsewhere"
    examples = "".join(f"\n    {example}" for example in verdict.examples)
    return f"{verdict.pages:,} pages: {found}, {verdict.foreign_markup} foreign marks{examples}"


PARTS: dict[str, Callable[[], bool]] = {
    "mistakes": mistakes,
    "faults": faults,
    "edits": edits,
    "text": text,
    "pages": pages,
    "fuzzing": fuzzing,
}


def main(names: list[str]) -> int:
    """Run the parts named, or all; 1 where any of them found something."""
    good = True
    for name in names or PARTS:
        begun = time.monotonic()
        good &= PARTS[name]()
        print(f"    {name}: {time.monotonic() - begun:.0f} s", flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
