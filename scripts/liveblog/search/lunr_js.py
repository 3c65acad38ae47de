"""lunr.js for the browser: the only place that knows where it comes from.

It is taken from the installed mkdocs distribution, which carries it unchanged, and never
copied into this repository. The distribution is not imported: none of its own
requirements are installed.
"""

import hashlib
from importlib.metadata import PackageNotFoundError, files
from importlib.util import find_spec
from pathlib import Path

from ..errors import ArchiveError
from .minify import minified

VERSION = "2.3.9"
SHA256 = "c1a28d9e95163292fbcc07ff794f1f0e1ade8741c513afe96d5b1046a18110bc"
_PLACE = "contrib/search/templates/search/lunr.js"
_CURE = "install requirements/lunr-js.lock again with --no-deps"
_NOTICE = f"lunr {VERSION}, http://lunrjs.com\nCopyright (C) 2020 Oliver Nightingale\nMIT licence"


def lunr_source() -> Path:
    """Return where the installed lunr.js lies, or raise `ArchiveError`."""
    spec = find_spec("mkdocs")
    if spec is None or spec.origin is None:
        raise ArchiveError(f"lunr.js {VERSION} is not installed: {_CURE}", path="requirements/lunr-js.lock")
    return Path(spec.origin).parent / _PLACE


def lunr_script() -> tuple[str, bytes]:
    """Return lunr.js minified, its licence notice kept, with a path that carries its hash."""
    script = checked_script(lunr_source())
    return f"search/lunr.{hashlib.sha256(script).hexdigest()[:8]}.js", script


def checked_script(source: Path) -> bytes:
    """Read, check and minify lunr.js; anything but the known file is an `ArchiveError`."""
    try:
        content = source.read_bytes()
    except OSError as error:
        reason = f"lunr.js {VERSION} cannot be read ({error.strerror}): {_CURE}"
        raise ArchiveError(reason, path=source) from error
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise ArchiveError(f"this is not lunr.js {VERSION} as it was published: {_CURE}", path=source)
    return f"/*! {_NOTICE}\n\n{_permission()} */\n{minified(content.decode())}".encode()


def _permission() -> str:
    """Return the words of the MIT licence, which lunr.js only names, from lunr.py, which is under it too."""
    try:
        licence = next(file for file in files("lunr") or () if file.name == "LICENSE")
        return licence.read_text(encoding="utf-8").partition("\n\n")[2].strip()
    except (PackageNotFoundError, StopIteration, OSError) as error:
        reason = "lunr's licence is not installed: install requirements/runtime.lock again"
        raise ArchiveError(reason, path="requirements/runtime.lock") from error
