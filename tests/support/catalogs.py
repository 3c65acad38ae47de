"""Load a content folder as the pages see it, without building a site."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from paths import FIXTURES

from daybook.archive.content import day_file_path, find_day_files, read_day_with_lines
from daybook.archive.day_file import dump_day
from daybook.core.config import BuildPaths, load_config
from daybook.core.model import Day
from daybook.incremental.cache import BuildCache
from daybook.site.load import LoadedSite, load_site
from daybook.site.views.catalog import Catalog

CONF = FIXTURES / "site" / "conf.py"


def load_content(content: Path, conf: Path = CONF) -> LoadedSite:
    """Read and check an archive. Raises ArchiveError for any mistake in it."""
    config = load_config(BuildPaths(content=content, conf=conf))
    return load_site(config, find_day_files(content), BuildCache(None))


def load_catalog(content: Path, conf: Path = CONF) -> Catalog:
    """Return all days, topics and relations of an archive. Raises ArchiveError as `load_content`."""
    return load_content(content, conf).catalog


def load_days(content: Path) -> Iterator[Day]:
    """Read all day files one by one, oldest first, with their tombstones."""
    return (read_day_with_lines(file)[0] for file in find_day_files(content))


def write_day_files(content: Path, days: Sequence[Day]) -> Path:
    """Write day files into a content folder and return the folder."""
    for day in days:
        path = day_file_path(content, day.date)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dump_day(day))
    return content
