"""Portraits beside the names of authors leave no line; pictures of what is reported do."""

import pytest
from live_pages import POSTS, READ, entries, saved

NAMES = ("Ida Kern", "Otto Brand", "Ida Kern", "Otto Brand")
BYLINES = (
    "<div class=m>{picture}<span class=byline>{name}</span></div>",
    "<div class=byline>{picture}<span>{name}</span></div>",
    "<div class=m><div class=pic><div>{picture}</div></div><div><span class=byline>{name}</span></div></div>",
    "<div class=m><figure>{picture}</figure><span class=byline>{name}</span></div>",
    "<div class=m>{picture}<span>{name}</span></div>",
    "<div class=m><a href=/a>{picture}</a><a href=/a>By {name}</a></div>",
    "<a rel=author href=/a>{picture}{name}</a>",
)
DESCRIPTIONS = ("{name}", "Portrait of {name}", "Profilbild von {name}", "Photo de {name}", "{name}, reporter", "")
BESIDE = (
    ("<p>{text}</p>{picture}", "Ida Kern at the north quay"),
    ("<figure>{picture}<figcaption>Ida Kern at the quay.</figcaption></figure><p>{text}</p>", "Ida Kern"),
    ("<div><div>{picture}</div><p>Ida Kern was first.</p></div><p>{text}</p>", "Ida Kern"),
    ("<div class=byline>Ida Kern</div><p>{text}</p>{picture}", "The crane"),
)


def posts_with(pattern: str, description: str) -> list[tuple[str, str, str]]:
    posts = "".join(
        f'<article class=p><time datetime="2031-06-10T{clock}:00Z">{clock}</time><h3>{headline}</h3>'
        + pattern.format(
            text=text,
            name=name,
            picture=f'<img src="https://quay.example/{name[:3]}.jpg" alt="{description.format(name=name)}">',
        )
        + "</article>"
        for (clock, headline, text), name in zip(POSTS, NAMES, strict=True)
    )
    page = saved("", above=posts)
    authors = [record.authors for record in page.records]
    assert authors in ([(name,) for name in NAMES], [("Ida Kern",)] * 4, [()] * 4)
    return entries(page)


@pytest.mark.parametrize("description", DESCRIPTIONS)
@pytest.mark.parametrize("byline", BYLINES)
@pytest.mark.parametrize("post", ["{byline}<p>{{text}}</p>", "<p>{{text}}</p>{byline}"])
def test_a_portrait_beside_the_name_of_an_author_leaves_no_line(post: str, byline: str, description: str) -> None:
    assert posts_with(post.format(byline=byline), description) == READ


@pytest.mark.parametrize(("post", "description"), BESIDE)
def test_other_pictures_leave_a_line(post: str, description: str) -> None:
    assert all("[Picture: " in text for _, _, text in posts_with(post, description))
