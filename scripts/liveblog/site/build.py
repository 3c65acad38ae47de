"""Build a site, or find that nothing has changed since the last build: that needs no Pelican."""

import shutil

from ..errors import ArchiveError
from ..settings import load_settings, theme_folder
from .last_build import LastBuild, place_in
from .makers import find_inputs
from .output import check_folder, is_ours
from .places import Places, places_from

__all__ = ["Places", "build", "build_whole", "is_unfinished", "places_from", "remove_site"]


def build(places: Places) -> tuple[str, ...]:
    """Build an archive's site and print one line about it; give what a person should look at, a line each.

    Raises ArchiveError for any mistake in content, settings or theme, and for every
    warning of Pelican's. Content that is missing is an empty archive.
    """
    last = _last_build(places)
    inputs = find_inputs(places)
    if last.is_of(inputs.digest) and last.is_whole(inputs.present()):
        print(f"{last.finished.line}; nothing changed")
        return last.finished.doubts
    from .running import run_pelican  # noqa: PLC0415 - Pelican takes a quarter of a second to import

    return run_pelican(places, inputs).doubts


def build_whole(places: Places) -> frozenset[str]:
    """Build without asking whether anything changed; give the addresses that the site answers."""
    _last_build(places)
    from .running import run_pelican  # noqa: PLC0415

    return run_pelican(places, find_inputs(places)).addresses


def is_unfinished(places: Places) -> bool:
    """Tell whether a build began to write the output and did not come to its end."""
    return _last_build(places).unfinished


def remove_site(places: Places) -> None:
    """Remove the output where it is a site of ours; raise where it holds what a build reads or keeps."""
    if (places.output / "index.html").is_file() and is_ours(places.output):
        _check_apart(places)
        shutil.rmtree(places.output.resolve())
        if places.output.is_symlink():
            places.output.unlink()


def _last_build(places: Places) -> LastBuild:
    load_settings(places.conf)
    check_folder(places.output)
    _check_apart(places)
    places.content.mkdir(parents=True, exist_ok=True)
    return LastBuild(place_in(places.cache, places.output))


def _check_apart(places: Places) -> None:
    """Refuse an OUTPUT that holds what a build reads or keeps: it removes there all that it did not make."""
    output, theme = places.output.resolve(), theme_folder(places.conf)
    for name, path in (("CONTENT", places.content), ("CONF", places.conf), ("CACHE", places.cache), ("THEME", theme)):
        if path.resolve().is_relative_to(output):
            reason = f"{name} lies in it, {path}, and a build removes what it did not make; name another OUTPUT"
            raise ArchiveError(reason, path=places.output)
