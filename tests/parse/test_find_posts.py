"""Posts are found by a series of stamps, whatever stands around them and however the page is built."""

import json
from collections.abc import Callable

import pytest

from daybook.parse import parse
from daybook.parse.base.page import ParsedPage, Verdict
from daybook.parse.formats import read_page
from daybook.parse.input_files import read_hints

POSTS = (
    ("17:40", "Lock gate repaired", "The lower gate of the lock was repaired in the afternoon, the keeper said."),
    ("16:15", "Barges wait in line", "Eleven barges wait above the weir and one below it, with grain and gravel."),
    ("14:05", "Diver finds the leak", "A diver found the leak beside the left hinge and marked it with a buoy."),
    ("11:30", "Water falls", "The water in the basin fell by a hand within an hour, so the gate was shut."),
)
TITLE = "Live: the lock at Aue"
HEAD = f"<!doctype html><html lang=en><head><title>{TITLE}</title></head><body>"
DATE = "2031-05-05"

# A post on a page; $t is the time, $h the headline, $p the text, $i its place, $iso the time with a date.
MARKUPS = {
    "div": "<div class=item><span class=when>$t</span><h3>$h</h3><p>$p</p></div>",
    "article": "<article><header><h2>$h</h2><time datetime=$iso>$t</time></header><p>$p</p></article>",
    "list": "<li><h3>$h</h3><p>$p</p><div class=foot>$t</div></li>",
    "flow": "<h3>$t – $h</h3><p>$p</p>",
    "row": "<tr><td>$t</td><td><h3>$h</h3><p>$p</p></td></tr>",
    "title": "<div class=x$i><abbr title='May 5, 2031 at $t'></abbr><h3>$h</h3><p>$p</p></div>",
    "pieces": "<div><span><span>5.5.2031</span><span>$t</span></span><h3>$h</h3><p>$p</p></div>",
    "epoch": "<div class=card><x-time data-timestamp=$epoch></x-time><h3>$h</h3><p>$p</p></div>",
    "author": "<div><div><span>Ann Bell</span><span>$t</span></div><h3>$h</h3><p>$p</p></div>",
}
OUTER = {"list": "<ul>$posts</ul>", "row": "<table>$posts</table>"}

SHAPES: dict[str, Callable[[int, int], str]] = {
    "colon": lambda hour, minute: f"{hour}:{minute:02}",
    "dot": lambda hour, minute: f"{hour}.{minute:02}",
    "h": lambda hour, minute: f"{hour}h{minute:02}",
    "Uhr": lambda hour, minute: f"{hour}.{minute:02} Uhr",
    "p.m.": lambda hour, minute: f"{(hour - 1) % 12 + 1}:{minute:02} {'a' if hour < 12 else 'p'}.m.",
    "bracket": lambda hour, minute: f"[{hour}:{minute:02}]",
    "word": lambda hour, minute: f"Published at {hour}:{minute:02}",
    "zone in words": lambda hour, minute: f"{hour}:{minute:02} Greenwich Mean Time",
    "date": lambda hour, minute: f"5 May 2031, {hour}:{minute:02}",
    "age": lambda hour, minute: f"{20 - hour}h ago ({hour}:{minute:02} GMT)",
    "full width": lambda hour, minute: f"{hour}:{minute:02}".translate({48 + n: 0xFF10 + n for n in range(10)}),
    "Arabic": lambda hour, minute: f"{hour}:{minute:02}".translate({48 + n: 0x660 + n for n in range(10)}),
    "Japanese": lambda hour, minute: f"{'午前' if hour < 12 else '午後'}{(hour - 1) % 12 + 1}時{minute:02}分",
}


def feed(markup: str, shape: Callable[[int, int], str] = SHAPES["colon"]) -> str:
    filled = ""
    for index, (clock, headline, text) in enumerate(POSTS):
        hour, minute = map(int, clock.split(":"))
        values = {"$iso": f"{DATE}T{clock}:00Z", "$epoch": str(1_935_705_600 + hour * 3600 + minute * 60)}
        values |= {"$t": shape(hour, minute), "$h": headline, "$p": text, "$i": str(index)}
        post = MARKUPS[markup]
        for name, value in values.items():
            post = post.replace(name, value)
        filled += post
    return OUTER.get(markup, "<div class=feed>$posts</div>").replace("$posts", filled)


def page(posts: str, before: str = "", after: str = "") -> str:
    return f"{HEAD}{before}<main><h1>{TITLE}</h1><p>Barges wait since noon.</p>{posts}</main>{after}"


def read(html: str, **hints: str) -> ParsedPage:
    return parse(html.encode(), read_hints({"zone": "UTC", "date": DATE} | hints), "page.html")


def contents(parsed: ParsedPage) -> list[tuple[str, str, str]]:
    return [(record.at[11:16], record.headline, str(record.markdown or record.text)) for record in parsed.records]


RIGHT = [(clock.rjust(5, "0"), headline, text) for clock, headline, text in POSTS]


def times(parsed: ParsedPage) -> list[str]:
    return [at for at, _, _ in contents(parsed)]


@pytest.mark.parametrize("markup", MARKUPS)
def test_posts_are_read_in_any_markup(markup: str) -> None:
    parsed = read(page(feed(markup)))
    assert [(at, headline) for at, headline, _ in contents(parsed)] == [(at, headline) for at, headline, _ in RIGHT]
    assert all(body.endswith(text) for (_, _, body), (_, _, text) in zip(contents(parsed), RIGHT, strict=True))
    assert parsed.verdict is Verdict.READ


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("markup", ["div", "list", "row"])
def test_the_shape_of_the_stamps_does_not_matter(markup: str, shape: str) -> None:
    assert contents(read(page(feed(markup, SHAPES[shape])))) == RIGHT


@pytest.mark.parametrize("pinned", ["article", "article class=top"])
def test_a_box_around_a_pinned_post_leaves_the_others_their_elements(pinned: str) -> None:
    """The classes of the posts are codes, so that only the names of their elements are alike."""
    post = (
        '<{tag}><header><a href="#x"><time datetime="{at}">{age}</time><span>{clock} GMT</span></a>'
        "<h2>{headline}</h2><div class=by><span class=name>Ida Kern</span></div></header><p>{text}</p></article>"
    )
    shown = [
        post.format(
            tag="article class=c1k4" if index else pinned,
            at=f"{DATE}T{clock.rjust(5, '0')}:00Z",
            age=f"{21 - int(clock.split(':')[0])}h ago",
            clock=clock,
            headline=headline,
            text=text,
        )
        for index, (clock, headline, text) in enumerate((POSTS[2], *POSTS[:2], *POSTS[3:]))
    ]
    box, *others = shown
    parsed = read(page(f"<div><div class=box>{box}</div>{''.join(others)}</div>"))
    assert contents(parsed) == [RIGHT[2], *RIGHT[:2], *RIGHT[3:]]
    assert {record.authors for record in parsed.records} == {("Ida Kern",)}


def items(tag: str, *rows: tuple[str, str]) -> str:
    return "".join(f"<{tag}><span>{time}</span> {text}</{tag}>" for time, text in rows)


STORIES = items("li", ("17:55", "<a href=/a>Choir wins a prize</a>"), ("16:45", "<a href=/b>Bakery opens</a>"))
READERS = "".join(
    f"<div class=c><b>{name}</b> <span>{time}</span><p>I have waited for that gate since spring, and so has he.</p>"
    "<span>Reply</span></div>"
    for name, time in (("bob", "19:20"), ("eve", "19:05"), ("sam", "18:40"), ("kim", "18:10"))
)
PROGRAMME = "".join(
    f"<div class=p><time>{time}</time><h4>{name}</h4><p>An evening with {name.lower()} from the studio.</p></div>"
    for time, name in (("19:00", "News"), ("19:30", "Weather"), ("20:15", "Film"), ("22:00", "Talk"), ("23:10", "Jazz"))
)
FURNITURE = {
    "menu": ("<header><nav><ul><li><a href=/>Home</a></ul></nav></header>", "<footer><p>© The Post</p></footer>"),
    "stories above": (f"<div class=new><h3>Newest</h3><ul>{STORIES}</ul></div>", ""),
    "stories below": ("", f"<div class=more><h2>More stories</h2><ul>{STORIES}</ul></div>"),
    "comments": ("", f"<div class=talk><h2>4 comments</h2>{READERS}</div>"),
    "programme": ("", f"<div class=tv><h2>Tonight on channel one</h2>{PROGRAMME}</div>"),
}


@pytest.mark.parametrize("markup", ["div", "article", "list", "flow"])
@pytest.mark.parametrize("name", FURNITURE)
def test_furniture_around_the_posts_does_not_matter(name: str, markup: str) -> None:
    assert contents(read(page(feed(markup), *FURNITURE[name]))) == contents(read(page(feed(markup))))


@pytest.mark.parametrize("markup", ["div", "article", "list", "row"])
def test_wrapping_and_the_order_of_attributes_do_not_matter(markup: str) -> None:
    plain = contents(read(page(feed(markup))))
    wrapped = page(f"<div class=a><div><section>{feed(markup)}</section></div></div>")
    assert contents(read(wrapped)) == plain
    one = feed(markup).replace("class=item", "class=item data-n=1 id=a").replace("<h3>", "<h3 class=t title=x>")
    other = feed(markup).replace("class=item", "id=a data-n=1 class=item").replace("<h3>", "<h3 title=x class=t>")
    assert contents(read(page(one))) == contents(read(page(other))) == plain


@pytest.mark.parametrize("rows", [READERS, PROGRAMME, f"<ul>{STORIES * 3}</ul>"])
def test_an_article_with_times_below_is_no_live_blog(rows: str) -> None:
    text = "".join(f"<p>{text} {text}</p>" for _, _, text in POSTS)
    article = f"<!doctype html><title>The old lock</title><main><article><h1>The old lock</h1>{text}</article>"
    parsed = read(f"{article}</main><div class=below>{rows}</div>")
    assert parsed.records == ()


def test_an_article_above_a_list_of_popular_stories_is_no_live_blog() -> None:
    text = "".join(f"<p>{text} {text}</p>" for _, _, text in POSTS) * 15
    byline = "<div><ol><li><a href=/ann>Ann Bell</a></ol><span><time>$t ET</time></span></div>"
    story = f"<li><a href=/a><p>A plan of the weir.</p></a><div><h5><a href=/a>A new weir</a></h5>{byline}</div></li>"
    stories = "".join(story.replace("$t", clock) for clock in ("1:57 PM", "7:00 AM"))
    head = f"<div><h1>The old lock</h1>{byline.replace('$t', '1:39 PM')}</div>"
    below = f"<div class=c><h4>Popular now</h4><div>{stories}</div></div>"
    html = f"<main><article>{head}<section>{text}</section></article></main>{below}"
    parsed = read(f"<!doctype html><title>The old lock</title><body>{html}")
    assert (parsed.records, parsed.verdict) == ((), Verdict.NO_LIVE_BLOG)


def test_names_that_recur_beside_the_stamps_are_authors() -> None:
    names = ("Ann Bell", "Tom van Reed", "Ann Bell", "Ann Bell")
    page_ = page(feed("div"))
    for name in names:
        page_ = page_.replace("</span><h3>", f"</span><em>{name}</em> <h3>", 1)
    parsed = read(page_)
    assert contents(parsed) == RIGHT
    assert [record.authors for record in parsed.records] == [(name,) for name in names]
    different = page(feed("div").replace("<h3>", "<em>$</em><h3>"))
    for word in ("Gate", "Barge", "Diver", "Water"):
        different = different.replace("$", f"{word} Report", 1)
    assert [body.split("\n\n")[0] for _, _, body in contents(read(different))] == [
        f"{word} Report" for word in ("Gate", "Barge", "Diver", "Water")
    ]


def state() -> dict[str, object]:
    updates = [
        {"id": f"u{n}", "publishedAt": f"{DATE}T{clock}:00Z", "title": headline, "body": f"<p>{text}</p>"}
        for n, (clock, headline, text) in enumerate(POSTS)
    ]
    related = [{"title": "Choir wins", "publishedAt": f"{DATE}T10:00:00Z", "url": "/choir"}] * 4
    return {"props": {"pageProps": {"live": {"updates": updates}, "related": related}}}


@pytest.mark.parametrize(
    "script",
    [
        "<script id=__NEXT_DATA__ type=application/json>$json</script>",
        "<script>window.__STATE__ = $json; window.other = 1;</script>",
        "<script>(function(){var a=1;window['app'] = {'no': json}; self.data=$json})()</script>",
        "<script>window.__STATE__ = JSON.parse($string);</script>",
    ],
)
def test_posts_in_the_data_of_a_script_are_read(script: str) -> None:
    text = json.dumps(state())
    html = script.replace("$json", text).replace("$string", json.dumps(text))
    assert contents(read(page("<div id=app></div>", after=html))) == RIGHT
    shown = page(feed("div").replace(POSTS[3][1], POSTS[3][1]), after=html)
    assert contents(read(shown)) == RIGHT  # data and text are one list
    article = html.join(("<!doctype html><title>The old lock</title><h1>The old lock</h1>", "<p>It is old.</p>"))
    assert read(article).records == ()


def test_a_page_without_a_reader_of_models_has_no_posts_of_its_scripts() -> None:
    assert read_page(page("<div></div>", after="<script>window.a = {}</script>")).posts == ()


def text_page(*posts: str, head: str = "5 May 2031") -> str:
    return f"{TITLE}\n\n{head}\n\n" + "\n\n".join(posts) + "\n"


def text_posts(pattern: str) -> list[str]:
    return [pattern.format(clock=clock, headline=headline, text=text) for clock, headline, text in POSTS]


TEXTS = {
    "printed twice": text_page(*text_posts("{headline}\npublished at {clock} GMT 5 May\n{clock} GMT 5 May\n\n{text}")),
    "age beside it": text_page(*text_posts("3h ago\n({clock} GMT)\n{headline}\n\n{text}")),
    "Markdown": text_page(*text_posts("## {headline}\n\n*{clock}*\n\n{text}")),
    "the page's own time": text_page(
        *text_posts("{clock} GMT\n{headline}\n\n{text}"),
        head="Mon 5 May 2031 18.02 GMT\nFirst published on Mon 5 May 2031 11.00 GMT",
    ),
    "other stories below": text_page(
        *text_posts("{clock}\n{headline}\n\n{text}"), "More stories", "17:55 Choir wins a prize", "16:45 Bakery opens"
    ),
    "date in a sentence": text_page(*text_posts("{clock}\n{headline}\n\n{text}"), head="Published on 5 May 2031"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_copied_text_is_read(name: str) -> None:
    parsed = parse(TEXTS[name].encode(), read_hints({"zone": "UTC"} | ({"date": DATE} if "twice" in name else {})), "p")
    assert contents(parsed) == RIGHT


def test_other_stories_below_few_posts_are_not_posts() -> None:
    text = text_page(
        *text_posts("{clock}\n{headline}\n\n{text}")[:2], "More stories", "16:10 Choir wins", "15:05 Bakery opens"
    )
    parsed = parse(text.encode(), read_hints({"zone": "UTC"}), "page")
    assert contents(parsed) == RIGHT[:2]
    assert parsed.verdict is Verdict.READ


def test_a_false_utc_is_read_as_the_zone_of_the_hint_and_told() -> None:
    parsed = read(page(feed("article")), zone="Europe/Berlin")
    assert times(parsed) == times(read(page(feed("div"))))
    assert [record.at[-6:] for record in parsed.records] == ["+02:00"] * 4
    assert [doubt.kind for doubt in parsed.doubts] == ["zone"]


def test_data_and_text_that_differ_by_whole_hours_are_one_list() -> None:
    updates = [
        {"@type": "BlogPosting", "headline": headline[:9], "datePublished": f"{DATE}T{clock}:09+03:00"}
        for clock, headline, _ in POSTS
    ]
    data = json.dumps({"@type": "LiveBlogPosting", "headline": TITLE, "liveBlogUpdate": updates})
    parsed = read(page(feed("div"), before=f'<script type="application/ld+json">{data}</script>'))
    assert [(headline, body) for _, headline, body in contents(parsed)] == [RIGHT[n][1:] for n in range(4)]


def blog_data(*updates: dict[str, str]) -> str:
    data = json.dumps({"@type": "LiveBlogPosting", "headline": TITLE, "liveBlogUpdate": updates})
    return f'<script type="application/ld+json">{data}</script>'


def test_data_and_text_without_a_common_post_are_not_read_as_one_list() -> None:
    updates = [
        {"headline": f"Fair number {n} opens", "articleBody": text, "datePublished": f"{DATE}T0{n}:0{n}:00Z"}
        for n, text in enumerate(("Cows are shown.", "Pies are sold.", "A band plays.", "Rain ends it."), 1)
    ]
    parsed = read(page(feed("div"), before=blog_data(*updates)))
    assert contents(parsed) == RIGHT
    assert [doubt.kind for doubt in parsed.doubts] == ["data"]


def test_posts_of_which_the_data_has_only_the_headline_are_a_part() -> None:
    updates = [{"headline": headline, "datePublished": f"{DATE}T{clock}:00Z"} for clock, headline, _ in POSTS]
    older = [{"headline": f"Older {n}", "datePublished": f"{DATE}T0{n}:00:00Z"} for n in (9, 8)]
    parsed = read(page(feed("div"), before=blog_data(*updates, *older)))
    assert contents(parsed)[:4] == RIGHT
    assert [doubt.kind for doubt in parsed.doubts] == ["part"]


def test_a_heading_above_the_posts_may_call_them_live() -> None:
    html = page(f"<h2>Live ticker</h2>{feed('flow')}").replace(TITLE, "The lock at Aue")
    assert read(html).verdict is Verdict.READ
    assert read(html.replace("<h2>Live ticker</h2>", "")).verdict is not Verdict.READ


def test_a_forum_is_no_live_blog() -> None:
    thread = feed("div").replace("<h3>", "<span class=userinfo>2,206 letters</span><h3>")
    assert read(page(thread).replace(TITLE, "The lock at Aue")).records == ()


def test_the_only_post_of_an_early_capture_is_read_if_its_day_is_printed() -> None:
    clock, headline, text = POSTS[0]
    post = f"<div class=item><span>{clock}</span><h3>{headline}</h3><p>{text}</p></div>"
    dated = parse(page(f"<p>5 May 2031</p>{post}").encode(), read_hints({"zone": "UTC"}), "page")
    assert (contents(dated), dated.verdict) == (RIGHT[:1], Verdict.READ)
    assert parse(page(post).encode(), read_hints({"zone": "UTC"}), "page").verdict is Verdict.NOT_UNDERSTOOD
    assert read(page(f"<p>5 May 2031</p><div class=meta><span>{clock}</span></div><p>{text}</p>")).records == ()
    other = page(f"<p>5 May 2031</p>{post}").replace(TITLE, "The lock at Aue")
    assert read(other).records == ()


@pytest.mark.parametrize(
    "classes", ["comment byuser even depth-1 liveblog-entry", "comment live-blog_post", "comments x-liveticker-item"]
)
def test_posts_that_the_software_stores_as_comments_are_posts(classes: str) -> None:
    parsed = read(page(feed("div").replace("class=item", f'class="{classes}"')))
    assert contents(parsed) == RIGHT


@pytest.mark.parametrize("classes", ["comment byuser even depth-1", "comment liveblog-comment", "comments live-chat"])
def test_comments_of_readers_below_the_posts_are_none(classes: str) -> None:
    comments = "".join(
        f'<div class="{classes}"><b>Ann{number}</b> <span>1{number}:59</span><p>Good to read, {number}.</p></div>'
        for number in range(5)
    )
    parsed = read(page(feed("div") + comments))
    assert contents(parsed) == RIGHT
