"""The Pelican plugin: the only home of pelican.

In the order of a build: `build` (runs Pelican) · `plumbing` (its settings) · `press` (one
build: reads all, counts, checks) · `edition`, `entries`, `changes` (the archive as views) ·
`days`, `home`, `months`, `topic_pages`, `pages` (what each page shows) · `articles`, `prose`
(days and prose as Pelican's content) · `imprint`, `linked_data`, `day_data`, `feeds`,
`discovery`, `data_files` (the same for programs) · `generator`, `writer`, `output` (out they
go) · `check` (looks at the result). `views` and `overviews` are what templates see; `words`, `languages`,
`assets`, `corrections` serve the theme. `tombstones`, `redirects` keep addresses; `provenance`,
`provenance_feed` tell where all comes from; `research_pages` are the pages of both.
"""

from typing import Any

from pelican import Pelican, signals
from pelican.generators import ArticlesGenerator, Generator, PagesGenerator

from .articles import day_articles
from .generator import SiteGenerator
from .languages import direction
from .plumbing import plumbing
from .press import KEY, Press
from .prose import with_about
from .words import word_filters
from .writer import SiteWriter


def register() -> None:
    """Connect to Pelican: called by it once for each time it starts."""
    signals.initialized.connect(_lay_plumbing)
    signals.generator_init.connect(_own_markdown)
    signals.get_generators.connect(_open_press)
    signals.article_generator_pretaxonomy.connect(_add_days)
    signals.page_generator_finalized.connect(_add_about)
    signals.get_writer.connect(_give_writer)
    signals.finalized.connect(_close_press)


def _lay_plumbing(pelican: Pelican) -> None:
    pelican.settings.update(plumbing())


def _own_markdown(generator: Generator) -> None:
    # Without Python-Markdown installed, Pelican warns of every .md file, ours to read or not.
    generator.readers.disabled_readers.clear()


def _open_press(pelican: Pelican) -> type[SiteGenerator]:
    # Not in `initialized`: that fires once, while `pelican -r` builds again and again.
    press = Press(pelican.settings)
    pelican.settings[KEY] = press
    pelican.settings["JINJA_GLOBALS"] = press.templates_see()
    pelican.settings["JINJA_FILTERS"] = {**word_filters(press.strings), "direction": direction}
    return SiteGenerator


def _add_days(generator: ArticlesGenerator) -> None:
    press: Press = generator.settings[KEY]
    generator.articles.extend(day_articles(press.edition, generator.context))


def _add_about(generator: PagesGenerator) -> None:
    press: Press = generator.settings[KEY]
    pages = with_about(generator.pages, generator.context, press.edition.settings)
    generator.pages = generator.context["pages"] = pages


def _give_writer(pelican: Pelican) -> type[Any]:
    return SiteWriter


def _close_press(pelican: Pelican) -> None:
    press: Press = pelican.settings[KEY]
    print(press.close())
