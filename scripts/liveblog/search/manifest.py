"""What a browser must know before its first query: the only place for the manifest's format.

One file of a stable name, `PATH`; all others either carry a hash in their name or are
asked for with the digest that stands here.
"""

import datetime as dt
import json
from collections.abc import Sequence

from msgspec import Struct

from .cards import PER_FILE
from .document import BOOSTS, FIELDS, K1, B

PATH = "search/manifest.js"


class Segment(Struct, frozen=True, array_like=True):
    """A segment as the manifest lists it.

    `days` are (date, documents); `lengths` the summed lengths of each field; `keys` and
    `hashes` belong to its shards in order; `cards` is a digest of all its card files.
    """

    name: str
    origin: dt.date
    places: int
    days: tuple[tuple[dt.date, int], ...]
    lengths: tuple[int, ...]
    keys: tuple[str, ...]
    hashes: tuple[str, ...]
    cards: str


def dump_manifest(segments: Sequence[Segment]) -> bytes:
    """Write the manifest; empty segments are left out."""
    kept = [segment for segment in segments if segment.days]
    manifest = {
        "fields": FIELDS,
        "boosts": BOOSTS,
        "k1": K1,
        "b": B,
        "perFile": PER_FILE,
        "lengths": [sum(segment.lengths[i] for segment in kept) for i in range(len(FIELDS))],
        "segments": [_segment(segment) for segment in kept],
    }
    body = json.dumps(manifest, ensure_ascii=False, separators=(",", ":"))
    return f'Daybook.receive("manifest",{body});\n'.encode()


def _segment(segment: Segment) -> dict[str, object]:
    """Write days as gaps and counts, keys front-coded, hashes in one string of eight digits each."""
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
        "cards": segment.cards,
    }


def front_coded(keys: Sequence[str]) -> str:
    """Write sorted keys one a line: a digit, what it shares with the key before, and the rest."""
    lines: list[str] = []
    previous = ""
    for key in keys:
        shared = 0
        while shared < min(9, len(key), len(previous)) and key[shared] == previous[shared]:
            shared += 1
        if (shared < len(key) and ord(key[shared]) > 0xFFFF) or any(ord(c) > 0xFFFF for c in key[:shared]):
            shared = 0  # the browser counts such characters twice
        lines.append(f"{shared}{key[shared:]}")
        previous = key
    return "\n".join(lines)
