"""The archive that is measured: the shared corpus when it lies beside the project, else an invented one."""

import datetime as dt
import gzip
import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from demo import demo_days
from msgspec.structs import replace
from paths import ROOT

from daybook.core.record import Record, dump_record, load_record
from daybook.search.document import Document

CORPUS = ROOT.parent / "shared/corpus/dispatches.jsonl.gz"
Days = list[tuple[dt.date, tuple[Document, ...]]]


def measured_days() -> tuple[str, Days]:
    """Give what is measured, in words, and its documents by day."""
    documents = sorted(map(_document, _records()), key=lambda document: (document.date, document.time))
    days = [(date, tuple(day)) for date, day in itertools.groupby(documents, key=lambda document: document.date)]
    kind = "the shared corpus" if CORPUS.is_file() else "the invented archive of `tests/bench/demo.py`"
    return f"{kind}: {len(documents):,} entries on {len(days):,} days", [(date, _placed(day)) for date, day in days]


def measured_content(content: Path, scale: float) -> tuple[str, Path]:
    """Write the archive's day files, `scale` times as many; give what it is, in words, and their folder.

    A part is its first days. More than all is the same again on earlier days, each text with a
    word of its own, so that it is not taken for the same entry.
    """
    records = sorted(_records(), key=lambda record: record.at)
    dates = sorted({record.at[:10] for record in records})
    first, last = dt.date.fromisoformat(dates[0]), dt.date.fromisoformat(dates[-1])
    span = (last - first).days + 1
    if scale < 1:
        kept = set(dates[: round(scale * len(dates))])
        records = [record for record in records if record.at[:10] in kept]
    copies = [_moved(record, copy * span) for copy in range(1, round(scale)) for record in records]
    content.mkdir(parents=True)
    lines = content.with_name("records.jsonl")
    lines.write_text("".join(f"{dump_record(record)}\n" for record in (*records, *copies)))
    command = [sys.executable, "-m", "daybook", "ingest", "--records", str(lines)]
    conf = content.with_name("records.conf.py")
    conf.write_text('SITENAME = "Bench"\nFIRST_DAY = "2022-02-23"\nTIMEZONE = "UTC"\n')
    places = {"CONTENT": str(content), "CONF": str(conf), "PYTHONPATH": str(ROOT / "scripts")}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, **places})
    kind = "the shared corpus" if CORPUS.is_file() else "the invented archive of `tests/bench/demo.py`"
    return f"{kind}: {len(records):,} entries on {len(dates):,} days", content


def _moved(record: Record, days: int) -> Record:
    at = dt.datetime.fromisoformat(record.at) - dt.timedelta(days=days)
    return replace(record, at=at.isoformat(), id="", text=f"{record.text} Again {days}.")


def _records() -> Iterator[Record]:
    if not CORPUS.is_file():
        yield from demo_days(1_737, 17)
        return
    with gzip.open(CORPUS, "rb") as lines:
        yield from map(load_record, lines)


def _document(record: Record) -> Document:
    at = dt.datetime.fromisoformat(record.at)
    return Document(
        path="",
        date=at.date(),
        number=(at.date() - dt.date(2022, 2, 23)).days + 1,
        time=at.time(),
        headline=record.headline,
        text=str(record.text),
        topics=record.topics,
        names=tuple(slug.replace("-", " ") for slug in record.topics),
    )


def _placed(day: tuple[Document, ...]) -> tuple[Document, ...]:
    """Give each entry of a day an address of its own."""
    seen: dict[str, int] = {}
    placed = []
    for document in day:
        anchor = f"t{document.time:%H%M}"
        seen[anchor] = seen.get(anchor, 0) + 1
        name = anchor if seen[anchor] == 1 else f"{anchor}-{seen[anchor]}"
        placed.append(replace(document, path=f"{document.date:%Y/%m/%d}/#{name}"))
    return tuple(placed)
