"""An invented archive of two years that shows every feature of a page: `tests/fixtures/site/reading`."""

from pathlib import Path

from builds import build_site
from catalogs import load_catalog
from paths import FIXTURES

from daybook.core.config import BuildPaths
from daybook.site.views.catalog import Catalog

READING = FIXTURES / "site" / "reading"
SITEURL = "https://record.example/kept"


def build_reading_site(folder: Path, siteurl: str = "") -> Path:
    """Build the archive below a folder and return the site's folder."""
    paths = BuildPaths(
        content=READING / "content",
        output=folder / "site",
        conf=READING / "conf.py",
        cache=folder / "cache",
        siteurl=siteurl,
    )
    build_site(paths)
    return paths.output


def load_reading_catalog() -> Catalog:
    """Return the catalog of the archive."""
    return load_catalog(READING / "content", READING / "conf.py")
