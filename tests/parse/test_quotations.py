"""Quotations in posts: the speaker is the last line of the quotation, and never the author of the post."""

import pytest
from live_pages import ARTICLE, POSTS, READ, copied, entries, read, saved

from daybook.parse.web.to_markdown import body_from_html

SAID = "We shut it by hand, and it held."
NAMES = ("Ida Kern", "Otto Brand", "Ida Kern", "Otto Brand")
QUOTATIONS = (
    *(
        "<blockquote><p>{said}</p><cite>{name}</cite></blockquote>",
        "<blockquote>{said} <cite>{name}</cite></blockquote>",
    ),
    "<blockquote><p>{said}<br><cite>{name}</cite></p></blockquote>",
    "<blockquote><p>{said}</p><footer>{name}</footer></blockquote>",
    "<blockquote><p>{said}</p><p class=author>{name}</p></blockquote>",
    "<figure><blockquote><p>{said}</p></blockquote><figcaption>{name}</figcaption></figure>",
    "<figure class=wp-block-pullquote><blockquote><p>{said}</p><cite>{name}</cite></blockquote></figure>",
    '<div class="pullquote"><p>{said}</p><div class="quote-author">{name}</div></div>',
    '<div class="zitat"><p>{said}</p><span class="zitat__name">{name}</span></div>',
    '<aside class="c-quote c-quote--large"><p>{said}</p><span>{name}</span></aside>',
    "<blockquote><p>{said}</p></blockquote><cite>{name}</cite>",
    '<blockquote><p>{said}</p></blockquote><p class="quote__source">{name}</p>',
)


@pytest.mark.parametrize("quotation", QUOTATIONS)
@pytest.mark.parametrize(
    "post", [ARTICLE + "{{quotation}}</article>", "<p>{clock}</p><h3>{headline}</h3><p>{text}</p>{{quotation}}"]
)
def test_the_speaker_is_the_last_line_of_the_quotation(post: str, quotation: str) -> None:
    posts = [
        post.format(clock=clock, headline=headline, text=text).format(quotation=quotation.format(said=SAID, name=name))
        for (clock, headline, text), name in zip(POSTS, NAMES, strict=True)
    ]
    page = saved("", above=f"<p>10 June 2031</p>{''.join(posts)}")
    for (at, headline, body), (right_at, right_headline, text), name in zip(entries(page), READ, NAMES, strict=True):
        assert (at, headline) == (right_at, right_headline)
        lines = [line.strip("\\ ") for line in body.split("\n") if line not in ("", ">")]
        assert lines == [text, f"> {SAID}", f"> {name}"]
    assert [record.authors for record in page.records] == [()] * 4
    assert not any(record.source and record.source.captions for record in page.records)


def test_a_dash_before_the_speaker_stays_with_the_name() -> None:
    body = body_from_html(f"<blockquote><p>{SAID} — <cite>Ida Kern</cite></p></blockquote>")
    assert body.markdown == f"> {SAID}\\\n> — Ida Kern"


def test_a_work_that_a_quotation_names_stays_in_its_line() -> None:
    html = "<blockquote><p>In <cite>The Flood</cite> she wrote of it.</p></blockquote>"
    assert body_from_html(html).markdown == "> In The Flood she wrote of it."


@pytest.mark.parametrize("post", ['<div class="quote">', '<div class="post quote">'])
def test_a_post_whose_class_is_quote_is_a_post(post: str) -> None:
    pattern = f"{post}<span class=t>{{clock}}</span><h3>{{headline}}</h3><p>{{text}}</p></div>"
    assert entries(saved(pattern, above="<p>10 June 2031</p>")) == READ


@pytest.mark.parametrize("quoted", ["“{}”", "„{}“", "«{}»", "「{}」"])
@pytest.mark.parametrize("dash", ["", "— "])
def test_a_name_below_a_quotation_is_no_author(dash: str, quoted: str) -> None:
    """The names recur, as those of authors do."""
    said = quoted.format(SAID)
    posts = [
        f"{clock}\n{headline}\n\n{text}\n\n{said}\n{dash}{name}"
        for (clock, headline, text), name in zip(POSTS, NAMES, strict=True)
    ]
    page = read("\n\n".join(["Storm – live\n\n10 June 2031", *posts]), "page.txt")
    assert [text for _, _, text in entries(page)] == [
        f"{text}\n\n{said}\n{dash}{name}" for (_, _, text), name in zip(POSTS, NAMES, strict=True)
    ]
    assert [record.authors for record in page.records] == [()] * 4
    html = [
        ARTICLE.format(clock=clock, headline=headline, text=text) + f"<p>{said}</p><p>{dash}{name}</p></article>"
        for (clock, headline, text), name in zip(POSTS, NAMES, strict=True)
    ]
    page = saved("", above="".join(html))
    assert all(name in text for (_, _, text), name in zip(entries(page), NAMES, strict=True))
    assert [record.authors for record in page.records] == [()] * 4


@pytest.mark.parametrize("name", ["By Ida Kern", "Von Ida Kern"])
def test_a_name_with_a_label_below_a_quotation_is_the_author(name: str) -> None:
    page = copied(f"{{clock}}\n{{headline}}\n\n{{text}}\n\n“{SAID}”\n{name}")
    assert [record.authors for record in page.records] == [("Ida Kern",)] * 4
