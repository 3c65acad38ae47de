"""`make bench`: measures builds beside Hugo and Pagefind and writes their section of docs/benchmarks.md."""

import datetime as dt
import os
import platform
import shutil
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from paths import ROOT

sys.path[:0] = [str(ROOT / "tests/support"), str(ROOT / "scripts")]

from jobs import Jobs, Peers, medians  # noqa: E402
from peers_hugo import has_pagefind, hugo  # noqa: E402
from tables import Run, builds_section, replace_section  # noqa: E402

from archive import measured_content  # noqa: E402

ROUNDS = int(os.environ.get("ROUNDS", "3"))
SCALES = (0.1, 1.0, float(os.environ.get("SCALE", "3")))


def main() -> int:
    """Measure round by round, ours and the peers' in turn, and write the page."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rounds: dict[float, list[dict[str, Run]]] = {}
        for scale in SCALES:
            place = folder / f"x{scale:g}"
            # Elsewhere: a process that is started from this one begins with the memory of this one.
            with ProcessPoolExecutor(1) as writing:
                what, content = writing.submit(measured_content, place / "content", scale).result()
            jobs = Jobs(place, content)
            peers = Peers(place, content) if hugo() and scale == 1 else None
            rounds[scale] = [{**jobs.round(), **(peers.round() if peers else {})} for _ in range(ROUNDS)]
            if scale == 1:
                said, pages = what, (jobs.pages(), peers.pages() if peers else {})
                rounds[scale][0] |= jobs.once() | (peers.once() if peers else {})
            shutil.rmtree(place)
    found = {scale: medians(each) for scale, each in rounds.items()}
    head = [
        said,
        f"{platform.machine()}, {os.cpu_count()} cores; Python {platform.python_version()}; "
        f"load {os.getloadavg()[0]:.1f} at the end; medians of {ROUNDS} rounds, ratios taken round by round",
        f"Hugo {'beside' if hugo() else 'not installed'}, Pagefind {'beside' if has_pagefind() else 'not installed'}",
        f"run on {dt.datetime.now(dt.UTC):%Y-%m-%d}",
    ]
    page = ROOT / "docs" / "benchmarks.md"
    page.write_text(replace_section(page.read_text(), builds_section(found, rounds, pages, head)))
    print(f"{page} is written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
