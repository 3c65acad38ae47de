"""Terms → vocabulary file: the only place for what expands wildcards and finds near words.

One file a segment, loaded only when a query needs it: front-coded terms, and a digit for
each that says how often it stands in the segment (see `Shard.uses`):

    Daybook.receive("vocabulary-base",["0grain\\n5ary","40"]);
"""

import json
from collections.abc import Sequence

from .order import front_coded
from .shards import Shard


def dump_vocabulary(segment: str, shards: Sequence[Shard]) -> bytes:
    """Write a segment's vocabulary, terms in JavaScript's order."""
    terms = [term for shard in shards if shard.terms for term in shard.terms.split("\n")]
    uses = "".join(shard.uses for shard in shards)
    body = json.dumps([front_coded(terms), uses], ensure_ascii=False, separators=(",", ":"))
    return f'Daybook.receive("vocabulary-{segment}",{body});\n'.encode()
