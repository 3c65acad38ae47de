"""One entry and what a page says of it: a correction, a second source, a contradiction.

A `Credit` adds the page's key to the keys of the pages that printed a wording.
"""

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from .identity import digest
from .model import Entry, Wording

Credit = Callable[[tuple[str, ...]], tuple[str, ...]]


def carriers(entry: Entry) -> tuple[str, ...]:
    """Return the keys of all pages that carried an entry, in any wording."""
    if not (entry.former or entry.beside or entry.carried):
        return entry.sources
    wordings = (*entry.former, *entry.beside)
    printers = (key for wording in wordings for key in (*wording.sources, wording.source) if key)
    return tuple(dict.fromkeys((*entry.sources, *printers, *entry.carried)))


def settled(entry: Entry) -> Entry:
    """Return an entry with only those credits of a file of version 0.1 that are certain.

    That version credited a corrected wording to the page that replaced it (`source`), and kept
    every page that carried the entry in `sources`. An older capture that came late was credited
    correctly, and nothing tells the two cases apart. So an entry with such a credit names no page
    for its former wordings or for the one shown; the pages are kept in `carried`. The page of
    a wording beside an edit was always the right one.
    """
    if not any(wording.source for wording in (*entry.former, *entry.beside)):
        return entry
    printers_known = not any(wording.source for wording in entry.former)
    others = {wording.source for wording in entry.beside}
    known = replace(
        entry,
        sources=tuple(key for key in entry.sources if key not in others) if printers_known else (),
        former=tuple(replace(wording, source="") for wording in entry.former),
        beside=tuple(_beside(wording) for wording in entry.beside),
    )
    return with_carriers(known, carriers(entry))


def with_carriers(entry: Entry, keys: Iterable[str]) -> Entry:
    """Keep pages that carried an entry and that none of its wordings names."""
    named = carriers(replace(entry, carried=()))
    return replace(entry, carried=tuple(dict.fromkeys(key for key in keys if key not in named)))


def corrected(there: Entry, entry: Entry, credit: Credit) -> Entry:
    """Let the page's word stand and keep the former one with the pages that printed it.

    What a person wrote was printed by no page. Pages that are known to have printed the new
    wording before stay credited with it.
    """
    said = digest(entry)
    former = replace(_wording(there), sources=() if edited(there) else there.sources)
    printers = [*(there.sources if there.ingested == said else ())]
    printers += (key for wording in there.beside if wording.digest == said for key in wording.sources)
    return replace(
        there,
        time=entry.time,
        at=entry.at,
        headline=entry.headline,
        body=entry.body,
        updated=entry.updated,
        sources=credit(tuple(dict.fromkeys(printers))),
        ingested=said,
        former=(*there.former, former),
        beside=(),
    )


def with_former(there: Entry, older: Entry, credit: Credit) -> Entry:
    """Put the word of an older capture among the former ones, behind those that are older still."""
    page = credit(())
    behind = (place for place, old in enumerate(there.former, start=1) if credit(old.sources)[:1] != page)
    place = max(behind, default=0)
    wording = replace(_wording(older), sources=page)
    return replace(there, former=(*there.former[:place], wording, *there.former[place:]))


def with_beside(there: Entry, entry: Entry, credit: Credit) -> Entry:
    """Set a page's word beside a person's edit, once; a further page that prints it is added."""
    if says(there.beside, entry):
        return replace(there, beside=_credited(there.beside, entry, credit))
    return replace(there, beside=(*there.beside, replace(_wording(entry), sources=credit(()))))


def with_printer(there: Entry, entry: Entry, credit: Credit) -> Entry:
    """Credit a page with a stored wording, shown or former, that it prints.

    Where a person edited the entry, `sources` printed the wording before the edit: a page that
    prints just what the person wrote does not join them.
    """
    said = digest(entry)
    if said not in (there.ingested, digest(there)):
        return replace(there, former=_credited(there.former, entry, credit))
    if said == there.ingested or not (there.ingested or there.sources):
        return replace(there, sources=credit(there.sources))
    return there


def with_topics(there: Entry, entry: Entry) -> Entry:
    """Add the topics that a page names; a person's ``-slug`` stands."""
    mentioned = {slug[1:] for slug in there.topics}
    more = tuple(slug for slug in entry.topics if slug[1:] not in mentioned)
    return replace(there, topics=(*there.topics, *more))


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
    return Wording(headline=entry.headline, body=entry.body, digest=digest(entry))


def _beside(wording: Wording) -> Wording:
    printers = dict.fromkeys((*wording.sources, *filter(None, [wording.source])))
    return replace(wording, source="", sources=tuple(printers))


def _credited(wordings: tuple[Wording, ...], entry: Entry, credit: Credit) -> tuple[Wording, ...]:
    said = digest(entry)
    return tuple(
        replace(wording, sources=credit(wording.sources)) if wording.digest == said else wording for wording in wordings
    )
