"""Edition → the files under /data/ and the lists of addresses beside each topic."""

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby

import msgspec

from ..dataset import table_head
from ..sitefile import SiteFile, key_of
from .addresses import month_path, topic_month_path, topic_path
from .edition import DayMentions, Edition


class YearData(msgspec.Struct, frozen=True, kw_only=True):
    """A year's files as the data page lists them."""

    name: str
    days: int
    entries: int


def data_files(edition: Edition) -> Iterator[SiteFile]:
    """Give the rows of each year, the table of topics, and each topic's entries by month."""
    for year, group in groupby(edition.dates, lambda date: date.year):
        dates = tuple(group)
        key = key_of(edition.makers, [edition.collection.keys[date] for date in dates])
        yield SiteFile(f"data/{year:04}.jsonl", key, partial(_year, edition, dates, 0))
        yield SiteFile(f"data/{year:04}.csv", key, partial(_year, edition, dates, 1))
    known = (edition.makers, list(edition.topics.values()), list(edition.topic_links.values()))
    yield SiteFile(
        "data/topics.json", key_of(*known), lambda: _json([_topic(edition, slug) for slug in edition.topics])
    )
    for slug in edition.topics:
        yield from topic_files(edition, slug)


def topic_files(edition: Edition, slug: str) -> Iterator[SiteFile]:
    """Give a topic's months, and the addresses of the entries of each, oldest first."""
    months = edition.months[slug]
    rows = [
        {
            "month": f"{first:%Y-%m}",
            "count": sum(len(mention.places) for _, mention in days),
            "path": f"{month_path(first)}entries.json",
        }
        for first, days in months.items()
    ]
    for first, days in months.items():
        key = key_of(edition.makers, days)
        yield SiteFile(f"{topic_month_path(slug, first)}entries.json", key, partial(_paths, edition, days))
    value = {**_topic(edition, slug), "months": rows}
    yield SiteFile(f"{topic_path(slug)}entries.json", key_of(edition.makers, value), partial(_json, value))


def years_of_data(edition: Edition) -> tuple[YearData, ...]:
    """Count what the years' files hold, newest year first."""
    years = []
    for year, group in groupby(edition.links.values(), lambda link: link.date.year):
        links = tuple(group)
        years.append(YearData(name=f"{year:04}", days=len(links), entries=sum(link.count for link in links)))
    return tuple(reversed(years))


def _year(edition: Edition, dates: Sequence[dt.date], form: int) -> bytes:
    head = table_head() if form else b""
    return head + b"".join(edition.collection.rows(date)[form] for date in dates)


def _paths(edition: Edition, days: Sequence[DayMentions]) -> bytes:
    return _json([edition.entry_link((date, place)).path for date, mention in days for place in mention.places])


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
