"""An invented crawl: WARC records of live blogs, ordinary pages in many encodings, and damage."""

import gzip
import random
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import NamedTuple

# Some words of each script, by which the generated text is in each encoding what it claims
ALPHABETS = {
    "utf-8": "abcdefghijklmnopqrstuvwxyzäöüßéèêñçøłžš",
    "windows-1252": "abcdefghijklmnopqrstuvwxyzäöüéèñç",
    "iso-8859-2": "abcdefghijklmnopqrstuvwxyząćęłńóśźżčř",
    "windows-1251": "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "koi8-r": "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "iso-8859-7": "αβγδεζηθικλμνξοπρστυφχψω",
    "shift_jis": "あいうえおかきくけこさしすせそたちつてと日本語新聞",
    "euc-jp": "あいうえおかきくけこさしすせそたちつてと日本語新聞",
    "euc-kr": "가나다라마바사아자차카타파하신문기사",
    "gb18030": "的一是在不了有和人这中大为上个国我以要他",
    "big5": "的一是在不了有和人這中大為上個國我以要他",
    "windows-1256": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "utf-16": "abcdefghijklmnopqrstuvwxyzäöü",
}


class Page(NamedTuple):
    """A page as a crawler got it."""

    url: str
    captured: str
    body: bytes
    content_type: str = "text/html; charset=utf-8"


def warc_record(kind: str, url: str, captured: str, block: bytes, number: int = 0) -> bytes:
    """Return one WARC record; its id is made from a number."""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>\r\n"
        f"WARC-Target-URI: {url}\r\nWARC-Date: {captured}\r\nContent-Type: application/http\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def page_record(page: Page, number: int = 0) -> bytes:
    """Return the WARC record of a page."""
    block = f"HTTP/1.1 200 OK\r\nContent-Type: {page.content_type}\r\n\r\n".encode() + page.body
    return warc_record("response", page.url, page.captured, block, number)


def gzip_records(records: Iterable[bytes], level: int = 6) -> bytes:
    """Return a gzipped WARC: each record is a member of its own."""
    return b"".join(gzip.compress(record, level, mtime=0) for record in records)


class Inventor:
    """Invents pages; the same seed invents the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._words = {
            name: ["".join(self.random.choices(letters, k=self.random.randint(2, 10))) for _ in range(2000)]
            for name, letters in ALPHABETS.items()
        }

    def words(self, number: int, encoding: str = "utf-8") -> str:
        return " ".join(self.random.choices(self._words[encoding], k=number))

    def live_page(self, number: int, capture: int, encoding: str = "utf-8", posts: int = 40) -> Page:
        """Return the capture with a number of the live blog with a number: each has the posts of the one before."""
        outlet = number % 7
        own = random.Random(f"{number} {encoding}")
        texts = [
            (
                " ".join(own.choices(self._words[encoding], k=9)),
                [" ".join(own.choices(self._words[encoding], k=45)) for _ in range(3)],
            )
            for _ in range(posts)
        ]
        shown = min(posts, 10 + 10 * capture)
        parts = []
        for index in reversed(range(shown)):
            hour, minute = divmod(8 * 60 + index * (900 // posts), 60)
            title, paragraphs = texts[index]
            body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
            time = f"2031-04-{1 + number % 28:02}T{hour:02}:{minute:02}:00Z"
            clock = f'<time datetime="{time}">{hour:02}:{minute:02} GMT</time>'
            name = f"post-{number}x{index}a7"
            parts.append(f'<article class="live-post" id="{name}"><h2>{escape(title)}</h2>{clock}{body}</article>')
        title = f"Live: {escape(' '.join(own.choices(self._words[encoding], k=5)))}"
        text = self._frame(
            title, f"<p>{1 + number % 28} April 2031</p><div class='live-blog'>{''.join(parts)}</div>", encoding
        )
        hour = 9 + 4 * capture
        return Page(
            f"https://outlet{outlet}.example/live/{number}",
            f"2031-04-{1 + number % 28:02}T{hour:02}:{number % 60:02}:00Z",
            text.encode(encoding),
            self._content_type(encoding),
        )

    def ordinary_page(self, number: int, encoding: str = "utf-8", paragraphs: int = 25) -> Page:
        """Return an article, with the navigation, styles and scripts that real ones have."""
        body = "".join(f"<p>{escape(self.words(self.random.randint(20, 60), encoding))}</p>" for _ in range(paragraphs))
        stamp = "<time datetime='2031-04-09T10:00:00Z'>9 April 2031</time>"
        text = self._frame(escape(self.words(8, encoding)), stamp + body, encoding)
        return Page(
            f"https://outlet{number % 40}.example/news/{number}",
            f"2031-04-09T{number % 24:02}:{number % 60:02}:00Z",
            text.encode(encoding),
            self._content_type(encoding),
        )

    def listing_page(self, number: int) -> Page:
        """Return an ordinary page with many times, which the byte test cannot tell from a live blog."""
        rows = "".join(
            f'<li><span>{index % 24:02}:{index * 7 % 60:02}</span> <a href="/n/{index}">{self.words(8)}</a></li>'
            for index in range(30)
        )
        text = self._frame(f"Latest {self.words(3)}", f"<ul>{rows}</ul>", "utf-8")
        url = f"https://outlet{number % 40}.example/latest/{number}"
        return Page(url, f"2031-04-09T{number % 24:02}:00:00Z", text.encode())

    def _content_type(self, encoding: str) -> str:
        """Return a header with or without a charset."""
        return f"text/html; charset={encoding}" if self.random.random() < 0.5 else "text/html"

    def _frame(self, title: str, main: str, encoding: str) -> str:
        names = self._words["utf-8"]
        pick = self.random.choice
        style = "".join(
            f".c{n}{{margin:{n}px;color:#{n * 997 % 4096:03x}}}" for n in range(self.random.randint(50, 500))
        )
        script = "".join(f"var v{n}={{a:{n * 31 % 1000},b:'{n:x}'}};" for n in range(self.random.randint(50, 900)))
        menu = (
            ""
            if encoding != "utf-8"
            else "".join(
                f'<li><a href="/s/{n}" class="c{n}">{n} {pick(names)}</a></li>'
                for n in range(self.random.randint(30, 160))
            )
        )
        return (
            f'<!doctype html><html lang="x"><head><meta charset="{encoding}"><title>{title}</title>'
            f"<style>{style}</style><script>{script}</script></head><body><nav><ul>{menu}</ul></nav>"
            f"<main><h1>{title}</h1>{main}</main></body></html>"
        )


def mixed_pages(inventor: Inventor, number: int, *, live_blogs: int, captures: int, listings: int) -> Iterator[Page]:
    """Yield a number of pages of all kinds in a random order; the live blogs are captured several times."""
    encodings = list(ALPHABETS)
    live: list[tuple[int, int]] = [(blog, capture) for blog in range(live_blogs) for capture in range(captures)]
    ordinary = number - len(live) - listings
    kinds: Sequence[object] = [*live, *["listing"] * listings, *["ordinary"] * ordinary]
    for index, kind in enumerate(inventor.random.sample(kinds, len(kinds))):
        if isinstance(kind, tuple):
            blog, capture = kind
            yield inventor.live_page(blog, capture, encodings[blog % len(encodings)])
        elif kind == "listing":
            yield inventor.listing_page(index)
        else:
            encoding = encodings[index % len(encodings)] if index % 3 == 0 else "utf-8"
            yield inventor.ordinary_page(index, encoding)
