"""All text of a site's files that a reader can see or hear, with the place of each."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import Comment, Doctype, NavigableString

# Elements whose text is code, or the same in every language.
_CODE = {"code", "script", "style"}
_ATTRIBUTES = {"abbr", "alt", "aria-description", "aria-label", "aria-roledescription", "label", "placeholder", "title"}
_PLACES = ("day", "dates", "months", "entries", "kinds", "count")  # texts of the interface in search/places.js
# Attributes `data-…` that scripts read and do not show; texts of the interface are in the others.
_TECHNICAL_DATA = {
    *("data-root", "data-manifest", "data-vocabulary", "data-facets", "data-results", "data-form"),
    *("data-suggest", "data-day-of", "data-tier", "data-dialogs"),
    *("data-first-day", "data-first", "data-days", "data-date", "data-kind", "data-retry", "data-more"),
}
_TECHNICAL_META = {
    *("viewport", "generator", "robots", "color-scheme", "og:type", "og:url", "article:published_time"),
    *("citation_language", "citation_publication_date", "citation_public_url", "article:published_time"),
    *("dcterms.date", "dcterms.language", "dcterms.source", "twitter:card"),
    *("og:image", "og:image:type", "og:image:width", "og:image:height"),
}
_NAMES_IN_JSON_LD = {"name", "headline", "description", "alternativeHeadline", "articleBody", "text"}
_SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
_ATOM = "{http://www.w3.org/2005/Atom}"

Text = tuple[str, str]  # a place, such as "index.html <title>", and the text


def visible_texts(site: Path) -> list[Text]:
    """Return the texts of pages, feeds and the description of the search."""
    texts: list[Text] = []
    for path in sorted(path for path in site.rglob("*") if path.is_file()):
        name, parts = path.relative_to(site).as_posix(), []
        if path.suffix == ".html":
            parts = list(_page_texts(path.read_text()))
        elif path.name.startswith("dialogs."):
            html, _ = json.JSONDecoder().raw_decode(path.read_text().partition('"beforeend",')[2])
            parts = list(_page_texts(html))
        elif name.endswith(".atom.xml") or path.name == "atom.xml":
            parts = [(element.tag, element.text or "") for element in _atom_elements(path)]
        elif (name.startswith("feeds/") and path.suffix == ".json") or path.name == "feed.json":
            parts = [("title", json.loads(path.read_text())["title"])]
        elif name == "search/places.js":
            value = json.loads(path.read_text().partition(".places=")[2].rstrip(";\n"))
            parts = [(key, text) for key in _PLACES for text in _strings(json.dumps({"": value[key]}))]
        elif path.name == "opensearch.xml":
            named = ("ShortName", "LongName", "Description")
            parts = [(name, element.text or "") for name in named for element in ET.parse(path).iter(_SEARCH + name)]
        texts += [(f"{name} {place}", text) for place, text in parts if text.strip()]
    return texts


def _atom_elements(path: Path) -> Iterator[ET.Element]:
    root = ET.parse(path).getroot()
    yield from (element for tag in ("title", "subtitle", "rights") for element in root.iter(_ATOM + tag))
    if path.name == "changes.atom.xml":
        yield from root.iter(f"{_ATOM}content")


def _page_texts(html: str) -> Iterator[Text]:
    page = BeautifulSoup(html, "html.parser")
    for node in page.find_all(string=True):
        if type(node) is NavigableString and node.parent and not _is_code(node):
            yield f"<{node.parent.name}>", str(node)
        elif (
            not isinstance(node, (Comment, Doctype))
            and node.parent
            and node.parent.get("type") == "application/ld+json"
        ):
            yield from (("JSON-LD", text) for text in _names(json.loads(node)))
    for element in page.find_all(True):
        for name, value in element.attrs.items():
            if name in _ATTRIBUTES:
                yield f"<{element.name} {name}>", value
            elif name.startswith("data-") and name not in _TECHNICAL_DATA:
                yield from ((f"<{element.name} {name}>", text) for text in _strings(value))
        meta = element.get("name") or element.get("property")
        if element.name == "meta" and meta and meta not in _TECHNICAL_META:
            yield f"<meta {meta}>", element["content"]


def _is_code(node: NavigableString) -> bool:
    """Tell whether a text is code, or a citation in a style or format that is English everywhere."""
    return any(parent.name in _CODE or parent.get("data-form", "text") != "text" for parent in node.parents)


def _strings(value: str) -> Iterator[str]:
    """Yield the strings of an attribute, which may be JSON; the language of `Intl` is no text."""
    if not value.startswith(("{", "[")) or value.startswith("{d}"):
        yield value
        return

    def walk(part: Any) -> Iterator[str]:
        if isinstance(part, str):
            yield part
        else:
            pairs = part.items() if isinstance(part, dict) else enumerate(part)
            yield from (text for key, item in pairs if key != "language" for text in walk(item))

    yield from walk(json.loads(value))


def _names(data: Any) -> Iterator[str]:
    if isinstance(data, list):
        yield from (name for item in data for name in _names(item))
    elif isinstance(data, dict):
        yield from (value for key, value in data.items() if key in _NAMES_IN_JSON_LD and isinstance(value, str))
        yield from (name for value in data.values() for name in _names(value))


_ALLOWED = re.compile(
    r"\{\w+\}"  # placeholders of texts for scripts
    r"|\d{4}-\d\d-\d\dT[\d:]+Z|\d{4}-\d\d-\d\d#t\d{4}|\bUTC\b"  # times, an entry that another was moved to, a zone
    r"|\b(?:JSON Lines|CSV|APA|BibTeX|Chicago|MLA|RIS|CSL-JSON|Wikipedia)\b"  # formats and a name
    r"|^[gjkt]$"  # keys
    r"|https?://\S+"
)


def ascii_words(text: str) -> list[str]:
    """Return the words with an ASCII letter, without names of formats, zones, addresses and keys."""
    return re.findall(r"[^\W\d_]*[A-Za-z][\w-]*", _ALLOWED.sub(" ", text.strip()))
