"""Text survives the conversion to Markdown, and the fast path equals the library."""

import re

import pytest
from hypothesis import given
from strategies import hostile_text

from daybook.core.errors import ArchiveError
from daybook.core.markdown import (
    check_body,
    dump_headline,
    load_headline,
    markdown_from_text,
    plain_text,
    render_markdown,
    render_with_library,
    split_paragraphs,
)


@given(hostile_text())
def test_any_text_renders_unchanged(text: str) -> None:
    markdown = markdown_from_text(text)
    assert plain_text(markdown) == "\n\n".join(split_paragraphs(text))
    assert "<" not in re.sub(r"</?p>", "", render_markdown(markdown)), "no tag but the paragraph's"


@given(hostile_text())
def test_fast_path_equals_the_library(text: str) -> None:
    for markdown in (text, markdown_from_text(text)):
        assert render_markdown(markdown) == render_with_library(markdown)


@given(hostile_text())
def test_headline_round_trip(text: str) -> None:
    headline = " ".join(text.split())
    assert load_headline(dump_headline(headline)) == headline


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("Plain – “quoted” text.", "<p>Plain – “quoted” text.</p>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("[x](ftp://a.example/b)", "<p>[x](ftp://a.example/b)</p>\n"),
        ("[x](../04/#t1329)", '<p><a href="../04/#t1329" rel="noopener noreferrer">x</a></p>\n'),
        ("[x](//a.example/share)", "<p>[x](//a.example/share)</p>\n"),
        ("[x](https:/a.example)", "<p>[x](https:/a.example)</p>\n"),
        ("[x](HTTPS:a.example)", "<p>[x](HTTPS:a.example)</p>\n"),
        ("[x](https://paper.example@a.example)", "<p>[x](https://paper.example@a.example)</p>\n"),
        ("<https://paper.example@a.example>", "<p>&lt;https://paper.example@a.example&gt;</p>\n"),
        ("[x](https://a.example)", '<p><a href="https://a.example" rel="noopener noreferrer">x</a></p>\n'),
        ("![x](https://a.example/p.png)", "<p>!"),
        ("~~85~~ 120", "<p><s>85</s> 120</p>\n"),
        ("a ~b~ c", "<p>a ~b~ c</p>\n"),
        ("| a |\n| ---: |\n| b |", "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>b"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
    ],
)
def test_only_allowed_html_and_links_are_rendered(markdown: str, html: str) -> None:
    rendered = render_markdown(markdown)
    assert rendered.startswith(html)
    assert "<img" not in rendered


def test_text_of_a_table_has_a_line_for_each_row() -> None:
    table = "Votes:\n\n| Pier | Yes | No |\n| --- | --- | --- |\n| North \\| west | *120* | |\n\nAll in."
    assert plain_text(table) == "Votes:\n\nPier\tYes\tNo\nNorth | west\t120\t\n\nAll in."


@pytest.mark.parametrize("text", ["a ~~b~~ c", "~~~", "| a | b |", "x ~~~~ y"])
def test_marks_of_the_extensions_are_escaped_in_text(text: str) -> None:
    assert markdown_from_text(text) != text
    assert render_markdown(markdown_from_text(text)) == f"<p>{text}</p>\n"


@pytest.mark.parametrize("body", ["# One", "text\n---", "text\n===", "> quoted\n\n## Two"])
def test_heading_of_the_level_of_entries_is_refused(body: str) -> None:
    with pytest.raises(ArchiveError, match="### or deeper"):
        check_body(body)


def test_headline_with_markdown_syntax_is_refused() -> None:
    with pytest.raises(ArchiveError, match="plain text"):
        load_headline("Minister says *no*", 7)
