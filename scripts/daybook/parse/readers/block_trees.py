"""The text of a post as HTML, from the elements or the tree of blocks in which editors and APIs store it.

Elements are paragraphs, pictures or embedded pages one after another. In a tree, blocks hold blocks or pieces of text
with marks. Editors name their fields differently (ProseMirror, Lexical, Slate, Contentful, Portable Text, Editor.js);
the names here are those that they share.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from daybook.parse.readers.base import JsonObject, object_in, objects_in, picture_html, text_in
from daybook.parse.web.to_markdown import escape_html, html_from_text

_LISTS = (
    *("elements", "components", "body", "content", "blocks", "paragraphs", "children", "items", "nodes", "contents"),
    *("root", "document", "doc", "json", "raw", "data"),
)
_KINDS = ("_type", "type", "elementType", "nodeType", "kind", "__typename", "style")
_TEXTS = ("html", "text", "bodyhtml", "content", "value", "bodytext")
_ADDRESSES = ("href", "url", "uri", "src", "originalUrl")
_PICTURE_ADDRESSES = ("url", "src", "file", "secureurl")
_OTHER = re.compile(r"richlink|related|advert|newsletter|promo|interactiveatom")
_PICTURE = re.compile(r"image|picture|photo")
_FILM = re.compile(r"video|youtube|vimeo")
_EMBED = re.compile(r"tweet|embed|instagram|bluesky")
_HEADING = re.compile(
    r"(?:sub)?head(?:ing|er|line)?(?:[-_]?(?:[1-6]|one|two|three|four|five|six))?(?:block)?|h[1-6]|title"
)
_LINK = re.compile(r"(?:hyper|auto)?link|a|anchor")
_BREAK = re.compile(r"hard-?break|line-?break|br")
_PIECE = re.compile(r"text|span|mention|hash-?tag|emoji|")
_MARKS = (("bold", "strong"), ("strong", "strong"), ("italic", "em"), ("em", "em"), ("strike", "s"))
_MARK_BITS = ((1, "strong"), (2, "em"), (4, "s"))  # of Lexical
_MAX_DEPTH = 30  # levels of blocks


def html_of_text(value: object, depth: int = 0) -> str:
    """Return the text in the field of a post as HTML; "" if it is no text.

    It is a text, a list of elements, an object that holds such a list, or one of these as JSON.
    """
    if depth > _MAX_DEPTH:
        return ""
    if isinstance(value, str):
        tree = _tree_in(value)
        return html_of_text(tree, depth + 1) if tree is not None else value if "<" in value else html_from_text(value)
    if isinstance(value, Mapping):
        if any(isinstance(value.get(name), str) for name in _TEXTS) and not _children(value):
            return element_html(value)
        inner = next((value[name] for name in _LISTS if isinstance(value.get(name), (list, Mapping))), None)
        return html_of_text(inner, depth + 1) if inner else ""
    return "".join(map(element_html, value)) if isinstance(value, list) else ""


def _tree_in(text: str) -> object:
    """Return the tree that a text is as JSON; None for any other text."""
    if not text.startswith(("[{", '{"')):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def heading_of(value: object) -> str:
    """Return the text of the first block if it is a heading, as HTML, for a post without another headline; else ""."""
    while isinstance(value, Mapping):
        value = next((value[name] for name in _LISTS if isinstance(value.get(name), (list, Mapping))), None)
    first = value[0] if isinstance(value, list) and value else None
    is_heading = isinstance(first, Mapping) and _HEADING.fullmatch(_kind(first)) is not None
    return re.sub(r"</?h3>", "", element_html(first)) if is_heading else ""


def element_html(part: object, depth: int = 0) -> str:
    """Return one element of a post: text, a picture, or an embedded page; "" for what is no text, such as an advert."""
    if isinstance(part, str):
        return part if "<" in part else html_from_text(part)
    if not isinstance(part, Mapping) or depth > _MAX_DEPTH:
        return ""
    fields = {str(name).lower(): value for name, value in part.items()}
    kind = _kind(part)
    if _OTHER.search(kind):
        return ""
    data = object_in(part, "data")
    if _PICTURE.search(kind):
        images = [*objects_in(object_in(part, "media"), "allImages"), object_in(part, "image"), part]
        address = next(filter(None, (text_in(each, *_PICTURE_ADDRESSES) for each in images)), "")
        words = (text_in(data, "alt") or text_in(part, "alt"), text_in(data, "caption") or text_in(part, "caption"))
        return picture_html(address, next(filter(None, words), ""))
    html = text_in(fields, *_TEXTS) or text_in(data, "html", "text")
    if _FILM.search(kind) and not html:
        return picture_html(text_in(part, "originalUrl", "url", "src"), text_in(part, "mediaTitle", "title"), "video")
    if _EMBED.search(kind) and not html:
        address = text_in(part, "url", "originalUrl", "src")
        return f'<p><a href="{escape_html(address)}">Embedded post</a></p>' if address else ""
    children = _children(part)
    if children and not html:
        if not all(map(_is_inline, children)):
            return _wrapped(kind, "".join(element_html(each, depth + 1) for each in children))
        html = "".join(_inline(each, objects_in(part, "markDefs"), depth + 1) for each in children)
        html = f"<p>{html}</p>" if html.strip() else ""
    elif html and "<" not in html:
        html = html_from_text(html)
    return _wrapped("list-item" if fields.get("listitem") else kind, html)


def _kind(part: JsonObject) -> str:
    """Return the kind of an element; the style of a block in Portable Text says more than its type."""
    kinds = [text_in(part, name).rpartition(".")[2].lower() for name in _KINDS]
    return next((kind for kind in kinds if kind and kind != "block"), "")


def _children(part: JsonObject) -> Sequence[object]:
    inner = next((part[name] for name in _LISTS if isinstance(part.get(name), list)), None)
    if inner is None and isinstance(items := object_in(part, "data").get("items"), list):  # a list of Editor.js
        return [{"type": "list-item", "text": item} if isinstance(item, str) else item for item in items]
    return inner if isinstance(inner, list) else ()


def _wrapped(kind: str, html: str) -> str:
    """Return the HTML of an element as what its kind says: a heading, an item of a list, or a quotation."""
    if not html:
        return ""
    if _HEADING.fullmatch(kind):
        return f"<h3>{re.sub(r'</?p>', '', html)}</h3>"
    if re.fullmatch(r"(?:.*-)?list-?item", kind):
        return f"<ul><li>{html}</li></ul>"
    return f"<blockquote>{html}</blockquote>" if "quote" in kind and "<blockquote" not in html else html


def _is_inline(node: object) -> bool:
    """Return whether a node of a tree is a piece of a paragraph: a text with marks, a link, or a line break."""
    if not isinstance(node, Mapping):
        return False
    kind = _kind(node)
    if _LINK.fullmatch(kind):
        return all(map(_is_inline, _children(node)))
    if _BREAK.fullmatch(kind):
        return True
    return _PIECE.fullmatch(kind) is not None and any(isinstance(node.get(name), str) for name in ("text", "value"))


def _inline(node: object, links: Iterable[JsonObject], depth: int) -> str:
    if not isinstance(node, Mapping) or depth > _MAX_DEPTH:
        return ""
    kind = _kind(node)
    if _BREAK.fullmatch(kind):
        return "<br>"
    text = next((str(node[name]) for name in ("text", "value") if isinstance(node.get(name), str)), "")
    html = escape_html(text) or "".join(_inline(each, links, depth + 1) for each in _children(node))
    around = [node, *(object_in(node, name) for name in ("attrs", "data", "fields", "attributes"))]
    address = next(filter(None, (text_in(each, *_ADDRESSES) for each in around)), "") if _LINK.fullmatch(kind) else ""
    marks = node.get("marks")
    names = {name for name, value in node.items() if value is True}
    for mark in marks if isinstance(marks, list) else ():
        name = mark if isinstance(mark, str) else text_in(mark, "type", "_type")
        names.add(name.lower())
        where = [object_in(mark, "attrs"), *(each for each in links if text_in(each, "_key") == name)]
        address = address or next(filter(None, (text_in(each, *_ADDRESSES) for each in where)), "")
    bits = node.get("format")
    tags = {tag for name, tag in _MARKS if any(each.startswith(name) for each in names)}
    tags |= {tag for bit, tag in _MARK_BITS if isinstance(bits, int) and bits & bit}
    for tag in sorted(tags):
        html = f"<{tag}>{html}</{tag}>"
    return f'<a href="{escape_html(address)}">{html}</a>' if address and html else html
