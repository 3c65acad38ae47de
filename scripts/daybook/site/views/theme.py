"""Views → HTML, by the theme's templates: the only home of jinja2."""

import hashlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import rjsmin
from jinja2 import (
    Environment,
    FileSystemBytecodeCache,
    FunctionLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateSyntaxError,
)
from markupsafe import Markup
from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.core.files import read_text_file
from daybook.core.hashing import code_digest, digest
from daybook.site.views.urls import relative_root
from daybook.site.views.view_models import EntryView

# The scripts of one folder of `static/js` are joined in this order, each after those that it uses; any others
# of the folder follow in order of their names.
SCRIPT_ORDER = {
    "search": (
        "analysis.js",
        "query_parser.js",
        "index_files.js",
        "expand_terms.js",
        "lunr_index.js",
        "run_query.js",
        "search_form.js",
        "search_page.js",
    ),
    "search_results": ("snippet.js", "results.js", "messages.js"),
}

# Characters that no HTML may hold stand for what differs from page to page in an excerpt.
_ROOT, _LEVEL, _END = "\0", "\1", "\2"


class TemplateRenderer:
    """The templates of one theme, and the names that all of them know.

    All are read at once, so that `digest` is of what pages are made with, whatever is edited meanwhile.
    """

    def __init__(self, theme: Path, names: Mapping[str, Any], filters: Mapping[str, Callable[..., str]]) -> None:
        """Read a theme's `templates`; each is compiled when it is first used."""
        self._folder = theme / "templates"
        paths = sorted(self._folder.rglob("*.html"))
        self._sources = {path.relative_to(self._folder).as_posix(): read_text_file(path) for path in paths}
        self.digest = digest(*self._sources.items())
        self.environment = Environment(
            loader=FunctionLoader(self._source),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
            auto_reload=False,
            bytecode_cache=_compiled(self._folder),
        )
        self.environment.globals.update(names)
        self.environment.filters.update({**filters, "placed": complete_excerpt})

    def check(self, needed: frozenset[str]) -> None:
        """Compile all templates; one that is broken, or missing from those needed, is an ArchiveError."""
        for missing in sorted(needed - {name.removesuffix(".html") for name in self._sources}):
            raise ArchiveError("the theme has no such template", path=self._folder / f"{missing}.html")
        for name in self._sources:
            self._template(name)

    def page(self, template: str, path: str, values: Mapping[str, Any], root: str | None = None) -> bytes:
        """Render a page of the site; `root` leads from it to the site's root, as `root_of` says unless given."""
        found = self._template(f"{template}.html")
        try:
            return found.render(root=relative_root(path) if root is None else root, path=path, **values).encode()
        except TemplateError as error:
            reason = f"the page {path or '/'} cannot be rendered: {error}"
            raise ArchiveError(reason, path=found.filename or "") from error

    def excerpts(self, entries: Sequence[EntryView]) -> tuple[str, ...]:
        """Render entries as lists of other pages show them, for `placed` to complete."""
        if not entries:
            return ()
        values = {"entries": entries, "level": _LEVEL, "end": _END}
        parts = self.page("excerpts", "excerpts", values, _ROOT).decode().split(_END)
        return tuple(part.strip("\n") for part in parts[:-1])

    def _source(self, name: str) -> tuple[str, str, None] | None:
        source = self._sources.get(name)
        return None if source is None else (source, str(self._folder / name), None)

    def _template(self, name: str) -> Template:
        try:
            return self.environment.get_template(name)
        except TemplateSyntaxError as error:
            raise ArchiveError(
                f"not a template: {error.message}", path=error.filename or name, line=error.lineno
            ) from None


def complete_excerpt(excerpt: str, root: str, level: int) -> Markup:
    """Complete an excerpt for a page: its links by way of `root`, its heading of that level."""
    return Markup(excerpt.replace(_ROOT, root).replace(_LEVEL, str(level)))


class _Compiled(FileSystemBytecodeCache):
    """Compiled templates, which depend on this code and on jinja2 as well as on their source."""

    def get_source_checksum(self, source: str) -> str:
        return super().get_source_checksum(code_digest().hex() + source)


def _compiled(folder: Path) -> FileSystemBytecodeCache | None:
    """Keep compiled templates beside them, as Python keeps its modules; the build's own cache holds no code."""
    place = folder / "__pycache__"
    if sys.dont_write_bytecode or not os.access(folder, os.W_OK):
        return None
    place.mkdir(exist_ok=True)
    return _Compiled(str(place))


class Assets(Struct, frozen=True):
    """Files of the site by path (``static/js/keys.1a2b3c4d.js``), and the names templates use."""

    files: dict[str, bytes]
    names: dict[str, str]

    def static(self, name: str) -> str:
        """Give a static file's path from the site's root: ``css``, ``js/shortcuts.js``, ``icon.svg``."""
        if name not in self.names:
            raise ArchiveError(f"the theme has no static file {name!r}; known: {', '.join(self.names)}")
        return self.names[name]


def load_assets(theme: Path) -> Assets:
    """Read a theme's `static` folder; hidden files are left out."""
    folder = theme / "static"
    visible = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    paths = sorted(visible, key=_load_order)
    parts: dict[str, list[bytes]] = {}
    for path in paths:
        parts.setdefault(_part_of(path.relative_to(folder)), []).append(_content(path))
    sources = {name: b"\n".join(contents) for name, contents in parts.items()}
    names = {name: _hashed(name, data) for name, data in sources.items()}
    return Assets(
        files={names[name]: data for name, data in sources.items()},
        names={"css" if name == "site.css" else name: path for name, path in names.items()},
    )


def _load_order(path: Path) -> Path:
    """Return a sort key that puts the scripts of `SCRIPT_ORDER` before the others of their folder."""
    order = SCRIPT_ORDER.get(path.parent.name, ())
    return path.with_name(f"{order.index(path.name):02}") if path.name in order else path


def _part_of(path: Path) -> str:
    """Name what a file of the theme becomes, or becomes a part of."""
    if path.suffix == ".css":
        return "site.css"
    together = path.suffix == ".js" and len(path.parts) > 2
    return f"{path.parent.as_posix()}.js" if together else path.as_posix()


def _content(path: Path) -> bytes:
    return minify_js(read_text_file(path)).encode() if path.suffix == ".js" else path.read_bytes()


def _hashed(name: str, data: bytes) -> str:
    stem, dot, suffix = name.rpartition(".")
    digest = hashlib.sha256(data).hexdigest()[:8]
    return f"static/{stem}.{digest}.{suffix}" if dot else f"static/{name}.{digest}"


LUNR_VERSION = "2.3.9"


LUNR_SHA256 = "c1a28d9e95163292fbcc07ff794f1f0e1ade8741c513afe96d5b1046a18110bc"


_PLACE = "contrib/search/templates/search/lunr.js"


_CURE = "install requirements/lunr-js.lock again with --no-deps"


_NOTICE = f"lunr {LUNR_VERSION}, http://lunrjs.com\nCopyright (C) 2020 Oliver Nightingale\nMIT licence"


def lunr_source() -> Path:
    """Return where the installed lunr.js lies, or raise `ArchiveError`."""
    spec = find_spec("mkdocs")
    if spec is None or spec.origin is None:
        raise ArchiveError(f"lunr.js {LUNR_VERSION} is not installed: {_CURE}", path="requirements/lunr-js.lock")
    return Path(spec.origin).parent / _PLACE


def lunr_script() -> tuple[str, bytes]:
    """Return lunr.js minified, its licence notice kept, with a path that carries its hash."""
    script = check_lunr_script(lunr_source())
    return f"search/lunr.{hashlib.sha256(script).hexdigest()[:8]}.js", script


def check_lunr_script(source: Path) -> bytes:
    """Read, check and minify lunr.js; anything but the known file is an `ArchiveError`."""
    try:
        content = source.read_bytes()
    except OSError as error:
        reason = f"lunr.js {LUNR_VERSION} cannot be read ({error.strerror}): {_CURE}"
        raise ArchiveError(reason, path=source) from error
    if hashlib.sha256(content).hexdigest() != LUNR_SHA256:
        raise ArchiveError(f"this is not lunr.js {LUNR_VERSION} as it was published: {_CURE}", path=source)
    return f"/*! {_NOTICE}\n\n{_permission()} */\n{minify_js(content.decode())}".encode()


def _permission() -> str:
    """Return the words of the MIT licence, which lunr.js only names, from lunr.py, which is under it too."""
    try:
        licence = next(file for file in files("lunr") or () if file.name == "LICENSE")
        return licence.read_text(encoding="utf-8").partition("\n\n")[2].strip()
    except (PackageNotFoundError, StopIteration, OSError) as error:
        reason = "lunr's licence is not installed: install requirements/runtime.lock again"
        raise ArchiveError(reason, path="requirements/runtime.lock") from error


def minify_js(script: str) -> str:
    """Return a script as a browser reads it; comments that begin with ``/*!`` stay."""
    return str(rjsmin.jsmin(script, keep_bang_comments=True))
