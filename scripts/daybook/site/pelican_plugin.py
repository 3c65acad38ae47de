"""The Pelican plugin: signals, reader, generator and writer.

Pelican finds the prose pages, calls plugins and drives the build. Days are added to its articles; the writer
and one generator let a `SiteBuilder` write every file.
"""

import datetime as dt
import logging
from pathlib import Path
from typing import Any

from markupsafe import Markup
from pelican import Pelican, signals
from pelican.contents import Article, Page
from pelican.generators import ArticlesGenerator, Generator, PagesGenerator
from pelican.readers import BaseReader
from pelican.writers import Writer

from daybook.archive.content import pelican_metadata, read_page_file
from daybook.core.config import BuildPaths, config_from_names
from daybook.core.markdown import render_markdown
from daybook.site.builder import SiteBuilder
from daybook.site.views.catalog import Catalog
from daybook.site.views.urls import url_to_file
from daybook.site.views.view_models import DayLink, ProsePageView

# Keys in Pelican's settings under which objects of a build are passed to generators and writer. The first two
# are absent where Pelican was started directly, with `pelican -s pelican.conf.py`.
CONFIG_SETTING = "DAYBOOK_CONFIG"
INPUTS_SETTING = "DAYBOOK_INPUTS"
BUILDER_SETTING = "DAYBOOK_BUILDER"


def register() -> None:
    """Connect to Pelican's signals; Pelican calls this once at its start."""
    signals.initialized.connect(_require_settings)
    signals.generator_init.connect(_prepare_generator)
    signals.get_generators.connect(_open_builder)
    signals.article_generator_pretaxonomy.connect(_add_days)
    signals.page_generator_finalized.connect(_add_about_page)
    signals.get_writer.connect(_get_writer)
    signals.finalized.connect(_close_builder)


def required_settings() -> dict[str, Any]:
    """Return the settings that Daybook sets whatever CONF says, as new objects: Pelican changes some of them."""
    no_paths = ("ARTICLE_PATHS", "ARTICLE_EXCLUDES", "PAGE_EXCLUDES", "STATIC_PATHS", "THEME_STATIC_PATHS")
    no_pages = ("INDEX", "CATEGORY", "TAG", "AUTHOR", "YEAR_ARCHIVE", "MONTH_ARCHIVE", "DAY_ARCHIVE")
    no_feeds = ("FEED", "FEED_ALL", "CATEGORY_FEED", "AUTHOR_FEED", "TAG_FEED", "TRANSLATION_FEED")
    return {
        "READERS": {"md": ProseReader} | dict.fromkeys(("htm", "html", "markdown", "mdown", "mkd", "rst")),
        "PAGE_PATHS": ["pages"],
        "PAGE_URL": "{slug}/",
        "PAGE_SAVE_AS": "{slug}/index.html",
        "PAGE_ORDER_BY": "slug",
        "ARTICLE_ORDER_BY": "date",
        **dict.fromkeys(("ARTICLE_TRANSLATION_ID", "PAGE_TRANSLATION_ID")),
        **{name: [] for name in (*no_paths, "FORMATTED_FIELDS")},
        "IGNORE_FILES": [".*"],  # Pelican's own pattern leaves hidden files in
        **dict.fromkeys(("FILENAME_METADATA", "PATH_METADATA"), ""),
        "WITH_FUTURE_DATES": True,
        **dict.fromkeys(("CACHE_CONTENT", "LOAD_CONTENT_CACHE", "RELATIVE_URLS", "TYPOGRIFY"), False),
        **dict.fromkeys(("DELETE_OUTPUT_DIRECTORY", "OUTPUT_SOURCES"), False),
        "CHECK_MODIFIED_METHOD": "mtime",  # of a cache that is not kept
        # Never matches: in an archive {filename} is text like any other.
        "INTRASITE_LINK_REGEX": r"(?!)(?P<what>)",
        "LOCALE": ["C.UTF-8", "C"],
        # A decorative picture correctly has an empty alt.
        "LOG_FILTER": [(logging.WARNING, "Empty alt attribute for image %s in %s")],
        "JINJA_ENVIRONMENT": {"autoescape": True, "extensions": []},  # for templates of plugins
        "TEMPLATE_PAGES": {},
        **{f"{name}_SAVE_AS": "" for name in no_pages},
        **{f"{name}_{form}": None for name in no_feeds for form in ("ATOM", "RSS")},
    }


def _require_settings(pelican: Pelican) -> None:
    pelican.settings.update(required_settings())


def _prepare_generator(generator: Generator) -> None:
    # Pelican disables readers whose library is missing, and without Python-Markdown warns of every .md file.
    generator.readers.disabled_readers.clear()
    # Pelican passes templates on to the writer. Ours renders with its own, so none needs to be compiled twice.
    generator.get_template = lambda name: None


def _open_builder(pelican: Pelican) -> type[Any]:
    # Not at `initialized`, which is sent once, while `pelican -r` builds again and again.
    settings = pelican.settings
    config = settings.get(CONFIG_SETTING)
    if config is None:  # Pelican was started directly
        content, output, cache = (Path(settings[name]) for name in ("PATH", "OUTPUT_PATH", "CACHE_PATH"))
        paths = BuildPaths(content=content, output=output, cache=cache, siteurl=settings["SITEURL"])
        config = config_from_names(settings, paths)
    settings[BUILDER_SETTING] = SiteBuilder(config, settings.get(INPUTS_SETTING))
    return SiteGenerator


def _add_days(generator: ArticlesGenerator) -> None:
    builder: SiteBuilder = generator.settings[BUILDER_SETTING]
    generator.articles.extend(day_articles(builder.site.catalog, generator.context))


def _add_about_page(generator: PagesGenerator) -> None:
    """Add a short built-in about page if the archive has none."""
    if any(page.slug == "about" for page in generator.pages):
        return
    builder: SiteBuilder = generator.settings[BUILDER_SETTING]
    config, interface = builder.site.catalog.config, builder.site.interface
    first_day = interface.language.short_date(config.first_day)
    text = interface.words.about.text.format(first_day=first_day, zone=config.zone_name)
    metadata = pelican_metadata("about", interface.words.about.title)
    about = Page(render_markdown(text), metadata, settings=generator.context, context=generator.context)
    generator.pages = generator.context["pages"] = [*generator.pages, about]


def _get_writer(pelican: Pelican) -> type[Any]:
    return SiteWriter


def _close_builder(pelican: Pelican) -> None:
    builder: SiteBuilder = pelican.settings[BUILDER_SETTING]
    print(builder.close())


class ProseReader(BaseReader):  # type: ignore[misc]
    """Read a prose page: a title, and CommonMark without raw HTML."""

    enabled = True
    file_extensions = ("md",)

    def read(self, source_path: str) -> tuple[str, dict[str, Any]]:
        """Return a page's HTML and its metadata."""
        return read_page_file(Path(source_path))


class SiteGenerator(Generator):  # type: ignore[misc]
    """Write everything but days and prose pages."""

    def generate_output(self, writer: "SiteWriter") -> None:
        """Write the files; Pelican calls this after its own generators."""
        builder: SiteBuilder = self.settings[BUILDER_SETTING]
        builder.write_other_files()


class SiteWriter(Writer):  # type: ignore[misc]
    """Write pages through the builder, which leaves unchanged files alone."""

    def __init__(self, output_path: str, settings: dict[str, Any]) -> None:
        """Take the builder from the settings and let it write all days at once."""
        super().__init__(output_path, settings)
        self.builder: SiteBuilder = settings[BUILDER_SETTING]
        self.builder.write_days()

    def write_file(self, name: str, template: Any, context: dict[str, Any], **values: Any) -> None:
        """Write a prose page; count a day, which is written already."""
        page = values.get("page")
        if isinstance(page, Page):
            is_content = page.source_path is not None
            lang = self.builder.site.identity.lang if is_content else self.builder.site.interface.language.tag
            view = ProsePageView(title=page.title, slug=page.slug, content=Markup(page.content), lang=lang)
            self.builder.write_prose_page(view)
        elif isinstance(values.get("article"), DayArticle):
            self.builder.day_pages += 1


class DayArticle(Article):  # type: ignore[misc]
    """A day as one of Pelican's articles, for plugins and templates; the builder writes its page."""

    url = ""
    save_as = ""

    def __init__(self, link: DayLink, catalog: Catalog, context: dict[str, Any]) -> None:
        """Set the fields of a day's article; `context` is Pelican's, which includes the settings."""
        # Article.__init__ is not called: it takes a tenth of a millisecond for each article.
        self.settings = self._context = context
        self.url, self.save_as = link.path, url_to_file(link.path)
        self.title, self.slug, self.status = link.title, link.date.isoformat(), "published"
        self.date = dt.datetime.combine(link.date, dt.time.min, catalog.config.zone)
        self.metadata = {"title": self.title, "slug": self.slug, "status": self.status, "date": self.date}
        self.template, self.lang, self.in_default_lang = "day", context["DEFAULT_LANG"], True
        self.timezone = catalog.config.zone
        self.source_path = self.relative_source_path = None
        self.translations: list[Article] = []
        self.authors: list[Any] = []
        self._content = ""


def day_articles(catalog: Catalog, context: dict[str, Any]) -> list[DayArticle]:
    """Return the articles of all days, oldest first."""
    return [DayArticle(link, catalog, context) for link in catalog.links.values()]
