"""Posts of social networks inside posts: their times are no stamps; labels of one word are neither names nor text."""

import pytest
from live_pages import POSTS, READ, copied, entries, read, saved

from daybook.core.errors import ArchiveError
from daybook.parse import parse
from daybook.parse.base.page import ParsedPage
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


DATE_LINES = (
    *("8:14 PM · Apr 9, 2031", "8:14 PM · Apr 9, 2031 · 1.2K Views", "8:14 PM · Jun 10, 2031·1,234 Views"),
    *("9 Apr 2031 · 1.2K views", "1:14 PM · Jun 10, 2031 from Weide, Germany", "20:14 · 9. Apr. 2031"),
    *("20:14 · 09.04.2031", "10:32 AM · 10 juin 2031", "9 avr. 2031 · 1,2 k vues", "8:14 p. m. · 9 abr. 2031"),
    *(
        "2:14 PM · 10 giu 2031",
        "20:14 · 9 апр. 2031 г.",
        "午後8:14 · 2031年4月9日",
        "— Weide Port (@weideport) June 10, 2031",
    ),
)
ACCOUNT = "Weide Port\n@weideport\n\n"
AFTER = "The mayor spoke at noon."


def with_embeds(line: str, account: str, *, after: str = AFTER, which: tuple[int, ...] = (0, 2)) -> ParsedPage:
    posts = [
        f"{clock}\n\n{headline}\n\n{text}"
        + (f"\n\n{account}{CRANE}\n\n{line}" + (f"\n\n{after}" if after else "") if index in which else "")
        for index, (clock, headline, text) in enumerate(POSTS)
    ]
    return read("\n\n".join([HEAD, *posts]), "page.txt")


@pytest.mark.parametrize("line", DATE_LINES)
@pytest.mark.parametrize("account", [ACCOUNT, ""])
@pytest.mark.parametrize("which", [(1,), (0, 2), (0, 1, 2, 3)])
def test_the_date_line_of_a_copied_post_is_no_stamp_and_no_day(which: tuple[int, ...], account: str, line: str) -> None:
    for after in (AFTER, ""):
        page = with_embeds(line, account, after=after, which=which)
        assert [(at, headline) for at, headline, _ in entries(page)] == [(at, headline) for at, headline, _ in READ]
        for index, (_, _, text) in enumerate(entries(page)):
            assert [each in text for each in (CRANE, AFTER)] == [index in which, index in which and bool(after)]
            assert line not in text
        named = [each for each in page.lines if each.text == line]
        assert {each.reason for each in named} == {"time of an embedded post"}
        assert not page.doubts


@pytest.mark.parametrize("line", ["Apr 9, 2031", "9. Apr. 2031", "April 9, 2031 at 8:14 PM"])
def test_a_date_below_the_name_of_an_account_is_no_day(line: str) -> None:
    assert [at for at, _, _ in entries(with_embeds(line, ACCOUNT))] == [at for at, _, _ in READ]


@pytest.mark.parametrize("line", DATE_LINES)
def test_the_date_line_of_a_post_in_html_that_flows(line: str) -> None:
    posts = "".join(
        f"<h3>{clock} {headline}</h3><p>{text}</p><p>Weide Port @weideport</p><p>{CRANE}</p><p>{line}</p>"
        for clock, headline, text in POSTS
    )
    page = saved("", above=f"<p>10 June 2031</p>{posts}")
    assert [(at, headline) for at, headline, _ in entries(page)] == [(at, headline) for at, headline, _ in READ]
    assert all(CRANE in text and line not in text for _, _, text in entries(page))


@pytest.mark.parametrize("stamp", ["{clock} · 10 June 2031", "{clock} · Jun 10, 2031"])
def test_stamps_of_a_page_may_have_a_dot(stamp: str) -> None:
    assert [at for at, _, _ in entries(copied(f"{stamp}\n{{headline}}\n\n{{text}}"))] == [at for at, _, _ in READ]


def test_a_day_heading_below_a_post_with_an_account_stays_a_heading() -> None:
    posts = [f"{clock}\n\n{headline}\n\n{text}" for clock, headline, text in POSTS]
    posts[1] += f"\n\nWeide Port\n@weideport\n\n{CRANE}\n\n9 June 2031"
    page = read("\n\n".join([HEAD, *posts]), "page.txt")
    assert [at[:10] for at, _, _ in entries(page)] == ["2031-06-10"] * 2 + ["2031-06-09"] * 2


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
