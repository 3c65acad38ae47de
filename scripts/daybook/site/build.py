"""Build a site, or find that nothing has changed since the last build: that needs no Pelican."""

import shutil

from daybook.core.config import BuildPaths, load_config, theme_folder
from daybook.core.errors import ArchiveError
from daybook.incremental.output import BuildState, cache_folder, check_folder, is_daybook_site
from daybook.site.inputs import find_build_inputs


def build_site(places: BuildPaths) -> tuple[str, ...]:
    """Build an archive's site and print one line about it; give what a person should look at, a line each.

    Raises ArchiveError for any mistake in content, settings or theme, and for every
    warning of Pelican's. Content that is missing is an empty archive.
    """
    last = _last_build(places)
    inputs = find_build_inputs(places)
    if last.has_inputs(inputs.digest) and last.matches(inputs.output_state()):
        print(f"{last.record.summary}; nothing changed")
        return last.record.warnings
    from daybook.site.pelican_runner import run_pelican  # noqa: PLC0415 - Pelican takes a quarter of a second to import

    return run_pelican(places, inputs).warnings


def build_site_in_full(places: BuildPaths) -> frozenset[str]:
    """Build without asking whether anything changed; give the addresses that the site answers."""
    _last_build(places)
    from daybook.site.pelican_runner import run_pelican  # noqa: PLC0415

    return run_pelican(places, find_build_inputs(places)).addresses


def is_build_unfinished(places: BuildPaths) -> bool:
    """Tell whether a build began to write the output and did not come to its end."""
    return _last_build(places).unfinished


def remove_site(places: BuildPaths) -> None:
    """Remove the output where it is a site of ours; raise where it holds what a build reads or keeps."""
    if (places.output / "index.html").is_file() and is_daybook_site(places.output):
        _check_apart(places)
        shutil.rmtree(places.output.resolve())
        if places.output.is_symlink():
            places.output.unlink()


def _last_build(places: BuildPaths) -> BuildState:
    load_config(places.conf)
    check_folder(places.output)
    _check_apart(places)
    places.content.mkdir(parents=True, exist_ok=True)
    return BuildState(cache_folder(places.cache, places.output))


def _check_apart(places: BuildPaths) -> None:
    """Refuse an OUTPUT that holds what a build reads or keeps: it removes there all that it did not make."""
    output, theme = places.output.resolve(), theme_folder(places.conf)
    for name, path in (("CONTENT", places.content), ("CONF", places.conf), ("CACHE", places.cache), ("THEME", theme)):
        if path.resolve().is_relative_to(output):
            reason = f"{name} lies in it, {path}, and a build removes what it did not make; name another OUTPUT"
            raise ArchiveError(reason, path=places.output)
