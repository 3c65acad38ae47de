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
from searched_site import by_day, invented_entries, written_entries

from liveblog.errors import ArchiveError
from liveblog.search import MANIFEST_PATH, Document, index_files
from liveblog.search.analysis import Analyser
from liveblog.search.cards import cards_per_file
from liveblog.search.counts import count_day
from liveblog.search.manifest import front_coded
from liveblog.search.segments import coding, gather
from liveblog.search.shards import Bounds, length_character, shards, shortest_after, utf16


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
    made = list(shards(rows, Bounds("base", 100, 400)))
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
    assert cards_per_file(count) <= 9


def test_front_coding_can_be_undone() -> None:
    keys = ["", "bal", "balan", "𐌰", "𐌰𐌱", "𐌲"]
    key, read = "", []
    for line in front_coded(keys).split("\n"):
        key = key[: int(line[0])] + line[1:]
        read.append(key)
    assert read == keys


def test_a_new_day_leaves_the_base_as_it_is() -> None:
    documents = invented_entries(200)
    before = files(documents)
    new = entry((documents[-1].date + dt.timedelta(days=1)).isoformat(), 1, "pilot zephyr")
    after = files([*documents, new])
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert changed
    assert all(re.match(r"search/(recent-|manifest|days/" + new.date.isoformat() + ")", path) for path in changed)
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
