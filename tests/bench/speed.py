"""Measure builds beside Hugo and Pagefind and write their section of docs/benchmarks.md: `python -m bench.speed`."""

import datetime as dt
import os
import platform
import shutil
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from paths import ROOT

from bench import pagefind
from bench.archive import measured_content
from bench.hugo import find_hugo
from bench.jobs import Jobs, Peers, medians
from bench.tables import Run, builds_section, replace_section

ROUNDS = int(os.environ.get("ROUNDS", "3"))
SCALES = (0.1, 1.0, float(os.environ.get("SCALE", "3")))


def main() -> None:
    """Measure round by round, Daybook and the other programs in turn, and write the section."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rounds: dict[float, list[dict[str, Run]]] = {}
        for scale in SCALES:
            scale_folder = folder / f"x{scale:g}"
            # In a process of its own: timed child processes start with the memory of this one.
            with ProcessPoolExecutor(1) as writing:
                description, content = writing.submit(measured_content, scale_folder / "content", scale).result()
            jobs = Jobs(scale_folder, content)
            peers = Peers(scale_folder, content) if find_hugo() and scale == 1 else None
            rounds[scale] = [{**jobs.round(), **(peers.round() if peers else {})} for _ in range(ROUNDS)]
            if scale == 1:
                archive, pages = description, (jobs.pages(), peers.pages() if peers else {})
                rounds[scale][0] |= jobs.once() | (peers.once() if peers else {})
            shutil.rmtree(scale_folder)
    runs = {scale: medians(results) for scale, results in rounds.items()}
    head = [
        archive,
        f"{platform.machine()}, {os.cpu_count()} cores; Python {platform.python_version()}; "
        f"load {os.getloadavg()[0]:.1f} at the end; medians of {ROUNDS} rounds, ratios taken round by round",
        f"Hugo {_presence(bool(find_hugo()))}, Pagefind {_presence(pagefind.is_installed())}",
        f"run on {dt.datetime.now(dt.UTC):%Y-%m-%d}",
    ]
    page = ROOT / "docs" / "benchmarks.md"
    page.write_text(replace_section(page.read_text(), builds_section(runs, rounds, pages, head)))
    print(f"wrote {page}")


def _presence(is_installed: bool) -> str:
    return "measured" if is_installed else "not installed"


if __name__ == "__main__":
    main()
