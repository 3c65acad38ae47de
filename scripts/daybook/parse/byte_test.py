"""Tell from the bytes of an HTML page, without parsing it, whether it may hold a live blog.

Folders and web archives are full of ordinary articles; this test spares most of them a parser. It asks for the marks
that a live blog cannot do without: its name in the data of the page, or several times at the start of elements or in
attributes, fewer where the page calls itself live. It may say yes to an ordinary page, which then costs a parse.
"""

import re
from itertools import islice

from daybook.parse.base.decode import html_encoding
from daybook.parse.text.evidence import is_called_live

_WIDE = 64  # first bytes; with a NUL among them the page is UTF-16
_DATA = (
    b"LiveBlogPosting",
    b"liveBlogUpdate",
    b"__NEXT_DATA__",
    b"blockFirstPublished",
    b'class="message default',
    b"tgme_channel_history",
)
# In small letters. Plain searches: one regular expression of all words takes ten times as long.
_CALLED_LIVE = (
    *(b"liveblog", b"live-blog", b"live_blog", b"live blog", b"liveticker", b"live-ticker", b"live ticker"),
    *(b"live-update", b"live update", b"liveupdate", b"live-post", b"livepost", b"live-event", b"liveevent"),
    *(b"live-text", b"livetext", b"live-report", b"live-entry", b"livefeed", b"live-feed", b"ticker-", b"-ticker"),
    *(b"en direct", b"minuto a minuto", b"ao vivo", b"en vivo", b"in diretta", b"as it happened", b"minute by minute"),
)
_TITLE = re.compile(rb"<title[^<>]{0,200}>([^<]{0,300})", re.IGNORECASE)
_TITLES = (b"<title", b"<h1")
_TITLE_LENGTH = 300  # bytes
_LIVE_TITLE = re.compile(
    rb"\blive\b|ticker|direct|vivo|diretta|diretto|updates|direkt|relacja|blog|canl\xc4\xb1|\xe5\xae\x9e\xe5\x86\xb5"
    rb"|\xd0\xbe\xd0\xbd\xd0\xbb\xd0\xb0\xd0\xb9\xd0\xbd|\xd9\x85\xd8\xa8\xd8\xa7\xd8\xb4\xd8\xb1"
)
# A clock time within the first characters of an element's text, as in <b>UPDATE 14.05</b>; also behind a date
_CLOCK = re.compile(
    rb">[^<>\d]{0,24}+(?:\d{1,4}(?![:.h]\d\d)[^<>\d]{1,12}+){0,3}"
    rb"(?:\d{1,2}(?:[:.h]\d{2}(?!\d)|\xef\xbc\x9a\d{2}|\s?h\s\d{2}|\s?[ap]\.?m\b|\s?uhr)"
    rb"|\d{1,2}\s?(?:\xe6\x99\x82|\xe6\x97\xb6|\xe7\x82\xb9|\xec\x8b\x9c)"  # hour in Japanese, Chinese, Korean
    rb"|\d{4}\s?(?:gmt|utc|[a-z]{2,4}t\b|hrs?\b|uhr|-|\xe2))"
)
# A clock time in a heading or in bold: two of them suffice on any page
_MARKED_CLOCK = re.compile(
    rb"<(?:h[2-6]|strong|b|dt)\b[^<>]{0,200}>[^<>\d]{0,24}+\d{1,2}"
    rb"(?:[:.h]\d{2}(?!\d)|\s?[ap]\.?m\b|,\d\d\s?(?:\xd1\x87|\xf7\.|uhr\b|h\b|hod\b))"
)
# A time that an element of the body states. Times in `<meta>` and in the data of the page are those of the page itself.
_MACHINE_TIME = re.compile(rb"=[\"']?(\d{4}-\d\d-\d\d[t ]\d\d:?\d\d|\d{10})")
_TIME_NAME = re.compile(
    rb"\s(?:datetime|data-[a-z-]{0,30}(?:time|date|epoch|published|created|posted|stamp|ts)[a-z-]{0,20}"
    rb"|itemprop=[\"']?datepublished[\"']?\s{1,9}content)\Z"
)
_NAME_LENGTH = 70  # bytes before a time that are searched for its name
# A day that stands alone in a heading or in bold, or begins a paragraph or an item, as in a chronicle
_DAY = re.compile(
    rb"<(?:h[2-6]|dt|strong|b|li|p)\b[^<>]{0,200}>(?:\s|<[^<>/]{1,200}>){0,9}(?:[^\W\d_]{3,12},?\s)?"
    rb"(?:\d{1,2}(?:st|nd|rd|th|\.|er)?\s(?:de\s)?[^\W\d_]{3,12}|[^\W\d_]{3,12}\.?\s\d{1,2},?)"
    rb"(?:,?\s(?:de\s)?\d{4})?\s?(?:<|:|\xe2)"
)
_DAYS = 3
_OTHER_DIGITS = tuple(  # one pattern each: each begins with a byte that is searched for quickly
    re.compile(pattern)
    for pattern in (
        *(rb"\xd9[\xa0-\xa9]\xd9[\xa0-\xa9]", rb"\xdb[\xb0-\xb9]\xdb[\xb0-\xb9]", rb"\xef\xbc[\x90-\x99]\xef\xbc"),
        *(rb"\xe0\xa5[\xa6-\xaf]\xe0\xa5", rb"\xe0\xa7[\xa6-\xaf]\xe0\xa7"),
    )
)
# An age of a post. The words are searched for first; the pattern looks at what is before or behind them.
_AGO_WORDS = (b" ago", b"vor ", b"il y a ", b"hace ")
_AGO = re.compile(
    rb"[>\s]\d{1,2}\s?(?:m|h|mins?|minutes?|hrs?|hours?) ago|(?:vor|il y a|hace) \d{1,2} (?:min|h|std|stund)"
)
_AGO_REACH = 20  # bytes
_FEW, _SEVERAL = 2, 4


def may_hold_live_blog(data: bytes, encoding: str = "") -> bool:
    """Return False if an HTML page need not be parsed, because nothing in its bytes is typical of a live blog.

    `encoding` is that of an HTTP header; without one, it is the one that the page declares.
    """
    if b"\0" in data[:_WIDE] or any(mark in data for mark in _DATA):
        return True
    if b"srcdoc=" in data:  # a frame that is written into the page
        data = data.replace(b"&lt;", b"<").replace(b"&gt;", b">").replace(b"&quot;", b'"')
    small = data.lower()
    times = (
        *(_count(_CLOCK, small), _count_machine_times(small)),
        *(_count(digits, data) for digits in _OTHER_DIGITS),
    )
    if max(times) >= _SEVERAL or _count(_MARKED_CLOCK, small) >= _FEW or _count(_DAY, small) >= _DAYS:
        return True
    if any(_has_ages(word, small) for word in _AGO_WORDS):
        return True
    # The words are searched last: it takes as long as all of the above, and most pages have no times.
    return (max(times) >= _FEW and _is_called_live(small)) or _is_titled_live(data, encoding)


def _is_titled_live(data: bytes, encoding: str) -> bool:
    """Return whether a page is called live by its title; without times it is a live blog that was saved too early."""
    title = _TITLE.search(data)
    if title is None:
        return False
    try:
        text = title[1].decode()
    except UnicodeDecodeError:
        text = title[1].decode(encoding or html_encoding(data) or "utf-8", errors="replace")
    return is_called_live([text])


def _is_called_live(small: bytes) -> bool:
    if any(words in small for words in _CALLED_LIVE):
        return True
    starts = (small.find(tag) for tag in _TITLES)
    return any(_LIVE_TITLE.search(small, start, start + _TITLE_LENGTH) for start in starts if start >= 0)


def _count(pattern: re.Pattern[bytes], data: bytes) -> int:
    """Return how often a pattern occurs; `_SEVERAL` ends the search."""
    return sum(1 for _ in islice(pattern.finditer(data), _SEVERAL))


def _count_machine_times(small: bytes) -> int:
    """Return how many different times elements state; `_SEVERAL` ends the search."""
    found: set[bytes] = set()
    for match in _MACHINE_TIME.finditer(small):
        if _TIME_NAME.search(small, max(0, match.start() - _NAME_LENGTH), match.start()):
            found.add(match[1])
            if len(found) >= _SEVERAL:
                break
    return len(found)


def _has_ages(word: bytes, small: bytes) -> bool:
    """Return whether a word is in the ages of several posts."""
    found, place = 0, small.find(word)
    while place >= 0 and found < _FEW:
        found += _AGO.search(small, max(0, place - _AGO_REACH), place + _AGO_REACH) is not None
        place = small.find(word, place + _AGO_REACH)
    return found >= _FEW
