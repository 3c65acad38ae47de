"""Decide which stored entry of a live blog each entry of a new capture is: the same, its correction, or none.

All entries of the capture, the *arrivals*, are compared with all stored entries of the same live blog at once.
The order of evidence:

1. A strong id, unless it is doubted (see `_PageMatcher.pair_ids`).
2. The same date, minute, headline and text; then the same headline and text in another minute.
3. Similar text. The best pair counts only if it clearly beats every rival: another stored entry that is like the
   arrival, or another arrival that is like the stored entry. That tells a correction from a pattern, such as
   "Air alert in the … region": a fixed threshold cannot.

What is not clearly decided is a new entry, with the stored one that it may be a correction of. A duplicate can be
seen and joined (`make join`); a sentence under the wrong story cannot be seen.

An accepted pair beats all others of its row and its column. So no other assignment could contain a better pair for
either of the two, and taking the pairs from the best score down gives the same result in any order of arrivals.

The constants were chosen on invented histories of outlets (tests/harden/outlets.py).
"""

import datetime as dt
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from msgspec import Struct

from daybook.archive.corrections import (
    LONG_TEXT,
    MINUTES_OF_A_DAY,
    PREFIX_SIMILARITY,
    SIMILAR,
    Similarities,
    Text,
    WordBag,
    are_different_stories,
    differ_by_one,
    similarity,
    similarity_limit,
    weighed_words,
)
from daybook.archive.identity import IdStrength, id_scheme
from daybook.archive.stored_posts import Span, StoredPost

_SIMILAR_ELSEWHERE = 0.8  # least similarity of a correction in another minute
_MARGIN = 0.12  # by which the best pair must beat its rivals
_RATIO = 0.55  # or: its difference is at most this share of the rival's
_ELSEWHERE = 0.3  # by which a pair in one minute is preferred to a rival in another
_MAX_SHIFT = MINUTES_OF_A_DAY  # by which a correction can move an entry
_FEW_WORDS = 5  # a shorter text without a headline is not recognised in another minute
_SHORT = 6  # words; a shorter text that was changed is recognised only beside a rival that shows what varies
_SURE = 0.9  # similarity at which a long text is recognised wherever the capture ends
_LIKELY = 0.75  # similarity that makes a question without a proof that a capture lacks one of the two
_NEAR = 120  # minutes by which a rewritten post may have moved
_NEAREST = 60  # and by which such a likely one may have moved
_COMMON = 40  # a run of words in more entries than this is a stock phrase
_COMMON_HEADLINE = 4
K = TypeVar("K", bound=Hashable)


class Pairing(Struct):
    """The result: for each arrival, by position, the stored entry that it is, or that it may be a correction of.

    `questions` are all of which the page does not tell whether they are one: groups of arrivals, each with the stored
    entries that the page lacks and that any of them may be. `ids` are the ids of the arrivals that count; `doubted`
    are the arrivals whose id was not believed.
    """

    pairs: dict[int, int]
    perhaps: dict[int, int]
    questions: list[tuple[list[int], list[int]]]
    ids: list[str]
    doubted: list[int]


def pair_page(
    arrivals: Sequence[Text],
    ids: tuple[IdStrength, list[str]],
    stored: Sequence[StoredPost],
    spans: Mapping[str, Span],
) -> Pairing:
    """Pair the arrivals of one capture, oldest first, with the stored entries of its live blog.

    `ids` are their strong ids, and `spans` the minutes that each earlier capture covers, by its key.
    """
    matcher = _PageMatcher(arrivals, ids, stored, spans)
    matcher.pair_ids()
    matcher.pair_identical()
    matcher.pair_moved()
    matcher.pair_similar()
    return Pairing(matcher.pairs, matcher.perhaps, matcher.questions, matcher.ids, sorted(matcher.doubted))


def find_repeated(posts: Sequence[StoredPost], spans: Mapping[str, Span]) -> list[tuple[int, int]]:
    """Return pairs of stored entries that look like one: of one live blog, printed by different captures only.

    Such pairs arise where two branches that each ingested a capture are merged by git.
    """
    holders: dict[object, list[int]] = defaultdict(list)
    for position, post in enumerate(posts):
        for key in dict.fromkeys((*post.ids, *post.exact, *(each for text in post.texts for each in text.phrases))):
            holders[key].append(position)
    found: dict[tuple[int, int], None] = {}
    for position, post in enumerate(posts):
        keys = (*post.ids, *post.exact, *(each for text in post.texts for each in text.phrases))
        recalled = {each for key in keys if len(holders[key]) <= _COMMON for each in holders[key] if each < position}
        close = [
            number
            for number in sorted(recalled)
            if post.texts
            and posts[number].texts
            and not (post.captures & posts[number].captures)
            and _may_repeat(post, posts[number])
        ]
        if close and post.captures:
            ids = next(iter(sorted(post.ids)), "")
            strength = IdStrength.LONG if ids else IdStrength.NONE
            result = pair_page(post.texts[:1], (strength, [ids]), [posts[number] for number in close], spans)
            if 0 in result.pairs:
                found[close[result.pairs[0]], position] = None
    return list(found)


def _may_repeat(post: StoredPost, other: StoredPost) -> bool:
    return bool(post.ids & other.ids or post.exact & other.exact) or any(
        len(one.phrases & another.phrases) * 2 >= min(len(one.phrases), len(another.phrases)) > 0
        for one in post.texts
        for another in other.texts
    )


class _PageMatcher:
    """The state of pairing one capture. Arrivals and stored entries are named by their positions."""

    def __init__(
        self,
        arrivals: Sequence[Text],
        ids: tuple[IdStrength, list[str]],
        stored: Sequence[StoredPost],
        spans: Mapping[str, Span],
    ) -> None:
        self.arrivals, self.stored, self.spans = arrivals, stored, spans
        self.strength, self.ids = ids[0], list(ids[1])
        minutes = [text.minute for text in arrivals if text.is_timed] or [text.minute for text in arrivals]
        self.span = (min(minutes), max(minutes)) if minutes else (1, 0)
        self.pairs: dict[int, int] = {}
        self.perhaps: dict[int, int] = {}
        self.questions: list[tuple[list[int], list[int]]] = []
        self.doubted: set[int] = set()
        self.taken: dict[int, int] = {}  # the arrival that each paired entry is
        self._bags: dict[Text, WordBag] = {}

    def _pair(self, arrival: int, position: int) -> None:
        self.pairs[arrival] = position
        self.taken[position] = arrival

    # Step 1: ids

    def pair_ids(self) -> None:
        """Pair by strong ids.

        An id is doubted if its entry is foreign to the arrival and the page still has the stored words under an id
        that is not known to say them, or, for short ids, if the minute is foreign too. If most short ids of a page
        are doubted, they are places on the page, and none of them counts.
        """
        by_id = {text: position for position, post in enumerate(self.stored) for text in post.ids}
        here: dict[tuple[str, str], list[int]] = defaultdict(list)
        for arrival, text in enumerate(self.arrivals):
            here[text.said].append(arrival)
        for arrival, text in enumerate(self.arrivals):
            position = by_id.get(self.ids[arrival]) if self.ids[arrival] else None
            if position is None or position in self.taken:
                continue
            post = self.stored[position]
            if post.texts and text.exact not in post.exact and self._is_foreign(arrival, post, here, by_id):
                self.doubted.add(arrival)
            else:
                self._pair(arrival, position)
        if self.strength is IdStrength.SHORT and len(self.doubted) * 2 > len(self.pairs):
            self.pairs, self.taken, self.ids = {}, {}, [""] * len(self.arrivals)
        for arrival in self.doubted:
            self.ids[arrival] = ""

    def _is_foreign(
        self, arrival: int, post: StoredPost, here: Mapping[tuple[str, str], list[int]], by_id: Mapping[str, int]
    ) -> bool:
        text = self.arrivals[arrival]
        if max(similarity(text, other, self._weight) for other in post.texts) >= SIMILAR:
            return False
        for other in here[post.texts[0].said]:
            known = by_id.get(self.ids[other])
            if other != arrival and (known is None or not self._says(known, other)):
                return True
        return self.strength is IdStrength.SHORT and not any(
            other.is_at(text) or (text.headline and other.headline == text.headline) for other in post.texts
        )

    def _says(self, position: int, arrival: int) -> bool:
        return any(text.said == self.arrivals[arrival].said for text in self.stored[position].texts)

    def _may_have_id(self, arrival: int, position: int) -> bool:
        """Return whether no other id of the live blog contradicts a pair; an id of another scheme does not."""
        own, ids = self.ids[arrival], self.stored[position].ids
        return not own or own in ids or id_scheme(own) not in map(id_scheme, ids)

    # Step 2: identical words

    def pair_identical(self) -> None:
        """Pair arrivals with entries of which one wording is identical.

        Where several posts of a minute say the same, an arrival is the one that the nearest capture has; of several,
        the order of the page tells which is which.
        """
        holders: dict[tuple[dt.date, str], list[int]] = defaultdict(list)
        for position, post in enumerate(self.stored):
            for exact in post.exact:
                holders[exact].append(position)
        waiting: dict[tuple[dt.date, str], list[int]] = defaultdict(list)
        for arrival, text in enumerate(self.arrivals):
            if arrival not in self.pairs and text.exact in holders:
                waiting[text.exact].append(arrival)
        repeated: list[tuple[list[int], list[int]]] = []
        for exact, arrivals in waiting.items():
            free = [position for position in holders[exact] if position not in self.taken]
            if len(arrivals) == len(free) == 1:
                self._pair_allowed(arrivals, free)
            elif free:
                repeated.append((arrivals, free))
        for arrivals, free in repeated:
            self._pair_in_order(arrivals, free)

    def _pair_in_order(self, arrivals: Sequence[int], free: Sequence[int]) -> None:
        """Pair identical arrivals with identical entries: first those whose neighbours on the page agree."""
        likely = {position: self._nearness(position, self.arrivals[arrivals[0]].exact) for position in free}
        if len(arrivals) != len(free) and len(arrivals) * len(free) <= _COMMON**2:
            paired = sorted(self.pairs)
            choices = [
                (likely[position], -self._agreement(arrival, position, paired), arrival, position)
                for arrival in arrivals
                for position in free
            ]
            for _, _, arrival, position in sorted(choices):
                self._pair_allowed([arrival], [position])
        else:
            self._pair_allowed(arrivals, sorted(free, key=lambda position: (likely[position], position)))

    def _nearness(self, position: int, exact: tuple[dt.date, str]) -> tuple[int, bool]:
        """Return a sort key: first the entries that the nearest capture has, and those that show a wording."""
        post = self.stored[position]
        return post.distance, not (post.texts and post.texts[0].exact == exact)

    def _pair_allowed(self, arrivals: Sequence[int], free: Sequence[int]) -> None:
        """Pair each arrival with the first of the entries that is free and that no id contradicts."""
        rest = [position for position in free if position not in self.taken]
        for arrival in arrivals:
            if arrival not in self.pairs:
                place = next((place for place, each in enumerate(rest) if self._may_have_id(arrival, each)), None)
                if place is not None:
                    self._pair(arrival, rest.pop(place))

    def _agreement(self, arrival: int, position: int, paired: Sequence[int]) -> int:
        """Return how many of the nearest paired arrivals, one on each side, are on the same side of the entry."""
        place = bisect(paired, arrival)
        before = place == 0 or self.pairs[paired[place - 1]] < position
        after = place == len(paired) or self.pairs[paired[place]] > position
        return before + after

    def pair_moved(self) -> None:
        """Pair identical headlines and texts in another minute, if each is unique on its side."""
        holders: dict[tuple[str, str], dict[int, None]] = defaultdict(dict)
        for position, post in enumerate(self.stored):
            for text in post.texts:
                holders[text.said][position] = None
        waiting: dict[tuple[str, str], list[int]] = defaultdict(list)
        for arrival, text in enumerate(self.arrivals):
            if arrival not in self.pairs:
                waiting[text.said].append(arrival)
        for said, arrivals in waiting.items():
            text = self.arrivals[arrivals[0]]
            free = [
                position
                for position in holders.get(said, ())
                if position not in self.taken
                and self._can_be(position, text)
                and min(abs(other.minute - text.minute) for other in self.stored[position].texts) <= _MAX_SHIFT
            ]
            is_telling = len(text.words) >= _FEW_WORDS or bool(text.headline)
            if not (len(arrivals) == len(free) == 1 and is_telling):
                continue
            if self._may_have_id(arrivals[0], free[0]) and not self._stayed(arrivals[0], free[0]):
                self._pair(arrivals[0], free[0])

    def _stayed(self, arrival: int, position: int) -> bool:
        """Return whether a similar text is where the arrival or the entry is: then neither need have moved."""
        text, post = self.arrivals[arrival], self.stored[position]
        others = [other for other in self._by_minute.get(text.place, ())[:_COMMON] if other not in self.taken]
        if any(similarity(text, each) >= _SIMILAR_ELSEWHERE for other in others for each in self.stored[other].texts):
            return True
        places = dict.fromkeys(each.place for each in post.texts)
        rivals = [
            each for place in places for each in self._arrivals_by_place[place][:_COMMON] if each not in self.pairs
        ]
        return any(similarity(self.arrivals[each], text) >= _SIMILAR_ELSEWHERE for each in rivals if each != arrival)

    def _can_be(self, position: int, text: Text) -> bool:
        """Return whether one side should have had the other's entry and lacks it: then both can be the same.

        A long text that is nearly identical needs no such proof, because a capture may end between the two minutes.
        """
        post = self.stored[position]
        if not post.is_open or not post.texts:
            return False
        first, last = self.span
        if any(first <= other.minute <= last for other in post.texts):
            return True
        covered = (self.spans[key] for key in post.captures if key in self.spans)
        if any(start <= text.minute <= end for start, end in covered):
            return True
        return len(text.words) >= LONG_TEXT and any(
            len(other.words) >= LONG_TEXT
            and similarity_limit(text, other, weighed_words) >= _SURE
            and similarity(text, other) >= _SURE
            for other in post.texts
        )

    # Step 3: similar text

    def pair_similar(self) -> None:
        """Pair each arrival with the stored entry that it clearly corrects; note those that are not clear."""
        waiting = [arrival for arrival in range(len(self.arrivals)) if arrival not in self.pairs]
        scores: list[tuple[float, int, int]] = []
        likeness: dict[int, Similarities] = {}
        for arrival in waiting:
            likeness[arrival] = self._recall(arrival)
            for position in likeness[arrival].positions:
                score = self._score(arrival, position, likeness[arrival])
                if score is not None:
                    scores.append((score, arrival, position))
        unclear: dict[int, int] = {}
        for score, arrival, position in sorted(scores, key=lambda each: (-each[0], each[1], each[2])):
            if arrival in self.pairs or position in self.taken:
                continue
            rival = max(self._rival_entry(arrival, position, likeness[arrival]), self._rival_arrival(arrival, position))
            if score - rival >= _MARGIN or 1 - score <= _RATIO * (1 - rival):
                self._pair(arrival, position)
            else:
                unclear.setdefault(arrival, position)
        self._note_perhaps([arrival for arrival in waiting if arrival not in self.pairs], unclear, likeness)

    def _note_perhaps(
        self, waiting: Sequence[int], unclear: Mapping[int, int], likeness: Mapping[int, Similarities]
    ) -> None:
        """Find which stored entries that the page lacks each new one may be, and note the likeliest.

        A question is any pair that is alike. A rewritten post has nothing of its former text, so any pair near in time
        or between the same neighbours is a question, too, if a capture next to this one has the entry.

        A note is stored and shown to readers, so it needs more: likeness in the same minute, the same words in another
        one, or the only new and the only missing entry of a minute, under one headline. Of all others, 9 of 10 were
        wrong in invented histories. Each stored entry is noted once; place and headline count more than common words.
        """
        paired = sorted(self.pairs)
        missing = [
            position
            for position, post in enumerate(self.stored)
            if post.is_expected and post.is_open and post.texts and position not in self.taken
        ]
        by_minute = sorted((text.minute, position) for position in missing for text in self.stored[position].texts)
        places = Counter(self.arrivals[arrival].place for arrival in waiting)
        places.update(place for position in missing for place in {text.place for text in self.stored[position].texts})
        choices: list[tuple[tuple[bool, bool, int, float], int, int]] = []
        questions = self._apart(missing)
        for arrival in waiting:
            text, similar = self.arrivals[arrival], likeness[arrival]
            for position in dict.fromkeys((*similar.positions, *_nearest(by_minute, text.minute))):
                post = self.stored[position]
                if position in self.taken or not (post.is_open and post.texts and self._may_have_id(arrival, position)):
                    continue
                shift, agreement = self._shift(position, text), self._agreement(arrival, position, paired)
                is_unclear, has_own_headline = unclear.get(arrival) == position, self._has_own_headline(text, post)
                is_near = shift <= _NEAR
                if not self._can_be(position, text):  # without a proof that one capture should have had both
                    is_moved = shift <= _MAX_SHIFT and any(each.said == text.said for each in post.texts)
                    is_unknown = post.is_expected and not paired
                    is_likely = shift <= _NEAREST and (has_own_headline or similar.reaches(position, _LIKELY))
                    if is_moved or is_likely or (is_near and is_unknown):
                        questions.append((arrival, position))
                    continue
                is_alike = has_own_headline or similar.reaches(position, SIMILAR)
                is_in_place = post.is_expected and (is_near or agreement == 2)
                if shift <= _MAX_SHIFT and (is_unclear or is_alike or is_in_place):
                    questions.append((arrival, position))
                    has_headline = any(text.headline and text.headline == each.headline for each in post.texts)
                    is_at = self._is_at(arrival, position)
                    is_replaced = has_headline and agreement == 2 and places[text.place] == 2
                    is_same = any(text.words == each.words for each in post.texts)
                    if is_unclear or (post.is_expected and ((is_at and (is_alike or is_replaced)) or is_same)):
                        signs = (is_unclear, is_at, has_headline + agreement, similar.of(position))
                        choices.append((signs, -arrival, -position))
        noted: set[int] = set()
        for _, arrival, position in sorted(choices, reverse=True):
            if -arrival not in self.perhaps and -position not in noted:
                self.perhaps[-arrival] = -position
                noted.add(-position)
        self.questions = _group(questions)

    def _apart(self, missing: Sequence[int]) -> list[tuple[int, int]]:
        """Return paired arrivals with missing entries near in time that no capture has together with their entry.

        Where captures are ingested in another order than they were made, a rewritten post can have two entries before
        the capture between the two is known.
        """
        by_minute = sorted((self.arrivals[arrival].minute, arrival) for arrival in self.pairs)
        return [
            (arrival, position)
            for position in missing
            for minute in dict.fromkeys(text.minute for text in self.stored[position].texts)
            for arrival in _nearest(by_minute, minute)
            if abs(self.arrivals[arrival].minute - minute) <= _NEAR
            and self.stored[position].captures.isdisjoint(self.stored[self.pairs[arrival]].captures)
            and self._can_be(position, self.arrivals[arrival])
        ]

    def _shift(self, position: int, text: Text) -> int:
        """Return by how many minutes a text would have moved the entry."""
        return min(abs(other.minute - text.minute) for other in self.stored[position].texts)

    def _score(self, arrival: int, position: int, likeness: Similarities) -> float | None:
        """Return the score of a pair, None if it cannot be one."""
        text, post = self.arrivals[arrival], self.stored[position]
        if position in self.taken or not self._may_have_id(arrival, position) or not self._can_be(position, text):
            return None
        shift = min(0 if other.is_at(text) else max(1, abs(other.minute - text.minute)) for other in post.texts)
        own_headline = self._has_own_headline(text, post)
        if shift > _MAX_SHIFT:
            return None
        least, least_elsewhere = (0.0, SIMILAR) if own_headline else (SIMILAR, _SIMILAR_ELSEWHERE)
        if not likeness.reaches(position, least_elsewhere if shift else least):
            return None
        similar = likeness.of(position)
        if not own_headline:
            if (
                similar < PREFIX_SIMILARITY
                and len(text.words) < LONG_TEXT
                and not self._is_clear_change(text, post, position, likeness)
            ):
                return None
            if all(are_different_stories(text, other) for other in post.texts):
                return None
            if shift and len(text.words) < LONG_TEXT and all(other.headline != text.headline for other in post.texts):
                return None
            if shift and len(text.words) < _FEW_WORDS:
                return None
        return similar + (0.5 if own_headline else 0.0) - min(shift, 120) / 2400

    def _is_clear_change(self, text: Text, post: StoredPost, position: int, likeness: Similarities) -> bool:
        """Return whether a short text is another one with one word changed, and no pattern explains the change."""
        if not any(differ_by_one(text.words, other.words) for other in post.texts):
            return False
        if len(text.words) >= _SHORT:
            return True
        rival = likeness.greatest({other: 0.0 for other in likeness.positions if other != position})
        return rival >= 0.5 and 1 - likeness.of(position) <= _RATIO * (1 - rival)

    def _has_own_headline(self, text: Text, post: StoredPost) -> bool:
        """Return whether an arrival has the headline of one entry of the live blog, and of no other."""
        if not text.has_telling_headline:
            return False
        holders = self._by_headline.get(text.headline, ())
        return len(holders) == 1 and self.stored[next(iter(holders))] is post

    def _recall(self, arrival: int) -> Similarities:
        """Return the similarity to each stored entry that shares a phrase, the minute or a rare headline."""
        text = self.arrivals[arrival]
        counts: Counter[int] = Counter()
        for phrase in text.phrases:
            holders = self._by_phrase.get(phrase, ())
            if len(holders) <= _COMMON:
                counts.update(holders)
        for holders, limit in (
            (self._by_minute.get(text.place, ()), _COMMON),
            (self._by_headline.get(text.headline, ()) if text.headline else (), _COMMON_HEADLINE),
        ):
            if len(holders) <= limit:
                counts.update(holders)
        nearest = sorted(counts, key=lambda position: (-counts[position], position))[:_COMMON]
        return Similarities(
            [text], {position: self.stored[position].texts for position in nearest}, self._weight, self._weighed
        )

    def _rival_entry(self, arrival: int, position: int, likeness: Similarities) -> float:
        """Return how much another stored entry is like an arrival, compared with the minute of the entry.

        An entry that the page has in the very words of the arrival is explained, and no rival.
        """
        is_here, said = self._is_at(arrival, position), self.arrivals[arrival].said
        return likeness.greatest(
            {
                other: _ELSEWHERE * (self._is_at(arrival, other) - is_here)
                for other in likeness.positions
                if other != position and not (other in self.taken and self.arrivals[self.taken[other]].said == said)
            }
        )

    def _rival_arrival(self, arrival: int, position: int) -> float:
        """Return how much another arrival is like a stored entry, compared with the minute of the arrival."""
        counts: Counter[int] = Counter()
        for phrase in self.arrivals[arrival].phrases:
            holders = self._arrivals_by_phrase[phrase]
            if len(holders) <= _COMMON:
                counts.update(holders)
        is_here, said = self._is_at(arrival, position), self.arrivals[arrival].said
        nearest = sorted(counts, key=lambda other: (-counts[other], other))[: _COMMON + 1]
        rivals = {
            other: _ELSEWHERE * (self._is_at(other, position) - is_here)
            for other in nearest
            if other != arrival and (other not in self.pairs or self.arrivals[other].said != said)
        }
        texts = {other: [self.arrivals[other]] for other in rivals}
        likeness = Similarities(self.stored[position].texts, texts, self._weight, self._weighed, is_first=False)
        return likeness.greatest(rivals)

    def _is_at(self, arrival: int, position: int) -> bool:
        return any(text.is_at(self.arrivals[arrival]) for text in self.stored[position].texts)

    @cached_property
    def _arrivals_by_place(self) -> dict[tuple[int, bool], list[int]]:
        places: dict[tuple[int, bool], list[int]] = defaultdict(list)
        for arrival, text in enumerate(self.arrivals):
            places[text.place].append(arrival)
        return places

    @cached_property
    def _by_phrase(self) -> dict[tuple[str, ...], list[int]]:
        return _index(self.stored, lambda text: text.phrases)

    @cached_property
    def _by_minute(self) -> dict[tuple[int, bool], list[int]]:
        return _index(self.stored, lambda text: (text.place,))

    @cached_property
    def _by_headline(self) -> dict[str, list[int]]:
        return _index(self.stored, lambda text: (text.headline,) if text.headline else ())

    @cached_property
    def _arrivals_by_phrase(self) -> dict[tuple[str, ...], list[int]]:
        holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for arrival, text in enumerate(self.arrivals):
            for phrase in text.phrases:
                holders[phrase].append(arrival)
        return holders

    @cached_property
    def _frequencies(self) -> tuple[Counter[str], int]:
        counts: Counter[str] = Counter()
        texts = [text for post in self.stored for text in post.texts]
        for text in texts:
            counts.update(set(text.words))
        return counts, len(texts)

    def _weighed(self, text: Text) -> WordBag:
        if text not in self._bags:
            self._bags[text] = weighed_words(text, self._weight)
        return self._bags[text]

    def _weight(self, word: str) -> float:
        """Return the weight of a word: a half if more than a quarter of the live blog's wordings have it."""
        counts, texts = self._frequencies
        return 1.0 if counts[word] <= 1 + texts // 4 else 0.5


def _index(posts: Sequence[StoredPost], keys: Callable[[Text], Iterable[K]]) -> dict[K, list[int]]:
    """Return the positions of the entries that have each key in one of their wordings."""
    holders: dict[K, list[int]] = defaultdict(list)
    for position, post in enumerate(posts):
        for key in {key for text in post.texts for key in keys(text)}:
            holders[key].append(position)
    return holders


def _nearest(by_minute: Sequence[tuple[int, int]], minute: int) -> list[int]:
    """Return those of (minute, position) in order that are nearest to a minute, 40 positions at most."""
    place = bisect(by_minute, (minute,))
    around = by_minute[max(0, place - _COMMON) : place + _COMMON]
    ordered = sorted(around, key=lambda each: (abs(each[0] - minute), each[1]))
    return list(dict.fromkeys(position for _, position in ordered))[:_COMMON]


def _group(pairs: Sequence[tuple[int, int]]) -> list[tuple[list[int], list[int]]]:
    """Return groups of (arrival, stored entry) that have a member in common, in the order of the arrivals.

    These are the connected parts of a graph, found by walking it: the time grows with the number of pairs.
    """
    positions_of, arrivals_of = defaultdict(list), defaultdict(list)
    for arrival, position in pairs:
        positions_of[arrival].append(position)
        arrivals_of[position].append(arrival)
    groups, seen = [], set()
    for first in sorted(positions_of):
        if first in seen:
            continue
        positions: set[int] = set()
        arrivals, waiting = {first}, [first]
        while waiting:
            for position in set(positions_of[waiting.pop()]) - positions:
                positions.add(position)
                new = set(arrivals_of[position]) - arrivals
                arrivals |= new
                waiting += new
        seen |= arrivals
        groups.append((sorted(arrivals), sorted(positions)))
    return groups
