"""Split the postings lists of a segment into shards, index files of a range of terms each.

A shard is a classic script, which loads over HTTP and from a folder alike. Its strings have all of its terms, one after
the other (`postings` describes the encoding of numbers):

    Daybook.receive("base-gra-3fa9",["grain grains","'$",["0%)'% 1","' "," "],["8+8. 9"," a"," "],"0grain 5s\n…"]);

These are the words; their ranks; for each field the postings of each word, separated by spaces; for each field their
lengths. Strings of one kind compress better than rows of different ones.
The families of the words follow, one per line, front-coded: the number of letters that a word shares with the one
before it, and the rest. A family is in the shard of each of its words.

Once a shard has its minimum size, it ends where a short key separates two neighbouring terms. A changed term therefore
moves no boundary except those next to it, keys stay short, and words with a common beginning are rarely split.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec
from msgspec import Struct

from daybook.core.hashing import bytes_digest
from daybook.search.postings import (
    EncodedField,
    EncodedTerm,
    decode_numbers,
    encode_number,
    js_sort_key,
)


class ShardLimits(NamedTuple):
    """The name of a segment, the minimum size of its shards in characters, and about how many it may have."""

    segment: str
    min_size: int
    max_count: int

    def min_size_for(self, size: int) -> int:
        """Return the minimum size of the shards of a segment of `size` characters."""
        return max(self.min_size, size // self.max_count)


# Measured on 29,529 entries with `make bench`. Each added day changes nearly all shards of the recent
# segment, so their number is limited. Those of the base are as small as the size of the manifest allows.
BASE_LIMITS = ShardLimits("base", 1_150, 4_000)
RECENT_LIMITS = ShardLimits("recent", 800, 52)
_MAX_KEY = 3  # characters, of the key that begins a shard
_MAX_KEY_AFTER_LARGE = 12  # the same if the shard before has three times the minimum size

# The key that begins a shard, and its terms.
ShardLines = tuple[str, list[EncodedTerm]]


class Shard(Struct, frozen=True, array_like=True):
    """What is known of a shard without its file.

    Attributes:
        key: The shortest key that separates its first term from the shard before.
        hash: Digest in its file name.
        digest: Digest of its file.
        size: Size in characters, as `text_size` counts.
        terms: Its terms, one per line.
        counts: For each term, the number of documents with it in the field in which most have it.
        families: The families of its terms, as in its file.
    """

    key: str
    hash: str
    digest: bytes
    size: int
    terms: str
    counts: tuple[int, ...]
    families: str


def shard_name(segment: str, key: str, digest: str) -> str:
    """Return the name of a shard from its key and a digest of its content: ``base-gra-3fa9``.

    Each UTF-16 code unit of the key except a lower-case ASCII letter or digit is written as ``_`` and four hexadecimal
    digits. The digest may be short, since it only distinguishes successive states.
    """
    units = memoryview(key.encode("utf-16-le")).cast("H").tolist()
    plain = (chr(u) if chr(u) in "abcdefghijklmnopqrstuvwxyz0123456789" else f"_{u:04x}" for u in units)
    return f"{segment}-{''.join(plain)}-{digest}"


def dump_shard(segment: str, lines: ShardLines, families: str) -> tuple[Shard, bytes]:
    """Return a shard and its file."""
    key, terms = lines
    columns = list(zip(*[term.fields for term in terms], strict=True))
    value = (
        " ".join([term.term for term in terms]),
        "".join([encode_number(term.rank) for term in terms]),
        [" ".join([field.postings for field in column]) for column in columns],
        [" ".join([field.lengths for field in column]) for column in columns],
        families,
    )
    body = msgspec.json.encode(value)
    short = hashlib.sha256(body).hexdigest()[:4]
    script = b'Daybook.receive("%s",%s);\n' % (shard_name(segment, key, short).encode(), body)
    names, counts = "\n".join([term.term for term in terms]), tuple([term.documents for term in terms])
    return Shard(key, short, bytes_digest(script), text_size(terms), names, counts, families), script


def load_shard(script: bytes) -> list[EncodedTerm]:
    """Return the terms of a shard file."""
    words, ranks, postings, lengths, _ = msgspec.json.decode(script[script.index(b"[") : script.rindex(b"]") + 1])
    columns = zip(postings, lengths, strict=True)
    fields = [map(EncodedField, numbers.split(" "), sizes.split(" ")) for numbers, sizes in columns]
    return list(map(EncodedTerm.of, words.split(" "), decode_numbers(ranks), zip(*fields, strict=True)))


def text_size(terms: Iterable[EncodedTerm]) -> int:
    """Return the total size of terms, in characters."""
    return sum([term.size for term in terms])


def split_shards(terms: Iterable[EncodedTerm], min_size: int, key: str = "") -> Iterator[ShardLines]:
    """Split terms, sorted by `js_sort_key`, into shards; the first one begins with `key`.

    The last shard may be smaller than `min_size`, and terms that follow may still belong to it.
    """
    part: list[EncodedTerm] = []
    size = 0
    for term in terms:
        next_key = _boundary_key(part[-1].term, term, size, min_size) if part else None
        if next_key is not None:
            yield key, part
            part, size, key = [], 0, next_key
        part.append(term)
        size += term.size
    yield key, part


def _boundary_key(previous: str, term: EncodedTerm, size: int, min_size: int) -> str | None:
    """Return the key of a shard that begins with `term`, or None if the shard before, of `size`, goes on."""
    is_large = size + term.size > 3 * min_size
    if size < min_size and not is_large:
        return None
    key = shortest_separator(previous, term.term)
    return key if len(key) <= (_MAX_KEY_AFTER_LARGE if is_large else _MAX_KEY) else None


def shortest_separator(previous: str, term: str) -> str:
    """Return the shortest prefix of `term` that sorts after `previous`."""
    return next(term[:end] for end in range(1, len(term) + 1) if js_sort_key(term[:end]) > js_sort_key(previous))


def resplit_shards(
    shards: Sequence[Shard],
    changed: Mapping[int, list[EncodedTerm]],
    min_size: int,
    load: Callable[[Shard], list[EncodedTerm]],
) -> Iterator[Shard | ShardLines]:
    """Split changed shards again and yield unchanged ones as they are.

    `changed` has the new terms of some shards, by position in `shards`. A boundary depends only on the terms since the
    boundary before it and on the term after it, so splitting stops at the first old boundary.
    """
    to_split = dict(changed)
    for position, terms in changed.items():
        # If the first term changed, the shard before may end elsewhere.
        if position and position - 1 not in changed and terms[:1] != load(shards[position])[:1]:
            to_split[position - 1] = load(shards[position - 1])
    part: ShardLines | None = None  # the terms since the last boundary, unless it is an old one
    for position, shard in enumerate(shards):
        if position not in to_split:
            if part and part[1]:
                before = part[1]
                if _boundary_key(before[-1].term, load(shard)[0], text_size(before), min_size) == shard.key:
                    yield part
                    part = None
            if part is None:
                yield shard
                continue
        key, before = part or (shard.key, [])
        following = to_split[position] if position in to_split else load(shard)
        *complete, part = split_shards([*before, *following], min_size, key)
        yield from complete
    if part and part[1]:
        yield part
