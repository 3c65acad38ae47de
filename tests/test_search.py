"""The index as files: boundaries and segments that stay put, nothing lost, the cache no more than faster."""

import datetime as dt
import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveblog.errors import ArchiveError
from liveblog.search import MANIFEST_PATH, Document, index_files
from liveblog.search.analysis import Analyser
from liveblog.search.cards import PER_FILE, cards_per_file
from liveblog.search.counts import count_day
from liveblog.search.order import front_coded, utf16
from liveblog.search.segments import coding, gather
from liveblog.search.shards import Bounds, length_character, shard_name, shards, shortest_after
from searched_site import by_day, invented_entries, written_entries


def called(script: bytes) -> Any:
    """Read the value a script hands to `Daybook.receive`."""
    found = re.fullmatch(r'Daybook\.receive\("[^"]+",(.*)\);\n', script.decode(), re.DOTALL)
    assert found
    return json.loads(found[1])


def files(documents: list[Document], cache: Path | None = None) -> dict[str, bytes]:
    made = list(index_files(by_day(documents), cache))
    assert len(dict(made)) == len(made)
    return dict(made)


def entry(date: str, place: int, text: str) -> Document:
    return Document(
        path=f"{date.replace('-', '/')}/#n{place}", date=dt.date.fromisoformat(date), headline="", text=text
    )


def test_shards_stand_in_utf16_order_and_lose_no_row() -> None:
    """U+FF5E comes before U+10330 by code point and after it in JavaScript."""
    days = by_day([*written_entries(), entry("2023-06-03", 1, "～ａ ꙁ 𐌰𐌱 ﷲ zebra")])
    rows = gather([count_day(date, day, Analyser()) for date, day in days], coding([(d, 1) for d, _ in days]))
    made = list(shards(rows, Bounds("base", 100, 1000)))
    terms = [row[0] for shard in made for row in called(shard.script)]
    assert set(terms) == set(rows)
    assert len(made) > 5
    assert terms == sorted(terms, key=lambda term: term.encode("utf-16-be"))
    for shard, following in itertools.pairwise(made):
        held = [row[0] for row in called(shard.script)]
        assert utf16(shard.key) <= utf16(held[0])
        assert utf16(held[-1]) < utf16(following.key)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=2, unique=True))
def test_a_key_separates_two_terms(terms: list[str]) -> None:
    previous, term = sorted(terms, key=utf16)[:2]
    key = shortest_after(previous, term)
    assert utf16(previous) < utf16(key) <= utf16(term)


@given(st.integers(0, 0x10FFFF - 35 - 0x800))
def test_a_length_is_one_character_that_utf8_can_hold(length: int) -> None:
    code = ord(length_character(length).encode().decode())
    assert (code if code < 0xE000 else code - 0x800) - 35 == length


@given(st.integers(1, 400))
def test_card_files_are_even_and_small(count: int) -> None:
    assert count - cards_per_file(count) * (-(-count // cards_per_file(count)) - 1) > 0
    assert cards_per_file(count) <= PER_FILE


def front_decoded(lines: str) -> list[str]:
    key, read = "", []
    for line in lines.split("\n"):
        key = key[: int(line[0])] + line[1:]
        read.append(key)
    return read


def test_front_coding_can_be_undone() -> None:
    keys = ["", "bal", "balan", "𐌰", "𐌰𐌱", "𐌲"]
    assert front_decoded(front_coded(keys)) == keys


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12), st.text(st.characters(exclude_categories=["Cs"]))
)
def test_keys_that_differ_name_different_files(key: str, other: str) -> None:
    name, others = shard_name("base", key, "3fa9"), shard_name("base", other, "3fa9")
    assert re.fullmatch(r"base-[a-z0-9_]*-3fa9", name)
    assert (name == others) == (key == other)


def test_the_vocabulary_holds_every_term_and_no_topic() -> None:
    made = files(written_entries())
    lines, digits = called(made["search/vocabulary-recent.js"])
    rows = {row[0]: row for path, script in made.items() if "/recent-" in path for row in called(script)}
    terms = front_decoded(lines)
    assert terms == [term for term in rows if term[0] != " "]
    commonest = terms[digits.index(max(digits))]
    assert sum(map(len, rows[commonest][5:])) >= 1 << int(max(digits))


def test_the_topic_table_gives_each_document_its_topics() -> None:
    documents = [d for d in written_entries() if d.date >= dt.date(2023, 4, 1)]
    slugs, sets, places = called(dict(files(documents))["search/topics-recent.js"])
    read = [{slugs[number] for number in sets[ord(place) - 35]} for place in places]
    assert read == [set(document.topics) for document in documents]


def test_the_recent_segment_keeps_to_its_number_of_shards() -> None:
    """Every day added writes nearly all of them."""
    for count in (200, 2000):
        days = by_day(invented_entries(count))
        counts = [count_day(date, day, Analyser()) for date, day in days]
        rows = gather(counts, coding([(date, len(day)) for date, day in days]))
        assert len(list(shards(rows, Bounds("recent", 100, 20)))) <= 21


def test_families_reach_the_manifest() -> None:
    made = dict(index_files(by_day(written_entries()), None, [["Almera", "Almira"]]))
    assert called(made[MANIFEST_PATH])["families"] == [["Almera", "Almira"]]


def test_a_new_day_leaves_the_base_as_it_is() -> None:
    documents = invented_entries(200)
    before = files(documents)
    new = entry((documents[-1].date + dt.timedelta(days=1)).isoformat(), 1, "pilot zephyr")
    after = files([*documents, new])
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert changed
    assert all(
        re.match(r"search/(recent-|vocabulary-recent|topics-recent|manifest|days/" + new.date.isoformat() + ")", path)
        for path in changed
    )
    assert any(path.startswith("search/base-") for path in before)


def test_an_added_word_changes_only_its_own_shards() -> None:
    documents = invented_entries(600)
    old = documents[30]
    altered = Document(path=old.path, date=old.date, headline=old.headline, text=old.text + " qqueue")
    before, after = files(documents), files([altered if d is old else d for d in documents])
    # The field is one term longer, so every shard with a term of that text changes; no boundary does.
    words = set(Analyser().terms(old.text)) | {"qqueue"}
    for path in after.keys() - before.keys():
        if path.startswith("search/base-"):
            assert words & {row[0] for row in called(after[path])}


def test_a_topic_is_a_row_of_its_own() -> None:
    made = files(written_entries())
    rows = [row for path, script in made.items() if "/recent-" in path or "/base-" in path for row in called(script)]
    assert {row[0] for row in rows if row[0].startswith(" ")} == {" almera", " aviation", " turkey"}


def test_a_card_holds_what_a_result_shows() -> None:
    made = files(written_entries())
    date, number, cards = called(made["search/days/2023-06-01-0.js"])
    assert (date, number) == ("2023-06-01", 464)
    first = cards[0]
    assert first[:4] == ["2023/06/01/#t2140", "21:40", "Sirens sounded in the lower town", 1]
    assert first[4].startswith("Sirens") and first[5] == ["almera"]


def test_an_empty_archive_has_a_manifest() -> None:
    made = files([])
    assert list(made) == [MANIFEST_PATH]
    assert called(made[MANIFEST_PATH])["segments"] == []


def test_days_come_in_any_order_but_once() -> None:
    days = by_day(written_entries())
    assert dict(index_files(reversed(days), None)) == dict(index_files(days, None))
    with pytest.raises(ArchiveError, match="2023-06-02 twice"):
        list(index_files([*days, days[-1]], None))


def test_the_cache_changes_nothing(tmp_path: Path) -> None:
    documents = invented_entries(120)
    plain = files(documents)
    assert files(documents, tmp_path) == plain
    kept = sorted(tmp_path.iterdir())
    assert files(documents, tmp_path) == plain
    assert sorted(tmp_path.iterdir()) == kept
    for damage, path in zip([b"", b"\xff", b"\x90"] * len(kept), kept, strict=False):
        path.write_bytes(damage)
    assert files(documents, tmp_path) == plain
    files(documents[:10], tmp_path)
    assert len(list(tmp_path.iterdir())) < len(kept)
