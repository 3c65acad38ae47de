"""Pelican's settings that make it build this kind of site: no person needs to choose them.

`build` lays them over the archive's own settings before Pelican reads them; a plain
``pelican -s pelican.conf.py`` gets them from the plugin.
"""

import logging
from typing import Any

from jinja2 import StrictUndefined

from .prose import ProseReader


def plumbing() -> dict[str, Any]:
    """Give the settings, as fresh values: Pelican changes some of them while it runs."""
    return {
        **_WHAT_IS_READ,
        **_WHAT_IS_NOT_WRITTEN,
        "READERS": {"md": ProseReader} | dict.fromkeys(("htm", "html", "markdown", "mdown", "mkd", "rst")),
        "PAGE_PATHS": ["pages"],
        "ARTICLE_PATHS": [],
        "STATIC_PATHS": [],
        "THEME_STATIC_PATHS": [],
        "ARTICLE_EXCLUDES": [],
        "PAGE_EXCLUDES": [],
        "DIRECT_TEMPLATES": [],
        "FORMATTED_FIELDS": [],
        "LOCALE": ["C.UTF-8", "C"],
        "JINJA_ENVIRONMENT": {
            "autoescape": True,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "undefined": StrictUndefined,
            "extensions": [],
        },
        # A decorative picture has an empty alt by right.
        "LOG_FILTER": [(logging.WARNING, "Empty alt attribute for image %s in %s")],
    }


_WHAT_IS_READ: dict[str, Any] = {
    "ARTICLE_TRANSLATION_ID": None,
    "PAGE_TRANSLATION_ID": None,
    "ARTICLE_ORDER_BY": "date",
    "PAGE_ORDER_BY": "slug",
    "PAGE_URL": "{slug}/",
    "PAGE_SAVE_AS": "{slug}/index.html",
    "IGNORE_FILES": [".*"],  # Pelican's own pattern leaves hidden files in
    "FILENAME_METADATA": "",
    "PATH_METADATA": "",
    "WITH_FUTURE_DATES": True,
    "CACHE_CONTENT": False,
    "CHECK_MODIFIED_METHOD": "mtime",  # of a cache that is not kept
    "LOAD_CONTENT_CACHE": False,
    "RELATIVE_URLS": False,
    "TYPOGRIFY": False,
    # Never matches: in an archive {filename} is text like any other.
    "INTRASITE_LINK_REGEX": r"(?!)(?P<what>)",
}

_WHAT_IS_NOT_WRITTEN: dict[str, Any] = {
    "DELETE_OUTPUT_DIRECTORY": False,
    "OUTPUT_SOURCES": False,
    "PAGINATED_TEMPLATES": {},
    "TEMPLATE_PAGES": {},
    "INDEX_SAVE_AS": "",
    "CATEGORY_SAVE_AS": "",
    "TAG_SAVE_AS": "",
    "AUTHOR_SAVE_AS": "",
    "YEAR_ARCHIVE_SAVE_AS": "",
    "MONTH_ARCHIVE_SAVE_AS": "",
    "DAY_ARCHIVE_SAVE_AS": "",
    **dict.fromkeys(
        f"{kind}_{form}"
        for kind in ("FEED", "FEED_ALL", "CATEGORY_FEED", "AUTHOR_FEED", "TAG_FEED", "TRANSLATION_FEED")
        for form in ("ATOM", "RSS")
    ),
}
