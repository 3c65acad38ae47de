"""Terms and postings compared with stock lunr, and the check of lunr.js."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from searched_site import by_day, invented_entries, written_entries
from whole_index import whole_index_builder

from daybook.core.errors import ArchiveError
from daybook.search.analysis import Analyzer, fold
from daybook.search.document import FIELDS, field_texts
from daybook.search.segments import choose_doc_ids, collect_postings
from daybook.search.term_counts import count_day
from daybook.site.views import theme
from daybook.site.views.theme import check_lunr_script, lunr_script, lunr_source


def test_postings_equal_those_of_stock_lunr() -> None:
    """Same terms, order of first appearance, frequencies, lengths and document counts."""
    documents = [*written_entries(), *invented_entries(60)]
    documents.sort(key=lambda document: document.date)
    builder = whole_index_builder()
    for number, document in enumerate(documents):
        texts = zip(FIELDS, map(fold, field_texts(document)), strict=True)
        builder.add({"ref": str(number), **dict(texts)})
    days = by_day(documents)
    doc_ids = choose_doc_ids([(date, len(day)) for date, day in days])
    positions = [(date, position) for date, day in days for position in range(len(day))]
    numbers = {doc_ids.doc_id(date, position): number for number, (date, position) in enumerate(positions)}
    postings = collect_postings([count_day(date, day, Analyzer()) for date, day in days], doc_ids)
    terms = postings

    def first_appearance(term: str) -> tuple[int, int, int]:
        firsts = [(field[0], position) for position, field in enumerate(terms[term].fields) if field]
        return *min(firsts), terms[term].rank

    assert sorted(terms, key=first_appearance) == list(builder.inverted_index)
    for term, term_postings in terms.items():
        for name, field in zip(FIELDS, term_postings.fields, strict=True):
            triples = zip(field[::3], field[1::3], field[2::3], strict=True)
            ours = {str(numbers[doc_id]): (frequency, length) for doc_id, frequency, length in triples}
            assert ours == {
                ref: (
                    builder.field_term_frequencies[f"{name}/{ref}"][term],
                    builder.field_lengths[f"{name}/{ref}"],
                )
                for ref in builder.inverted_index[term][name]
            }


WORDS = {
    "Turkey’s attack—killing two": ["turkey", "attack", "killing", "two"],
    "money today Friday": ["money", "today", "friday"],
    "F‑16 Su-35s S–300": ["f", "16", "f16", "su", "35s", "su35s", "s", "300", "s300"],
    "2023-06-02 1-1": ["2023", "06", "02", "1", "1"],
    "a 72-hour, well-known port-to-port route": [
        "a",
        "72",
        "hour",
        "72hour",
        "well",
        "known",
        *["port", "to", "port", "route"],
    ],
    "U.S. u.k. 3.5 2,500 1,2345": ["us", "uk", "3.5", "2500", "1", "2345"],
    "Türkiye Łódź Århus Київ": ["turkiye", "lodz", "arhus", "київ"],
    '"don\'t," O’Hara’s': ["dont", "ohara", "hara"],
    "l’armée İstanbul'da": ["larmee", "armee", "istanbulda", "istanbul"],
    "😀 … — - '": [],
    f"{'x' * 63}’yy {'щ' * 65}'s": [f"{'x' * 63}y", "x" * 63, "щ" * 64],
    f"{'1' * 63}.5": ["1" * 63],
    "ΑΘΗΝΑΣ Μαΐου": ["αθηνασ", "μαιου"],
    "Украї́на съёмка йод": ["україна", "съемка", "йод"],
    "مُدَرِّسَة إلى ٣٤": ["مدرسه", "الي", "34"],
    'צה"ל שָׁלוֹם': ["צהל", "שלום"],
    "हिन्दी हिंदी की मन्त्री": ["हिंदी", "हिंदी", "की", "मंत्री"],
    "लड़कियाँ लडकियां अन्न": ["लडकियां", "लडकियां", "अन्न"],
    "dell'alba d’Aujourd’hui qu'il l'UE ma'am": [
        *("dellalba", "alba", "daujourdhui", "aujourdhui", "quil", "il", "lue", "ue", "maam"),
    ],
    "п'ять п’ять пʼять so\u00adft ﬁre Ｆ１６ ๒๐ ৩": ["пять", "ять"] * 3 + ["soft", "fire", "f16", "20", "3"],
    "北京市2発 ｶｰｺﾞ": ["北京", "京市", "2", "発", "市", "カー", "ーゴ", "ゴ"],
    "서울에서 กขค": ["서울", "울에", "에서", "서", "กข", "ขค", "ค"],
}


@pytest.mark.parametrize("text", WORDS, ids=str)
def test_words(text: str) -> None:
    assert Analyzer().words(text) == WORDS[text]


SIGNS = st.sampled_from(list(" \n\t\u00a0\u2028\u3000\x1c\x85.,'’-–—1a2BéΣς\u0301\u200b"))


@given(st.text() | st.text(SIGNS))
def test_folding_looks_at_one_chunk_at_a_time(text: str) -> None:
    """The analyzer relies on it to remember the terms of chunks."""
    assert [word for chunk in text.split() for word in fold(chunk).split()] == fold(text).split()


PLAIN = st.from_regex(r"[\"(]?[A-Za-z]{1,9}(['’]s)?[.,;:!?)”\"'’-]{0,2}", fullmatch=True)


@given(PLAIN | st.text(SIGNS))
def test_plain_words_are_the_same_without_folding(text: str) -> None:
    """The analyzer does not fold words of ASCII letters."""
    assert Analyzer().words(text) == fold(text).split()


@given(st.text())
def test_folding_twice_changes_nothing_but_joined_forms(text: str) -> None:
    once = fold(text)
    assert not re.search(r"[A-Z\s-]", once.replace(" ", ""))
    assert fold(once) == once


def test_lunr_is_shortened_and_keeps_its_licence() -> None:
    script = lunr_script()
    assert b"MIT" in script[:180] and b"Oliver Nightingale" in script[:180]
    assert b"Permission is hereby granted" in script and b"NONINFRINGEMENT" in script
    assert len(script) < 18_000 < lunr_source().stat().st_size


def test_an_altered_or_missing_lunr_file_is_an_error(tmp_path: Path) -> None:
    altered = tmp_path / "lunr.js"
    altered.write_bytes(lunr_source().read_bytes() + b"\n")
    with pytest.raises(ArchiveError, match=r"install requirements/runtime\.lock"):
        check_lunr_script(altered)
    with pytest.raises(ArchiveError, match="cannot be read"):
        check_lunr_script(tmp_path / "absent.js")


def test_lunr_that_is_not_installed_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "find_spec", lambda name: None)
    with pytest.raises(ArchiveError, match="not installed: install"):
        lunr_script()
