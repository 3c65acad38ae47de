"""Build a site from paths: load the settings again, as each command does."""

from daybook.core.config import BuildPaths, load_config
from daybook.site import build


def build_site(paths: BuildPaths, *, look: bool = False) -> tuple[str, ...]:
    """Build a site and return its warnings."""
    return build.build_site(load_config(paths), look=look)


def build_site_in_full(paths: BuildPaths) -> frozenset[str]:
    """Build a site without asking whether anything changed and return its addresses."""
    return build.build_site_in_full(load_config(paths)).addresses
