"""Add a line of text for each picture, video, sound and embedded page: kind, description and address.

Day files hold no pictures, and a page of the site loads nothing from other hosts. The line is a paragraph with a link,
``Picture: Map of the harbour``. Pictures without a description, icons and portraits leave none, and a figure with a
caption is kept by its caption.
"""

import re
from contextlib import suppress
from urllib.parse import urljoin

from bs4 import Tag
from bs4.element import NavigableString

from daybook.parse.base.decode import one_line
from daybook.parse.web.blocks import CAPTION_CLASS
from daybook.parse.web.dom import MEDIA_MARK, attribute_text, iter_tags

_MEDIA_TAGS = frozenset(
    {
        *("img", "amp-img", "video", "amp-video", "audio", "amp-audio", "iframe", "amp-iframe", "embed", "object"),
        *("twitter-widget", "amp-twitter", "amp-youtube", "lite-youtube", "amp-instagram"),
    }
)
_KINDS = {"img": "Picture", "amp-img": "Picture", "video": "Video", "amp-video": "Video", "lite-youtube": "Video"}
_KINDS |= {"amp-youtube": "Video", "audio": "Audio", "amp-audio": "Audio"}
_KINDS |= {"twitter-widget": "Embedded post", "amp-twitter": "Embedded post", "amp-instagram": "Embedded post"}
_OTHER_KIND = "Embedded page"
_SOURCES = ("src", "data-src", "data-original", "data-lazy-src", "data-url", "data")
_DESCRIPTIONS = ("alt", "aria-label", "title", "data-caption", "data-title")
_VIDEO_ADDRESS = re.compile(r"video|youtu|vimeo|player", re.IGNORECASE)
_POST_ADDRESS = re.compile(
    r"tweet|twitter|//x\.com|instagram|facebook|bsky|threads|tiktok|//t\.me|mastodon", re.IGNORECASE
)
_ADDRESS = re.compile(r"https?://[!-~]+")
_SMALL = 64  # pixels; smaller pictures are icons, portraits and counters
_ICON = re.compile(
    r"(?:^|[\W_])(?:avatars?|authors?|bylines?|icons?|logos?|profile|portrait|pixel|spacer|tracking|tracker|badge|beacon"
    r"|placeholder|favicon|gravatar)(?:$|[\W_])",
    re.IGNORECASE,
)
_NO_CONTENT = re.compile(
    r"https?://(?:[^/]*\.)?(?:googletagmanager|doubleclick|googlesyndication|google-analytics|recaptcha|scorecardresearch"
    r"|consent|adservice)[^/]*/|about:|javascript:|data:text/html",
    re.IGNORECASE,
)
_PARAGRAPH_TAGS = frozenset({"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "dd", "dt", "a", "button"})
_MAX_DESCRIPTION = 500  # characters


def describe_media(tree: Tag, url: str = "", known_embed: re.Pattern[str] | None = None) -> None:
    """Add a paragraph after each media element of a tree, in place.

    Args:
        tree: The tree.
        url: The address of the page, to which addresses are relative; "" if unknown.
        known_embed: Addresses of embedded posts that the caller reads itself.
    """
    for tag in list(iter_tags(tree, _MEDIA_TAGS)):
        if tag.parent is None or any(parent.name in _MEDIA_TAGS for parent in tag.parents):
            continue  # a fallback inside <video> or <object>
        address = _address(tag, url)
        if known_embed and known_embed.fullmatch(address) and tag.name == "iframe":
            continue
        text = _description(tag)
        if not _is_content(tag, address, text):
            continue
        _add_line(tag, f"{_kind(tag, address)}: {text}" if text else _kind(tag, address), address)


def _kind(tag: Tag, address: str) -> str:
    if tag.name not in _KINDS and _VIDEO_ADDRESS.search(address):
        return "Video"
    if tag.name not in _KINDS and _POST_ADDRESS.search(address):
        return "Embedded post"
    return _KINDS.get(tag.name, _OTHER_KIND)


def _address(tag: Tag, url: str) -> str:
    """Return the absolute address of the first source of a media element; "" without one that a link can have."""
    video = attribute_text(tag, "videoid") or attribute_text(tag, "data-videoid")
    if video:
        return f"https://www.youtube.com/watch?v={video}"
    tweet = attribute_text(tag, "data-tweetid") or attribute_text(tag, "data-tweet-id")
    if tweet.isdecimal():
        return f"https://x.com/i/status/{tweet}"
    inner = [tag, *(each for each in iter_tags(tag, {"source"}))]
    for name in _SOURCES:
        for each in inner:
            address = attribute_text(each, name)
            if address and not address.startswith(("data:", "blob:", "cid:", "about:")):
                with suppress(ValueError):
                    address = urljoin(url, address) if url else address
                if _ADDRESS.fullmatch(address):
                    return address
    return ""


def _description(tag: Tag) -> str:
    texts = (one_line(attribute_text(tag, name)) for name in _DESCRIPTIONS)
    return next((text for text in texts if any(map(str.isalnum, text))), "")[:_MAX_DESCRIPTION]


def _is_content(tag: Tag, address: str, text: str) -> bool:
    """Return whether a media element belongs to what the page reports."""
    figure = tag.find_parent("figure")
    if figure is not None and (caption := figure.find("figcaption")) and caption.get_text(strip=True):
        return False
    beside = [each for each in (tag.parent.contents if tag.parent else ()) if isinstance(each, Tag)]
    if any(CAPTION_CLASS.search(attribute_text(each, "class")) for each in beside):
        return False
    following = tag.find_next_sibling(True)
    if tag.name == "twitter-widget" and following is not None and following.name == "iframe":
        return False  # the frame shows the same post
    if "hidden" in tag.attrs or _NO_CONTENT.match(address) or _NO_CONTENT.match(attribute_text(tag, "src")):
        return False
    if _KINDS.get(tag.name) != "Picture":
        return bool(address or text)
    sizes = [attribute_text(tag, name) for name in ("width", "height")]
    if any(size.isdecimal() and int(size) < _SMALL for size in sizes):
        return False
    names = f"{attribute_text(tag, 'class')} {attribute_text(tag, 'id')} {_names_around(tag)}"
    if _ICON.search(names) or _ICON.search(address.rpartition("/")[2]):
        return False
    return bool(text) or figure is not None


def _names_around(tag: Tag) -> str:
    """Return the classes of the two elements around a picture, unless they hold much else."""
    around = []
    for parent in list(tag.parents)[:2]:
        if len(parent.get_text()) > _MAX_DESCRIPTION:
            break
        around.append(attribute_text(parent, "class"))
    return " ".join(around)


def _add_line(tag: Tag, text: str, address: str) -> None:
    line = Tag(name="p", attrs={MEDIA_MARK: ""})
    if address:
        link = Tag(name="a", attrs={"href": address})
        link.append(NavigableString(text))
        line.append(link)
    else:
        line.append(NavigableString(text))
    # Inside a line of text it would cut that line in two: it follows the paragraph.
    paragraph = tag.find_parent(_PARAGRAPH_TAGS)
    while paragraph is not None and paragraph.find_parent(_PARAGRAPH_TAGS) is not None:
        paragraph = paragraph.find_parent(_PARAGRAPH_TAGS)
    if paragraph is not None and paragraph.name not in ("td", "th", "dd", "li"):
        paragraph.insert_after(line)
    else:
        tag.insert_after(line)
