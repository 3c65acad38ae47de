"""Test the parsing of HTML pages, their JSON-LD data, and compressed or unreadable files."""

import gzip
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybook.core.errors import ArchiveError
from daybook.core.record import dump_record
from daybook.parse import parse
from daybook.parse.base.page import LineRole, ParsedPage
from daybook.parse.input_files import read_hints
from daybook.parse.time.instants import parse_machine_time
from daybook.parse.web.dom import RegionRule, read_tree, region_of, region_rules

NUMBERS = range(4)


def read(html: str, **hints: object) -> ParsedPage:
    return parse(html.encode(), read_hints(hints), "page.html")


def web_page(body: str, *updates: dict[str, str]) -> str:
    """Return a page with a body, and updates in its JSON-LD data."""
    blog = {"@type": "LiveBlogPosting", "headline": "Quay", "liveBlogUpdate": list(updates)}
    data = f'<script type="application/ld+json">{json.dumps(blog)}</script>' if updates else ""
    return f"<!doctype html><html><head>{data}</head><body><main><h1>Quay</h1>{body}</main></body></html>"


def update(number: int, at: str) -> dict[str, str]:
    return {"headline": f"Boat {number} is in", "datePublished": at, "articleBody": f"Boat {number} came by noon."}


def test_a_headline_in_a_paragraph_is_no_part_of_the_text() -> None:
    times = [f"2031-04-09T1{number}:05:00Z" for number in NUMBERS]
    posts = "".join(
        f'<section class="p"><time datetime="{time}">1{number}:05</time>'
        f"<h2><p>Boat {number} is in</p></h2><p>Boat {number} came by noon.</p></section>"
        for number, time in enumerate(times)
    )
    updates = [update(number, time) for number, time in enumerate(times)]
    records = read(web_page(posts, *updates), zone="UTC").records
    assert [(each.headline, each.text) for each in records] == [
        (f"Boat {number} is in", f"Boat {number} came by noon.") for number in NUMBERS
    ]


@pytest.mark.parametrize(
    ("body", "headline", "text"),
    [
        ("<p><b>Boat is in</b></p><p>It came by noon.</p>", "Boat is in", "It came by noon."),
        ("<div><strong>Boat is in</strong><br>It came by noon.</div>", "Boat is in", "It came by noon."),
        ("<p><b>It came by noon.</b></p><p>Then it left.</p>", "", "It came by noon.\n\nThen it left."),
        ("<p><b>Boat</b> came by noon.</p>", "", "Boat came by noon."),
        ("<p>It came by noon.</p><p><b>Boat is in</b></p>", "", "It came by noon.\n\nBoat is in"),
    ],
)
def test_a_bold_line_above_the_text_is_the_headline(body: str, headline: str, text: str) -> None:
    posts = "".join(f'<li class="p"><span>1{number}:05</span>{body}</li>' for number in NUMBERS)
    records = read(web_page(f"<ul>{posts}</ul>"), date="2031-04-09", zone="UTC").records
    plain = [(each.headline, str(each.markdown or each.text).replace("*", "")) for each in records]
    assert plain == [(headline, text)] * len(NUMBERS)


def test_a_class_that_says_what_an_element_lacks_is_no_region() -> None:
    posts = "".join(
        f'<div class="block"><time datetime="2031-04-09T1{number}:05:00Z">1{number}:05</time>'
        f'<div class="block-elements block-elements--no-byline"><p>Boat {number} came by noon.</p></div></div>'
        for number in NUMBERS
    )
    texts = [each.text for each in read(web_page(posts)).records]
    assert texts == [f"Boat {number} came by noon." for number in NUMBERS]


def post(number: int, time: str) -> str:
    return f'<div class="p">{time}<h3>Boat {number} is in</h3><p>Boat {number} came by noon.</p></div>'


def times(page: ParsedPage) -> list[str]:
    return [record.at for record in page.records]


def notes_of(page: ParsedPage) -> str:
    return "\n".join(note.text for note in page.notes)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-10-06T21:22:53.212+01:00", "2020-10-06T21:22:53+01:00"),
        ("2020-10-06T21:22:53+0100", "2020-10-06T21:22:53+01:00"),
        ("2020-10-06 20:22Z", "2020-10-06T20:22:00Z"),
        ("20201006T202253Z", "2020-10-06T20:22:53Z"),
        ("1602015773", "2020-10-06T20:22:53Z"),
        ("1602015773212", "2020-10-06T20:22:53Z"),
        ("Tue, 06 Oct 2020 20:22:53 GMT", "2020-10-06T20:22:53Z"),
        ("Tue Oct 06 2020 21:22:53 GMT+0100 (Irish Standard Time)", "2020-10-06T21:22:53+01:00"),
        ("Tue Oct 06 2020 23:22:53 GMT+0300 (GMT+03:00)", "2020-10-06T23:22:53+03:00"),
        ("Tue Oct 06 2020 22:22:53 GMT+0200 (Ora legale dell’Europa centrale)", "2020-10-06T22:22:53+02:00"),
        ("2020-10-06T24:00:00Z", "2020-10-07T00:00:00Z"),
    ],
)
def test_machine_times_are_read_as_rfc_3339(text: str, expected: str) -> None:
    time = parse_machine_time(text)
    assert time and time.rfc3339 == expected


@pytest.mark.parametrize("text", ["2020-13-06T10:00Z", "2020-10-06T25:00Z", "12345678", "0000000001", "soon", ""])
def test_other_texts_are_not_machine_times(text: str) -> None:
    assert parse_machine_time(text) is None


def test_a_time_that_all_updates_share_is_not_used() -> None:
    updates = [update(n, "2023-06-02T08:00:00+02:00") for n in NUMBERS]
    posts = "".join(post(n, f'<time datetime="2023-06-02T1{n}:00:00+02:00">1{n}.00</time>') for n in NUMBERS)
    page = read(web_page(posts, *updates))
    assert times(page) == [f"2023-06-02T1{n}:00:00+02:00" for n in NUMBERS]
    assert "all 4 updates in the page's structured data have the same time" in notes_of(page)
    data_only = read(web_page("", *updates))
    assert [(record.at, str(record.date)) for record in data_only.records] == [("", "2023-06-02")] * 4


def test_a_headline_that_all_updates_share_is_not_used() -> None:
    updates = [{**update(n, f"2023-06-02T1{n}:00:00Z"), "headline": "Quay live"} for n in NUMBERS]
    assert [record.headline for record in read(web_page("", *updates)).records] == [""] * 4


def test_a_real_utc_offset_is_preferred_to_a_wrong_z() -> None:
    updates = [update(n, f"2023-06-02T1{n}:00:00+02:00") for n in NUMBERS]
    posts = "".join(post(n, f'<time datetime="2023-06-02T1{n}:00:00Z">1{n}:00</time>') for n in NUMBERS)
    page = read(web_page(posts, *updates))
    assert times(page) == [f"2023-06-02T1{n}:00:00+02:00" for n in NUMBERS]
    note = "4 of 4 times in the page's text differ from its structured data by +120 minutes"
    assert f"{note}; using the structured data" in notes_of(page)


def test_times_without_zone_get_the_offset_of_posts_that_have_both() -> None:
    updates = [update(n, f"2023-06-02T1{n}:00:00+02:00") for n in NUMBERS]
    posts = "".join(post(n, f'<span class="t">1{n}.00 Uhr</span>') for n in range(6))
    page = read(web_page(posts, *updates))
    assert times(page) == [f"2023-06-02T1{n}:00:00+02:00" for n in range(6)]
    assert "4 posts in the page's structured data, 6 in its text, 4 in both" in notes_of(page)


def test_posts_that_only_the_data_has_are_kept() -> None:
    updates = [update(n, f"2023-06-02T{n // 60:02}:{n % 60:02}:00Z") for n in range(428)]
    posts = "".join(post(n, f'<time datetime="2023-06-02T00:{n:02}:00Z">{n}</time>') for n in range(30))
    page = read(web_page(posts, *updates))
    assert times(page) == [each["datePublished"] for each in updates]


def test_a_date_without_a_year_beside_the_time_is_read() -> None:
    posts = post(1, "<p>12:31</p><p>2 June</p>") + post(2, "<p>23:50</p><p>1 June</p>")
    page = read(web_page(posts), date="2023-06-02", zone="Europe/London")
    assert times(page) == ["2023-06-02T12:31:00+01:00", "2023-06-01T23:50:00+01:00"]


def test_times_in_paragraphs_with_breaks_links_and_emphasis() -> None:
    posts = (
        "<p>2 June 2023</p><p><b>13:29 GMT – The bridge opens</b></p><p>At last.</p>"
        '<p><b>11:00 GMT</b><br>The tolls<br>See <a href="https://toll.example/">the list</a>.</p>'
        "<p><b>22:15 GMT</b> Nobody <em>slept</em> that night.</p>"
    )
    assert [
        (record.at, record.headline, record.markdown or record.text) for record in read(web_page(posts)).records
    ] == [
        ("2023-06-02T13:29:00Z", "The bridge opens", "At last."),
        ("2023-06-02T11:00:00Z", "The tolls", "See [the list](<https://toll.example/>)."),
        ("2023-06-01T22:15:00Z", "", "Nobody *slept* that night."),
    ]


@pytest.mark.parametrize("controls", ["<a href='#r'>Reply</a>", "<button>Reply</button><button>Like</button>"])
def test_reader_comments_longer_than_their_article_are_not_posts(controls: str) -> None:
    comments = "".join(
        f'<li><b>Reader {n}</b> <time datetime="2023-06-02T1{n % 10}:00:00Z">1{n % 10}:00</time>'
        f"<p>I stood at the quay myself that day and saw boat {n} leave.</p>{controls}</li>"
        for n in range(12)
    )
    article = "<p>2 June 2023</p><p>The quay was opened on Friday.</p>"
    page = read(web_page(f"{article}<ul>{comments}</ul>"))
    assert page.records == ()
    assert sum(line.reason == "comments" for line in page.lines) >= 24
    blog = "".join(post(n, f'<time datetime="2023-06-02T1{n}:00:00Z">1{n}:00</time>') for n in range(6))
    assert len(read(web_page(f"{article}{blog}<ul>{comments}</ul>")).records) == 6
    replied = blog.replace("</div>", f"{controls}</div>")
    assert len(read(web_page(f"{article}{replied}")).records) == 6


LINKS = '<p>See <a href="/list#b">the list</a>, <a href="//b.example/c">it</a>, <a href="javascript:x()">this</a>.</p>'
RESOLVED = "See [the list](<https://a.example/list#b>), [it](<https://b.example/c>), this."


def test_relative_links_are_resolved_with_the_address_of_the_page() -> None:
    posts = "".join(post(n, f'<time datetime="2023-06-02T1{n}:00:00Z">1{n}:00</time>{LINKS}') for n in (1, 2))
    with_url = read(web_page(posts), url="https://a.example/live/quay")
    assert RESOLVED in str(with_url.records[0].markdown)
    canonical = web_page(posts).replace("<head>", '<head><link rel="canonical" href="https://a.example/live/quay">')
    assert [record.markdown for record in read(canonical).records] == [record.markdown for record in with_url.records]
    with_base = web_page(posts).replace("<head>", '<head><base href="/en/">').replace("/list", "list")
    assert "(<https://a.example/en/list#b>)" in str(read(with_base, url="https://a.example/live").records[0].markdown)
    without_url = str(read(web_page(posts)).records[0].markdown or read(web_page(posts)).records[0].text)
    assert "See the list, it, this." in without_url
    data = {**update(1, "2023-06-02T11:00:00Z"), "articleBody": LINKS}
    assert read(web_page("", data), url="https://a.example/").records[0].markdown == RESOLVED


def test_a_body_in_the_data_without_a_markdown_form_is_noted() -> None:
    data = {**update(1, "2023-06-02T11:00:00Z"), "articleBody": "<div>" * 110 + "Boat 1 came." + "</div>" * 110}
    page = read(web_page("", data))
    assert page.records[0].text == "Boat 1 came."
    assert "structured data is stored as plain text, without formatting: the HTML is nested more" in notes_of(page)


def test_hidden_elements_are_left_out() -> None:
    posts = "".join(
        post(n, f'<time datetime="2023-06-02T1{n}:00:00Z">1{n}:00</time><p>A <b>b</b> <i hidden>no</i>.</p>')
        for n in (1, 2)
    )
    assert str(read(web_page(posts)).records[0].markdown).startswith("A **b** .")


def test_relative_times_are_not_stored() -> None:
    posts = "".join(post(n, f'<time datetime="2023-06-02T1{n}:00:00Z">{n} hours ago</time>') for n in (1, 2))
    assert times(read(web_page(posts))) == ["2023-06-02T11:00:00Z", "2023-06-02T12:00:00Z"]
    assert read(web_page("".join(post(n, f"<p>{n} hours ago</p>") for n in (1, 2)))).records == ()


def test_a_compressed_page_gives_the_same_records() -> None:
    html = web_page(post(1, "<p>13:29 GMT</p>") + post(2, "<p>12:29 GMT</p>") + "<p>x</p>").encode()
    hints = read_hints({"date": "2023-06-02"})
    assert parse(gzip.compress(html), hints, "p").records == parse(html, hints, "p").records


DEEP_BODY = {"@type": "LiveBlogPosting", "liveBlogUpdate": [{"articleBody": "<div>" * 300 + "x"}]}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (gzip.compress(b" " * 60_000_000), "unpacks to more than"),
        (gzip.compress(b"13:29 GMT x")[:-9], "is truncated"),
        (gzip.compress(gzip.compress(b"x")), "compressed twice"),
        (b"\x1f\x8b\x08" + b"\xff" * 20, "damaged"),
        (b" " * 50_000_001, "more than 50,000,000 bytes"),
        (b"<html>" + b"<div>" * 300 + b"x", "more than 256 tags deep"),
        (b'{"@type": "LiveBlogPosting", "liveBlogUpdate": [', "invalid JSON"),
        (json.dumps(DEEP_BODY).encode(), "^p: the HTML is nested more than 256 tags deep"),
    ],
    ids=["bomb", "cut", "twice", "damaged", "large", "deep", "json", "deep in json"],
)
def test_an_unreadable_file_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(ArchiveError, match=message):
        parse(data, read_hints({}), "p")


def test_too_many_posts_are_refused() -> None:
    updates = [update(n, f"2023-06-02T10:00:{n % 60:02}Z") for n in range(5_001)]
    with pytest.raises(ArchiveError, match="more than 5,000 posts"):
        read(web_page("", *updates))


def test_a_records_file_is_read_unchanged() -> None:
    records = read(web_page("", *(update(n, f"2023-06-02T1{n}:00:00Z") for n in NUMBERS))).records
    lines = [*(dump_record(record) for record in records), '{"at": "never", "text": "x"}']
    page = parse("\n".join(lines).encode(), read_hints({}), "r.jsonl")
    assert page.records == records
    assert [problem.line for problem in page.problems] == [5]


@pytest.mark.parametrize("rule", region_rules(), ids=lambda rule: rule.name)
def test_a_region_rule_matches_its_example(rule: RegionRule) -> None:
    tag = read_tree(f"<body>{rule.example}x").body
    assert tag and region_of(next(each for each in tag.find_all(True)), inside=False) == rule.name


@pytest.mark.parametrize(
    ("markup", "region"),
    [
        *((f'<div class="item" id="{code}">', "") for code in ("t3f1ad1b", "7ad2", "post-2ad", "tag9ads8", "e1nav0")),
        *((f'<div id="{code}">', "") for code in ("ad3f9c21", "AD3F9C", "ad5521", "ad55219083", "ad5521-9083", "ad9f")),
        *((f'<div id="{code}">', "") for code in ("3f9c-ad-77", "post-7c-ad-3f", "ad3f9c-77", "post_ad12ef")),
        *((f'<div id="{code}">', "comments") for code in ("comment5521", "comments-3", "comment-ad3f9c")),
        *((f'<div id="{code}">', "advert") for code in ("ad-1", "ad-3f9c", "block-ad7", "ad728x90", "ads5521")),
        ('<div id="0f3c5a1e-ad12-4c00-9ad1-0123456789ab">', ""),
        *((f'<div class="{name}">', "advert") for name in ("ad3", "slot2 ad-1", "ad300x250", "adSlot2 ads")),
        ('<div class="c3f1 site-nav">', "navigation"),
    ],
)
def test_letters_in_a_code_are_no_words_of_a_region(markup: str, region: str) -> None:
    tag = read_tree(f"<body>{markup}x").body
    assert tag and region_of(next(each for each in tag.find_all(True)), inside=True) == region


def test_posts_with_codes_as_ids_are_read() -> None:
    codes = ("ad3f9c21", "ad55219083", "b1c2d3e4", "7c-ad-3f")
    posts = "".join(
        f'<div class="p" id="{code}"><time datetime="2023-06-02T1{number}:05:00Z">1{number}:05</time>'
        f"<h3>Boat {number} is in</h3><p>It came by noon, with its crew.</p></div>"
        for number, code in enumerate(codes)
    )
    html = f"<!doctype html><title>Quay live</title><main><h1>Quay live</h1>{posts}</main>"
    page = parse(html.encode(), read_hints({}), "p.html")
    assert [record.headline for record in page.records] == [f"Boat {number} is in" for number in range(4)]


def test_a_declared_encoding_is_used() -> None:
    html = (
        '<html><head><meta charset="iso-8859-1"></head><body>' + web_page(post(1, "<p>10:00 GMT</p>")) + "<p>Café “x”"
    )
    page = parse(html.encode("cp1252"), read_hints({"date": "2023-06-02"}), "p")
    assert any("Café “x”" in line.text for line in page.lines)


PIECES = (
    *("<p>13:29 GMT Rain</p>", "<p>A line of text.</p>", "<h2>Head</h2>", "<ul><li>one</li><li>two</li></ul>"),
    *('<time datetime="2023-06-02T10:00:00Z">10:00</time>', "<nav><a href='/'>Home</a></nav>", "loose words"),
    *("<div class='p'><time datetime='2023-06-02T11:00:00Z'>11:00</time><p>Body.</p></div>", "<p>2460 GMT x</p>"),
    *("<figure><figcaption>Quay. Photo: Press</figcaption></figure>", "<blockquote><p>“Yes”</p></blockquote>"),
    *("<p>a<br>b</p>", "<span>x</span> <span>y</span>", "<script>1</script>", "<p hidden>no</p>", "<div><div>"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_every_visible_word_has_one_role(pieces: list[str]) -> None:
    html = web_page("".join(pieces))
    try:
        page = read(html, date="2023-06-02", zone="GMT")
    except ArchiveError:
        return
    visible = re.sub(r"<script>.*?</script>|<p hidden>.*?</p>", "", "".join(["<h1>Quay</h1>", *pieces]))
    words = "".join(re.sub(r"<[^>]*>", "", visible).split())
    assert "".join("".join(line.text.split()) for line in page.lines) == words
    numbers = [line.number for line in page.lines]
    assert numbers == sorted(set(numbers))
    recorded = "".join("".join(str(record.markdown or record.text).split()) for record in page.records)
    for line in page.lines:
        if line.role is LineRole.ENTRY:
            assert "".join(line.text.split()) in recorded.replace("\\", "")


def test_the_title_of_the_page_is_no_headline_of_an_update_in_its_data() -> None:
    updates = [update(number, f"2031-04-09T1{number}:05:00Z") for number in NUMBERS]
    updates[0]["headline"] = "Quay"
    texts = "".join(f"<div><p>Boat {number} came by noon.</p></div>" for number in NUMBERS)
    records = read(web_page(texts, *updates)).records
    assert [each.headline for each in records] == ["", *(f"Boat {number} is in" for number in NUMBERS[1:])]


def test_a_headline_that_is_the_title_stays_if_the_page_shows_it_twice() -> None:
    updates = [update(number, f"2031-04-09T1{number}:05:00Z") for number in NUMBERS]
    updates[0]["headline"] = "Quay"
    titles = ["Quay", *(f"Boat {number} is in" for number in NUMBERS[1:])]
    texts = "".join(
        f"<div><h3>{title}</h3><p>Boat {number} came by noon.</p></div>" for number, title in enumerate(titles)
    )
    assert [each.headline for each in read(web_page(texts, *updates)).records] == titles
