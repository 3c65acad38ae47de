"""Wordings of one entry → what changed between them, word by word."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import groupby

from markupsafe import Markup, escape

_WORD = re.compile(r"\n\n|\S+")
_BREAK = "\n\n"
# Above this many pairs of words a comparison costs more than it tells.
_MOST_PAIRS = 4_000_000


def changed(old: str, new: str) -> Markup:
    """Give the way from one plain text to the next, paragraph by paragraph.

    >>> str(changed("Two people were hurt.", "Three people were hurt."))
    '<p><del>Two</del> <ins>Three</ins> people were hurt.</p>'
    """
    return Markup("<p>{}</p>").format(changed_line(old, new))


def changed_line(old: str, new: str) -> Markup:
    """Give the same without the paragraph around it, for a headline."""
    parts: list[Markup] = []
    for tag, words in groupby(_steps(_WORD.findall(old), _WORD.findall(new)), lambda step: step[0]):
        for is_break, group in groupby((word for _, word in words), lambda word: word == _BREAK):
            text = Markup(" ").join(escape(word) for word in group)
            parts.append(Markup("</p>\n<p>") if is_break else Markup(_FRAMES[tag]).format(text))
    return Markup(" ").join(parts)


_FRAMES = {"equal": "{}", "delete": "<del>{}</del>", "insert": "<ins>{}</ins>"}


def _steps(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    if len(old) * len(new) > _MOST_PAIRS:
        yield from (("delete", word) for word in old)
        yield from (("insert", word) for word in new)
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            yield from (("equal", word) for word in old[old_from:old_to])
        else:
            yield from (("delete", word) for word in old[old_from:old_to])
            yield from (("insert", word) for word in new[new_from:new_to])
