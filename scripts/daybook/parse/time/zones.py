"""Zone words → offsets: the only place that knows what GMT, BST or +02:00 mean.

A closed list. Words that mean different offsets in different countries are known as zone
words, so that they are never read as text, but only a zone given by hand can settle them.
"""

import datetime as dt
import re
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from daybook.core.errors import ArchiveError

_MINUTES = MappingProxyType(  # east of Greenwich; GMT is never the clock of London in summer
    {"GMT": 0, "UTC": 0, "UT": 0, "Z": 0, "WET": 0, "WEST": 60, "BST": 60, "CET": 60, "CEST": 120}
    | {"MEZ": 60, "MESZ": 120, "EET": 120, "EEST": 180, "MSK": 180, "TRT": 180, "IDT": 180}
    | {"SAST": 120, "PKT": 300, "NPT": 345, "WIB": 420, "HKT": 480, "SGT": 480, "JST": 540, "KST": 540}
    | {"AWST": 480, "ACST": 570, "ACDT": 630, "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780}
    | {"BRT": -180, "NDT": -150, "ADT": -180, "EDT": -240, "EST": -300, "CDT": -300, "MDT": -360}
    | {"MST": -420, "PDT": -420, "PST": -480, "AKDT": -480, "AKST": -540, "HST": -600}
)


_PLACES = MappingProxyType({"ET": "America/New_York", "PT": "America/Los_Angeles"})


_AMBIGUOUS = frozenset(("IST", "CST", "AST", "GST", "SST", "NST"))


_OFFSET = re.compile(r"(?:GMT|UTC)?([+\-\u2212])(\d{1,2})(?::?(\d{2}))?")


def is_zone_word(word: str) -> bool:
    """Say whether a word after a clock names a zone, settled or ambiguous."""
    return word in _MINUTES or word in _PLACES or word in _AMBIGUOUS or _offset(word) is not None


def zone_from_word(word: str) -> dt.tzinfo | None:
    """Give the zone that a stamp's word names; None for a word that is unknown or ambiguous."""
    if word in _MINUTES:
        return dt.timezone(dt.timedelta(minutes=_MINUTES[word]))
    return ZoneInfo(_PLACES[word]) if word in _PLACES else _offset(word)


def zone_from_hint(name: str) -> dt.tzinfo | None:
    """Give the zone that a maintainer names, IANA names included; None if none is named."""
    if not name:
        return None
    zone = zone_from_word(name)
    if zone is not None:
        return zone
    try:
        if name in _AMBIGUOUS:
            raise ZoneInfoNotFoundError(name)
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ArchiveError(
            f"the zone {name!r} is not known: write GMT, CEST, +02:00 or a name such as Europe/Paris"
        ) from error


def find_zone_word(text: str) -> str:
    """Find the zone that a line such as "All times are GMT" names for a whole page; "" if none."""
    last = text.strip(" .()").rpartition(" ")[2].lstrip("(")
    return last.upper() if is_zone_word(last.upper()) else ""


def zone_uses_abbreviation(zone: dt.tzinfo | None, word: str, date: dt.date) -> bool:
    """Say whether the clocks of a zone call themselves by `word` around a date, or it is the zone's place."""
    noon = dt.datetime.combine(date, dt.time(12), zone)
    place = zone.key.rpartition("/")[2].replace("_", " ") if isinstance(zone, ZoneInfo) else ""
    return zone is not None and word in (noon.tzname(), place)


def _offset(word: str) -> dt.tzinfo | None:
    match = _OFFSET.fullmatch(word)
    if match is None:
        return None
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    if minutes > 14 * 60 or int(match[3] or 0) > 59:
        return None
    return dt.timezone(dt.timedelta(minutes=minutes if match[1] == "+" else -minutes))
