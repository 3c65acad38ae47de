"""One entry and what a page says of it: a correction, a second source, a contradiction."""

from msgspec.structs import replace

from .identity import digest
from .model import Entry, Wording


def corrected(there: Entry, entry: Entry) -> Entry:
    """Let the page's word stand and keep the former one; anchor, sources and topics stay."""
    former = () if digest(there) == digest(entry) else (_wording(there),)
    return replace(
        there,
        time=entry.time,
        at=entry.at,
        headline=entry.headline,
        body=entry.body,
        updated=entry.updated,
        ingested=digest(entry),
        former=(*there.former, *former),
        beside=(),
    )


def with_former(there: Entry, older: Entry, key: str) -> Entry:
    """Put the word of an older capture before the former ones."""
    return replace(there, former=(replace(_wording(older), source=key), *there.former))


def with_beside(there: Entry, entry: Entry, key: str) -> Entry:
    """Set a page's word beside a person's edit, once."""
    wording = replace(_wording(entry), source=key)
    return there if wording in there.beside else replace(there, beside=(*there.beside, wording))


def with_source(there: Entry, entry: Entry, key: str) -> Entry:
    """Add a page to an entry's sources, and the topics it names; a person's ``-slug`` stands."""
    if not key or key in there.sources:
        return there
    mentioned = {slug[1:] for slug in there.topics}
    more = tuple(slug for slug in entry.topics if slug[1:] not in mentioned)
    return replace(there, sources=(*there.sources, key), topics=(*there.topics, *more))


def says(wordings: tuple[Wording, ...], entry: Entry) -> bool:
    """Say whether some wordings hold just what an entry says."""
    return digest(entry) in {wording.digest for wording in wordings}


def buried(grave: Entry, entry: Entry) -> bool:
    """Say whether a tombstone is surely an entry's: by its id, or by what was said there."""
    return digest(entry) == grave.ingested or says(grave.former, entry) or bool(entry.id and entry.id == grave.id)


def held_in_grave(there: Entry, entry: Entry) -> bool:
    """Say whether a tombstone holds an entry back that may be another's, and is not its last word."""
    return there.is_tombstone and says(there.former, entry) and digest(entry) != there.ingested


def without_former(grave: Entry, entry: Entry) -> Entry:
    """Let a tombstone forget what an entry says, which a person has called another's word."""
    return replace(grave, former=tuple(wording for wording in grave.former if wording.digest != digest(entry)))


def edited(entry: Entry) -> bool:
    """Say whether a person wrote or changed an entry."""
    return digest(entry) != entry.ingested


def _wording(entry: Entry) -> Wording:
    source = entry.sources[-1] if entry.sources else ""
    return Wording(headline=entry.headline, body=entry.body, source=source, digest=digest(entry))
