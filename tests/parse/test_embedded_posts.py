"""Posts of social networks inside posts: their times are no stamps; labels of one word are neither names nor text."""

import pytest
from live_pages import POSTS, READ, entries, read, saved

from daybook.core.errors import ArchiveError
from daybook.parse import parse
from daybook.parse.input_files import read_hints

HEAD = "Storm at the harbour – live\n\n10 June 2031"
CRANE = "The crane at the quay turns."
TIME = '<time datetime="2031-06-10T09:01:00Z">10 June 2031 at 09:01</time>'
EMBEDS = (
    f'<div class="social-embed"><div>Weide Port @weideport</div><p>{CRANE}</p>{TIME}</div>',
    f'<div class="quoted-post"><b>Weide Port</b><span class="time">09:01</span><p>{CRANE}</p></div>',
    f'<article class="bsky-post"><header>Weide Port</header><p>{CRANE}</p><footer>{TIME}</footer></article>',
    f'<blockquote class="instagram-media"><p>{CRANE}</p><p>A post of Weide Port on '
    '<time datetime="2031-06-10T09:01:00+00:00">Jun 10, 2031 at 2:01am PDT</time></p></blockquote>',
)
STAMPS = ('<span class="t">{clock}</span>', '<time datetime="2031-06-10T{clock}:00Z">{clock}</time>')


@pytest.mark.parametrize("embed", EMBEDS)
@pytest.mark.parametrize("stamp", STAMPS)
def test_the_time_of_an_embedded_post_is_no_stamp(stamp: str, embed: str) -> None:
    posts = [
        f'<div class="p">{stamp.format(clock=clock)}<h3>{headline}</h3><p>{text}</p>{"" if index % 2 else embed}</div>'
        for index, (clock, headline, text) in enumerate(POSTS)
    ]
    page = saved("", above=f"<p>10 June 2031</p>{''.join(posts)}")
    found = entries(page)
    assert [(at, headline) for at, headline, _ in found] == [(at, headline) for at, headline, _ in READ]
    for index, ((_, _, body), (_, _, text)) in enumerate(zip(found, READ, strict=True)):
        assert body == text if index % 2 else (body.startswith(text) and CRANE in body)
        assert "instagram" in embed or "09:01" not in body
    assert [record.authors for record in page.records] == [()] * 4
    assert not page.doubts


@pytest.mark.parametrize(
    "above", ["Weide Port\n@weideport\n·\n", "Weide Port @weideport ·\n", "Weide Port\n@weideport\n"]
)
def test_the_time_of_a_copied_post_of_a_network_is_no_stamp(above: str) -> None:
    posts = [
        f"{clock}\n\n{headline}\n\n{text}" + ("" if index % 2 else f"\n\n{above}09:01\n{CRANE}")
        for index, (clock, headline, text) in enumerate(POSTS)
    ]
    page = read("\n\n".join([HEAD, *posts]), "page.txt")
    assert [at for at, _, _ in entries(page)] == [at for at, _, _ in READ]
    assert [CRANE in text for _, _, text in entries(page)] == [True, False, True, False]
    assert not page.doubts


LABELS = ("Analysis", "Video", "Analysis", "Live")


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            '<div class="tag">{label}</div><h3>{headline}</h3>',
            '<h3>{headline}</h3><span class="byline">{label}</span>',
        ),
        '<p class="kicker">{label}</p><h3>{headline}</h3>',
    ],
)
def test_labels_of_posts_are_no_authors(pattern: str) -> None:
    posts = [
        f'<article class="p"><time datetime="2031-06-10T{clock}:00Z">{clock}</time>'
        f"{pattern.format(label=label, headline=headline)}<p>{text}</p></article>"
        for label, (clock, headline, text) in zip(LABELS, POSTS, strict=True)
    ]
    page = saved("", above="".join(posts))
    assert entries(page) == READ
    assert [record.authors for record in page.records] == [()] * 4


@pytest.mark.parametrize("pattern", ["{clock} | {label}\n{headline}\n{text}", "{clock}\n{label}\n{headline}\n{text}"])
def test_labels_of_copied_posts_are_no_headlines(pattern: str) -> None:
    posts = [
        pattern.format(clock=clock, label=label, headline=headline, text=text)
        for label, (clock, headline, text) in zip(LABELS, POSTS, strict=True)
    ]
    page = read("\n\n".join([HEAD, *posts]), "page.txt")
    assert entries(page) == READ
    assert [record.authors for record in page.records] == [()] * 4


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf", b"\xff\xfe", b"\xef\xbb\xbf \r\n\xef\xbb\xbf"])
def test_a_file_with_nothing_but_a_mark_of_the_byte_order_is_empty(data: bytes) -> None:
    with pytest.raises(ArchiveError, match="an empty file"):
        parse(data, read_hints({}), "page.txt")


@pytest.mark.parametrize(
    "below", ['<ul class="tags"><li>harbour</li><li>storm</li></ul>', "<p>6 Likes</p>", "<div>1.2k views</div>"]
)
def test_topics_and_counters_of_posts_are_no_text(below: str) -> None:
    posts = (
        f'<article class="p has-tags"><time datetime="2031-06-10T{clock}:00Z">{clock}</time><h3>{headline}</h3>'
        f"<p>{text}</p>{below}</article>"
        for clock, headline, text in POSTS
    )
    assert entries(saved("", above="".join(posts))) == READ


def test_controls_are_no_authors() -> None:
    posts = (
        f'<section><time datetime="2031-06-10T{clock}:00Z">{clock}</time><h3>{headline}</h3><p>{text}</p>'
        '<div class="actions">Like Share</div></section>'
        for clock, headline, text in POSTS
    )
    page = saved("", above="".join(posts))
    assert entries(page) == READ
    assert [record.authors for record in page.records] == [()] * 4
