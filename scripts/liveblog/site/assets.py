"""The theme's static files under names that change with their bytes.

A browser may then keep each for good, and old pages never meet new styles. All style
sheets become one, and so do the scripts of a folder in `js/`, in the order of their names;
scripts lose their comments, every other file is copied as it is.
"""

import hashlib
from pathlib import Path

from msgspec import Struct

from ..errors import ArchiveError
from ..search import minified
from ..storage import read_text


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
    parts: dict[str, list[bytes]] = {}
    for path in paths:
        parts.setdefault(_part_of(path.relative_to(folder)), []).append(_content(path))
    sources = {name: b"\n".join(contents) for name, contents in parts.items()}
    names = {name: _hashed(name, data) for name, data in sources.items()}
    return Assets(
        files={names[name]: data for name, data in sources.items()},
        names={"css" if name == "site.css" else name: path for name, path in names.items()},
    )


def _part_of(path: Path) -> str:
    """Name what a file of the theme becomes, or becomes a part of."""
    if path.suffix == ".css":
        return "site.css"
    together = path.suffix == ".js" and len(path.parts) > 2
    return f"{path.parent.as_posix()}.js" if together else path.as_posix()


def _content(path: Path) -> bytes:
    return minified(read_text(path)).encode() if path.suffix == ".js" else path.read_bytes()


def _hashed(name: str, data: bytes) -> str:
    stem, dot, suffix = name.rpartition(".")
    digest = hashlib.sha256(data).hexdigest()[:8]
    return f"static/{stem}.{digest}.{suffix}" if dot else f"static/{name}.{digest}"
