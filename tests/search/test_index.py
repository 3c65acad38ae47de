"""The index as files: boundaries and segments that stay put, nothing lost, the cache no more than faster."""

import contextlib
import datetime as dt
import itertools
import json
import random
import re
import sqlite3
from bisect import bisect_right
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from searched_site import Days, by_day, invented_entries, search_files, to_search_days, written_entries

from daybook.core.errors import ArchiveError
from daybook.incremental.cache import BuildCache
from daybook.search import index
from daybook.search.analysis import Analyzer
from daybook.search.document import RESULTS_PER_FILE, Document, SearchDay, results_per_file
from daybook.search.index import MANIFEST_PATH, index_files
from daybook.search.postings import EncodedTerm, encode_length, encode_term, front_code, js_sort_key
from daybook.search.segments import choose_doc_ids, collect_postings, write_shards
from daybook.search.shards import (
    Shard,
    ShardLimits,
    load_shard,
    resplit_shards,
    shard_name,
    shortest_separator,
    split_shards,
    text_size,
)
from daybook.search.term_counts import count_day


def called(script: bytes) -> Any:
    """Read the value a script hands to `Daybook.receive`."""
    found = re.fullmatch(r'Daybook\.receive\("[^"]+",(.*)\);\n', script.decode(), re.DOTALL)
    assert found
    return json.loads(found[1])


def files(documents: list[Document], store: Path | None = None) -> dict[str, bytes]:
    return search_files(by_day(documents), store=store)


def lines_of(days: Days) -> list[EncodedTerm]:
    codes = choose_doc_ids((date, len(day)) for date, day in days)
    rows = collect_postings([count_day(date, day, Analyzer()) for date, day in days], codes)
    return [encode_term(term, rows[term]) for term in sorted(rows, key=js_sort_key)]


def entry(date: str, place: int, text: str) -> Document:
    return Document(
        path=f"{date.replace('-', '/')}/#n{place}", date=dt.date.fromisoformat(date), headline="", text=text
    )


def test_shards_stand_in_utf16_order_and_lose_no_row() -> None:
    """U+FF5E comes before U+10330 by code point and after it in JavaScript."""
    lines = lines_of(by_day([*written_entries(), entry("2023-06-03", 1, "～ａ ꙁ 𐌰𐌱 ﷲ zebra")]))
    parts = list(split_shards(lines, 100))
    assert [line for _, held in parts for line in held] == lines
    assert len(parts) > 5
    terms = [line.term for line in lines]
    assert terms == sorted(terms, key=lambda term: term.encode("utf-16-be"))
    for (key, held), (following, _) in itertools.pairwise(parts):
        assert js_sort_key(key) <= js_sort_key(held[0].term)
        assert js_sort_key(held[-1].term) < js_sort_key(following)


LINES = st.dictionaries(st.text("abc", min_size=1, max_size=7), st.integers(20, 160), min_size=1, max_size=40)


def shards_of(lines: list[EncodedTerm], least: int) -> tuple[list[Shard], dict[bytes, bytes]]:
    made, scripts = write_shards("base", split_shards(lines, least))
    return list(made), scripts


@given(LINES, LINES, st.integers(100, 400))
def test_lines_changed_in_some_shards_are_cut_as_if_all_were(
    before: dict[str, int], change: dict[str, int], least: int
) -> None:
    """A change to a multiple of three takes its line out."""

    def written(sizes: dict[str, int]) -> list[EncodedTerm]:
        return [
            EncodedTerm(term, json.dumps([term, 0, [1] * (size // 3), "#"]), 1) for term, size in sorted(sizes.items())
        ]

    old, scripts = shards_of(written(before), least)
    after = {term: size for term, size in {**before, **change}.items() if term not in change or size % 3}
    lines = {line.term: line for line in written(after)}
    if not lines:
        return
    keys = [js_sort_key(shard.key) for shard in old]
    held: dict[int, list[EncodedTerm]] = {bisect_right(keys, js_sort_key(term)) - 1: [] for term in change}
    for term, line in lines.items():
        held.get(bisect_right(keys, js_sort_key(term)) - 1, []).append(line)
    made, _ = write_shards("base", resplit_shards(old, held, least, lambda shard: load_shard(scripts[shard.digest])))
    assert list(made) == shards_of(list(lines.values()), least)[0]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=2, unique=True))
def test_a_key_separates_two_terms(terms: list[str]) -> None:
    previous, term = sorted(terms, key=js_sort_key)[:2]
    key = shortest_separator(previous, term)
    assert js_sort_key(previous) < js_sort_key(key) <= js_sort_key(term)


@given(st.integers(0, 0x10FFFF - 35 - 0x800))
def test_a_length_is_one_character_that_utf8_can_hold(length: int) -> None:
    code = ord(encode_length(length).encode().decode())
    assert (code if code < 0xE000 else code - 0x800) - 35 == length


@given(st.integers(1, 400))
def test_card_files_are_even_and_small(count: int) -> None:
    assert count - results_per_file(count) * (-(-count // results_per_file(count)) - 1) > 0
    assert results_per_file(count) <= RESULTS_PER_FILE


def front_decoded(lines: str) -> list[str]:
    key, read = "", []
    for line in lines.split("\n"):
        key = key[: int(line[0])] + line[1:]
        read.append(key)
    return read


def test_front_coding_can_be_undone() -> None:
    keys = ["", "bal", "balan", "𐌰", "𐌰𐌱", "𐌲"]
    assert front_decoded(front_code(keys)) == keys


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
    bounds = ShardLimits("recent", 100, 20)
    for count in (200, 2000):
        lines = lines_of(by_day(invented_entries(count)))
        assert 5 < len(list(split_shards(lines, bounds.least_of(text_size(lines))))) <= 21


def test_families_reach_the_manifest() -> None:
    made = search_files(by_day(written_entries()), [["Almera", "Almira"]])
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
    words = set(Analyzer().terms(old.text)) | {"qqueue"}
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
    assert search_files(reversed(days)) == search_files(days)
    with pytest.raises(ArchiveError, match="2023-06-02 twice"):
        search_files([*days, days[-1]])


def test_a_day_that_gives_other_documents_than_it_says_is_named() -> None:
    day = SearchDay(dt.date(2023, 6, 2), 2, bytes(16), tuple)
    with pytest.raises(ArchiveError, match="2 entries on 2023-06-02 and given 0"):
        list(index_files([day], BuildCache(None)))


def test_only_changed_days_are_asked_for_documents(tmp_path: Path) -> None:
    documents = invented_entries(120)
    files(documents, tmp_path / "store")
    changed = documents[30]
    days = by_day([msgspec.structs.replace(d, text="zephyr") if d is changed else d for d in documents])
    asked: list[dt.date] = []

    def asking(day: SearchDay) -> SearchDay:
        return msgspec.structs.replace(day, documents=lambda: asked.append(day.date) or day.documents())

    store = BuildCache(tmp_path / "store")
    made = list(index_files([asking(day) for day in to_search_days(days)], store))
    store.close()
    assert asked == [changed.date]
    written = {file.path: file.render() for file in made}
    assert written == search_files(days)


def edited(days: Days, chance: random.Random) -> Days:
    """Give days after one to three of the changes that an archive sees, now and then at its end."""
    known = dict(days)
    for _ in range(chance.randint(1, 3)):
        kind, date = chance.random(), chance.choice([*known, *[max(known)] * 3])
        documents = list(known[date])
        place = chance.randrange(len(documents))
        if kind < 0.2:
            known[max(known) + dt.timedelta(days=chance.choice([1, 4, 40]))] = known[date]
        elif kind < 0.3 and len(known) > 2:
            del known[date]
        elif kind < 0.6:
            documents.insert(place, chance.choice(known[chance.choice([*known])]))
            known[date] = tuple(documents)
        elif kind < 0.7 and len(documents) > 1:
            known[date] = (*documents[:place], *documents[place + 1 :])
        else:
            text = f"{documents[place].text} {''.join(chance.choices('aegrv𐌰1', k=3))} grain"
            topics = tuple(chance.sample(["almera", "aviation"], k=chance.randint(0, 2)))
            documents[place] = msgspec.structs.replace(documents[place], text=text, topics=topics)
            known[date] = tuple(documents)
    return sorted((date, tuple(msgspec.structs.replace(d, date=date) for d in day)) for date, day in known.items())


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("least", "parts"), [(120, 4_000), (100, 20), (1_500, 4_000)])
def test_changed_days_give_what_a_build_from_nothing_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, least: int, parts: int
) -> None:
    """Small shards, so that boundaries are met, moved and lost."""
    monkeypatch.setattr(index, "BASE_LIMITS", ShardLimits("base", least, parts))
    monkeypatch.setattr(index, "RECENT_LIMITS", ShardLimits("recent", least, 12))
    chance = random.Random(seed)
    days = by_day(invented_entries(90))
    search_files(days, store=tmp_path / "store")
    for _ in range(8):
        days = edited(days, chance)
        assert search_files(days, store=tmp_path / "store") == search_files(days)


def test_shards_grow_with_their_segment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A longer segment has longer shards, those too that hold nothing of what came."""
    monkeypatch.setattr(index, "RECENT_LIMITS", ShardLimits("recent", 100, 20))
    chance = random.Random(1)
    words = ["".join(chance.choices("abcdefghik", k=6)) for _ in range(1_500)]
    texts = [" ".join(words[start : start + 50]) for start in range(0, 1_500, 50)]
    documents = [entry(f"2023-06-{place + 1:02d}", 1, text) for place, text in enumerate(texts)]
    documents[-1] = entry("2023-06-30", 1, " ".join(f"z{number}" for number in range(150)))
    before = files(documents[:-1], tmp_path / "store")
    after = files(documents, tmp_path / "store")
    assert after == files(documents)
    assert len(before.keys() - after.keys()) > 15


def damaged(store: Path, damage: Callable[[bytes], bytes]) -> None:
    """Alter everything that a store keeps, so that its sums still agree."""
    with contextlib.closing(sqlite3.connect(store)) as rows, rows:
        for key, data in rows.execute("SELECT key, data FROM made").fetchall():
            altered = damage(data)
            rows.execute("UPDATE made SET data = ?, sum = ? WHERE key = ?", (altered, crc32(altered, crc32(key)), key))


def test_what_the_store_lost_is_made_again(tmp_path: Path) -> None:
    documents = invented_entries(120)
    plain, store = files(documents), tmp_path / "store"
    assert files(documents, store) == plain
    assert files(documents, store) == plain
    damaged(store, lambda data: b"\xff")
    assert files(documents, store) == plain
    for kind in (b"Daybook", b"\x94"):
        altered = [*documents[:-1], msgspec.structs.replace(documents[-1], text=f"zephyr {kind!r}")]
        with contextlib.closing(sqlite3.connect(store)) as rows, rows:
            rows.execute("DELETE FROM made WHERE substr(data, 1, ?) = ?", (len(kind), kind))
        assert files(altered, store) == files(altered)
