"""Build an archive's site, or find that nothing has changed since the last build.

A build that finds no change imports neither Pelican nor the templates: they take a quarter of a second.
"""

import shutil
from typing import NamedTuple

from daybook.archive.story_files import StoryAddress
from daybook.core.config import Config
from daybook.incremental.output import BuildState, cache_folder, is_daybook_site
from daybook.site.inputs import check_output_is_separate, find_build_inputs, prepare_folders


def build_site(config: Config, *, look: bool = False) -> tuple[str, ...]:
    """Build the site, print one line about it, and return its warnings, a line each.

    A content folder that is missing is created: it is an empty archive. With `look`, files of the output that
    somebody edited are found and written again; else they are trusted as long as the folder looks untouched.

    Raises:
        ArchiveError: Content, settings or theme hold a mistake, or Pelican logged a warning. Nothing was written
            if the mistake is in the content.
    """
    last_build = _prepare(config)
    inputs = find_build_inputs(config, last_build, look=look)
    # A plugin may do anything at every build: with one, Pelican always runs.
    is_same = last_build.has_inputs(inputs.digest) and not config.foreign_plugins
    if is_same and (inputs.is_trusted or last_build.matches(inputs.output_state())):
        print(f"{last_build.last.summary}; nothing changed")
        return last_build.last.warnings
    from daybook.site.pelican_runner import run_pelican  # noqa: PLC0415 - imports Pelican

    return run_pelican(config, inputs).warnings


class BuiltSite(NamedTuple):
    """What a site has to keep: the addresses of pages and entries, and those of stories with their founders."""

    addresses: frozenset[str]
    stories: tuple[StoryAddress, ...]


def build_site_in_full(config: Config) -> BuiltSite:
    """Build, with a look at all files of the output, and return what the site has to keep."""
    last_build = _prepare(config)
    from daybook.site.pelican_runner import run_pelican  # noqa: PLC0415 - imports Pelican

    builder = run_pelican(config, find_build_inputs(config, last_build, look=True))
    return BuiltSite(builder.addresses, builder.site.catalog.stories.addresses)


def is_build_unfinished(config: Config) -> bool:
    """Tell whether a build began to write the output and did not finish."""
    return _prepare(config).unfinished


def remove_site(config: Config) -> None:
    """Remove the output if it is a site of Daybook's.

    Raises ArchiveError where it contains something that a build reads or keeps.
    """
    output = config.paths.output
    if (output / "index.html").is_file() and is_daybook_site(output):
        check_output_is_separate(config)
        shutil.rmtree(output.resolve())
        if output.is_symlink():
            output.unlink()


def _prepare(config: Config) -> BuildState:
    """Check and create folders, and return the state of the last build."""
    prepare_folders(config)
    return BuildState(cache_folder(config.paths.cache, config.paths.output))
