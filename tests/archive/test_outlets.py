"""The simulator of outlets produces all that makes credits difficult, and the same each time."""

from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import combinations

import pytest

from harden.outlets import COLLIDING, KINDS, Capture, History, simulate

MIDNIGHT = 24 * 60


@cache
def histories(kind: str) -> list[History]:
    """Return 150 histories of a kind, which take a fifth of a second."""
    return [simulate(kind, seed) for seed in range(150)]


def bodies(capture: Capture) -> list[str]:
    return [printing.wording.body for printing in capture.printings]


def ids(capture: Capture) -> list[str]:
    return [printing.id for printing in capture.printings]


def has_edit(kind: str) -> Callable[[History], bool]:
    return lambda history: any(kind in kinds for post in history.posts for kinds in post.edits)


def crosses_midnight(history: History) -> bool:
    return any(
        min(version.minute for version in post.versions) < MIDNIGHT <= max(version.minute for version in post.versions)
        for post in history.posts
    )


def has_agency_text(history: History) -> bool:
    pairs = combinations(history.captures, 2)
    return any(one.blog != other.blog and {*bodies(one)} & {*bodies(other)} for one, other in pairs)


def has_equal_posts_on_a_page(history: History) -> bool:
    return any(len({*bodies(capture)}) < len(bodies(capture)) for capture in history.captures)


def shares_ids_between_blogs(history: History) -> bool:
    pairs = combinations(history.captures, 2)
    return any(one.blog != other.blog and {*ids(one)} & {*ids(other)} for one, other in pairs)


def gives_an_id_to_another_post(history: History) -> bool:
    posts: dict[tuple[int, str], int] = {}
    return any(
        posts.setdefault((capture.blog.number, printing.id), printing.post) != printing.post
        for capture in history.captures
        for printing in capture.printings
    )


def has_late_post(history: History) -> bool:
    """Return whether a post appeared in an older minute than one that stood there before."""
    return any(
        late.blog == other.blog and late.born > other.born and late.versions[0].minute < other.versions[0].minute
        for late in history.posts
        for other in history.posts
    )


def has_pattern_of(least: int, most: int) -> Callable[[History], bool]:
    return lambda history: any(
        post.pattern and least <= len(post.versions[0].body.split()) <= most for post in history.posts
    )


@pytest.mark.parametrize(
    ("kinds", "is_there", "least"),
    [
        *(
            (KINDS, has_edit(name), 8)
            for name in ("words", "append", "insert", "typo", "headline", "time", "rewrite", "name")
        ),
        (KINDS, has_edit("revert"), 4),
        (KINDS, crosses_midnight, 2),
        (KINDS, has_late_post, 30),
        (KINDS, has_pattern_of(4, 7), 10),
        (KINDS, has_pattern_of(16, 25), 10),
        (KINDS, has_equal_posts_on_a_page, 1),
        (("several", "colliding"), has_agency_text, 40),
        (("several", "colliding"), shares_ids_between_blogs, 10),
        (("weak",), gives_an_id_to_another_post, 90),
    ],
)
def test_histories_contain(kinds: tuple[str, ...], is_there: Callable[[History], bool], least: int) -> None:
    assert {kind: sum(map(is_there, histories(kind))) >= least for kind in kinds} == dict.fromkeys(kinds, True)


def test_strong_ids_name_one_post_each() -> None:
    assert not any(map(gives_an_id_to_another_post, histories("strong")))
    of_posts: dict[tuple[int, int], set[str]] = {}
    for number, history in enumerate(histories("strong")):
        for capture in history.captures:
            for printing in capture.printings:
                of_posts.setdefault((number, printing.post), set()).add(printing.id)
    assert {len(names) for names in of_posts.values()} == {1}
    assert len(COLLIDING) == 3


def test_the_schemes_of_ids_change_between_captures() -> None:
    forms: Counter[int] = Counter()
    for history in histories("weak"):
        forms[len({id_.strip("0123456789") for capture in history.captures for id_ in ids(capture)[:1]})] += 1
    assert sum(count for number, count in forms.items() if number > 1) > 10


def test_minutes_are_crowded() -> None:
    """A page without ids has on average more than three pairs of posts in one minute."""
    pages = [capture for history in histories("none") for capture in history.captures]
    pairs = 0
    for page in pages:
        minutes = Counter(printing.wording.minute for printing in page.printings)
        pairs += sum(count * (count - 1) // 2 for count in minutes.values())
    assert pairs > 3 * len(pages)


def test_captures_come_in_any_order_and_again_with_and_without_times() -> None:
    plain = histories("none")
    assert sum([*history.sequence] != sorted(set(history.sequence)) for history in plain) > 50
    assert sum(len(set(history.sequence)) < len(history.sequence) for history in plain) > 50
    known = [{bool(capture.captured) for capture in history.captures} for history in plain]
    assert [sum(times == kinds for times in known) > 3 for kinds in ({True}, {False}, {True, False})] == [True] * 3


def test_branches_share_a_base() -> None:
    for seed in range(50):
        history = simulate("several", seed, branches=True)
        assert 0 < history.base < history.base + history.ours < len(history.sequence)


def test_a_seed_gives_the_same_history() -> None:
    assert [simulate(kind, 3).captures for kind in KINDS] == [histories(kind)[3].captures for kind in KINDS]
