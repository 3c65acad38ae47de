"""What calls a page live beside its title, so that its posts are read without a doubt."""

import pytest
from live_pages import ARTICLE, POSTS, READ, entries, read

FEED = "".join(
    f"{ARTICLE}</article>".format(clock=clock, headline=headline, text=text) for clock, headline, text in POSTS
)
PUBLISHED = '<meta property="article:published_time" content="2031-06-10T09:00:00Z">'


def page_with(head: str = "", above: str = "", body: str = "", title: str = "Storm reaches the harbour") -> str:
    start = f"<!doctype html><html><head><title>{title}</title>{head}</head><body{body}><main><h1>{title}</h1>{above}"
    return f"{start}<p>10 June 2031</p><div>{FEED}</div></main></body></html>"


SIGNS = {
    "label": page_with(above="<span>LIVE</span>"),
    "label in French": page_with(above="<div>• En direct</div>"),
    "label of an article": page_with(head=PUBLISHED, above="<span>LIVE</span>"),
    "class": page_with(body=' class="page liveblog-page"'),
    "keywords": page_with(head='<meta name="keywords" content="storm, live blog">'),
    "section": page_with(head='<meta property="article:section" content="Liveblog">'),
    "type": page_with(
        head='<script type="application/ld+json">{"@type":"LiveBlogPosting","headline":"Storm"}</script>'
    ),
    "end": page_with(above="<p>This live coverage has ended. Thank you for reading.</p>"),
    "end in German": page_with(above="<p>Dieser Liveticker ist beendet.</p>"),
    "list": page_with(above="<h2>Key events</h2>"),
    "title": page_with(title="Storm at the harbour: minute-by-minute"),
    "address": page_with(head='<link rel="canonical" href="https://gazette.example/live/storm">'),
}


@pytest.mark.parametrize("name", SIGNS)
def test_a_sign_that_a_page_is_live(name: str) -> None:
    page = read(SIGNS[name], "page.html")
    assert entries(page) == READ
    assert not page.doubts


@pytest.mark.parametrize(
    "source",
    [
        *(page_with(), page_with(above="<nav>LIVE</nav>"), page_with(body=' class="no-liveblog"')),
        page_with(above='<p>Follow <a href="/live">our live blog</a> about the storm.</p>'),
    ],
)
def test_posts_of_a_page_without_a_sign_are_a_doubt(source: str) -> None:
    page = read(source, "page.html")
    assert entries(page) == READ
    assert [doubt.kind for doubt in page.doubts] == ["rival"]


def test_posts_of_an_article_without_a_sign_are_not_read() -> None:
    """Lists of other stories look the same: they have headlines, and some articles are shorter than these lists."""
    assert not read(page_with(head=PUBLISHED), "page.html").records


def test_times_below_an_article_are_no_posts() -> None:
    article = "<p>The storm reached the harbour in the night, and the ferry had to wait.</p>" * 12
    page = read(page_with(head=PUBLISHED, above=article), "page.html")
    assert not page.records
