"""Documents → topic table: the only place for what counts topics in any answer.

One file a segment, loaded when the filters open. Each distinct set of topics is written
once, the commonest first, and each document as one character, its set's place:

    Daybook.receive("topics-base",[["nato","port"],[[],[0],[0,1]],"#$%$"]);
"""

import json
from collections import Counter
from collections.abc import Sequence

from .document import Document
from .shards import length_character


def topic_table(segment: str, documents: Sequence[Document]) -> tuple[str, bytes]:
    """Return (path, script) of the topics of a segment's documents, in the order of their numbers."""
    kept = [tuple(sorted(set(document.topics))) for document in documents]
    uses = Counter(slug for topics in kept for slug in topics)
    slugs = sorted(uses, key=lambda slug: (-uses[slug], slug))
    counts = Counter(kept)
    sets = sorted(counts, key=lambda topics: (-counts[topics], topics))
    numbers = {slug: number for number, slug in enumerate(slugs)}
    places = {topics: length_character(place) for place, topics in enumerate(sets)}
    table = [slugs, [[numbers[slug] for slug in topics] for topics in sets], "".join(places[topics] for topics in kept)]
    name = f"topics-{segment}"
    body = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    return f"search/{name}.js", f'Daybook.receive("{name}",{body});\n'.encode()
