"""Encodings: which one is used, what is refused, and that no byte is ever replaced."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybook.core.errors import ArchiveError
from daybook.parse import parse
from daybook.parse.base.decode import DecodedPage, decode_page, find_encoding, http_encoding
from daybook.parse.formats import detect_format
from daybook.parse.input_files import ParsedFile, parse_files, read_hints

# A label as web pages write it, Python's name of the encoding that the Encoding Standard means by it, and a text.
LABELS = [
    ("utf-8", "utf-8", "Der Pegel fällt, 7,2 m – „gut“"),
    ("UTF8", "utf-8", "Deich hält €"),
    ("iso-8859-1", "cp1252", "Café “x” – 7 €"),
    ("latin1", "cp1252", "naïve…"),
    ("us-ascii", "cp1252", "quay’s"),
    ("windows-1252", "cp1252", "“œuvre”"),
    ("iso-8859-2", "iso8859-2", "Řeka stoupá"),
    ("windows-1250", "cp1250", "Řeka „stoupá“"),
    ("windows-1251", "cp1251", "Река поднялась — №7"),
    ("koi8-r", "koi8-r", "Река поднялась"),
    ("koi8-u", "koi8-u", "Ріка піднялася, їх є"),
    ("iso-8859-5", "iso8859-5", "Река"),
    ("iso-8859-9", "cp1254", "Şişli’de"),
    ("windows-1253", "cp1253", "Το ποτάμι"),
    ("windows-1255", "cp1255", "הנהר עלה"),
    ("windows-1256", "cp1256", "ارتفع النهر"),
    ("tis-620", "cp874", "น้ำขึ้น"),
    ("shift_jis", "cp932", "川が増水した―①"),
    ("x-sjis", "cp932", "水門"),
    ("euc-jp", "euc_jp", "川が増水した"),
    ("iso-2022-jp", "iso2022_jp", "川が増水した"),
    ("gb2312", "gb18030", "河水上涨了镕"),
    ("gbk", "gb18030", "联通"),
    ("gb18030", "gb18030", "河水€𠀀"),
    ("big5", "big5hkscs", "河水上漲"),
    ("euc-kr", "cp949", "강물이 불었다 똠"),
]
IDS = [label for label, _, _ in LABELS]
each_label = pytest.mark.parametrize(("label", "encoding", "text"), LABELS, ids=IDS)
NOT_FOR_PAGES = ("hex", "base64", "rot13", "zlib", "utf-7", "unicode_escape", "raw_unicode_escape", "punycode", "idna")
UNKNOWN = (*NOT_FOR_PAGES, "undefined", "cp037", "utf-32", "hz", "x-user-defined", "x-none", "none", "", "é", "a b")


def meta(label: str, text: str = "") -> str:
    return f'<!doctype html><html><head><meta charset="{label}"><title>{text}</title></head><body><p>{text}</p>'


def decode(text: str, encoding: str, declared: str = "") -> DecodedPage:
    return decode_page(text.encode(encoding), find_encoding(declared), is_html=True)


@each_label
def test_an_encoding_is_read_as_a_page_declares_it(label: str, encoding: str, text: str) -> None:
    pragma = f"<html><meta http-equiv=Content-Type content='text/html; charset={label}'>{text}"
    declaration = f'<?xml version="1.0" encoding="{label}"?><html><p>{text}'
    for page in (meta(label, text), pragma, declaration):
        assert decode(page, encoding) == DecodedPage(page, encoding)


@each_label
def test_an_encoding_is_read_as_the_http_header_or_a_person_declares_it(label: str, encoding: str, text: str) -> None:
    for page in (f"<p>{text}", meta("windows-1252", text), meta("utf-8", text)):
        for declared in (http_encoding(f'text/html; charset="{label}"'), find_encoding(label)):
            assert declared == encoding
            assert decode_page(page.encode(encoding), declared, is_html=True) == DecodedPage(page, encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_byte_order_mark_comes_first(encoding: str) -> None:
    page = meta("windows-1251", "Řeka")
    for declared in ("", "cp1252"):
        assert decode(f"\ufeff{page}", encoding, declared) == DecodedPage(page, encoding)


@pytest.mark.parametrize(
    ("label", "encoding"), [("utf-16", "utf-16-le"), ("utf-16le", "utf-16-le"), ("utf-16be", "utf-16-be")]
)
def test_utf_16_without_a_mark_is_read_if_the_header_says_so(label: str, encoding: str) -> None:
    page = meta("utf-8", "Řeka")
    data = page.encode(encoding)
    assert decode_page(data, http_encoding(f"text/html;charset={label}"), is_html=True) == DecodedPage(page, encoding)
    assert detect_format(data, encoding) == "html"


def test_utf_16_in_a_meta_element_means_utf_8() -> None:
    page = meta("utf-16", "Řeka")
    assert decode(page, "utf-8") == DecodedPage(page, "utf-8")


@pytest.mark.parametrize("label", UNKNOWN)
def test_an_unknown_label_in_the_header_gives_way_to_the_page(label: str) -> None:
    assert http_encoding(f"text/html; charset={label}") == ""
    page = meta("koi8-r", "Река")
    assert decode_page(page.encode("koi8-r"), http_encoding(f"text/html; charset={label}"), is_html=True).text == page


@pytest.mark.parametrize("label", UNKNOWN)
def test_an_unknown_label_on_the_page_is_refused_unless_the_page_is_utf_8(label: str) -> None:
    page = meta(label.replace("é", "e"), "Řeka")
    assert decode(page, "utf-8") == DecodedPage(page, "utf-8")
    with pytest.raises(ArchiveError, match=r"is not UTF-8, and the page declares no encoding that is known; set ENC"):
        decode(page, "iso8859-2")


@pytest.mark.parametrize(
    ("data", "cure"),
    [
        (bytes(range(256)) * 9, "the file is no text but damaged, or of another kind; save the page again"),
        ("Die Fähre steht still".encode("cp1252"), "set ENCODING="),
        ("Die Fähre steht übermorgen still".encode("utf-16-be"), "set ENCODING="),
    ],
)
def test_bytes_of_no_text_are_told_from_another_encoding(data: bytes, cure: str) -> None:
    with pytest.raises(ArchiveError, match=cure):
        decode_page(data)


@pytest.mark.parametrize("label", ["", *UNKNOWN])
def test_a_person_cannot_name_an_unknown_encoding(label: str) -> None:
    assert find_encoding(label) == ""
    if label:
        with pytest.raises(ArchiveError, match="hint `encoding`: unknown encoding"):
            read_hints({"encoding": label})


def test_text_that_a_codec_of_python_would_turn_into_markup_stays_text() -> None:
    for label, text in (("unicode_escape", r"\u003cscript\u003e"), ("utf-7", "+ADw-script+AD4-")):
        page = f"<meta charset={label}><p>{text}"
        assert decode(page, "utf-8").text == page


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1251", "koi8-r", "shift_jis", "gbk", "euc-kr"])
def test_a_page_that_is_utf_8_is_read_as_such_with_a_note(label: str) -> None:
    page = meta(label, "Der Pegel fällt – „Weide“ ист")
    for declared in ("", label):
        decoded = decode(page, "utf-8", declared)
        assert (decoded.text, decoded.encoding) == (page, "utf-8")
        assert [note.text for note in decoded.notes] == [f"read as UTF-8, although {find_encoding(label)} is declared"]
    ascii_page = meta(label, "plain")
    assert decode(ascii_page, "ascii").notes == ()


def test_short_chinese_text_that_is_also_valid_utf_8_is_read_as_declared() -> None:
    page = meta("gbk", "路")
    assert page.encode("gbk").decode("utf-8") == meta("gbk", "·"), "these bytes are valid UTF-8 by chance"
    assert decode(page, "gbk").text == page


def test_a_declaration_after_a_kilobyte_is_read_and_one_in_a_comment_is_not() -> None:
    late = f"<html><head><style>{'a{}' * 700}</style><meta charset=koi8-r><title>Река"
    assert late.index("charset") > 2_000
    assert decode(late, "koi8-r").text == late
    comment = "<html><head><!-- <meta charset=koi8-r> --><meta charset=windows-1251><title>Река"
    assert decode(comment, "cp1251").text == comment
    far = f"<html><head><style>{'a{}' * 3_000}</style><meta charset=koi8-r><title>Река"
    with pytest.raises(ArchiveError, match="set ENCODING="):
        decode(far, "koi8-r")
    assert decode(far, "koi8-r", "koi8-r").text == far


def test_plain_text_is_not_searched_for_a_declaration() -> None:
    text = "He wrote <meta charset=koi8-r> Řeka"
    assert decode_page(text.encode()).text == text
    with pytest.raises(ArchiveError, match="is not UTF-8; set ENCODING="):
        decode_page(text.encode("iso8859-2"))


REFUSED = {
    "no declaration": (b"T\n\ncaf\xe9", "", "3: byte 0xe9 at offset 6 is not UTF-8; set ENCODING="),
    "UTF-8 declared": (
        b"caf\xe9",
        "utf-8",
        "offset 3 is not UTF-8, as the HTTP header or ENCODING= says; set ENCODING=",
    ),
    "one bad byte": (
        "fällt – hält\n".encode() + b"\xe4",
        "",
        "2: byte 0xe4 at offset 17 is not UTF-8; the text before it is UTF-8: correct this byte",
    ),
    "not in windows-1252": (b"a\x81", "windows-1252", "byte 0x81 at offset 1 is not CP1252"),
    "half a character": ("川".encode("cp932")[:1], "shift_jis", "byte 0x90 at offset 0 is not CP932"),
    "a broken escape": (b"\x1b$Bxyz\xff", "iso-2022-jp", "is not ISO2022_JP"),
    "half of UTF-16": (
        "\ufeffab".encode("utf-16-le")[:-1],
        "",
        "byte 0x62 at offset 4 is not UTF-16-LE, as its byte order mark says; save",
    ),
}


@pytest.mark.parametrize(("data", "declared", "message"), REFUSED.values(), ids=REFUSED)
def test_a_byte_that_does_not_fit_is_named_with_its_place_and_a_cure(data: bytes, declared: str, message: str) -> None:
    with pytest.raises(ArchiveError) as refusal:
        decode_page(data, find_encoding(declared))
    assert message in str(refusal.value)


@given(st.binary(max_size=60), st.sampled_from(["", *IDS, "utf-16le"]), st.booleans())
def test_no_byte_is_replaced_or_dropped(data: bytes, label: str, is_html: bool) -> None:
    try:
        decoded = decode_page(data, find_encoding(label), is_html=is_html)
    except ArchiveError:
        return
    body = data
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"\xff\xfe", b"\xfe\xff"):
        if data.startswith(mark):
            body = data.removeprefix(mark)
            break
    assert decoded.text == body.decode(decoded.encoding, errors="strict")


POSTS = (
    "<h1>Вода</h1><p>9 April 2031</p><h2>10:00 GMT Шлюз закрыт</h2><p>Вода спала.</p>"
    "<h2>09:00 GMT Ждут</h2><p>Их одиннадцать.</p>"
)


def read(path: Path) -> ParsedFile:
    (parsed,) = parse_files([str(path)], read_hints({}))
    return parsed


def test_the_cure_of_a_refused_page_works(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(f"<!doctype html><body><main>{POSTS}</main>".encode("cp1251"))
    assert "set ENCODING=" in str(read(page).problems[0])
    (tmp_path / "page.html.toml").write_text('encoding = "windows-1251"\n')
    parsed = read(page)
    assert not parsed.problems and [record.headline for record in parsed.records] == ["Шлюз закрыт", "Ждут"]
    assert parse(page.read_bytes(), read_hints({"encoding": "cp1251"}), "p").records == parsed.records


def test_text_and_json_are_read_in_the_encoding_that_is_named() -> None:
    text = "Вода\n\n9 April 2031\n\n10:00 GMT Шлюз закрыт\n\nВода спала.\n"
    (record,) = parse(text.encode("koi8-r"), read_hints({"encoding": "koi8-r"}), "p").records
    assert (record.headline, record.text) == ("Шлюз закрыт", "Вода спала.")
    line = '{"at": "2031-04-09T10:00:00Z", "headline": "Шлюз", "text": "Вода"}'
    for encoding in ("utf-16", "utf-16-le", "cp1251"):
        page = parse(line.encode(encoding), read_hints({"encoding": encoding}), "r.jsonl")
        assert [record.headline for record in page.records] == ["Шлюз"]


def test_utf_16_html_is_recognised() -> None:
    html = f"<!doctype html><body><main>{POSTS}</main>"
    expected = parse(html.encode(), read_hints({}), "p").records
    for data, encoding in ((html.encode("utf-16"), ""), (html.encode("utf-16-be"), "utf-16be")):
        records = parse(data, read_hints({"encoding": encoding}), "p").records
        assert [(record.headline, record.markdown) for record in records] == [
            (record.headline, record.markdown) for record in expected
        ]
