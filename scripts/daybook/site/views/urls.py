"""URLs of the site's pages, and the stable ids of pages and entries.

Every URL here is relative to the site's root; that of a folder ends in ``/`` (``2023/06/02/``).
"""

import datetime as dt
import re
import uuid
from functools import cache

from msgspec import Struct

OPENSEARCH_FILE = "opensearch.xml"
DAY_FEED = "feeds/days.atom.xml"
CHANGE_FEED = "feeds/changes.atom.xml"
STORIES_PAGE = "stories/"
ENTRY_PAGE = re.compile(r"\d{4}/\d\d/\d\d/[tn]\d+(?:-\d+)?/")
CHANGE_LOG = "data/changes.jsonl"


class SiteIdentity(Struct, frozen=True, kw_only=True):
    """The name of the site, its absolute URL, and what its ids are computed from."""

    name: str
    identity: str
    siteurl: str  # "" for a site without an absolute URL
    lang: str  # of the entries

    def url(self, path: str, root: str = "") -> str:
        """Return the absolute URL of a page, or without SITEURL its path after `root`."""
        return f"{self.siteurl}/{path}" if self.siteurl else f"{root}{path}"

    def id(self, path: str) -> str:
        """Return the stable id of a page or an entry: ``urn:uuid:…``, version 5 of RFC 9562."""
        return uuid.uuid5(_archive_namespace(self.identity), path).urn


def day_url(date: dt.date) -> str:
    """Return the URL of a day: ``2023/06/02/``."""
    return f"{date.year:04}/{date.month:02}/{date.day:02}/"


def entry_url(date: dt.date, anchor: str) -> str:
    """Return the URL of an entry: ``2023/06/02/#t1329``."""
    return f"{day_url(date)}#{anchor}"


def entry_page_url(date: dt.date, anchor: str) -> str:
    """Return the URL of the page of one entry: ``2023/06/02/t1329/``."""
    return f"{day_url(date)}{anchor}/"


def day_card_url(date: dt.date) -> str:
    """Return the URL of the picture of a day: ``2023/06/02/card.png``."""
    return f"{day_url(date)}card.png"


def entry_card_url(date: dt.date, anchor: str) -> str:
    """Return the URL of the picture of an entry: ``2023/06/02/t1329/card.png``."""
    return f"{entry_page_url(date, anchor)}card.png"


def story_url(date: dt.date, anchor: str) -> str:
    """Return the URL of the story that an entry founds: ``stories/2023/06/02/t1005/``."""
    return f"{STORIES_PAGE}{entry_page_url(date, anchor)}"


def day_data_url(date: dt.date) -> str:
    """Return the URL of a day's data: ``2023/06/02/entries.json``."""
    return f"{day_url(date)}entries.json"


def day_number_url(number: int) -> str:
    """Return the URL that redirects to a day by its number: ``day/465/``."""
    return f"day/{number}/"


def month_url(date: dt.date) -> str:
    """Return the URL of the month of a date: ``2023/06/``."""
    return f"{date.year:04}/{date.month:02}/"


def week_url(date: dt.date) -> str:
    """Return the URL of the ISO week of a date, under the year of the week: ``2023/week/22/``."""
    year, week, _ = date.isocalendar()
    return f"{year:04}/week/{week}/"


def year_url(year: int) -> str:
    """Return the URL of a year: ``2023/``."""
    return f"{year:04}/"


def topic_url(slug: str) -> str:
    """Return the URL of a topic: ``topics/nato/``."""
    return f"topics/{slug}/"


def topic_month_url(slug: str, date: dt.date) -> str:
    """Return the URL of one month of a topic: ``topics/nato/2023/06/``."""
    return topic_url(slug) + month_url(date)


def url_to_file(path: str) -> str:
    """Return the file that a web server sends for a URL: ``2023/06/02/index.html``, ``404.html``."""
    return f"{path}index.html" if path.endswith("/") or not path else path


def file_to_url(file: str) -> str:
    """Return the URL of a file; the reverse of `url_to_file`."""
    return file.removesuffix("index.html")


def relative_root(path: str) -> str:
    """Return the relative URL of the site's root from a page: ``../../../``, or ``./`` at the root."""
    return "../" * path.count("/") or "./"


@cache
def _archive_namespace(identity: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"daybook:{identity}")
