"""The words of the interface: fallback, overlays, and messages for every mistake in a strings file."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest
from paths import ROOT

from daybook.archive.dataset import COLUMNS
from daybook.core.errors import ArchiveError
from daybook.site.views.words import Interface, PluralForms, Words, load_interface, placeholders

ENGLISH = """\
[page]
skip = "Skip"
copy = "Copy"

[day]
label = "{number} of {date}"

[counts.days]
one = "{n} day"
other = "{n} days"
"""


def theme(folder: Path, **files: str) -> Path:
    """Write a theme with strings files, named by their languages with _ for -."""
    (folder / "strings").mkdir(parents=True, exist_ok=True)
    for tag, text in files.items():
        (folder / "strings" / f"{tag.replace('_', '-')}.toml").write_text(text)
    return folder


def load(folder: Path, tag: str, **files: str) -> Interface:
    return load_interface([theme(folder, en=ENGLISH, **files)], tag)


def test_words_are_attributes_and_items(tmp_path: Path) -> None:
    words = load(tmp_path, "en").words
    assert (words.page.copy, words["page"]["skip"]) == ("Copy", "Skip")
    assert [words.counts.days.form(number) for number in (0, 1, 2)] == ["{n} days", "{n} day", "{n} days"]


def test_each_missing_word_comes_from_the_next_language(tmp_path: Path) -> None:
    folder = theme(
        tmp_path,
        en=ENGLISH,
        pt='[page]\nskip = "Saltar"\ncopy = "Copiar"\n',
        pt_BR='[page]\nskip = "Pular"\n',
    )
    interface = load_interface([folder], "pt-BR")
    assert (interface.words.page.skip, interface.words.page.copy) == ("Pular", "Copiar")
    assert interface.words.day.label == "{number} of {date}"
    assert interface.missing == ("counts.days", "day.label")
    assert (interface.language.tag, interface.language.format_tag) == ("pt-BR", "pt-BR")
    # A region without words of its own still has its own dates and numbers.
    african = load_interface([folder], "pt-AO")
    assert (african.words.page.skip, african.language.tag) == ("Saltar", "pt-AO")


def test_words_in_another_script_are_not_used(tmp_path: Path) -> None:
    folder = theme(tmp_path, en=ENGLISH, zh='[page]\nskip = "跳过"\n')
    found = {tag: load_interface([folder], tag).words.page.skip for tag in ("zh-CN", "zh-Hans-SG", "zh-TW", "zh-Hant")}
    assert found == {"zh-CN": "跳过", "zh-Hans-SG": "跳过", "zh-TW": "Skip", "zh-Hant": "Skip"}


def test_the_interface_is_english_without_words_in_the_language_of_the_content(tmp_path: Path) -> None:
    interface = load(tmp_path, "uk")
    assert (interface.language.tag, interface.language.dir, interface.missing) == ("en", "ltr", ())
    with pytest.raises(
        ArchiveError, match=r"strings/uk\.toml: INTERFACE_LANG 'uk': there are words in en only"
    ) as error:
        load_interface([tmp_path], "en", "uk")
    assert str(tmp_path) in str(error.value)


def test_the_interface_may_differ_from_the_content(tmp_path: Path) -> None:
    folder = theme(tmp_path, en=ENGLISH, de='[page]\nskip = "Zum Inhalt"\n')
    assert load_interface([folder], "uk", "de").words.page.skip == "Zum Inhalt"
    assert load_interface([folder], "de", "en").words.page.skip == "Skip"


def test_the_first_folder_that_has_a_word_counts(tmp_path: Path) -> None:
    complete = theme(tmp_path / "theme", en=ENGLISH, de='[page]\nskip = "Zum Inhalt"\ncopy = "Kopieren"\n')
    own = theme(tmp_path / "own", de='[page]\ncopy = "Abschreiben"\n\n[own]\nmotto = "Immer {n}"\n')
    words = load_interface([own, complete], "de").words
    assert (words.page.skip, words.page.copy, words.own.motto) == ("Zum Inhalt", "Abschreiben", "Immer {n}")


def test_a_region_changes_single_words_of_english(tmp_path: Path) -> None:
    complete = theme(tmp_path / "theme", en=ENGLISH)
    own = theme(tmp_path / "own", en_US='[page]\ncopy = "Copy that"\n')
    interface = load_interface([own, complete], "en-US")
    assert (interface.words.page.copy, interface.words.page.skip, interface.missing) == ("Copy that", "Skip", ())


def test_a_missing_word_is_named_with_its_file(tmp_path: Path) -> None:
    words = load(tmp_path, "en").words
    with pytest.raises(ArchiveError, match=r"strings/en\.toml: the word page\.title is missing; add it"):
        _ = words.page.title
    with pytest.raises(ArchiveError, match=r"the word sources is missing"):
        _ = words["sources"]
    assert not hasattr(words, "__html__")


POLISH = '[counts.days]\none = "{n} dzień"\nfew = "{n} dni"\nmany = "{n} dni"\n'
ARABIC = "[counts.days]\n" + "".join(
    f'{name} = "{text}"\n'
    for name, text in {
        "zero": "لا أيام",
        "one": "يوم واحد",
        "two": "يومان",
        "few": "{n} أيام",
        "many": "{n} يومًا",
        "other": "{n} يوم",
    }.items()
)


def test_other_languages_have_other_plural_forms(tmp_path: Path) -> None:
    polish = load(tmp_path, "pl", pl=POLISH).words.counts.days
    assert [polish.form(number) for number in (1, 3, 5, 23)] == ["{n} dzień", "{n} dni", "{n} dni", "{n} dni"]
    interface = load(tmp_path, "ar", ar=ARABIC)
    days = interface.words.counts.days
    assert [days.form(number) for number in (0, 1, 2, 5, 50, 100)] == [
        *("لا أيام", "يوم واحد", "يومان", "{n} أيام", "{n} يومًا", "{n} يوم"),
    ]
    assert interface.language.dir == "rtl"


def test_words_that_are_not_translated_have_the_plural_forms_of_english(tmp_path: Path) -> None:
    days = load(tmp_path, "pl", pl='[page]\nskip = "Do treści"\n').words.counts.days
    assert [days.form(number) for number in (1, 3, 5)] == ["{n} day", "{n} days", "{n} days"]


MISTAKES = {
    "a misspelt word": ('[page]\nskipp = "x"\n', "unknown word page.skipp; did you mean page.skip?"),
    "a misspelt table": ('[pagee]\nskip = "x"\n', "unknown word pagee.skip; did you mean page.skip?"),
    "a new word": ('[slogan]\ntext = "x"\n', "unknown word slogan.text; delete it, or put a word for a template"),
    "a number": ("[page]\nskip = 3\n", "page.skip must be a text in quotation marks"),
    "a list": ('[page]\nskip = ["x"]\n', "page.skip must be a text in quotation marks"),
    "nothing": ('[page]\nskip = " "\n', "page.skip is empty; write a text"),
    "a table for a text": ('[page.skip]\none = "{n}"\nother = "{n}"\n', "page.skip must be a text, not a table"),
    "a text for a table": (
        '[counts]\ndays = "{n} Tage"\n',
        "counts.days must be a table of plural forms (one, other)",
    ),
    "a lost placeholder": ('[day]\nlabel = "Tag {number}"\n', "day.label: the placeholder {date} is missing"),
    "an unknown placeholder": (
        '[day]\nlabel = "{number} am {datum}"\n',
        "day.label: unknown placeholder {datum}; this word has {date}, {number}",
    ),
    "a placeholder in a word without": ('[page]\nskip = "{n}"\n', "unknown placeholder {n}; this word has no placehol"),
    "an open brace": ('[page]\nskip = "a { b"\n', "page.skip: a brace { or } without its counterpart in 'a { b'"),
    "a format": ('[day]\nlabel = "{number!r} {date}"\n', "day.label: only a name can be in braces"),
    "an attribute": ('[day]\nlabel = "{number.x} {date}"\n', "day.label: only a name can be in braces"),
    "a missing form": (
        '[counts.days]\nother = "{n} Tage"\n',
        "counts.days: the plural form 'one' is missing; German has one, other",
    ),
    "a form without its number": (
        '[counts.days]\none = "ein Tag"\nother = "viele Tage"\n',
        "counts.days.other: {n} is missing; this form is used for several numbers",
    ),
    "a form that is a number": ("[counts.days]\none = 1\nother = 2\n", "counts.days: each plural form must be a text"),
    "a wrong placeholder in a form": (
        '[counts.days]\none = "ein Tag"\nother = "{n} Tage von {all}"\n',
        "counts.days.other: unknown placeholder {all}; this word has {n}",
    ),
    "a wrong name of a form": ('[counts.days]\none = "a"\nmore = "b"\n', "unknown word counts.days.one"),
    "broken TOML": ("[page\n", "invalid TOML"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("place", ["theme", "own"])
def test_a_mistake_is_reported_with_its_file_and_key(tmp_path: Path, mistake: str, place: str) -> None:
    text, message = MISTAKES[mistake]
    theme(tmp_path / "theme", en=ENGLISH)
    theme(tmp_path / place, de=text)
    with pytest.raises(ArchiveError) as error:
        load_interface([tmp_path / "own", tmp_path / "theme"], "de")
    assert str(error.value).startswith(str(tmp_path / place / "strings" / "de.toml"))
    assert message in str(error.value)


def test_a_mistake_in_an_overlay_of_english_is_reported(tmp_path: Path) -> None:
    complete, own = theme(tmp_path / "theme", en=ENGLISH), theme(tmp_path / "own", en='[page]\nskipp = "x"\n')
    with pytest.raises(ArchiveError, match=r"own/strings/en\.toml: unknown word page\.skipp"):
        load_interface([own, complete], "en")


def test_a_file_that_is_not_named_by_a_language_is_reported(tmp_path: Path) -> None:
    for name in ("pt_BR", "German language", "a"):
        folder = theme(tmp_path / name, en=ENGLISH)
        (folder / "strings" / f"{name}.toml").write_text("")
        with pytest.raises(ArchiveError, match=r"not named by a language; rename it like de\.toml or pt-BR\.toml"):
            load_interface([folder], "en")


def test_a_language_that_cldr_does_not_know_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"tlh\.toml: CLDR has no data for the language 'tlh'"):
        load(tmp_path, "tlh", tlh='[page]\nskip = "x"\n')


def test_a_theme_without_english_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"strings/en\.toml: the theme has no English words"):
        load_interface([theme(tmp_path, de='[page]\nskip = "x"\n')], "de")


def test_the_digest_depends_on_words_and_language(tmp_path: Path) -> None:
    texts = [ENGLISH, ENGLISH.replace("Skip", "Jump"), ENGLISH]
    digests = []
    for tag, text in zip(("en", "en", "en-US"), texts, strict=True):
        shutil.rmtree(tmp_path / "strings", ignore_errors=True)
        digests.append(load_interface([theme(tmp_path, en=text)], tag).digest)
    assert len(set(digests)) == 3


def leaves(words: Words | PluralForms | str, key: str = "") -> dict[str, str | PluralForms]:
    if not isinstance(words, Words):
        return {key: words}
    table: dict[str, str | PluralForms] = {}
    for name in words._table:
        table |= leaves(words[name], f"{key}.{name}".lstrip("."))
    return table


@pytest.mark.parametrize("path", sorted((ROOT / "theme" / "strings").glob("*.toml")), ids=lambda path: path.stem)
def test_each_shipped_language_is_complete_and_valid(path: Path) -> None:
    interface = load_interface([ROOT / "theme"], path.stem)
    assert interface.language.tag == path.stem
    assert interface.missing == ()
    for text in leaves(interface.words).values():
        for each in text.forms.values() if isinstance(text, PluralForms) else [text]:
            assert each == each.strip() or "\n" in each
            assert "  " not in each and "..." not in each


# Names and signs that are the same in every script.
NAMES = {
    *("AND", "Atom", "BCP", "CSV", "Data", "Daybook", "Frictionless", "JSON", "JavaScript", "Lines", "Markdown", "NOT"),
    *("OR", "Package", "SHA-256", "UTC", "UTF-8", "explicit", "hand", "headline", "inferred"),
}


@pytest.mark.parametrize("tag", ["ar", "uk", "zh"])
def test_a_language_with_another_script_has_no_english_word(tag: str) -> None:
    words = leaves(load_interface([ROOT / "theme"], tag).words)
    if tag == "zh":  # stars and near words are for words of letters
        del words["search.examples.beginning"], words["search.examples.near"]
    texts = [
        each for word in words.values() for each in (word.forms.values() if isinstance(word, PluralForms) else [word])
    ]
    latin = {found for text in texts for found in re.findall(r"[A-Za-z][\w-]*", re.sub(r"\{\w+\}", "", text))}
    assert latin <= NAMES, latin - NAMES


def test_french_puts_a_space_that_does_not_break_beside_its_double_signs() -> None:
    for key, word in leaves(load_interface([ROOT / "theme"], "fr").words).items():
        for text in word.forms.values() if isinstance(word, PluralForms) else [word]:
            if not key.startswith("search.examples"):
                assert not re.search(r"(?<![\u00a0\u202f])[:;!?»]|«(?!\u202f)", text), (key, text)


def test_english_explains_each_column_of_the_data_files_as_the_data_package_does() -> None:
    table = tomllib.loads((ROOT / "theme" / "strings" / "en.toml").read_text())["columns"]
    assert table == {column.name: column.meaning for column in COLUMNS}


def test_placeholders_of_a_text() -> None:
    assert placeholders("no {{ braces }}") == frozenset()
    assert placeholders("{a} and {b_c}, {a}") == {"a", "b_c"}
