"""Stories as pages show them: links at entries, pages of stories and their addresses.

The address of a story is that of the entry that founded it at its first publication. `make publish` records it, and the
story that holds this entry keeps the address, whatever is added before or after.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from daybook.archive.content import day_file_path, load_day_file
from daybook.archive.story_files import STORY_RULES, StoryAddress, StoryRule, line_of
from daybook.core.config import Config
from daybook.core.errors import ArchiveError
from daybook.core.files import read_text_file
from daybook.core.model import Day, Entry, EntryKey, format_entry_key
from daybook.site.views.day_cache import DayCache
from daybook.site.views.urls import STORIES_PAGE, entry_url, story_url
from daybook.site.views.view_models import Chapter, EntryLink, EntryStory, Story, day_name
from daybook.stories.threads import NEW, NONE, Placement, Rule

MIN_CHAPTERS = 3  # of a story with a page


class StoryIndex(Struct, frozen=True, kw_only=True):
    """All stories, and what entries show of them, by the key of an entry (``2023-06-02#t1329``)."""

    of_entry: dict[str, tuple[Story, int]] = {}  # the story of each chapter, and its number in it from 0
    similar: dict[str, tuple[str, ...]] = {}  # keys of similar entries of other stories
    pages: tuple[Story, ...] = ()  # with a page, the one with the newest chapter first
    redirects: dict[str, str] = {}  # addresses of stories that led elsewhere once, and where they lead now
    addresses: tuple[StoryAddress, ...] = ()  # what `make publish` records
    make_chapter: Callable[[str], Chapter] | None = None

    def at_entry(self, date: dt.date, anchor: str) -> tuple[EntryStory | None, tuple[Chapter, ...]]:
        """Return the story of an entry, None without one, and similar entries of other stories."""
        key = format_entry_key((date, anchor))
        story, number = self.of_entry.get(key, (None, 0))
        similar = tuple(self.make_chapter(other) for other in self.similar.get(key, ()) if self.make_chapter)
        return _entry_story(story, number) if story else None, similar

    def inputs_of(self, key: str, day_keys: Mapping[dt.date, bytes]) -> object:
        """Return what `at_entry` reads for the key of an entry, in a form that can be digested."""
        story, number = self.of_entry.get(key, (None, 0))
        # The first chapter, which may name the story, the one before and the one after.
        shown = [other for other in (0, number - 1, number + 1) if story and 0 <= other < len(story.keys)]
        chapters = [(story.keys[other], story.shared_names[other]) for other in shown] if story else []
        others = [*(other for other, _ in chapters), *self.similar.get(key, ())]
        about = (story.path, story.given_title) if story else ()
        return key, number, about, chapters, [(other, day_keys[chapter_date(other)]) for other in others]


def _entry_story(story: Story, number: int) -> EntryStory:
    chapters = story.chapters
    return EntryStory(
        path=story.path,
        title=story.title,
        first=chapters[0] if number > 1 else None,
        earlier=chapters[number - 1] if number else None,
        later=chapters[number + 1] if number + 1 < len(chapters) else None,
    )


def chapter_date(key: str) -> dt.date:
    """Return the date of an entry by its key."""
    return _key(key)[0]


def story_rules(
    content: Path, rules: Sequence[StoryRule], day_cache: DayCache
) -> tuple[dict[str, Rule], tuple[StoryRule, ...]]:
    """Return the corrections by hand by the entry that they decide about, and the rules with the keys of entries today.

    An entry that was moved or joined to another one is meant where it is now.

    Raises:
        ArchiveError: One names an entry that the archive lacks, or two contradict each other.
    """
    wishes = [wish for month in day_cache.months.values() for wish in month.story_wishes]
    if not wishes and not rules:
        return {}, ()
    days = [day for month in day_cache.months.values() for day in month.days]
    keys = (format_entry_key((day.date, anchor)) for day in days for anchor in day.anchors.split())
    entries = _Entries(content, {key: number for number, key in enumerate(keys)})
    found: dict[str, Rule] = {}
    for date, anchor, wish in wishes:
        key, path = format_entry_key((date, anchor)), day_file_path(content, date)
        name = wish
        if wish not in (NONE, NEW):
            try:
                name = entries.current(wish)
            except ArchiveError as error:
                line = line_of(wish, read_text_file(path))
                raise ArchiveError(f"[story] of {anchor} names {wish}, {error.reason}", path=path, line=line) from None
            if wish == key:
                reason = f"[story] of {anchor} names itself; name another entry of the story, or write new"
                raise ArchiveError(reason, path=path, line=line_of(wish, read_text_file(path)))
            if name == key:
                continue  # the two entries were joined
        # A story is told from its first entry on: the later of the two joins the earlier one.
        order = entries.order
        later, value = (name, key) if order.get(name, -1) > order[key] else (key, name)
        found.setdefault(later, Rule(value))
    path = content / STORY_RULES
    current: list[StoryRule] = []
    for rule in rules:
        names = {}
        for name in (rule.first, *rule.remove, *rule.key):
            try:
                names[name] = entries.current(name)
            except ArchiveError as error:
                line = line_of(name, read_text_file(path)) or rule.line
                raise ArchiveError(f"{name} is {error.reason}", path=path, line=line) from None
        remove, key_chapters = ([names[name] for name in group] for group in (rule.remove, rule.key))
        current.append(replace(rule, first=names[rule.first], remove=tuple(remove), key=tuple(key_chapters)))
        for name in rule.remove:
            known = found.get(names[name], Rule())
            if known.belongs == current[-1].first:
                reason = f"{name} is removed from the story of {rule.first}, and its [story] in "
                reason += f"{day_file_path(Path(), _key(names[name])[0])} puts it there; delete one of the two"
                raise ArchiveError(reason, path=path, line=line_of(name, read_text_file(path)))
            found[names[name]] = known._replace(never=known.never | {current[-1].first})
    return found, tuple(current)


class _Entries:
    """The entries of the archive, to find those that corrections name; `order` numbers them by their keys."""

    def __init__(self, content: Path, order: Mapping[str, int]) -> None:
        self.order = order
        self._content = content
        self._days: dict[dt.date, Day] = {}

    def current(self, name: str) -> str:
        """Return the key of an entry today; raise ArchiveError, without a place, if the archive has none."""
        seen = {name}
        while name not in self.order:
            tombstone = self._tombstone(name)
            if tombstone is None or tombstone.moved in seen:
                raise ArchiveError(self._missing(name))
            if tombstone.withdrawn:
                raise ArchiveError("a withdrawn entry; name another one, or delete the line")
            name = tombstone.moved
            seen.add(name)
        return name

    def _tombstone(self, name: str) -> Entry | None:
        date, anchor = _key(name)
        path = day_file_path(self._content, date)
        if date not in self._days and path.is_file():
            self._days[date] = load_day_file(path.read_bytes(), path)[0]
        entries = self._days[date].entries if date in self._days else ()
        return next((entry for entry in entries if entry.anchor == anchor and entry.is_tombstone), None)

    def _missing(self, name: str) -> str:
        day = [known for known in self.order if known.startswith(name.partition("#")[0])]
        near = min(day, key=lambda known: (abs(_minute(known) - _minute(name)), known), default="")
        return f"no entry of the archive{f'; did you mean {near}?' if near else '; correct the day'}"


def _minute(key: str) -> int:
    digits = re.sub(r"\D", "", key.partition("#")[2].partition("-")[0])
    return int(digits or 0)


@lru_cache(4096)
def _key(name: str) -> EntryKey:
    date, _, anchor = name.partition("#")
    return dt.date.fromisoformat(date), anchor


def story_index(
    placements: Mapping[str, Placement],
    day_cache: DayCache,
    rules: Sequence[StoryRule],
    recorded: Sequence[StoryAddress],
    config: Config,
) -> StoryIndex:
    """Return all stories, from what was decided about each entry, corrections, and the addresses published so far."""
    chapters: dict[str, list[str]] = {}
    repeats: dict[str, list[str]] = {}
    for key, placement in placements.items():
        if placement.chapter == key:
            chapters.setdefault(placement.story, []).append(key)
        else:
            repeats.setdefault(placement.chapter, []).append(key)
    rule_of = {placements[rule.first].story: rule for rule in rules if rule.first in placements}
    hidden = {first for first, rule in rule_of.items() if rule.hide}
    paths, redirects = _paths(placements, chapters, hidden, recorded)
    places = _Places(day_cache, config)
    stories: list[Story] = []
    for first, keys in chapters.items():
        if first not in hidden and (len(keys) > 1 or first in paths):
            rule = rule_of.get(first)
            story = Story(
                path=paths.get(first, ""),
                given_title=rule.title if rule else "",
                keys=tuple(keys),
                shared_names=tuple(placements[key].names for key in keys),
                repeated={key: tuple(repeats[key]) for key in keys if key in repeats},
                turning_points=rule.key if rule else (),
                by_hand=rule is not None,
                make_chapter=places.chapter,
                make_link=places.link,
            )
            stories.append(story)
    of_entry = {
        key: (story, number) for story in stories if len(story.keys) > 1 for number, key in enumerate(story.keys)
    }
    similar = {
        key: placement.similar
        for key, placement in placements.items()
        if placement.similar and placement.story not in hidden
    }
    pages = [story for story in stories if story.path]
    pages.sort(key=lambda story: (story.keys[-1], story.path), reverse=True)
    newest = max(day_cache.keys, default=None)
    return StoryIndex(
        of_entry=of_entry,
        similar=similar,
        pages=tuple(pages),
        redirects=redirects,
        addresses=_recorded(recorded, pages, newest),
        make_chapter=places.chapter,
    )


def _paths(
    placements: Mapping[str, Placement],
    chapters: Mapping[str, Sequence[str]],
    hidden: Iterable[str],
    recorded: Sequence[StoryAddress],
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the address of each story that has a page, by its first entry, and redirects of former addresses."""
    paths: dict[str, str] = {}
    redirects: dict[str, str] = {}
    for address in recorded:
        path = address.address.removeprefix("/")
        holders = (key for key in (address.founder, *address.chapters) if key in placements)
        entry = next(holders, "")
        story = placements[entry].story if entry else ""
        if story and story not in hidden and story not in paths:
            paths[story] = path
        elif story and story not in hidden:
            redirects[path] = paths[story]  # two recorded founders in one story: the older address stays
        else:
            redirects[path] = entry_url(*_key(entry)) if entry else STORIES_PAGE
    taken = {*paths.values(), *redirects}
    for first, keys in chapters.items():
        path = story_url(*_key(first))
        if len(keys) >= MIN_CHAPTERS and first not in hidden and first not in paths and path not in taken:
            paths[first] = path
    return paths, redirects


def _recorded(
    recorded: Sequence[StoryAddress], pages: Iterable[Story], newest: dt.date | None
) -> tuple[StoryAddress, ...]:
    known = {address.address for address in recorded}
    new = [
        StoryAddress(
            address=f"/{story.path}",
            founder=story.keys[0],
            published=newest.isoformat() if newest else "",
            chapters=story.keys[1:MIN_CHAPTERS],
        )
        for story in pages
        if f"/{story.path}" not in known
    ]
    return (*recorded, *sorted(new, key=lambda address: address.address))


class _Places:
    """Entries by their keys, as links and chapters."""

    def __init__(self, day_cache: DayCache, config: Config) -> None:
        self._day_cache, self._config = day_cache, config

    def link(self, key: str) -> EntryLink:
        date, anchor = _key(key)
        summary = self._day_cache.summary(date)
        time = summary.times[summary.anchors.index(anchor)]
        return EntryLink(path=entry_url(date, anchor), day=day_name(date, self._config), time=time)

    def chapter(self, key: str, names: tuple[str, ...] = ()) -> Chapter:
        date, anchor = _key(key)
        summary = self._day_cache.summary(date)
        position = summary.anchors.index(anchor)
        headline = summary.entry_headlines[position]
        return Chapter(
            path=entry_url(date, anchor),
            day=day_name(date, self._config),
            time=summary.times[position],
            key=key,
            headline=headline.headline,
            derived=headline.derived,
            lang=headline.lang,
            outlet=headline.outlet,
            names=names,
        )
