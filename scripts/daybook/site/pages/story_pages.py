"""The pages of stories, the list of all stories, and redirects from former addresses of stories."""

import datetime as dt
from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import Any

from daybook.site.views.catalog import Catalog
from daybook.site.views.entry_view import opening
from daybook.site.views.story_views import chapter_date
from daybook.site.views.urls import STORIES_PAGE
from daybook.site.views.view_models import PageRoute, Story

_MOVED = 4  # stories on the home page
_MOVED_DAYS = dt.timedelta(days=14)  # before the newest day, within which their newest chapters lie


def story_pages(catalog: Catalog) -> Iterator[PageRoute]:
    """Yield the routes of all pages about stories."""
    stories = catalog.stories.pages
    dates = (catalog.dates[0], catalog.dates[-1]) if catalog.dates else ()
    listed = [card_inputs(catalog, story) for story in stories]
    yield PageRoute(STORIES_PAGE, "stories", (listed, dates), lambda: {"stories": stories, "dates": dates})
    for story in stories:
        shown = [(key, _day_key(catalog, key)) for key in chain(story.keys, *story.repeated.values())]
        by_hand = (story.given_title, story.turning_points, story.by_hand)
        inputs = (story.path, shown, story.shared_names, story.repeated, by_hand)
        yield PageRoute(story.path, "story", inputs, partial(_values, catalog, story))
    by_path = {story.path: story for story in stories}
    for path, target in sorted(catalog.stories.redirects.items()):
        title = by_path[target].title if target in by_path else target
        yield PageRoute(path, "redirect", (target, title), partial(dict, target=target, story=title))


def card_inputs(catalog: Catalog, story: Story) -> object:
    """Return what a list of stories shows of one, in a form that can be digested."""
    ends = [(key, _day_key(catalog, key)) for key in (story.keys[0], story.keys[-1])]
    return story.path, story.given_title, len(story.keys), ends


def _day_key(catalog: Catalog, key: str) -> bytes:
    return catalog.day_cache.keys[chapter_date(key)]


def moved_stories(catalog: Catalog) -> tuple[Story, ...]:
    """Return the stories with the newest chapters, for the home page."""
    if not catalog.dates:
        return ()
    since = catalog.dates[-1] - min(_MOVED_DAYS, catalog.dates[-1] - dt.date.min)
    return tuple(story for story in catalog.stories.pages if chapter_date(story.keys[-1]) >= since)[:_MOVED]


def _values(catalog: Catalog, story: Story) -> dict[str, Any]:
    openings = {}
    for chapter in story.chapters:
        date, anchor = chapter.day.date, chapter.key.partition("#")[2]
        view = next(view for view in catalog.day_cache.views(date) if view.anchor == anchor)
        openings[chapter.key] = opening(view.text)
    first, last = story.chapters[0].day.date, story.chapters[-1].day.date
    span = max((last - first).days, 1)
    beads = [round(600 * (chapter.day.date - first).days / span) + 8 for chapter in story.chapters]
    return {"story": story, "openings": openings, "beads": beads, "outlets": _outlets(story)}


def _outlets(story: Story) -> list[str]:
    return list(dict.fromkeys(chapter.outlet for chapter in story.chapters if chapter.outlet))
