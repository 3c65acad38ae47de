"""The message for each kind of mistake, and hostile input that must stay fast; `--write-golden` writes the table."""

import re
from functools import partial
from pathlib import Path

import pytest
from growth import outgrows
from paths import FIXTURES

from daybook.core.markdown import check_body, plain_text, render_markdown
from harden.bad_input import cases, report_of
from harden.regex_inputs import package_patterns, repeat_loop, stress_loops

TABLE = FIXTURES / "bad_input.txt"
LONG = 10_000  # characters of one body


def test_every_mistake_is_reported(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    rows = []
    for number, (name, send) in enumerate(cases()):
        folder = tmp_path / str(number)
        folder.mkdir()
        rows.append(f"{name}\n    {report_of(send, folder)[:300]}")
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
def test_hostile_markdown_takes_time_in_proportion_to_its_length(piece: str) -> None:
    for look in (render_markdown, plain_text, check_body):
        assert not outgrows(lambda length, look=look: look((piece * length)[:length]), LONG)  # type: ignore[misc]


# These are only used with fullmatch, never to search in a text.
WHOLE = {
    "daybook.archive.front_matter._KEY[0]",
    "daybook.core.publication._EMAIL[0]",
    "daybook.parse._BARE_CONTROL[0]",
    "daybook.parse._PAGE_NUMBERS[0]",
    "daybook.parse._PAGE_OF_ALONE[0]",
    "daybook.parse.readers.atom_and_rss._MAIL_AND_NAME[0]",
    "daybook.parse.text.chronicle._PERIOD[0]",
    "daybook.parse.web.dom._SCHEME[0]",
    "daybook.parse.web.post_fields._NUMBERED_ID[0]",
    "daybook.parse.web.quotations._QUOTATION_CLASS[0]",
    "daybook.parse.web.quotations._SPEAKER_CLASS[0]",
    "daybook.parse.web.to_markdown._SCHEME[0]",
    "daybook.search.analysis._PLAIN_WORD[0]",
    "daybook.search.families._GERMAN_PAST[0]",
}


def slow(pattern: re.Pattern[str], whole: bool = False, length: int = 20_000) -> list[str]:
    """Return the beginnings of texts that cost a pattern more than in proportion to their length."""

    def match(loop: tuple[str, str], size: int) -> None:
        text = repeat_loop(loop, size)
        pattern.fullmatch(text)
        _ = pattern.match(text) if whole else pattern.search(text)

    return [repeat_loop(loop, 30) for loop in sorted(stress_loops(pattern)) if outgrows(partial(match, loop), length)]


def test_no_regular_expression_is_slow() -> None:
    known = package_patterns()
    assert len(known) > 100 and known.keys() > WHOLE
    assert {name: texts for name, pattern in known.items() if (texts := slow(pattern, name in WHOLE))} == {}


def test_a_slow_regular_expression_is_found() -> None:
    assert slow(re.compile("[0-9]+;"))
    assert not slow(re.compile("x[0-9]+;"))
