"""Addresses of pages: the only place that knows how the site's paths are spelled.

Every path is relative to the site's root and a folder ends in ``/`` (``2023/06/02/``).
"""

import datetime as dt


def day_path(date: dt.date) -> str:
    """Give a day's address: ``2023/06/02/``."""
    return f"{date.year:04}/{date.month:02}/{date.day:02}/"


def entry_path(date: dt.date, anchor: str) -> str:
    """Give an entry's address: ``2023/06/02/#t1329``."""
    return f"{day_path(date)}#{anchor}"


def month_path(date: dt.date) -> str:
    """Give the address of a date's month: ``2023/06/``."""
    return f"{date.year:04}/{date.month:02}/"


def year_path(year: int) -> str:
    """Give a year's address: ``2023/``."""
    return f"{year:04}/"


def number_path(number: int) -> str:
    """Give the address that leads to a day by its number: ``day/465/``."""
    return f"day/{number}/"


def topic_path(slug: str) -> str:
    """Give a topic's address: ``topics/nato/``."""
    return f"topics/{slug}/"


def topic_month_path(slug: str, date: dt.date) -> str:
    """Give the address of a topic's month: ``topics/nato/2023/06/``."""
    return topic_path(slug) + month_path(date)


def feed_paths(home: str) -> tuple[str, str]:
    """Give the addresses of a page's Atom and JSON feeds; the start page's hold all entries."""
    return (f"{home}atom.xml", f"{home}feed.json") if home else ("feeds/all.atom.xml", "feeds/all.json")


def data_path(date: dt.date) -> str:
    """Give the address of a day's data: ``2023/06/02/entries.json``."""
    return f"{day_path(date)}entries.json"


def file_of(path: str) -> str:
    """Name the file that answers an address: ``2023/06/02/index.html``, ``404.html``."""
    return f"{path}index.html" if path.endswith("/") or not path else path


def path_of(file: str) -> str:
    """Give the address that a file answers, the reverse of `file_of`."""
    return file.removesuffix("index.html")


def root_of(path: str) -> str:
    """Give what leads from a page to the site's root: ``../../../``, or ``./`` at the root."""
    return "../" * path.count("/") or "./"
