"""Look at a built site as a browser would: links, anchors, and what a page must have.

Independent of how pages are made: it knows only the files in the output folder.
"""

from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from msgspec import Struct

from daybook.archive.content import ADDRESS_LIST, missing_addresses
from daybook.core.errors import ArchiveError
from daybook.site.views.urls import file_to_url, url_to_file


def missing_address_errors(content: Path, published: frozenset[str], present: frozenset[str]) -> Iterator[ArchiveError]:
    """Say of each lost address what brings it back."""
    trace = "make withdraw or make move for an entry, former: in the file of a renamed topic"
    for address in missing_addresses(published, present):
        reason = f"{address} was published and is gone; bring it back, or leave a trace: {trace}"
        yield ArchiveError(reason, path=content / ADDRESS_LIST)


# Stands for the site's root while links are resolved; a folder, so that one too many ../ shows.
_ROOT = "http://site.invalid/root/"


_LOADED = {"script": "src", "img": "src", "source": "src", "iframe": "src", "object": "data"}


_LOADED_LINKS = {"stylesheet", "icon", "manifest", "preload", "modulepreload"}


class Link(Struct, frozen=True):
    """A reference as a page holds it; `loaded` is True for what a browser fetches by itself."""

    target: str
    line: int
    loaded: bool


class PageLinks(Struct, frozen=True):
    """What one page says: its anchors and links, and what is wrong with it by itself."""

    anchors: frozenset[str]
    links: tuple[Link, ...]
    faults: tuple[tuple[int, str], ...]


def check_site(output: Path, siteurl: str = "") -> Iterator[ArchiveError]:
    """Yield every fault of a built site, page by page; links that begin with `siteurl` are its own."""
    files = {path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file()}
    pages = {name: read_page_links((output / name).read_text("utf-8")) for name in sorted(files) if _is_page(name)}
    if "index.html" not in pages:
        yield ArchiveError("there is no index.html; build the site first", path=output)
    anchors = {name: facts.anchors for name, facts in pages.items()}
    for name, facts in pages.items():
        faults = [*facts.faults]
        for link in facts.links:
            own = urljoin(_ROOT + file_to_url(name), _own(link.target, siteurl))
            if reason := _fault(own, link, (files, anchors)):
                faults.append((link.line, f"{link.target}: {reason}"))
        for line, reason in faults:
            yield ArchiveError(reason, path=output / name, line=line)


def addresses_missing_from(output: Path, published: Iterable[str]) -> list[str]:
    """List the published addresses, such as ``/2023/06/02/#t1329``, that no page of a built site answers, sorted."""
    pages: dict[str, frozenset[str] | None] = {}
    missing = []
    for address in sorted(published):
        path, _, anchor = address.removeprefix("/").partition("#")
        name = url_to_file(path)
        if name not in pages:
            file = output / name
            pages[name] = read_page_links(file.read_text("utf-8")).anchors if file.is_file() else None
        anchors = pages[name]
        if anchors is None or (anchor and anchor not in anchors):
            missing.append(address)
    return missing


def read_page_links(html: str) -> PageLinks:
    """Read a page's anchors, links and own faults."""
    reader = _PageReader()
    reader.feed(html)
    reader.close()
    policy = "Content-Security-Policy"
    if reader.metas[:2] != ["charset", policy]:
        reader.faults.append((1, f"the head must begin with the metas charset and {policy}"))
    if reader.headings != 1:
        reader.faults.append((1, f"a page has one h1, this has {reader.headings}"))
    return PageLinks(frozenset(reader.anchors), tuple(reader.links), tuple(reader.faults))


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
    file = url_to_file(unquote(address.removeprefix(_ROOT).partition("?")[0]))
    if file not in files:
        return "leads to no file of the site"
    missing = fragment and _is_page(file) and unquote(fragment) not in anchors[file]
    return f"{file} has no such anchor" if missing else ""


def _is_page(name: str) -> bool:
    return name.endswith(".html")


MEGABYTE = 1_000_000


MAX_SITE = 900 * MEGABYTE


MAX_FILE = 50 * MEGABYTE


def size_errors(output: Path, *, site: int = MAX_SITE, file: int = MAX_FILE) -> Iterator[ArchiveError]:
    """Name what is too large in a built site; limits in bytes."""
    total = 0
    for path in sorted(output.rglob("*")):
        size = path.stat().st_size if path.is_file() else 0
        total += size
        if size > file:
            reason = f"{_megabytes(size)} in one file, over the budget of {_megabytes(file)}"
            yield ArchiveError(f"{reason}; give the archive's next years a site of their own", path=path)
    if total > site:
        reason = f"the site has {_megabytes(total)}, over the budget of {_megabytes(site)}"
        yield ArchiveError(f"{reason}; give the archive's next years a site of their own", path=output)


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f} MB"
