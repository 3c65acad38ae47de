"""Measure builds beside other programs and write their section of docs/benchmarks.md: `python -m bench.speed`.

ROUNDS is the number of rounds at ×1 (3), SCALE that of the largest archive (3); archives larger than ×1 are measured
once. With RESULTS=folder, what is measured of a larger archive is kept there and not measured again.
"""

import datetime as dt
import os
import platform
import shutil
import tempfile
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import msgspec
from msgspec import structs
from paths import ROOT

from bench.archive import measured_content
from bench.build_table import Measured, builds_section
from bench.jobs import ENTRY_PAGES, Jobs, medians
from bench.peers import Peers, presence
from bench.tables import Run, replace_section

ROUNDS = int(os.environ.get("ROUNDS", "3"))
SCALES = sorted({1.0, 3.0, float(os.environ.get("SCALE", "3"))})
_PAGES = ("index.html", "days/index.html")


def main() -> None:
    """Measure round by round, Daybook and the other programs in turn, and write the section."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        description, content = _write_content(folder / "x1", 1.0)
        peers = Peers(folder / "x1", content)
        peer_rounds = [peers.round() for _ in range(ROUNDS)]
        at_one = {
            entry_pages: _measure(Jobs(folder / entry_pages, content, entry_pages), ROUNDS, others=True)
            for entry_pages in ENTRY_PAGES
        }
        rounds = [{**own, **other} for own, other in zip(at_one["all"].rounds, peer_rounds, strict=True)]
        whole = structs.replace(
            at_one["all"], rounds=rounds, runs={**at_one["all"].runs, **medians(peer_rounds), **peers.once()}
        )
        with_pages, counts = {1.0: whole}, peers.counts()
        for part in folder.iterdir():
            shutil.rmtree(part)
        with_pages |= {scale: measure_larger(folder / "larger", scale) for scale in SCALES[1:]}
    head = [
        description,
        f"{platform.machine()}, {os.cpu_count()} cores; Python {platform.python_version()}; load {load:.1f} at the "
        f"start and {os.getloadavg()[0]:.1f} at the end",
        f"×1: medians of {ROUNDS} rounds; larger archives: one round",
        presence(),
        f"run on {dt.datetime.now(dt.UTC):%Y-%m-%d}",
    ]
    page = ROOT / "docs" / "benchmarks.md"
    section = builds_section(with_pages, at_one["none"], counts, head)
    page.write_text(replace_section(page.read_text(encoding="utf-8"), section), encoding="utf-8")
    print(f"wrote {page}")


def measure_larger(folder: Path, scale: float) -> Measured:
    """Measure an archive larger than ×1 in a folder that is then removed, or return what RESULTS has of it."""
    results = os.environ.get("RESULTS", "")
    kept = Path(results) / f"x{scale:g}.json" if results else None
    if kept and kept.is_file():
        return msgspec.json.decode(kept.read_bytes(), type=Measured)
    _, content = _write_content(folder, scale)
    measured = _measure(Jobs(folder, content), 1)
    shutil.rmtree(folder)
    if kept:
        kept.write_bytes(msgspec.json.encode(measured))
    return measured


def _write_content(folder: Path, scale: float) -> tuple[str, Path]:
    # In a process of its own: timed child processes start with the memory of this one.
    with ProcessPoolExecutor(1) as writing:
        return writing.submit(measured_content, folder / "content", scale).result()


def _measure(jobs: Jobs, rounds: int, *, others: bool = False) -> Measured:
    """Run the rounds of daily builds, then, with `others`, the other edits once."""
    daily = []
    for number in range(rounds):
        daily.append(jobs.daily_round())
        print(f"{jobs.folder.name}, round {number + 1}: {_line(daily[-1])}", flush=True)
    pages = {page: (jobs.site / page).stat().st_size for page in _PAGES}
    runs = medians(daily)
    if others:
        once = jobs.other_edits()
        print(f"{jobs.folder.name}: {_line(once)}", flush=True)
        runs |= once
    return Measured(runs, daily, jobs.count_entries(), jobs.cards, jobs.site_size, jobs.cache_size[1], pages)


def _line(runs: Mapping[str, Run]) -> str:
    return ", ".join(f"{name} {run.cpu:.2f} s ({run.memory:.0f} MB)" for name, run in runs.items())


if __name__ == "__main__":
    main()
