"""Edition → the pages for those who check or reuse: data, sources, changes."""

from collections.abc import Iterator

from ..dataset import FIELDS
from .data_files import years_of_data
from .edition import Edition
from .pages import SitePage
from .provenance import Change, source_pages
from .provenance_feed import FEED, LOG

_SHOWN = 300


def research_pages(edition: Edition, log: tuple[Change, ...]) -> Iterator[SitePage]:
    """Compose the three pages; `log` are all changes, the page shows the newest 300."""
    yield SitePage("data/", "data", {"years": years_of_data(edition), "fields": FIELDS})
    yield SitePage("sources/", "sources", {"pages": source_pages(edition)})
    values = {"changes": log[:_SHOWN], "all": len(log), "log": LOG, "feed": FEED}
    yield SitePage("changes/", "changes", values)
