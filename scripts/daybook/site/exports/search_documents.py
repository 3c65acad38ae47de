"""Entries as documents of the search index, and synonyms from topic aliases."""

import datetime as dt
from functools import partial
from itertools import chain

from daybook.core.hashing import digest
from daybook.search.document import Document, SearchDay
from daybook.site.views.catalog import Catalog
from daybook.site.views.summaries import MonthDay
from daybook.site.views.view_models import EntryView


def search_days(catalog: Catalog) -> list[SearchDay]:
    """Return all days for the search index, each with a digest of everything that its documents depend on."""

    def documents(date: dt.date) -> tuple[Document, ...]:
        return tuple(search_document(entry, catalog) for entry in catalog.day_cache.views(date))

    names = {slug: digest(slug, topic.aliases) for slug, topic in catalog.topics.items()}

    def key(day: MonthDay) -> bytes:
        return digest(catalog.day_cache.keys[day.date], [names[slug] for slug in day.topics.split()])

    days = chain.from_iterable(month.days for month in catalog.month_summaries.values())
    return [SearchDay(day.date, catalog.links[day.date].count, key(day), partial(documents, day.date)) for day in days]


def search_document(entry: EntryView, catalog: Catalog) -> Document:
    """Return an entry as a document; it is found by the aliases of its topics, too."""
    topics = [catalog.topics[link.slug] for link in entry.topics]
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
        titles=tuple(topic.name for topic in topics),
        names=tuple(names),
        outlets=tuple(dict.fromkeys(source.outlet for source in entry.carriers if source.outlet)),
        lang=entry.lang or catalog.config.lang,
    )


def synonyms(catalog: Catalog) -> list[list[str]]:
    """Return the one-word aliases of each person, place and organisation that has several.

    Themes give none: their aliases are different words for related things.
    """
    named_topics = (topic for _, topic in sorted(catalog.topics.items()) if topic.kind != "theme")
    groups = ([alias for alias in dict.fromkeys(topic.aliases) if alias.isalnum()] for topic in named_topics)
    return [aliases for aliases in groups if len(aliases) > 1]
