"""Edition → the files under /data/ and the lists of addresses beside each topic."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import msgspec

from ..dataset import Row, dump_rows, dump_table
from ..model import Entry
from ..records import RecordSource
from .addresses import month_path, topic_month_path, topic_path
from .edition import Edition
from .views import EntryView, SourceView


class YearData(msgspec.Struct, frozen=True, kw_only=True):
    """A year's files as the data page lists them."""

    name: str
    days: int
    entries: int


def data_files(edition: Edition) -> Iterator[tuple[str, bytes]]:
    """Give the rows of each year, the table of topics, and each topic's entries by month."""
    for year, dates in groupby(edition.dates, lambda date: date.year):
        rows = [
            _row(view, entry)
            for date in dates
            for view, entry in zip(edition.entries[date], edition.days[date].entries, strict=True)
        ]
        yield f"data/{year:04}.jsonl", dump_rows(rows)
        yield f"data/{year:04}.csv", dump_table(rows)
    yield "data/topics.json", _json([_topic(edition, slug) for slug in edition.topics])
    for slug in edition.topics:
        yield from topic_files(edition, slug)


def topic_files(edition: Edition, slug: str) -> Iterator[tuple[str, bytes]]:
    """Give a topic's months, and the addresses of the entries of each, oldest first."""
    months = []
    for first, group in groupby(edition.mentions[slug], lambda entry: entry.day.date.replace(day=1)):
        paths = [entry.path for entry in group]
        months.append({"month": f"{first:%Y-%m}", "count": len(paths), "path": f"{month_path(first)}entries.json"})
        yield f"{topic_month_path(slug, first)}entries.json", _json(paths)
    yield f"{topic_path(slug)}entries.json", _json({**_topic(edition, slug), "months": months})


def years_of_data(edition: Edition) -> tuple[YearData, ...]:
    """Count what the years' files hold, newest year first."""
    years = []
    for year, group in groupby(edition.dates, lambda date: date.year):
        dates = tuple(group)
        entries = sum(len(edition.entries[date]) for date in dates)
        years.append(YearData(name=f"{year:04}", days=len(dates), entries=entries))
    return tuple(reversed(years))


def _row(view: EntryView, entry: Entry) -> Row:
    pages = _pages(view.sources)
    return Row(
        address=view.path,
        day=view.day.number,
        at=view.instant,
        date="" if view.instant else view.day.date.isoformat(),
        headline=entry.headline,
        text=view.text,
        topics=tuple(topic.slug for topic in view.topics),
        id=entry.id,
        updated=view.updated,
        authors=view.authors,
        key=view.key,
        lang=view.lang,
        found=entry.found.value if entry.found else "",
        source=pages[0] if pages else None,
        other_sources=pages[1:],
    )


def _pages(sources: Sequence[SourceView]) -> tuple[RecordSource, ...]:
    return tuple(
        RecordSource(
            url=source.url,
            title=source.title,
            outlet=source.outlet,
            captured=source.captured,
            sha256=source.sha256,
            printed_day=source.printed_day,
            date=source.date,
            standfirst=source.standfirst,
        )
        for source in sources
    )


def _topic(edition: Edition, slug: str) -> dict[str, object]:
    topic, link = edition.topics[slug], edition.topic_links[slug]
    return {
        "slug": slug,
        "name": topic.name,
        "kind": topic.kind,
        "aliases": list(topic.aliases),
        "former": list(topic.former),
        "entries": link.count,
        "days": link.days,
    }


def _json(value: object) -> bytes:
    return msgspec.json.encode(value) + b"\n"
