"""What calls a page live beside its titles: metadata, the type of its data, names of classes, a label at the title.

A link to the live blog of another page, or a menu with the word, is no such sign.
"""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from daybook.parse.base.page import Post
from daybook.parse.time.tokens import is_stamp
from daybook.parse.web.blocks import Block, linked_characters
from daybook.parse.web.dom import attribute_text, iter_tags

_META = re.compile(
    r"(?:news_)?keywords|article:(?:section|tag)|parsely-(?:section|tags|type)|og:type|page-?type", re.IGNORECASE
)
_LIVE_KIND = re.compile(r"live[ _-]?(?:blog|ticker|updates?|coverage|text|feed)|news-?ticker", re.IGNORECASE)
_LIVE_CLASS = re.compile(r"(?<!no-)(?<!has-)(?<!with-)(?<![a-z])live[_-]?(?:blog|ticker)", re.IGNORECASE)
_DATA_TYPE = re.compile(r"\"@type\"\s?:\s?\[?\s?\"LiveBlogPosting\"")
_LABEL = re.compile(
    r"\W{0,3}(?:live|live ?(?:blog|ticker|updates?|coverage|reporting)|(?:en |le )?direct|en (?:vivo|directo)|ao vivo"
    r"|em direto|(?:in )?diretta|na żywo|živě|naživo|uživo|прямой эфир|онлайн|наживо|canlı|élő|direkte?|suora|ζωντανά"
    r"|مباشر|زنده|לייב|लाइव|直播|速報|ライブ|실시간|trực tiếp|siaran langsung)\W{0,3}",
    re.IGNORECASE,
)
_END = re.compile(
    r"(?:this|our|the) (?:live ?)?(?:blog|coverage|page|ticker) (?:is|has|will be)\b.{0,80}"
    r"|(?:dieser|unser|der) (?:live-?)?(?:ticker|blog) (?:ist|wurde|wird)\b.{0,80}|ce (?:direct|live) est .{0,60}"
    r"|(?:este|nuestro) (?:directo|minuto a minuto) (?:ha|se)\b.{0,60}|(?:questa|la) diretta (?:è|si)\b.{0,60}"
    r"|(?:dit|ons) (?:live ?)?blog (?:is|wordt)\b.{0,60}",
    re.IGNORECASE,
)
_KEY_EVENTS = "key-events-switch"  # the rule for the heading of a list of key events
_LONGEST_END = 160  # characters
_FEWEST_STORIES, _MOST_STORIES = 3, 0.8  # posts, and their share with a page of their own
_FEWEST_WORDS = 2  # of a headline
_ALL_LINK = 0.9  # of the text of a headline
_BEFORE_TITLE, _AFTER_TITLE = 3, 4  # blocks beside the main title in which a label is looked for


def is_marked_live(tree: BeautifulSoup, blocks: Sequence[Block], scripts: Sequence[str]) -> bool:
    """Return whether a page is marked as live; `scripts` are the texts of its JSON-LD."""
    return (
        any(map(_DATA_TYPE.search, scripts))
        or any(map(_LIVE_KIND.search, _kinds(tree)))
        or any(_LIVE_CLASS.search(attribute_text(tag, "class")) for tag in iter_tags(tree, {"html", "body", "main"}))
        or any(each.rule and each.rule.name == _KEY_EVENTS for block in blocks for each in block.lines)
        or any(_LABEL.fullmatch(block.text) for block in _beside_title(blocks))
        or any(len(each.text) <= _LONGEST_END and _END.fullmatch(each.text) for each in blocks if not each.region)
    )


def are_other_stories(posts: Sequence[Post], blocks: Sequence[Block], address: str) -> bool:
    """Return whether the posts are stories of a list: each headline is a link to a page of its own.

    `address` is that of the page, "" if unknown. A link to a place on the page, or to a page below its address, is one
    to the post itself.
    """
    by_number = {block.number: block for block in blocks}
    own_path = f"{urlsplit(address).path.rstrip('/')}/"
    targets = set()
    for post in posts:
        own = (by_number[number] for number in post.line_numbers if number in by_number)
        headline = next((each for each in own if not is_stamp(each.text)), None)
        path = urlsplit(_target(headline)).path.rstrip("/") if headline else ""
        if path and not (own_path != "/" and f"{path}/".startswith(own_path)):
            targets.add(path)
    return len(posts) >= _FEWEST_STORIES and len(targets) > _MOST_STORIES * len(posts)


def _target(headline: Block) -> str:
    """Return the address that a headline is a link to; "" if it is none."""
    if len(headline.text.split()) < _FEWEST_WORDS or linked_characters(headline) < _ALL_LINK * len(headline.text):
        return ""
    inside = [node for node in headline.nodes if isinstance(node, Tag)]
    around = (headline.element, *headline.element.parents, *inside)
    links = (*around, *(link for tag in inside for link in iter_tags(tag, {"a"})))
    return next((target for tag in links if tag.name == "a" and (target := attribute_text(tag, "href"))), "")


def _kinds(tree: BeautifulSoup) -> Iterator[str]:
    """Yield what the metadata of a page says about its kind and its topics."""
    for tag in iter_tags(tree.head or tree, {"meta"}):
        name = attribute_text(tag, "name") or attribute_text(tag, "property")
        if _META.fullmatch(name):
            yield attribute_text(tag, "content")


def _beside_title(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks around the main title that are in no menu and no other region."""
    title = next((index for index, each in enumerate(blocks) if each.is_heading and each.element.name == "h1"), None)
    if title is not None:
        near = blocks[max(0, title - _BEFORE_TITLE) : title + 1 + _AFTER_TITLE]
        yield from (each for each in near if not each.region and not each.figure)
