"""Which blocks are the text of some elements: the only place that compares the two."""

from collections import defaultdict
from collections.abc import Iterable

from bs4 import Tag

from ..decoding import one_line
from .blocks import Block


class Shown:
    """Some elements of a post, looked up from its blocks: a post may have thousands of both."""

    def __init__(self, tags: Iterable[Tag | None]) -> None:
        self._tags: set[int] = set()
        self._texts: dict[int, set[str]] = defaultdict(set)  # of elements, by what they are or stand in
        for tag in filter(None, tags):
            self._tags.add(id(tag))
            text = one_line(tag.get_text())
            for around in (tag, *tag.parents):
                self._texts[id(around)].add(text)

    def by(self, block: Block) -> bool:
        """Say whether a block is the text of an element: inside it, or holding nothing else."""
        if any(id(tag) in self._tags for tag in (block.home, *block.home.parents)):
            return True
        near = [self._texts[id(node)] for node in block.nodes if id(node) in self._texts]
        text = one_line(block.text) if near else ""
        return any(text in texts for texts in near)
