"""The theme: templates rendered to HTML, static files and lunr.js, scripts minified."""

import hashlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup
from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.core.files import read_text_file
from daybook.core.hashing import code_digest, digest
from daybook.incremental.cache import BuildCache
from daybook.site.views.urls import relative_root
from daybook.site.views.view_models import EntryView

# The scripts of one folder of `static/js` are joined in this order, each after those that it uses; any others
# of the folder follow in order of their names.
SCRIPT_ORDER = {
    "search": (
        *("analysis.js", "query_parser.js", "index_files.js", "expand_terms.js", "lunr_index.js"),
        *("run_query.js", "search_form.js", "search_page.js"),
    ),
    "search_results": ("snippet.js", "results.js", "messages.js"),
}

# Placeholders for what differs between the pages of an excerpt, the URL of the root and the heading
# level, and a mark after each excerpt. HTML must not contain these characters, so no text is mistaken for one.
_ROOT, _LEVEL, _END = "\0", "\1", "\2"
LUNR_VERSION = "2.3.9"
LUNR_SHA256 = "c1a28d9e95163292fbcc07ff794f1f0e1ade8741c513afe96d5b1046a18110bc"
_LUNR_PACKAGE, _LUNR_PATH = "properdocs", "contrib/search/templates/search/lunr.js"
_LOCK = "requirements/runtime.lock"
_LUNR_FIX = f"install {_LOCK} again, or the package {_LUNR_PACKAGE}"
_LUNR_NOTICE = f"lunr {LUNR_VERSION}, http://lunrjs.com\nCopyright (C) 2020 Oliver Nightingale\nMIT licence"


class TemplateRenderer:
    """The templates of a theme, and the names and filters that all of them can use.

    All sources are read at once, so that `digest` covers what pages are rendered with even if a
    template is edited during the build.
    """

    def __init__(self, theme: Path, names: Mapping[str, Any], filters: Mapping[str, Callable[..., object]]) -> None:
        """Read the folder `templates` of a theme; each template is compiled when it is first used."""
        self._folder = theme / "templates"
        paths = sorted(self._folder.rglob("*.html"))
        self._sources = {path.relative_to(self._folder).as_posix(): read_text_file(path) for path in paths}
        self.digest = digest(*self._sources.items())
        self.environment = jinja2.Environment(
            loader=jinja2.FunctionLoader(self._load_source),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
            auto_reload=False,
            bytecode_cache=_bytecode_cache(self._folder),
        )
        self.environment.globals.update(names)
        self.environment.filters.update({**filters, "complete_excerpt": complete_excerpt})

    def check(self, required: frozenset[str]) -> None:
        """Compile all templates.

        Raises ArchiveError for a syntax error, or if one of the `required` templates is missing.
        """
        for missing in sorted(required - {name.removesuffix(".html") for name in self._sources}):
            path = self._folder / f"{missing}.html"
            raise ArchiveError("the theme needs this template; copy it from Daybook's theme", path=path)
        for name in self._sources:
            self._template(name)

    def page(self, template: str, path: str, values: Mapping[str, Any], root: str | None = None) -> bytes:
        """Render a page with the URL `path` and a template, which is named without its suffix.

        `root` is the URL of the site's root as the page links to it, by default relative to `path`.

        Raises:
            ArchiveError: if the template cannot be rendered with these values.
        """
        compiled = self._template(f"{template}.html")
        try:
            return compiled.render(root=relative_root(path) if root is None else root, path=path, **values).encode()
        except jinja2.TemplateError as error:
            reason = f"the page {path or '/'} cannot be rendered: {error}"
            raise ArchiveError(reason, path=compiled.filename or "") from error

    def excerpts(self, entries: Sequence[EntryView]) -> tuple[str, ...]:
        """Render entries for lists of other pages; `complete_excerpt` fills in what differs between these."""
        if not entries:
            return ()
        values = {"entries": entries, "level": _LEVEL, "end": _END}
        parts = self.page("excerpts", "excerpts", values, _ROOT).decode().split(_END)
        return tuple(part.strip("\n") for part in parts[:-1])

    def _load_source(self, name: str) -> tuple[str, str, None] | None:
        source = self._sources.get(name)
        return None if source is None else (source, str(self._folder / name), None)

    def _template(self, name: str) -> jinja2.Template:
        try:
            return self.environment.get_template(name)
        except jinja2.TemplateSyntaxError as error:
            reason = f"template syntax error: {error.message}"
            raise ArchiveError(reason, path=error.filename or name, line=error.lineno) from None


def complete_excerpt(excerpt: str, root: str, level: int) -> Markup:
    """Return an excerpt for a page: links start with `root`, its heading has this level."""
    return Markup(excerpt.replace(_ROOT, root).replace(_LEVEL, str(level)))


class _BytecodeCache(jinja2.FileSystemBytecodeCache):
    """Compiled templates; they depend on this code and on jinja2 as well as on their source."""

    def get_source_checksum(self, source: str) -> str:
        return super().get_source_checksum(code_digest().hex() + source)


def _bytecode_cache(folder: Path) -> jinja2.FileSystemBytecodeCache | None:
    """Return a cache in the folder of the templates, like Python's for modules: the build cache contains no code."""
    pycache = folder / "__pycache__"
    if sys.dont_write_bytecode or not os.access(folder, os.W_OK):
        return None
    pycache.mkdir(exist_ok=True)
    return _BytecodeCache(str(pycache))


class Assets(Struct, frozen=True):
    """Static files: bytes by path (``static/js/shortcuts.1a2b3c4d.js``), paths by name (``js/shortcuts.js``)."""

    files: dict[str, bytes]
    names: dict[str, str]

    def static(self, name: str) -> str:
        """Return the path of a static file from the site's root: ``css``, ``js/shortcuts.js``, ``icon.svg``.

        Raises ArchiveError if the theme has no such file.
        """
        if name not in self.names:
            raise ArchiveError(f"the theme has no static file {name!r}; known: {', '.join(self.names)}")
        return self.names[name]


def load_assets(theme: Path, cache: BuildCache | None = None) -> Assets:
    """Read the folder `static` of a theme, without hidden files.

    All style sheets become ``site.css``; the scripts of each subfolder of ``js`` become one script,
    joined in `SCRIPT_ORDER`. `cache` holds the minified scripts of earlier builds.
    """
    folder = theme / "static"
    visible = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    parts: dict[Path, list[bytes]] = {}
    for path in sorted(visible, key=_load_order):
        name, is_script = path.relative_to(folder), path.suffix == ".js"
        if path.suffix == ".css":
            name = Path("site.css")
        elif is_script and len(name.parts) > 2:
            name = Path(f"{name.parent}.js")
        data = minify_js(read_text_file(path), cache).encode() if is_script else path.read_bytes()
        parts.setdefault(name, []).append(data)
    assets = Assets(files={}, names={})
    for name, contents in parts.items():
        data = b"\n".join(contents)
        file_name = f"{name.stem}.{hashlib.sha256(data).hexdigest()[:8]}{name.suffix}"
        site_path = f"static/{name.with_name(file_name).as_posix()}"
        assets.names["css" if name.suffix == ".css" else name.as_posix()] = site_path
        assets.files[site_path] = data
    return assets


def _load_order(path: Path) -> Path:
    """Return a sort key that puts the scripts of `SCRIPT_ORDER` before the others of their folder."""
    order = SCRIPT_ORDER.get(path.parent.name, ())
    return path.with_name(f"{order.index(path.name):02}") if path.name in order else path


def lunr_script(cache: BuildCache | None = None) -> tuple[str, bytes]:
    """Return the path of lunr.js, which includes a hash, and the minified script with its licence.

    Raises the errors of `lunr_source` and `check_lunr_script`.
    """
    script = check_lunr_script(lunr_source(), cache)
    return f"search/lunr.{hashlib.sha256(script).hexdigest()[:8]}.js", script


def lunr_source() -> Path:
    """Return the path of the installed lunr.js, which the package properdocs contains.

    Raises ArchiveError if that package is not installed.
    """
    spec = find_spec(_LUNR_PACKAGE)
    if spec is None or spec.origin is None:
        raise ArchiveError(f"lunr.js {LUNR_VERSION} is not installed: {_LUNR_FIX}", path=_LOCK)
    return Path(spec.origin).parent / _LUNR_PATH


def check_lunr_script(source: Path, cache: BuildCache | None = None) -> bytes:
    """Read and minify lunr.js.

    Raises ArchiveError if the file cannot be read, or is not lunr.js in the known version.
    """
    try:
        content = source.read_bytes()
    except OSError as error:
        reason = f"lunr.js {LUNR_VERSION} cannot be read ({error.strerror}): {_LUNR_FIX}"
        raise ArchiveError(reason, path=source) from error
    if hashlib.sha256(content).hexdigest() != LUNR_SHA256:
        raise ArchiveError(f"this file is not the published lunr.js {LUNR_VERSION}: {_LUNR_FIX}", path=source)
    return f"/*! {_LUNR_NOTICE}\n\n{_licence_text()} */\n{minify_js(content.decode(), cache)}".encode()


def _licence_text() -> str:
    """Return the text of the MIT licence, which lunr.js only names, from lunr.py, which has the same licence."""
    try:
        licence = next(file for file in files("lunr") or () if file.name == "LICENSE")
        return licence.read_text(encoding="utf-8").partition("\n\n")[2].strip()
    except (PackageNotFoundError, StopIteration, OSError) as error:
        raise ArchiveError(f"lunr's licence is not installed: install {_LOCK} again", path=_LOCK) from error


def minify_js(script: str, cache: BuildCache | None = None) -> str:
    """Minify a script with rjsmin, which the package webassets contains; comments that begin with ``/*!`` stay."""

    def minify() -> str:
        from webassets.filter.rjsmin.rjsmin import jsmin  # noqa: PLC0415 - 0.07 s, only if a script has changed

        return str(jsmin(script, keep_bang_comments=True))

    return (cache or BuildCache(None)).get_or_make(digest(code_digest(), "script", script), str, minify)
