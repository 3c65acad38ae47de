"""Measure a crawl of some gigabytes, with killed runs and workers: `python -m bench.crawl FOLDER`.

It writes the made crawl to FOLDER/warcs, unless it is there already, measures, and prints figures for the benchmark
page. `GIGABYTES=5.2` is its size, unpacked; `STEPS` chooses among one, kills, two, memory and pages.
"""

import gzip
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from made_crawl import ALPHABETS, Inventor, Page, gzip_records, page_record, warc_record
from paths import ROOT

FILES = 10  # every second one is gzipped
BLOGS, CAPTURES = 60, 3
LISTINGS = 0.005  # of all pages: ordinary ones that pass the byte test
DAMAGED = 20  # records a file
PART_SIZE = "50"  # MB
KILLS = 20
_TICKS = os.sysconf("SC_CLK_TCK")


class Made(NamedTuple):
    """What the made crawl holds, for comparison with what is found."""

    unpacked: int
    records: int
    pages: int
    damaged: int
    captures: int
    entries: int
    live_blogs: int


def write_made_crawl(folder: Path, unpacked: float) -> Made:
    """Write the crawl: ordinary pages of many encodings, live blogs, damaged records, and pages that need much memory.

    The ordinary pages are about a thousand different ones, repeated; live pages are all different.
    """
    inventor = Inventor(2031)
    ordinary = [page_record(inventor.ordinary_page(number)) for number in range(700)]
    others = [name for name in ALPHABETS if name != "utf-8"]
    for name in others:
        pages = [inventor.ordinary_page(number, name) for number in range(25 if name != "utf-16" else 1)]
        ordinary += map(page_record, pages)
    listings = [page_record(inventor.listing_page(number)) for number in range(50)]
    packed_ordinary, packed_listings = ([gzip_records([each]) for each in pool] for pool in (ordinary, listings))
    names = list(ALPHABETS)
    live = [
        page_record(inventor.live_page(blog, capture, names[blog % len(names)]), blog * CAPTURES + capture)
        for blog in range(BLOGS)
        for capture in range(CAPTURES)
    ]
    inventor.random.shuffle(live)
    choose = random.Random(7)
    sizes = records = pages = 0
    folder.mkdir(parents=True)
    for number in range(FILES):
        is_gzip = number % 2 == 1
        own = [live[index] for index in range(number, len(live), FILES)]
        special = [*own, *_large_records(inventor), *(b"damaged" for _ in range(DAMAGED))]
        places = sorted((choose.random() * unpacked / FILES, index) for index in range(len(special)))
        written = 0
        with (folder / f"made-{number:02}.warc{'.gz' if is_gzip else ''}").open("wb") as file:
            while written < unpacked / FILES or places:
                if places and written >= places[0][0]:
                    record = special[places.pop(0)[1]]
                    if record == b"damaged":
                        record = choose.choice(ordinary)
                        file.write(_damage(record, is_gzip, choose))
                    else:
                        pages += b"/film" not in record[:500]
                        file.write(gzip_records([record]) if is_gzip else record)
                else:
                    pool, packed = (
                        (listings, packed_listings) if choose.random() < LISTINGS else (ordinary, packed_ordinary)
                    )
                    index = choose.randrange(len(pool))
                    record = pool[index]
                    pages += 1
                    file.write(packed[index] if is_gzip else record)
                written += len(record)
                records += 1
        sizes += written
    entries = BLOGS * sum(min(40, 10 + 10 * capture) for capture in range(CAPTURES))
    return Made(sizes, records, pages, DAMAGED * FILES, BLOGS * CAPTURES, entries, BLOGS)


def _large_records(inventor: Inventor) -> Iterator[bytes]:
    """Yield pages that are as large as the limits allow, and larger ones."""
    when = "2031-04-09T10:00:00Z"
    words = inventor.words(1000)
    posts = "".join(f"<b>{n // 60:02}:{n % 60:02} GMT</b><p>{words[n : n + 60]}</p>" for n in range(1000))
    for name, text, size in (
        ("text", f"<p>{words}</p>", 2_900_000),
        ("tags", "<b>a</b><i>b</i>", 175_000),
        ("large", f"<p>{words}</p>", 9_000_000),
    ):
        head = f"<!doctype html><title>Live: {name}</title><p>9 April 2031</p>{posts[:20_000]}"
        body = f"{head}{text * (size // len(text.encode()))}".encode()
        yield page_record(Page(f"https://large.example/{name}", when, body))
    nested = ("<div>" * 60 + "words" + "</div>" * 60) * 350
    yield page_record(
        Page(
            "https://large.example/nested",
            when,
            f"<title>Live</title><p>9 April 2031</p>{posts[:9000]}{nested}".encode(),
        )
    )
    yield warc_record("response", "https://large.example/film", when, b"HTTP/1.1 200 OK\r\n\r\n" + b"\0" * 20_000_000)


def _damage(record: bytes, is_gzip: bool, choose: random.Random) -> bytes:
    """Return a record that cannot be read: changed bytes, lost bytes, or a wrong length."""
    if not is_gzip:
        wrong = [
            record.replace(b"WARC/1.0", b"WARX/1.0", 1),
            re.sub(rb"Content-Length: (\d)", rb"Content-Length: 9\1", record, count=1),
            record.replace(b"Content-Length", b"Content-Lenght", 1),
        ]
        return choose.choice(wrong)
    packed = bytearray(gzip_records([record]))
    if choose.random() < 0.5:
        del packed[-choose.randrange(20, 2000) :]
    else:
        place = choose.randrange(100, len(packed) - 10)
        packed[place : place + 8] = bytes(each ^ 0xFF for each in packed[place : place + 8])
    try:
        zlib.decompressobj(wbits=31).decompress(bytes(packed))
        packed[:3] = b"\0\0\0"
    except zlib.error:
        pass
    return bytes(packed)


class Measured(NamedTuple):
    """A run: wall seconds, CPU seconds of the command's process and of each worker, the largest memory of a worker."""

    wall: float
    own_cpu: float
    worker_cpu: list[float]
    memory: float  # MB

    @property
    def cpu(self) -> float:
        return self.own_cpu + sum(self.worker_cpu)


def run(arguments: Sequence[str], *, kill_after: float = 0, kill_worker_after: float = 0) -> Measured | None:
    """Run `daybook crawl` and watch its processes; None if it was killed, as asked, after some seconds of CPU."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "scripts"), "CONTENT": "/nonexistent"}
    command = [sys.executable, "-m", "daybook", "crawl", *arguments]
    started = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    seen: dict[int, tuple[float, float]] = {}
    while process.poll() is None:
        for pid in [process.pid, *_descendants(process.pid)]:
            if figures := _figures(pid):
                seen[pid] = (figures[0], max(figures[1], seen.get(pid, figures)[1]))
        elapsed = time.monotonic() - started
        if kill_after and sum(cpu for cpu, _ in seen.values()) > kill_after:
            process.send_signal(signal.SIGKILL)
            process.wait()
            return None
        busy = [pid for pid, (cpu, _) in seen.items() if pid != process.pid and cpu > 2]
        if kill_worker_after and elapsed > kill_worker_after and busy:
            os.kill(busy[0], signal.SIGKILL)
            kill_worker_after = 0
        time.sleep(0.1)
    if process.returncode:
        raise SystemExit(f"daybook crawl ended with {process.returncode}")
    own = seen.pop(process.pid)
    workers = [figures for figures in seen.values() if figures[0] > 0.5]
    return Measured(
        time.monotonic() - started,
        own[0],
        sorted((cpu for cpu, _ in workers), reverse=True),
        max(memory for _, memory in workers or [own]),
    )


def _descendants(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(each) for each in task.read_text().split()]
        except OSError:
            continue
        for child in children:
            found += [child, *_descendants(child)]
    return found


def _figures(pid: int) -> tuple[float, float] | None:
    """Return the CPU seconds of a process, and the largest memory that it had, in MB."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        peak = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / _TICKS, int(peak[1]) / 1000 if peak else 0


def tree_digest(folder: Path) -> str:
    """Return a digest of all files of a folder and of their names."""
    state = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        state.update(f"{path.relative_to(folder)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return state.hexdigest()


def check(folder: Path, made: Made) -> str:
    """Compare what was found with what was made; return a sentence, or exit."""
    summary = json.loads((folder / "results" / "summary.json").read_text())
    counts = summary["counts"]
    found = (
        summary["live_blogs"],
        counts["captures"],
        counts["entries"],
        counts["pages"],
        summary["outcomes"]["damaged"],
    )
    expected = (made.live_blogs, made.captures, made.entries, made.pages, made.damaged)
    large = sum(1 for path in (folder / "results/live-blogs").iterdir() if path.name.startswith("large"))
    print(
        "found",
        found,
        "made",
        expected,
        "large pages read as live blogs",
        large,
        summary["outcomes"],
        summary["reasons"],
    )
    headlines = 0
    for path in (folder / "results/live-blogs").glob("outlet*/2031*.jsonl.gz"):
        records = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
        headlines += len({record["headline"] for record in records})
        assert len(records) == len({(record["headline"], record["source"]["sha256"]) for record in records}), path
    assert headlines == made.live_blogs * 30, headlines
    return f"{made.live_blogs} of {made.live_blogs} live blogs, {headlines:,} entries, none lost or doubled"


def main() -> None:
    """Make the crawl, run the steps, and print what was measured."""
    folder = Path(sys.argv[1])
    size = float(os.environ.get("GIGABYTES", "5.2")) * 1e9
    steps = os.environ.get("STEPS", "one kills two memory pages").split()
    warcs = folder / "warcs"
    if not (folder / "made.json").exists():
        shutil.rmtree(warcs, ignore_errors=True)
        (folder / "made.json").write_text(json.dumps(write_made_crawl(warcs, size)))
    made = Made(*json.loads((folder / "made.json").read_text()))
    packed = sum(path.stat().st_size for path in warcs.iterdir())
    print(f"{made.unpacked / 1e9:.2f} GB unpacked, {packed / 1e9:.2f} GB of files, {made}", flush=True)
    base = [f"{warcs}/*.warc*", "--part-size", PART_SIZE]
    for step in steps:
        out = folder / step
        shutil.rmtree(out, ignore_errors=True)
        if step == "one":
            report(step, run([*base, "--out", str(out), "--workers", "1"]), made.unpacked, made.pages)
            print(check(out, made))
        elif step == "two":
            _compare_workers(sorted(warcs.glob("*.warc*"))[:2], out)
        elif step == "kills":
            moments = random.Random(20)
            for number in range(KILLS):
                print(f"kill {number}, finished parts: {len(list(out.glob('parts/[!.]*')))}", flush=True)
                if run([*base, "--out", str(out), "--workers", "2"], kill_after=moments.uniform(1, 12)):
                    print(f"finished before kill {number}: larger GIGABYTES needed")
                    break
            left = made.unpacked - _bytes_read(out)
            last = run([*base, "--out", str(out), "--workers", "2"], kill_worker_after=10)
            report("after the kills", last, left, 0)
        elif step == "memory":
            _measure_memory(out)
        elif step == "pages":
            _compare_with_every_page(warcs / "made-01.warc.gz", out)
        print(step, tree_digest(out), flush=True)


def _bytes_read(out: Path) -> int:
    """Return how many bytes the finished parts of a results folder had."""
    reports = out.glob("parts/[!.]*/report.json")
    return sum(json.loads(report.read_text())["counts"]["bytes"] for report in reports)


def _compare_workers(paths: Sequence[Path], out: Path) -> None:
    """Measure one and two workers on some files, in CPU seconds of what runs one after the other."""
    times = []
    for workers in ("1", "2"):
        names = [*map(str, paths), "--part-size", PART_SIZE]
        measured = run([*names, "--out", str(out / workers), "--workers", workers])
        counts = json.loads((out / workers / "results/summary.json").read_text())["counts"]
        report(f"{workers} workers", measured, counts["bytes"], counts["pages"])
        if measured:
            times.append(measured.own_cpu + measured.worker_cpu[0])
    print(f"speed-up, CPU of the command and of the busiest worker: {times[0] / times[1]:.2f}", flush=True)
    if tree_digest(out / "1") != tree_digest(out / "2"):
        raise SystemExit("one and two workers wrote different bytes")


def _measure_memory(out: Path) -> None:
    """Measure a worker that reads nothing but live blogs and pages that are as large as the limits allow."""
    out.mkdir()
    inventor = Inventor(5)
    pages = [page_record(inventor.live_page(number, 2)) for number in range(150)]
    records = [each for page in pages for each in (page, *(_large_records(inventor) if len(page) % 8 == 0 else ()))]
    (out / "large.warc.gz").write_bytes(gzip_records(records, level=1))
    report("memory", run([str(out / "large.warc.gz"), "--out", str(out / "out"), "--workers", "1"]), 0, len(records))
    print((out / "out/results/summary.json").read_text(), flush=True)


def _compare_with_every_page(path: Path, out: Path) -> None:
    """Measure a part of a file of its own with and without the byte test."""
    out.mkdir()
    sample = out / "sample.warc.gz"
    with path.open("rb") as file:
        sample.write_bytes(file.read(8_000_000))
    for name, options in (("test", []), ("every", ["--every-page"])):
        measured = run([str(sample), "--out", str(out / name), "--workers", "1", *options])
        counts = json.loads((out / name / "results/summary.json").read_text())["counts"]
        report(f"sample, {name}", measured, counts["bytes"], counts["pages"])


def report(name: str, measured: Measured | None, size: int, pages: int) -> None:
    """Print the figures of a run."""
    if measured is None:
        return
    print(
        f"{name}: {measured.wall:.0f} s, CPU {measured.cpu:.1f} s (own {measured.own_cpu:.1f}, workers "
        f"{measured.worker_cpu}), {size / measured.cpu / 1e6:.1f} MB/s, {pages / measured.cpu:.0f} pages/s a core, "
        f"{measured.memory:.0f} MB",
        flush=True,
    )


if __name__ == "__main__":
    main()
