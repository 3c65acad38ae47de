"""The invented archive of two years that the tests of reading build: every thing a page can show."""

from pathlib import Path

from catalogs import load_catalog
from paths import FIXTURES

from daybook.core.config import BuildPaths
from daybook.site.build import build_site
from daybook.site.views.catalog import Catalog

READING = FIXTURES / "site" / "reading"
SITEURL = "https://record.example/kept"


def build_reading_site(folder: Path, siteurl: str = "") -> Path:
    """Build the archive below a folder and give the site's place."""
    site = folder / "site"
    content = READING / "content"
    build_site(
        BuildPaths(content=content, output=site, conf=READING / "conf.py", cache=folder / "cache", siteurl=siteurl)
    )
    return site


def load_reading_catalog() -> Catalog:
    """Give the archive as its pages see it."""
    return load_catalog(READING / "content", READING / "conf.py")
