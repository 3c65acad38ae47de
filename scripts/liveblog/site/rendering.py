"""Views → HTML, by the theme's templates: the only home of jinja2."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

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

from ..errors import ArchiveError
from ..sitefile import key_of
from ..storage import read_text
from .addresses import root_of
from .makers import code_digest
from .views import EntryView

# Characters that no HTML may hold stand for what differs from page to page in an excerpt.
_ROOT, _LEVEL, _END = "\0", "\1", "\2"


class Renderer:
    """The templates of one theme, and the names that all of them know.

    All are read at once, so that `digest` is of what pages are made with, whatever is edited meanwhile.
    """

    def __init__(self, theme: Path, names: Mapping[str, Any], filters: Mapping[str, Callable[..., str]]) -> None:
        """Read a theme's `templates`; each is compiled when it is first used."""
        self._folder = theme / "templates"
        paths = sorted(self._folder.rglob("*.html"))
        self._sources = {path.relative_to(self._folder).as_posix(): read_text(path) for path in paths}
        self.digest = key_of(*self._sources.items())
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
        self.environment.filters.update({**filters, "placed": placed})

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
            return found.render(root=root_of(path) if root is None else root, path=path, **values).encode()
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


def placed(excerpt: str, root: str, level: int) -> Markup:
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
