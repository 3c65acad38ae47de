"""Edition → the pages for those who check or reuse: data, sources, changes."""

from collections.abc import Iterator

from ..dataset import FIELDS
from .data_files import years_of_data
from .edition import Edition
from .page import SitePage
from .provenance import Change, source_pages
from .provenance_feed import FEED, LOG

_SHOWN = 300


def research_pages(edition: Edition, log: tuple[Change, ...]) -> Iterator[SitePage]:
    """Give the three pages; `log` are all changes, the page shows the newest 300."""
    years = years_of_data(edition)
    yield SitePage("data/", "data", years, lambda: {"years": years, "fields": FIELDS})
    pages = source_pages(edition)
    yield SitePage("sources/", "sources", pages, lambda: {"pages": pages})
    values = {"changes": log[:_SHOWN], "all": len(log), "log": LOG, "feed": FEED}
    yield SitePage("changes/", "changes", values, lambda: values)
