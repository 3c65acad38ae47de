"""The pages of a day: which is which, which are captures of one live blog, which is the later."""

import datetime as dt
from collections.abc import Sequence

from msgspec.structs import replace

from .model import Source
from .records import RecordSource


def facts(page: RecordSource) -> Source:
    """Give what a day file keeps of a page; the key is still empty."""
    return Source(
        key="",
        title=page.title,
        outlet=page.outlet,
        url=page.url,
        date=page.date,
        printed_day=page.printed_day,
        standfirst=page.standfirst,
        captured=page.captured,
        sha256=page.sha256,
    )


def find_source(page: RecordSource, sources: Sequence[Source]) -> Source | None:
    """Find the very page among a day's sources."""
    wanted = facts(page)
    return next((source for source in sources if replace(source, key="") == wanted), None)


def next_key(sources: Sequence[Source]) -> str:
    """Give the key of one more source: ``s1``, ``s2``, …"""
    numbers = [int(source.key[1:]) for source in sources if source.key[1:].isdigit()]
    return f"s{max(numbers, default=0) + 1}"


def same_live_blog(one: Source, other: Source) -> bool:
    """Say whether two pages are captures of one live blog: by address, else by outlet, title and day."""
    if one.url and other.url:
        return one.url.partition("#")[0] == other.url.partition("#")[0]
    named = bool(one.title and one.date)
    return named and (one.outlet, one.title, one.date) == (other.outlet, other.title, other.date)


def known_earlier(one: Source | None, other: Source | None) -> bool:
    """Say whether `one` is known to have been captured before `other`."""
    if one is None or other is None:
        return False
    return bool(one.captured and other.captured) and _moment(one.captured) < _moment(other.captured)


def add_key(keys: tuple[str, ...], source: Source | None, known: Sequence[Source]) -> tuple[str, ...]:
    """Add a source's key to those of `known` sources, before the first that was captured later."""
    if source is None or source.key in keys:
        return keys
    later = {other.key for other in known if other.key in keys and known_earlier(source, other)}
    place = next((place for place, key in enumerate(keys) if key in later), len(keys))
    return (*keys[:place], source.key, *keys[place:])


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
