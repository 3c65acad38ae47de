"""Topics → topic table: the only place for what counts topics in any answer.

One file a segment, loaded when the filters open. Each distinct set of topics is written
once, the commonest first, and each document as one character, its set's place:

    Daybook.receive("topics-base",[["nato","port"],[[],[0],[0,1]],"#$%$"]);
"""

import json
from collections import Counter

from .rows import length_character


def dump_topics(segment: str, lines: str) -> bytes:
    """Write the topics of a segment's documents: a line of sorted slugs for each, in the order of their numbers."""
    documents = [tuple(line.split()) for line in lines.split("\n")]
    counts = Counter(documents)
    uses: Counter[str] = Counter()
    for topics, count in counts.items():
        uses.update(dict.fromkeys(topics, count))
    slugs = sorted(uses, key=lambda slug: (-uses[slug], slug))
    sets = sorted(counts, key=lambda topics: (-counts[topics], topics))
    numbers = {slug: number for number, slug in enumerate(slugs)}
    places = {topics: length_character(place) for place, topics in enumerate(sets)}
    written = [[numbers[slug] for slug in topics] for topics in sets]
    table = [slugs, written, "".join([places[topics] for topics in documents])]
    body = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    return f'Daybook.receive("topics-{segment}",{body});\n'.encode()
