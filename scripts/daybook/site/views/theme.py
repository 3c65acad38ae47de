"""The theme: templates rendered to HTML, static files and lunr.js, scripts minified.

A theme is read from several folders: for each file, the first folder that has it is used.
"""

import contextlib
import difflib
import functools
import hashlib
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from importlib.metadata import PackageNotFoundError, files
from importlib.util import find_spec
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

import jinja2
import msgspec
from jinja2.bccache import Bucket
from jinja2.meta import find_referenced_templates, find_undeclared_variables
from markupsafe import Markup
from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.core.files import read_checked, read_text_file, write_checked
from daybook.core.hashing import bytes_digest, code_digest, digest
from daybook.core.pictures import place_pictures
from daybook.incremental.cache import BuildCache
from daybook.site.views.urls import relative_root
from daybook.site.views.view_models import EntryView

# The scripts of one folder of `static/js` are joined in this order, each after those that it uses; any others
# of the folder follow in order of their names.
SCRIPT_ORDER = {
    "page": ("file_links.js", "shortcuts.js", "goto.js", "reader_clock.js", "search_field.js"),
    "search": (
        *("analysis.js", "query_parser.js", "index_files.js", "expand_terms.js"),
        *("search_form.js", "search_page.js"),
    ),
    "search_results": (
        *("lunr_index.js", "run_query.js", "snippet.js", "results.js", "folded_results.js", "spelling.js"),
        "messages.js",
    ),
    "suggest": ("ways.js", "suggest.js"),
}

# Scripts of several folders or with lunr.js: see `load_assets`.
_PAGE_SCRIPT, _SEARCH_SCRIPT, _RESULTS_SCRIPT = (Path(f"js/{name}.js") for name in ("page", "search", "search_results"))
_CSS_COMMENT = re.compile(rb"""(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|/\*(?!!).*?\*/""", re.DOTALL)

# Style sheets that the search page has no use for. It gets one without them: half the size, and without fonts, which
# would compete with the index for a slow connection.
_NOT_ON_SEARCH = {
    Path("css/fonts.css"),
    *(Path("css/components") / f"{name}.css" for name in ("calendar", "day", "entry", "entry_page", "home")),
    *(Path("css/components") / f"{name}.css" for name in ("stories", "topics", "trends")),
}

# Placeholders for what differs between the pages of an excerpt, the URL of the root and the heading
# level, and a mark after each excerpt. HTML must not contain these characters, so no text is mistaken for one.
_ROOT, _LEVEL, _END = "\0", "\1", "\2"
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_SYNTAX: Any = {"trim_blocks": True, "lstrip_blocks": True}  # of all templates
_COMPLETE_THEME = "!theme/"  # Pelican's prefix for the templates of the theme itself
_LIKENESS = 0.88  # of a misspelled name, such as bas.html, to the one that was meant
_OVERLAY_FOLDERS = {"templates", "static", "strings"}
_OVERLAY_FILES = {"README", "LICENSE", "COPYING"}  # by name or stem
# Settings with functions and values for templates, in the order of `_extension_targets`.
EXTENSION_SETTINGS = ("JINJA_FILTERS", "JINJA_GLOBALS", "JINJA_TESTS")
# The fonts of the first view, which a browser is told of before it reads the style sheet.
FIRST_FONTS = ("fonts/serif-latin.woff2", "fonts/display-latin.woff2")
LOGO_TYPES = (".svg", ".png", ".webp", ".jpg")
LUNR_VERSION = "2.3.9"
LUNR_SHA256 = "c1a28d9e95163292fbcc07ff794f1f0e1ade8741c513afe96d5b1046a18110bc"
_LUNR_PACKAGE, _LUNR_PATH = "properdocs", "contrib/search/templates/search/lunr.js"
_LOCK = "requirements/runtime.lock"
_LUNR_FIX = f"install {_LOCK} again, or the package {_LUNR_PACKAGE}"
_LUNR_NOTICE = (
    f"lunr {LUNR_VERSION}, http://lunrjs.com, without what only analysis, builder and query parser need\n"
    "Copyright (C) 2020 Oliver Nightingale\nMIT licence"
)
# Parts of lunr.js that the search does not use, half of the file: where each begins, and where what follows it begins.
# The index and the queries are made without them; the page only ranks.
_LUNR_UNUSED = (
    ("lunr.utils.warn = ", "/**\n * Convert an object to a string"),
    ("/**\n * A function to calculate the inverse document frequency", "/*!\n * lunr.Vector"),
    ("/**\n * Inserts an element at an index", "/**\n * Inserts or updates"),
    ("/**\n * Converts the vector to an array", "/*!\n * lunr.TokenSet"),
    ("/**\n * Performs a search against the index using lunr", "/**\n * A query builder callback"),
    ("/**\n * Prepares the index for JSON", "/**\n * Contains and collects metadata about"),
    ("lunr.QueryParseError = function", ";(function (root, factory)"),
)


class TemplateUses(Struct, frozen=True, array_like=True):
    """What a template uses: the templates that it extends, includes or imports, and names from outside.

    A template that names another by an expression may use any of them. `assigned` are names that it sets itself.
    """

    references: list[str]
    names: list[str]
    assigned: list[str]


class TemplateMentions(NamedTuple):
    """What decides about a template's pages beside their values: texts, and global names that these mention.

    `closure` are the template and all that it refers to. Of a global dictionary, `used` has the items that are named,
    None for all of them; of other values it has None.
    """

    closure: list[str]
    used: dict[str, list[str] | None]


# What templates use, as in TemplateUses; None is a reference by an expression. To parse all takes half of the time of a
# small archive's first build, so a process does it once for each text and stores the result beside the templates.
_StoredUses = tuple[list[str | None], list[str], list[str]]
_USES: dict[bytes, _StoredUses] = {}  # by `_uses_key`
_USES_FILE = "uses.msgpack"
# Compiled templates that this process has read: a page of each depth needs them again, and so does each build.
_LOADED: dict[tuple[str, str, str], CodeType] = {}  # by folder, key and checksum
# An import with context: what it is without, and the template.
_IMPORT = re.compile(
    r"""(\{%-?\s{0,9}(?:from|import)\s{1,9}"(?P<name>[^"\n]{1,200})"(?:\s{1,9}[^\s%]+)*?)\s{1,9}with\s{1,9}context"""
    r"(?=\s{0,9}-?%\})"
)


class _Environment(jinja2.Environment):
    """Jinja's, whose templates share one dictionary of globals.

    Jinja compares all of them at each import, which takes a tenth of a page's time with the chain that it makes.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of a template."""
        return super().make_globals(d) if d else self.globals


class TemplateRenderer:
    """The templates of a theme, and the names and filters that all of them can use.

    All sources are read at once, so that `digest` and `key` cover what pages are rendered with even if a
    template is edited during the build.
    """

    def __init__(
        self, folders: Sequence[Path], names: Mapping[str, Any], filters: Mapping[str, Callable[..., object]]
    ) -> None:
        """Read folders of templates; each template is compiled when it is first used.

        For each name the first folder that has it is used. The last folder is that of the complete theme; its
        templates can also be named with ``!theme/`` before their names, so that an override can extend what it
        replaces.
        """
        self._folder = folders[-1]
        self._sources: dict[str, tuple[str, Path]] = {}  # text and file by name
        self._keys: dict[str, bytes] = {}  # by name
        self._uses: Mapping[str, TemplateUses] = {}  # by name
        self._plain: set[str] = set()  # templates that need nothing but `root` of the page that imports them
        self._environments: dict[str, jinja2.Environment] = {}  # by the URL of the site's root
        for folder in reversed(folders):
            for path in sorted(folder.rglob("*.html")):
                source = read_text_file(path), path
                self._sources[path.relative_to(folder).as_posix()] = source
                if folder == self._folder:
                    self._sources[_COMPLETE_THEME + path.relative_to(folder).as_posix()] = source
        self.digest = digest([(name, text) for name, (text, _) in self._sources.items()])
        self.environment = _Environment(
            **_SYNTAX,
            loader=jinja2.FunctionLoader(self._load_source),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            auto_reload=False,
            bytecode_cache=_bytecode_cache(self._folder),
        )
        self.environment.globals.update(names)
        self.environment.filters.update({**filters, "complete_excerpt": complete_excerpt})

    def add_extensions(self, settings: Mapping[str, Any]) -> None:
        """Add the filters, globals and tests of Pelican's settings.

        Raises ArchiveError where one has a name that the theme uses itself.
        """
        environment = self.environment
        for name, target in zip(EXTENSION_SETTINGS, _extension_targets(environment), strict=True):
            for key, value in dict(settings.get(name) or {}).items():
                if key in target:
                    raise ArchiveError(f"{name}: {key!r} is a name of the theme's own; choose another")
                target[key] = value

    def extend(self, environment: jinja2.Environment) -> None:
        """Add what templates of the theme need to the environment in which Pelican renders those of plugins."""
        environment.undefined = jinja2.StrictUndefined
        for own, other in zip(_extension_targets(self.environment), _extension_targets(environment), strict=True):
            other.update({name: value for name, value in own.items() if name not in other})

    def check_and_find_uses(self, required: frozenset[str]) -> "dict[str, TemplateUses]":
        """Check all templates and return what each uses. Raises the errors of `check`."""
        self._load_uses()
        keys = {name: self._uses_key(text) for name, (text, _) in self._sources.items()}
        stored = _USES.keys() >= {*keys.values()}
        uses = {name: self._find_uses(name, key) for name, key in keys.items()}
        self.set_uses(uses)
        self.check(required)
        if not stored:
            self._store_uses(keys.values())
        return uses

    def set_uses(self, uses: "Mapping[str, TemplateUses]") -> None:
        """Find the templates that need nothing of the page but `root`: they are imported without its context.

        Jinja makes such a module once, and one that is imported with context for each page that imports it. So there
        is an environment for each `root`, of which a site has as many as its pages have depths.
        """
        self._uses = uses
        assigned = {name for use in uses.values() for name in use.assigned}
        free = {"root", *self.environment.globals} - assigned
        # A name that a template sets on some paths only is not one that it takes from the page.
        plain = {name for name, use in uses.items() if free.issuperset({*use.names} - {*use.assigned})}
        while dependent := {name for name in plain if not plain.issuperset(uses[name].references)}:
            plain -= dependent
        self._plain = plain
        self._environments.clear()

    def find_mentions(self, values: Mapping[str, object]) -> "dict[str, TemplateMentions]":
        """Return what each template mentions, itself and in what it refers to, of the global names in `values`."""
        own = {name: _mentioned(text, values) for name, (text, _) in self._sources.items()}
        found = {}
        for name in self._sources:
            closure, todo = {name}, [name]
            while todo:
                new = set(self._uses[todo.pop()].references) & self._sources.keys() - closure
                closure |= new
                todo += new
            used: dict[str, list[str] | None] = {}
            for other in closure:
                for value, items in own[other].items():
                    known = used.get(value, [])
                    used[value] = None if known is None or items is None else sorted({*known, *items})
            found[name] = TemplateMentions(sorted(closure), dict(sorted(used.items())))
        return found

    def set_keys(
        self, values: Mapping[str, object], mentions: "Mapping[str, TemplateMentions]", common: object = None
    ) -> None:
        """Compute the key of each template from all that it is rendered with: its text, and that of its references.

        `values` are what the global names stand for, in a form that can be digested; a key includes the `mentions` of
        its template, which `find_mentions` found for them. `common` is part of all keys.
        """
        texts = {name: bytes_digest(text.encode()) for name, (text, _) in self._sources.items()}
        for name, (closure, used) in mentions.items():
            parts = [(value, _used_part(values[value], items)) for value, items in used.items()]
            self._keys[name] = digest([texts[other] for other in closure], parts, common)

    def key(self, template: str) -> bytes:
        """Return a digest of all that a template, named without its suffix, renders pages from but their values."""
        return self._keys[f"{template}.html"]

    def add_values(self, values: Mapping[str, object], key: bytes) -> None:
        """Add global names, which become part of the key of each template."""
        self.environment.globals.update(values)
        self._environments.clear()  # modules that were imported without context have the former names
        self._keys = {name: digest(known, key) for name, known in self._keys.items()}

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the text of all templates."""
        return tuple(text for text, _ in self._sources.values())

    def mentions(self, name: str) -> bool:
        """Return whether a template contains this name as a word."""
        return any(re.search(rf"\b{re.escape(name)}\b", text) for text in self.texts)

    def check(self, required: frozenset[str]) -> None:
        """Compile all templates.

        Raises ArchiveError for a syntax error, if one of the `required` templates is missing, or if one of an
        overlay replaces nothing and is named almost like one of the complete theme.
        """
        for missing in sorted(required - {name.removesuffix(".html") for name in self._sources}):
            reason = "the theme needs this template; copy it from Daybook's theme"
            cure = "or delete THEME: a folder theme/ next to the settings replaces single files of Daybook's theme"
            raise ArchiveError(f"{reason}, {cure}", path=self._folder / f"{missing}.html")
        complete = [name.removeprefix(_COMPLETE_THEME) for name in self._sources if name.startswith(_COMPLETE_THEME)]
        for name, source in self._sources.items():
            own = name.removeprefix(_COMPLETE_THEME)
            if own not in complete:
                check_spelling_of_override(name, source[1], complete)
            if name == own or self._sources[own] is not source:  # else one template has two names
                self._template(name)

    def page(self, template: str, path: str, values: Mapping[str, Any], root: str | None = None) -> bytes:
        """Render a page with the URL `path` and a template, which is named without its suffix.

        `root` is the URL of the site's root as the page links to it, by default relative to `path`.

        Raises:
            ArchiveError: if the template cannot be rendered with these values.
        """
        root = relative_root(path) if root is None else root
        return render_template(self._template(f"{template}.html", root), path, values, root)

    def excerpts(self, entries: Sequence[EntryView]) -> tuple[str, ...]:
        """Render entries for lists of other pages; `complete_excerpt` fills in what differs between these."""
        if not entries:
            return ()
        values = {"entries": entries, "level": _LEVEL, "end": _END}
        parts = self.page("excerpts", "excerpts", values, _ROOT).decode().split(_END)
        return tuple(part.strip("\n") for part in parts[:-1])

    def frame(self) -> bytes:
        """Return a page without content; b"" if the theme has no such page."""
        with contextlib.suppress(ArchiveError):
            return self.page("base", "topics/a/2000/01/", {})
        return b""

    def dialog_script(self) -> bytes:
        """Return a script that adds the dialogs of the theme to the page that loads it from ``static/js/``."""
        html = self.page("dialogs", "dialogs", {}, _ROOT).decode()
        root = r'document.currentScript.getAttribute("src").replace(/static\/js\/[^/]*$/,"")'
        value = msgspec.json.encode(html).decode()
        return f'document.body.insertAdjacentHTML("beforeend",{value}.replaceAll("\\0",()=>{root}));\n'.encode()

    def _load_source(self, name: str) -> tuple[str, str, None] | None:
        source = self._sources.get(name)
        if source is None:
            return None
        text = _IMPORT.sub(lambda match: match[1] if match["name"] in self._plain else match[0], source[0])
        return text, str(source[1]), None

    def _uses_key(self, text: str) -> bytes:
        """Return a key of what a template uses. The globals are part of it: they are not among the names used."""
        return digest(code_digest(), sorted(self.environment.globals), text)

    def _find_uses(self, name: str, key: bytes) -> "TemplateUses":
        if key not in _USES:
            text, path = self._sources[name]
            try:
                parsed = self.environment.parse(text, name, str(path))
                names = find_undeclared_variables(parsed)
            except jinja2.TemplateSyntaxError as error:
                raise _syntax_error(error, name) from None
            references = sorted({*find_referenced_templates(parsed)}, key=str)
            assigned = {node.name for node in parsed.find_all(jinja2.nodes.Name) if node.ctx == "store"}
            _USES[key] = references, sorted(names), sorted(assigned)
        found, outer, own = _USES[key]
        named = self._sources if None in found else (other for other in found if other)
        return TemplateUses(sorted(named), outer, own)

    def _load_uses(self) -> None:
        with contextlib.suppress(msgspec.DecodeError):  # of a missing or damaged file
            stored = msgspec.msgpack.decode(
                read_checked(self._folder / "__pycache__" / _USES_FILE), type=dict[bytes, _StoredUses]
            )
            _USES.update(stored)

    def _store_uses(self, keys: Iterable[bytes]) -> None:
        if pycache := _pycache(self._folder):
            data = msgspec.msgpack.encode({key: _USES[key] for key in sorted(keys)})
            write_checked(pycache / _USES_FILE, data)

    def _template(self, name: str, root: str = "") -> jinja2.Template:
        if root not in self._environments:
            environment = self._environments[root] = self.environment.overlay()
            environment.globals = {**self.environment.globals, "root": root}
        try:
            return self._environments[root].get_template(name)
        except jinja2.TemplateSyntaxError as error:
            raise _syntax_error(error, name) from None
        except jinja2.TemplateNotFound:
            reason = f"there is no template {name}; create it, or correct the name where it is used"
            raise ArchiveError(reason, path=self._folder / name) from None


def _syntax_error(error: jinja2.TemplateSyntaxError, name: str) -> ArchiveError:
    reason = f"template syntax error: {error.message}; correct it"
    return ArchiveError(reason, path=error.filename or name, line=error.lineno)


def _mentioned(text: str, values: Mapping[str, object]) -> dict[str, list[str] | None]:
    """Return the global names that a template mentions itself, with the items that it uses of each; None for all."""
    text = _COMMENT.sub("", text)
    words = set(re.findall(r"\w+", text)) & values.keys()
    return {name: _used_items(name, text) if isinstance(values[name], dict) else None for name in words}


def _used_items(name: str, text: str) -> list[str] | None:
    """Return what a text uses of a global dictionary: items ``name.item`` and ``name("item")``; None for all.

    >>> _used_items("site", "format(site=site.zone)")
    ['zone']
    """
    # Neither a part of another name, nor a keyword argument.
    if re.search(rf"""(?<![\w-]){name}(?![\w-])(?!\s*=[^=])(?!\.\w)(?!\(["'])""", text):
        return None
    item = rf"""\b{name}(?:\.(\w+)|\(["']([\w./-]+)["']\))"""
    return sorted({first or second for first, second in re.findall(item, text)})


def _used_part(value: object, items: Sequence[str] | None) -> object:
    """Return these items of a global value; without a choice, the whole value."""
    if not isinstance(value, dict):
        return value
    return sorted(value.items()) if items is None else [(key, value.get(key)) for key in items]


def _extension_targets(environment: jinja2.Environment) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Return the filters, globals and tests of an environment, as EXTENSION_SETTINGS names them."""
    return environment.filters, environment.globals, environment.tests


def render_template(template: Any, path: str, values: Mapping[str, Any], root: str | None = None) -> bytes:
    """Render a template, which may be a plugin's own, as the page with the URL `path`; `root` is as in `page`.

    Raises ArchiveError, with the template and the line, if it cannot be rendered with these values.
    """
    try:
        text: str = template.render({**values, "root": relative_root(path) if root is None else root, "path": path})
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        if isinstance(error, ArchiveError) and error.path:
            raise
        if isinstance(error, (jinja2.TemplateError, ArchiveError)) or frame.filename.endswith(".html"):
            raise error_in_template(error, path, getattr(template, "filename", "") or "") from error
        raise
    environment = getattr(template, "environment", None)  # else `template` has placed the pictures itself
    if environment and root != _ROOT:  # pictures of excerpts are placed on the pages that show them
        sizes = environment.globals.get("picture_sizes", {})
        text = place_pictures(text, relative_root(path) if root is None else root, sizes)
    return text.encode()


def error_in_template(error: Exception, path: str, file: str) -> ArchiveError:
    """Return the error for a page that a template could not be rendered for; `file` is the template's.

    The traceback names the innermost template, such as a component, and its line.
    """
    missing = isinstance(error, jinja2.TemplateNotFound)
    reason = error.reason if isinstance(error, ArchiveError) else str(error)
    reason = f"there is no template {reason}" if missing else reason
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".html")]
    line = (frames[-1].lineno or 0) if frames else 0
    what = f"the page {path or '/'} cannot be rendered: {reason}; correct the template"
    return ArchiveError(what, path=frames[-1].filename if frames else file, line=line)


def check_spelling_of_override(name: str, path: Path, names: Sequence[str]) -> None:
    """Raise an ArchiveError if a file of an overlay replaces none of `names` and is named almost like one of them."""
    for similar in difflib.get_close_matches(name, names, n=1, cutoff=_LIKENESS):
        reason = f"this file replaces nothing in the theme; did you mean {similar}?"
        raise ArchiveError(f"{reason} Otherwise give it a name that is less similar", path=path)


def complete_excerpt(excerpt: str, root: str, level: int) -> Markup:
    """Return an excerpt for a page: links start with `root`, its heading has this level."""
    return Markup(excerpt.replace(_ROOT, root).replace(_LEVEL, str(level)))


class _BytecodeCache(jinja2.FileSystemBytecodeCache):
    """Compiled templates; they depend on this code and on jinja2 as well as on their source.

    Those of the complete theme are found again after its folder was moved or copied: to compile all takes a second.
    """

    def __init__(self, folder: Path, templates: Path) -> None:
        """Store compiled templates in a folder; `templates` is the folder of the complete theme."""
        super().__init__(str(folder))
        self._templates = templates

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read a file once for all environments and builds of this process."""
        key = self.directory, bucket.key, bucket.checksum
        if key in _LOADED:
            bucket.code = _LOADED[key]
            return
        super().load_bytecode(bucket)
        if bucket.code:
            _LOADED[key] = bucket.code

    def get_source_checksum(self, source: str) -> str:
        return super().get_source_checksum(code_digest().hex() + source)

    def get_bucket(self, environment: jinja2.Environment, name: str, filename: str | None, source: str) -> Bucket:
        path = Path(filename or name)
        known = path.relative_to(self._templates) if path.is_relative_to(self._templates) else path
        bucket = super().get_bucket(environment, name, str(known), source)
        if bucket.code:  # errors name the file of this folder
            bucket.code = bucket.code.replace(co_filename=str(path))
        return bucket


def _bytecode_cache(folder: Path) -> jinja2.FileSystemBytecodeCache | None:
    """Return a cache in the folder of the templates, like Python's for modules: the build cache contains no code."""
    pycache = _pycache(folder)
    return _BytecodeCache(pycache, folder) if pycache else None


def _pycache(folder: Path) -> Path | None:
    """Return the folder for what is computed from the templates of a folder; None if nothing may be stored."""
    if sys.dont_write_bytecode or not os.access(folder, os.W_OK):
        return None
    pycache = folder / "__pycache__"
    pycache.mkdir(exist_ok=True)
    return pycache


class Assets(Struct, frozen=True):
    """Static files: bytes by path (``static/js/shortcuts.1a2b3c4d.js``), paths by name (``js/shortcuts.js``)."""

    files: dict[str, bytes]
    names: dict[str, str]

    def add(self, name: str, data: bytes) -> None:
        """Add a static file; the name of the file gets a hash of its content."""
        path = Path(name)
        site_path = f"static/{path.with_name(f'{path.stem}.{hashlib.sha256(data).hexdigest()[:8]}{path.suffix}')}"
        self.names["css" if path == Path("site.css") else path.as_posix()] = site_path
        self.files[site_path] = data

    def static(self, name: str) -> str:
        """Return the path of a static file from the site's root: ``css``, ``search.css``, ``js/shortcuts.js``.

        Raises ArchiveError if the theme has no such file.
        """
        if name not in self.names:
            raise ArchiveError(f"the theme has no static file {name!r}; known: {', '.join(sorted(self.names))}")
        return self.names[name]


def load_assets(folders: Sequence[Path], cache: BuildCache | None = None) -> Assets:
    """Read the folders `static` of theme folders, without hidden files; of equal names the first is used.

    All style sheets become ``site.css``, those that only an overlay has after those of the complete theme, and those
    that the search page needs ``search.css``. The scripts of each subfolder of ``js`` become one script, joined in
    `SCRIPT_ORDER`. That of the search page has the script of all pages, too, and that of the results has lunr.js, so
    that a first search needs fewer requests. `cache` holds the minified scripts of earlier builds.

    Raises the errors of `lunr_script`.
    """
    paths: dict[Path, Path] = {}  # by name; a file that replaces another keeps its place in the order
    for folder in reversed(folders):
        static = folder / "static"
        visible = (path for path in static.rglob("*") if path.is_file() and not path.name.startswith("."))
        for path in sorted(visible, key=_load_order):
            name = path.relative_to(static)
            if folder != folders[-1] and name not in paths:
                check_spelling_of_override(name.as_posix(), path, [known.as_posix() for known in paths])
            paths[name] = path
    parts: dict[Path, list[bytes]] = {}
    for name, path in paths.items():
        is_script = path.suffix == ".js"
        if path.suffix == ".css":
            bundles = [Path("site.css")] if name in _NOT_ON_SEARCH else [Path("site.css"), Path("search.css")]
        elif is_script and len(name.parts) > 2:
            bundle = Path(f"{name.parent}.js")
            bundles = [bundle, _SEARCH_SCRIPT] if bundle == _PAGE_SCRIPT else [bundle]
        else:
            bundles = [name]
        data = minify_js(read_text_file(path), cache).encode() if is_script else path.read_bytes()
        if path.suffix == ".css":
            data = _shorten_css(data)
        for bundle in bundles:
            parts.setdefault(bundle, []).append(data)
    if _RESULTS_SCRIPT in parts:
        parts[_RESULTS_SCRIPT].insert(0, lunr_script(cache))
    assets = Assets(files={}, names={})
    # The style sheets are last: they name fonts by their names with a hash.
    for name, contents in sorted(parts.items(), key=lambda part: part[0].suffix == ".css"):
        data = b"\n".join(contents)
        if name.suffix == ".css":
            data = _with_hashed_fonts(data, assets.names)
        assets.add(name.as_posix(), data)
    return assets


def _shorten_css(css: bytes) -> bytes:
    """Remove comments, but not those that begin with ``/*!``, and white space at the ends of lines."""
    plain = _CSS_COMMENT.sub(lambda match: match["string"] or b"", css)
    return b"\n".join([line for line in map(bytes.strip, plain.split(b"\n")) if line])


def _with_hashed_fonts(css: bytes, names: Mapping[str, str]) -> bytes:
    """Replace ``url("fonts/…")`` in the style sheet by the names that the files get, relative to it."""

    def hashed(match: re.Match[bytes]) -> bytes:
        name = names.get(match[1].decode())
        return b'url("%s")' % name.removeprefix("static/").encode() if name else match[0]

    return re.sub(rb'url\("(fonts/[^"]+)"\)', hashed, css)


def check_overlays(folders: Sequence[Path]) -> None:
    """Raise an ArchiveError for a file or folder of an overlay that is no part of a theme."""
    for folder in folders[:-1]:
        for path in sorted(folder.iterdir()):
            known = _OVERLAY_FOLDERS if path.is_dir() else _OVERLAY_FILES
            if not (path.name.startswith((".", "__pycache__")) or {path.name, path.stem} & known):
                reason = "no part of a theme; a theme has the folders templates/, static/ and strings/"
                raise ArchiveError(f"{reason}: move this there or elsewhere", path=path)


def logo_name(assets: Assets, folders: Sequence[Path]) -> str:
    """Return the name of the static file that is the logo, ``logo.svg`` or another image, "" without one."""
    logos = [name for ending in LOGO_TYPES if (name := f"logo{ending}") in assets.names]
    if len(logos) > 1:
        paths = [folder / "static" / logos[1] for folder in folders if (folder / "static" / logos[1]).exists()]
        raise ArchiveError(f"there is another logo, {logos[0]}; delete one of them", path=paths[0])
    return next(iter(logos), "")


def _load_order(path: Path) -> Path:
    """Return a sort key that puts the scripts of `SCRIPT_ORDER` before the others of their folder."""
    order = SCRIPT_ORDER.get(path.parent.name, ())
    return path.with_name(f"{order.index(path.name):02}") if path.name in order else path


def lunr_script(cache: BuildCache | None = None) -> bytes:
    """Return lunr.js, shortened and minified, with its licence.

    Raises the errors of `lunr_source` and `check_lunr_script`.
    """
    return check_lunr_script(lunr_source(), cache)


def lunr_source() -> Path:
    """Return the path of the installed lunr.js, which the package properdocs contains.

    Raises ArchiveError if that package is not installed.
    """
    spec = find_spec(_LUNR_PACKAGE)
    if spec is None or spec.origin is None:
        raise ArchiveError(f"lunr.js {LUNR_VERSION} is not installed: {_LUNR_FIX}", path=_LOCK)
    return Path(spec.origin).parent / _LUNR_PATH


def check_lunr_script(source: Path, cache: BuildCache | None = None) -> bytes:
    """Read lunr.js and minify the parts that the search uses.

    Raises ArchiveError if the file cannot be read, or is not lunr.js in the known version.
    """
    try:
        content = source.read_bytes()
    except OSError as error:
        reason = f"lunr.js {LUNR_VERSION} cannot be read ({error.strerror}): {_LUNR_FIX}"
        raise ArchiveError(reason, path=source) from error
    if hashlib.sha256(content).hexdigest() != LUNR_SHA256:
        raise ArchiveError(f"this file is not the published lunr.js {LUNR_VERSION}: {_LUNR_FIX}", path=source)
    script = content.decode()
    for unused, following in _LUNR_UNUSED:
        start = script.index(unused)
        script = script[:start] + script[script.index(following, start) :]
    return f"/*! {_LUNR_NOTICE}\n\n{_licence_text()} */\n{minify_js(script, cache)}".encode()


def _licence_text() -> str:
    """Return the text of the MIT licence, which lunr.js only names, from lunr.py, which has the same licence."""
    try:
        licence = next(file for file in files("lunr") or () if file.name == "LICENSE")
        return licence.read_text(encoding="utf-8").partition("\n\n")[2].strip()
    except (PackageNotFoundError, StopIteration, OSError) as error:
        raise ArchiveError(f"lunr's licence is not installed: install {_LOCK} again", path=_LOCK) from error


def minify_js(script: str, cache: BuildCache | None = None) -> str:
    """Minify a script with rjsmin, which the package webassets contains; comments that begin with ``/*!`` stay."""
    key = digest(code_digest(), "script", script)
    return (cache or BuildCache(None)).get_or_make(key, str, lambda: _minified(script))


@functools.cache
def _minified(script: str) -> str:
    from webassets.filter.rjsmin.rjsmin import jsmin  # noqa: PLC0415 - 0.07 s, only if a script has changed

    return str(jsmin(script, keep_bang_comments=True))
