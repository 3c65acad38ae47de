"""The archive that is measured: the shared corpus when it lies beside the project, else an invented one."""

import datetime as dt
import gzip
import itertools
from collections.abc import Iterator
from pathlib import Path

from demo import demo_days
from msgspec.structs import replace

from liveblog.records import Record, load_record
from liveblog.search import Document

CORPUS = Path(__file__).resolve().parents[3] / "shared/corpus/dispatches.jsonl.gz"
Days = list[tuple[dt.date, tuple[Document, ...]]]


def measured_days() -> tuple[str, Days]:
    """Give what is measured, in words, and its documents by day."""
    documents = sorted(map(_document, _records()), key=lambda document: (document.date, document.time))
    days = [(date, tuple(day)) for date, day in itertools.groupby(documents, key=lambda document: document.date)]
    kind = "the shared corpus" if CORPUS.is_file() else "the invented archive of `tests/bench/demo.py`"
    return f"{kind}: {len(documents):,} entries on {len(days):,} days", [(date, _placed(day)) for date, day in days]


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
