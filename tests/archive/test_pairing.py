"""Pairing: which stored entry an entry of a new capture is. Each case is a stored page and a later one."""

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybook.archive import corrections, pairing
from daybook.archive.corrections import Text
from daybook.archive.identity import strong_ids
from daybook.archive.pairing import find_repeated, pair_page
from daybook.archive.stored_posts import StoredPost
from daybook.core.model import Entry

DATE = dt.date(2031, 4, 9)
GATE = "The third gate was shut by the harbour crew at noon."
MAYOR = "The mayor gave no reason for leaving the town hall so early."
FERRY = "Two ferries wait outside until the wind from the west drops."
FOG = "Fog lies over the whole estuary and pilots stay ashore."


def wording(line: str) -> Text:
    """Return a wording from ``10:00 Headline | text`` or ``10:00 text``."""
    clock, _, rest = line.partition(" ")
    headline, _, body = rest.rpartition(" | ")
    return Text(DATE, Entry(anchor="", time=dt.time.fromisoformat(clock), headline=headline, body=body))


def entry(*lines: str, name: str = "", captures: Sequence[str] = ("first",)) -> StoredPost:
    """Return a stored entry with its wordings, the one shown first."""
    texts = tuple(map(wording, lines))
    ids = frozenset([name] if name else [])
    return StoredPost(texts=texts, exact=frozenset(each.exact for each in texts), ids=ids, captures=frozenset(captures))


def decide(stored: Sequence[str | StoredPost], page: Sequence[str], *ids: str) -> list[str]:
    """Return for each entry of a page, oldest first, the number of the stored one that it is.

    ``new`` is none of them, ``new?2`` is perhaps a correction of the second, ``new~2+3`` may be a version of the
    second or third, which is asked but not noted. The stored ones were one capture.
    """
    posts = [each if isinstance(each, StoredPost) else entry(each) for each in stored]
    minutes = [text.minute for post in posts for text in post.texts]
    arrivals = list(map(wording, page))
    strong = strong_ids("https://buoy.example/live", ids or [""] * len(page))
    result = pair_page(arrivals, strong, posts, {"first": (min(minutes), max(minutes))})
    asked = {arrival: positions for group, positions in result.questions for arrival in group}
    return [
        str(result.pairs[number] + 1)
        if number in result.pairs
        else f"new?{result.perhaps[number] + 1}"
        if number in result.perhaps
        else f"new~{'+'.join(str(position + 1) for position in asked[number])}"
        if number in asked
        else "new"
        for number in range(len(arrivals))
    ]


CASES: dict[str, tuple[list[str | StoredPost], list[str], list[str]]] = {
    "the same words": ([f"10:00 {GATE}", f"10:00 {MAYOR}"], [f"10:00 {MAYOR}", f"10:00 {GATE}"], ["2", "1"]),
    "a former wording": ([entry(f"10:00 {MAYOR}", f"10:00 {GATE}")], [f"10:00 {GATE}"], ["1"]),
    "one word corrected": ([f"10:00 {GATE}"], [f"10:00 {GATE.replace('third', 'fourth')}"], ["1"]),
    "two words corrected, in another minute": (
        [f"10:00 {GATE} {FOG}", f"11:00 {MAYOR}"],
        [f"10:04 {GATE.replace('third', 'fourth')} {FOG.replace('pilots', 'crews')}", f"11:00 {MAYOR}"],
        ["1", "2"],
    ),
    "another minute": ([f"10:00 {GATE}", f"10:05 {MAYOR}"], [f"10:03 {GATE}", f"10:05 {MAYOR}"], ["1", "2"]),
    "another minute, but two entries say so": (
        [f"10:00 {GATE}", f"10:01 {GATE}", f"10:05 {MAYOR}"],
        [f"10:03 {GATE}", f"10:05 {MAYOR}"],
        ["new?2", "3"],
    ),
    "a few words in another minute": (
        ["10:00 No change yet.", f"10:05 {MAYOR}"],
        ["10:03 No change yet.", f"10:05 {MAYOR}"],
        ["new?1", "2"],
    ),
    "a few words under a headline in another minute": (
        ["10:00 Update | No change yet.", f"10:05 {MAYOR}"],
        ["10:03 Update | No change yet.", f"10:05 {MAYOR}"],
        ["1", "2"],
    ),
    "a short text under another headline in another minute": (
        ["10:00 Update | Pilots will sail again tonight.", f"10:05 {MAYOR}"],
        ["10:03 Latest | Pilots will sail again tonight.", f"10:05 {MAYOR}"],
        ["new?1", "2"],
    ),
    "a text of which a third is another, in another minute": (
        [f"10:00 {FERRY} {GATE} {FOG}", f"10:05 {MAYOR}"],
        [f"10:03 {FERRY} {GATE} Nobody has seen such a thing here in living memory.", f"10:05 {MAYOR}"],
        ["new~1", "2"],
    ),
    "words that many entries share count half": (
        [
            "10:00 Early today the harbour office said that barges from afar wait.",
            "10:00 Early today the harbour froze over from end to end.",
            "10:00 Nobody in that office said what fish cost last week.",
        ],
        [
            "10:00 Early today the harbour office said that nobody knows any more.",
            "10:00 Early today the harbour froze over from end to end.",
            "10:00 Nobody in that office said what fish cost last week.",
        ],
        ["new~1", "2", "3"],
    ),
    "words of another story in another minute": ([f"10:00 {GATE}"], [f"10:03 {FOG}"], ["new~1"]),
    "a short flash that grew": (["10:00 The bridge is open."], [f"10:00 The bridge is open. {FOG}"], ["1"]),
    "a short text with one word changed": (
        ["10:00 Pilots will sail again tonight."],
        ["10:00 Pilots can sail again tonight."],
        ["new?1"],
    ),
    "a short text with one word changed, beside one that shows what varies": (
        ["10:00 Boat one carries wet coal.", "10:00 Boat two carries dry coal.", f"09:00 {GATE}", f"09:00 {MAYOR}"],
        ["10:00 Boat one carries damp coal.", "10:00 Boat two carries dry coal."],
        ["1", "2"],
    ),
    "a short headline identifies nothing": ([f"10:00 Update | {GATE}"], [f"10:00 Update | {FOG}"], ["new?1"]),
    "a headline of its own identifies a rewritten entry": (
        [f"10:00 Lock gate shut | {GATE}"],
        [f"10:00 Lock gate shut | {FOG}"],
        ["1"],
    ),
    "a headline of two entries identifies none": (
        [f"10:00 Lock gate shut | {GATE}", f"10:00 Lock gate shut | {MAYOR}"],
        [f"10:00 Lock gate shut | {FOG}", f"10:00 Lock gate shut | {MAYOR}"],
        ["new?1", "2"],
    ),
    "a short headline that changed": (
        [f"10:00 Update | {GATE}"],
        [f"10:00 Latest news | {GATE.replace('third', 'fourth')}"],
        ["1"],
    ),
    "another headline of its own": (
        [f"10:00 Lock gate shut | {GATE}"],
        [f"10:00 Boats wait in vain | {GATE.replace('third', 'fourth')}"],
        ["new?1"],
    ),
    "a pattern with another name": (
        ["10:00 Sirens sound in the district of Weide again this morning."],
        ["10:00 Sirens sound in the district of Lohn again this morning."],
        ["new?1"],
    ),
    "another name in a long text": (
        [f"10:00 Sirens sound in the district of Weide again. {MAYOR} {FERRY}"],
        [f"10:00 Sirens sound in the district of Lohn again. {MAYOR} {FERRY}"],
        ["1"],
    ),
    "a name with a typing mistake": (
        ["10:00 Sirens sound in the district of Weidenau again this morning."],
        ["10:00 Sirens sound in the district of Weidennau again this morning."],
        ["1"],
    ),
    "a letter missing in a short name": (
        ["10:00 Sirens sound in the district of Weide again this morning."],
        ["10:00 Sirens sound in the district of Wede again this morning."],
        ["1"],
    ),
    "another letter in a short name": (
        ["10:00 Sirens sound in the district of Weide again this morning."],
        ["10:00 Sirens sound in the district of Weine again this morning."],
        ["new?1"],
    ),
    "a pattern in the headline": (
        ["10:00 Sirens sound in Weide tonight | Go to the nearest shelter at once and stay there."],
        ["10:00 Sirens sound in Lohn tonight | Go to the nearest shelter at once and stay there."],
        ["new?1"],
    ),
    "a headline in capitals names nothing": (
        [f"10:00 Harbour Crew Shuts Gate | {GATE}"],
        [f"10:00 Harbour Crew Closes Gate | {GATE}"],
        ["1"],
    ),
    "the last of three of a pattern": (
        [f"10:00 Barge number {word} has left the upper lock for the open sea." for word in ("one", "two")],
        [f"10:00 Barge number {word} has left the upper lock for the open sea." for word in ("one", "three")],
        ["1", "new?2"],
    ),
    "a long text has the words of a short one": (
        [
            "10:00 Before noon a third boat of the crew was at the gate, shut since the storm, and by evening "
            "the harbour had no more room, so that noon came and went without any sail."
        ],
        [f"10:00 {GATE}"],
        ["new~1"],
    ),
    "a long text contains a short one": ([f"10:00 {MAYOR} {GATE} {FERRY}"], [f"10:00 {GATE}"], ["1"]),
    "a correction in the same minute beats equal words in another": (
        [f"10:00 {GATE}", f"10:30 {GATE.replace('third', 'fourth')}"],
        [f"10:30 {GATE}"],
        ["2"],
    ),
    "a new entry has the words of one that was corrected": (
        [f"10:00 {GATE}", f"10:30 {MAYOR}"],
        [f"10:00 {GATE.replace('third', 'fourth')}", f"10:20 {GATE}", f"10:30 {MAYOR}"],
        ["1", "new", "2"],
    ),
    "two entries of a minute say the same": ([f"10:00 {GATE}"] * 2, [f"10:00 {GATE}"] * 2, ["1", "2"]),
    "two say the same, and one is left after its neighbour": (
        [f"10:00 {each}" for each in (GATE, MAYOR, GATE, FOG)],
        [f"10:00 {each}" for each in (MAYOR, GATE, FOG)],
        ["2", "3", "4"],
    ),
    "two said the same, and one still does": (
        [entry(f"10:00 {MAYOR}", f"10:00 {GATE}"), f"10:00 {GATE}"],
        [f"10:00 {GATE}"],
        ["2"],
    ),
    "two say the same, and one was corrected before": (
        [f"10:00 {GATE}", f"10:00 {GATE.replace('third', 'fourth')}"],
        [f"10:00 {GATE}", f"10:00 {GATE}"],
        ["1", "2"],
    ),
    "a rewritten entry keeps its place": (
        [f"10:00 {each}" for each in (GATE, MAYOR, FERRY)],
        [f"10:00 {each}" for each in (GATE, FOG, FERRY)],
        ["1", "new~2", "3"],
    ),
    "a new entry in another place than the one that is gone": (
        [f"10:00 {each}" for each in (GATE, MAYOR, FERRY)],
        [f"10:00 {each}" for each in (GATE, FERRY, FOG)],
        ["1", "3", "new~2"],
    ),
    "two new entries where one is gone": (
        [f"10:00 {each}" for each in (GATE, MAYOR)],
        [f"10:00 {each}" for each in (GATE, FOG, FERRY)],
        ["1", "new~2", "new~2"],
    ),
    "an entry before the first of a page that begins later": (
        ["10:00 Quay four is shut for all boats.", f"11:00 {GATE}"],
        [f"11:00 {GATE}", "11:40 Quay five is shut for all boats."],
        ["2", "new"],
    ),
    "a long text moved behind the end of a page": (
        [f"10:00 {GATE}", f"10:30 {MAYOR}"],
        [f"10:30 {MAYOR}", f"11:40 {GATE}"],
        ["2", "1"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_an_entry_of_the_later_page_is(name: str) -> None:
    stored, page, expected = CASES[name]
    assert decide(stored, page) == expected


LONG = ("b-5f2a91c04d", "b-77e01bb3a2", "b-10c4d9e85f")


def with_ids(*names: str) -> list[str | StoredPost]:
    return [
        entry(f"10:0{n} {text}", name=name) for n, (text, name) in enumerate(zip((GATE, MAYOR), names, strict=False))
    ]


@pytest.mark.parametrize(
    ("name", "stored", "page", "ids", "expected"),
    [
        ("an id of a rewritten entry in another minute", LONG, [f"11:30 {FOG}"], LONG[:1], ["1"]),
        ("ids that two entries exchanged", LONG, [f"10:00 {GATE}", f"10:01 {MAYOR}"], LONG[1::-1], ["1", "2"]),
        ("a short id with other words and time", ("p71", "p72"), [f"11:30 {FOG}"], ["p71"], ["new~1+2"]),
        ("a short id with other words", ("p71", "p72"), [f"10:00 {FOG}"], ["p71"], ["1"]),
        ("another id", LONG, [f"10:00 {GATE}"], LONG[2:], ["new"]),
        ("another scheme of ids", LONG, [f"10:00 {GATE}"], ["buoy-3-5f2a91c04d"], ["1"]),
        ("places, the newest first", ("#41", "#42"), [f"10:01 {MAYOR}", f"10:02 {FOG}"], ["#2", "#1"], ["2", "new"]),
        ("a word as id", ("update", "note"), [f"11:30 {FOG}"], ["update"], ["new~1+2"]),
    ],
)
def test_ids(name: str, stored: Sequence[str], page: list[str], ids: Sequence[str], expected: list[str]) -> None:
    assert decide(with_ids(*stored), page, *ids) == expected, name


def test_an_entry_that_is_another_by_its_id_shows_a_pattern_all_the_same() -> None:
    lines = [f"10:00 Barge number {word} has left the upper lock for the open sea." for word in ("one", "two", "three")]
    stored = [entry(lines[0], name=LONG[0]), lines[1]]
    assert decide(stored, [f"10:00 {FOG}", lines[2]], LONG[0], "") == ["1", "new?2"]


def test_most_short_ids_of_a_page_are_doubted_then_none_counts() -> None:
    """Three of four entries stand one id further; the fourth has the minute of the one whose id it has."""
    texts = (GATE, MAYOR, FERRY, FOG)
    stored = [entry(f"10:{n}0 {text}", name=f"p7{n}") for n, text in enumerate(texts)]
    page = ["10:00 Nothing at all moves on the river today.", *(f"10:{n}0 {texts[n]}" for n in (1, 2, 3))]
    assert decide(stored, page, "p70", "p72", "p73", "p71") == ["new~1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("captures", "asked"),
    [(["second"], [([0], [1])]), (["first", "second"], [])],
    ids=["never together", "on one capture"],
)
def test_a_known_entry_may_be_a_missing_one_if_no_capture_has_both(captures: list[str], asked: object) -> None:
    """A capture between two that were ingested before it shows the later wording of a post, in its new place."""
    stored = [
        entry(f"10:00 {GATE}"),
        entry(f"10:05 {FOG}", captures=captures),
        entry(f"10:10 {MAYOR}", captures=["second"]),
    ]
    minutes = [post.texts[0].minute for post in stored]
    spans = {"first": (minutes[0], minutes[0]), "second": (minutes[1], minutes[2])}
    page = [wording(f"10:00 {GATE}"), wording(f"10:10 {MAYOR}")]
    result = pair_page(page, strong_ids("", ["", ""]), stored, spans)
    assert (result.pairs, result.questions) == ({0: 0, 1: 2}, asked)


def test_a_capture_prints_an_entry_once() -> None:
    printed = StoredPost(texts=(wording(f"10:00 {GATE}"),), exact=frozenset(), is_open=False)
    assert decide([printed], [f"10:00 {GATE.replace('third', 'fourth')}"]) == ["new"]


@pytest.mark.parametrize(
    ("captures", "found"),
    [((["ours"], ["theirs"]), [(0, 2)]), ((["ours"], ["ours", "theirs"]), [])],
    ids=["by two branches", "by one capture"],
)
def test_repeated_entries_are_found(captures: tuple[list[str], list[str]], found: list[tuple[int, int]]) -> None:
    posts = [
        entry(f"10:00 {GATE}", captures=captures[0]),
        entry(f"10:00 {MAYOR}", captures=captures[0]),
        entry(f"10:00 {GATE.replace('third', 'fourth')}", captures=captures[1]),
    ]
    minute = posts[0].texts[0].minute
    assert find_repeated(posts, dict.fromkeys(("ours", "theirs"), (minute, minute))) == found


def test_an_entry_moves_at_most_by_a_day() -> None:
    stored, arrival = entry(f"10:00 {GATE}"), wording(f"10:00 {GATE}")
    arrival.minute += corrections.MINUTES_OF_A_DAY + 1
    arrival.exact = (DATE + dt.timedelta(days=1), arrival.exact[1])
    arrival.place = (arrival.minute, True)
    assert not pair_page([arrival], strong_ids("", [""]), [stored], {}).pairs


def many(count: int) -> list[str]:
    """Return entries of one minute; each phrase is in at most 40 of them, but each entry shares one with many more."""
    kinds = ("barges left the lock", "boxes of fish arrived", "carts stood on deck", "sails were hung up")
    lines = []
    for number in range(count):
        phrases = (f"{100 * place + number % (11 + place)} {kind}" for place, kind in enumerate(kinds))
        lines.append(f"10:00 {' '.join(phrases)} {number}.")
    return lines


@pytest.mark.parametrize("later", ["unchanged", "corrected", "rewritten"])
def test_each_unexplained_entry_is_compared_with_few_others(later: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    similarity = corrections.similarity

    def count(*arguments: object) -> float:
        nonlocal compared
        compared += 1
        return similarity(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(pairing, "similarity", count)
    lines = many(400)
    changes = {"unchanged": ("", ""), "corrected": ("deck", "land"), "rewritten": (" stood on deck", "")}
    page = [line.replace(*changes[later]) for line in lines]
    pair_page(list(map(wording, page)), strong_ids("", [""] * 400), [entry(line) for line in lines], {})
    # For each entry: 40 candidates, whether each of them can be the same, and 40 other arrivals that are like the best.
    assert compared <= (0 if later == "unchanged" else 3 * 40 * 400)


def test_long_texts_are_not_compared_word_by_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corrections, "SequenceMatcher", None)
    text = " ".join(f"w{number % 997}" for number in range(50_000))
    assert decide([f"10:00 {text}"], [f"10:00 {text.replace('w5 ', 'w6 ')}"]) == ["1"]


WORDS = st.lists(st.sampled_from(["the", "gate", "was", "shut", "at", "noon", "by", "Mira", "Tolk"]), max_size=40)


@given(WORDS, WORDS, st.integers(0, 3))
def test_no_similarity_exceeds_its_limit(first: list[str], second: list[str], rare: int) -> None:
    one, other = (wording(f"10:00 {' '.join(words)}") for words in (first, second + first[rare:]))

    def weight(word: str) -> float:
        return 0.5 if len(word) > rare else 1.0

    limit = corrections.similarity_limit(one, other, lambda text: corrections.weighed_words(text, weight))
    assert corrections.similarity(one, other, weight) <= limit
