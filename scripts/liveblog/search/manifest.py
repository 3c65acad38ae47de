"""What a browser must know before its first query: the only place for the manifest's format.

One file of a stable name, `PATH`; all others either carry a digest in their name or are
asked for with the one that stands here.
"""

import json
from collections.abc import Sequence

from .cards import PER_FILE
from .document import BOOSTS, FIELDS, K1, B
from .order import front_coded
from .segments import Segment

PATH = "search/manifest.js"


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
    previous = segment.coding.origin
    for day in segment.days:
        days.extend(((day.date - previous).days, day.count))
        previous = day.date
    return {
        "name": segment.name,
        "origin": segment.coding.origin.isoformat(),
        "places": segment.coding.places,
        "days": days,
        "keys": front_coded([shard.key for shard in segment.shards]),
        "hashes": "".join(shard.hash for shard in segment.shards),
        "version": segment.version(),
    }


def entries_of(manifest: bytes) -> int:
    """Count the entries that a written manifest lists: those that a search can find."""
    body = manifest[manifest.index(b",") + 1 : manifest.rindex(b")")]
    return sum(count for segment in json.loads(body)["segments"] for count in segment["days"][1::2])
