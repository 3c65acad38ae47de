"""Add a line of text for each picture, video, sound and embedded page: kind, description and address.

Day files hold no pictures, and a page of the site loads nothing from other hosts. The line is a paragraph with a link,
``Picture: Map of the harbour``. Icons and portraits leave none. The caption of a figure is its description: kind and
address are written into the element of the caption, from which `page_header.caption_lines` makes the line. A picture
without any description may be decoration: its line is weak, and counts only in a post without other text.
"""

import re
from collections.abc import Iterator, Set
from contextlib import suppress
from itertools import islice
from urllib.parse import urljoin

from bs4 import Tag
from bs4.element import NavigableString

from daybook.parse.base.decode import one_line
from daybook.parse.text.bylines import NAME
from daybook.parse.text.classify import GALLERY, PERSON, is_sentence, match_boilerplate
from daybook.parse.web.blocks import CAPTION_CLASS
from daybook.parse.web.dom import (
    HEADING_TAGS,
    MEDIA_ADDRESS,
    MEDIA_KIND,
    MEDIA_MARK,
    MEDIA_TEXT,
    WEAK,
    attribute_text,
    contains_tag,
    iter_tags,
)

_MEDIA_TAGS = frozenset(
    {
        *("img", "amp-img", "video", "amp-video", "audio", "amp-audio", "iframe", "amp-iframe", "embed", "object"),
        *("svg", "canvas"),  # only in a figure: elsewhere they are icons
        *("twitter-widget", "amp-twitter", "amp-youtube", "lite-youtube", "amp-instagram"),
    }
)
_KINDS = {"img": "Picture", "amp-img": "Picture", "video": "Video", "amp-video": "Video", "lite-youtube": "Video"}
_KINDS |= {"amp-youtube": "Video", "audio": "Audio", "amp-audio": "Audio"}
_KINDS |= {"twitter-widget": "Embedded post", "amp-twitter": "Embedded post", "amp-instagram": "Embedded post"}
_DRAWINGS = frozenset({"svg", "canvas"})
_KINDS |= dict.fromkeys(_DRAWINGS, "Drawing")
_OTHER_KIND = "Embedded page"
_SOURCES = ("src", "data-src", "data-original", "data-lazy-src", "data-url", "data")
_SOURCE_SETS = ("srcset", "data-srcset")  # several addresses, each with a size
_NO_DESCRIPTION = re.compile(
    r"undefined|null|none|untitled|(?:image|img|photo|picture|foto|bild|video|dsc)?[\s_-]?\d*|[\w-]+\.(?:jpe?g|png|gif|webp|svg)",
    re.IGNORECASE,
)
_DESCRIPTIONS = ("alt", "aria-label", "title", "data-caption", "data-title")
_VIDEO_ADDRESS = re.compile(r"video|youtu|vimeo|player", re.IGNORECASE)
_POST_ADDRESS = re.compile(
    r"tweet|twitter|//x\.com|instagram|facebook|bsky|threads|tiktok|//t\.me|mastodon", re.IGNORECASE
)
_ADDRESS = re.compile(r"https?://[!-~]+")
_SMALL = 64  # pixels; smaller pictures are icons, portraits and counters
_LARGE = 300  # pixels; a picture of this width is no decoration
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
_FIGURE, _PICTURE = frozenset({"figure"}), frozenset({"picture"})
_MAX_DESCRIPTION = 500  # characters
_STEPS_TO_NAME = 4  # elements around a portrait, up to that with the name
_LONGEST_NAME = 80  # characters of a name with a role
_WORDS_BESIDE_NAME = 3
_MAX_BELOW = 2  # elements below a picture that may be its caption


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
        if tag.name in _DRAWINGS and _parent(tag, _FIGURE) is None:
            continue
        address = _address(tag, url)
        is_known = bool(known_embed and known_embed.fullmatch(address) and tag.name == "iframe")
        caption = _caption_of(tag)
        if caption is not None and MEDIA_KIND not in caption.attrs:
            caption[MEDIA_KIND], caption[MEDIA_ADDRESS] = _kind(tag, address), address
            caption[MEDIA_TEXT] = _description(tag)
            if is_known:
                tag.extract()  # the line of the caption stands for it
            continue
        text = _description(tag)
        if not is_known and _is_content(tag, address, text) and not _is_portrait(tag, text):
            line = media_line(_kind(tag, address), text, address)
            line[MEDIA_MARK] = WEAK if not text and _may_be_decoration(tag) else ""
            _add_line(tag, line)


def media_line(kind: str, text: str, address: str) -> Tag:
    """Return the paragraph that stands for a picture or an embedded page."""
    line = Tag(name="p", attrs={MEDIA_MARK: ""})
    said = NavigableString(": ".join(filter(None, (kind, text))))
    if address:
        link = Tag(name="a", attrs={"href": address})
        link.append(said)
        line.append(link)
    else:
        line.append(said)
    return line


def _caption_of(tag: Tag) -> Tag | None:
    """Return the element with the caption of a media element: in its figure, or named so and below it."""
    figure = _parent(tag, _FIGURE)
    found = next(iter_tags(figure, {"figcaption"}), None) if figure is not None else None
    around: Tag | None = tag
    while found is None and around is not None and not _has_text(around):
        below = islice((each for each in around.next_siblings if isinstance(each, Tag)), _MAX_BELOW)
        found = next((each for each in below if CAPTION_CLASS.search(attribute_text(each, "class"))), None)
        around = around.parent
    rule = match_boilerplate(one_line(found.get_text())) if found is not None else None
    is_caption = found is not None and _has_text(found) and not (rule and rule.name == GALLERY)
    return found if is_caption else None


def _has_text(tag: Tag) -> bool:
    return any(string.strip() for string in tag.strings)


def _is_longer(tag: Tag, length: int) -> bool:
    """Return whether an element has more text than a number of characters."""
    for string in tag.strings:
        length -= len(string)
        if length < 0:
            return True
    return False


def _parent(tag: Tag, names: Set[str]) -> Tag | None:
    """Return the nearest element around another with one of some names, much faster than Beautiful Soup."""
    return next((each for each in tag.parents if each.name in names), None)


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
    for written in _addresses(tag):
        if written and not written.startswith(("data:", "blob:", "cid:", "about:")):
            address = written
            with suppress(ValueError):
                address = urljoin(url, written) if url else written
            if _ADDRESS.fullmatch(address):
                return address
    return ""


def _addresses(tag: Tag) -> Iterator[str]:
    """Yield the addresses in the attributes of a media element, as they are written."""
    inner = [tag, *iter_tags(tag, {"source"})]
    if picture := _parent(tag, _PICTURE):
        inner += iter_tags(picture, {"source"})
    yield from (attribute_text(each, name) for name in _SOURCES for each in inner)
    sets = (attribute_text(each, name) for name in _SOURCE_SETS for each in inner)
    yield from (each.split()[0].rstrip(",") for each in sets if each)


def _description(tag: Tag) -> str:
    titles = iter_tags(tag, {"title"}) if tag.name in _DRAWINGS else ()
    texts = (
        *(one_line(attribute_text(tag, name)) for name in _DESCRIPTIONS),
        *(one_line(title.get_text()) for title in titles),
    )
    described = (text for text in texts if any(map(str.isalnum, text)) and not _NO_DESCRIPTION.fullmatch(text))
    return next(described, "")[:_MAX_DESCRIPTION]


def _is_content(tag: Tag, address: str, text: str) -> bool:
    """Return whether a media element belongs to what the page reports."""
    following = next((each for each in tag.next_siblings if isinstance(each, Tag)), None)
    if tag.name == "twitter-widget" and following is not None and following.name == "iframe":
        return False  # the frame shows the same post
    if "hidden" in tag.attrs or _NO_CONTENT.match(address) or _NO_CONTENT.match(attribute_text(tag, "src")):
        return False
    if _KINDS.get(tag.name) != "Picture":
        return bool(address or text) or tag.name in _DRAWINGS
    sizes = [attribute_text(tag, name) for name in ("width", "height")]
    if any(size.isdecimal() and int(size) < _SMALL for size in sizes):
        return False
    names = f"{attribute_text(tag, 'class')} {attribute_text(tag, 'id')} {_names_around(tag)}"
    if _ICON.search(names) or _ICON.search(address.rpartition("/")[2]):
        return False
    is_inside_file = attribute_text(tag, "src").startswith(("data:image", "cid:", "blob:"))
    return bool(text or address) or is_inside_file or _parent(tag, _FIGURE) is not None


def _is_portrait(tag: Tag, text: str) -> bool:
    """Return whether a picture is that of the person whose name is beside it, as authors have it at their names.

    Its description has the name and few other words, or it has none and is in a figure of its own.
    """
    if _KINDS.get(tag.name) != "Picture":
        return False
    beside = next(filter(None, map(_name_beside, _near(tag))), "")
    if not beside:
        return False
    if not text:
        return NAME.fullmatch(beside) is not None
    words = text.split()
    spans = ((start, start + count) for count in (4, 3, 2) for start in range(len(words) - count + 1))
    names = ((" ".join(words[start:end]).strip(",;:()"), end - start) for start, end in spans)
    known = next((count for name, count in names if PERSON.fullmatch(name) and name in beside), 0)
    return known > 0 and len(words) - known <= _WORDS_BESIDE_NAME


def _near(tag: Tag) -> Iterator[Tag]:
    """Yield the smallest element around a picture that has text, and the elements before and after the picture."""
    around = next((each for each in islice(tag.parents, _STEPS_TO_NAME) if _has_text(each)), None)
    if around is not None:
        yield around
    for siblings in (tag.next_siblings, tag.previous_siblings):
        found = next((each for each in siblings if isinstance(each, Tag) or str(each).strip()), None)
        if isinstance(found, Tag):
            yield found


def _name_beside(tag: Tag) -> str:
    """Return the text of an element that is a name with few other words, such as a role; "" for any other."""
    if _is_longer(tag, 2 * _LONGEST_NAME) or tag.name in HEADING_TAGS or contains_tag(tag, HEADING_TAGS):
        return ""
    text = one_line(" ".join(tag.strings))
    name = PERSON.search(text)
    is_name = name is not None and len(text.split()) - len(name[0].split()) <= _WORDS_BESIDE_NAME
    return text if is_name and len(text) <= _LONGEST_NAME and not is_sentence(text) else ""


def _may_be_decoration(tag: Tag) -> bool:
    """Return whether a picture may only decorate its page: its author gave it an empty description (HTML 4.8.4.4.6)."""
    width = attribute_text(tag, "width")
    is_large = width.isdecimal() and int(width) >= _LARGE
    return "alt" in tag.attrs and not is_large and _parent(tag, _FIGURE) is None


def _names_around(tag: Tag) -> str:
    """Return the classes of the two elements around a picture, unless they hold much else."""
    around = []
    for parent in list(tag.parents)[:2]:
        if _is_longer(parent, _MAX_DESCRIPTION):
            break
        around.append(attribute_text(parent, "class"))
    return " ".join(around)


def _add_line(tag: Tag, line: Tag) -> None:
    # Inside a line of text it would cut that line in two: it follows the paragraph.
    paragraph = next((each for each in reversed(list(tag.parents)) if each.name in _PARAGRAPH_TAGS), None)
    if paragraph is not None and paragraph.name not in ("td", "th", "dd", "li"):
        paragraph.insert_after(line)
    else:
        tag.insert_after(line)
