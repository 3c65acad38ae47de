"""Build an archive's site, or find that nothing has changed since the last build.

A build that finds no change imports neither Pelican nor the templates: they take a quarter of a second.
"""

import shutil

from daybook.core.config import Config
from daybook.core.errors import ArchiveError
from daybook.incremental.output import BuildState, cache_folder, check_folder, is_daybook_site
from daybook.site.inputs import find_build_inputs


def build_site(config: Config) -> tuple[str, ...]:
    """Build the site, print one line about it, and return its warnings, a line each.

    A content folder that is missing is created: it is an empty archive.

    Raises:
        ArchiveError: Content, settings or theme hold a mistake, or Pelican logged a warning. Nothing was written
            if the mistake is in the content.
    """
    last_build, inputs = _prepare(config), find_build_inputs(config)
    if last_build.has_inputs(inputs.digest) and last_build.matches(inputs.output_state()):
        print(f"{last_build.record.summary}; nothing changed")
        return last_build.record.warnings
    from daybook.site.pelican_runner import run_pelican  # noqa: PLC0415 - imports Pelican

    return run_pelican(config, inputs).warnings


def build_site_in_full(config: Config) -> frozenset[str]:
    """Build without asking whether anything changed and return all addresses of the site."""
    _prepare(config)
    from daybook.site.pelican_runner import run_pelican  # noqa: PLC0415 - imports Pelican

    return run_pelican(config, find_build_inputs(config)).addresses


def is_build_unfinished(config: Config) -> bool:
    """Tell whether a build began to write the output and did not finish."""
    return _prepare(config).unfinished


def remove_site(config: Config) -> None:
    """Remove the output if it is a site of Daybook's.

    Raises ArchiveError where it contains something that a build reads or keeps.
    """
    output = config.paths.output
    if (output / "index.html").is_file() and is_daybook_site(output):
        _check_output_is_separate(config)
        shutil.rmtree(output.resolve())
        if output.is_symlink():
            output.unlink()


def _prepare(config: Config) -> BuildState:
    """Check the output folder, create the content folder, and return the state of the last build."""
    check_folder(config.paths.output)
    _check_output_is_separate(config)
    config.paths.content.mkdir(parents=True, exist_ok=True)
    return BuildState(cache_folder(config.paths.cache, config.paths.output))


def _check_output_is_separate(config: Config) -> None:
    """Refuse an OUTPUT that contains an input: a build removes every file there that it did not write."""
    paths, output = config.paths, config.paths.output.resolve()
    inputs = {"CONTENT": paths.content, "CONF": paths.conf, "CACHE": paths.cache, "THEME": config.theme}
    for name, path in inputs.items():
        if path.resolve().is_relative_to(output):
            reason = f"{name} lies in it, {path}, and a build removes what it did not write; name another OUTPUT"
            raise ArchiveError(reason, path=paths.output)
