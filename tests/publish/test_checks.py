"""The checker finds each fault that it looks for, and nothing in a sound page."""

from pathlib import Path

import pytest

from daybook.publish.checks import check_site

HEAD = '<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="x">\n'
SOUND = HEAD + '<h1 id="top">A</h1><a href="./#top">up</a><a href="https://example.org/">away</a>'


def faults(folder: Path, page: str, siteurl: str = "") -> list[str]:
    (folder / "a").mkdir()
    (folder / "index.html").write_text(SOUND)
    (folder / "a" / "index.html").write_text(page)
    return [str(fault).removeprefix(f"{folder}/") for fault in check_site(folder, siteurl)]


def test_a_sound_page_has_no_faults(tmp_path: Path) -> None:
    links = '<a href="../#top"></a><a href="https://x.test/y/a/"></a><img src="data:,">'
    assert faults(tmp_path, SOUND + links, "https://x.test/y") == []


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ('<a href="b/">', "b/: leads to no file of the site"),
        ('<a href="../#no">', "../#no: index.html has no such anchor"),
        ('<a href="#no">', "#no: a/index.html has no such anchor"),
        ('<a href="../../x/">', "../../x/: leads out of the site, so it breaks under a sub-path"),
        ('<a href="/a/">', "/a/: leads out of the site, so it breaks under a sub-path"),
        ('<p id="top">', "the id 'top' stands here a second time"),
        ('<img src="https://x.test/i.png">', "https://x.test/i.png: loads from elsewhere"),
        ('<link rel="stylesheet" href="//x.test/s.css">', "//x.test/s.css: loads from elsewhere"),
        ("<script>1</script>", "an inline script is blocked by the page's own policy"),
        ("<p style='x'>", "the attribute style is blocked by the page's own policy"),
        ("<p onclick='x'>", "the attribute onclick is blocked by the page's own policy"),
        ('<form action="../find/">', "../find/: leads to no file of the site"),
        ('<meta http-equiv="refresh" content="0; url=../b/">', "../b/: leads to no file of the site"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, markup: str, reason: str) -> None:
    assert faults(tmp_path, f"{SOUND}\n{markup}") == [f"a/index.html:3: {reason}"]


def test_a_page_without_policy_or_heading_is_named(tmp_path: Path) -> None:
    first, second = faults(tmp_path, "<p>")
    assert "the head must begin with the metas charset" in first
    assert "a page has one h1, this has 0" in second


def test_an_empty_folder_is_no_site(tmp_path: Path) -> None:
    assert [fault.reason for fault in check_site(tmp_path)] == ["there is no index.html; build the site first"]
