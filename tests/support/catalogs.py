"""A content folder as pages see it, without a build: read, checked and linked."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from paths import FIXTURES

from daybook.archive.content import day_file_path, find_day_files, read_day
from daybook.archive.day_file import dump_day
from daybook.core.config import execute_config, theme_folder
from daybook.core.model import Day
from daybook.incremental.cache import BuildCache
from daybook.site.load import LoadedSite, load_site
from daybook.site.views.catalog import Catalog

CONF = FIXTURES / "site" / "conf.py"


def load_content(content: Path, conf: Path = CONF) -> LoadedSite:
    """Read an archive; any mistake in it is an ArchiveError."""
    names = {"DEFAULT_LANG": "en", "SITEURL": "", **execute_config(conf)}
    names |= {"PATH": str(content), "THEME": str(theme_folder(conf))}
    return load_site(names, find_day_files(content), BuildCache(None))


def load_catalog(content: Path, conf: Path = CONF) -> Catalog:
    """Give what its pages are composed from."""
    return load_content(content, conf).catalog


def load_days(content: Path) -> Iterator[Day]:
    """Read all day files one by one, oldest first, with their tombstones."""
    return map(read_day, find_day_files(content))


def write_day_files(content: Path, days: Sequence[Day]) -> Path:
    """Write days where an archive has them; give the content folder."""
    for day in days:
        path = day_file_path(content, day.date)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dump_day(day))
    return content
