"""Find boxes between the posts of a copied text, such as an advert or the form of a newsletter.

On a page whose posts are single paragraphs, a further paragraph of a post that is nothing but short lines without a
full stop may be a box.
"""

from collections.abc import Sequence
from itertools import groupby

from msgspec.structs import replace

from daybook.parse.base.page import Doubt
from daybook.parse.text.classify import BoilerplateRule, LineClass, is_sentence
from daybook.parse.text.ends import NEWSLETTER
from daybook.parse.text.sections import post_ranges

_BOX = BoilerplateRule(name="box between posts", pattern="", examples=())
_RULES_OF_BOXES = ("advertisement", "newsletter")
_FEWEST_POSTS = 4
_FEWEST_LINES = 2  # of what may be a box; one may be a caption or the end of the text
_FEW_BOXES = 0.25  # of the posts
_LONGEST_LINE = 60  # characters
_SHOWN = 40  # characters of a line in a message


def mark_boxes_between(line_classes: Sequence[LineClass]) -> tuple[tuple[LineClass, ...], tuple[Doubt, ...]]:
    """Mark the boxes beside adverts, or that name a newsletter, between posts; what may be another box is a doubt.

    So is a single line of such a box: a post may end with a line about a newsletter.
    """
    sections = post_ranges(line_classes)
    boxes = [_box(line_classes, start, end) for start, end in sections]
    several = sum(_has_other_block(line_classes, start, end) for start, end in sections[:-1])
    if len(sections) < _FEWEST_POSTS or several > max(1, _FEW_BOXES * len(sections)):
        return tuple(line_classes), ()
    found = list(line_classes)
    doubts: list[Doubt] = []
    for (_, end), box in zip(sections[:-1], boxes, strict=False):
        if not box:
            continue
        near = (line_classes[box[0] - 1], *line_classes[box[-1] + 1 : min(end, box[-1] + 2)])
        has_rule = any(each.rule is not None and each.rule.name in _RULES_OF_BOXES for each in near)
        is_known = has_rule or any(NEWSLETTER.search(line_classes[index].line.text) for index in box)
        if is_known and len(box) >= _FEWEST_LINES:
            for index in box:
                found[index] = replace(found[index], rule=_BOX)
            continue
        if not is_known and len(box) < _FEWEST_LINES:
            continue
        line = line_classes[box[0]].line
        shown = f"the short lines from {line.text[:_SHOWN]!r} on"
        text = f"{shown} are read as text of the post above; are they an advert or a form?"
        doubts.append(Doubt(kind="end", line=line.number, text=text))
    return tuple(found), tuple(doubts)


def _has_other_block(line_classes: Sequence[LineClass], start: int, end: int) -> bool:
    """Return whether a post has a text outside the paragraph of its stamp."""
    block = line_classes[start].line.block
    return any(each.is_plain_text and each.line.block != block for each in line_classes[start + 1 : end])


def _box(line_classes: Sequence[LineClass], start: int, end: int) -> list[int]:
    """Return the indexes of the last paragraphs of a post if they are short lines without full stops and digits."""
    block = line_classes[start].line.block
    plain = [index for index in range(start + 1, end) if line_classes[index].is_plain_text]
    groups = [list(group) for _, group in groupby(plain, lambda index: line_classes[index].line.block)]
    found: list[int] = []
    while groups and line_classes[groups[-1][0]].line.block != block:
        lines = [line_classes[index].line for index in groups[-1]]
        if not all(len(line.text) <= _LONGEST_LINE and line.kind == "" and _may_be_box(line.text) for line in lines):
            break
        found = groups.pop() + found
    stamp = line_classes[start].stamp
    texts = [stamp.text_after if stamp else "", *(line_classes[index].line.text for group in groups for index in group)]
    return found if any(map(is_sentence, texts)) and not texts[-1].endswith((":", "：")) else []


def _may_be_box(text: str) -> bool:
    return not is_sentence(text) and not any(map(str.isdigit, text))
