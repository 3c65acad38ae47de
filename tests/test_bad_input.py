"""Mistakes, and the very line that a person is told; `--write-golden` writes the table anew."""

import re
from functools import partial
from pathlib import Path

import pytest

from growth import outgrows
from harden.bad_input import cases, told
from harden.pumps import patterns, pumped, pumps
from liveblog.markup import check_body, plain_text, render

TABLE = Path(__file__).parent / "fixtures" / "bad_input.txt"
LONG = 40_000  # characters of one body


def test_every_mistake_is_told(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    rows = []
    for number, (name, send) in enumerate(cases()):
        folder = tmp_path / str(number)
        folder.mkdir()
        rows.append(f"{name}\n    {told(send, folder)[:300]}")
    assert len(rows) >= 150
    assert [row for row in rows if row.endswith("accepted")] == []
    text = "\n".join([*rows, ""])
    if pytestconfig.getoption("--write-golden"):
        TABLE.write_text(text)
    assert text == TABLE.read_text()


@pytest.mark.parametrize(
    "piece",
    [
        *("[", "![", "*a ", "**a **b ", "_a__", "`", "[a](", "[a](<b", "<", "<!--", "&", "\\", "> ", "- ", "1. "),
        *("a\n", "[a]: b\n", "~~~\n", "***\n", "<a@b.example>", "https://a.example/", "|", "\u202e", "\u0301"),
    ],
)
def test_markdown_that_is_made_to_be_slow(piece: str) -> None:
    for look in (render, plain_text, check_body):
        assert not outgrows(lambda length, look=look: look((piece * length)[:length]), LONG)  # type: ignore[misc]


# These are asked of whole texts only, never to search in one.
WHOLE = {
    "liveblog.frontmatter._KEY[0]",
    "liveblog.parsing.web.tree._SCHEME[0]",
    "liveblog.search.analysis._PLAIN_WORD[0]",
}


def slow(pattern: re.Pattern[str], whole: bool = False, length: int = 20_000) -> list[str]:
    """Return the beginnings of texts that cost a pattern more than in proportion to their length."""

    def match(pump: tuple[str, str], size: int) -> None:
        text = pumped(pump, size)
        pattern.fullmatch(text)
        _ = pattern.match(text) if whole else pattern.search(text)

    return [pumped(pump, 30) for pump in sorted(pumps(pattern)) if outgrows(partial(match, pump), length)]


def test_no_expression_takes_more_time_than_its_text_is_long() -> None:
    known = patterns()
    assert len(known) > 100 and known.keys() > WHOLE
    assert {name: texts for name, pattern in known.items() if (texts := slow(pattern, name in WHOLE))} == {}


def test_the_judge_sees_an_expression_that_takes_more() -> None:
    assert slow(re.compile("[0-9]+;"))
    assert not slow(re.compile("x[0-9]+;"))
