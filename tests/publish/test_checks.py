"""Checks of a built site report each kind of error, and nothing for a correct page."""

from pathlib import Path

import pytest

from daybook.publish.checks import check_site

GENERATOR = '<meta name="generator" content="Daybook">'
HEAD = f'<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="x">{GENERATOR}\n'
PAGE = HEAD + '<h1 id="top">A</h1><a href="./#top">up</a><a href="https://example.org/">away</a>'
BLOCKED = "which the page's Content-Security-Policy blocks; use a local copy"
OUTSIDE = "it leads outside a site that is published below a path; write a relative link"


def errors_in(folder: Path, page: str, siteurl: str = "") -> list[str]:
    (folder / "a").mkdir()
    (folder / "index.html").write_text(PAGE)
    (folder / "a" / "index.html").write_text(page)
    return [str(error).removeprefix(f"{folder}/") for error in check_site(folder, siteurl)]


def test_correct_page_has_no_errors(tmp_path: Path) -> None:
    links = '<a href="../#top"></a><a href="https://x.test/y/a/"></a><img src="data:,">'
    assert errors_in(tmp_path, PAGE + links, "https://x.test/y") == []


def test_a_page_that_daybook_did_not_write_may_load_files_of_other_hosts_and_have_any_encoding(tmp_path: Path) -> None:
    assert errors_in(tmp_path, '<p id="a"><p id="a"><script src="https://x.test/s.js"></script>') == []
    (tmp_path / "b.html").write_bytes(b"<p>caf\xe9</p>")
    assert list(check_site(tmp_path)) == []


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ('<a href="b/">', "broken link b/: the site has no such file; correct the link"),
        ('<a href="../#no">', "broken link ../#no: index.html has no such anchor; correct the link"),
        ('<a href="#no">', "broken link #no: a/index.html has no such anchor; correct the link"),
        ('<a href="../../x/">', "broken link ../../x/: " + OUTSIDE),
        ('<a href="/a/">', "broken link /a/: " + OUTSIDE),
        ('<p id="top">', "the id 'top' is used twice; rename one"),
        (
            '<img src="https://x.test/i.png">',
            "https://x.test/i.png is loaded from another host, " + BLOCKED,
        ),
        (
            '<link rel="stylesheet" href="//x.test/s.css">',
            "//x.test/s.css is loaded from another host, " + BLOCKED,
        ),
        ("<script>1</script>", "an inline script is blocked by the page's Content-Security-Policy; move it to a file"),
        ("<p style='x'>", "the attribute style is blocked by the page's Content-Security-Policy; use a file"),
        ("<p onclick='x'>", "the attribute onclick is blocked by the page's Content-Security-Policy; use a file"),
        ('<form action="../find/">', "broken link ../find/: the site has no such file; correct the link"),
        (
            '<meta http-equiv="refresh" content="0; url=b/">',
            "broken link b/: the site has no such file; correct the link",
        ),
    ],
)
def test_error_has_file_and_line(tmp_path: Path, markup: str, reason: str) -> None:
    assert errors_in(tmp_path, f"{PAGE}\n{markup}") == [f"a/index.html:3: {reason}"]


def test_page_needs_policy_and_heading(tmp_path: Path) -> None:
    first, second = errors_in(tmp_path, f"{GENERATOR}<p>")
    assert "the first two meta elements must be charset" in first
    assert "a page must have one h1, this one has 0" in second


def test_a_page_that_daybook_did_not_write_may_have_any_markup(tmp_path: Path) -> None:
    (reason,) = errors_in(tmp_path, '<p style="color: red">Plain file.<a href="b/">')
    assert "broken link b/" in reason


def test_empty_folder_is_not_a_site(tmp_path: Path) -> None:
    assert [error.reason for error in check_site(tmp_path)] == ["there is no index.html; build the site first"]
