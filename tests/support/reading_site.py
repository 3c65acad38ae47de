"""The invented archive of two years that the tests of reading build: every thing a page can show."""

from pathlib import Path

from builds import build_site
from editions import edition_of
from paths import FIXTURES

from daybook.core.config import BuildPaths
from daybook.site.views.catalog import Catalog

RECORD = FIXTURES / "site" / "reading"
HOME = "https://record.example/kept"


def build_record(folder: Path, siteurl: str = "") -> Path:
    """Build the archive below a folder and give the site's place."""
    site = folder / "site"
    content = RECORD / "content"
    build_site(
        BuildPaths(content=content, output=site, conf=RECORD / "conf.py", cache=folder / "cache", siteurl=siteurl)
    )
    return site


def record_edition() -> Catalog:
    """Give the archive as its pages see it."""
    return edition_of(RECORD / "content", RECORD / "conf.py")
