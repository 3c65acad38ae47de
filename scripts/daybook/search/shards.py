"""Lines → term shards: the only place that knows a shard's boundaries.

A shard is a classic script of lines (`rows`), so that it loads over HTTP and from a folder alike:

    Daybook.receive("base-gra-3fa9",[
    ["grain",4,[13,2,1],[],[],"8","",""],
    …])

A boundary stands where few letters tell two neighbours apart, once the shard has its
least size: a changed term therefore moves no boundary but those beside it, the keys are
short, and the words of one beginning seldom lie apart.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec
from msgspec import Struct

from daybook.core.hashing import bytes_digest
from daybook.search.postings import EncodedTerm, encoded_term_from_json, js_sort_key


class ShardLimits(NamedTuple):
    """A segment's name, the least size of its shards in characters, and about how many it may have."""

    segment: str
    least: int
    parts: int

    def least_of(self, size: int) -> int:
        """Return the least size of the shards of a segment whose lines have so many characters."""
        return max(self.least, size // self.parts)


# Measured on 29,529 dispatches by `make bench`. Every day added changes nearly all shards of the
# recent segment, so their number is held; those of the base are as small as the manifest allows.
BASE_LIMITS = ShardLimits("base", 4_200, 4_000)


RECENT_LIMITS = ShardLimits("recent", 3_000, 52)


_SHORT_KEY = 3


_LONG_KEY = 12


class Shard(Struct, frozen=True, array_like=True):
    """A range of terms: the shortest key that begins it, the hash in its name, the digest of its script.

    `terms` are a line each, and `uses` as many digits: how often each stands in the
    segment (0 once, 1 twice or more, 2 four times or more, …). Topics are no terms.
    """

    key: str
    hash: str
    digest: bytes
    size: int
    terms: str
    frequency_classes: str


ShardLines = tuple[str, list[EncodedTerm]]


def shard_name(segment: str, key: str, digest: str) -> str:
    """Name a shard by what begins it and what it holds: ``base-gra-3fa9``.

    What is no small letter or digit is written as ``_`` and its UTF-16 unit. The digest may be
    short, as it only has to tell one state of a range from the next.
    """
    units = memoryview(key.encode("utf-16-le")).cast("H").tolist()
    plain = (chr(u) if chr(u) in "abcdefghijklmnopqrstuvwxyz0123456789" else f"_{u:04x}" for u in units)
    return f"{segment}-{''.join(plain)}-{digest}"


def dump_shard(segment: str, part: ShardLines) -> tuple[Shard, bytes]:
    """Write a shard: what is known of it, and its script."""
    key, held = part
    body = "[\n" + ",\n".join([line.text for line in held]) + "]"
    short = hashlib.sha256(body.encode()).hexdigest()[:4]
    script = f'Daybook.receive("{shard_name(segment, key, short)}",{body});\n'.encode()
    words = [line for line in held if line.term[0] != " "]
    shard = Shard(
        key=key,
        hash=short,
        digest=bytes_digest(script),
        size=text_size(held),
        terms="\n".join([line.term for line in words]),
        frequency_classes="".join([str(min(9, line.document_frequency.bit_length() - 1)) for line in words]),
    )
    return shard, script


def load_shard(script: bytes) -> list[EncodedTerm]:
    """Read the lines of a shard: JSON has no raw line break, so each is one line of the script."""
    body = script.decode().partition("[\n")[2].removesuffix("]);\n")
    rows = msgspec.json.decode(f"[{body}]")
    return [encoded_term_from_json(row, text) for row, text in zip(rows, body.split(",\n"), strict=True)]


def text_size(lines: Iterable[EncodedTerm]) -> int:
    """Return the number of characters by which shards are measured."""
    return sum(len(line.text) for line in lines)


def split_shards(lines: Iterable[EncodedTerm], least: int, key: str = "") -> Iterator[ShardLines]:
    """Cut lines, in JavaScript's order of terms, into parts; `key` begins the first, and lines may follow the last."""
    held: list[EncodedTerm] = []
    size = 0
    for line in lines:
        following = _key_between(held[-1].term, line, size, least) if held else None
        if following is not None:
            yield key, held
            held, size, key = [], 0, following
        held.append(line)
        size += len(line.text)
    yield key, held


def _key_between(previous: str, line: EncodedTerm, size: int, least: int) -> str | None:
    """Return the key that begins a new shard with a line, after `size` characters; None if none begins here."""
    whole = size + len(line.text)
    if whole <= least:
        return None
    full = whole > 3 * least
    if not full and size < least:
        return None
    following = shortest_separator(previous, line.term)
    return following if len(following) <= (_LONG_KEY if full else _SHORT_KEY) else None


def resplit_shards(
    shards: Sequence[Shard],
    changed: Mapping[int, list[EncodedTerm]],
    least: int,
    read: Callable[[Shard], list[EncodedTerm]],
) -> Iterator[Shard | ShardLines]:
    """Cut shards anew of which some, by position, have other lines than before: the rest stays as it is.

    A boundary depends on the lines since the one before it and on the next one alone, so
    cutting may stop where an old boundary is met.
    """
    known = {**_unsettled(shards, changed, read), **changed}
    position = 0
    while position < len(shards):
        if position not in known:
            yield shards[position]
            position += 1
            continue
        *whole, part = split_shards(known[position], least, shards[position].key)
        yield from whole
        position += 1
        while position < len(shards):
            following = known[position] if position in known else read(shards[position])
            if position not in known and _meets(part, following[0], shards[position].key, least):
                break
            *whole, part = split_shards([*part[1], *following], least, part[0])
            yield from whole
            position += 1
        if part[1]:
            yield part


def _unsettled(
    shards: Sequence[Shard], changed: Mapping[int, list[EncodedTerm]], read: Callable[[Shard], list[EncodedTerm]]
) -> dict[int, list[EncodedTerm]]:
    """Give the lines of shards that stay as they are but may end elsewhere, as the line after them is another."""
    unsettled = {}
    for position in changed:
        if position and position - 1 not in changed:
            now, before = changed[position][:1], read(shards[position])[:1]
            if [(line.term, len(line.text)) for line in now] != [(line.term, len(line.text)) for line in before]:
                unsettled[position - 1] = read(shards[position - 1])
    return unsettled


def _meets(part: ShardLines, line: EncodedTerm, key: str, least: int) -> bool:
    """Say whether a shard of `key` begins with `line` after a part."""
    held = part[1]
    return bool(held) and _key_between(held[-1].term, line, text_size(held), least) == key


def shortest_separator(previous: str, term: str) -> str:
    """Return the shortest beginning of `term` that sorts after `previous`."""
    return next(term[:end] for end in range(1, len(term) + 1) if js_sort_key(term[:end]) > js_sort_key(previous))
