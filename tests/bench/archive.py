"""The archive that is measured: the shared corpus if it lies beside the project, else an invented one."""

import datetime as dt
import gzip
import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace
from paths import ROOT

from bench.demo import demo_days
from daybook.core.record import Record, dump_record, load_record
from daybook.search.document import Document

CORPUS = ROOT.parent / "shared/corpus/dispatches.jsonl.gz"
Days = list[tuple[dt.date, tuple[Document, ...]]]


def measured_days() -> tuple[str, Days]:
    """Return a description of the archive and its documents by day."""
    documents = sorted(map(_document, _records()), key=lambda document: (document.date, document.time))
    days = [(date, tuple(day)) for date, day in itertools.groupby(documents, key=lambda document: document.date)]
    kind = f"{_kind()} of {len(documents):,} entries on {len(days):,} days"
    return kind, [(date, _with_addresses(day)) for date, day in days]


def measured_content(content: Path, scale: float) -> tuple[str, Path]:
    """Write the day files of the archive, `scale` times as many; return a description and the content folder.

    A scale below 1 is the first part of the archive. One above 1 adds copies of all entries on earlier days, each
    with a word of its own, so that none is taken for the entry that it is copied from.
    """
    records = sorted(_records(), key=lambda record: record.at)
    dates = sorted({record.at[:10] for record in records})
    first, last = dt.date.fromisoformat(dates[0]), dt.date.fromisoformat(dates[-1])
    span = (last - first).days + 1
    if scale < 1:
        chosen = set(dates[: round(scale * len(dates))])
        records = [record for record in records if record.at[:10] in chosen]
    copies = [_moved_back(record, copy * span) for copy in range(1, round(scale)) for record in records]
    content.mkdir(parents=True)
    lines = content.with_name("records.jsonl")
    lines.write_text("".join(f"{dump_record(record)}\n" for record in (*records, *copies)))
    command = [sys.executable, "-m", "daybook", "ingest", "--records", str(lines)]
    conf = content.with_name("records.conf.py")
    conf.write_text('SITENAME = "Bench"\nFIRST_DAY = "2022-02-23"\nTIMEZONE = "UTC"\n')
    variables = {"CONTENT": str(content), "CONF": str(conf), "PYTHONPATH": str(ROOT / "scripts")}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, **variables})
    return f"{_kind()} of {len(records):,} entries on {len(dates):,} days", content


def _moved_back(record: Record, days: int) -> Record:
    at = dt.datetime.fromisoformat(record.at) - dt.timedelta(days=days)
    return replace(record, at=at.isoformat(), id="", text=f"{record.text} Again {days}.")


def _kind() -> str:
    return "a corpus" if CORPUS.is_file() else "an invented archive (`tests/bench/demo.py`)"


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


def _with_addresses(day: tuple[Document, ...]) -> tuple[Document, ...]:
    """Return the documents of a day with an address each."""
    counts: dict[str, int] = {}
    documents = []
    for document in day:
        anchor = f"t{document.time:%H%M}"
        counts[anchor] = counts.get(anchor, 0) + 1
        name = anchor if counts[anchor] == 1 else f"{anchor}-{counts[anchor]}"
        documents.append(replace(document, path=f"{document.date:%Y/%m/%d}/#{name}"))
    return tuple(documents)
