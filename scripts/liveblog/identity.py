"""Fingerprints: how an entry is recognised again, and a person's edit told from a page's word."""

import hashlib
import re

from .frontmatter import dump_json
from .model import Entry

_WORD = re.compile(r"\w+")
_SIMILAR = 0.8


def digest(entry: Entry) -> str:
    """Fingerprint what an entry says: its minute, headline and body."""
    time = entry.time.isoformat("minutes") if entry.time is not None else ""
    return fingerprint(time, entry.headline, entry.body)


def fingerprint(*parts: str) -> str:
    """Give 16 hex digits of the SHA-256 of some texts, the borders between them included."""
    return hashlib.sha256(dump_json(parts).encode()).hexdigest()[:16]


def runs(text: str) -> frozenset[str]:
    """Give a text's five-word runs, in small letters and without punctuation."""
    words = _WORD.findall(text.lower())
    return frozenset(map(" ".join, zip(words, words[1:], words[2:], words[3:], words[4:], strict=False)))


def is_similar(one: frozenset[str], other: frozenset[str]) -> bool:
    """Say whether two texts share 0.8 of the five-word runs of either."""
    return is_enough(len(one & other), one, other)


def is_enough(shared: int, one: frozenset[str], other: frozenset[str]) -> bool:
    """Say whether so many shared runs make two texts similar."""
    smaller = min(len(one), len(other))
    return bool(smaller) and shared >= _SIMILAR * smaller
