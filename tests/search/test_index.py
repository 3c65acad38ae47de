"""Index files: stable boundaries and segments, complete content, and a cache that changes nothing."""

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
from searched_site import Days, by_day, invented_entries, search_files, single_files, to_search_days, written_entries

from daybook.core.errors import ArchiveError
from daybook.incremental.cache import BuildCache
from daybook.search import index
from daybook.search.analysis import Analyzer
from daybook.search.document import RESULTS_PER_FILE, Document, SearchDay, entries_per_file, file_count
from daybook.search.families import FamilyFinder, Forms, Keyed
from daybook.search.index import MANIFEST_PATH, WORDS_PATH, index_files
from daybook.search.postings import (
    EncodedTerm,
    PostingsList,
    decode_numbers,
    encode_length,
    encode_number,
    encode_term,
    front_code,
    js_sort_key,
)
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


def received(script: bytes) -> Any:
    """Return the value that a script passes to `Daybook.receive`."""
    found = re.fullmatch(r'Daybook\.receive\("[^"]+",(.*)\);\n', script.decode(), re.DOTALL)
    assert found
    return json.loads(found[1])


def files(documents: list[Document], cache: Path | None = None) -> dict[str, bytes]:
    return search_files(by_day(documents), cache=cache)


def encoded_terms(days: Days) -> list[EncodedTerm]:
    doc_ids = choose_doc_ids((date, len(day)) for date, day in days)
    postings = collect_postings([count_day(date, day, Analyzer()) for date, day in days], doc_ids)
    return [encode_term(term, postings[term]) for term in sorted(postings, key=js_sort_key)]


def entry(date: str, position: int, text: str) -> Document:
    return Document(
        path=f"{date.replace('-', '/')}/#n{position}", date=dt.date.fromisoformat(date), headline="", text=text
    )


def test_shards_are_in_utf16_order_and_complete() -> None:
    """U+FF5E comes before U+10330 by code point and after it in JavaScript."""
    terms = encoded_terms(by_day([*written_entries(), entry("2023-06-03", 1, "～ａ ꙁ 𐌰𐌱 ﷲ zebra")]))
    shards = list(split_shards(terms, 100))
    assert [term for _, part in shards for term in part] == terms
    assert len(shards) > 5
    names = [term.term for term in terms]
    assert names == sorted(names, key=lambda name: name.encode("utf-16-be"))
    for (key, part), (next_key, _) in itertools.pairwise(shards):
        assert js_sort_key(key) <= js_sort_key(part[0].term)
        assert js_sort_key(part[-1].term) < js_sort_key(next_key)


TERM_SIZES = st.dictionaries(st.text("abc", min_size=1, max_size=7), st.integers(20, 160), min_size=1, max_size=40)


def shards_of(terms: list[EncodedTerm], min_size: int) -> tuple[list[Shard], dict[bytes, bytes]]:
    shards, scripts = write_shards("base", split_shards(terms, min_size), (), lambda shard: [])
    return list(shards), scripts


@given(TERM_SIZES, TERM_SIZES, st.integers(100, 400))
def test_splitting_changed_shards_equals_splitting_all(
    before: dict[str, int], change: dict[str, int], min_size: int
) -> None:
    """A term whose changed size is a multiple of three is removed."""

    def encoded(sizes: dict[str, int]) -> list[EncodedTerm]:
        return [
            encode_term(term, PostingsList(0, ([n for i in range(size // 3) for n in (i, 1, 5)], [], [])))
            for term, size in sorted(sizes.items())
        ]

    old, scripts = shards_of(encoded(before), min_size)
    after = {term: size for term, size in {**before, **change}.items() if term not in change or size % 3}
    terms = {term.term: term for term in encoded(after)}
    if not terms:
        return
    keys = [js_sort_key(shard.key) for shard in old]
    changed: dict[int, list[EncodedTerm]] = {bisect_right(keys, js_sort_key(name)) - 1: [] for name in change}
    for name, term in terms.items():
        changed.get(bisect_right(keys, js_sort_key(name)) - 1, []).append(term)
    parts = resplit_shards(old, changed, min_size, lambda shard: load_shard(scripts[shard.digest]))
    shards, _ = write_shards("base", parts, (), lambda shard: [])
    assert list(shards) == shards_of(list(terms.values()), min_size)[0]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=2, unique=True))
def test_a_key_separates_two_terms(terms: list[str]) -> None:
    previous, term = sorted(terms, key=js_sort_key)[:2]
    key = shortest_separator(previous, term)
    assert js_sort_key(previous) < js_sort_key(key) <= js_sort_key(term)


@given(st.integers(0, 0x10FFFF - 35 - 0x800))
def test_an_encoded_length_is_one_character_of_utf8(length: int) -> None:
    code = ord(encode_length(length).encode().decode())
    assert (code if code < 0xE000 else code - 0x800) - 35 == length


@given(st.lists(st.one_of(st.integers(0, 40_000), st.integers(0, 1 << 40)), max_size=8))
def test_encoded_numbers_can_be_read_one_after_the_other(numbers: list[int]) -> None:
    text = "".join(map(encode_number, numbers))
    assert list(decode_numbers(text)) == numbers
    assert text.encode("utf-16-be").decode("utf-16-be") == text and " " not in text


@given(st.integers(1, 400))
def test_result_files_are_small_and_evenly_filled(count: int) -> None:
    each = entries_per_file(count)
    assert each <= RESULTS_PER_FILE
    assert 0 < count - each * (file_count(count) - 1) <= each


def front_decoded(lines: str) -> list[str]:
    term, terms = "", []
    for line in lines.split("\n"):
        term = term[: int(line[0])] + line[1:]
        terms.append(term)
    return terms


def test_front_coding_can_be_undone() -> None:
    keys = ["", "bal", "balan", "𐌰", "𐌰𐌱", "𐌲"]
    assert front_decoded(front_code(keys)) == keys


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12), st.text(st.characters(exclude_categories=["Cs"]))
)
def test_different_keys_have_different_file_names(key: str, other: str) -> None:
    name, others = shard_name("base", key, "3fa9"), shard_name("base", other, "3fa9")
    assert re.fullmatch(r"base-[a-z0-9_]*-3fa9", name)
    assert (name == others) == (key == other)


def test_the_vocabulary_has_every_term() -> None:
    index_by_path = files(written_entries())
    lines, classes = received(index_by_path["search/vocabulary-recent.js"])
    shards = [load_shard(script) for path, script in index_by_path.items() if "/recent-" in path]
    postings = {term.term: term for terms in shards for term in terms}
    terms = front_decoded(lines)
    assert terms == list(postings)
    most_frequent = terms[classes.index(max(classes))]
    assert postings[most_frequent].documents >= 1 << int(max(classes))


def test_the_facets_have_the_values_of_each_document() -> None:
    written = [d for d in written_entries() if d.date >= dt.date(2023, 4, 1)]
    outlets = [(), ("Tideway",), ("Tideway", "The Lenne\nPost"), ("Tideway",), ("", "Tideway")]
    documents = [
        msgspec.structs.replace(document, outlets=names, lang=lang)
        for document, names, lang in zip(written, itertools.cycle(outlets), itertools.cycle(["en", "pt-BR"]))
    ]
    built = files(documents)
    decoded: dict[str, list[set[str]]] = {}
    for part in ("base-2020", "recent-2020"):
        for name, (values, sets, characters) in received(built[f"search/facets-{part}.js"]).items():
            found = [{values[position] for position in sets[ord(character) - 35]} for character in characters]
            decoded.setdefault(name, []).extend(found)
    assert decoded["topic"] == [set(document.topics) for document in documents]
    assert decoded["lang"] == [{document.lang} for document in documents]
    named = [{" ".join(name.split()) for name in document.outlets if name} for document in documents]
    assert decoded["outlet"] == named


def test_the_recent_segment_has_a_limited_number_of_shards() -> None:
    """Each added day changes nearly all of them."""
    limits = ShardLimits("recent", 100, 20)
    for count in (200, 2000):
        terms = encoded_terms(by_day(invented_entries(count)))
        assert 5 < len(list(split_shards(terms, limits.min_size_for(text_size(terms))))) <= 21


def test_the_manifest_has_the_synonyms() -> None:
    index_by_path = search_files(by_day(written_entries()), [["Almera", "Almira"]])
    assert received(index_by_path[MANIFEST_PATH])["synonyms"] == [["Almera", "Almira"]]


def test_a_new_day_does_not_change_the_base_segment() -> None:
    documents = invented_entries(200)
    before = files(documents)
    new = entry((documents[-1].date + dt.timedelta(days=1)).isoformat(), 1, "pilot zephyr")
    after = files([*documents, new])
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert changed
    assert all(
        re.match(
            r"search/(recent-|vocabulary-recent|facets-recent|manifest|words|(days|texts)/"
            + new.date.isoformat()
            + ")",
            path,
        )
        for path in changed
    )
    assert any(path.startswith("search/base-") for path in before)


def test_an_added_word_changes_only_its_own_shards() -> None:
    documents = invented_entries(600)
    old = documents[30]
    altered = Document(path=old.path, date=old.date, headline=old.headline, text=old.text + " qqueue")
    before, after = files(documents), files([altered if d is old else d for d in documents])
    # The text is one term longer, so every shard with one of its terms changes, but no boundary does.
    words = set(Analyzer().words(old.text)) | {"qqueue"}
    for path in after.keys() - before.keys():
        if path.startswith("search/base-"):
            assert words & {term.term for term in load_shard(after[path])}


def test_a_result_file_has_what_a_result_shows() -> None:
    date, number, results = received(files(written_entries())["search/days/2023-06-01-0.js"])
    assert (date, number) == ("2023-06-01", 464)
    first = results[0]
    assert first[:4] == ["2023/06/01/#t2140", "21:40", "Sirens sounded in the lower town", 1]
    assert first[4].startswith("Sirens") and first[5:] == [["almera"], [], "en", ["Almera"]]


def test_a_result_file_has_whole_texts() -> None:
    text = "Pilots waited. " * 40
    results = received(files([entry("2023-06-01", 1, text)])["search/days/2023-06-01-0.js"])[2]
    assert results[0][4] == text


FORMS = {
    "en": "missile missiles ferry ferries ran left",
    "de": "Haus Häuser Städte geräumt räumte sagte beschlossen Nächte Geschäft Schaf",
    "he": "העיר עיר",
    "ar": "القصف والطريق الوزراء",
    "pt": "região pães",
    "uk": "корабель кораблі кораблями місто міста порт мешканці мешканець річці річка у Києві",
}


def families(script: bytes) -> set[tuple[str, ...]]:
    return {tuple(front_decoded(line.replace(" ", "\n"))) for line in received(script)[4].split("\n") if line}


def in_language(date: str, position: int, lang: str, text: str) -> Document:
    return msgspec.structs.replace(entry(date, position, text), lang=lang)


def test_a_shard_has_the_families_of_its_words_in_the_language_of_the_entry() -> None:
    days = by_day([in_language("2023-06-01", n, lang, text) for n, (lang, text) in enumerate(FORMS.items())])
    found = set().union(*(families(script) for path, script in search_files(days).items() if "/recent-" in path))
    expected = {("missile", "missiles"), ("ferries", "ferry"), ("haus", "hauser"), ("העיר", "עיר", "ערים")}
    expected |= {("ran", "run"), ("geraumt", "raumen", "raumte"), ("beschliessen", "beschloss", "beschlossen")}
    expected |= {("regiao", "regioes"), ("paes", "pao"), ("الوزراء", "وزراء", "وزير")}
    expected |= {("корабель", "кораблями", "кораблі"), ("міста", "місто"), ("мешканець", "мешканці")}
    expected |= {("річка", "річці"), ("києві", "київ"), ("القصف", "قصف"), ("طرق", "طرقات", "طريق", "والطريق")}
    assert expected <= found
    assert not any("порт" in family for family in found)
    alone = {"left", "stadte", "nachte", "schaf"}
    assert not any(alone & {*family} for family in found)


def test_families_after_changes_are_those_of_all_forms() -> None:
    words = {
        "de": "räumen räumte geräumt raumen abgesagt absagen sagte gesagt Häfen Hafen hafens gebiet",
        "en": "ship ships shipped shipping went go goes gone river rivers river's 2031",
        "uk": "київ києва києві корабель кораблі стіл столи річка річці річкою",
        "he": "ספינה הספינה ספינות והספינות גשר הגשרים גשרים",
        "ar": "سفينة السفينة والسفينة سفن السفن",
        "pt": "navio navios balão balões ação",
    }
    choose, finder = random.Random(5), FamilyFinder()

    def some_forms() -> Forms:
        return {
            language: {form: 1 for form in sorted(text.lower().split()) if choose.random() < 0.6}
            for language, text in words.items()
            if choose.random() < 0.8
        }

    forms: Forms = {}
    keyed: Keyed = {}
    for _ in range(200):
        before, forms = forms, some_forms()
        keyed = finder.regroup(keyed, before, forms)
        assert list(keyed.items()) == list(finder.group(forms).items())


def test_words_of_two_languages_do_not_join_their_families() -> None:
    """`die` is a verb in English and an article in German."""
    days = by_day(
        [in_language("2023-06-01", 1, "en", "die dies"), in_language("2023-06-01", 2, "de", "die Dieser Diesen")]
    )
    found = set().union(*(families(script) for path, script in search_files(days).items() if "/recent-" in path))
    assert all(not ({"dies", "dieser"} <= set(family)) for family in found)
    assert ("die", "dies") in found


def test_a_new_form_of_an_old_word_changes_no_file_of_the_base() -> None:
    """The recent segment has the family of both."""
    documents = [entry("2023-01-10", 1, "A missile fell."), entry("2023-06-01", 1, "The harbour was calm.")]
    before = files(documents)
    after = files([*documents, entry("2023-06-02", 1, "Missiles fell.")])
    base = [path for path in before if path.startswith("search/base-")]
    assert base and all(before[path] == after[path] for path in base)
    recent = set().union(*(families(script) for path, script in after.items() if path.startswith("search/recent-")))
    assert ("missile", "missiles") in recent


def test_an_empty_archive_has_a_manifest() -> None:
    index_by_path = files([])
    assert list(index_by_path) == [MANIFEST_PATH, WORDS_PATH]
    assert received(index_by_path[MANIFEST_PATH])["segments"] == []


def test_days_may_come_in_any_order_but_not_twice() -> None:
    days = by_day(written_entries())
    assert search_files(reversed(days)) == search_files(days)
    with pytest.raises(ArchiveError, match="2023-06-02 twice"):
        search_files([*days, days[-1]])


def test_a_wrong_number_of_documents_is_an_error() -> None:
    day = SearchDay(dt.date(2023, 6, 2), 2, bytes(16), tuple)
    with pytest.raises(ArchiveError, match="expects 2 entries on 2023-06-02 but got 0"):
        single_files(index_files([day], BuildCache(None)))


def test_only_changed_days_are_asked_for_documents(tmp_path: Path) -> None:
    documents = invented_entries(120)
    files(documents, tmp_path / "cache")
    changed = documents[30]
    days = by_day([msgspec.structs.replace(d, text="zephyr") if d is changed else d for d in documents])
    asked: list[dt.date] = []

    def asking(day: SearchDay) -> SearchDay:
        return msgspec.structs.replace(day, documents=lambda: asked.append(day.date) or day.documents())

    cache = BuildCache(tmp_path / "cache")
    output_files = single_files(index_files([asking(day) for day in to_search_days(days)], cache))
    cache.close()
    assert asked == [changed.date]
    assert {file.path: file.render() for file in output_files} == search_files(days)


def edited(days: Days, chance: random.Random) -> Days:
    """Return days after one to three of the changes that happen to an archive, often to its last day."""
    known = dict(days)
    for _ in range(chance.randint(1, 3)):
        kind, date = chance.random(), chance.choice([*known, *[max(known)] * 3])
        documents = list(known[date])
        position = chance.randrange(len(documents))
        if kind < 0.2:
            known[max(known) + dt.timedelta(days=chance.choice([1, 4, 40]))] = known[date]
        elif kind < 0.3 and len(known) > 2:
            del known[date]
        elif kind < 0.6:
            documents.insert(position, chance.choice(known[chance.choice([*known])]))
            known[date] = tuple(documents)
        elif kind < 0.7 and len(documents) > 1:
            known[date] = (*documents[:position], *documents[position + 1 :])
        else:
            text = f"{documents[position].text} {''.join(chance.choices('aegrv𐌰1', k=3))} grain"
            topics = tuple(chance.sample(["almera", "aviation"], k=chance.randint(0, 2)))
            documents[position] = msgspec.structs.replace(documents[position], text=text, topics=topics)
            known[date] = tuple(documents)
    return sorted((date, tuple(msgspec.structs.replace(d, date=date) for d in day)) for date, day in known.items())


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("min_size", "max_count"), [(120, 4_000), (100, 20), (1_500, 4_000)])
def test_an_updated_index_equals_one_built_from_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, min_size: int, max_count: int
) -> None:
    """Small shards, so that boundaries are kept, moved and removed."""
    monkeypatch.setattr(index, "BASE_LIMITS", ShardLimits("base", min_size, max_count))
    monkeypatch.setattr(index, "RECENT_LIMITS", ShardLimits("recent", min_size, 12))
    chance = random.Random(seed)
    days = by_day(invented_entries(90))
    search_files(days, cache=tmp_path / "cache")
    for _ in range(8):
        days = edited(days, chance)
        assert search_files(days, cache=tmp_path / "cache") == search_files(days)


def test_the_minimum_shard_size_grows_with_the_segment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shards without a changed term are split again too."""
    monkeypatch.setattr(index, "RECENT_LIMITS", ShardLimits("recent", 100, 20))
    chance = random.Random(1)
    words = ["".join(chance.choices("abcdefghik", k=6)) for _ in range(1_500)]
    texts = [" ".join(words[start : start + 50]) for start in range(0, 1_500, 50)]
    documents = [entry(f"2023-06-{day:02d}", 1, text) for day, text in enumerate(texts, 1)]
    documents[-1] = entry("2023-06-30", 1, " ".join(f"z{number}" for number in range(150)))
    before = files(documents[:-1], tmp_path / "cache")
    after = files(documents, tmp_path / "cache")
    assert after == files(documents)
    assert len(before.keys() - after.keys()) > 15


def damage_cache(cache: Path, damage: Callable[[bytes], bytes]) -> None:
    """Alter all data in a cache file and make its checksums match."""
    with contextlib.closing(sqlite3.connect(cache)) as database, database:
        for key, data in database.execute("SELECT key, data FROM cache").fetchall():
            altered = damage(data)
            database.execute(
                "UPDATE cache SET data = ?, sum = ? WHERE key = ?", (altered, crc32(altered, crc32(key)), key)
            )


def test_what_the_cache_lost_is_built_again(tmp_path: Path) -> None:
    documents = invented_entries(120)
    expected, cache = files(documents), tmp_path / "cache"
    assert files(documents, cache) == expected
    assert files(documents, cache) == expected
    damage_cache(cache, lambda data: b"\xff")
    assert files(documents, cache) == expected
    for start in (b"Daybook", b"\x94"):  # shards, then term counts
        altered = [*documents[:-1], msgspec.structs.replace(documents[-1], text=f"zephyr {start!r}")]
        with contextlib.closing(sqlite3.connect(cache)) as database, database:
            database.execute("DELETE FROM cache WHERE substr(data, 1, ?) = ?", (len(start), start))
        assert files(altered, cache) == files(altered)
