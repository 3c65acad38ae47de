"""The Pelican plugin: signals, reader, generator and writer.

Pelican finds the prose pages and plain files, calls plugins and drives the build. Days are added to its articles.
The content is loaded where Pelican asks for generators, and written where it asks the writer for the first file.

Pelican calls the functions of a signal in the order in which plugins connect them. Daybook's plugin comes first, so
that others find its days and pages; at the end of a build it comes last, after all files were written.
"""

import datetime as dt
import os
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from markupsafe import Markup
from pelican import Pelican, signals
from pelican.contents import Article, Content, Page
from pelican.generators import ArticlesGenerator, Generator, PagesGenerator, StaticGenerator
from pelican.readers import BaseReader
from pelican.urlwrappers import Category, Tag
from pelican.writers import Writer

from daybook.archive.content import pelican_metadata, read_page_file
from daybook.core.config import BuildPaths, Config, config_from_names
from daybook.core.errors import ArchiveError
from daybook.core.files import lock_folders
from daybook.core.markdown import render_markdown
from daybook.core.model import format_minutes, minute_of_day
from daybook.incremental.output import BuildState, cache_folder
from daybook.site.builder import SiteBuilder, open_builder
from daybook.site.inputs import find_build_inputs, prepare_folders
from daybook.site.pages.about import archive_facts
from daybook.site.pelican_settings import check_settings, check_spelling, required_settings, settings_of_pelican
from daybook.site.views.catalog import Catalog, topics_on_days
from daybook.site.views.theme import TemplateRenderer, render_template
from daybook.site.views.urls import file_to_url, url_to_file
from daybook.site.views.view_models import DayLink, EntryView

# Keys in Pelican's settings under which objects of a build are passed to generators and writer. INPUTS_SETTING is
# absent where Pelican was started directly, with `pelican -s pelican.conf.py`; LOCK_SETTING is present only there.
CONFIG_SETTING = "DAYBOOK_CONFIG"
INPUTS_SETTING = "DAYBOOK_INPUTS"
BUILDER_SETTING = "DAYBOOK_BUILDER"
_LOCK_SETTING = "DAYBOOK_LOCK"
# What Pelican itself puts into the context of templates besides the settings.
_CONTEXT = {
    *("generated_content", "static_links", "static_content", "localsiteurl", "articles", "drafts", "hidden_articles"),
    *("dates", "tags", "categories", "authors", "related_posts", "period_archives", "pages", "hidden_pages"),
    *("draft_pages", "staticfiles"),
}


def register() -> None:
    """Connect to Pelican's signals; Pelican calls this once at its start."""
    signals.initialized.connect(_prepare_settings)
    signals.get_generators.connect(_open_builder)
    signals.generator_init.connect(_prepare_generator)
    signals.article_generator_pretaxonomy.connect(_add_days)
    signals.page_generator_finalized.connect(_add_about_page)
    signals.get_writer.connect(_get_writer)


def _prepare_settings(pelican: Pelican) -> None:
    """Check the settings and complete them, once all plugins are registered."""
    settings = pelican.settings
    if CONFIG_SETTING not in settings:  # Pelican was started directly
        settings[CONFIG_SETTING] = _config_of_pelican(pelican)
    config: Config = settings[CONFIG_SETTING]
    check_settings(config)
    settings.update({name: value for name, value in required_settings(config).items() if name != "PLUGINS"})
    settings["READERS"] = {"md": ProseReader} | dict.fromkeys(("htm", "html", "markdown", "mdown", "mkd", "rst"))
    # Pelican copied these when it was made.
    pelican.path, pelican.theme, pelican.output_path = (settings[name] for name in ("PATH", "THEME", "OUTPUT_PATH"))
    pelican.ignore_files, pelican.delete_outputdir = settings["IGNORE_FILES"], False
    signals.finalized.disconnect(_close_builder)
    signals.finalized.connect(_close_builder)


def _config_of_pelican(pelican: Pelican) -> Config:
    """Return the configuration where Pelican has read the settings file and the command line.

    Raises ArchiveError without a settings file, for a wrong value, or if a plugin was not loaded: Pelican would
    build the site without it.
    """
    settings, module = pelican.settings, _settings_module()
    conf = Path(os.path.relpath(str(module.__file__)))
    names = {name: value for name, value in vars(module).items() if name.isupper()}
    if len(names.get("PLUGINS") or ()) > len(pelican.plugins):
        loaded = ", ".join(settings["PLUGINS"])
        raise ArchiveError(f"PLUGINS: not all could be loaded, only {loaded}; see Pelican's messages", path=conf)
    names["PLUGINS"] = settings["PLUGINS"]  # with those of the command line, by name
    content, cache = settings["PATH"], settings["CACHE_PATH"]
    paths = BuildPaths(
        content=BuildPaths().content if content == os.curdir else Path(content),
        output=Path(settings["OUTPUT_PATH"]),
        conf=conf,
        cache=BuildPaths().cache if cache == "cache" else Path(cache),  # Pelican's own would be seen in a repository
        siteurl=settings["SITEURL"],
    )
    try:
        return config_from_names(settings_of_pelican(settings, names), paths)
    except ArchiveError as error:
        raise error.at(conf) from None


def _settings_module() -> ModuleType:
    """Return the module that Pelican made of the settings file.

    It is the first of all loaded modules that sets FIRST_DAY: a settings file may import another one.
    """
    for module in list(sys.modules.values()):
        if "FIRST_DAY" in getattr(module, "__dict__", {}) and getattr(module, "__file__", None):
            return module
    raise ArchiveError('the settings have no FIRST_DAY; set it, as in FIRST_DAY = "2022-02-23", and name the file: -s')


def _open_builder(pelican: Pelican) -> type[Any]:
    """Load the archive. Not at `initialized`, which is sent once, while `pelican -r` builds again and again."""
    settings = pelican.settings
    config: Config = settings[CONFIG_SETTING]
    inputs = settings.get(INPUTS_SETTING)
    if inputs is None:
        _unlock(settings)
        prepare_folders(config)
        lock = settings[_LOCK_SETTING] = ExitStack()
        lock.enter_context(lock_folders(config.paths.content, config.paths.output))
        state = BuildState(cache_folder(config.paths.cache, config.paths.output))
        inputs = find_build_inputs(config, state, look=True)
    builder = settings[BUILDER_SETTING] = open_builder(config, inputs)
    check_spelling(config, [*builder.site.renderer.texts, *map(_plugin_text, pelican.plugins)])
    return SiteGenerator


def _plugin_text(plugin: Any) -> str:
    """Return the source of a plugin: all modules of its package."""
    file = getattr(plugin, "__file__", None) or getattr(
        sys.modules.get(getattr(plugin, "__module__", "")), "__file__", ""
    )
    path = Path(file or "")
    paths = path.parent.rglob("*.py") if path.name == "__init__.py" else [path] if path.suffix == ".py" else []
    return "\n".join(each.read_text("utf-8", errors="replace") for each in paths)


def _unlock(settings: dict[str, Any]) -> None:
    if lock := settings.pop(_LOCK_SETTING, None):
        lock.close()


def _prepare_generator(generator: Generator) -> None:
    # Pelican disables readers whose library is missing, and without Python-Markdown warns of every .md file.
    generator.readers.disabled_readers.clear()
    builder: SiteBuilder = generator.settings[BUILDER_SETTING]
    if isinstance(generator, (ArticlesGenerator, PagesGenerator)):
        generator.get_template = lambda name: _ThemeTemplate(builder.site.renderer, name)
    else:
        builder.site.renderer.extend(generator.env)
    if isinstance(generator, StaticGenerator):
        # Pelican would copy each file at each build, and `OutputFolder` would not know the copies.
        generator.generate_output = lambda writer: _write_plain_files(generator)


def _add_days(generator: ArticlesGenerator) -> None:
    builder: SiteBuilder = generator.settings[BUILDER_SETTING]
    generator.articles.extend(day_articles(builder.site.catalog, generator.context))
    if signals.content_object_init.receivers:
        for article in generator.articles:
            signals.content_object_init.send(article)


def _add_about_page(generator: PagesGenerator) -> None:
    """Add an about page with the facts of the archive alone if the archive has none of its own."""
    if any(page.slug == "about" for page in generator.pages):
        return
    builder: SiteBuilder = generator.settings[BUILDER_SETTING]
    interface = builder.site.interface
    metadata = pelican_metadata("about", interface.words.about.title)
    about = Page("", metadata, settings=generator.context, context=generator.context)
    about.lang = interface.language.tag
    generator.pages = generator.context["pages"] = [*generator.pages, about]


def _get_writer(pelican: Pelican) -> type[Any]:
    return SiteWriter


def _write_plain_files(generator: StaticGenerator) -> None:
    """Write the files of STATIC_PATHS, which Pelican has found."""
    builder: SiteBuilder = generator.settings[BUILDER_SETTING]
    files = [(each.save_as, Path(generator.path, each.source_path)) for each in generator.context["staticfiles"]]
    builder.write_plain_files(files)


def _close_builder(pelican: Pelican) -> None:
    builder: SiteBuilder = pelican.settings[BUILDER_SETTING]
    print(builder.close())
    if _LOCK_SETTING in pelican.settings:
        for warning in builder.warnings:
            print(f"warning: {warning}", file=sys.stderr)
        _unlock(pelican.settings)


class ProseReader(BaseReader):  # type: ignore[misc]
    """Read a prose page: a title, and CommonMark without raw HTML."""

    enabled = True
    file_extensions = ("md",)

    def read(self, source_path: str) -> tuple[str, dict[str, Any]]:
        """Return a page's HTML and its metadata."""
        return read_page_file(Path(source_path))


class SiteGenerator(Generator):  # type: ignore[misc]
    """Write everything but days, prose pages and plain files."""

    def generate_output(self, writer: "SiteWriter") -> None:
        """Write the files; Pelican calls this after its own generators."""
        builder: SiteBuilder = self.settings[BUILDER_SETTING]
        builder.open_output(partial(_additions, self.context))
        builder.write_other_files()


def _additions(context: Mapping[str, Any]) -> dict[str, Any]:
    """Return what plugins have added to the context of templates: neither settings nor Pelican's own values."""
    return {name: value for name, value in context.items() if name not in _CONTEXT and not name.isupper()}


class _ThemeTemplate:
    """A template of the theme, under the name by which Pelican's own generators ask for it."""

    def __init__(self, renderer: TemplateRenderer, name: str) -> None:
        self._renderer, self._name = renderer, name

    def render(self, values: Mapping[str, Any]) -> str:
        return self._renderer.page(self._name, values["path"], values).decode()


class ProsePage:
    """A prose page as templates see it: Pelican's page, with HTML that is not escaped once more."""

    def __init__(self, page: Page) -> None:
        """Take a page of Pelican's."""
        self._page = page
        self.content = Markup(page.content)

    def __getattr__(self, name: str) -> Any:
        """Return another attribute of Pelican's page, such as one that a plugin set."""
        return getattr(self._page, name)


class SiteWriter(Writer):  # type: ignore[misc]
    """Write pages through the builder, which leaves unchanged files alone."""

    def write_file(self, name: str, template: Any, context: Mapping[str, Any], *arguments: Any, **values: Any) -> None:
        """Render a page of Pelican's or of a plugin's and write it; count a day, which is written already.

        Templates get the context, the values, and `root` and `path` as all templates of the theme.
        """
        builder: SiteBuilder = self.settings[BUILDER_SETTING]
        builder.open_output(partial(_additions, context))
        if not name:
            return  # Pelican's lists of articles: the site has its own
        path = file_to_url(name)
        context = {**context, **values, "output_file": name, "path": path}
        if isinstance(values.get("article"), DayArticle):
            builder.day_pages += 1
        else:
            if isinstance(values.get("page"), Content):
                page, catalog = values["page"], builder.site.catalog
                context["page"], context["counts"] = ProsePage(page), catalog.counts
                context["archive"] = archive_facts(catalog) if page.slug == "about" else None
            builder.output.write_bytes(name, render_template(template, path, context))
        if signals.content_written.receivers:
            signals.content_written.send(str(builder.output.folder / name), context=context)


class DayArticle(Article):  # type: ignore[misc]
    """A day as one of Pelican's articles, for plugins and templates; the builder writes its page.

    A plugin can read it and set attributes of its own. The page is written from the day file, so setting the
    content, title or address is an error.
    """

    url = ""
    save_as = ""

    def __init__(self, link: DayLink, catalog: Catalog, context: dict[str, Any]) -> None:
        """Set the fields of a day's article; `context` is Pelican's, which includes the settings."""
        # Article.__init__ is not called: it takes a tenth of a millisecond for each article.
        self._link, self._catalog = link, catalog
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
        self._is_complete = True

    def __setattr__(self, name: str, value: Any) -> None:
        """Set an attribute; raise ArchiveError for one that the day's page is written from."""
        if name in _FIXED_ATTRIBUTES and "_is_complete" in self.__dict__:
            reason = f"a plugin sets {name.lstrip('_')} of the day {self.slug}, which has no effect on its page"
            raise ArchiveError(f"{reason}: change the day file, or set another attribute")
        super().__setattr__(name, value)

    @property
    def entries(self) -> tuple[EntryView, ...]:
        """Return the day's entries as its page shows them, in order of time."""
        return self._catalog.day_cache.views(self._link.date)

    @property
    def content(self) -> str:
        """Return the lede and the entries as HTML, without what the theme adds."""
        return self.get_content("")

    def get_content(self, siteurl: str) -> str:
        """Return the lede and the entries as HTML."""
        parts = [self.summary]
        for entry in self.entries:
            time = format_minutes(minute_of_day(entry.time)) if entry.time else ""
            parts.append(Markup('<h2 id="{}">{}</h2>\n').format(entry.anchor, f"{time} {entry.headline}".strip()))
            parts.append(entry.html)
        return "".join(map(str, parts))

    @property
    def summary(self) -> str:
        """Return the lede as HTML."""
        return render_markdown(self._catalog.day_cache.day(self._link.date).lede)


_FIXED_ATTRIBUTES = {
    "_content",
    "title",
    "slug",
    "url",
    "save_as",
    "status",
    "date",
    "override_save_as",
    "override_url",
}


def day_articles(catalog: Catalog, context: dict[str, Any]) -> list[DayArticle]:
    """Return the articles of all days, oldest first; for plugins with their topics as tags, and a category."""
    articles = [DayArticle(link, catalog, context) for link in catalog.links.values()]
    if catalog.config.foreign_plugins:
        category = Category(context["DEFAULT_CATEGORY"], context)
        for article, date in zip(articles, catalog.dates, strict=True):
            article.category, article.tags = category, []
            for topic in topics_on_days(catalog, [date]):
                tag = Tag(topic.name, context)
                tag.slug = topic.slug
                article.tags.append(tag)
    return articles
