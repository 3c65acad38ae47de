"""How the text of a variable becomes paths, words, a number, yes or no."""

import shlex
import subprocess
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from daybook.commands.arguments import read_count, read_switch, split_paths, split_words
from daybook.core.errors import ArchiveError

# What an environment variable can hold: no NUL, and bytes that are not UTF-8 as lone surrogates.
ANY_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=()))
# In double quotes shlex keeps a backslash that a shell removes (before $, ` and the end of a line).
QUOTED_TEXT = st.text("ab\u00e9 \t'\"\\#*[~-;")


@given(st.lists(ANY_TEXT), st.sampled_from([" ", "\n", " \t\n "]))
def test_words_quoted_for_a_shell_come_back(words: list[str], between: str) -> None:
    assert split_words(between.join(map(shlex.quote, words))) == words


@given(QUOTED_TEXT)
def test_balanced_text_is_split_as_by_shlex(text: str) -> None:
    try:
        expected = shlex.split(text)
    except ValueError:  # an unbalanced quote, or a backslash at the end
        assume(False)
    assert split_words(text) == expected


@given(st.text("ab\u00e9 .", min_size=1), st.text('ab\u00e9 ."', min_size=1))
def test_an_unbalanced_quote_is_a_letter(before: str, after: str) -> None:
    # For shlex a private character stands in for the quote, since shlex refuses an unbalanced one.
    for quote, rest in (("'", after), ('"', after.replace('"', ""))):
        text = before + "\ue000" + rest
        if rest.count('"') % 2 == 0:
            expected = [word.replace("\ue000", quote) for word in shlex.split(text)]
            assert split_words(text.replace("\ue000", quote)) == expected


@given(ANY_TEXT)
def test_text_without_blanks_quotes_and_backslashes_is_one_word(text: str) -> None:
    word = "".join(char for char in text if char not in " \t\r\n'\"\\")
    assert split_words(word) == ([word] if word else [])


@pytest.mark.parametrize(
    "text",
    [
        "a b",
        "a\\ b",
        '"a b"c',
        "'a\\' b",
        '"\\$x \\`y\\` \\\\ \\" \\a"',
        '"a\\\nb"',
        "a\\\nb",
        "'' \"\"",
        "\u00a0a",
        "'\n'",
    ],
)
def test_a_shell_splits_the_same_way(text: str) -> None:
    done = subprocess.run(["/bin/sh", "-c", f"printf '%s\\0' {text}"], capture_output=True, text=True, check=True)
    assert split_words(text) == done.stdout.removesuffix("\0").split("\0")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        (" \n", []),
        ("it's.html", ["it's.html"]),
        ("it's.html b.html", ["it's.html", "b.html"]),
        ("5\".html 'c d'", ['5".html', "c d"]),
        ("\"it's", ["\"it's"]),
        ("a\\", ["a\\"]),
        ("$(touch y) `z`;", ["$(touch", "y)", "`z`;"]),
        ("#a # b", ["#a", "#", "b"]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert split_words(text) == words


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with files of awkward names; the home folder lies in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home [of me]"))
    for name in (
        *("a.html", "b.html", "b.html.toml", ".hidden.html", "a b.html", "it's.html", "-dash.html", "c[1].html"),
        *("new\nline.html", "home [of me]/x.html", "home [of me]/y z.html", "saved/2.txt", "saved/10.txt", "'q r'"),
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    (tmp_path / "gone away.html").symlink_to("nowhere")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("", []),
        ("a b.html", ["a b.html"]),
        ("'a b.html' b.html", ["a b.html", "b.html"]),
        ("a\\ b.html", ["a b.html"]),
        ("it's.html", ["it's.html"]),
        ("'q r'", ["'q r'"]),
        ("new\nline.html", ["new\nline.html"]),
        ("a.html\nb.html\n", ["a.html", "b.html"]),
        ("gone away.html", ["gone away.html"]),
        ("saved", ["saved"]),
        ("saved/", ["saved/"]),
        ("-dash.html", ["-dash.html"]),
        ("--records a.html", ["--records", "a.html"]),
        ("-", ["-"]),
        ("a.html - ./-", ["a.html", "-", "./-"]),
        ("c[1].html", ["c[1].html"]),
        ("[ab].html", ["a.html", "b.html"]),
        ("?.html saved/*.txt", ["a.html", "b.html", "saved/10.txt", "saved/2.txt"]),
        ("b*", ["b.html"]),
        ("b*.toml", ["b.html.toml"]),
        ("'a *.html'", ["a b.html"]),
        ("missing.html", ["missing.html"]),
        ("~", ["~"]),
        ("a~/b", ["a~/b"]),
    ],
)
def test_paths(folder: Path, text: str, paths: list[str]) -> None:
    assert split_paths(text) == paths


def test_the_home_folder(folder: Path) -> None:
    home = str(folder / "home [of me]")
    assert split_paths("~/x.html b.html") == [f"{home}/x.html", "b.html"]
    assert split_paths("~/y z.html") == [f"{home}/y z.html"]
    assert split_paths("~/*.html") == [f"{home}/x.html", f"{home}/y z.html"]
    assert split_paths("~/missing") == [f"{home}/missing"]


@pytest.mark.parametrize("pattern", ["*.nothing", "x?", "c[2].html", "~/*.nothing", "https://a.example/?q=1"])
def test_a_pattern_that_matches_nothing_is_named(folder: Path, pattern: str) -> None:
    with pytest.raises(ArchiveError) as refused:
        split_paths(f"a.html {pattern}")
    assert str(refused.value).startswith(f"{pattern}: ")


def test_empty_quotes_are_not_the_current_folder(folder: Path) -> None:
    with pytest.raises(ArchiveError, match="a file name is empty"):
        split_paths("a.html ''")


def test_text_too_long_for_a_name_is_no_path(folder: Path) -> None:
    assert split_paths(f"a.html {'x' * 100_000}") == ["a.html", "x" * 100_000]


@given(st.integers(1, 600))
def test_a_count(number: int) -> None:
    assert read_count("DAYS", f" {number} ", most=600) == number


@pytest.mark.parametrize("text", ["", "0", "-1", "601", "1.5", "1e2", "6_0", "\uff16", "0x10", "9" * 5000, "x;touch y"])
def test_what_is_no_count_is_named(text: str) -> None:
    with pytest.raises(ArchiveError) as refused:
        read_count("DAYS", text, most=600)
    assert f"DAYS={text} is not a number from 1 to 600" in str(refused.value)


def test_a_switch() -> None:
    assert [read_switch("DRY", text) for text in ("", "0", "no", "false", " ")] == [False] * 5
    assert [read_switch("DRY", text) for text in ("1", "yes", "true", " 1")] == [True] * 4
    for text in ("on", "2", "YES no", "$(touch y)"):
        with pytest.raises(ArchiveError) as refused:
            read_switch("DRY", text)
        assert str(refused.value) == f"DRY={text} is not a yes or no; write DRY=1 or DRY=0"
