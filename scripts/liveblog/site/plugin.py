"""What the plugin answers to Pelican's signals."""

from typing import Any

from pelican import Pelican, signals
from pelican.generators import ArticlesGenerator, Generator, PagesGenerator

from .articles import day_articles
from .generator import SiteGenerator
from .plumbing import plumbing
from .press import KEY, Press
from .prose import with_about
from .writer import SiteWriter


def connect() -> None:
    """Connect to Pelican: called once for each time it starts."""
    signals.initialized.connect(_lay_plumbing)
    signals.generator_init.connect(_own_readers_and_templates)
    signals.get_generators.connect(_open_press)
    signals.article_generator_pretaxonomy.connect(_add_days)
    signals.page_generator_finalized.connect(_add_about)
    signals.get_writer.connect(_give_writer)
    signals.finalized.connect(_close_press)


def _lay_plumbing(pelican: Pelican) -> None:
    pelican.settings.update(plumbing())


def _own_readers_and_templates(generator: Generator) -> None:
    # Without Python-Markdown installed, Pelican warns of every .md file, ours to read or not.
    generator.readers.disabled_readers.clear()
    # Pelican hands templates on to a writer, and ours renders with the Press's own: none need be compiled twice.
    generator.get_template = lambda name: None


def _open_press(pelican: Pelican) -> type[SiteGenerator]:
    # Not in `initialized`: that fires once, while `pelican -r` builds again and again.
    pelican.settings[KEY] = Press(pelican.settings)
    return SiteGenerator


def _add_days(generator: ArticlesGenerator) -> None:
    press: Press = generator.settings[KEY]
    generator.articles.extend(day_articles(press.site.edition, generator.context))


def _add_about(generator: PagesGenerator) -> None:
    press: Press = generator.settings[KEY]
    pages = with_about(generator.pages, generator.context, press.site.edition.settings)
    generator.pages = generator.context["pages"] = pages


def _give_writer(pelican: Pelican) -> type[Any]:
    return SiteWriter


def _close_press(pelican: Pelican) -> None:
    press: Press = pelican.settings[KEY]
    print(press.close())
