"""The pages of stories, the list of all stories, and redirects from former addresses of stories."""

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import Any

from daybook.site.views.catalog import Catalog
from daybook.site.views.entry_view import opening
from daybook.site.views.urls import STORIES_PAGE
from daybook.site.views.view_models import PageRoute, Story

_MOVED = 4  # stories on the home page
_MOVED_DAYS = dt.timedelta(days=14)  # before the newest day, within which their newest chapters lie


def story_pages(catalog: Catalog) -> Iterator[PageRoute]:
    """Yield the routes of all pages about stories."""
    stories = catalog.stories.pages
    dates = (catalog.dates[0], catalog.dates[-1]) if catalog.dates else ()
    listed = [(story.path, story.title, len(story.chapters), story.chapters[-1]) for story in stories]
    yield PageRoute(STORIES_PAGE, "stories", (listed, dates), lambda: {"stories": stories, "dates": dates})
    for story in stories:
        days = sorted({chapter.day.date for chapter in story.chapters})
        inputs = (story, [catalog.day_cache.keys[date] for date in days])
        yield PageRoute(story.path, "story", inputs, partial(_values, catalog, story))
    titles = {story.path: story.title for story in stories}
    for path, target in sorted(catalog.stories.redirects.items()):
        title = titles.get(target, target)
        yield PageRoute(path, "redirect", (target, title), partial(dict, target=target, story=title))


def moved_stories(catalog: Catalog) -> tuple[Story, ...]:
    """Return the stories with the newest chapters, for the home page."""
    if not catalog.dates:
        return ()
    since = catalog.dates[-1] - min(_MOVED_DAYS, catalog.dates[-1] - dt.date.min)
    return tuple(story for story in catalog.stories.pages if story.chapters[-1].day.date >= since)[:_MOVED]


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
