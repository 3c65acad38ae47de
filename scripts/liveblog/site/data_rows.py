"""EntryView → the row of the dataset that tells it."""

from collections.abc import Sequence

from ..dataset import Row
from ..model import Entry
from ..records import RecordSource
from .views import EntryView, SourceView


def data_row(view: EntryView, entry: Entry) -> Row:
    """Give an entry's row."""
    pages = _pages(view.sources)
    return Row(
        address=view.path,
        day=view.day.number,
        at=view.instant,
        date="" if view.instant else view.day.date.isoformat(),
        headline=entry.headline,
        text=view.text,
        topics=tuple(topic.slug for topic in view.topics),
        id=entry.id,
        updated=view.updated,
        authors=view.authors,
        key=view.key,
        lang=view.lang,
        found=entry.found.value if entry.found else "",
        source=pages[0] if pages else None,
        other_sources=pages[1:],
    )


def _pages(sources: Sequence[SourceView]) -> tuple[RecordSource, ...]:
    return tuple(
        RecordSource(
            url=source.url,
            title=source.title,
            outlet=source.outlet,
            captured=source.captured,
            sha256=source.sha256,
            printed_day=source.printed_day,
            date=source.date,
            standfirst=source.standfirst,
        )
        for source in sources
    )
