"""Check a built site: links and markup of its pages, lost addresses, size limits.

Only the files of the output folder are read, so the checks do not depend on the code that wrote the pages.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from msgspec import Struct

from daybook.archive.content import ADDRESS_LIST, missing_addresses
from daybook.core.errors import ArchiveError
from daybook.site.views.urls import file_to_url, url_to_file

_MEGABYTE = 1_000_000  # bytes
# GitHub Pages allows 1 GB a site, and a push with a file of more than 50 MB prints a warning.
MAX_SITE_SIZE = 900 * _MEGABYTE
MAX_FILE_SIZE = 50 * _MEGABYTE

# The site's root while links are resolved. Not the root of a host, so that one `../` too many is noticed.
_ROOT = "http://site.invalid/root/"

# What a browser loads without a click: attributes by element, and values of `rel` in <link>.
_LOADED_ATTRIBUTES = {"script": "src", "img": "src", "source": "src", "iframe": "src", "object": "data"}
_LOADED_RELATIONS = {"stylesheet", "icon", "manifest", "preload", "modulepreload"}
_POLICY = "Content-Security-Policy"


class Link(Struct, frozen=True):
    """A link as written in a page; `is_loaded` is True if browsers load it without a click."""

    target: str
    line: int
    is_loaded: bool


class PageLinks(HTMLParser):
    """The anchors and links of a page, and the errors in its markup with their lines.

    A page that Daybook did not write, such as a plain file or one of a plugin, does not name it as its generator.
    `is_daybook` is False then, and any markup is right.
    """

    def __init__(self, html: str) -> None:
        """Read and check the page."""
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[Link] = []
        self.errors: list[tuple[int, str]] = []
        self._metas: list[str] = []
        self.is_daybook = False
        self._headings = 0
        self.feed(html)
        self.close()
        if not self.is_daybook:
            self.errors.clear()
        elif self._metas[:2] != ["charset", _POLICY]:
            self.errors.append((1, f"the first two meta elements must be charset and {_POLICY}"))
        if self.is_daybook and self._headings != 1:
            self.errors.append((1, f"a page must have one h1, this one has {self._headings}"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Store the anchor and the links of an element, and its errors."""
        line = self.getpos()[0]
        attributes = {name: value or "" for name, value in attrs}
        self._headings += tag == "h1"
        if anchor := attributes.get("id"):
            if anchor in self.anchors:
                self.errors.append((line, f"the id {anchor!r} is used twice; rename one"))
            self.anchors.add(anchor)
        is_data = attributes.get("type") == "application/ld+json"  # not executed, so no policy blocks it
        if tag == "style" or (tag == "script" and "src" not in attributes and not is_data):
            self.errors.append((line, f"an inline {tag} is blocked by the page's {_POLICY}; move it to a file"))
        for name in attributes:
            if name == "style" or name.startswith("on"):
                self.errors.append((line, f"the attribute {name} is blocked by the page's {_POLICY}; use a file"))
        if tag == "meta":
            name = "charset" if "charset" in attributes else attributes.get("http-equiv", attributes.get("name", ""))
            self._metas.append(name)
            self.is_daybook |= name == "generator" and attributes.get("content") == "Daybook"
            if name.lower() == "refresh":
                self.links.append(Link(attributes.get("content", "").partition("url=")[2], line, False))
        self.links += [Link(target, line, is_loaded) for target, is_loaded in _find_targets(tag, attributes)]


def _find_targets(tag: str, attributes: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """Yield the targets of an element's links, each with whether browsers load it without a click."""
    if tag == "link" and attributes.get("rel") != "canonical":
        yield attributes.get("href", ""), attributes.get("rel", "") in _LOADED_RELATIONS
    elif tag in ("a", "area") and "href" in attributes:
        yield attributes["href"], False
    elif tag == "form":
        yield attributes.get("action", ""), False
    elif tag in _LOADED_ATTRIBUTES and _LOADED_ATTRIBUTES[tag] in attributes:
        yield attributes[_LOADED_ATTRIBUTES[tag]], True


def check_site(output: Path, siteurl: str = "") -> Iterator[ArchiveError]:
    """Yield all errors in the pages of a built site; links that start with `siteurl` are internal."""
    files = {path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file()}
    names = sorted(name for name in files if name.endswith(".html"))
    pages = {name: PageLinks((output / name).read_text("utf-8", errors="replace")) for name in names}
    if "index.html" not in pages:
        yield ArchiveError("there is no index.html; build the site first", path=output)
    for name, page in pages.items():
        errors = [*page.errors]
        for link in page.links:
            is_absolute = siteurl and link.target.startswith(f"{siteurl}/")
            target = _ROOT + link.target.removeprefix(f"{siteurl}/") if is_absolute else link.target
            is_blocked = link.is_loaded and page.is_daybook  # another page has no policy against other hosts
            checked = Link(link.target, link.line, is_blocked)
            if reason := _link_error(urljoin(_ROOT + file_to_url(name), target), checked, files, pages):
                errors.append((link.line, reason))
        for line, reason in errors:
            yield ArchiveError(reason, path=output / name, line=line)


def _link_error(url: str, link: Link, files: AbstractSet[str], pages: Mapping[str, PageLinks]) -> str:
    """Return what is wrong with a link that was resolved to `url`, or ""."""
    page_url, fragment = urldefrag(url)
    if urlsplit(page_url).netloc != urlsplit(_ROOT).netloc:
        reason = f"{link.target} is loaded from another host, which the page's {_POLICY} blocks; use a local copy"
        return reason if link.is_loaded and not page_url.startswith("data:") else ""
    broken = f"broken link {link.target}"
    if not page_url.startswith(_ROOT):
        return f"{broken}: it leads outside a site that is published below a path; write a relative link"
    file = url_to_file(unquote(page_url.removeprefix(_ROOT).partition("?")[0]))
    if file not in files:
        return f"{broken}: the site has no such file; correct the link"
    is_missing = fragment and file in pages and unquote(fragment) not in pages[file].anchors
    return f"{broken}: {file} has no such anchor; correct the link" if is_missing else ""


def addresses_missing_from(output: Path, published: Iterable[str]) -> list[str]:
    """Return, sorted, the published addresses (``/2023/06/02/#t1329``) that a built site does not have."""
    anchors_by_file: dict[str, set[str] | None] = {}  # None: there is no such file
    missing = []
    for address in sorted(published):
        path, _, anchor = address.removeprefix("/").partition("#")
        name = url_to_file(path)
        if name not in anchors_by_file:
            file = output / name
            anchors_by_file[name] = (
                PageLinks(file.read_text("utf-8", errors="replace")).anchors if file.is_file() else None
            )
        anchors = anchors_by_file[name]
        if anchors is None or (anchor and anchor not in anchors):
            missing.append(address)
    return missing


def missing_address_errors(content: Path, published: frozenset[str], present: frozenset[str]) -> Iterator[ArchiveError]:
    """Yield an error for each published address that is not present, with what to do about it."""
    fix = "for an entry, use make withdraw or make move; for a renamed topic, add the old slug to `former:`"
    for address in missing_addresses(published, present):
        reason = f"published address {address} no longer exists; restore it, or, {fix}"
        yield ArchiveError(reason, path=content / ADDRESS_LIST)


def _file_sizes(folder: Path) -> dict[str, int]:
    """Return the size of each file below a folder; a Path for each of 45,000 files would take a second."""
    sizes = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):  # a symbolic link that leads nowhere
                sizes[f"{parent}/{name}"] = os.stat(f"{parent}/{name}").st_size  # noqa: PTH116
    return sizes


def size_errors(output: Path, *, site: int = MAX_SITE_SIZE, file: int = MAX_FILE_SIZE) -> Iterator[ArchiveError]:
    """Yield an error for each file larger than `file` bytes, and one if the site is larger than `site` bytes."""
    sizes = _file_sizes(output)
    large = sorted((Path(name), size) for name, size in sizes.items() if size > file)
    found = [(path, "this file", size, file, "split its input or shorten it") for path, size in large]
    found.append(
        (
            output,
            "the site",
            sum(sizes.values()),
            site,
            "set ENTRY_PAGES to 'key' or 'none' or CARDS to False, or move some years to a separate site",
        )
    )
    for path, noun, size, limit, cure in found:
        if size > limit:
            reason = f"{noun} has {size / _MEGABYTE:.1f} MB, more than the limit of {limit / _MEGABYTE:.1f} MB"
            yield ArchiveError(f"{reason}; {cure}", path=path)
