"""Terms → vocabulary file: the only place for what expands wildcards and finds near words.

One file a segment, loaded only when a query needs it: front-coded terms, and a digit for
each that says how often it stands in the segment (0 once, 1 twice or more, 2 four times
or more, …):

    Daybook.receive("vocabulary-base",["0grain\\n5ary","40"]);
"""

import json
from collections.abc import Mapping

from .order import front_coded, utf16
from .segments import Row

Vocabulary = dict[str, int]


def vocabulary(rows: Mapping[str, Row]) -> Vocabulary:
    """Count for each term the documents of its postings, once a field as lunr does; topics are no terms."""
    return {term: sum(map(len, row.fields)) // 3 for term, row in rows.items() if term[0] != " "}


def dump_vocabulary(segment: str, terms: Vocabulary) -> tuple[str, bytes]:
    """Return (path, script) of a segment's vocabulary, terms in JavaScript's order."""
    known = sorted(terms, key=utf16)
    digits = "".join(str(min(9, terms[term].bit_length() - 1)) for term in known)
    body = json.dumps([front_coded(known), digits], ensure_ascii=False, separators=(",", ":"))
    name = f"vocabulary-{segment}"
    return f"search/{name}.js", f'Daybook.receive("{name}",{body});\n'.encode()
