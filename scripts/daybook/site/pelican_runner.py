"""Run Pelican for an archive anywhere: its five settings are enough, all warnings are errors."""

import gc
import logging
import sys
from collections.abc import Container, Iterator
from contextlib import contextmanager
from typing import Any

from pelican import Pelican
from pelican.log import console
from pelican.settings import DEFAULT_CONFIG, read_settings

from daybook.core.config import BuildPaths, execute_config, load_config, theme_folder
from daybook.core.errors import ArchiveError
from daybook.site.builder import BUILDER_SETTING, INPUTS_SETTING, SiteBuilder
from daybook.site.inputs import BuildInputs
from daybook.site.pelican_plugin import required_settings


def run_pelican(places: BuildPaths, inputs: BuildInputs) -> SiteBuilder:
    """Build an archive's site and print one line about it."""
    quiet, console.quiet = console.quiet, True
    # What a build makes, it keeps to its end: to look for garbage again and again finds nothing.
    often = gc.get_threshold()
    gc.set_threshold(200_000, 50, 50)
    try:
        with _warnings_are_errors():
            pelican = Pelican({**pelican_settings(places), INPUTS_SETTING: inputs})
            pelican.run()
    finally:
        console.quiet = quiet
        gc.set_threshold(*often)
    press: SiteBuilder = pelican.settings[BUILDER_SETTING]
    return press


def pelican_settings(places: BuildPaths) -> dict[str, Any]:
    """Give Pelican's settings: those of CONF, under what the places and the plumbing say."""
    override = {
        **required_settings(),
        "PLUGINS": ["daybook.site.pelican_plugin"],
        "PATH": str(places.content.resolve()),
        "OUTPUT_PATH": str(places.output.resolve()),
        "CACHE_PATH": str(places.cache.resolve()),
        "SITEURL": places.siteurl.rstrip("/"),
        "TIMEZONE": load_config(places.conf).zone_name,
        "THEME": str(theme_folder(places.conf).resolve()),
    }
    _check_kinds(places, override)
    # Pelican would leave a compiled copy of CONF beside it, in the archive's own folder.
    compiling, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        settings: dict[str, Any] = read_settings(str(places.conf), override)
    finally:
        sys.dont_write_bytecode = compiling
    return settings


def _check_kinds(places: BuildPaths, override: Container[str]) -> None:
    """Refuse one value where Pelican takes many: it fails on it somewhere, and says nothing of CONF."""
    for name, value in execute_config(places.conf).items():
        usual = None if name in override else DEFAULT_CONFIG.get(name)
        if isinstance(usual, dict) and not isinstance(value, dict):
            raise ArchiveError(f"{name} must be a dictionary; correct it or delete it", path=places.conf)
        if isinstance(usual, list) and not isinstance(value, (list, tuple)):
            raise ArchiveError(f"{name} must be a list; correct it or delete it", path=places.conf)


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
