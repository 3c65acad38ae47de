"""The ways outlets set a post, each read as the same four posts, whatever else stands on the page."""

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

# $h is the hour of a post, $n its number, $e its time in epoch seconds; TEXT its paragraphs.
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
CARD = "<div class=c><time datetime='2023-05-2{n}T10:00Z'>May 2{n}</time><h3><a href=/{n}>A hill tale</a></h3></div>"
NOON = 1_685_664_300  # 2 June 2023, 00:05 UTC


def paragraphs(number: int) -> tuple[str, str]:
    return (
        f"The crew of boat {number} steps ashore and waits for the mayor of the town.",
        f"Eight rowers of boat {number} carry the oars up to the shed behind the inn.",
    )


def post(template: str, number: int) -> str:
    hour = 14 - number
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs(number))
    filled = template.replace("$h", str(hour)).replace("$e", str(NOON + 3600 * hour)).replace("$n", str(number))
    return filled.replace("TEXT", text)


def page(*posts: str, above: str = "", below: str = "") -> str:
    cookies = "<div role=dialog><p>We use cookies, 14:05 of them.</p><button>Accept</button></div>"
    feed = f"<div class=feed>{''.join(posts)}</div>"
    end = "<button>Show more</button><nav class=pagination><a href=?p=2>2</a></nav>"
    main = f"<main>{HEAD}{above}{feed}{below}{end}</main>"
    return f"<!doctype html><title>x</title><body>{cookies}{main}<footer>© x</footer>"


def read(html: str, **hints: str) -> ParsedPage:
    return parse(html.encode(), read_hints(hints), "page.html")


def told(reading: ParsedPage) -> list[tuple[str, str, str]]:
    return [(record.at, record.headline, str(record.markdown or record.text)) for record in reading.records]


def clocks(reading: ParsedPage) -> list[str]:
    moments = [dt.datetime.fromisoformat(record.at).astimezone(dt.UTC) for record in reading.records]
    return [f"{moment:%d %H:%M}" for moment in moments]


@pytest.mark.parametrize("name", ELEMENTS)
def test_layout(name: str) -> None:
    reading = read(page(*(post(ELEMENTS[name], number) for number in range(4))))
    east = 2 if "CEST" in ELEMENTS[name] else 0
    assert clocks(reading) == [f"02 {14 - number - east:02}:05" for number in range(4)]
    assert [record.headline for record in reading.records] == [f"Boat {number} is in" for number in range(4)]
    for number, (_, _, body) in enumerate(told(reading)):
        assert body.split("\n\n")[:2] == list(paragraphs(number))
        assert body.count("\n\n") == (4 if "timetable" in name else 1)
    source = reading.records[0].source
    assert source and source.lede == ("The boats come home.",)
    assert reading.problems == ()


FEED = [post(ELEMENTS["articles in an article"], number) for number in range(4)]
PLAIN = told(read(page(*FEED)))


@pytest.mark.parametrize("start", ["<main>", "<title>Harbour</title><main>", "<html><head><meta charset=utf-8><main>"])
def test_a_page_without_a_body(start: str) -> None:
    assert told(read(f"{start}{HEAD}{''.join(FEED)}</main>")) == PLAIN


def test_boxes_that_repeat_posts_are_no_posts() -> None:
    rows = "".join(
        f"<li><time datetime='2023-06-02T{14 - n}:05Z'>{14 - n}:05</time> Boat {n} is in</li>" for n in range(4)
    )
    assert told(read(page(*FEED, above=KEY.replace("LIST", rows)))) == PLAIN
    short = [
        f"<article><time datetime='2023-06-02T{14 - n}:05Z'>x</time><h2>Boat {n} is in</h2></article>" for n in range(4)
    ]
    reading = read(page(*short, *FEED))
    assert told(reading) == PLAIN
    assert sum(line.reason == "copy of a post" for line in reading.lines) == 8


def test_a_page_that_shows_everything_twice() -> None:
    feed = [each.replace("Z'", "'").replace(":05<", ":05 GMT<") for each in FEED]
    once, twice = (
        read(page(*feed), zone="GMT"),
        read(page(*feed, below=f"<div class=narrow>{''.join(feed)}</div>"), zone="GMT"),
    )
    assert told(twice) == told(once)


def test_more_cards_of_other_stories_than_posts() -> None:
    cards = "".join(CARD.format(n=n) for n in range(9))
    assert told(read(page(*FEED, below=f"<div class=more>{cards}</div>"))) == PLAIN


@pytest.mark.parametrize("mark", ["class", "text above", "text inside"])
def test_a_pinned_post_takes_no_other_back_a_day(mark: str) -> None:
    stamps = ["09:05", "14:05", "13:05", "11:05"]
    name = " pinned" if mark == "class" else ""
    inside = "<p>Pinned</p>" if mark == "text inside" else ""
    posts = [f"<div class=post><b>{at} GMT</b><h3>At {at}</h3><p>{paragraphs(1)[0]}</p></div>" for at in stamps]
    posts[0] = posts[0].replace("=post", f"='post{name}'").replace("<h3>", f"{inside}<h3>")
    if mark == "text above":
        text = "".join(f"{at} GMT At {at}\n\n{paragraphs(1)[0]}\n\n" for at in stamps)
        reading = read(f"Harbour live\n\nFriday, June 2, 2023\n\nPinned post\n\n{text}")
    else:
        reading = read(page(*posts))
    assert clocks(reading) == [f"02 {at}" for at in stamps]


def test_a_page_of_line_breaks_and_a_text_that_a_browser_wrapped() -> None:
    lines = [f"{14 - n}:05 GMT Boat {n} is in|{paragraphs(n)[0]}|" for n in range(4)]
    broken = read(f"<h1>Harbour live</h1>Friday, June 2, 2023<br><br>{'<br>'.join(lines).replace('|', '<br>')}")
    text = "\n\n".join(["Harbour live", "Friday, June 2, 2023", *lines]).replace("|", "\n\n")
    wrapped = read(f"<html><head></head><body><pre>{text}</pre></body></html>")
    assert told(broken) == told(wrapped) == [(at, headline, body.split("\n\n")[0]) for at, headline, body in PLAIN]


def test_one_post_without_a_headline_takes_no_others() -> None:
    posts = [post(ELEMENTS["headings above the time"], number) for number in range(4)]
    posts[2] = posts[2].replace("<h3>Boat 2 is in</h3>", "")
    assert [record.headline for record in read(page(*posts)).records] == [
        "Boat 0 is in",
        "Boat 1 is in",
        "",
        "Boat 3 is in",
    ]


def test_a_line_that_names_the_zone_of_all_times() -> None:
    posts = [each.replace("Z'", "'") for each in FEED]
    assert clocks(read(page(*posts, above="<p>All times are in BST.</p>"))) == [f"02 {13 - n}:05" for n in range(4)]


def test_posts_that_state_only_when_they_were_edited() -> None:
    posts = [each.replace("'>", "'>Updated ") for each in FEED]
    reading = read(page(*posts))
    assert clocks(reading) == [at[8:16].replace("T", " ") for at, _, _ in PLAIN]
    assert "4 of 4 posts state only when they were last edited" in " ".join(note.text for note in reading.notes)


def test_a_hint_that_is_not_the_pages_offset_is_told() -> None:
    updates = [
        {"headline": f"Boat {n} is in", "articleBody": paragraphs(n)[0], "datePublished": f"2023-06-02T{14 - n}:05:00Z"}
        for n in range(4)
    ]
    blog = json.dumps({"@type": "LiveBlogPosting", "headline": "Harbour", "liveBlogUpdate": updates})
    data = f'<script type="application/ld+json">{blog}</script>'
    bare = [each.replace(" datetime='2023-06-02T", " class='") for each in FEED]
    reading = read(page(*bare, above=data), zone="Europe/London")
    assert clocks(reading) == [f"02 {14 - n}:05" for n in range(4)]
    assert "ZONE= is not the page's own offset, +00:00" in " ".join(note.text for note in reading.notes)
    local = [each.replace(f"{14 - n}:05<", f"{15 - n}:05<") for n, each in enumerate(bare)]
    assert "ZONE=" not in " ".join(note.text for note in read(page(*local, above=data), zone="Europe/London").notes)


def test_a_post_from_elsewhere_keeps_its_date_and_gives_none() -> None:
    tweet = "<blockquote><p>We are in!</p><p>Crew (@crew)</p><p>2:05 PM · Jun 1, 2023</p></blockquote>"
    reading = read(page(*(post("<h2>$h:05 GMT</h2><h3>Boat $n is in</h3>TEXT", number) + tweet for number in range(4))))
    assert clocks(reading) == [at[8:16].replace("T", " ") for at, _, _ in PLAIN]
    assert all("05 PM · Jun 1, 2023" in body for _, _, body in told(reading))


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
def test_captions_of_posts_are_kept_with_their_page(name: str, shape: str, tmp_path: Path) -> None:
    reading = read(page(*(post(shape.replace("FIGURE", FIGURES[name]), number) for number in range(3))))
    source = reading.records[0].source
    wanted = [(f"Boat {number} at the pier.", "Ann/Press") for number in range(3)]
    assert source and [(caption.text, caption.credit) for caption in source.captions] == wanted
    assert [body for _, _, body in told(reading)] == ["\n\n".join(paragraphs(number)) for number in range(3)]
    rows = [row.partition(" ")[::2] for row in dump_ledger(reading).splitlines()]
    assert sum(label == "caption" for _, label in rows) == 3
    ingest(ParsedFile(name="page", records=reading.records), IngestOptions(content=tmp_path, zone=ZoneInfo("UTC")))
    day = load_day(day_file_path(tmp_path, dt.date(2023, 6, 2)).read_text())
    assert [(caption.text, caption.credit, caption.source) for caption in day.captions] == [
        (*pair, "s1") for pair in wanted
    ]
