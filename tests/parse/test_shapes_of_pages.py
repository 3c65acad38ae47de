"""Shapes of pages in public use, with invented text: what is printed around posts, in several languages."""

import json

import pytest
from live_pages import ARTICLE, POSTS, READ, copied, entries, read, saved

from daybook.parse.base.page import ParsedPage
from daybook.parse.text.evidence import is_called_live


@pytest.mark.parametrize(
    "title",
    [
        *("Percről percre: vihar a kikötőben", "Direkt: Storm i hamnen", "Storm i havnen – minutt for minutt"),
        *("Myrsky satamassa – hetki hetkeltä", "Furtună în port: minut cu minut", "Oluja u luci: iz minute u minutu"),
        *("Živě: bouře v přístavu", "ONLINE: Búrka v prístave", "Neihta v živo", "Буря на пристанището – на живо"),
        *("Шторм у порту. Наживо", "Λεπτό προς λεπτό: καταιγίδα", "Fırtına: dakika dakika", "Torm sadamas: otseblogi"),
        *("Audra uoste: tiesiogiai", "Vētra ostā: tiešraide", "Tempête au port : suivez notre direct"),
        *("Tormenta: minuto a minuto", "Temporal ao minuto", "Tempesta, la diretta", "Sturm im Hafen – Newsblog"),
        *("עדכונים שוטפים: סערה בנמל", "تغطية مباشرة: عاصفة", "لحظه به لحظه با طوفان", "तूफान लाइव", "ঝড় লাইভ"),
        *(
            "พายุ รายงานสด",
            "Trực tiếp: bão",
            "Badai: laporan langsung",
            "【速報】港の嵐",
            "直播：港口风暴",
            "폭풍 실시간",
        ),
        *("შტორმი: პირდაპირი ეთერი", "Փոթորիկ. ուղիղ", "Stoirm – beo", "Storm yn fyw", "Ekaitza zuzenean"),
        *("【不斷更新】港口風暴", "Tempesta: in aggiornamento", "Буря: текст обновляется"),
        *("Tempesta: en directe", "Стихия: прямой эфир", "Tufani: mubashara", "Furtuna: drejtpërdrejt"),
    ],
)
def test_titles_that_call_a_page_live(title: str) -> None:
    assert is_called_live([title])


@pytest.mark.parametrize(
    "title",
    [
        *("How people live by the harbour", "Direct flights to Weide resume", "The online shop of the port"),
        *("Direkte Wege", "Система порта обновляется с мая", "Harita her gün güncelleniyor"),
    ],
)
def test_titles_of_ordinary_pages(title: str) -> None:
    assert not is_called_live([title])


@pytest.mark.parametrize(
    "control", ["Return to menu", "Zur Übersicht springen", "Los a tartalomra", "Kern & Daughters"]
)
def test_a_line_that_ends_every_post_is_no_text(control: str) -> None:
    page = copied("{clock}\n{headline}\n{text}\n" + control)
    assert (entries(page), page.doubts) == (READ, ())
    page = saved(ARTICLE + f'<div><a href="#m">{control}</a></div></article>')
    assert (entries(page), page.doubts) == (READ, ())


def test_a_label_that_begins_every_post_is_no_text() -> None:
    page = copied("{clock}\nFrån redaktionen\n{headline}\n{text}")
    assert (entries(page), page.doubts) == (READ, ())


def test_a_name_below_every_post_is_its_author() -> None:
    names = ["Ida Kern", "Otto Brand", "Ida Kern", "Otto Brand"]
    posts = [f"{clock}\n{headline}\n{text}\n{name}" for (clock, headline, text), name in zip(POSTS, names, strict=True)]
    page = read("\n\n".join(["Storm live\n\n10 June 2031", *posts]), "page.txt")
    assert entries(page) == READ
    assert [record.authors for record in page.records] == [(name,) for name in names]
    labelled = copied("{clock}\n{headline}\n{text}\nBy Ida Kern")
    assert [record.authors for record in labelled.records] == [("Ida Kern",)] * 4


@pytest.mark.parametrize("label", ["Fäst inlägg", "Angeheftet", "Épinglé", "Закреплённая запись", "置顶", "📌 Pinned"])
def test_a_label_of_a_pinned_post_is_no_text(label: str) -> None:
    page = copied("{clock}\n{headline}\n{text}", title=f"Storm live\n\n10 June 2031\n\n{label}")
    assert entries(page) == READ
    posts = [
        ARTICLE.format(clock=clock, headline=headline, text=text) + "</article>" for clock, headline, text in POSTS
    ]
    posts[0] = posts[0].replace('"p">', f'"p"><span>{label}</span>')
    page = read(f"<!doctype html><title>Storm: live</title><main><h1>Storm: live</h1>{''.join(posts)}</main>", "p.html")
    assert entries(page) == READ


@pytest.mark.parametrize(
    "tail",
    [
        *("All rights reserved. Gazette Ltd.", "Tous droits réservés", "Minden jog fenntartva!", "無断転載を禁じます"),
        *(
            "Tags: storm, harbour\nAbout the author\nIda Kern writes about ports.",
            "In this section\nOld quays\nNew quays",
        ),
        *("Newsletter\nReceive our stories each morning\n\nLes plus lus\nLe phare est éteint", "Back to top"),
        *("Kapcsolódó cikkek\nA móló története\nMennyit ér a kapu\n\nImpresszum", "https://gazette.example/live 3/3"),
    ],
)
def test_what_is_copied_from_below_the_posts_is_no_text(tail: str) -> None:
    page = copied("{clock}\n{headline}\n{text}", tail=tail)
    assert (entries(page), page.doubts) == (READ, ())


def test_headlines_below_the_posts_are_left_out_with_a_doubt() -> None:
    tail = (
        "Fish market to move inland next spring\nMayor of Weide opens the new bridge\nWhy the lighthouse is dark again"
    )
    page = copied("{clock}\n{headline}\n{text}", tail=tail)
    assert entries(page) == READ
    [doubt] = page.doubts
    assert (doubt.kind, doubt.line) == ("end", 21)
    assert "lines 21 to 23" in doubt.text and "Fish market" in doubt.text


@pytest.mark.parametrize(
    "below",
    [
        '<p><a href="/1">The lighthouse is dark</a></p><p><a href="/2">Weide builds a bridge</a></p>',
        '<h3>More from the Gazette</h3><ul><li><a href="/1">Old quays</a></li><li><a href="/2">New quays</a></li></ul>',
    ],
)
def test_links_below_flowing_text_are_no_text(below: str) -> None:
    posts = "".join(f"<p><strong>{clock}: {headline}</strong></p><p>{text}</p>" for clock, headline, text in POSTS)
    page = (
        f"<!doctype html><title>Storm: live</title><main><h1>Storm: live</h1><p>10 June 2031</p>{posts}{below}</main>"
    )
    parsed = read(page, "page.html")
    assert (entries(parsed), parsed.doubts) == (READ, ())


def test_the_heading_of_a_box_beside_the_posts_says_nothing_about_them() -> None:
    box = '<aside class="key"><h2>Latest news</h2><ul><li>15:01 <a href="/1">Bread is dear</a></li></ul></aside>'
    pattern = '<div class="u"><b>{clock}</b><h3>{headline}</h3><p>{text}</p></div>'
    page = saved(pattern, above=f"<p>10 June 2031</p>{box}")
    assert (entries(page), page.doubts) == (READ, ())


def test_two_short_lines_below_the_posts_stay_with_a_doubt() -> None:
    page = copied("{clock}\n{headline}\n{text}", tail="The old lighthouse\nThe new bridge")
    assert entries(page)[-1][2].endswith("The old lighthouse\nThe new bridge")
    assert [doubt.kind for doubt in page.doubts] == ["end"]


@pytest.mark.parametrize(
    "above",
    [
        '<p class="dl">Tue Jun 10 2031 - 16:40</p><p>Two ports are shut.</p>',
        '<div class="dl">Published 10 June 2031 09:02, updated 10 June 2031 14:20</div>',
        '<div class="dl"><span>10 June 2031</span> <span>16:40</span></div>',
    ],
)
def test_the_time_of_the_page_is_no_post(above: str) -> None:
    page = saved('<div class="u"><div class="time">{clock}</div><h3>{headline}</h3><p>{text}</p></div>', above=above)
    assert (entries(page), page.doubts) == (READ, ())


@pytest.mark.parametrize("stamp", ["{clock} hs | ", "{clock} hs. – ", "{hour}.{minute} Uhr – ", "{hour}h{minute} | "])
def test_the_unit_and_the_mark_after_a_clock_are_no_headline(stamp: str) -> None:
    page = copied(stamp + "{headline}\n\n{text}")
    assert (entries(page), page.doubts) == (READ, ())


@pytest.mark.parametrize(
    "stamp",
    [
        'Posted at <span aria-hidden="true">{clock}</span><span class="visually-hidden">{clock} 10 June</span>',
        '<span>{clock}</span> <span class="sr-only">{clock}</span>',
        '<time datetime="2031-06-10T{clock}:00Z">{clock}</time><span class="sr-only">{clock}</span>',
        '<span class="flag-cartridge">Your questions</span><span class="date">{clock}</span>',
        '<span class="date">{clock}</span><span class="kicker">Analysis</span>',
    ],
)
def test_second_prints_of_a_time_and_labels_are_no_text(stamp: str) -> None:
    pattern = f'<article class="p"><div class="ts">{stamp}</div><h3>{{headline}}</h3><p>{{text}}</p></article>'
    page = saved(pattern, above="<p>10 June 2031</p>")
    assert (entries(page), page.doubts) == (READ, ())


@pytest.mark.parametrize("credit", ["Photo: Kern/Coast Pictures", '<span class="credit">Kern/Coast Pictures</span>'])
def test_a_caption_that_is_only_a_credit_leaves_the_description(credit: str) -> None:
    figure = f'<figure><img src="/a.jpg" alt="The quay in the rain"><figcaption>{credit}</figcaption></figure>'
    page = saved(ARTICLE + f"{figure}</article>", url="https://gazette.example/live")
    line = "[Picture: The quay in the rain (Kern/Coast Pictures)](<https://gazette.example/a.jpg>)"
    assert all(text.endswith(line) for _, _, text in entries(page))


@pytest.mark.parametrize(
    "edit", ["Aktualisiert um {clock} Uhr", "Mis à jour à {clock}", "Обновлено: {clock}", "Frissítve: {clock}"]
)
def test_the_time_of_an_edit_is_no_text(edit: str) -> None:
    page = saved(ARTICLE + f"<p>{edit}</p></article>")
    assert (entries(page), page.doubts) == (READ, ())


def streamed(*, by_reference: bool) -> str:
    """Return the scripts of a Next.js page that streams its data in two parts; one text may be a row of its own."""
    items = [
        {"id": f"p{clock}", "createdAt": f"2031-06-10T{clock}:00Z", "headline": headline, "bodyHtml": f"<p>{text}</p>"}
        for clock, headline, text in POSTS
    ]
    text = str(items[0]["bodyHtml"])
    if by_reference:
        items[0]["bodyHtml"] = "$2f"
    rows = (
        f'1:"$Sreact.fragment"\n2f:T{len(text.encode()):x},{text}5:{json.dumps(["$", "div", None, {"posts": items}])}\n'
    )
    half = len(rows) // 2
    return "".join(
        f"<script>self.__next_f.push([1,{json.dumps(part)}])</script>" for part in (rows[:half], rows[half:])
    )


@pytest.mark.parametrize("by_reference", [True, False])
def test_posts_that_a_page_streams_in_scripts_are_read(by_reference: bool) -> None:
    head = "<!doctype html><title>Storm: live</title><main><h1>Storm: live</h1><div id=app></div></main>"
    assert entries(read(head + streamed(by_reference=by_reference), "page.html")) == READ


@pytest.mark.parametrize(
    ("holder", "is_read"), [("liveFeed", True), ("live_updates", True), ("latestTeasers", False), ("shop", False)]
)
@pytest.mark.parametrize("form", ["items", "edges"])
def test_the_name_of_a_list_calls_a_page_live(holder: str, is_read: bool, form: str) -> None:
    items = [
        {"publishedAt": f"2031-06-10T{clock}:00Z", "title": headline, "html": f"<p>{text}</p>"}
        for clock, headline, text in POSTS
    ]
    listed = [{"node": item} for item in items] if form == "edges" else items
    data = json.dumps({"props": {"id": 1, holder: {"id": "7", form: listed}}})
    page = read(f"<!doctype html><title>Storm</title><h1>Storm</h1><script>window.data = {data};</script>", "page.html")
    assert entries(page) == (READ if is_read else [])
    assert [doubt.kind for doubt in page.doubts] == (["rival"] if is_read else [])


def with_data(shown: int, extra: int = 0) -> ParsedPage:
    """Read a page that shows some posts and a button, and whose data has all of them and some more."""
    updates = [
        {"@type": "BlogPosting", "headline": head, "datePublished": f"2031-06-10T{clock}:00Z", "articleBody": text}
        for clock, head, text in POSTS
    ]
    updates += [
        {
            "@type": "BlogPosting",
            "datePublished": f"2031-06-10T08:{n:02}:00Z",
            "articleBody": f"Boat {n} came in by night.",
        }
        for n in range(extra)
    ]
    data = json.dumps({"@type": "LiveBlogPosting", "headline": "Storm: live", "liveBlogUpdate": updates})
    posts = "".join(
        ARTICLE.format(clock=clock, headline=headline, text=text) + "</article>"
        for clock, headline, text in POSTS[:shown]
    )
    body = f'<main><h1>Storm: live</h1>{posts}<div><a href="#">Load more posts</a></div></main>'
    return read(
        f'<!doctype html><title>Storm: live</title><script type="application/ld+json">{data}</script>{body}', "p.html"
    )


def test_a_button_adds_nothing_to_data_that_has_more_posts_than_the_text() -> None:
    page = with_data(2)
    assert (entries(page), page.doubts) == (READ, ())


@pytest.mark.parametrize(("shown", "extra"), [(4, 0), (2, 6)])
def test_a_button_is_a_doubt_if_the_data_may_be_a_part_as_well(shown: int, extra: int) -> None:
    assert [doubt.kind for doubt in with_data(shown, extra).doubts] == ["part"]


@pytest.mark.parametrize("name", ["Ida Kern", "From the desk’s Ida Kern", "Reporting by Ida Kern"])
def test_a_name_between_headline_and_text_is_no_text(name: str) -> None:
    page = copied("{clock}\n{headline}\n" + name + "\n{text}\nShare")
    assert (entries(page), page.doubts) == (READ, ())
    assert entries(read_with_date(f"<p>{name}</p>")) == READ


def read_with_date(between: str) -> ParsedPage:
    pattern = f'<div class="u"><div>{{clock}}</div><h3>{{headline}}</h3>{between}<p>{{text}}</p></div>'
    return saved(pattern, above="<p>10 June 2031</p>")


# What may change around and in a page without changing its reading, as functions of its HTML.
CHANGES = {
    "nothing": lambda html: html,
    "attributes reordered": lambda html: html.replace("PLACE", 'data-n="1" class="u"'),
    "wrapped": lambda html: html.replace("<h3>", "<div><div><h3>").replace("</h3>", "</h3></div></div>"),
    "navigation": lambda html: html.replace(
        "<main>", '<nav><a href="/">Home</a><a href="/a">14:59 Bread</a></nav><main>'
    ),
    "footer": lambda html: html.replace("</main>", "</main><footer><p>All rights reserved</p><p>12:00</p></footer>"),
    "share buttons": lambda html: html.replace("</section>", '<ul class="share"><li>Share</li></ul></section>'),
    "a recurring link": lambda html: html.replace("</section>", '<p><a href="#top">Up we go</a></p></section>'),
    "advert": lambda html: html.replace("<h3>", '<div class="ad">Buy boats</div><h3>'),
    "list of links": lambda html: html.replace(
        "</main>",
        '<h2>Read more</h2><ul><li><a href="/1">Old quays</a></li><li><a href="/2">New quays</a></li></ul></main>',
    ),
    "date of the page": lambda html: html.replace("<h1>", "<p>10 June 2031, 16:30</p><h1>"),
}
STAMPS = {
    "colon": "{hour}:{minute}",
    "dot and unit": "{hour}.{minute} Uhr",
    "h": "{hour}h{minute}",
    "zone": "{hour}:{minute} UTC",
    "date": "10 June 2031, {hour}:{minute}",
    "year first": "2031. június 10. {hour}:{minute}",
    "Japanese": "2031年6月10日 {hour}時{minute}分",
    "brackets": "[{hour}:{minute}]",
}


@pytest.mark.parametrize("stamp", STAMPS)
@pytest.mark.parametrize("change", CHANGES)
def test_changes_around_posts_and_of_their_stamps_keep_the_reading(change: str, stamp: str) -> None:
    printed = STAMPS[stamp]
    posts = "".join(
        f'<section PLACE id="a{clock[:2]}"><div>{printed.format(hour=clock[:2], minute=clock[3:])}</div>'
        f"<h3>{headline}</h3><p>{text}</p></section>"
        for clock, headline, text in POSTS
    )
    posts = posts if change == "attributes reordered" else posts.replace("PLACE", 'class="u" data-n="1"')
    page = f"<!doctype html><title>Storm: live</title><main><h1>Storm: live</h1><p>10 June 2031</p>{posts}</main>"
    parsed = read(CHANGES[change](page), "page.html")
    assert (entries(parsed), parsed.doubts) == (READ, ())


def test_a_label_or_a_name_beside_every_stamp_is_no_headline() -> None:
    page = copied("{clock}, Tue 10 Jun 2031 · Ida Kern\n{headline}\n{text}", title="Storm live")
    assert (entries(page), page.doubts) == (READ, ())
    names = ["Ida Kern", "Otto Brand", "Ida Kern", "Otto Brand"]
    posts = [
        f"{clock} | {name}\n{headline}\n{text}" for (clock, headline, text), name in zip(POSTS, names, strict=True)
    ]
    named = read("\n\n".join(["Storm live\n\n10 June 2031", *posts]), "page.txt")
    assert entries(named) == READ
    assert [record.authors for record in named.records] == [(name,) for name in names]


def test_separators_and_counters_around_posts_are_no_text() -> None:
    meta = '<div><a href="#1">#</a><span>{clock}</span><span>|</span><span>Ida Kern</span></div>'
    tools = "<div><span>Like</span><span>12</span></div>"
    pattern = f'<div class="post">{meta}<h3>{{headline}}</h3><div><p>{{text}}</p></div>{tools}</div>'
    page = saved(pattern, above="<p>10 June 2031</p>")
    assert (entries(page), page.doubts) == (READ, ())


def test_navigation_is_copied_above_the_title_and_the_date_is_that_of_the_last_change() -> None:
    above = "Skip to content\nMenu\nHome\nNews\n\nStorm live\nUpdated 10 June 2031, 15:02"
    tail = "Most read\n1\nBread is dear\n2\nFish is cheap\nTerms of use\nPrivacy policy"
    page = copied("{clock}\n{headline}\n{text}\nCopy link\nShare", title=above, tail=tail)
    assert (entries(page), page.doubts) == (READ, ())
    source = page.records[0].source
    assert source and source.title == "Storm live"


@pytest.mark.parametrize("listed", ["- one boat\n- two boats", "- one boat\n- two boats\n- three boats"])
def test_a_list_at_the_end_of_posts_is_text(listed: str) -> None:
    page = copied("{clock}\n{headline}\n{text}\n\n" + listed)
    assert entries(page) == [(at, headline, f"{text}\n\n{listed}") for at, headline, text in READ]
    assert page.doubts == ()


def test_a_list_without_links_below_flowing_html_is_text() -> None:
    posts = "".join(f"<p><strong>{clock}</strong> {text}</p>" for clock, _, text in POSTS)
    quays = "<ul><li>The north quay</li><li>The south quay</li><li>The old mole</li></ul>"
    page = (
        f"<!doctype html><title>Storm: live</title><main><h1>Storm: live</h1><p>10 June 2031</p>{posts}{quays}</main>"
    )
    parsed = read(page, "page.html")
    assert "The old mole" in entries(parsed)[-1][2]
    assert parsed.doubts == ()


def test_the_lines_below_a_colon_stay_with_a_doubt() -> None:
    page = copied("{clock}\n{headline}\n{text}", tail="The captain thanked:\nIda Kern\nOtto Brand\nthe crew of the tug")
    assert entries(page)[-1][2].endswith("the crew of the tug")
    assert [doubt.kind for doubt in page.doubts] == ["end"]


@pytest.mark.parametrize("stamp", ["10.06.2031, {clock} Uhr", "{clock}", "June 10, 2031 at {clock}"])
def test_headlines_above_stamps_in_paragraphs_of_their_own(stamp: str) -> None:
    page = copied(f"{{headline}}\n\n{stamp}\n\n{{text}}")
    assert entries(page) == READ
    assert not page.doubts


def test_names_above_stamps_are_no_headlines() -> None:
    page = copied("Ida Kern\n\n{clock}\n\n{text}")
    assert [headline for _, headline, _ in entries(page)] == [""] * 4
