"""Run Pelican for an archive anywhere: its five settings are enough, all warnings are errors."""

import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct
from pelican import Pelican
from pelican.log import console
from pelican.settings import get_settings_from_file, read_settings

from ..errors import ArchiveError
from ..settings import load_settings
from .output import Output
from .plumbing import plumbing
from .press import KEY, Press

_THEME = Path(__file__).resolve().parents[3] / "theme"


class Places(Struct, frozen=True, kw_only=True):
    """Where a build reads and writes; `siteurl` is "" for a site without a fixed address."""

    content: Path
    output: Path
    conf: Path
    cache: Path
    siteurl: str = ""


def places_from(names: Mapping[str, str]) -> Places:
    """Read the places from variables such as the environment's."""
    return Places(
        content=Path(names.get("CONTENT") or "content"),
        output=Path(names.get("OUTPUT") or "output"),
        conf=Path(names.get("CONF") or "pelican.conf.py"),
        cache=Path(names.get("CACHE") or ".cache"),
        siteurl=names.get("SITEURL") or "",
    )


def build(places: Places) -> frozenset[str]:
    """Build an archive's site, print one line about it, and give the addresses it answers.

    Raises ArchiveError for any mistake in content, settings or theme, and for every
    warning of Pelican's. Content that is missing is an empty archive.
    """
    load_settings(places.conf)
    Output(places.output)
    places.content.mkdir(parents=True, exist_ok=True)
    quiet, console.quiet = console.quiet, True
    try:
        with _warnings_are_errors():
            pelican = Pelican(pelican_settings(places))
            pelican.run()
    finally:
        console.quiet = quiet
    press: Press = pelican.settings[KEY]
    return press.addresses()


def pelican_settings(places: Places) -> dict[str, Any]:
    """Give Pelican's settings: those of CONF, under what the places and the plumbing say."""
    theme = get_settings_from_file(str(places.conf)).get("THEME")
    override = {
        **plumbing(),
        "PLUGINS": ["liveblog.site"],
        "PATH": str(places.content.resolve()),
        "OUTPUT_PATH": str(places.output.resolve()),
        "CACHE_PATH": str(places.cache.resolve()),
        "SITEURL": places.siteurl.rstrip("/"),
        "TIMEZONE": load_settings(places.conf).zone_name,
    }
    if not theme:
        override["THEME"] = str(_THEME)
    settings: dict[str, Any] = read_settings(str(places.conf), override)
    return settings


class _Alarm(logging.Handler):
    """Turn a message of Pelican's into an error."""

    def emit(self, record: logging.LogRecord) -> None:
        cause = sys.exception()  # Pelican logs what it caught, often without saying what that was
        reason = f"Pelican: {record.getMessage()}" + (f" ({cause})" if cause else "")
        raise ArchiveError(reason)


@contextmanager
def _warnings_are_errors() -> Iterator[None]:
    logger, alarm = logging.getLogger("pelican"), _Alarm(logging.WARNING)
    logger.addHandler(alarm)
    try:
        yield
    finally:
        logger.removeHandler(alarm)
