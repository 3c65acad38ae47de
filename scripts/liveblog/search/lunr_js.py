"""lunr.js for the browser: the only place that knows where it comes from.

It is taken from the installed mkdocs distribution, which carries it unchanged, and never
copied into this repository. The distribution is not imported: none of its own
requirements are installed.
"""

import hashlib
from importlib.util import find_spec
from pathlib import Path

import rjsmin

from ..errors import ArchiveError

VERSION = "2.3.9"
SHA256 = "c1a28d9e95163292fbcc07ff794f1f0e1ade8741c513afe96d5b1046a18110bc"
_PLACE = "contrib/search/templates/search/lunr.js"
_CURE = "install requirements/lunr-js.lock again with --no-deps"
_NOTICE = f"/*! lunr {VERSION}, http://lunrjs.com, Copyright (C) 2020 Oliver Nightingale, MIT licence */\n"


def lunr_source() -> Path:
    """Return where the installed lunr.js lies, or raise `ArchiveError`."""
    spec = find_spec("mkdocs")
    if spec is None or spec.origin is None:
        raise ArchiveError(f"lunr.js {VERSION} is not installed: {_CURE}", path="requirements/lunr-js.lock")
    return Path(spec.origin).parent / _PLACE


def lunr_script() -> tuple[str, bytes]:
    """Return lunr.js minified, its licence notice kept, with a path that carries its hash."""
    script = minified(lunr_source())
    return f"search/lunr.{hashlib.sha256(script).hexdigest()[:8]}.js", script


def minified(source: Path) -> bytes:
    """Read, check and minify lunr.js; anything but the known file is an `ArchiveError`."""
    try:
        content = source.read_bytes()
    except OSError as error:
        reason = f"lunr.js {VERSION} cannot be read ({error.strerror}): {_CURE}"
        raise ArchiveError(reason, path=source) from error
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise ArchiveError(f"this is not lunr.js {VERSION} as it was published: {_CURE}", path=source)
    return (_NOTICE + str(rjsmin.jsmin(content.decode(), keep_bang_comments=True))).encode()
