"""Test what the first lines of posts are: headlines, texts, names or labels."""

import pytest

from daybook.parse import parse
from daybook.parse.base.page import ParsedPage
from daybook.parse.input_files import read_hints

CLOCKS = ("15:40", "14:05", "13:10", "12:00", "11:20")
TEXTS = ("The boat is in.", "The boat is late.", "The boat has left.", "The crew is on board.", "The boat is ready.")


def read(text: str, name: str = "page.txt") -> ParsedPage:
    return parse(text.encode(), read_hints({"zone": "UTC", "date": "2031-04-09"}), name)


def read_posts(first: tuple[str, ...], above: str = "", between: str = "\n") -> ParsedPage:
    """Read a copied page whose posts begin with these lines, each followed by `between` and the text."""
    posts = zip(CLOCKS, first, TEXTS, strict=True)
    return read(f"Quay live\n{above}\n\n" + "\n\n".join(f"{at}\n{line}{between}{text}" for at, line, text in posts))


def headlines(page: ParsedPage) -> list[str]:
    return [each.headline for each in page.records]


HEADLINES = ("In at last", "Late again", "The boat leaves", "All aboard", "Ready to sail")


@pytest.mark.parametrize(
    "line",
    [
        "Our reporter stands at the quay in the rain. She writes:",
        "Reporterka stojí na nábřeží. Píše:",
        "Wie lange noch? Der Kapitän sagt am Steg. Er erklärt:",
    ],
)
def test_a_sentence_that_leads_to_the_text_with_a_colon_is_no_headline(line: str) -> None:
    page = read_posts((*HEADLINES[:2], line, *HEADLINES[3:]))
    assert headlines(page) == [*HEADLINES[:2], "", *HEADLINES[3:]]
    assert str(page.records[2].text).split("\n") == [line, TEXTS[2]]


@pytest.mark.parametrize("line", ["The day so far:", "St. Anna bridge:", "Live at 3. May street:"])
def test_a_headline_may_end_with_a_colon(line: str) -> None:
    assert headlines(read_posts((*HEADLINES[:2], line, *HEADLINES[3:])))[2] == line


@pytest.mark.parametrize("row", ["All | Summary | Questions", "Filter: All · Summary · Questions"])
def test_a_label_that_a_row_above_the_posts_names_is_no_headline(row: str) -> None:
    first = ("Summary\nIn at last", HEADLINES[1], "Questions\nThe boat leaves", *HEADLINES[3:])
    page = read_posts(first, above=f"\n{row}")
    assert headlines(page) == list(HEADLINES)
    assert [str(each.text) for each in page.records] == list(TEXTS)


def test_a_headline_that_is_a_part_of_the_title_is_kept() -> None:
    page = read_posts(HEADLINES, above="\nIn at last | Harbour | Quay Gazette")
    assert headlines(page) == list(HEADLINES)


def test_a_label_that_no_row_names_is_read_as_a_headline() -> None:
    first = ("Summary\nIn at last", *HEADLINES[1:])
    assert headlines(read_posts(first))[0] == "Summary"


def test_a_line_in_the_paragraph_of_the_text_is_no_headline_among_headlines_that_are_paragraphs() -> None:
    first = tuple(f"{line}\n\n" for line in HEADLINES)
    question = "How long will the boat be late?\nIda\n"
    page = read_posts((*first[:2], question, *first[3:]), between="")
    assert headlines(page) == [*HEADLINES[:2], "", *HEADLINES[3:]]
    assert str(page.records[2].text) == f"How long will the boat be late?\nIda\n{TEXTS[2]}"


NAMES = ("Ida Kern", "Jon Vik", "Ida Kern / Jon Vik", "Ida Kern", "Jon Vik")


@pytest.mark.parametrize("mark", [" / ", "/", " & "])
def test_two_names_that_a_mark_joins_are_two_authors(mark: str) -> None:
    names = [name.replace(" / ", mark) for name in NAMES]
    posts = "".join(
        f'<article class="post"><time>{at}</time><h2>{line}</h2><div class="who">{name}</div><p>{text}</p></article>'
        for at, line, name, text in zip(CLOCKS, HEADLINES, names, TEXTS, strict=True)
    )
    page = read(f"<html><title>Quay live</title><body><h1>Quay live</h1>{posts}</body></html>", "page.html")
    assert [str(each.markdown or each.text) for each in page.records] == list(TEXTS)
    assert [each.authors for each in page.records][1:3] == [("Jon Vik",), ("Ida Kern", "Jon Vik")]


def test_two_names_below_headlines_of_a_text_are_no_text() -> None:
    page = read_posts(tuple(f"{line}\n{name}\n" for line, name in zip(HEADLINES, NAMES, strict=True)), between="\n")
    assert [str(each.text) for each in page.records] == list(TEXTS)


LINES = {
    "sentences": [
        "Gate three is shut.",
        "A boat for the pilots!",
        "Is it over?",
        "Two boats are in.",
        "The mole is dry.",
    ],
    "Thai": ["ประตูสามปิดแล้ว", "เรือสองลำเข้าท่า", "น้ำลดลง", "ท่าเรือเปิด", "ปิดการรายงาน"],
    "Lao": ["ປະຕູສາມປິດແລ້ວ", "ເຮືອສອງລໍາເຂົ້າທ່າ", "ນໍ້າລົດລົງ", "ທ່າເຮືອເປີດ", "ປິດການລາຍງານ"],
    "Khmer": ["ទ្វារទីបីបិទហើយ", "ទូកពីរចូលកំពង់ផែ", "ទឹកស្រក", "កំពង់ផែបើក", "បញ្ចប់ការរាយការណ៍"],
}
ROWS = [
    "<p><b>1{n}:05</b> {line}</p>",
    '<div class="r"><p><strong>1{n}.05</strong> {line}</p></div>',
    "<li>1{n}:05 {line}</li>",
]


def one_line_posts(lines: list[str], row: str) -> list[tuple[str, str]]:
    rows = "".join(row.format(n=n, line=line) for n, line in enumerate(lines))
    page = f"<!doctype html><title>Quay live</title><main><h1>Quay live</h1><div>{rows}</div></main>"
    parsed = parse(page.encode(), read_hints({"zone": "UTC", "date": "2031-04-09"}), "page.html")
    return [(each.headline, str(each.markdown or each.text)) for each in parsed.records]


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("row", ROWS)
def test_posts_of_one_line_each_are_texts(name: str, row: str) -> None:
    assert [text.replace("\\", "") for _, text in one_line_posts(LINES[name], row)] == LINES[name]


@pytest.mark.parametrize("row", ROWS)
def test_posts_of_one_line_each_that_are_mostly_no_sentences_have_headlines(row: str) -> None:
    lines = ["Gate three shut", "Two boats in", "Water falls", "The mole is dry."]
    assert [headline for headline, _ in one_line_posts(lines, row)] == [*lines[:3], ""]
