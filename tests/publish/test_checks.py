"""Checks of a built site report each kind of error, and nothing for a correct page."""

from pathlib import Path

import pytest

from daybook.publish.checks import check_site

HEAD = '<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="x">\n'
PAGE = HEAD + '<h1 id="top">A</h1><a href="./#top">up</a><a href="https://example.org/">away</a>'
OUTSIDE = "leads outside the site if it is published below a path; write a relative link"


def errors_in(folder: Path, page: str, siteurl: str = "") -> list[str]:
    (folder / "a").mkdir()
    (folder / "index.html").write_text(PAGE)
    (folder / "a" / "index.html").write_text(page)
    return [str(error).removeprefix(f"{folder}/") for error in check_site(folder, siteurl)]


def test_correct_page_has_no_errors(tmp_path: Path) -> None:
    links = '<a href="../#top"></a><a href="https://x.test/y/a/"></a><img src="data:,">'
    assert errors_in(tmp_path, PAGE + links, "https://x.test/y") == []


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ('<a href="b/">', "b/: there is no such file in the site"),
        ('<a href="../#no">', "../#no: there is no such anchor in index.html"),
        ('<a href="#no">', "#no: there is no such anchor in a/index.html"),
        ('<a href="../../x/">', "../../x/: " + OUTSIDE),
        ('<a href="/a/">', "/a/: " + OUTSIDE),
        ('<p id="top">', "the id 'top' is used twice"),
        ('<img src="https://x.test/i.png">', "https://x.test/i.png: is loaded from another host"),
        ('<link rel="stylesheet" href="//x.test/s.css">', "//x.test/s.css: is loaded from another host"),
        ("<script>1</script>", "an inline script is blocked by the page's Content-Security-Policy"),
        ("<p style='x'>", "the attribute style is blocked by the page's Content-Security-Policy"),
        ("<p onclick='x'>", "the attribute onclick is blocked by the page's Content-Security-Policy"),
        ('<form action="../find/">', "../find/: there is no such file in the site"),
        ('<meta http-equiv="refresh" content="0; url=../b/">', "../b/: there is no such file in the site"),
    ],
)
def test_error_has_file_and_line(tmp_path: Path, markup: str, reason: str) -> None:
    assert errors_in(tmp_path, f"{PAGE}\n{markup}") == [f"a/index.html:3: {reason}"]


def test_page_needs_policy_and_heading(tmp_path: Path) -> None:
    first, second = errors_in(tmp_path, "<p>")
    assert "the first two meta elements must be charset" in first
    assert "a page must have one h1, this one has 0" in second


def test_empty_folder_is_not_a_site(tmp_path: Path) -> None:
    assert [error.reason for error in check_site(tmp_path)] == ["there is no index.html; build the site first"]
