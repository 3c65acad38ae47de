"""The archive as a site shows it: links and rendered entries, each made once.

An Edition is what every page is composed from. Making it renders every body, so content
that cannot be shown stops a build before the first byte of output is written.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from ..archive import Archive
from ..model import Day, EntryKey, Topic, day_number
from ..settings import Settings
from .addresses import day_path, topic_path
from .entries import EntryScene, entry_view
from .views import DayLink, EntryLink, EntryView, TopicLink


class Edition(Struct, frozen=True):
    """All of an archive, ready to be put on pages.

    `dates` are those that have a page, oldest first; `mentions` holds each topic's entries,
    oldest first; `topics` has the counts of the whole archive.
    """

    settings: Settings
    dates: tuple[dt.date, ...]
    days: dict[dt.date, Day]
    links: dict[dt.date, DayLink]
    topics: dict[str, Topic]
    topic_links: dict[str, TopicLink]
    entries: dict[dt.date, tuple[EntryView, ...]]
    mentions: dict[str, tuple[EntryView, ...]]

    @property
    def counts(self) -> dict[str, int]:
        """Count what the archive holds: days, entries, topics."""
        entries = sum(len(views) for views in self.entries.values())
        return {"days": len(self.links), "entries": entries, "topics": len(self.topics)}


def make_edition(archive: Archive, settings: Settings) -> Edition:
    """Link and render a whole archive."""
    links = {day.date: _day_link(day, settings.first_day) for day in archive.days}
    topic_links = _topic_links(archive)
    linked = _linked(archive, links)
    entries: dict[dt.date, tuple[EntryView, ...]] = {}
    mentions: dict[str, list[EntryView]] = {slug: [] for slug in archive.topics}
    for day in archive.days:
        scene = EntryScene(day=day, link=links[day.date], settings=settings, linked=linked)
        views = []
        for entry in day.entries:
            slugs = archive.topics_of[day.date, entry.anchor]
            view = entry_view(entry, scene, tuple(topic_links[slug] for slug in slugs))
            views.append(view)
            for slug in slugs:
                mentions[slug].append(view)
        entries[day.date] = tuple(views)
    return Edition(
        settings=settings,
        dates=tuple(links),
        days={day.date: day for day in archive.days},
        links=links,
        topics=archive.topics,
        topic_links=topic_links,
        entries=entries,
        mentions={slug: tuple(views) for slug, views in mentions.items()},
    )


def topics_in(entries: Iterable[EntryView]) -> tuple[TopicLink, ...]:
    """Give the topics of some entries, busiest first, with counts within those entries."""
    counts: Counter[str] = Counter()
    pairs: set[tuple[str, dt.date]] = set()
    found: dict[str, TopicLink] = {}
    for entry in entries:
        for topic in entry.topics:
            counts[topic.slug] += 1
            pairs.add((topic.slug, entry.day.date))
            found[topic.slug] = topic
    days = Counter(slug for slug, _ in pairs)
    busiest = sorted(counts, key=lambda slug: (-counts[slug], slug))
    return tuple(replace(found[slug], count=counts[slug], days=days[slug]) for slug in busiest)


def _day_link(day: Day, first_day: dt.date) -> DayLink:
    return DayLink(
        date=day.date,
        path=day_path(day.date),
        number=day_number(day.date, first_day),
        title=day.title,
        count=len(day.entries),
    )


def _linked(archive: Archive, links: Mapping[dt.date, DayLink]) -> dict[EntryKey, tuple[EntryLink, ...]]:
    found = {
        (day.date, entry.anchor): EntryLink(
            path=f"{links[day.date].path}#{entry.anchor}", day=links[day.date], time=entry.time
        )
        for day in archive.days
        for entry in day.entries
        if (day.date, entry.anchor) in archive.linked
    }
    return {key: tuple(found[other] for other in others) for key, others in archive.linked.items()}


def _topic_links(archive: Archive) -> dict[str, TopicLink]:
    entries: Counter[str] = Counter()
    pairs: set[tuple[str, dt.date]] = set()
    for (date, _), slugs in archive.topics_of.items():
        entries.update(slugs)
        pairs.update((slug, date) for slug in slugs)
    days = Counter(slug for slug, _ in pairs)
    return {
        slug: TopicLink(
            slug=slug,
            name=topic.name,
            kind=topic.kind,
            path=topic_path(slug),
            count=entries[slug],
            days=days[slug],
        )
        for slug, topic in archive.topics.items()
    }
