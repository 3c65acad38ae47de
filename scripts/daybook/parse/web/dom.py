"""HTML text → tree: the only place that runs the HTML parser, and knows what nobody sees."""

import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from urllib.parse import urljoin

import msgspec
from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, Tag, XMLParsedAsHTMLWarning
from bs4.element import NavigableString, PageElement
from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.parse.base.decode import clean_characters

MAX_DEPTH = 256


MAX_TAGS = 400_000  # of one page, end tags too; each takes a kilobyte or two, and 5,000 posts have fewer


UNSEEN_NAMES = (
    "script style template noscript iframe object embed svg math head title meta link select option "
    "datalist textarea audio video canvas map"
)


HIDDEN_TAGS = frozenset(UNSEEN_NAMES.split())


HEADINGS_NAMES = "h1 h2 h3 h4 h5 h6"


HEADINGS = frozenset(HEADINGS_NAMES.split())


BREAK = "\0"  # stands for a <br>: no parser lets this character through


_META = frozenset({"title", "meta", "link", "base", "style", "script", "noscript", "template"})


_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


LINKS = frozenset({"a"})


_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


_SPACES = re.compile(r"[ \t\r\n\f]+")


_AROUND_BREAK = re.compile(r" ?\n[ \n]*")


def read_tree(text: str) -> BeautifulSoup:
    """Parse a page; raises ArchiveError for one of over `MAX_TAGS`, or nested deeper than `MAX_DEPTH`."""
    if text.count("<") > MAX_TAGS:
        raise ArchiveError(f"the HTML holds over {MAX_TAGS:,} tags: split it")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        tree = BeautifulSoup(text, "lxml", multi_valued_attributes=None)
    _free_head(tree)
    depth = 0
    level = [tag for tag in tree.children if isinstance(tag, Tag)]
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise ArchiveError(f"the HTML is nested deeper than {MAX_DEPTH} tags: this is no page to read")
        level = [tag for parent in level for tag in parent.children if isinstance(tag, Tag)]
    return tree


def _free_head(tree: BeautifulSoup) -> None:
    """Move what readers see out of the head: a page need not write ``<body>``, and lxml knows no ``<main>``."""
    head = tree.head
    inside = head.contents if head else []
    start = next((place for place, node in enumerate(inside) if _is_content(node)), None)
    if head is None or start is None:
        return
    body = tree.body
    if body is None:
        body = tree.new_tag("body")
        head.insert_after(body)
    for place, node in enumerate(inside[start:]):
        body.insert(place, node.extract())


def _is_content(node: PageElement) -> bool:
    return node.name not in _META if isinstance(node, Tag) else type(node) is NavigableString and bool(node.strip())


def resolve_links(tree: BeautifulSoup, url: str) -> None:
    """Complete the relative links of a tree, just parsed, with the address of its page; none if it is not known."""
    if not url:
        return
    stated = (tree.head or tree).find("base", href=True)
    for link in iter_tags(tree, LINKS):
        address = attribute_text(link, "href")
        if "href" in link.attrs and not _SCHEME.match(address):
            with suppress(ValueError):  # what is no address stays as it is, and is shown as text
                link["href"] = urljoin(urljoin(url, attribute_text(stated, "href") if stated else ""), address)


def attribute_text(tag: Tag, name: str) -> str:
    """Give an attribute as text, the parts of a list joined by spaces; "" without it."""
    value = tag.get(name)
    return clean_characters(" ".join(value) if isinstance(value, list) else str(value or "")).strip()


def contains_tag(tag: Tag, names: frozenset[str]) -> bool:
    """Say whether an element of one of these names stands inside; much faster than a search by name."""
    return any(node.name in names or contains_tag(node, names) for node in tag.contents if isinstance(node, Tag))


def elements_containing(tag: Tag, names: frozenset[str]) -> frozenset[int]:
    """Give the ids of all elements that `holds` is true of, in one pass: for who asks it of many of a page."""
    found: set[int] = set()
    for inner in iter_tags(tag, names):
        for parent in inner.parents:
            if id(parent) in found:
                break
            found.add(id(parent))
    return frozenset(found)


def is_inside(tag: Tag, names: frozenset[str]) -> bool:
    """Say whether an element of one of these names stands around."""
    return any(parent.name in names for parent in tag.parents)


def lowest_common_ancestor(tags: Sequence[Tag]) -> Tag:
    """Give the smallest element that all of some elements of one tree stand in."""
    around = list(tags[0].parents)
    for tag in tags[1:]:
        above = {id(parent) for parent in tag.parents}
        around = [parent for parent in around if id(parent) in above]
    return around[0]


def is_hidden(tag: Tag) -> bool:
    """Say whether a browser shows nothing of an element, by its name or its own attributes."""
    if tag.name in HIDDEN_TAGS:
        return True
    return bool(tag.attrs) and ("hidden" in tag.attrs or bool(_HIDDEN.search(str(tag.get("style") or ""))))


def iter_tags(tag: Tag, names: frozenset[str]) -> Iterator[Tag]:
    """Give the elements of some names inside, in page order; much faster than a search by name."""
    stack = tag.contents[::-1]
    while stack:
        node = stack.pop()
        if isinstance(node, Tag):
            if node.name in names:
                yield node
            stack += node.contents[::-1]


def visible_strings(nodes: Iterable[PageElement]) -> Iterator[str]:
    """Give the texts that a reader sees of some nodes, as they stand, `BREAK` for each ``<br>``."""
    stack = list(nodes)[::-1]
    while stack:
        node = stack.pop()
        if isinstance(node, Tag):
            if node.name == "br":
                yield BREAK
            elif not is_hidden(node):
                stack += node.contents[::-1]
        elif type(node) is NavigableString:
            yield str(node)


def visible_text(nodes: Iterable[PageElement]) -> str:
    """Give what a reader sees of some nodes: white space squeezed, a line end for each ``<br>``."""
    text = _SPACES.sub(" ", "".join(visible_strings(nodes))).replace(BREAK, "\n")
    return clean_characters(_AROUND_BREAK.sub("\n", text)).strip(" \n")


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


_WORD = re.compile(r"[a-z]+")


class RegionRule(Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of part; ``regions.toml`` says what each field is for."""

    name: str
    example: str
    tags: tuple[str, ...] = ()
    outer: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class _Regions(Struct, frozen=True, forbid_unknown_fields=True):
    region: tuple[RegionRule, ...]


class _Signs(Struct, frozen=True):
    """All rules by what they look at, each with the name of its region."""

    tags: dict[str, str]
    outer: dict[str, str]
    roles: dict[str, str]
    words: dict[str, str]


def region_rules() -> tuple[RegionRule, ...]:
    """Give all rules in their order."""
    text = Path(__file__).with_name("regions.toml").read_bytes()
    return msgspec.toml.decode(text, type=_Regions).region


def region_of(tag: Tag, *, inside: bool) -> str:
    """Name the part that an element is by itself, "" if none; `inside` an article, some are not."""
    signs = _signs()
    found = signs.tags.get(tag.name) or ("" if inside else signs.outer.get(tag.name, ""))
    if found or not tag.attrs:
        return found
    role = signs.roles.get(attribute_text(tag, "role"))
    if role:
        return role
    names = _CAMEL.sub("-", f"{attribute_text(tag, 'class')} {attribute_text(tag, 'id')}").lower()
    words = _WORD.findall(names)
    return next((signs.words[word] for word in words if word in signs.words), "")


@cache
def _signs() -> _Signs:
    kinds = region_rules()
    return _Signs(
        tags={tag: kind.name for kind in kinds for tag in kind.tags},
        outer={tag: kind.name for kind in kinds for tag in kind.outer},
        roles={role: kind.name for kind in kinds for role in kind.roles},
        words={word: kind.name for kind in kinds for word in kind.words},
    )
