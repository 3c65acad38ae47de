"""Run Pelican for an archive whose settings are already loaded. Every warning of Pelican's is an error."""

import gc
import logging
import sys
from typing import Any

from pelican import Pelican
from pelican.log import console
from pelican.settings import DEFAULT_CONFIG, read_settings

from daybook.core.config import Config
from daybook.core.errors import ArchiveError
from daybook.site.builder import SiteBuilder
from daybook.site.inputs import BuildInputs
from daybook.site.pelican_plugin import BUILDER_SETTING, CONFIG_SETTING, INPUTS_SETTING, required_settings


def run_pelican(config: Config, inputs: BuildInputs) -> SiteBuilder:
    """Build an archive's site, print one line about it, and return the builder with its results."""
    logger, handler = logging.getLogger("pelican"), _ErrorHandler(logging.WARNING)
    logger.addHandler(handler)
    quiet, console.quiet = console.quiet, True
    # A build keeps most objects to its end: with the usual thresholds the collector looks at all of them again and
    # again and finds nothing to free.
    thresholds = gc.get_threshold()
    gc.set_threshold(200_000, 50, 50)
    try:
        pelican = Pelican({**pelican_settings(config), CONFIG_SETTING: config, INPUTS_SETTING: inputs})
        pelican.run()
    finally:
        logger.removeHandler(handler)
        console.quiet = quiet
        gc.set_threshold(*thresholds)
    builder: SiteBuilder = pelican.settings[BUILDER_SETTING]
    return builder


def pelican_settings(config: Config) -> dict[str, Any]:
    """Return Pelican's settings: the archive's own, overridden by paths and by what Daybook requires."""
    paths = config.paths
    override = {
        **required_settings(),
        "PLUGINS": ["daybook.site.pelican_plugin"],
        "PLUGIN_PATHS": [],
        "PATH": str(paths.content.resolve()),
        "OUTPUT_PATH": str(paths.output.resolve()),
        "CACHE_PATH": str(paths.cache.resolve()),
        "SITEURL": paths.siteurl.rstrip("/"),
        "TIMEZONE": config.zone_name,
        "THEME": str(config.theme.resolve()),
    }
    # Pelican would fail at a single value in place of a list or dictionary without naming the file.
    for name, value in config.names.items():
        default = None if name in override else DEFAULT_CONFIG.get(name)
        if isinstance(default, dict) and not isinstance(value, dict):
            raise ArchiveError(f"{name} must be a dictionary; correct it or delete it", path=paths.conf)
        if isinstance(default, list) and not isinstance(value, (list, tuple)):
            raise ArchiveError(f"{name} must be a list; correct it or delete it", path=paths.conf)
    # Without a path Pelican executes nothing: the settings file has been executed once, by `load_config`.
    settings: dict[str, Any] = read_settings(None, {**config.names, **override})
    return settings


class _ErrorHandler(logging.Handler):
    """Raise an ArchiveError for each message of Pelican's that it handles."""

    def emit(self, record: logging.LogRecord) -> None:
        cause = sys.exception()  # Pelican logs exceptions that it caught, often without their text
        raise ArchiveError(f"Pelican: {record.getMessage()}" + (f" ({cause})" if cause else ""))
