"""Which captures belong to one live blog, and which ids of a page identify its entries.

An id counts only within its live blog, and only if it is strong. Weak are: an id that two entries of a page share,
the page's own address, a word such as ``update``, and the number of a place on the page (``#1`` to ``#40``, newest
first), which names another entry in the next capture.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from enum import Enum
from urllib.parse import parse_qsl, urlencode, urlsplit

from daybook.core.errors import ArchiveError
from daybook.core.model import DaySource, Source
from daybook.core.text import dump_json, parse_instant

# Parameters that say how a page was reached or which part of it is shown, not which page it is.
_VIEW_PARAMETERS = re.compile(
    r"utm_\w+|at_\w+|ns_\w+|mc_[ce]id|fbclid|gclid|msclkid|dclid|yclid|ref|referrer|src|cmp|ocid|pinned_post\w*|postid"
    r"|share\w*|filter\w*|sort|order|amp|outputtype",
    re.IGNORECASE,
)
# Values of the parameter `page` that name a part of a live blog: its second page, or the page with a certain post.
_PART_OF_PAGE = re.compile(r"\d+|with:.*")
_LAST_NUMBER = re.compile(r"(?<![0-9a-fA-F])\d{1,6}$", re.ASCII)
_WORD = re.compile(r"\w+", re.ASCII)
_LONG_ID = 8  # characters


class IdStrength(Enum):
    """How far the ids of a page can be trusted."""

    LONG = "long"  # hardly ever equal by chance: trusted although time and text both differ
    SHORT = "short"  # doubted where time and text both differ
    NONE = "none"


def live_blog_of(source: Source) -> str:
    """Return a text that all captures of one live blog have in common: its address, else outlet, title and date.

    The address is compared without scheme, fragment, final slash and parameters that do not choose the page.

    >>> live_blog_of(Source(url="https://Buoy.example/live/3/?utm_source=x&id=7#post-2"))
    'buoy.example/live/3?id=7'
    """
    if source.url:
        parts = urlsplit(source.url)
        kept = [pair for pair in parse_qsl(parts.query, True) if not _is_view(*pair)]
        query = f"?{urlencode(sorted(kept))}" if kept else ""
        return f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}{query}"
    title = (source.first_title if isinstance(source, DaySource) else "") or source.title
    return dump_json([source.outlet, title, source.date.isoformat() if source.date else ""])


def _is_view(name: str, value: str) -> bool:
    return bool(_VIEW_PARAMETERS.fullmatch(name) or (name == "page" and _PART_OF_PAGE.fullmatch(value)))


def capture_time(source: Source) -> dt.datetime | None:
    """Return when a page was captured, None if that is not known or a person typed something else."""
    try:
        return parse_instant(source.captured) if source.captured else None
    except ArchiveError:
        return None


def capture_sort_key(source: Source) -> tuple[bool, float]:
    """Return a sort key that puts captures in the order of their times, and those without a time last."""
    time = capture_time(source)
    return time is None, time.timestamp() if time else 0.0


def strong_ids(url: str, ids: Sequence[str]) -> tuple[IdStrength, list[str]]:
    """Return how strong the ids of a page are, and the id of each entry, "" where it identifies nothing."""
    page = url.partition("#")[0]
    own = [_without_address(text, page) for text in ids]
    repeated = {text for text, number in Counter(own).items() if number > 1}
    own = ["" if text in repeated else text for text in own]
    named = [text for text in own if text]
    # All entries may have the same word as id, such as "update". Only a page with two entries would show it.
    if not named or (len(named) == 1 and not any(map(str.isdecimal, named[0]))):
        return IdStrength.NONE, [""] * len(own)
    numbers = [int(match[0]) for text in named if (match := _LAST_NUMBER.search(text))]
    are_numbered = len(numbers) == len(named)
    # Places on a page are counted from 0, 1 or 2, with gaps for advertisements.
    if are_numbered and min(numbers) <= 2 and max(numbers) <= 2 * len(own) + 10:
        return IdStrength.NONE, [""] * len(own)
    is_long = not are_numbered and all(len(text) >= _LONG_ID and len(set(text)) > 3 for text in named)
    return IdStrength.LONG if is_long else IdStrength.SHORT, own


def id_scheme(text: str) -> str:
    """Return what all ids that a site makes in one way have in common: the id with "0" for each word with a digit.

    A site that gives its entries other ids than before does not say that they are other entries.

    >>> id_scheme("https://buoy.example/posts/5f2a91c0"), id_scheme("post-12"), id_scheme("harbour-opens")
    ('https://buoy.example/posts/0', 'post-0', '')
    """
    scheme = _WORD.sub(lambda match: "0" if any(map(str.isdecimal, match[0])) else match[0], text)
    return scheme if scheme != text else ""


def _without_address(text: str, page: str) -> str:
    """Return an id without the address of its page; "" if nothing else is left."""
    address, _, fragment = text.partition("#")
    if address.rstrip("/") == page.rstrip("/"):
        return fragment
    return text
