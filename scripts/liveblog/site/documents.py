"""EntryView → Document, topics → families of spellings: what search is told of the archive."""

import datetime as dt
from functools import partial

from ..search import Document, SearchedDay
from ..sitefile import key_of
from .edition import Edition
from .views import EntryView


def searched_days(edition: Edition) -> list[SearchedDay]:
    """Give all days as search takes them; what it is told of a day follows from the day's key."""
    return [
        SearchedDay(date, link.count, key_of(edition.collection.keys[date]), partial(documents, edition, date))
        for date, link in edition.links.items()
    ]


def documents(edition: Edition, date: dt.date) -> tuple[Document, ...]:
    """Give the entries of a day as search indexes them."""
    return tuple(document(entry, edition) for entry in edition.collection.views(date))


def document(entry: EntryView, edition: Edition) -> Document:
    """Give an entry as search indexes it; the aliases of its topics find it too."""
    topics = [edition.topics[link.slug] for link in entry.topics]
    names = dict.fromkeys(name for topic in topics for name in (topic.name, *topic.aliases))
    return Document(
        path=entry.path,
        date=entry.day.date,
        number=entry.day.number,
        time=entry.time,
        headline=entry.headline,
        made=entry.made,
        text=entry.text,
        topics=tuple(topic.slug for topic in topics),
        names=tuple(names),
    )


def families(edition: Edition) -> list[list[str]]:
    """Give the one-word spellings of each person, place and organisation that has several.

    A theme's aliases are different things; a name's are the same thing written otherwise.
    """
    named = (edition.topics[slug] for slug in sorted(edition.topics) if edition.topics[slug].kind != "theme")
    spelled = ([alias for alias in dict.fromkeys(topic.aliases) if alias.isalnum()] for topic in named)
    return [spellings for spellings in spelled if len(spellings) > 1]
