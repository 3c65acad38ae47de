"""Strict JSON, XML escaping, equal spellings, and checks of characters, instants, dates, URLs and slugs.

The checks raise ArchiveError.
"""

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from daybook.core.errors import ArchiveError

SLUG_PATTERN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,18})?)?(Z|[+-]\d\d:?\d\d)", re.ASCII)
# A user name before an @ looks like the host to readers, and a password there would be published.
_HTTP_URL = re.compile(r"https?://(?![^/?#]*[@\\])[^\s<>\"/?#][^\s<>\"]{0,2039}")
# Control characters other than tab and line ends, surrogates, and noncharacters.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# The complement of Char in XML 1.0, section 2.2.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# JSON allows these inside a string, but some readers end a line at them, or drop them.
_ESCAPED_IN_JSON = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")

# Spellings of a word that `fold_spelling` makes equal, in its order. `theme/static/js/search/analysis.js` has the same.
_ACCENTS_AS_APOSTROPHES = re.compile("[\u00b4\u1fbd\u1fbf\u1ffd\u1ffe]")  # NFKD gives them a space
_MARK = re.compile("[\u0300-\u036f]")
_ACCENTS = re.compile("([A-Za-z\u0370-\u03ff])[\u0300-\u036f]+")
_STRESS = re.compile("([\u0400-\u04ff][\u0306\u0308]?)[\u0300\u0301]+")  # in Cyrillic й, ї and ў are letters
# Vowel points and marks of Hebrew and Arabic, the lengthened stroke, the hamza above or below a letter, and the dot
# below letters of Hindi, which many do not type.
_VOWEL_POINTS = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u093c]"
)
# A nasal before a consonant of its own place of articulation, which Hindi also writes as a dot: हिन्दी, हिंदी.
_VIRAMA = "\u094d"
_NASALS = re.compile("(?:ङ्(?=[क-घ])|ञ्(?=[च-झ])|ण्(?=[ट-ढ])|न्(?=[त-ध])|म्(?=[प-भ]))")
# The sign before the last letter of a Hebrew abbreviation; many type a quotation mark.
_GERSHAYIM = re.compile('(?<=[\u05d0-\u05ea])["\u05f4\u201d](?=[\u05d0-\u05ea])')
_PLAIN_LETTERS = {
    **{"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"},
    **{"Ł": "L", "Ø": "O", "Đ": "D", "Ð": "D", "Ħ": "H", "ẞ": "SS", "Æ": "Ae", "Œ": "Oe", "Þ": "Th"},
    **{"ё": "е", "Ё": "Е", "ς": "σ", "ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك", "\u0671": "ا"},
    "ँ": "ं",
    # The digits of other scripts, each ten of which follow one another.
    **{chr(ord(zero) + value): str(value) for zero in "٠۰०০੦૦୦௦౦೦൦๐໐༠၀០᠐" for value in range(10)},
}
_OTHER_LETTERS = re.compile(f"[{''.join(_PLAIN_LETTERS)}]")
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_APOSTROPHES = re.compile("[`\u02b9\u02bb-\u02bf\u0559\u055a\u05f3\u07f4\u07f5\u2018\u2019\u201b\u2032\u2035\ua78c]")
_HYPHENS = re.compile("[\u058a\u05be\u1400\u1806\u2010-\u2013\u2043\u2212\u2e17\u2e40\u2e5d\u30a0]")
_THOUSANDS = re.compile("([0-9]),(?=[0-9]{3}(?![0-9]))")
_INNER_FULL_STOP = re.compile(r"\.[A-Za-z]")
_INITIALS = re.compile("(?<![A-Za-z0-9.])[A-Za-z](?:\\.[A-Za-z])+(?![A-Za-z0-9])(?:\\.(?!\\S))?")

# Controls of the writing direction. Each that opens an embedding, an override or an isolate, and what closes it.
BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BIDI_SPANS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_POP_EMBEDDING, _POP_ISOLATE = "\u202c", "\u2069"
_BIDI_CLOSERS = {
    **dict.fromkeys("\u202a\u202b\u202d\u202e", _POP_EMBEDDING),
    **dict.fromkeys("\u2066\u2067\u2068", _POP_ISOLATE),
}


def check_characters(value: Any, lines: bool = False) -> None:
    """Raise ArchiveError if a string, or one inside lists and dictionaries, has a forbidden character.

    With `lines` the error has the line number in `value`, which is then a string.
    """
    # One search of all strings together is faster than one search of each.
    text = value if isinstance(value, str) else "".join(_iter_strings(value))
    if match := _FORBIDDEN.search(text):
        reason = f"the character U+{ord(match[0]):04X} is not allowed in text; remove it"
        raise ArchiveError(reason, line=text.count("\n", 0, match.start()) + 1 if lines else 0)


def _iter_strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from _iter_strings(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _iter_strings(item)


def fold_spelling(text: str) -> str:
    """Return `text` with the spellings of a word made equal that search and topics do not distinguish.

    Accents on Latin and Greek letters, stress in Cyrillic, the vowel points of Hebrew and Arabic, soft hyphens and
    other invisible characters are removed. Letters of Arabic that are often written for each other become one, and so
    do the two forms of the Greek sigma and the two spellings of a nasal in Hindi. Digits of other scripts become 0 to
    9, all apostrophes ', all hyphens and the dashes that join words -, all spaces of a fixed width plain ones. Initials
    lose their full stops and thousands their commas. Case, line ends and other punctuation stay.

    >>> fold_spelling("Türkiye’s U.S. F‑16s—2,500 of them")
    "Turkiye's US F-16s—2500 of them"
    """
    # Two cheap searches spare most texts an expensive one: without them this takes four times as long.
    if not text.isascii():
        text = unicodedata.normalize("NFKD", _ACCENTS_AS_APOSTROPHES.sub("'", text))
        if _MARK.search(text):
            text = _STRESS.sub(r"\1", _ACCENTS.sub(r"\1", text))
        text = _VOWEL_POINTS.sub("", text)
        text = _OTHER_LETTERS.sub(lambda match: _PLAIN_LETTERS[match[0]], unicodedata.normalize("NFC", text))
        text = _HYPHENS.sub("-", _GERSHAYIM.sub("", _INVISIBLE.sub("", text)))
        if _VIRAMA in text:
            text = _NASALS.sub("ं", text)
    text = _THOUSANDS.sub(r"\1", _APOSTROPHES.sub("'", text))
    if _INNER_FULL_STOP.search(text):
        text = _INITIALS.sub(lambda match: match[0].replace(".", ""), text)
    return text


def balance_bidi(text: str) -> str:
    """Return `text` with every bidirectional control that opens a span closed, and none that closes another's.

    Follows the rules X6a and X7 of UAX #9: an isolate closes the embeddings in it. Left open, a control would turn the
    text after it; a surplus one would end the isolation of the element that contains the text.
    """
    if not _BIDI_SPANS.search(text):
        return text
    balanced: list[str] = []
    closers: list[str] = []
    for character in text:
        if character in _BIDI_CLOSERS:
            closers.append(_BIDI_CLOSERS[character])
        elif character == _POP_ISOLATE and _POP_ISOLATE in closers:
            while (closer := closers.pop()) != _POP_ISOLATE:
                balanced.append(closer)
        elif character == _POP_EMBEDDING and closers[-1:] == [_POP_EMBEDDING]:
            closers.pop()
        elif character in (_POP_ISOLATE, _POP_EMBEDDING):
            continue
        balanced.append(character)
    return "".join([*balanced, *reversed(closers)])


def isolate_bidi(text: str) -> str:
    """Return text for a title or an attribute, which no element can isolate: between isolates if it has controls."""
    return f"\u2068{balance_bidi(text)}{_POP_ISOLATE}" if BIDI_CONTROLS.search(text) else text


def parse_instant(text: str) -> dt.datetime:
    """Parse an RFC 3339 instant with an offset, such as ``2023-06-02T13:29:00Z``.

    `datetime.fromisoformat` alone also accepts week dates and times without an offset. Raises ArchiveError
    for another format, an impossible date or time, or a year that UTC cannot express. Nanoseconds are cut off.
    """
    if not _RFC3339.fullmatch(text):
        fix = "write date, time and UTC offset, as in 2023-06-02T13:29:00Z"
        raise ArchiveError(f"invalid time {text!r}; {fix}")
    try:
        instant = dt.datetime.fromisoformat(text)
        instant.astimezone(dt.UTC)  # pages and data files write instants in UTC
    except (ValueError, OverflowError) as error:
        reason = "the UTC offset must be less than 24 hours" if "timedelta" in str(error) else error
        raise ArchiveError(f"invalid time {text!r}: {reason}; correct the date or time") from None
    return instant


def check_date(date: dt.date, line: int = 0) -> dt.date:
    """Return the date of a day; raise ArchiveError in the years 1 and 9999."""
    if date.year in (dt.MINYEAR, dt.MAXYEAR):  # converted to another time zone, an entry could leave `datetime`'s range
        reason = f"invalid date {date}: the year must be from 2 to 9998; correct it"
        raise ArchiveError(reason, line=line)
    return date


def check_url(url: str, line: int = 0) -> str:
    """Return the URL of a page, which may be ""; raise ArchiveError if it is not fit to be a link."""
    if url and not is_url(url):
        fix = "write https://host/… without a user name or password, at most 2,048 characters"
        raise ArchiveError(f"invalid URL {url[:60]!r}; {fix}", line=line)
    return url


def is_url(text: str) -> bool:
    """Return whether a text is an absolute http(s) URL that is fit to be a link."""
    return bool(_HTTP_URL.fullmatch(text))


def check_slug(slug: str, name: str = "slug") -> str:
    """Return a slug, which names a file and its URL; raise ArchiveError, which calls it `name`, if it is invalid."""
    if not SLUG_PATTERN.fullmatch(slug) or len(slug) > 80:
        raise ArchiveError(f"invalid {name} {slug!r}; use a-z, 0-9 and single hyphens, at most 80 characters")
    return slug


def dump_json(value: Any) -> str:
    """Write JSON on one line; letters of all scripts stay unescaped."""
    text = json.dumps(value, ensure_ascii=False)
    return _ESCAPED_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def load_json(text: str) -> Any:
    """Parse JSON; raise ArchiveError on a syntax error, a duplicate key or a forbidden character."""
    try:
        value = _json_decoder.decode(text)
    except RecursionError:
        raise ArchiveError("invalid JSON: nested too deeply; simplify it") from None
    except ValueError as error:
        raise ArchiveError(f"invalid JSON: {error}; correct it") from None
    check_characters(value)  # again: an escape can write what a file must not contain
    return value


def _object_without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("an object has the same key twice")
    return value


_json_decoder = json.JSONDecoder(object_pairs_hook=_object_without_duplicates)


def xml_text(text: str) -> str:
    """Escape text for the content of an element; characters that XML forbids become U+FFFD."""
    from xml.sax.saxutils import escape  # noqa: PLC0415 - imports urllib, 20 ms that a build without changes saves

    return escape(_replace_forbidden(text))


def xml_attribute(text: str) -> str:
    """Return text as a quoted attribute value; characters that XML forbids become U+FFFD."""
    from xml.sax.saxutils import quoteattr  # noqa: PLC0415 - as above

    return quoteattr(_replace_forbidden(text))


def _replace_forbidden(text: str) -> str:
    # str(): a value may be a markupsafe.Markup, whose replace() would escape a second time.
    return _NOT_XML.sub("\ufffd", str(text))
