"""Test the markup that outlets use for posts: each kind is read as the same four posts, whatever surrounds them."""

import datetime as dt
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from daybook.archive.content import day_file_path
from daybook.archive.day_file import load_day
from daybook.archive.ingest import IngestOptions, dump_ledger, ingest
from daybook.parse import parse
from daybook.parse.base.page import ParsedPage
from daybook.parse.input_files import ParsedFile, read_hints

# $h is the hour of a post, $n its number, $e its time in seconds since 1970; TEXT stands for its paragraphs.
ELEMENTS = {
    "articles in an article": "<article><header><time datetime='2023-06-02T$h:05Z'>$h:05</time><h2>Boat $n is in</h2>"
    "</header><div>TEXT</div><footer>Share this</footer></article>",
    "epoch in milliseconds": "<div class=post data-timestamp=$e000><h3>Boat $n is in</h3>TEXT</div>",
    "an epoch inside": "<div class=post><span class=when data-epoch=$e>now</span><h3>Boat $n is in</h3>TEXT</div>",
    "AMP": "<div id=p$n data-sort-time=$e data-update-time=$e><h3>Boat $n is in</h3>TEXT</div>",
    "published and updated at once": "<article><time class='entry-date published updated' "
    "datetime='2023-06-02T$h:05+00:00'>June 2</time><h3>Boat $n is in</h3>TEXT</article>",
    "the edit before the time": "<div class=post><p>Updated <time datetime='2023-06-02T23:59Z'>23:59</time></p><p>"
    "Published <time datetime='2023-06-02T$h:05Z'>$h:05</time></p><h3>Boat $n is in</h3>TEXT</div>",
    "the time below": "<div class=post><h3>Boat $n is in</h3>TEXT<time datetime='2023-06-02T$h:05Z'>$h:05</time></div>",
    "a date without a clock": "<div class=post><time datetime=2023-06-02>2 June</time> <i>$h:05 GMT</i>"
    "<h3>Boat $n is in</h3>TEXT</div>",
    "date and clock in spans": "<div class=post><div><span>$h:05 GMT</span><span>02.06.2023</span></div>"
    "<h3>Boat $n is in</h3>TEXT</div>",
    "a timetable inside": "<div class=post><time datetime='2023-06-02T$h:05Z'>$h:05</time><h3>Boat $n is in</h3>"
    "TEXT<ul><li>09:00 – gate opens</li><li>10:00 – gate closes</li><li>11:00 – tea</li></ul></div>",
    "details": "<details><summary><time datetime='2023-06-02T$h:05Z'>$h:05</time> Boat $n is in</summary>TEXT"
    "</details>",
    "elements of their own names": "<x-post><time datetime='2023-06-02T$h:05Z'>$h:05</time><h3>Boat $n is in</h3>TEXT"
    "</x-post>",
    "table rows": "<table><tr><td>$h:05 GMT</td><td><h4>Boat $n is in</h4>TEXT</td></tr></table>",
    "definitions": "<dl><dt>$h:05 GMT</dt><dd><b>Boat $n is in</b>TEXT</dd></dl>",
    "pairs of siblings": "<div class=t>$h:05 GMT</div><div class=c><h3>Boat $n is in</h3>TEXT</div>",
    "headings of time alone": "<h2>$h:05 GMT</h2><h3>Boat $n is in</h3>TEXT",
    "headings above the time": "<h3>Boat $n is in</h3><p>$h:05 GMT</p>TEXT",
    "bold paragraphs": "<p><strong>$h.05 Uhr CEST</strong></p><p><strong>Boat $n is in</strong></p>TEXT",
    "hours with an h": "<p><b>$hh05 GMT – Boat $n is in</b></p>TEXT",
    "adverts and boxes between": "<div class=post><span>$h:05 GMT</span><h3>Boat $n is in</h3><div class=ad>Buy</div>"
    "TEXT<aside class=related><h4>Related</h4><a href=/x>Hills at 12:00</a></aside><ul class=share-bar><li>Copy</ul>"
    "</div>",
}
HEAD = "<h1>Harbour live</h1><p>Friday, June 2, 2023</p><p>The boats come home.</p>"
KEY = "<section><h2>Key events</h2><ul>LIST</ul></section>"
TEASER = "<div class=c><time datetime='2023-05-2{n}T10:00Z'>May 2{n}</time><h3><a href=/{n}>A hill tale</a></h3></div>"
FIVE_PAST_MIDNIGHT = 1_685_664_300  # 2 June 2023, 00:05 UTC


def paragraphs(number: int) -> tuple[str, str]:
    """Return the paragraphs of a post."""
    return (
        f"The crew of boat {number} steps ashore and waits for the mayor of the town.",
        f"Eight rowers of boat {number} carry the oars up to the shed behind the inn.",
    )


def post(template: str, number: int) -> str:
    """Return the HTML of a post."""
    hour = 14 - number
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs(number))
    filled = (
        template.replace("$h", str(hour))
        .replace("$e", str(FIVE_PAST_MIDNIGHT + 3600 * hour))
        .replace("$n", str(number))
    )
    return filled.replace("TEXT", text)


def page(*posts: str, above: str = "", below: str = "") -> str:
    """Return the HTML of a page with a dialog, a header, posts, navigation and a footer."""
    cookies = "<div role=dialog><p>We use cookies, 14:05 of them.</p><button>Accept</button></div>"
    feed = f"<div class=feed>{''.join(posts)}</div>"
    end = "<button>Show more</button><nav class=pagination><a href=?p=2>2</a></nav>"
    main = f"<main>{HEAD}{above}{feed}{below}{end}</main>"
    return f"<!doctype html><title>x</title><body>{cookies}{main}<footer>© x</footer>"


def read(html: str, **hints: str) -> ParsedPage:
    return parse(html.encode(), read_hints(hints), "page.html")


def contents(parsed: ParsedPage) -> list[tuple[str, str, str]]:
    """Return time, headline and body of each record."""
    return [(record.at, record.headline, str(record.markdown or record.text)) for record in parsed.records]


def utc_times(parsed: ParsedPage) -> list[str]:
    """Return the time of each record as day, hour and minute in UTC."""
    moments = [dt.datetime.fromisoformat(record.at).astimezone(dt.UTC) for record in parsed.records]
    return [f"{moment:%d %H:%M}" for moment in moments]


@pytest.mark.parametrize("name", ELEMENTS)
def test_markup_is_read_as_four_posts(name: str) -> None:
    parsed = read(page(*(post(ELEMENTS[name], number) for number in range(4))))
    offset = 2 if "CEST" in ELEMENTS[name] else 0
    assert utc_times(parsed) == [f"02 {14 - number - offset:02}:05" for number in range(4)]
    assert [record.headline for record in parsed.records] == [f"Boat {number} is in" for number in range(4)]
    for number, (_, _, body) in enumerate(contents(parsed)):
        assert body.split("\n\n")[:2] == list(paragraphs(number))
        assert body.count("\n\n") == (4 if "timetable" in name else 1)
    source = parsed.records[0].source
    assert source and source.lede == ("The boats come home.",)
    assert parsed.problems == ()


FEED = [post(ELEMENTS["articles in an article"], number) for number in range(4)]
PLAIN = contents(read(page(*FEED)))


@pytest.mark.parametrize("start", ["<main>", "<title>Harbour</title><main>", "<html><head><meta charset=utf-8><main>"])
def test_a_page_without_a_body_element_is_read(start: str) -> None:
    assert contents(read(f"{start}{HEAD}{''.join(FEED)}</main>")) == PLAIN


def test_boxes_that_repeat_posts_are_not_read_as_posts() -> None:
    rows = "".join(
        f"<li><time datetime='2023-06-02T{14 - n}:05Z'>{14 - n}:05</time> Boat {n} is in</li>" for n in range(4)
    )
    assert contents(read(page(*FEED, above=KEY.replace("LIST", rows)))) == PLAIN
    short = [
        f"<article><time datetime='2023-06-02T{14 - n}:05Z'>x</time><h2>Boat {n} is in</h2></article>" for n in range(4)
    ]
    parsed = read(page(*short, *FEED))
    assert contents(parsed) == PLAIN
    assert sum(line.reason == "copy of a post" for line in parsed.lines) == 8


def test_a_page_that_repeats_all_posts_is_read_once() -> None:
    feed = [each.replace("Z'", "'").replace(":05<", ":05 GMT<") for each in FEED]
    once, twice = (
        read(page(*feed), zone="GMT"),
        read(page(*feed, below=f"<div class=narrow>{''.join(feed)}</div>"), zone="GMT"),
    )
    assert contents(twice) == contents(once)


def test_teasers_that_outnumber_the_posts_are_not_read_as_posts() -> None:
    teasers = "".join(TEASER.format(n=n) for n in range(9))
    assert contents(read(page(*FEED, below=f"<div class=more>{teasers}</div>"))) == PLAIN


@pytest.mark.parametrize("mark", ["class", "text above", "text inside"])
def test_a_pinned_post_does_not_change_the_day_of_others(mark: str) -> None:
    times = ["09:05", "14:05", "13:05", "11:05"]
    name = " pinned" if mark == "class" else ""
    inside = "<p>Pinned</p>" if mark == "text inside" else ""
    posts = [f"<div class=post><b>{at} GMT</b><h3>At {at}</h3><p>{paragraphs(1)[0]}</p></div>" for at in times]
    posts[0] = posts[0].replace("=post", f"='post{name}'").replace("<h3>", f"{inside}<h3>")
    if mark == "text above":
        text = "".join(f"{at} GMT At {at}\n\n{paragraphs(1)[0]}\n\n" for at in times)
        parsed = read(f"Harbour live\n\nFriday, June 2, 2023\n\nPinned post\n\n{text}")
    else:
        parsed = read(page(*posts))
    assert utc_times(parsed) == [f"02 {at}" for at in times]


def test_lines_in_br_or_pre_elements_are_read_as_text() -> None:
    lines = [f"{14 - n}:05 GMT Boat {n} is in|{paragraphs(n)[0]}|" for n in range(4)]
    with_br = read(f"<h1>Harbour live</h1>Friday, June 2, 2023<br><br>{'<br>'.join(lines).replace('|', '<br>')}")
    text = "\n\n".join(["Harbour live", "Friday, June 2, 2023", *lines]).replace("|", "\n\n")
    with_pre = read(f"<html><head></head><body><pre>{text}</pre></body></html>")
    assert (
        contents(with_br)
        == contents(with_pre)
        == [(at, headline, body.split("\n\n")[0]) for at, headline, body in PLAIN]
    )


def test_a_post_without_headline_does_not_get_that_of_another() -> None:
    posts = [post(ELEMENTS["headings above the time"], number) for number in range(4)]
    posts[2] = posts[2].replace("<h3>Boat 2 is in</h3>", "")
    assert [record.headline for record in read(page(*posts)).records] == [
        "Boat 0 is in",
        "Boat 1 is in",
        "",
        "Boat 3 is in",
    ]


def test_a_line_can_name_the_zone_of_all_times() -> None:
    posts = [each.replace("Z'", "'") for each in FEED]
    assert utc_times(read(page(*posts, above="<p>All times are in BST.</p>"))) == [f"02 {13 - n}:05" for n in range(4)]


def test_the_edit_time_is_used_if_posts_state_no_other() -> None:
    posts = [each.replace("'>", "'>Updated ") for each in FEED]
    parsed = read(page(*posts))
    assert utc_times(parsed) == [at[8:16].replace("T", " ") for at, _, _ in PLAIN]
    assert "4 of 4 posts state only the time of their last edit; it is used" in " ".join(
        note.text for note in parsed.notes
    )


def test_a_zone_hint_that_contradicts_the_page_is_a_doubt() -> None:
    updates = [
        {"headline": f"Boat {n} is in", "articleBody": paragraphs(n)[0], "datePublished": f"2023-06-02T{14 - n}:05:00Z"}
        for n in range(4)
    ]
    blog = json.dumps({"@type": "LiveBlogPosting", "headline": "Harbour", "liveBlogUpdate": updates})
    data = f'<script type="application/ld+json">{blog}</script>'
    without_datetime = [each.replace(" datetime='2023-06-02T", " class='") for each in FEED]
    parsed = read(page(*without_datetime, above=data), zone="Europe/London")
    assert utc_times(parsed) == [f"02 {13 - n}:05" for n in range(4)]
    assert [doubt.kind for doubt in parsed.doubts] == ["zone"]
    local = [each.replace(f"{14 - n}:05<", f"{15 - n}:05<") for n, each in enumerate(without_datetime)]
    assert "ZONE=" not in " ".join(note.text for note in read(page(*local, above=data), zone="Europe/London").notes)


def test_the_date_of_an_embedded_post_is_not_the_date_of_its_post() -> None:
    tweet = "<blockquote><p>We are in!</p><p>Crew (@crew)</p><p>2:05 PM · Jun 1, 2023</p></blockquote>"
    parsed = read(page(*(post("<h2>$h:05 GMT</h2><h3>Boat $n is in</h3>TEXT", number) + tweet for number in range(4))))
    assert utc_times(parsed) == [at[8:16].replace("T", " ") for at, _, _ in PLAIN]
    assert all("05 PM · Jun 1, 2023" in body for _, _, body in contents(parsed))


FIGURES = {
    "figure": "<figure><img src=x><figcaption>Boat $n at the pier. <span class=credit>Photograph: Ann/Press</span>"
    "</figcaption></figure>",
    "a class": "<div class=wp-caption><img src=x><p class=wp-caption-text>Boat $n at the pier. Photo: Ann/Press</p>"
    "</div>",
    "spans": "<div class=image><img src=x><span class=caption>Boat $n at the pier.</span> "
    "<span class=credit>Ann/Press</span></div>",
}


@pytest.mark.parametrize(
    "shape", ["<article><b>$h:05 GMT</b><h2>Boat $n is in</h2>FIGURE TEXT</article>", "<h2>$h:05 GMT</h2>FIGURE TEXT"]
)
@pytest.mark.parametrize("name", FIGURES)
def test_captions_stay_with_their_entry(name: str, shape: str, tmp_path: Path) -> None:
    parsed = read(page(*(post(shape.replace("FIGURE", FIGURES[name]), number) for number in range(3))))
    source = parsed.records[0].source
    expected = [(f"Boat {number} at the pier.", "Ann/Press") for number in range(3)]
    assert source and [(caption.text, caption.credit) for caption in source.captions] == expected
    for number, (_, _, body) in enumerate(contents(parsed)):
        first, second = paragraphs(number)
        assert body.replace("\\\n", "\n") == f"{first}\nPicture: Boat {number} at the pier. (Ann/Press)\n\n{second}"
    rows = [row.partition(" ")[::2] for row in dump_ledger(parsed).splitlines()]
    assert sum(label == "caption" for _, label in rows) == 3
    ingest(ParsedFile(name="page", records=parsed.records), IngestOptions(content=tmp_path, zone=ZoneInfo("UTC")))
    day = load_day(day_file_path(tmp_path, dt.date(2023, 6, 2)).read_text())
    assert day.captions == ()  # they stand in the entries


PICTURE_ONLY = [
    "<img src='https://quay.example/a.jpg'>",
    "<img src='data:image/gif;base64,R0' data-src='https://quay.example/a.jpg' alt=''>",
    "<figure><picture><source srcset='https://quay.example/a.jpg 680w'><img></picture></figure>",
]


@pytest.mark.parametrize("picture", PICTURE_ONLY)
@pytest.mark.parametrize("shape", ["<article><b>$h:05 GMT</b>TEXT</article>", "<h2>$h:05 GMT</h2>TEXT"])
def test_an_update_that_is_only_a_photograph_is_kept(picture: str, shape: str) -> None:
    posts = [post(shape, number) for number in range(4)]
    posts[2] = shape.replace("$h", "12").replace("TEXT", picture)
    parsed = read(page(*posts))
    assert contents(parsed)[2] == ("2023-06-02T12:05:00Z", "", "[Picture](<https://quay.example/a.jpg>)")
    assert (len(parsed.records), parsed.problems) == (4, ())


def test_a_captioned_video_keeps_its_kind_and_address() -> None:
    video = (
        "<figure><video controls><source src='https://quay.example/v.mp4'></video>"
        "<figcaption>The crane turns.</figcaption></figure>"
    )
    for shape in ("<article><b>$h:05 GMT</b><h2>Boat $n is in</h2>TEXT</article>", "<h2>$h:05 GMT</h2>TEXT"):
        parsed = read(page(*(post(shape, number).replace("</p>", f"</p>{video}", 1) for number in range(3))))
        first = contents(parsed)[0][2].split("\n\n")[0]
        assert first == f"{paragraphs(0)[0]}\\\n[Video: The crane turns.](<https://quay.example/v.mp4>)"


@pytest.mark.parametrize(
    "shape",
    [
        "<article id='post-90$n'><b>$h:05 GMT</b><h2>Boat $n is in</h2>TEXT</article>",
        "<section data-id='post-90$n'><h2>$h:05 GMT – Boat $n is in</h2><p>In.</p></section>",
        "<h2 id='post-90$n'>$h:05 GMT – Boat $n is in</h2>TEXT",
    ],
)
def test_ids_of_elements_are_ids_of_records(shape: str) -> None:
    parsed = read(page(*(post(shape, number) for number in range(3))))
    assert [record.id for record in parsed.records] == ["post-900", "post-901", "post-902"]


def test_a_drawing_leaves_a_line_in_a_figure_only() -> None:
    drawing = "<figure><svg><title>The water by hour</title></svg></figure><p>Up. <svg><title>Share</title></svg></p>"
    parsed = read(page(*(post("<h2>$h:05 GMT</h2>TEXT", number) + drawing for number in range(3))))
    assert [body.split("\n\n")[1:] for _, _, body in contents(parsed)] == [
        [f"{paragraphs(number)[1]}\nDrawing: The water by hour", "Up."] for number in range(3)
    ]


def test_an_item_without_a_time_among_timed_ones_is_doubted() -> None:
    for shape in ("<li>STAMP <p>TEXT</p></li>", "<tr><td>STAMP</td><td>TEXT</td></tr>"):
        items = [shape.replace("STAMP", f"1{hour}:05 GMT" if hour != 3 else "") for hour in (5, 4, 3, 2)]
        filled = "".join(item.replace("TEXT", paragraphs(number)[0]) for number, item in enumerate(items))
        parsed = read(page(f"<table>{filled}</table>" if "<tr>" in shape else f"<ul>{filled}</ul>"))
        assert len(parsed.records) == 4
        assert ("untimed", "1 of 4 posts have no time") in {(each.kind, each.text[:25]) for each in parsed.doubts}


RICH = (
    "<p>See <del>forty</del> <ins>forty-one</ins> ships, <q>lost</q>, 10<sup>3</sup> m, H<sub>2</sub>O,"
    " <a href=/r>r</a>, https://quay.example/doc.pdf and x<math><msup><mi>y</mi><mn>2</mn></msup></math>.</p>"
    "<table><tr><th>Pier</th><th>Yes</th></tr><tr><td>North</td><td>12</td></tr></table>"
    "<pre>if tide:\n    close()</pre><dl><dt>Quay</dt><dd>A wall.</dd></dl>"
)
RICH_MARKDOWN = (
    "See ~~forty~~ forty-one ships, “lost”, 10³ m, H₂O, [r](<https://quay.example/r>),"
    " [https://quay.example/doc.pdf](<https://quay.example/doc.pdf>) and xy².\n\n"
    "| Pier | Yes |\n| --- | --- |\n| North | 12 |\n\n```\nif tide:\n    close()\n```\n\nQuay: A wall."
)


@pytest.mark.parametrize(
    "shape",
    [
        "<article><b>$h:05 GMT</b><h2>Boat $n is in</h2>TEXT</article>",
        "<h2>$h:05 GMT</h2><h3>Boat $n is in</h3>TEXT",
        "<p><b>$h.05 Uhr</b></p><p><b>Boat $n is in</b></p>TEXT",
        "<div><span>UPDATE $h:05</span><p>Boat $n is in</p>TEXT</div>",
    ],
)
def test_markup_with_a_meaning_is_kept_on_every_path(shape: str) -> None:
    posts = [shape.replace("$h", f"{14 - n}").replace("$n", str(n)).replace("TEXT", RICH) for n in range(4)]
    parsed = read(page(*posts), url="https://quay.example/live", zone="GMT")
    bodies = [body.removeprefix(f"Boat {n} is in\n\n") for n, (_, _, body) in enumerate(contents(parsed))]
    assert bodies == [RICH_MARKDOWN] * 4


def test_lines_of_one_paragraph_keep_the_markup_of_their_post() -> None:
    lines = [
        f"<b>1{n}:05 GMT</b> Boat {n} is <del>late</del> in.<br>See <a href=https://quay.example/{n}>it</a>."
        for n in range(4)
    ]
    parsed = read(page(f"<p>{'<br><br>'.join(lines)}</p>"))
    assert [body for _, _, body in contents(parsed)] == [
        f"Boat {n} is ~~late~~ in.\\\nSee [it](<https://quay.example/{n}>)." for n in range(4)
    ]
