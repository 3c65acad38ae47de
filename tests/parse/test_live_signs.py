"""What calls a page live beside its title, so that its posts are read without a doubt."""

import pytest
from live_pages import ARTICLE, POSTS, READ, entries, read

from daybook.parse.base.page import ParsedPage, Verdict

FEED = "".join(
    f"{ARTICLE}</article>".format(clock=clock, headline=headline, text=text) for clock, headline, text in POSTS
)
IN_ARTICLE = (
    '<article class="p"><time datetime="2031-06-10T{clock}:00Z">{clock}</time>{headline}<p>{text}</p></article>'
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


@pytest.mark.parametrize(
    "headline",
    [
        '<a href="/region/{number}"><h2>{headline}</h2></a>',
        '<h3><a class="x" href="/region/{number}">{headline}</a></h3>',
        '<p><a href="https://gazette.example/region/{number}">{headline}</a></p>',
    ],
)
@pytest.mark.parametrize("element", ['<li class="p"><span>{clock}</span>{headline}<p>{text}</p></li>', IN_ARTICLE])
def test_stories_with_a_page_of_their_own_are_no_posts(headline: str, element: str) -> None:
    assert linked_posts(headline, element).verdict is Verdict.NO_LIVE_BLOG


@pytest.mark.parametrize(
    "headline",
    [
        '<h3><a href="#p{number}">{headline}</a></h3>',
        '<h3><a href="/storm/p{number}">{headline}</a></h3>',
        '<h3>{headline}</h3><p><a href="/region/{number}">More about it</a></p>',
        '<h3>{headline} <a href="/region/{number}">here</a></h3>',
    ],
)
def test_posts_with_links_to_themselves_or_inside_stay_with_a_doubt(headline: str) -> None:
    page = linked_posts(headline, '<li class="p"><span>{clock}</span>{headline}<p>{text}</p></li>')
    assert len(page.records) == len(POSTS)
    assert {doubt.kind for doubt in page.doubts} == {"rival"}


def test_a_live_page_may_link_its_headlines() -> None:
    page = linked_posts('<h3><a href="/region/{number}">{headline}</a></h3>', IN_ARTICLE, "Storm: live")
    assert len(page.records) == len(POSTS)


@pytest.mark.parametrize("title", ["DIRECTE | Storm at the harbour", "Storm at the harbour - directe"])
def test_posts_signed_below_their_texts(title: str) -> None:
    signed = '<li class="live-item p"><img class="avatar" src="a.png"><div>{headline}<p>{text}</p></div>{by}</li>'
    posts = "".join(
        signed.format(
            headline=f"<h3>{headline}</h3>" if number % 2 else "",
            text=text,
            by=f'<div class="Meta">per Ida Kern el 10/6/2031 a les {clock.replace(":", ".")}.12</div>',
        )
        for number, (clock, headline, text) in enumerate(POSTS)
    )
    page = read(
        f"<!doctype html><title>{title}</title><main><h1>{title}</h1><p>10 June 2031</p><ul>{posts}</ul></main>",
        "a.html",
    )
    assert [each.at[11:16] for each in page.records] == [clock for clock, _, _ in POSTS]
    assert [each.text for each in page.records] == [text for _, _, text in POSTS]
    assert {each.authors for each in page.records} == {("Ida Kern",)}


def linked_posts(headline: str, element: str, title: str = "News of the harbour") -> ParsedPage:
    """Return a page whose headlines are links."""
    posts = "".join(
        element.format(clock=clock, headline=headline.format(number=number, headline=text_of), text=text)
        for number, (clock, text_of, text) in enumerate(POSTS)
    )
    head = f'<title>{title}</title><link rel="canonical" href="https://gazette.example/storm">'
    return read(f"<!doctype html>{head}<main><h1>{title}</h1><p>10 June 2031</p><ul>{posts}</ul></main>", "page.html")
