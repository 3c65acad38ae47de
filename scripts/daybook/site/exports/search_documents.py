"""EntryView → Document, topics → families of spellings: what search is told of the archive."""

import datetime as dt
from functools import partial

from daybook.core.hashing import digest
from daybook.search.document import Document, SearchDay
from daybook.site.views.catalog import Catalog
from daybook.site.views.view_models import EntryView


def search_days(edition: Catalog) -> list[SearchDay]:
    """Give all days as search takes them; what it is told of a day follows from the day's key."""
    return [
        SearchDay(date, link.count, digest(edition.day_cache.keys[date]), partial(documents_for_day, edition, date))
        for date, link in edition.links.items()
    ]


def documents_for_day(edition: Catalog, date: dt.date) -> tuple[Document, ...]:
    """Give the entries of a day as search indexes them."""
    return tuple(search_document(entry, edition) for entry in edition.day_cache.views(date))


def search_document(entry: EntryView, edition: Catalog) -> Document:
    """Give an entry as search indexes it; the aliases of its topics find it too."""
    topics = [edition.topics[link.slug] for link in entry.topics]
    names = dict.fromkeys(name for topic in topics for name in (topic.name, *topic.aliases))
    return Document(
        path=entry.path,
        date=entry.day.date,
        number=entry.day.number,
        time=entry.time,
        headline=entry.headline,
        derived=entry.derived,
        text=entry.text,
        topics=tuple(topic.slug for topic in topics),
        names=tuple(names),
    )


def synonyms(edition: Catalog) -> list[list[str]]:
    """Give the one-word spellings of each person, place and organisation that has several.

    A theme's aliases are different things; a name's are the same thing written otherwise.
    """
    named = (edition.topics[slug] for slug in sorted(edition.topics) if edition.topics[slug].kind != "theme")
    spelled = ([alias for alias in dict.fromkeys(topic.aliases) if alias.isalnum()] for topic in named)
    return [spellings for spellings in spelled if len(spellings) > 1]
