"""Tell whether one wording can be a correction of another: how much of it is the same, and what the rest says.

Similarity alone does not tell: "Air alert in the Weide region" is one word away from the same alert in another region.
So short texts that differ by a name, or by a headline of their own, are two stories.

The constants were chosen on invented histories of outlets (tests/harden/outlets.py).
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise

from daybook.core.hashing import entry_fingerprint
from daybook.core.model import Entry, minute_of_day

MINUTES_OF_A_DAY = 24 * 60

SIMILAR = 0.55  # least similarity of a correction in the same minute
LONG_TEXT = 8  # words; of a shorter text, a longer one contains too much by chance
PREFIX_SIMILARITY = 0.95
_PREFIX = 4  # words; a text that begins with all of another one was appended to
_RUN = 3  # words; a long text has single words of any short one, but no runs of them
_ROUNDING = 1e-9  # sums of weights in another order differ by less
_MAX_COMPARED_WORDS = 600  # difflib is quadratic; longer texts are compared by runs of three words
_PLAIN = 25  # words; below that, another headline or another name tells two entries of one pattern apart
_TELLING = 3  # words of a headline
_NAME = 3  # words; the most that a name in a pattern has
_LONG_NAME = 6  # letters; shorter names, such as Iran and Iraq, are too often alike
_WORD = re.compile(r"\w+")
WordBag = dict[str, float]  # the words of a text, each with its weight times its number


class Text:
    """One wording of an entry, prepared for comparison; `minute` counts from the first day of the calendar."""

    def __init__(self, date: dt.date, entry: Entry) -> None:
        """Prepare the time, headline and body of an entry; an untimed one counts as at the start of its day."""
        self.is_timed = entry.time is not None
        self.minute = MINUTES_OF_A_DAY * date.toordinal() + (minute_of_day(entry.time) if entry.time else 0)
        self.headline, self.body = entry.headline, entry.body
        self.said = (entry.headline, entry.body)
        self.exact = (date, entry_fingerprint(entry))
        self.place = (self.minute, self.is_timed)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Return the words of the body in lower case."""
        return tuple(_WORD.findall(self.body.lower()))

    @property
    def has_telling_headline(self) -> bool:
        """Return whether the headline has at least three words: a shorter one, such as "Update", tells nothing."""
        return len(_WORD.findall(self.headline)) >= _TELLING

    @cached_property
    def phrases(self) -> frozenset[tuple[str, ...]]:
        """Return the runs of three words; of a short text also runs of two and single long words."""
        words = self.words
        runs: set[tuple[str, ...]] = set(zip(words, words[1:], words[2:], strict=False))
        if len(words) < 12:
            runs |= set(pairwise(words)) | {(word,) for word in words if len(word) > 3}
        return frozenset(runs)

    def is_at(self, other: "Text") -> bool:
        """Return whether two wordings have the same minute, or are both untimed on the same date."""
        return self.place == other.place

    def extends(self, other: "Text") -> bool:
        """Return whether this text begins with all of the other one, which has at least four words."""
        size = len(other.words)
        return size >= _PREFIX and self.words[:size] == other.words


def similarity(one: Text, other: Text, weight: Callable[[str], float] = lambda word: 1.0) -> float:
    """Return how much of two texts is the same words in the same order, from 0 to 1.

    That is the Dice coefficient of the weighed words, or 0.95 of the share of the shorter text that the longer one
    contains in runs of at least three words, if the shorter has at least eight words.
    """
    a, b = one.words, other.words
    if not a or not b:
        return 0.0
    if a == b:
        return 1.0
    shorter = min(len(a), len(b))
    if max(len(a), len(b)) > _MAX_COMPARED_WORDS:
        runs, others = Counter(zip(a, a[1:], a[2:], strict=False)), Counter(zip(b, b[1:], b[2:], strict=False))
        shared: float = (runs & others).total()
        contained = shared
        total: float = runs.total() + others.total()
        least: float = min(runs.total(), others.total())
    else:
        blocks = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
        runs_of_words = [a[block.a : block.a + block.size] for block in blocks]
        shared = sum(weight(word) for run in runs_of_words for word in run)
        contained = sum(weight(word) for run in runs_of_words if len(run) >= _RUN for word in run)
        size_a, size_b = sum(map(weight, a)), sum(map(weight, b))
        total, least = size_a + size_b, min(size_a, size_b)
    dice = 2 * shared / max(1, total)
    if one.extends(other) or other.extends(one):
        return max(dice, PREFIX_SIMILARITY)
    return max(dice, PREFIX_SIMILARITY * contained / max(1, least) if shorter >= LONG_TEXT else 0.0)


def weighed_words(text: Text, weight: Callable[[str], float] = lambda word: 1.0) -> WordBag:
    """Return the words of a text for `similarity_limit`."""
    return {word: weight(word) * count for word, count in Counter(text.words).items()}


def similarity_limit(one: Text, other: Text, words: Callable[[Text], WordBag]) -> float:
    """Return a number that `similarity` does not exceed, in a small part of its time: the order of words is ignored.

    `words` returns the `weighed_words` of a text.
    """
    shorter, longer = sorted((len(one.words), len(other.words)))
    if not shorter or longer > _MAX_COMPARED_WORDS or one.extends(other) or other.extends(one):
        return 1.0 if shorter else 0.0
    bag, others = words(one), words(other)
    shared = sum(min(bag[word], others[word]) for word in bag.keys() & others.keys())
    size, other_size = sum(bag.values()), sum(others.values())
    contained = PREFIX_SIMILARITY * shared / max(1, min(size, other_size)) if shorter >= LONG_TEXT else 0.0
    return max(2 * shared / max(1, size + other_size), contained) + _ROUNDING


class Similarities:
    """How much a text, in any of its wordings, is like those of several entries; computed where it can matter."""

    def __init__(
        self,
        wordings: Sequence[Text],
        others: Mapping[int, Sequence[Text]],
        weight: Callable[[str], float],
        weighed: Callable[[Text], WordBag],
        is_first: bool = True,
    ) -> None:
        """Take the wordings, and those of the others by position.

        `weight` is for `similarity`, `weighed` for its limit, `is_first` the order of the two texts.
        """
        self.positions = list(others)
        self._pairs = {
            position: [(one, other) if is_first else (other, one) for one in wordings for other in texts]
            for position, texts in others.items()
        }
        self._weight, self._weighed = weight, weighed
        self._limits: dict[int, float] = {}
        self._found: dict[int, float] = {}

    def of(self, position: int) -> float:
        """Return the similarity of an entry, 0 if it is none of the others."""
        if position not in self._pairs:
            return 0.0
        if position not in self._found:
            self._found[position] = max(similarity(*pair, self._weight) for pair in self._pairs[position])
        return self._found[position]

    def reaches(self, position: int, least: float) -> bool:
        """Return whether the similarity of an entry is at least so much."""
        return self._limit(position) >= least and self.of(position) >= least

    def greatest(self, added: Mapping[int, float]) -> float:
        """Return the greatest sum of a similarity and the number that `added` has for it; 0 without any."""
        best = None
        limits = sorted(((self._limit(position) + more, position) for position, more in added.items()), reverse=True)
        for limit, position in limits:
            if best is not None and limit <= best:
                break
            value = self.of(position) + added[position]
            best = value if best is None else max(best, value)
        return 0.0 if best is None else best

    def _limit(self, position: int) -> float:
        if position in self._found or position not in self._pairs:
            return self.of(position)
        if position not in self._limits:
            self._limits[position] = max(similarity_limit(*pair, self._weighed) for pair in self._pairs[position])
        return self._limits[position]


def differ_by_one(a: Sequence[str], b: Sequence[str]) -> bool:
    """Return whether one word, or one letter, was replaced, added or removed."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = next((index for index, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return any(a[start + skip_a :] == b[start + skip_b :] for skip_a, skip_b in ((1, 1), (1, 0), (0, 1)))


def are_different_stories(one: Text, other: Text) -> bool:
    """Return whether texts differ by a name in one pattern: of the headline, or, if they are short, of the body.

    Short texts also differ if their headlines have little in common.
    """
    a, b = (_WORD.findall(text.headline) for text in (one, other))
    is_own = min(len(a), len(b)) >= _TELLING
    is_pattern = is_own and SequenceMatcher(None, a, b, autojunk=False).ratio() >= SIMILAR
    if is_pattern and not (_has_title_case(a) or _has_title_case(b)) and _differ_by_name(a, b):
        return True
    if one.words == other.words or one.extends(other) or other.extends(one):
        return False
    if min(len(one.words), len(other.words)) >= _PLAIN:
        return False
    return (is_own and not is_pattern) or _differ_by_name(_WORD.findall(one.body), _WORD.findall(other.body))


def _differ_by_name(a: Sequence[str], b: Sequence[str]) -> bool:
    """Return whether words with a capital were replaced by others; the first word of a text has one in any case."""
    whole = _changed_part(a, b)
    changes = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    # Where a name occurs twice in a row, the matcher finds one name removed and another one added.
    is_short = max(whole[2] - whole[1], whole[4] - whole[3]) <= _NAME
    for tag, i, j, k, m in [whole, *changes] if is_short else changes:
        names = [word for word in a[max(i, 1) : j] if _is_capitalised(word)]
        others = [word for word in b[max(k, 1) : m] if _is_capitalised(word)]
        if tag == "replace" and names and others and not _are_misspelt(names, others):
            return True
    return False


def _changed_part(a: Sequence[str], b: Sequence[str]) -> tuple[str, int, int, int, int]:
    """Return what lies between the words that two texts have in common at both ends, as one change."""
    least = min(len(a), len(b))
    start = next((index for index in range(least) if a[index] != b[index]), least)
    end = next((index for index in range(least - start) if a[-1 - index] != b[-1 - index]), least - start)
    return "replace", start, len(a) - end, start, len(b) - end


def _has_title_case(words: Sequence[str]) -> bool:
    """Return whether most words of a headline have a capital, which then tells no name."""
    return sum(map(_is_capitalised, words)) * 2 > len(words)


def _are_misspelt(names: Sequence[str], others: Sequence[str]) -> bool:
    """Return whether names differ from others by a letter each, not the first, which "Zambia" and "Gambia" show.

    A letter that is missing is a mistake in shorter names, too: another one is often another name.
    """
    return len(names) == len(others) and all(
        one[0] == other[0]
        and (
            min(len(one), len(other)) >= _LONG_NAME
            or (len(one) != len(other) and max(len(one), len(other)) >= _LONG_NAME - 1)
        )
        and differ_by_one(one, other)
        for one, other in zip(names, others, strict=True)
    )


def _is_capitalised(word: str) -> bool:
    return word[:1].isupper()
