"""Fingerprints: how an entry is recognised again, and a person's edit told from a page's word."""

import hashlib

from .frontmatter import dump_json
from .model import Entry


def digest(entry: Entry) -> str:
    """Fingerprint what an entry says: its minute, headline and body."""
    time = entry.time.isoformat("minutes") if entry.time is not None else ""
    return fingerprint(time, entry.headline, entry.body)


def fingerprint(*parts: str) -> str:
    """Give 16 hex digits of the SHA-256 of some texts, the borders between them included."""
    return hashlib.sha256(dump_json(parts).encode()).hexdigest()[:16]
