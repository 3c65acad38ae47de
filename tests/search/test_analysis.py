"""Text to terms as lunr does it, where lunr's two halves disagree as we do; and lunr.js itself."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from searched_site import by_day, invented_entries, written_entries

from daybook.core.errors import ArchiveError
from daybook.search.analysis import Analyzer, fold, term_of, whole_index_builder
from daybook.search.document import FIELDS, field_texts
from daybook.search.segments import choose_doc_ids, collect_postings
from daybook.search.term_counts import count_day
from daybook.site.views import theme
from daybook.site.views.theme import check_lunr_script, lunr_script, lunr_source


def test_rows_are_stock_lunrs() -> None:
    """Same terms, same order of first appearance, same frequencies, lengths and document counts."""
    documents = [*written_entries(), *invented_entries(60)]
    documents.sort(key=lambda document: document.date)
    builder = whole_index_builder()
    for number, document in enumerate(documents):
        texts = zip(FIELDS, map(fold, field_texts(document)), strict=True)
        builder.add({"ref": str(number), **dict(texts)})
    days = by_day(documents)
    codes = choose_doc_ids([(date, len(day)) for date, day in days])
    places = [(date, place) for date, day in days for place in range(len(day))]
    numbers = {codes.doc_id(date, place): number for number, (date, place) in enumerate(places)}
    rows = collect_postings([count_day(date, day, Analyzer()) for date, day in days], codes)
    terms = {term: row for term, row in rows.items() if not term.startswith(" ")}

    def first_place(term: str) -> tuple[int, int, int]:
        firsts = [(field[0], place) for place, field in enumerate(terms[term].fields) if field]
        return *min(firsts), terms[term].rank

    assert sorted(terms, key=first_place) == list(builder.inverted_index)
    for term, row in terms.items():
        for name, field in zip(FIELDS, row.fields, strict=True):
            postings = zip(field[::3], field[1::3], field[2::3], strict=True)
            ours = {str(numbers[code]): (tf, length) for code, tf, length in postings}
            assert ours == {
                ref: (
                    builder.field_term_frequencies[f"{name}/{ref}"][term],
                    builder.field_lengths[f"{name}/{ref}"],
                )
                for ref in builder.inverted_index[term][name]
            }


FOLDED = {
    "Turkey’s attack—killing two": ["turkey", "attack", "kill", "two"],
    "money today Friday": ["money", "today", "friday"],
    "F‑16 Su-35s S–300": ["f", "16", "f16", "su", "35", "su35", "s", "300", "s300"],
    "2023-06-02": ["2023", "06", "02", "20230602"],
    "a well-known port-to-port route": ["well", "known", "port", "port", "rout"],
    "U.S. u.k. 3.5 2,500 1,2345": ["us", "uk", "3.5", "2500", "1", "2345"],
    "Türkiye Łódź Århus Київ": ["turkiy", "lodz", "arhu", "київ"],
    '"don\'t," O’Hara’s': ["dont", "ohara"],
    "😀 … — - '": [],
    f"{'x' * 63}’yy {'ё' * 65}'s": [f"{'x' * 63}i", "ё" * 64],
    f"{'1' * 63}.5": ["1" * 63],
}


@pytest.mark.parametrize("text", FOLDED, ids=str)
def test_terms(text: str) -> None:
    assert Analyzer().terms(text) == FOLDED[text]


SIGNS = st.sampled_from(list(" \n\t\u00a0\u2028\u3000\x1c\x85.,'’-–—1a2BéΣς\u0301\u200b"))


@given(st.text() | st.text(SIGNS))
def test_no_rule_looks_across_white_space(text: str) -> None:
    """What the analyser's memory rests on."""
    assert [word for run in text.split() for word in fold(run).split()] == fold(text).split()


PLAIN = st.from_regex(r"[\"(]?[A-Za-z]{1,9}(['’]s)?[.,;:!?)”\"'’-]{0,2}", fullmatch=True)


@given(PLAIN | st.text(SIGNS))
def test_what_is_not_folded_has_the_same_terms(text: str) -> None:
    """Runs of plain letters take a short cut past `fold`."""
    assert Analyzer().terms(text) == [term for term in map(term_of, fold(text).split()) if term]


@given(st.text())
def test_folding_twice_changes_nothing_but_joined_forms(text: str) -> None:
    once = fold(text)
    assert not re.search(r"[A-Z\s-]", once.replace(" ", ""))
    assert fold(once) == once


def test_lunr_is_minified_with_its_notice() -> None:
    path, script = lunr_script()
    assert re.fullmatch(r"search/lunr\.[0-9a-f]{8}\.js", path)
    assert b"MIT" in script[:120] and b"Oliver Nightingale" in script[:120]
    assert b"Permission is hereby granted" in script and b"NONINFRINGEMENT" in script
    assert len(script) < 45_000 < lunr_source().stat().st_size


def test_an_altered_lunr_is_refused(tmp_path: Path) -> None:
    altered = tmp_path / "lunr.js"
    altered.write_bytes(lunr_source().read_bytes() + b"\n")
    with pytest.raises(ArchiveError, match=r"install requirements/lunr-js\.lock"):
        check_lunr_script(altered)
    with pytest.raises(ArchiveError, match="cannot be read"):
        check_lunr_script(tmp_path / "absent.js")


def test_an_absent_lunr_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "find_spec", lambda name: None)
    with pytest.raises(ArchiveError, match="not installed: install"):
        lunr_script()
