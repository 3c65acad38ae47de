"""Addresses of pages: the only place that knows how the site's paths are spelled.

Every path is relative to the site's root and a folder ends in ``/`` (``2023/06/02/``).
"""

import datetime as dt
import uuid
from functools import cache

from msgspec import Struct

OPENSEARCH_FILE = "opensearch.xml"


CHANGE_FEED = "feeds/changes.atom.xml"


CHANGE_LOG = "data/changes.jsonl"


def day_url(date: dt.date) -> str:
    """Give a day's address: ``2023/06/02/``."""
    return f"{date.year:04}/{date.month:02}/{date.day:02}/"


def entry_url(date: dt.date, anchor: str) -> str:
    """Give an entry's address: ``2023/06/02/#t1329``."""
    return f"{day_url(date)}#{anchor}"


def month_url(date: dt.date) -> str:
    """Give the address of a date's month: ``2023/06/``."""
    return f"{date.year:04}/{date.month:02}/"


def year_url(year: int) -> str:
    """Give a year's address: ``2023/``."""
    return f"{year:04}/"


def day_number_url(number: int) -> str:
    """Give the address that leads to a day by its number: ``day/465/``."""
    return f"day/{number}/"


def topic_url(slug: str) -> str:
    """Give a topic's address: ``topics/nato/``."""
    return f"topics/{slug}/"


def topic_month_url(slug: str, date: dt.date) -> str:
    """Give the address of a topic's month: ``topics/nato/2023/06/``."""
    return topic_url(slug) + month_url(date)


def feed_urls(home: str) -> tuple[str, str]:
    """Give the addresses of a page's Atom and JSON feeds; the start page's hold all entries."""
    return (f"{home}atom.xml", f"{home}feed.json") if home else ("feeds/all.atom.xml", "feeds/all.json")


def day_data_url(date: dt.date) -> str:
    """Give the address of a day's data: ``2023/06/02/entries.json``."""
    return f"{day_url(date)}entries.json"


def url_to_file(path: str) -> str:
    """Name the file that answers an address: ``2023/06/02/index.html``, ``404.html``."""
    return f"{path}index.html" if path.endswith("/") or not path else path


def file_to_url(file: str) -> str:
    """Give the address that a file answers, the reverse of `file_of`."""
    return file.removesuffix("index.html")


def relative_root(path: str) -> str:
    """Give what leads from a page to the site's root: ``../../../``, or ``./`` at the root."""
    return "../" * path.count("/") or "./"


class SiteIdentity(Struct, frozen=True, kw_only=True):
    """`siteurl` is "" for a site without an address; `lang` is the language of the entries."""

    name: str
    identity: str
    siteurl: str
    lang: str

    def url(self, path: str, root: str = "") -> str:
        """Give a page's address: absolute, or relative by way of `root` without SITEURL."""
        return f"{self.siteurl}/{path}" if self.siteurl else f"{root}{path}"

    def id(self, path: str) -> str:
        """Give the lasting id of a page or an entry: ``urn:uuid:…``, version 5 of RFC 9562."""
        return uuid.uuid5(_archive(self.identity), path).urn


@cache
def _archive(identity: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"daybook:{identity}")
