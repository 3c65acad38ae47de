"""Look at a built site as a browser would: links, anchors, and what a page must have.

Independent of how pages are made: it knows only the files in the output folder.
"""

from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from msgspec import Struct

from ..errors import ArchiveError
from .addresses import file_of, path_of

# Stands for the site's root while links are resolved; a folder, so that one too many ../ shows.
_ROOT = "http://site.invalid/root/"
_LOADED = {"script": "src", "img": "src", "source": "src", "iframe": "src", "object": "data"}
_LOADED_LINKS = {"stylesheet", "icon", "manifest", "preload", "modulepreload"}


class Link(Struct, frozen=True):
    """A reference as a page holds it; `loaded` is True for what a browser fetches by itself."""

    target: str
    line: int
    loaded: bool


class PageFacts(Struct, frozen=True):
    """What one page says: its anchors and links, and what is wrong with it by itself."""

    anchors: frozenset[str]
    links: tuple[Link, ...]
    faults: tuple[tuple[int, str], ...]


def check_site(output: Path, siteurl: str = "") -> Iterator[ArchiveError]:
    """Yield every fault of a built site, page by page; links that begin with `siteurl` are its own."""
    files = {path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file()}
    pages = {name: read_page((output / name).read_text("utf-8")) for name in sorted(files) if _is_page(name)}
    if "index.html" not in pages:
        yield ArchiveError("there is no index.html; build the site first", path=output)
    anchors = {name: facts.anchors for name, facts in pages.items()}
    for name, facts in pages.items():
        faults = [*facts.faults]
        for link in facts.links:
            own = urljoin(_ROOT + path_of(name), _own(link.target, siteurl))
            if reason := _fault(own, link, (files, anchors)):
                faults.append((link.line, f"{link.target}: {reason}"))
        for line, reason in faults:
            yield ArchiveError(reason, path=output / name, line=line)


def missing_addresses(output: Path, published: Iterable[str]) -> list[str]:
    """List the published addresses, such as ``/2023/06/02/#t1329``, that no page of a built site answers, sorted."""
    pages: dict[str, frozenset[str] | None] = {}
    missing = []
    for address in sorted(published):
        path, _, anchor = address.removeprefix("/").partition("#")
        name = file_of(path)
        if name not in pages:
            file = output / name
            pages[name] = read_page(file.read_text("utf-8")).anchors if file.is_file() else None
        anchors = pages[name]
        if anchors is None or (anchor and anchor not in anchors):
            missing.append(address)
    return missing


def read_page(html: str) -> PageFacts:
    """Read a page's anchors, links and own faults."""
    reader = _PageReader()
    reader.feed(html)
    reader.close()
    policy = "Content-Security-Policy"
    if reader.metas[:2] != ["charset", policy]:
        reader.faults.append((1, f"the head must begin with the metas charset and {policy}"))
    if reader.headings != 1:
        reader.faults.append((1, f"a page has one h1, this has {reader.headings}"))
    return PageFacts(frozenset(reader.anchors), tuple(reader.links), tuple(reader.faults))


class _PageReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[Link] = []
        self.faults: list[tuple[int, str]] = []
        self.metas: list[str] = []
        self.headings = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        values = {name: value or "" for name, value in attrs}
        self.headings += tag == "h1"
        if name := values.get("id"):
            if name in self.anchors:
                self.faults.append((line, f"the id {name!r} stands here a second time"))
            self.anchors.add(name)
        data = values.get("type") == "application/ld+json"  # no policy blocks what does not run
        if tag == "style" or (tag == "script" and "src" not in values and not data):
            self.faults.append((line, f"an inline {tag} is blocked by the page's own policy"))
        self.faults += [
            (line, f"the attribute {name} is blocked by the page's own policy")
            for name in values
            if name == "style" or name.startswith("on")
        ]
        if tag == "meta":
            self._read_meta(values, line)
        self.links += [Link(target, line, loaded) for target, loaded in _references(tag, values)]

    def _read_meta(self, values: dict[str, str], line: int) -> None:
        kind = "charset" if "charset" in values else values.get("http-equiv", values.get("name", ""))
        self.metas.append(kind)
        if kind.lower() == "refresh":
            self.links.append(Link(values.get("content", "").partition("url=")[2], line, False))


def _references(tag: str, values: dict[str, str]) -> Iterator[tuple[str, bool]]:
    if tag == "link" and values.get("rel") != "canonical":
        yield values.get("href", ""), values.get("rel", "") in _LOADED_LINKS
    elif tag in ("a", "area") and "href" in values:
        yield values["href"], False
    elif tag == "form":
        yield values.get("action", ""), False
    elif tag in _LOADED and _LOADED[tag] in values:
        yield values[_LOADED[tag]], True


def _own(target: str, siteurl: str) -> str:
    under = bool(siteurl) and target.startswith(f"{siteurl}/")
    return _ROOT + target.removeprefix(f"{siteurl}/") if under else target


def _fault(target: str, link: Link, site: tuple[set[str], dict[str, frozenset[str]]]) -> str:
    """Say what is wrong with a resolved link, "" if nothing is."""
    files, anchors = site
    address, fragment = urldefrag(target)
    if urlsplit(address).netloc != urlsplit(_ROOT).netloc:
        return "loads from elsewhere" if link.loaded and not address.startswith("data:") else ""
    if not address.startswith(_ROOT):
        return "leads out of the site, so it breaks under a sub-path"
    file = file_of(unquote(address.removeprefix(_ROOT).partition("?")[0]))
    if file not in files:
        return "leads to no file of the site"
    missing = fragment and _is_page(file) and unquote(fragment) not in anchors[file]
    return f"{file} has no such anchor" if missing else ""


def _is_page(name: str) -> bool:
    return name.endswith(".html")
