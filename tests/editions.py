"""A content folder as pages see it, without a build: read, checked and linked."""

from collections.abc import Sequence
from pathlib import Path

from liveblog.archive import day_path, find_days
from liveblog.daybook import dump_day
from liveblog.model import Day
from liveblog.settings import load_names, theme_folder
from liveblog.site.edition import Edition
from liveblog.site.loading import Site, load_site
from liveblog.store import Store

CONF = Path(__file__).parent / "fixtures" / "site" / "conf.py"


def site_of(content: Path, conf: Path = CONF) -> Site:
    """Read an archive; any mistake in it is an ArchiveError."""
    names = {"DEFAULT_LANG": "en", "SITEURL": "", **load_names(conf)}
    names |= {"PATH": str(content), "THEME": str(theme_folder(conf))}
    return load_site(names, find_days(content), Store(None))


def edition_of(content: Path, conf: Path = CONF) -> Edition:
    """Give what its pages are composed from."""
    return site_of(content, conf).edition


def write_days(content: Path, days: Sequence[Day]) -> Path:
    """Write days where an archive has them; give the content folder."""
    for day in days:
        path = day_path(content, day.date)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dump_day(day))
    return content
