"""Read feeds: RSS 2.0, RSS 1.0 (RDF) and Atom (RFC 4287).

A feed that cannot be parsed to its end is read as far as it can be, with a doubt.
"""

import re

from lxml import etree  # type: ignore[import-untyped]

from daybook.core.errors import ArchiveError
from daybook.core.text import is_url
from daybook.parse.base.page import Doubt, Outline
from daybook.parse.readers.base import Update, outline_of_updates, read_time
from daybook.parse.time.instants import MachineTime
from daybook.parse.web.to_markdown import escape_html, html_from_text

_DECLARATION = re.compile(r"\A\ufeff?\s*<\?xml[^>]*\?>")
_DTD = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_MEDIA = "http://search.yahoo.com/mrss/"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_MEDIA_TAGS = {"image": "img", "video": "video", "audio": "audio"}
_MAIL_AND_NAME = re.compile(r"[^\s@]+@[^\s@]+ \((.+)\)")
_HEAD = 2_000  # characters in which a document type can be
_CUT = re.compile(
    r"(?:\[(?:…|\.\.\.|&hellip;|&#8230;)\]|…|\.\.\.)\s*(?:</p>\s*)?\Z|continue reading|read more", re.IGNORECASE
)


def read_feed(text: str, url: str = "") -> Outline:
    """Read a feed; raises ArchiveError if nothing of it is XML. `url` is its address or that of its page."""
    if _DTD.search(text, 0, _HEAD):
        raise ArchiveError(
            "the feed declares a document type, which is refused for safety; delete the line <!DOCTYPE …>"
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, remove_comments=True)
    root = etree.fromstring(_DECLARATION.sub("", text).encode(), parser)
    if root is None:
        raise ArchiveError("the feed is not XML; save it again")
    doubts = [
        Doubt(kind="part", text=f"the feed is damaged at line {error.line} ({error.message.strip()}); save it again")
        for error in list(parser.error_log)[:1]
    ]
    is_atom = _name(root) == "feed"
    channel = root if is_atom else next((each for each in root if _name(each) == "channel"), root)
    items = [each for each in root.iter() if _name(each) == ("entry" if is_atom else "item")]
    link = _link(channel)
    updates = [_update(item, url or link) for item in items]
    cut = sum(
        not _has_whole_text(item) and bool(_CUT.search(each.html)) for item, each in zip(items, updates, strict=True)
    )
    if cut:
        told = f"{cut} of {len(items)} items have only the beginning of their text; ingest the pages themselves, too"
        doubts.append(Doubt(kind="part", text=told))
    title = _text(channel, "title")
    return outline_of_updates(
        updates,
        Outline(
            title=title,
            url=url or link,
            lang=str(root.get(_XML_LANG) or "") or _text(channel, "language"),
            doubts=tuple(doubts),
        ),
    )


def _update(item: etree._Element, url: str) -> Update:
    media = [picture for each in item.iter() if (picture := _picture(each, url))]
    return Update(
        id=_text(item, "guid", "id") or _link(item),
        time=_time(item, "pubDate", "published", "issued", "date") or _time(item, "updated", "modified"),
        updated=_time(item, "updated", "modified"),
        title=_html(_first(item, "title")),
        html=_body(item) + "".join(dict.fromkeys(media)),
        authors=[_author(each) for each in item if _name(each) in ("author", "creator")],
    )


def _name(element: etree._Element) -> str:
    """Return the name of an element without its namespace; "" for comments and instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _first(parent: etree._Element, *names: str) -> etree._Element | None:
    """Return the first child with one of the names, which come in order of preference."""
    for name in names:
        for child in parent:
            if _name(child) == name and etree.QName(child).namespace != _MEDIA:
                return child
    return None


def _text(parent: etree._Element, *names: str) -> str:
    child = _first(parent, *names)
    return " ".join("".join(child.itertext()).split()) if child is not None else ""


def _time(item: etree._Element, *names: str) -> MachineTime | None:
    return next((time for name in names if (time := read_time(_text(item, name)))), None)


def _html(element: etree._Element | None) -> str:
    """Return the content of an element as HTML: RSS and Atom's html are escaped, Atom's xhtml is markup."""
    if element is None:
        return ""
    kind = str(element.get("type") or "")
    if kind in ("xhtml", "application/xhtml+xml"):
        return "".join(etree.tostring(child, encoding="unicode", with_tail=True) for child in element)
    text = "".join(element.itertext()).strip()
    return escape_html(text) if kind in ("text", "text/plain") else text


def _has_whole_text(item: etree._Element) -> bool:
    return _first(item, "encoded", "content") is not None


def _body(item: etree._Element) -> str:
    for name in ("encoded", "content", "description", "summary"):
        html = _html(_first(item, name))
        if html:
            return html if "<" in html else html_from_text(html)
    return ""


def _link(parent: etree._Element) -> str:
    links = [child for child in parent if _name(child) == "link"]
    alternate = [str(each.get("href") or "") for each in links if each.get("rel") in (None, "alternate")]
    stated = [each.text.strip() for each in links if each.text and each.text.strip()]
    return next(filter(is_url, [*alternate, *stated]), "")


def _author(element: etree._Element) -> str:
    """Return a name: Atom's ``<name>``; RSS writes ``address (Name)``."""
    name = _text(element, "name") or " ".join("".join(element.itertext()).split())
    match = _MAIL_AND_NAME.fullmatch(name)
    return escape_html(match[1] if match else "" if "@" in name else name)


def _picture(element: etree._Element, url: str) -> str:
    """Return the picture of a media element or an enclosure as HTML; "" for any other element."""
    name, address = _name(element), str(element.get("url") or element.get("href") or "")
    kind = str(element.get("type") or element.get("medium") or "")
    is_media = name == "enclosure" or (name == "content" and etree.QName(element).namespace == _MEDIA)
    if not (is_media or (name == "link" and element.get("rel") == "enclosure")) or not address:
        return ""
    tag = next((tag for word, tag in _MEDIA_TAGS.items() if kind.startswith(word)), "")
    described = _text(element, "description", "title") or "".join(
        each.text or "" for each in element if _name(each) == "description"
    )
    inner = f'<{tag} src="{escape_html(address)}" title="{escape_html(described)}">' if tag else ""
    return f"<figure>{inner}{f'</{tag}>' if tag not in ('', 'img') else ''}</figure>" if inner else ""
