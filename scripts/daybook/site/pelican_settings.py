"""Which of Pelican's settings an archive can set, and which have a fixed value that Daybook needs.

A settings file that gives a fixed setting another value is refused: the setting would have no effect.
"""

import difflib
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pelican.settings import DEFAULT_CONFIG

from daybook.archive.published_files import DOMAIN_FILE
from daybook.core.config import PLUGIN_NAME, Config
from daybook.core.errors import ArchiveError
from daybook.core.pictures import FILES_FOLDER
from daybook.site.inputs import static_paths

# Settings of Daybook's own, which Pelican does not know.
DAYBOOK_SETTINGS = frozenset(
    {
        *("FIRST_DAY", "PLACES", "REPOSITORY", "ARCHIVE_ID", "INTERFACE_LANG", "ENTRY_PAGES", "CARDS"),
        *("LICENSE", "AUTHORS", "CONTACT", "DOI"),
    }
)
# Settings that Pelican documents and that have the effect it documents.
HONOURED_SETTINGS = frozenset(
    {
        *("PATH", "OUTPUT_PATH", "CACHE_PATH", "SITEURL", "SITENAME", "TIMEZONE", "DEFAULT_LANG"),
        *("THEME", "THEME_TEMPLATES_OVERRIDES", "DIRECT_TEMPLATES", "TEMPLATE_PAGES", "MENUITEMS", "LINKS", "SOCIAL"),
        *("PLUGINS", "PLUGIN_PATHS", "JINJA_FILTERS", "JINJA_GLOBALS", "JINJA_TESTS", "LOG_FILTER"),
        *("STATIC_PATHS", "STATIC_EXCLUDES", "STATIC_EXCLUDE_SOURCES", "STATIC_URL", "STATIC_SAVE_AS"),
        *("EXTRA_PATH_METADATA", "PORT", "BIND", "NEWEST_FIRST_ARCHIVES"),
        *("SLUGIFY_SOURCE", "SLUGIFY_USE_UNICODE", "SLUGIFY_PRESERVE_CASE", "SLUG_REGEX_SUBSTITUTIONS"),
    }
)
# Names that Pelican documents without a default. They are for templates and plugins alone.
TEMPLATE_SETTINGS = frozenset(
    {
        *("AUTHOR", "SITESUBTITLE", "FEED_DOMAIN", "DEBUG", "GITHUB_URL", "DISQUS_SITENAME", "TWITTER_USERNAME"),
        *("GOOGLE_ANALYTICS", "GA_COOKIE_DOMAIN", "GOSQUARED_SITENAME", "STYLESHEET_URL", "LINKS_WIDGET_NAME"),
        *("SOCIAL_WIDGET_NAME", "BYLINE", "HEADER_CSS", "MARKUP"),
    }
)


class FixedSetting(NamedTuple):
    """The value that Daybook needs, why, and other values that have the same effect."""

    value: Any
    reason: str
    accepted: tuple[Any, ...] = ()


_BLOG = "Daybook has days and topics, no articles, categories, tags or authors"
_ADDRESSES = "the addresses of pages never change"
_FEEDS = "Daybook writes its own feeds, those under feeds/"
_CACHE = "Daybook has a cache of its own"
_OUTPUT = "a build removes what it did not write, except hidden files, and writes changed files only"
_PAGES = "a page is CommonMark with a title and nothing else"
_DATES = "dates follow the language of the interface"
_REPRODUCIBLE = "the output must not depend on the computer or the time of the build"
_LISTS = "lists are not divided into numbered pages"
_THEME = "the theme's static files go to static/, with a hash in their names"
_FEED_KINDS = ("FEED", "FEED_ALL", "CATEGORY_FEED", "AUTHOR_FEED", "TAG_FEED", "TRANSLATION_FEED")


def _defaults(reason: str, *names: str) -> dict[str, FixedSetting]:
    return {name: FixedSetting(DEFAULT_CONFIG[name], reason) for name in names}


def _fixed(reason: str, value: Any, *names: str, accepted: tuple[Any, ...] = ()) -> dict[str, FixedSetting]:
    return {name: FixedSetting(value, reason, accepted) for name in names}


FIXED_SETTINGS: dict[str, FixedSetting] = {
    # Reading: Pelican reads prose pages; days are added to its articles.
    **_fixed("only .md files are read", {}, "READERS"),
    **_fixed(_BLOG, [], "ARTICLE_PATHS", "ARTICLE_EXCLUDES", accepted=(["days"],)),
    **_fixed("prose pages are the files in pages/", [], "PAGE_EXCLUDES"),
    **_fixed("prose pages are the files in pages/", ["pages"], "PAGE_PATHS"),
    **_fixed("hidden files are ignored; use STATIC_EXCLUDES for others", [".*"], "IGNORE_FILES", accepted=(["**/.*"],)),
    **_fixed(_PAGES, "", "FILENAME_METADATA", "PATH_METADATA"),
    **_fixed(_PAGES, [], "FORMATTED_FIELDS", accepted=(["summary"],)),
    # Never matches: in an archive {filename} is text like any other.
    **_fixed("braces are text like any other; link to ../images/map.png", r"(?!)(?P<what>)", "INTRASITE_LINK_REGEX"),
    **_defaults(_PAGES, "DEFAULT_METADATA", "MARKDOWN", "DOCUTILS_SETTINGS", "PYGMENTS_RST_OPTIONS"),
    **_defaults(_PAGES, "TYPOGRIFY", "TYPOGRIFY_IGNORE_TAGS", "TYPOGRIFY_OMIT_FILTERS", "TYPOGRIFY_DASHES"),
    **_defaults(_PAGES, "SUMMARY_END_SUFFIX", "SUMMARY_MAX_LENGTH"),
    **_fixed("an archive has one page for each file", None, "ARTICLE_TRANSLATION_ID", "PAGE_TRANSLATION_ID"),
    **_fixed("no clock decides what is shown", True, "WITH_FUTURE_DATES"),
    **_fixed("days are in order of their dates", "date", "ARTICLE_ORDER_BY"),
    **_fixed("pages are in order of their addresses", "slug", "PAGE_ORDER_BY"),
    # Addresses.
    **_fixed(_ADDRESSES, "{slug}/", "PAGE_URL"),
    **_fixed(_ADDRESSES, "{slug}/index.html", "PAGE_SAVE_AS"),
    **_fixed(_ADDRESSES, "", "INDEX_SAVE_AS", accepted=("index.html",)),
    **_fixed(_BLOG, "", *(f"{name}_SAVE_AS" for name in ("CATEGORY", "TAG", "AUTHOR"))),
    **_fixed(_ADDRESSES, "", *(f"{name}_ARCHIVE_SAVE_AS" for name in ("YEAR", "MONTH", "DAY"))),
    **_defaults(_ADDRESSES, *(f"{name}_ARCHIVE_URL" for name in ("YEAR", "MONTH", "DAY"))),
    **_fixed(_ADDRESSES, "topics/{slug}/", "TAG_URL"),
    **_fixed(_ADDRESSES, "days/", "CATEGORY_URL"),
    **_defaults(_BLOG, "AUTHOR_URL", "ARTICLE_PERMALINK_STRUCTURE"),
    **_defaults(_BLOG, "USE_FOLDER_AS_CATEGORY", "DEFAULT_CATEGORY", "REVERSE_CATEGORY_ORDER"),
    **_defaults(
        _ADDRESSES,
        *(
            f"{kind}_{what}"
            for kind in ("ARTICLE", "ARTICLE_LANG", "DRAFT", "DRAFT_LANG", "PAGE_LANG", "DRAFT_PAGE", "DRAFT_PAGE_LANG")
            for what in ("URL", "SAVE_AS")
        ),
    ),
    # Feeds, lists, dates.
    **{
        f"{kind}_{form}": FixedSetting(None, _FEEDS, ("feeds/all.atom.xml",) if kind == "FEED_ALL" else ())
        for kind in _FEED_KINDS
        for form in ("ATOM", "RSS")
    },
    **_defaults(_FEEDS, "FEED_MAX_ITEMS", "RSS_FEED_SUMMARY_ONLY", "FEED_APPEND_REF"),
    **_defaults(_LISTS, "DEFAULT_PAGINATION", "DEFAULT_ORPHANS", "PAGINATED_TEMPLATES", "PAGINATION_PATTERNS"),
    **_defaults(_DATES, "DEFAULT_DATE_FORMAT", "DATE_FORMATS"),
    **_fixed(_REPRODUCIBLE, ["C.UTF-8", "C"], "LOCALE"),
    **_fixed(
        "the menu has days, topics, search and about; add pages with MENUITEMS",
        False,
        *("DISPLAY_PAGES_ON_MENU", "DISPLAY_CATEGORIES_ON_MENU"),
    ),
    # Theme.
    **_defaults(_THEME, "CSS_FILE", "THEME_STATIC_DIR"),
    **_fixed(_THEME, [], "THEME_STATIC_PATHS", accepted=(["static"],)),
    **_defaults("templates end in .html", "TEMPLATE_EXTENSIONS"),
    **_fixed(
        "templates escape text, and have Pelican's own settings otherwise",
        {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True, "extensions": []},
        "JINJA_ENVIRONMENT",
    ),
    # Writing.
    **_fixed(_OUTPUT, False, "DELETE_OUTPUT_DIRECTORY", "STATIC_CHECK_IF_MODIFIED", accepted=(True,)),
    **_fixed(_OUTPUT, [], "OUTPUT_RETENTION", accepted=([".git"], [".hg", ".git"])),
    **_fixed("links between pages are always relative", False, "RELATIVE_URLS", accepted=(True,)),
    **_fixed("a link in the output would be published as a copy of itself", False, "STATIC_CREATE_LINKS"),
    **_defaults("the site links to the source in REPOSITORY", "OUTPUT_SOURCES", "OUTPUT_SOURCES_EXTENSION"),
    **_fixed(_CACHE, False, "CACHE_CONTENT", "LOAD_CONTENT_CACHE"),
    **_defaults(_CACHE, "CONTENT_CACHING_LAYER", "GZIP_CACHE", "CHECK_MODIFIED_METHOD"),
    **_defaults("Daybook is a plugin of Pelican's own class", "PELICAN_CLASS"),
}

# Names of earlier versions of Pelican, which it would replace with a warning, and what to write.
REPLACED_SETTINGS = {
    "PLUGIN_PATH": "PLUGIN_PATHS",
    "JINJA_EXTENSIONS": "JINJA_FILTERS",
    "ARTICLE_DIR": "nothing: days are in days/",
    "PAGE_DIR": "nothing: prose pages are in pages/",
    "EXTRA_TEMPLATES_PATHS": "THEME_TEMPLATES_OVERRIDES",
    "FILES_TO_COPY": "STATIC_PATHS and EXTRA_PATH_METADATA",
    "PAGINATED_DIRECT_TEMPLATES": "DIRECT_TEMPLATES",
    **dict.fromkeys(("MD_EXTENSIONS", "LESS_GENERATOR", "CLEAN_URLS", "WRITE_SELECTED"), "nothing"),
    **dict.fromkeys(("AUTORELOAD_IGNORE_CACHE", "TAG_FEED", "CATEGORY_FEED", "TRANSLATION_FEED", "FEED"), "nothing"),
    **{f"{name}_SUBSTITUTIONS": "SLUG_REGEX_SUBSTITUTIONS" for name in ("SLUG", "CATEGORY", "TAG", "AUTHOR")},
}

_KNOWN = (*DEFAULT_CONFIG, *HONOURED_SETTINGS, *TEMPLATE_SETTINGS, *DAYBOOK_SETTINGS, *FIXED_SETTINGS)
_LIKENESS = 0.85  # of a misspelled name, such as SITE_NAME, to the one that was meant
# In the settings of every archive, and `pelican -s` without make: Pelican itself changes these.
_CHANGED_BY_PELICAN = {"PAGINATION_PATTERNS", "JINJA_ENVIRONMENT", "LOCALE", "ARTICLE_EXCLUDES", "PAGE_EXCLUDES"}


def required_settings(config: Config) -> dict[str, Any]:
    """Return the settings that Daybook gives Pelican for an archive, as new objects: Pelican changes some of them."""
    names, paths = config.names, config.paths
    # A decorative picture correctly has an empty alt.
    log_filter = [(logging.WARNING, "Empty alt attribute for image %s in %s"), *names.get("LOG_FILTER", [])]
    return {
        **{name: _copy(fixed.value) for name, fixed in FIXED_SETTINGS.items()},
        "LOG_FILTER": log_filter,
        "STATIC_PATHS": static_paths(config),
        "EXTRA_PATH_METADATA": _extra_paths(config),
        "DIRECT_TEMPLATES": list(names.get("DIRECT_TEMPLATES", [])),
        "THEME": str(config.theme.resolve()),
        "THEME_TEMPLATES_OVERRIDES": [str(folder.resolve()) for folder in config.template_folders[:-1]],
        "PLUGINS": [*config.plugins],
        "PLUGIN_PATHS": [str(folder.resolve()) for folder in config.plugin_folders],
        "PATH": str(paths.content.resolve()),
        "OUTPUT_PATH": str(paths.output.resolve()),
        "CACHE_PATH": str(paths.cache.resolve()),
        "SITEURL": paths.siteurl.rstrip("/"),
        "TIMEZONE": config.zone_name,
    }


def _extra_paths(config: Config) -> dict[str, Any]:
    """Return EXTRA_PATH_METADATA, with the root as the place of a file of the site's domain."""
    domain = f"{FILES_FOLDER}/{DOMAIN_FILE}"
    of_domain = {domain: {"path": DOMAIN_FILE}} if (config.paths.content / domain).is_file() else {}
    return {**of_domain, **dict(config.names.get("EXTRA_PATH_METADATA") or {})}


def _copy(value: Any) -> Any:
    return value.copy() if isinstance(value, (dict, list)) else value


def check_settings(config: Config) -> None:
    """Raise an ArchiveError for the first setting of an archive that Daybook cannot honour."""
    for error in setting_errors(config.names):
        raise error.at(config.paths.conf)


def setting_errors(names: Mapping[str, Any]) -> Iterator[ArchiveError]:
    """Yield an error for each setting that Daybook cannot honour, with the reason and what to do."""
    for name, value in names.items():
        default = DEFAULT_CONFIG.get(name, [] if name in ("MENUITEMS", "LINKS", "SOCIAL") else None)
        fixed = FIXED_SETTINGS.get(name)
        if isinstance(default, dict) and not isinstance(value, dict):
            yield ArchiveError(f"{name} must be a dictionary; correct it or delete it")
        elif isinstance(default, list) and not isinstance(value, (list, tuple)) and name != "LOCALE":
            yield ArchiveError(f"{name} must be a list; correct it or delete it")
        elif name in REPLACED_SETTINGS:
            yield ArchiveError(f"{name} is a setting of earlier versions of Pelican; write {REPLACED_SETTINGS[name]}")
        elif fixed and not _is_accepted(name, value, fixed):
            yield ArchiveError(f"{name} cannot be set: {fixed.reason}; delete it")
    yield from _path_errors(names)
    yield from _link_errors(names)


def _is_accepted(name: str, value: Any, fixed: FixedSetting) -> bool:
    if name == "JINJA_ENVIRONMENT":  # Pelican adds what the settings leave out
        return all(fixed.value.get(key) == given for key, given in value.items())
    if name == "LOCALE" and isinstance(value, str):
        value = [value]
    plain = list(value) if isinstance(value, tuple) else value
    return any(plain == accepted and type(plain) is type(accepted) for accepted in (fixed.value, *fixed.accepted))


def _path_errors(names: Mapping[str, Any]) -> Iterator[ArchiveError]:
    if PLUGIN_NAME in (names.get("PLUGINS") or ())[1:]:
        yield ArchiveError(f"PLUGINS: name {PLUGIN_NAME} first, and once: other plugins need the days that it adds")
    for name in ("STATIC_PATHS", "STATIC_EXCLUDES", "PLUGIN_PATHS", "DIRECT_TEMPLATES"):
        for value in names.get(name) or ():
            if not isinstance(value, str) and not (name == "PLUGIN_PATHS" and isinstance(value, Path)):
                yield ArchiveError(f"{name}: {value!r} is not text; correct it")
    for name in ("STATIC_URL", "STATIC_SAVE_AS"):
        if not isinstance(names.get(name, "{path}"), str) or "{path}" not in names.get(name, "{path}"):
            yield ArchiveError(f"{name} must be text with {{path}} in it; correct it or delete it")
    for source, metadata in dict(names.get("EXTRA_PATH_METADATA") or {}).items():
        if not isinstance(source, str) or not isinstance(metadata, dict):
            reason = 'write it as {"extra/CNAME": {"path": "CNAME"}}'
            yield ArchiveError(f"EXTRA_PATH_METADATA: {source!r} is not a path with a dictionary; {reason}")
    for source, target in dict(names.get("TEMPLATE_PAGES") or {}).items():
        if not isinstance(source, str) or not isinstance(target, str):
            reason = 'write it as {"templates/map.html": "map/index.html"}'
            yield ArchiveError(f"TEMPLATE_PAGES: {source!r} is not a path with the path of its page; {reason}")


def _link_errors(names: Mapping[str, Any]) -> Iterator[ArchiveError]:
    for name in ("MENUITEMS", "LINKS", "SOCIAL"):
        for item in names.get(name) or ():
            is_pair = isinstance(item, (list, tuple)) and len(item) == 2
            if not is_pair or not all(isinstance(part, str) and part.strip() for part in item):
                reason = 'write each as ("Title", "address/")'
                yield ArchiveError(f"{name}: {item!r} is not a title and an address; {reason}")
            elif not re.match(r"https?://[^/]|mailto:|(?!//)[^:]*(?:[/?#]|$)", item[1]):
                reason = "write https://…, mailto:… or a path in the site such as about/"
                yield ArchiveError(f"{name}: {item[1]!r} is not an address; {reason}")


def check_spelling(config: Config, texts: Iterable[str]) -> None:
    """Raise an ArchiveError for a name in capital letters that is probably a misspelled setting.

    `texts` are templates and plugins: a name that one of them contains is used there.
    """
    likely = {name: meant for name in config.names if (meant := similar_setting(name))}
    if likely:
        used = set(re.findall(r"[A-Z][A-Z0-9_]+", "\n".join(texts)))
        for name, meant in likely.items():
            if name not in used:
                reason = f"{name} is no setting; did you mean {meant}? Otherwise give it a name that is less similar"
                raise ArchiveError(reason, path=config.paths.conf)


def similar_setting(name: str) -> str:
    """Return the known setting that a name probably misspells, "" if the name is known or like no other.

    >>> [similar_setting(name) for name in ("SITE_NAME", "STATIC_PATH", "STATIC_PATHS", "LOGO_COLOUR")]
    ['SITENAME', 'STATIC_PATHS', '', '']
    """
    if name in _KNOWN or name in REPLACED_SETTINGS:
        return ""
    return next(iter(difflib.get_close_matches(name, _KNOWN, n=1, cutoff=_LIKENESS)), "")


def settings_of_pelican(settings: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of an archive that `pelican -s` was started for.

    Args:
        settings: Pelican's, in which defaults, the settings file and the command line are merged.
        names: What the settings file defines in capital letters.
    """
    result = dict(names)
    for name, value in settings.items():
        is_new = name not in names and name in DEFAULT_CONFIG and value != DEFAULT_CONFIG[name]
        lowered = isinstance(names.get(name), str) and names[name].lower() == value  # DEFAULT_LANG
        is_other = name in names and value != names[name] and not lowered
        if (is_new or is_other) and name not in _CHANGED_BY_PELICAN | {"PLUGINS", "CSS_FILE"}:
            result[name] = value
    return result
