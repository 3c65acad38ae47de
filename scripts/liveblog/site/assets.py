"""The theme's static files under names that change with their bytes.

A browser may then keep each for good, and old pages never meet new styles. All style
sheets become one, in the order of their names; every other file is copied as it is.
"""

import hashlib
from pathlib import Path

from msgspec import Struct

from ..errors import ArchiveError


class Assets(Struct, frozen=True):
    """Files of the site by path (``static/js/keys.1a2b3c4d.js``), and the names templates use."""

    files: dict[str, bytes]
    names: dict[str, str]

    def static(self, name: str) -> str:
        """Give a static file's path from the site's root: ``css``, ``js/keys.js``, ``icon.svg``."""
        if name not in self.names:
            raise ArchiveError(f"the theme has no static file {name!r}; known: {', '.join(self.names)}")
        return self.names[name]


def load_assets(theme: Path) -> Assets:
    """Read a theme's `static` folder; hidden files are left out."""
    folder = theme / "static"
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    styles = [path for path in paths if path.suffix == ".css"]
    sources = {"site.css": b"\n".join(path.read_bytes() for path in styles)}
    others = [path for path in paths if path.suffix != ".css"]
    sources |= {path.relative_to(folder).as_posix(): path.read_bytes() for path in others}
    names = {name: _hashed(name, data) for name, data in sources.items()}
    return Assets(
        files={names[name]: data for name, data in sources.items()},
        names={"css" if name == "site.css" else name: path for name, path in names.items()},
    )


def _hashed(name: str, data: bytes) -> str:
    stem, dot, suffix = name.rpartition(".")
    digest = hashlib.sha256(data).hexdigest()[:8]
    return f"static/{stem}.{digest}.{suffix}" if dot else f"static/{name}.{digest}"
