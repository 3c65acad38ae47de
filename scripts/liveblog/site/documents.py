"""EntryView → Document: what search is told of an entry."""

from ..search import Document
from .edition import Edition
from .views import EntryView


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
