"""Run Pelican for an archive whose settings are already loaded. Every warning of Pelican's is an error."""

import gc
import logging
import sys
import sysconfig
import traceback
from pathlib import Path
from typing import Any

from pelican import Pelican
from pelican.log import console
from pelican.settings import read_settings

from daybook.core.config import Config
from daybook.core.errors import ArchiveError, printable
from daybook.site.builder import SiteBuilder
from daybook.site.inputs import BuildInputs
from daybook.site.pelican_plugin import BUILDER_SETTING, CONFIG_SETTING, INPUTS_SETTING
from daybook.site.pelican_settings import check_settings, required_settings
from daybook.site.views.theme import EXTENSION_SETTINGS

# A build keeps most objects to its end: with the usual thresholds the collector looks at all of them again and again
# and finds nothing to free.
GC_THRESHOLDS = (200_000, 50, 50)
_PACKAGE = Path(__file__).resolve().parents[1]


def run_pelican(config: Config, inputs: BuildInputs) -> SiteBuilder:
    """Build an archive's site, print one line about it, and return the builder with its results."""
    logger, handler = logging.getLogger("pelican"), _ErrorHandler(config)
    logger.addHandler(handler)
    quiet, console.quiet = console.quiet, True
    thresholds = gc.get_threshold()
    gc.set_threshold(*GC_THRESHOLDS)
    try:
        pelican = Pelican({**pelican_settings(config), CONFIG_SETTING: config, INPUTS_SETTING: inputs})
        pelican.run()
    except Exception as error:
        if _has_foreign_code(config) and (wrong := plugin_error(error)):
            raise wrong from error
        raise
    finally:
        logger.removeHandler(handler)
        console.quiet = quiet
        gc.set_threshold(*thresholds)
    builder: SiteBuilder = pelican.settings[BUILDER_SETTING]
    return builder


def pelican_settings(config: Config) -> dict[str, Any]:
    """Return Pelican's settings: the archive's own, and those that Daybook requires."""
    check_settings(config)
    # Without a path Pelican executes nothing: the settings file has been executed once, by `load_config`.
    settings: dict[str, Any] = read_settings(None, {**config.names, **required_settings(config)})
    return settings


def _has_foreign_code(config: Config) -> bool:
    return bool(config.foreign_plugins or any(config.names.get(name) for name in EXTENSION_SETTINGS))


def plugin_error(error: Exception) -> ArchiveError | None:
    """Return the error for an exception in a plugin or in a function of the settings, with its file and line.

    Returns None for any other exception.
    """
    if isinstance(error, ArchiveError) and error.path:
        return None
    if isinstance(error, SyntaxError):  # the traceback ends where the file is compiled
        frames = [(error.filename or "", error.lineno or 0)]
    else:
        frames = [(frame.filename, frame.lineno or 0) for frame in traceback.extract_tb(error.__traceback__)]
    for file, line in reversed(frames):
        if _is_foreign(Path(file)):
            text = error.reason if isinstance(error, ArchiveError) else f"{type(error).__name__}: {error}"
            reason = f"a plugin failed: {' '.join(text.split())}; correct it or remove it from the settings"
            return ArchiveError(reason, path=file, line=line)
    return None


def _is_foreign(path: Path) -> bool:
    """Return whether a file of code belongs neither to Daybook nor to an installed library, unless it is a plugin's."""
    if not path.is_file() or path.suffix == ".html" or path.resolve().is_relative_to(_PACKAGE):
        return False
    libraries = {Path(folder).resolve() for name, folder in sysconfig.get_paths().items() if name != "data"}
    is_plugin = path.parts[-4:-2] == ("pelican", "plugins") or path.parts[-3:-1] == ("pelican", "plugins")
    is_own = path.name in ("_utils.py", "signals.py", "__init__.py") and path.parent.name == "plugins"
    in_library = any(path.resolve().is_relative_to(folder) for folder in libraries)
    return not in_library or (is_plugin and not is_own)


class _ErrorHandler(logging.Handler):
    """Raise an ArchiveError for each warning or error of Pelican's, and print the warnings of plugins."""

    def __init__(self, config: Config) -> None:
        super().__init__(logging.WARNING)
        self._config = config

    def emit(self, record: logging.LogRecord) -> None:
        message = ": ".join(record.getMessage().splitlines())
        name = record.name.removeprefix("pelican.plugins.")
        if name != record.name and not name.startswith("_") and record.levelno < logging.ERROR:
            print(f"warning: {name}: {printable(message)}", file=sys.stderr)
            return
        cause = sys.exception()  # Pelican logs exceptions that it caught, often without their text
        if isinstance(cause, ArchiveError) and cause.path:
            raise cause
        if isinstance(cause, Exception) and _has_foreign_code(self._config) and (wrong := plugin_error(cause)):
            raise ArchiveError(f"Pelican: {message}: {wrong.reason}", path=wrong.path, line=wrong.line)
        reason = f"Pelican: {message}" + (f" ({cause})" if cause and str(cause) not in message else "")
        if "plugin" in message:
            cure = "install it, or correct its name or PLUGIN_PATHS"
            raise ArchiveError(f"PLUGINS: {reason}; {cure}", path=self._config.paths.conf)
        raise ArchiveError(reason)
