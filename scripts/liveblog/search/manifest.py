"""What a browser must know before its first query: the only place for the manifest's format.

One file of a stable name, `PATH`; all others either carry a digest in their name or are
asked for with the one that stands here.
"""

import datetime as dt
import json
from collections.abc import Sequence

from msgspec import Struct

from .cards import PER_FILE
from .document import BOOSTS, FIELDS, K1, B
from .order import front_coded

PATH = "search/manifest.js"


class Segment(Struct, frozen=True, array_like=True):
    """A segment as the manifest lists it.

    `days` are (date, documents); `lengths` the summed lengths of each field; `keys` and
    `hashes` belong to its shards in order; `version` is a digest of all its other files.
    """

    name: str
    origin: dt.date
    places: int
    days: tuple[tuple[dt.date, int], ...]
    lengths: tuple[int, ...]
    keys: tuple[str, ...]
    hashes: tuple[str, ...]
    version: str


def dump_manifest(segments: Sequence[Segment], families: Sequence[Sequence[str]]) -> bytes:
    """Write the manifest; empty segments are left out. `families` are spellings of one name each."""
    kept = [segment for segment in segments if segment.days]
    manifest = {
        "fields": FIELDS,
        "boosts": BOOSTS,
        "k1": K1,
        "b": B,
        "perFile": PER_FILE,
        "lengths": [sum(segment.lengths[i] for segment in kept) for i in range(len(FIELDS))],
        "families": families,
        "segments": [_segment(segment) for segment in kept],
    }
    body = json.dumps(manifest, ensure_ascii=False, separators=(",", ":"))
    return f'Daybook.receive("manifest",{body});\n'.encode()


def _segment(segment: Segment) -> dict[str, object]:
    """Write days as gaps and counts, keys front-coded, hashes in one string of four digits each."""
    days: list[int] = []
    previous = segment.origin
    for date, count in segment.days:
        days.extend(((date - previous).days, count))
        previous = date
    return {
        "name": segment.name,
        "origin": segment.origin.isoformat(),
        "places": segment.places,
        "days": days,
        "keys": front_coded(segment.keys),
        "hashes": "".join(segment.hashes),
        "version": segment.version,
    }
