"""The pictures that other sites show beside a link: one for each day and each key entry, 1200 × 630 pixels.

A card shows the day's number, its date, the headline, the outlets and the hours with entries. It is drawn with the
theme's serif, which has Latin and Cyrillic letters. A text with other letters is left out; the date is then written
in digits, so that each day has a card. Only a site with an address has cards: `og:image` must be absolute.
"""

import datetime as dt
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from functools import cache, lru_cache, partial
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from daybook.core.hashing import bytes_digest, digest
from daybook.incremental.output import OutputFile
from daybook.site.views.catalog import Catalog
from daybook.site.views.theme import Assets
from daybook.site.views.urls import day_card_url, entry_card_url
from daybook.site.views.words import Interface

if TYPE_CHECKING:
    from PIL import Image, ImageFont

WIDTH, HEIGHT = 1200, 630
# In this order: each letter is drawn with the first font that has it. The weight of the variable ones is set.
FONTS = ("display-latin", "display-cyrillic", "serif-latin", "serif-latin-ext", "serif-cyrillic")
_HEAVIEST, _REGULAR = 600, 400  # of the variable fonts' axis
_PAPER, _INK, _ACCENT, _GREY, _TRACK = (253, 253, 250), (23, 26, 28), (13, 84, 96), (84, 90, 94), (228, 238, 237)
_INKS = (_INK, _ACCENT, _GREY)
_SHADES = 15  # of each ink, from paper to full
_MARGIN = 64
_COUNTER, _HEADLINE, _SMALL = 132, (60, 52, 44), 32  # font sizes; the headline's is the first that needs three lines
_HEADLINE_LINES = 3
_BARS_LEFT, _BARS_TOP, _BAR_STEP, _BAR_WIDTH, _BARS_HEIGHT = 696, 152, 18, 15, 90
Fonts = tuple[bytes, ...]  # the files of `FONTS`, b"" for those that the theme lacks
_LEFT_OUT = {"So", "Sk", "Cf", "Cc", "Mn", "Me", "Co", "Cn"}  # categories of signs without which a text is the same


class Card(Struct, frozen=True, array_like=True):
    """What a card shows. `counts` and `collected` are by hour; `hour` is that of the entry, -1 without one."""

    site: str
    counter: str
    date: str
    iso_date: str  # for a date in letters that no font has
    by: str  # outlets, and an entry's time
    headline: str
    counts: tuple[int, ...]
    collected: tuple[bool, ...]
    hour: int


class _Style(NamedTuple):
    """How a line is written."""

    size: int
    ink: tuple[int, int, int]
    fonts: Fonts


class _Glyphs(NamedTuple):
    """A font at one size, and what it draws for a letter that it lacks."""

    font: "ImageFont.FreeTypeFont"
    missing: bytes

    def draws(self, letter: str) -> bool:
        """Tell whether the font has a letter; only that of a space may be empty."""
        picture = bytes(self.font.getmask(letter))
        return picture != self.missing and (letter == " " or bool(picture.strip(b"\0")))


def card_fonts(assets: Assets) -> Fonts:
    """Return the theme's files of `FONTS`, or () if it has none of them: then there are no cards."""
    files = tuple(assets.files.get(assets.names.get(f"fonts/{name}.woff2", ""), b"") for name in FONTS)
    return files if any(files) else ()


def card_files(catalog: Catalog, interface: Interface, files: Fonts) -> Iterator[OutputFile]:
    """Yield the card of each day and of each key entry that has a page.

    The key of a card is made from what it shows, the fonts and this module: a change elsewhere in the code draws no
    card again.
    """
    import PIL  # noqa: PLC0415 - most builds draw no cards

    base = digest(bytes_digest(Path(__file__).read_bytes()), PIL.__version__, files)
    for path, card in cards(catalog, interface):
        yield OutputFile(path, digest(base, card), partial(draw_card, card, files), is_kept=True)


def cards(catalog: Catalog, interface: Interface) -> Iterator[tuple[str, Card]]:
    """Yield the path and the content of each card."""
    for date in catalog.dates:
        summary, link = catalog.summary(date), catalog.links[date]
        hours = [time.hour for time in summary.times if time is not None]
        shown = partial(
            Card,
            site=catalog.config.name,
            counter="" if link.number is None else interface.words.day.number.format(n=link.number),
            date=_long_date(interface, date),
            iso_date=date.isoformat(),
            counts=tuple(hours.count(hour) for hour in range(24)),
            collected=tuple(
                any(first < 60 * (hour + 1) and last > 60 * hour for first, last in summary.collected)
                for hour in range(24)
            ),
        )
        outlets = list(dict.fromkeys(name for name in summary.outlets if name))
        if link.chosen and link.main:
            outlets = list(link.main[0].outlets)
        yield day_card_url(date), shown(by=_outlets(interface, outlets), headline=link.headline, hour=-1)
        if catalog.config.entry_pages == "none":
            continue
        for anchor, time, entry in zip(summary.anchors, summary.times, summary.entry_headlines, strict=True):
            if entry.key:
                by = ", ".join(filter(None, (entry.outlet, f"{time:%H:%M}" if time is not None else "")))
                hour = time.hour if time is not None else -1
                yield entry_card_url(date, anchor), shown(by=by, headline=entry.headline, hour=hour)


def _long_date(interface: Interface, date: dt.date) -> str:
    return interface.language.filters()["long_date"](date)


def _outlets(interface: Interface, names: list[str]) -> str:
    if len(names) > 1:
        words = interface.words.headline.and_more.form(len(names) - 1)
        return str(words.format(outlet=names[0], n=len(names) - 1))
    return "".join(names)


def draw_card(card: Card, files: Fonts) -> bytes:
    """Return a card as a PNG with a fixed palette."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - takes time to import, and most builds draw no cards

    image = Image.new("P", (WIDTH, HEIGHT), 0)
    image.putpalette(_palette())
    pen = ImageDraw.Draw(image)
    date = card.date if can_draw(card.date, files) else card.iso_date
    counter = card.counter if can_draw(card.counter, files) else "".join(filter(str.isdigit, card.counter))
    small = _Style(_SMALL, _INK, (b"", b"", *files[2:]))
    grey = small._replace(ink=_GREY)
    _write(image, (_MARGIN, 96), card.site, small, 560)
    _write(image, (_BARS_LEFT, 96), card.by, small, WIDTH - _MARGIN - _BARS_LEFT)
    large = _Style(_COUNTER if counter else _HEADLINE[-1], _ACCENT, _cut(counter or date, files))
    _write(image, (_MARGIN, 236), counter or date, large, 600)
    if counter:
        _write(image, (_MARGIN, 314), date, grey, 600)
    _draw_hours(pen, card)
    for hour in range(0, 24, 6):
        _write(image, (_BARS_LEFT + hour * _BAR_STEP, 274), f"{hour:02}", grey._replace(size=24), 60)
    if can_draw(card.headline, files):
        fonts = _cut(card.headline, files)
        for number, (line, size) in enumerate(_lines(card.headline, fonts)):
            place = (_MARGIN, 414 + number * round(size * 1.2))
            _write(image, place, line, _Style(size, _INK, fonts), WIDTH - 2 * _MARGIN)
    pen.rectangle((0, HEIGHT - 18, WIDTH, HEIGHT), fill=_index(_ACCENT, _SHADES))
    buffer = BytesIO()
    image.save(buffer, "PNG", compress_level=6)  # 9 takes 40 ms instead of 5 and saves a tenth
    return buffer.getvalue()


def _palette() -> list[int]:
    """Return paper, the track of the hours, and the shades of each ink on paper, as red, green and blue."""
    colours = [_PAPER, _TRACK]
    for ink in _INKS:
        for shade in range(1, _SHADES + 1):
            colours.append(tuple(round(p + (i - p) * shade / _SHADES) for p, i in zip(_PAPER, ink, strict=True)))  # type: ignore[arg-type]
    return [part for colour in colours for part in colour]


def _index(ink: tuple[int, int, int], shade: int) -> int:
    return 0 if not shade else 1 + _SHADES * _INKS.index(ink) + shade


def _draw_hours(pen: Any, card: Card) -> None:
    """Draw a bar for each hour: its entries on a track if it was collected; the entry's own hour is darker."""
    most = max(card.counts, default=0) or 1
    bottom = _BARS_TOP + _BARS_HEIGHT
    for hour, (count, collected) in enumerate(zip(card.counts, card.collected, strict=True)):
        left = _BARS_LEFT + hour * _BAR_STEP
        right = left + _BAR_WIDTH
        if collected:
            pen.rectangle((left, _BARS_TOP, right, bottom), fill=1)
        else:
            pen.rectangle((left, bottom - 1, right, bottom), fill=1)
        if count:
            shade = _SHADES if card.hour in (-1, hour) else _SHADES // 2
            top = bottom - max(6, round(_BARS_HEIGHT * count / most))
            pen.rectangle((left, top, right, bottom), fill=_index(_ACCENT, shade))


def plain(text: str) -> str:
    """Return text without signs that no font of letters has, such as emoji, and with single spaces.

    >>> plain("Gate №3 🚧  closed")
    'Gate №3 closed'
    """
    text = unicodedata.normalize("NFC", text).replace("ʼ", "’")
    kept = (
        " " if letter.isspace() else letter
        for letter in text
        if letter.isspace() or unicodedata.category(letter) not in _LEFT_OUT or letter == "№"
    )
    return " ".join("".join(kept).split())


def can_draw(text: str, files: Fonts) -> bool:
    """Tell whether the fonts have all letters of a text; an empty text cannot be drawn."""
    return bool(plain(text)) and all(_font_of(letter, files) is not None for letter in set(plain(text)))


@lru_cache(maxsize=4096)
def _font_of(letter: str, files: Fonts) -> int | None:
    """Return the number of the first font that has a letter."""
    size = _SMALL
    return next((number for number, file in enumerate(files) if file and _glyphs(file, size).draws(letter)), None)


@cache
def _glyphs(file: bytes, size: int) -> _Glyphs:
    """Load a font. FreeType reads WOFF2; letters are placed by the basic layout, which is part of every Pillow."""
    from PIL import ImageFont  # noqa: PLC0415

    font = ImageFont.truetype(BytesIO(file), size, layout_engine=ImageFont.Layout.BASIC)
    with suppress(OSError):  # not a variable font
        font.set_variation_by_axes([_REGULAR if size <= _SMALL else _HEAVIEST])
    return _Glyphs(font, bytes(font.getmask("\U0010fffe")))


def _cut(text: str, files: Fonts) -> Fonts:
    """Return the fonts for a large text: those of the display cut if they have all letters, else the others."""
    display, serif = (*files[:2], b"", b"", b""), (b"", b"", *files[2:])
    return next((fonts for fonts in (display, serif) if can_draw(text, fonts)), files)


def _runs(text: str, size: int, files: Fonts) -> Iterator[tuple[str, "ImageFont.FreeTypeFont"]]:
    """Yield the parts of a text that one font has."""
    for number, letters in groupby(text, lambda letter: _font_of(letter, files)):
        if number is not None:
            yield "".join(letters), _glyphs(files[number], size).font


def _length(text: str, size: int, files: Fonts) -> float:
    return sum(font.getlength(run) for run, font in _runs(text, size, files))


def _ellipsis(files: Fonts) -> str:
    return " …" if can_draw("…", files) else " ..."


def _lines(headline: str, files: Fonts) -> list[tuple[str, int]]:
    """Return the lines of a headline with their font size: the largest with which three lines hold it."""
    room = WIDTH - 2 * _MARGIN
    for size in _HEADLINE:
        lines, words = [""], plain(headline).split(" ")
        for word in words:
            longer = f"{lines[-1]} {word}".strip()
            if _length(longer, size, files) <= room:
                lines[-1] = longer
            else:
                lines.append(word)
        lines = [line for line in lines if line]
        if len(lines) * round(size * 1.2) <= 190 and len(lines) <= _HEADLINE_LINES:
            return [(line, size) for line in lines]
    cut = lines[:_HEADLINE_LINES]
    return [(line, size) for line in (*cut[:-1], cut[-1] + _ellipsis(files))]


def _write(image: "Image.Image", place: tuple[int, int], text: str, style: _Style, room: int) -> None:
    """Write one line with its baseline at `place`; a line with more than `room` pixels is cut, and marked."""
    from PIL import Image, ImageDraw  # noqa: PLC0415

    text, (size, ink, files) = plain(text), style
    if not can_draw(text, files):
        return
    if _length(text, size, files) > room:
        end, text = _ellipsis(files), text[: room // 4]
        while text and _length(text + end, size, files) > room:
            text = text[:-1].rstrip()
        text += end
    x, baseline = place
    top, height = baseline - round(size * 1.1), round(size * 1.5)
    mask = Image.new("L", (round(_length(text, size, files)) + size, height), 0)
    pen, left = ImageDraw.Draw(mask), 0.0
    for run, font in _runs(text, size, files):
        pen.text((left, baseline - top), run, fill=255, font=font, anchor="ls")
        left += font.getlength(run)
    shades = [_index(ink, round(level * _SHADES / 255)) for level in range(256)]
    drawn = mask.point(shades)
    image.paste(drawn, (x, top), mask.point([255 if level else 0 for level in shades]))
