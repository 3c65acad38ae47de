"""Mistakes, and the very line that a person is told; `--write-golden` writes the table anew."""

import re
import time
from pathlib import Path

import pytest

from harden.bad_input import cases, told
from liveblog import frontmatter, records
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
    body = (piece * LONG)[:LONG]
    for look in (render, plain_text, check_body):
        begun = time.process_time()
        look(body)
        assert time.process_time() - begun < 2


REGEXES = [
    *((records._INSTANT, piece) for piece in ("2031-04-09T10:00:00.", "1", "2031-")),
    *((records._SLUG, piece) for piece in ("a-", "a", "-")),
    *((records._ADDRESS, piece) for piece in ("https://", "a")),
    *((frontmatter._KEY, piece) for piece in ("a: ", "a ", " ")),
]


@pytest.mark.parametrize(("regex", "piece"), REGEXES, ids=lambda value: repr(getattr(value, "pattern", value))[:30])
def test_an_expression_takes_time_in_proportion(regex: re.Pattern[str], piece: str) -> None:
    def took(count: int) -> float:
        text = piece * count + "\x01"
        begun = time.process_time()
        regex.fullmatch(text)
        regex.search(text)
        return time.process_time() - begun

    assert took(20_000) < 0.5
