"""A page that holds only a part of its live blog says so: pages, counters, buttons and links, in several languages."""

import pytest
from live_pages import ARTICLE, POSTS, READ, entries, read, saved

POST = f"{ARTICLE}</article>"
HEAD = "Storm at the harbour – live\n\n10 June 2031"
FEED = "\n\n".join(f"{clock}\n\n{headline}\n\n{text}" for clock, headline, text in POSTS)
CONTROLS = (
    *("Load 20 more posts", "Show 12 earlier updates", "Mehr laden", "Ver más publicaciones", "Carica altri contenuti"),
    *(
        "Načíst další",
        "Načítať staršie správy",
        "Több betöltése",
        "Indlæs flere",
        "Last inn flere",
        "Hent flere opslag",
    ),
    *("Visa fler", "Näytä lisää", "Φόρτωση περισσότερων", "Завантажити ще", "Показать ещё", "Încarcă mai multe"),
    *("Učitaj još", "Naloži več", "Зареди още", "더 보기", "تحميل المزيد", "טען עוד", "Muat lebih banyak", "Xem thêm"),
    *("さらに読み込む", "ดูเพิ่มเติม", "加载更多", "और देखें", "Załaduj więcej wpisów", "Plus de publications"),
)
COUNTERS = ("1 / 7", "1/7", "page 1 of 7", "Seite 2 von 7", "Showing 1–10 of 64 posts", "10 von 64 Beiträgen")
ROWS = ("1 2 3", "‹ 1 2 3 … 7 ›", "Next page", "Nächste Seite", "Page suivante »", "下一页")


PAYWALLS = (
    *("Subscribe to continue reading", "La suite est réservée aux abonnés.", "Dieser Artikel ist nur für Abonnenten"),
    *("Celý článek je jen pro předplatitele", "Resten er for abonnenter", "続きは有料会員限定です", "訂閱後繼續閱讀"),
)


@pytest.mark.parametrize("told", [*CONTROLS, *COUNTERS, *ROWS, *PAYWALLS])
def test_a_line_below_the_posts_tells_that_there_is_more(told: str) -> None:
    for page in (read(f"{HEAD}\n\n{FEED}\n\n{told}", "page.txt"), saved(POST, below=f"<div>{told}</div>")):
        assert entries(page) == READ
        assert [(doubt.kind, told in doubt.text) for doubt in page.doubts] == [("part", True)]


@pytest.mark.parametrize("told", [*COUNTERS, "Mehr laden", "Indlæs flere"])
def test_a_line_above_the_posts_tells_that_there_is_more(told: str) -> None:
    page = read(f"{HEAD}\n\n{told}\n\n{FEED}", "page.txt")
    assert entries(page) == READ
    assert [doubt.kind for doubt in page.doubts] == ["part"]


def test_a_row_of_links_is_named_as_a_whole() -> None:
    links = "".join(f"<a href='?page={number}'>{number}</a>" for number in range(1, 5))
    page = saved(POST, below=f"<nav class='pagination'>{links}</nav>")
    assert [(doubt.kind, doubt.text.split(":")[0]) for doubt in page.doubts] == [("part", "'1 2 3 4'")]


@pytest.mark.parametrize("told", ["1 of 3", "2 von 3", "1 sur 3", "1 из 3"])
def test_a_number_between_links_to_pages_tells_that_there_is_more(told: str) -> None:
    row = f"<nav class=pages><span>Newest</span> <span>{told}</span> <a href='?page=2'>Next</a></nav>"
    assert [(doubt.kind, told in doubt.text) for doubt in saved(POST, below=row).doubts] == [("part", True)]
    assert not saved(POST, below=row.replace("3", "1")).doubts
    assert not saved(POST, below=f"<p>{told}</p>").doubts  # may count pictures


@pytest.mark.parametrize("told", ["64 of 64 posts", "Page 1 of 1", "1 / 1", "4 / 3"])
def test_a_counter_of_the_whole_is_no_doubt(told: str) -> None:
    assert not saved(POST, below=f"<div>{told}</div>").doubts


def test_a_control_in_each_post_loads_no_posts() -> None:
    page = saved(POST.replace("</p>", "</p><button>더 보기</button>"))
    assert entries(page) == READ
    assert not page.doubts


LINK = '<{tag} rel="{rel}" href="{address}"></{tag}>'


@pytest.mark.parametrize("tag", ["link", "a"])
@pytest.mark.parametrize(
    ("rel", "address"),
    [
        *(("next", "https://gazette.example/live?page=2"), ("next", "https://gazette.example/live/page/2")),
        *(("prev", "/live?p=1"), ("next", "?offset=20"), ("next", "/live/2")),
    ],
)
def test_a_link_to_another_page_of_the_live_blog(tag: str, rel: str, address: str) -> None:
    page = saved(POST, above=LINK.format(tag=tag, rel=rel, address=address), url="https://gazette.example/live")
    assert entries(page) == READ
    assert [doubt.kind for doubt in page.doubts] == ["part"]


@pytest.mark.parametrize("address", ["https://gazette.example/ferry-fares", "https://gazette.example/news?page=2"])
def test_a_link_to_another_article_is_no_doubt(address: str) -> None:
    page = saved(
        ARTICLE, above=LINK.format(tag="link", rel="next", address=address), url="https://gazette.example/live"
    )
    assert not page.doubts
