"""The judge of credits: compares what an archive holds with what outlets printed, and counts each kind of fault.

The archive is given as `Observations`, which `credits_archive` reads from day files. A wording is known by minute,
headline and body. Which post an entry is follows from its wordings and the captures credited with them, never from
how the archive decided.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from harden.outlets import History, Post, Wording

Key = tuple[str, str]  # the date of an entry's day and its anchor
CLASSES = ("plain", "short", "pattern", "rewritten", "unchanged")


class StoredWording(Struct, frozen=True):
    """A wording of an entry and the captures credited with it; one without a minute is nobody's."""

    minute: int | None
    headline: str
    body: str
    captures: frozenset[str] = frozenset()

    @property
    def text(self) -> tuple[str, str]:
        return self.headline, self.body

    def says(self, printed: Wording) -> bool:
        """Return whether this is the printed wording."""
        return self.text == (printed.headline, printed.body) and self.minute == printed.minute


class StoredEntry(Struct, frozen=True):
    """An entry: its shown wording, its former ones, and the entries of which it is perhaps a correction.

    `others` are captures that are credited with the entry, but with none of its wordings.
    """

    key: Key
    shown: StoredWording
    former: tuple[StoredWording, ...] = ()
    perhaps: tuple[Key, ...] = ()
    others: frozenset[str] = frozenset()

    @property
    def wordings(self) -> tuple[StoredWording, ...]:
        return (self.shown, *self.former)


class Observations(Struct, frozen=True):
    """What an archive holds; `redirects` leads from the anchors of moved and joined entries to their places.

    `reports` are sets of entries that a message named together, because some of them may be one.
    """

    entries: tuple[StoredEntry, ...]
    redirects: Mapping[Key, Key] = {}
    reports: frozenset[frozenset[Key]] = frozenset()

    def follow(self, key: Key) -> Key | None:
        """Return the entry to which an anchor leads; None if it leads nowhere."""
        seen = set()
        while key in self.redirects and key not in seen:
            seen.add(key)
            key = self.redirects[key]
        return key if any(entry.key == key for entry in self.entries) else None


class Findings(Struct):
    """Numbers of faults by kind, of edits by class, and a description of each fault."""

    faults: Counter[str]
    edits: Counter[str]
    examples: list[str]

    def add(self, kind: str, what: object, count: int = 1) -> None:
        self.faults[kind] += count
        self.examples.append(f"{kind}: {what}")


class Truth:
    """What the captures that were ingested printed."""

    def __init__(self, history: History, ingested: Iterable[int]) -> None:
        """`ingested` are indices of captures of the history, in any order, with repeats."""
        self.posts = history.posts
        # An outlet's words count even if no capture has them: a text may return as that of another post.
        self.bodies = [{version.body for version in post.versions} for post in history.posts]
        self.captures = {history.captures[index].name: history.captures[index] for index in sorted(set(ingested))}
        self.printed: dict[str, dict[tuple[str, str], list[tuple[int, int]]]] = {}
        self.holders: dict[tuple[str, str], set[tuple[int, int]]] = defaultdict(set)
        self.wordings: dict[int, set[Wording]] = defaultdict(set)
        for name, capture in self.captures.items():
            of_capture = self.printed[name] = {}
            for printing in capture.printings:
                wording = printing.wording
                text, place = (wording.headline, wording.body), (wording.minute, printing.post)
                of_capture.setdefault(text, []).append(place)
                self.holders[text].add(place)
                self.wordings[printing.post].add(wording)

    def posts_of(self, wording: StoredWording, capture: str | None) -> frozenset[int]:
        """Return the posts that a capture printed in a wording, or any capture, if it is None."""
        places = self.holders.get(wording.text, ()) if capture is None else self._places(wording, capture)
        return frozenset(post for minute, post in places if minute == wording.minute)

    def _places(self, wording: StoredWording, capture: str) -> Sequence[tuple[int, int]]:
        return self.printed.get(capture, {}).get(wording.text, ())

    def blog_of(self, capture: str) -> int | None:
        return self.captures[capture].blog.number if capture in self.captures else None

    def appearances(self) -> dict[int, list[tuple[str, int, Wording]]]:
        """Return for each post (capture, version, wording), in the order in which the captures were taken."""
        result: dict[int, list[tuple[str, int, Wording]]] = defaultdict(list)
        for name, capture in sorted(self.captures.items(), key=lambda item: item[1].taken):
            for printing in capture.printings:
                result[printing.post].append((name, printing.version, printing.wording))
        return result

    def share_words(self, post: int, others: Iterable[int]) -> bool:
        """Return whether a post has had a body that one of the others has had, too."""
        return any(self.bodies[post] & self.bodies[other] for other in others)

    def confusion(self, name: str, posts: Iterable[int], others: Collection[int]) -> str:
        """Return the name of a fault that takes one of the posts for one of the others, by what tells the two apart.

        Where both were printed in the same minute with the same headline and body, nothing does: whichever of the two
        an archive takes for the other, a reader sees the same.
        """
        pairs = [(post, other) for post in posts for other in others]
        if any(self.wordings[post] & self.wordings[other] for post, other in pairs):
            return f"{name}, nothing differs"
        return f"{name}, identical words" if any(self.share_words(post, others) for post, _ in pairs) else name

    def posts_shown(self, entry: StoredEntry) -> frozenset[int]:
        """Return the posts that a reader of an entry may see: those that its captures printed in the shown wording."""
        sets = [posts for name in entry.shown.captures if (posts := self.posts_of(entry.shown, name))]
        if not sets:
            return self.posts_of(entry.shown, None)
        return frozenset.intersection(*sets) or frozenset.union(*sets)


def judge(truth: Truth, observations: Observations) -> Findings:
    """Count the faults of an archive after an ingest. Moved anchors are counted by `AnchorWatch`."""
    findings = Findings(Counter(), Counter(), [])
    candidates: list[_Story] = []
    for entry in observations.entries:
        _judge_credits(truth, entry, findings)
        candidates += _stories(truth, entry, findings)
    entries_of = _assign(truth, candidates, findings)
    _judge_completeness(truth, observations, findings)
    _judge_latest(truth, entries_of, findings)
    _judge_duplicates(truth, entries_of, observations, findings)
    return findings


def _judge_credits(truth: Truth, entry: StoredEntry, findings: Findings) -> None:
    """Count credited captures that did not print the wording."""
    for wording in entry.wordings:
        blogs = {truth.posts[post].blog for post in truth.posts_of(wording, None)}
        if not blogs:
            findings.add("wrong source", (entry.key, "nobody printed", wording))
            continue
        for name in wording.captures:
            if not truth.posts_of(wording, name):
                kind = "wrong source" if truth.blog_of(name) in blogs else "wrong outlet"
                findings.add(kind, (entry.key, wording, name))
    credited = {truth.blog_of(name) for wording in entry.wordings for name in wording.captures}
    for name in entry.others:
        if credited and truth.blog_of(name) not in credited:
            findings.add("wrong outlet", (entry.key, name))


class _Story(NamedTuple):
    """The part of an entry that is of one live blog.

    `best` are the posts that explain it best; `twins` printed one of its wordings, too, and share words with those.
    """

    entry: StoredEntry
    best: frozenset[int]
    twins: frozenset[int]


def _stories(truth: Truth, entry: StoredEntry, findings: Findings) -> list[_Story]:
    """Return the posts that explain an entry, for each of its live blogs; count wordings of other posts."""
    evidence: dict[int, list[tuple[StoredWording, frozenset[int]]]] = defaultdict(list)
    for wording in entry.wordings:
        for name in wording.captures:
            if posts := truth.posts_of(wording, name):
                evidence[truth.captures[name].blog.number].append((wording, posts))
    if len(evidence) > 1:
        findings.add("two live blogs", entry.key)
    for wording in entry.wordings:
        credited = any(truth.posts_of(wording, name) for name in wording.captures)
        if not credited and (posts := truth.posts_of(wording, None)):
            blogs = {truth.posts[post].blog for post in posts}
            blog = next((blog for blog in sorted(blogs) if blog in evidence), min(blogs))
            of_blog = frozenset(post for post in posts if truth.posts[post].blog == blog)
            evidence[blog].append((wording, of_blog))
    result = []
    for pairs in evidence.values():
        scores = Counter(post for _, posts in pairs for post in posts)
        best = frozenset(post for post, score in scores.items() if score == max(scores.values()))
        story = min(best)
        foreign = {wording: posts for wording, posts in pairs if story not in posts}
        for wording, posts in foreign.items():
            findings.add(truth.confusion("another story", [story], posts), (entry.key, story, wording, set(posts)))
        twins = frozenset(post for post in scores if post not in best and truth.share_words(post, best))
        result.append(_Story(entry, best, twins))
    return result


def _assign(truth: Truth, stories: Sequence[_Story], findings: Findings) -> dict[int, list[StoredEntry]]:
    """Return the entries of each post.

    Where several posts explain an entry, posts and entries are matched so that as few as possible share a post. An
    entry that is left takes the place of a twin that has none: a post with the same words, to which a part of what it
    says belongs.
    """
    nodes = [(story.entry, sorted(story.best)) for story in stories]
    owner: dict[int, int] = {}

    def place(node: int, tried: set[int]) -> bool:
        for post in nodes[node][1]:
            if post not in tried:
                tried.add(post)
                if post not in owner or place(owner[post], tried):
                    owner[post] = node
                    return True
        return False

    result: dict[int, list[StoredEntry]] = defaultdict(list)
    rest = []
    for node in [node for node in range(len(nodes)) if not place(node, set())]:
        best, twins = nodes[node][1], sorted(stories[node].twins)
        nodes[node] = (nodes[node][0], best + twins)
        if twins and place(node, set()):
            findings.add(truth.confusion("another story", best, twins), (nodes[node][0].key, best, twins))
        else:
            nodes[node] = (nodes[node][0], best)
            rest.append(node)
    for post, node in owner.items():
        result[post].append(nodes[node][0])
    for node in rest:
        entry, posts = nodes[node]
        # A capture prints a post once, so two entries that it is credited with are rather of two posts.
        likely = min(posts, key=lambda post: (_share_capture(entry, result[post]), len(result[post]), post))
        result[likely].append(entry)
    return result


def _share_capture(entry: StoredEntry, others: Iterable[StoredEntry]) -> bool:
    """Return whether a capture is credited with an entry and with one of the others."""
    return any(
        wording.captures & own.captures for own in entry.wordings for each in others for wording in each.wordings
    )


def _judge_completeness(truth: Truth, observations: Observations, findings: Findings) -> None:
    """Count wordings that are lost, and printings for which no entry credits the capture."""
    stored: dict[tuple[str, str], list[StoredWording]] = defaultdict(list)
    for entry in observations.entries:
        for wording in entry.wordings:
            stored[wording.text].append(wording)
    lost: set[tuple[int, Wording]] = set()
    for name, capture in truth.captures.items():
        for printed, count in Counter(printing.wording for printing in capture.printings).items():
            same = [wording for wording in stored.get((printed.headline, printed.body), ()) if wording.says(printed)]
            if not same:
                lost.add((capture.blog.number, printed))
            elif (missing := count - sum(name in wording.captures for wording in same)) > 0:
                findings.add("uncredited", (name, printed), missing)
    for each in lost:
        findings.add("lost", each)


def _judge_latest(truth: Truth, entries_of: Mapping[int, list[StoredEntry]], findings: Findings) -> None:
    """Count posts of which no entry shows the wording of the latest capture, where all capture times are known."""
    for post, appearances in truth.appearances().items():
        captures = [truth.captures[name] for name, _, _ in appearances]
        if all(capture.captured for capture in captures):
            name, _, latest = appearances[-1]
            # Where a post has no entry, its wordings are lost or in an entry of another post: both are counted above.
            # So is an entry that shows a later post with the same words.
            entries = entries_of.get(post, ())
            shown = {other for entry in entries for other in truth.posts_shown(entry)}
            is_twin = post not in shown and truth.share_words(post, shown)
            if entries and not is_twin and not any(entry.shown.says(latest) for entry in entries):
                findings.add("not latest", (post, name, latest))


def _judge_duplicates(
    truth: Truth, entries_of: Mapping[int, list[StoredEntry]], observations: Observations, findings: Findings
) -> None:
    """Count edits, and entries of a post beyond the first, by the class of the edit that separates them."""
    for number, appearances in truth.appearances().items():
        post, entries = truth.posts[number], entries_of.get(number, [])
        seen: list[StoredEntry] = []
        for index, (name, version, wording) in enumerate(appearances):
            before = appearances[index - 1] if index else None
            kind = "unchanged"
            if before and before[2] != wording:
                kind = post.edit_class(before[1], version)
                findings.edits[kind] += 1
            holders = [entry for entry in entries if _credits(entry, wording, name)]
            seen += _count_duplicates(holders, seen, kind, observations, findings)
        for entry in entries:  # an entry without credits
            if entry not in seen:
                kind = _class_without_credits(post, entry)
                seen += _count_duplicates([entry], seen, kind, observations, findings)


def _count_duplicates(
    holders: Sequence[StoredEntry], seen: Sequence[StoredEntry], kind: str, observations: Observations, into: Findings
) -> list[StoredEntry]:
    """Count the entries of a post that are not among those seen, unless none was seen; return them."""
    added = [entry for entry in holders if entry not in seen]
    for place, entry in enumerate(added):
        # A capture prints a post once: if it printed two wordings, one entry is of another post, counted above.
        others = [other for other in (*seen, *added[:place]) if not _are_on_one_page(entry, other)]
        if others:
            into.add(f"duplicate {kind}", (entry.key, [other.key for other in others], entry.shown))
            # An entry with the same words in the same minute is as good as each of the two: nothing tells them apart.
            own, rest = _with_twins([entry], observations), _with_twins(others, observations)
            if not any(is_linked(one, other, observations) for one in own for other in rest if one != other):
                into.add(f"unreported {kind}", entry.key)
    return added


def _with_twins(entries: Sequence[StoredEntry], observations: Observations) -> list[StoredEntry]:
    """Return entries and all others that have one of their wordings, of the same minute."""
    printed = {(wording.minute, wording.text) for entry in entries for wording in entry.wordings}
    return [
        entry
        for entry in observations.entries
        if entry in entries or printed & {(wording.minute, wording.text) for wording in entry.wordings}
    ]


def _are_on_one_page(one: StoredEntry, other: StoredEntry) -> bool:
    """Return whether a capture is credited with two different wordings, one of each entry."""
    return any(
        own.captures & each.captures and (own.minute, own.text) != (each.minute, each.text)
        for own in one.wordings
        for each in other.wordings
    )


def is_linked(one: StoredEntry, other: StoredEntry, observations: Observations) -> bool:
    """Return whether a note on one of two entries names the other, or a report names both."""
    named = {observations.follow(key) for key in one.perhaps}
    back = {observations.follow(key) for key in other.perhaps}
    if other.key in named or one.key in back:
        return True
    followed = ({observations.follow(key) for key in keys} for keys in observations.reports)
    return any(one.key in keys and other.key in keys for keys in followed)


def _credits(entry: StoredEntry, printed: Wording, capture: str) -> bool:
    return any(capture in wording.captures and wording.says(printed) for wording in entry.wordings)


def _class_without_credits(post: Post, entry: StoredEntry) -> str:
    """Return the class of the first edit that leads to a wording of an entry."""
    versions = [index for index, version in enumerate(post.versions) if any(w.says(version) for w in entry.wordings)]
    first = min(versions, default=0)
    return post.edit_class(first - 1, first) if first else "unchanged"


class AnchorWatch:
    """Follows every anchor from ingest to ingest: it must keep leading to the same post."""

    def __init__(self) -> None:
        self._posts: dict[Key, frozenset[int]] = {}
        self._moved: dict[Key, str] = {}

    def see(self, truth: Truth, observations: Observations) -> None:
        """Compare the archive after an ingest with what its anchors led to before."""
        shown = {entry.key: truth.posts_shown(entry) for entry in observations.entries}
        for key, before in self._posts.items():
            place = observations.follow(key)
            now = shown[place] if place else frozenset()
            if now & before:
                self._posts[key] = now & before
            elif key not in self._moved:
                self._moved[key] = truth.confusion("moved anchor", now, before)
        for key, posts in shown.items():
            if posts:
                self._posts.setdefault(key, posts)

    def report(self, findings: Findings) -> None:
        """Add each anchor that led to another post, or nowhere, at any time."""
        for key, kind in self._moved.items():
            findings.add(kind, key)
