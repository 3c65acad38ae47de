"""Make each quotation of a page one ``<blockquote>`` that ends with a line for the speaker.

Pages mark quotations with a class, put the speaker into a caption, below the quotation, or behind its last word.
"""

import re
from collections.abc import Sequence
from itertools import islice

from bs4 import Tag
from bs4.element import NavigableString, PageElement

from daybook.parse.time.tokens import is_stamp
from daybook.parse.web.dom import HEADING_TAGS, PAGE_TAGS, attribute_text, contains_tag, is_inside, iter_tags

_BOX_TAGS = frozenset({"div", "aside", "figure", "section"})
_QUOTATION, _CITE = frozenset({"blockquote"}), frozenset({"cite"})
_NOT_IN_QUOTATION_TAGS = HEADING_TAGS | PAGE_TAGS | {"time", "table", "form", "article", "iframe", "video"}
_QUOTATION_CLASS = re.compile(
    r"(?:[\w-]*[-_])?(?<!stock-)(?:pull-?quote|block-?quote|quote|quotation|zitat|citation|citat|citaat|cita)"
    r"(?:[-_]{1,2}(?:box|block|container|wrapper|module|component|large|small|full|left|right))?",
    re.IGNORECASE,
)
_SPEAKER_CLASS = re.compile(
    r"(?:[\w-]*[-_])?(?:speaker|attribution|(?:quote|cite|citation|zitat)[-_]*(?:author|source|credit|name|by))",
    re.IGNORECASE,
)
_LONGEST = 1_500  # characters of a quotation; a longer element is more than that
_LONGEST_SPEAKER = 120  # characters
_FIRST_STRINGS = 3  # of an element that may be a post
_DASH = re.compile(r"[–—-]\s*\Z")


def mark_quotations(tree: Tag) -> None:
    """Make quotations block quotations with the speaker on a line of its own, in place."""
    for box in list(iter_tags(tree, _BOX_TAGS)):
        if _is_quotation(box) and not is_inside(box, _QUOTATION):
            for inner in list(iter_tags(box, {"blockquote", "figcaption"})):
                inner.name = "div" if inner.name == "blockquote" else "p"
            box.name = "blockquote"
    for quotation in list(iter_tags(tree, _QUOTATION)):
        speaker = next((node for node in quotation.next_siblings if not _is_blank(node)), None)
        if isinstance(speaker, Tag) and _is_speaker(speaker):
            speaker.name = "p"
            quotation.append(speaker.extract())
        for cite in iter_tags(quotation, _CITE):
            _put_on_own_line(cite)


def _is_quotation(box: Tag) -> bool:
    """Return whether an element is a quotation by its class, or a figure with a quotation in it."""
    is_named = any(map(_QUOTATION_CLASS.fullmatch, attribute_text(box, "class").split()))
    if not (is_named or (box.name == "figure" and contains_tag(box, _QUOTATION))):
        return False
    text = box.get_text()
    first = islice(box.stripped_strings, _FIRST_STRINGS)
    may_be_post = contains_tag(box, _NOT_IN_QUOTATION_TAGS) or any(map(is_stamp, first))
    return bool(text.strip()) and len(text) <= _LONGEST and not may_be_post


def _is_speaker(tag: Tag) -> bool:
    """Return whether an element below a quotation names its speaker."""
    is_named = tag.name == "cite" or any(map(_SPEAKER_CLASS.fullmatch, attribute_text(tag, "class").split()))
    return is_named and len(tag.get_text()) <= _LONGEST_SPEAKER and not contains_tag(tag, _NOT_IN_QUOTATION_TAGS)


def _put_on_own_line(cite: Tag) -> None:
    """Put a line break before the speaker if nothing but text is before, and nothing behind; a dash belongs to it."""
    above: Sequence[PageElement] = [node for node in cite.previous_siblings if not _is_blank(node)]
    if not above or not all(map(_is_blank, cite.next_siblings)):
        return
    last = above[0]
    if isinstance(last, Tag) and last.name in ("br", "p", "div", "ul", "ol", "blockquote"):
        return
    if isinstance(last, NavigableString) and (dash := _DASH.search(last)):
        before = last[: dash.start()].rstrip()
        last.replace_with(before)
        cite.insert(0, f"{dash[0].strip()} ")
    cite.insert_before(Tag(name="br"))


def _is_blank(node: PageElement) -> bool:
    return isinstance(node, NavigableString) and not node.strip()
