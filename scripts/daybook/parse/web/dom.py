"""Parse HTML, tell visible from hidden elements, and name the regions of a page that are not coverage.

A region is a part of a page such as its navigation, an advert or its footer; ``regions.toml`` lists them.
The tree helpers here are much faster than the searches of Beautiful Soup, which matters on pages
with hundreds of thousands of tags.
"""

import re
import warnings
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import suppress
from functools import cache
from itertools import dropwhile, islice, takewhile
from pathlib import Path
from urllib.parse import urljoin

import msgspec
from bs4 import BeautifulSoup, Tag, UnusualUsageWarning
from bs4.element import NavigableString, PageElement
from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.parse.base.decode import clean_characters, one_line

_LONGEST_EMOJI = 12  # characters of the description of a picture that is an emoji
MAX_DEPTH = 256  # levels of nested elements
SIMPLIFY = "simplify it, or save it as plain text"
MAX_TAGS = 400_000  # of one page, end tags too; each takes one or two kB of memory, and 5,000 posts have fewer

# Elements whose content a browser does not show as text.
HIDDEN_TAGS = frozenset(
    {
        *("script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "head", "title"),
        *("meta", "link", "select", "option", "datalist", "textarea", "audio", "video", "canvas", "map"),
    }
)
HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Elements that end a paragraph, apart from the parts of a table row: `to_markdown` makes a row one paragraph.
BLOCK_TAGS = HEADING_TAGS | {
    *("p", "div", "section", "article", "header", "footer", "main", "aside", "figure", "figcaption", "ul", "ol", "li"),
    *("blockquote", "pre", "table", "tr", "dl", "dt", "dd", "hr", "body", "html", "address", "details", "summary"),
    *("form", "fieldset"),
}
LINK_TAGS = {"a"}
TIME_TAGS = {"time"}
PAGE_TAGS = {"h1", "main"}  # an element that contains one is never a mere part of the page
LINE_BREAK = "\0"  # stands for a <br>; the parser removes this character from text, so it is unambiguous
HTML_SPACES = re.compile(r"[ \t\r\n\f]+")
MEDIA_MARK = "data-daybook-media"  # attribute of the line that stands for a picture or an embedded page; see `media`
MEDIA = "media"  # the region of such a line
ROLE = "role of an author"  # the region of a line beside a name
OTHER_STORIES = "links to other stories"  # the region of a box in several posts
WEAK = "weak"  # value of `MEDIA_MARK` for a picture that may be decoration
# Attributes of the caption of a figure
MEDIA_KIND, MEDIA_ADDRESS, MEDIA_TEXT = "data-daybook-kind", "data-daybook-address", "data-daybook-text"
_METADATA_TAGS = frozenset({"title", "meta", "link", "base", "style", "script", "noscript", "template"})
_HIDING_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_EMBEDDED_TAGS = frozenset({"blockquote", "figure", "iframe"})
_EMBED_CLASS = re.compile(
    r"(?:^|[\s_-])(?:embed(?:ded)?|tweet|twitter|quoted?|bsky|bluesky|instagram|mastodon|toot|tiktok"
    r"|(?:social|facebook|threads|telegram)[_-]?(?:post|embed|media))(?:$|[\s_-])",
    re.IGNORECASE,
)
_LIVE_ENTRY = re.compile(
    r"(?:^|\s)(?:[\w-]{1,20}-)?live-?(?:blog|ticker|text)?[_-]{1,2}(?:entry|post|update|item)(?:$|\s)", re.IGNORECASE
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_SPACES_AROUND_BREAK = re.compile(r" ?\n[ \n]*")
_DIGIT = re.compile(r"\d")
_CAMEL_CASE_BORDER = re.compile(r"(?<=[a-z])(?=[A-Z])")
# A code such as "c1ad1b" or "ad5521": letters in it are no words, other than in "ad3", "ad300x250" and "comment5521".
_NUMBERED_WORD = r"(?:[A-Za-z]+\d{1,3}(?:x\d+)?|[A-Fa-f]*[G-Zg-z][A-Za-z]*\d+)(?![^\W_])"
_HEX_GROUPS = r"(?=[0-9A-Fa-f]*\d)[0-9A-Fa-f]{1,12}(?:[-_:][0-9A-Fa-f]{1,12}){2,}(?![^\W_])"  # "7c-ad-3f"
_CODE = re.compile(rf"(?<![^\W_])(?:{_HEX_GROUPS}|(?=[A-Za-z]*\d)(?!{_NUMBERED_WORD})[^\W_]+)")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# A word of a class or id; of "block--no-byline", which says what the element lacks, only "block" counts.
_WORD = re.compile(r"\b(?:no|not|non|without|has|have|hide|hides)[-_]+[a-z]+|([a-z]+)")

# Inline elements whose meaning is in how a browser shows them
_RAISED = {
    "sup": "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079",
    "sub": "".join(map(chr, range(0x2080, 0x208A))),
}
_RAISED_LETTERS = {
    "sup": dict(zip("+-\u2212=()abcdefghijklmnoprstuvwxyz", "⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True)),
    "sub": dict(zip("+-\u2212=()aehijklmnoprstuvx", "₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)),
}
_RAISED_CHARACTERS = {
    name: {**dict(zip("0123456789", digits, strict=True)), **_RAISED_LETTERS[name], " ": " "}
    for name, digits in _RAISED.items()
}
_MEANING_TAGS = frozenset({"math", "rt", "rp", "q", "sup", "sub", "img"})
_ORDINAL = re.compile(r"(?:st|nd|rd|th|er|ère|re|e|ème|nd|de|o|a|os|as|h|º|ª)", re.IGNORECASE)
_RAISED_MINUTES = re.compile(r"\s{0,9}\d{1,2}\s{0,9}[0-5]\d\s{0,9}(?:Uhr|h|hrs?)?\s{0,9}[:.–—-]?\s{0,9}")
_QUOTES = {  # of a language, outer and inner; others have English ones
    "de": ("„“", "‚‘"),
    "cs": ("„“", "‚‘"),
    "sk": ("„“", "‚‘"),
    "sl": ("„“", "‚‘"),
    "bg": ("„“", "‚‘"),
    "is": ("„“", "‚‘"),
    "fr": ("«»", "“”"),
    "it": ("«»", "“”"),
    "es": ("«»", "“”"),
    "pt": ("«»", "“”"),
    "el": ("«»", "“”"),
    "ca": ("«»", "“”"),
    "no": ("«»", "‘’"),
    "nb": ("«»", "‘’"),
    "nn": ("«»", "‘’"),
    "ru": ("«»", "„“"),
    "uk": ("«»", "„“"),
    "be": ("«»", "„“"),
    "pl": ("„”", "«»"),
    "hu": ("„”", "»«"),
    "ro": ("„”", "«»"),
    "hr": ("„”", "‚’"),
    "sr": ("„”", "’’"),
    "nl": ("“”", "‘’"),
    "sv": ("””", "’’"),
    "fi": ("””", "’’"),
    "da": ("»«", "›‹"),
    "ja": ("「」", "『』"),
    "zh": ("“”", "‘’"),
}


def read_tree(text: str) -> BeautifulSoup:
    """Parse a page; raises ArchiveError for more than `MAX_TAGS` tags or `MAX_DEPTH` nested elements."""
    if text.count("<") > MAX_TAGS:
        raise ArchiveError(f"the HTML has more than {MAX_TAGS:,} tags; save it in parts")
    with warnings.catch_warnings(action="ignore", category=UnusualUsageWarning):
        tree = BeautifulSoup(text, "lxml", multi_valued_attributes=None)
    _move_content_out_of_head(tree)
    _write_inline_meaning(tree)
    depth = 0
    level = [tag for tag in tree.children if isinstance(tag, Tag)]
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise ArchiveError(f"the HTML is nested more than {MAX_DEPTH} tags deep; {SIMPLIFY}")
        level = [tag for parent in level for tag in parent.children if isinstance(tag, Tag)]
    return tree


def _move_content_out_of_head(tree: BeautifulSoup) -> None:
    """Move visible content from ``<head>`` to ``<body>``.

    Pages may omit ``<body>``, and lxml does not know ``<main>``, so it leaves such content in the head.
    """
    head = tree.head
    content = list(dropwhile(_is_metadata, head.contents)) if head else []
    if head is None or not content:
        return
    body = tree.body or tree.new_tag("body")
    if body.parent is None:
        head.insert_after(body)
    for index, node in enumerate(content):
        body.insert(index, node.extract())


def _write_inline_meaning(tree: BeautifulSoup) -> None:
    """Write what a browser shows by style as characters: quotation marks, raised and lowered text, emoji pictures.

    A formula becomes its text, and the reading above Japanese characters follows them in brackets.
    """
    tags = list(iter_tags(tree, _MEANING_TAGS))
    formulas = [tag for tag in tags if tag.name == "math"]
    for tag in formulas:
        _write_formula(tag)
    for tag in list(iter_tags(tree, _MEANING_TAGS)) if formulas else tags:
        if tag.name in ("rt", "rp"):
            text = "".join(str(each) for each in tag.find_all(string=True)).strip()
            tag.replace_with(NavigableString(f"({text})" if tag.name == "rt" and text else ""))
        elif tag.name == "q":
            language = next((attribute_text(each, "lang") for each in (tag, *tag.parents) if "lang" in each.attrs), "")
            quotes = _QUOTES.get(language[:2].lower(), ("“”", "‘’"))[is_inside(tag, {"q"})]
            tag.insert(0, quotes[0])
            tag.append(quotes[1])
        elif tag.name == "img":
            text = attribute_text(tag, "alt")
            if text and len(text) <= _LONGEST_EMOJI and not any(map(str.isalnum, text)):
                tag.replace_with(text)
        else:
            _raise_text(tag)


def _write_formula(tag: Tag) -> None:
    """Turn a formula in MathML into text: its alternative text, else its characters with powers and indices."""
    described = attribute_text(tag, "alttext")
    for annotation in list(iter_tags(tag, {"annotation", "annotation-xml"})):
        described = described or one_line(annotation.get_text())
        annotation.extract()
    if described:
        tag.replace_with(NavigableString(described))
        return
    for script in iter_tags(tag, {"msup", "msub"}):
        parts = [each for each in script.contents if isinstance(each, Tag)]
        if len(parts) == 2:
            parts[1].name = "sup" if script.name == "msup" else "sub"
    for fraction in iter_tags(tag, {"mfrac"}):
        parts = [each for each in fraction.contents if isinstance(each, Tag)]
        if len(parts) == 2:
            parts[0].insert_after(NavigableString("/"))
    tag.name = "span"


def _raise_text(tag: Tag) -> None:
    """Write the text of ``<sup>`` or ``<sub>`` in raised or lowered characters, else as ``^(…)`` or ``_(…)``.

    Ordinals such as 1st stay plain, and so do minutes behind an hour, which some pages raise in their stamps.
    """
    strings = [string for string in tag.find_all(string=True) if type(string) is NavigableString]
    text = "".join(strings).strip()
    if not text or (_ORDINAL.fullmatch(text) and str(tag.previous_sibling or "")[-1:].isdecimal()):
        return
    if len(text) == 2 and tag.name == "sup" and tag.parent and _RAISED_MINUTES.fullmatch(tag.parent.get_text()):
        return
    characters = _RAISED_CHARACTERS[tag.name]
    if all(character in characters for character in text):
        for string in strings:
            string.replace_with("".join(characters.get(character, character) for character in string))
    else:
        tag.insert(0, "^(" if tag.name == "sup" else "_(")
        tag.append(")")


def _is_metadata(node: PageElement) -> bool:
    if isinstance(node, Tag):
        return node.name in _METADATA_TAGS
    return type(node) is not NavigableString or not node.strip()


def resolve_links(tree: BeautifulSoup, url: str) -> None:
    """Make the relative links of a tree absolute, in place.

    `url` is the address of the page; ``<base>`` is respected. Without `url` the links stay relative.
    """
    if not url:
        return
    base = (tree.head or tree).find("base", href=True)
    for link in iter_tags(tree, LINK_TAGS):
        address = attribute_text(link, "href")
        if "href" in link.attrs and not _SCHEME.match(address):
            with suppress(ValueError):  # an invalid address stays as it is; its link is later shown as text
                link["href"] = urljoin(urljoin(url, attribute_text(base, "href") if base else ""), address)


def attribute_text(tag: Tag, name: str) -> str:
    """Return an attribute as text, or "" if the element does not have it."""
    value = tag.attrs.get(name)
    if value is None:
        return ""
    return clean_characters(" ".join(value) if isinstance(value, list) else str(value or "")).strip()


def contains_tag(tag: Tag, names: Set[str]) -> bool:
    """Return whether the element contains an element with one of `names`."""
    return any(node.name in names or contains_tag(node, names) for node in tag.contents if isinstance(node, Tag))


def elements_containing(tag: Tag, names: Set[str]) -> frozenset[int]:
    """Return the ids of all elements below `tag` that contain one of `names`; faster than `contains_tag` in a loop."""
    found: set[int] = set()
    for inner in iter_tags(tag, names):
        for parent in inner.parents:
            if id(parent) in found:
                break
            found.add(id(parent))
    return frozenset(found)


def is_inside(tag: Tag, names: Set[str]) -> bool:
    """Return whether the element is inside an element with one of `names`."""
    return any(parent.name in names for parent in tag.parents)


def is_embedded(tag: Tag, post: Tag | None = None) -> bool:
    """Return whether an element is that of another post, which is embedded or quoted in `post`.

    Without `post`, only the element itself and the one around it are looked at.
    """
    around = takewhile(lambda each: each is not post, (tag, *tag.parents))
    near = around if post is not None else islice(around, 2)
    return any(each.name in _EMBEDDED_TAGS or _EMBED_CLASS.search(attribute_text(each, "class")) for each in near)


def name_and_class(tag: Tag) -> tuple[str, str]:
    """Return the name of an element and its classes, by which elements of one kind are alike."""
    return tag.name, str(tag.get("class") or "")


def lowest_common_ancestor(tags: Sequence[Tag]) -> Tag:
    """Return the smallest element that contains all of `tags`, which belong to one tree."""
    ancestors = list(tags[0].parents)
    for tag in tags[1:]:
        parents = {id(parent) for parent in tag.parents}
        ancestors = [ancestor for ancestor in ancestors if id(ancestor) in parents]
    return ancestors[0]


def iter_tags(tag: Tag, names: Set[str]) -> Iterator[Tag]:
    """Yield the elements with one of `names` inside an element, in page order."""
    stack = tag.contents[::-1]
    while stack:
        node = stack.pop()
        if isinstance(node, Tag):
            if node.name in names:
                yield node
            stack += node.contents[::-1]


def is_weak(tag: Tag) -> bool:
    """Return whether an element is the line of a picture that may be decoration."""
    return tag.attrs.get(MEDIA_MARK) == WEAK


def is_hidden(tag: Tag) -> bool:
    """Return whether a browser hides the element because of its name or its own attributes, or whether it `is_weak`."""
    if tag.name in HIDDEN_TAGS or (tag.attrs and is_weak(tag)):
        return True
    return bool(tag.attrs) and ("hidden" in tag.attrs or bool(_HIDING_STYLE.search(str(tag.get("style") or ""))))


def visible_strings(nodes: Iterable[PageElement]) -> Iterator[str]:
    """Yield the visible strings of some nodes unchanged, and `LINE_BREAK` for each ``<br>``."""
    stack = list(nodes)[::-1]
    while stack:
        node = stack.pop()
        if isinstance(node, Tag):
            if node.name == "br":
                yield LINE_BREAK
            elif not is_hidden(node):
                stack += node.contents[::-1]
        elif type(node) is NavigableString:
            yield str(node)


def visible_text(nodes: Iterable[PageElement]) -> str:
    """Return the visible text of some nodes, with white space collapsed and a line feed for each ``<br>``."""
    text = "".join(visible_strings(nodes))
    if text.isprintable() and "  " not in text:  # most texts are of one line
        return text.strip(" ")
    text = HTML_SPACES.sub(" ", text).replace(LINE_BREAK, "\n")
    return clean_characters(_SPACES_AROUND_BREAK.sub("\n", text)).strip(" \n")


class RegionRule(Struct, frozen=True, forbid_unknown_fields=True):
    """How to recognize one kind of region; ``regions.toml`` explains the fields."""

    name: str
    example: str
    tags: tuple[str, ...] = ()
    outer: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class _RegionFile(Struct, frozen=True, forbid_unknown_fields=True):
    region: tuple[RegionRule, ...]


def region_of(tag: Tag, *, inside: bool) -> str:
    """Return the name of the region that an element is, judged by itself; "" for coverage.

    `inside` says that the element is inside an ``<article>`` or ``<main>``, where fewer elements are regions.
    """
    if MEDIA_MARK in tag.attrs:
        return MEDIA
    name = _region_names("tags").get(tag.name) or ("" if inside else _region_names("outer").get(tag.name, ""))
    if name or not tag.attrs:
        return name
    class_and_id = f"{attribute_text(tag, 'class')} {attribute_text(tag, 'id')}"
    if _DIGIT.search(class_and_id):
        class_and_id = _CODE.sub("", _UUID.sub("", class_and_id))
    words = _WORD.findall(_CAMEL_CASE_BORDER.sub("-", class_and_id).lower())
    names = (_region_names("roles").get(attribute_text(tag, "role")), *map(_region_names("words").get, words))
    name = next(filter(None, names), "")
    if name == "topics" and "has" in words:
        return ""  # "has-tags" is a post
    if name == "comments" and _LIVE_ENTRY.search(attribute_text(tag, "class")):
        return ""  # a post that the software stores as a comment
    is_embed = name == "share buttons" and _EMBED_CLASS.search(attribute_text(tag, "class")) is not None
    return "" if is_embed else name  # "social-embed" is the post of a social network


def region_rules() -> tuple[RegionRule, ...]:
    """Return the rules of ``regions.toml`` in their order."""
    data = Path(__file__).with_name("regions.toml").read_bytes()
    return msgspec.toml.decode(data, type=_RegionFile).region


@cache
def _region_names(field: str) -> dict[str, str]:
    """Map the values of one field of the rules, such as the `words`, to the names of the regions."""
    return {value: rule.name for rule in region_rules() for value in getattr(rule, field)}
