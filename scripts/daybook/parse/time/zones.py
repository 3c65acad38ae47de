"""Time zone words (GMT, BST, +02:00) and zones that a maintainer names.

The list of words is closed. Abbreviations with different offsets in different countries count as
zone words, so that they are not read as text, but only a hint can give them an offset.
"""

import datetime as dt
import re
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from daybook.core.errors import ArchiveError

_OFFSET_MINUTES = MappingProxyType(  # east of Greenwich; GMT is UTC all year round, also on British pages
    {"GMT": 0, "UTC": 0, "UT": 0, "Z": 0, "WET": 0, "WEST": 60, "BST": 60, "CET": 60, "CEST": 120}
    | {"MEZ": 60, "MESZ": 120, "EET": 120, "EEST": 180, "MSK": 180, "TRT": 180, "IDT": 180}
    | {"SAST": 120, "PKT": 300, "NPT": 345, "WIB": 420, "HKT": 480, "SGT": 480, "JST": 540, "KST": 540}
    | {"AWST": 480, "ACST": 570, "ACDT": 630, "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780}
    | {"BRT": -180, "NDT": -150, "ADT": -180, "EDT": -240, "EST": -300, "CDT": -300, "MDT": -360}
    | {"MST": -420, "PDT": -420, "PST": -480, "AKDT": -480, "AKST": -540, "HST": -600}
    | {"EAT": 180, "CAT": 120, "WAT": 60, "PHT": 480, "WITA": 480, "WIT": 540, "МСК": 180, "ART": -180}
    | {"мск": 180, "HNEC": 60, "HAEC": 120, "SEČ": 60, "SELČ": 120, "WEZ": 0, "WESZ": 60, "OEZ": 120, "OESZ": 180}
)
_ZONES_WITH_DST = MappingProxyType({"ET": "America/New_York", "PT": "America/Los_Angeles"})
_GREENWICH = (
    *("غرينتش", "توقيت غرينتش", "بتوقيت غرينتش", "غرينيتش", "بتوقيت غرينيتش", "جرينتش", "بتوقيت جرينتش"),
    *("گرینویچ", "به وقت گرینویچ", "שעון גריניץ'", "ग्रीनविच समय", "グリニッジ標準時", "그리니치 표준시"),
    *("格林尼治时间", "格林尼治标准时间", "格林尼治標準時間", "格林威治時間", "格林威治標準時間"),
    *("по гринвичу", "за гринвічем", "по гринуич", "ώρα γκρίνουιτς"),
    *("heure de greenwich", "hora de greenwich", "ora di greenwich", "temps universel"),
)
_NAMES = MappingProxyType(  # of zones as pages write them out, in small letters
    {"british summer time": "BST", "greenwich mean time": "GMT", "gmt time": "GMT", "utc time": "UTC"}
    | {"eastern time": "ET", "eastern daylight time": "EDT", "eastern standard time": "EST", "us eastern time": "ET"}
    | {"pacific time": "PT", "pacific daylight time": "PDT", "pacific standard time": "PST"}
    | {"central european summer time": "CEST", "central european time": "CET", "moscow time": "MSK"}
    | {"japan standard time": "JST", "coordinated universal time": "UTC", "ت غ": "GMT"}
    | dict.fromkeys(_GREENWICH, "GMT")
)
_CLOCKS_OF_PLACES = MappingProxyType(  # phrases of one place, in small letters, by the zone of that place
    {
        "America/Sao_Paulo": ("horário de brasília", "hora de brasília"),
        "America/Argentina/Buenos_Aires": ("hora de buenos aires", "hora argentina", "hora de argentina"),
        "America/Bogota": ("hora colombiana", "hora de colombia", "hora de bogotá"),
        "Asia/Jerusalem": ("israel time", "jerusalem time"),
        "Asia/Riyadh": ("بتوقيت مكة المكرمة", "بتوقيت السعودية"),
        "Asia/Seoul": ("한국시간", "한국 시간"),
        "Asia/Shanghai": ("beijing time", "北京时间", "北京時間"),
        "Asia/Kolkata": ("indian standard time",),
        "Asia/Tokyo": ("日本時間",),
        "Europe/Istanbul": ("türkiye saati",),
        "Europe/Kyiv": ("kyiv time", "київським часом", "за києвом"),
        "Europe/Lisbon": ("hora de lisboa",),
        "Europe/London": ("london time", "uk time"),
        "Europe/Madrid": ("hora peninsular", "hora de madrid"),
        "Europe/Moscow": ("moscow time", "время московское", "московское время", "по московскому времени"),
        "Europe/Paris": ("heure de paris", "paris time"),
        "Europe/Rome": ("ora italiana", "ora di roma"),
    }
)
_ZONE_IN_BRACKETS = re.compile(r"\(((?:GMT|UTC)\s?[+\-\u2212]\s?\d{1,2}(?::?\d{2})?)\)")
_ABOUT_TIMES = re.compile(
    r"\W{0,3}(?:all|alle|tous|toutes|todas|todos|tutti|все|усі)?\s?(?:les|las|los|os|as|gli|die)?\s?"
    r"(?:times?|время|час|heures?|horas?|horários?|zeiten|zeitangaben|uhrzeiten|orari|saatler|時刻|时间)\b",
    re.IGNORECASE,
)
_LONGEST_ZONE_LINE = 90  # characters
_AMBIGUOUS = frozenset({"IST", "CST", "AST", "GST", "SST", "NST", "CT", "MT"})
_MAX_OFFSET_MINUTES = 14 * 60  # UTC+14 is the largest offset in use
_OFFSET = re.compile(r"(?:GMT|UTC)?([+\-\u2212])(\d{1,2})(?::?(\d{2}))?")


def zone_words() -> tuple[str, ...]:
    """Return every word that is read as a zone, longest first, so that a pattern prefers the longest."""
    return tuple(sorted({*_OFFSET_MINUTES, *_ZONES_WITH_DST, *_AMBIGUOUS}, key=lambda word: (-len(word), word)))


def zone_names() -> tuple[str, ...]:
    """Return every zone that is read when it is written out, in small letters, longest first."""
    return tuple(sorted(_NAMES, key=lambda name: (-len(name), name)))


def word_of_zone(text: str) -> str:
    """Return the zone word for a zone as a page prints it: "BST" for British Summer Time."""
    return _NAMES.get(text.lower(), text)


def is_zone_word(word: str) -> bool:
    """Return whether a word after a clock time is a time zone, ambiguous ones included."""
    return word in _AMBIGUOUS or zone_from_word(word) is not None


def is_zone_in_brackets(text: str) -> bool:
    """Return whether a text is nothing but a time zone in brackets, such as "(CEST)" beside a stamp."""
    return text[:1] + text[-1:] in ("()", "[]") and is_zone_word(text[1:-1].strip())


def zone_from_word(word: str) -> dt.tzinfo | None:
    """Return the zone of a word that a page prints; None for one that is unknown or ambiguous."""
    if word in _OFFSET_MINUTES:
        return dt.timezone(dt.timedelta(minutes=_OFFSET_MINUTES[word]))
    if word in _ZONES_WITH_DST:
        return ZoneInfo(_ZONES_WITH_DST[word])
    match = _OFFSET.fullmatch(word)
    if match is None:
        return None
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    if minutes > _MAX_OFFSET_MINUTES or int(match[3] or 0) > 59:
        return None
    return dt.timezone(dt.timedelta(minutes=minutes if match[1] == "+" else -minutes))


def zone_from_hint(name: str) -> dt.tzinfo | None:
    """Return the zone that a maintainer names by word, offset or IANA name; None for "".

    Raises:
        ArchiveError: The name is unknown or ambiguous.
    """
    zone = zone_from_word(name)
    if zone or not name:
        return zone
    try:
        if name in _AMBIGUOUS:
            raise ZoneInfoNotFoundError(name)
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        reason = f"unknown time zone {name!r}; write GMT, CEST, +02:00 or a name such as Europe/Paris"
        raise ArchiveError(reason) from error


def is_ambiguous_zone(word: str) -> bool:
    """Return whether a zone word has different offsets in different countries."""
    return word in _AMBIGUOUS


def find_zone_word(text: str) -> str:
    """Return the zone word at the end of a line such as "All times are GMT"; "" if there is none."""
    last = text.strip(" .()").rpartition(" ")[2].lstrip("(")
    return last.upper() if is_zone_word(last.upper()) else ""


def stated_zone(text: str, *, has_date: bool) -> str:
    """Return the zone that a line above the posts states for its times; "" if there is none, or more than one.

    Such a line begins with a word for times, as in "Times are Moscow time (UTC+3)", is nothing but the zone, or has the
    date of the page (`has_date`). A clock time of the page that is given in a sentence says nothing about the others.

    Returns:
        A name that `zone_from_hint` reads.
    """
    if len(text) > _LONGEST_ZONE_LINE:
        return ""
    small = " ".join(re.sub(r"[-–—:]", " ", text.lower()).split())
    found = [
        (zone, phrase)
        for zone, phrases in _CLOCKS_OF_PLACES.items()
        for phrase in phrases
        if re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", small)
    ]
    is_alone = any(small.strip(" .()*[]") == phrase for _, phrase in found)
    if not (has_date or is_alone or _ABOUT_TIMES.match(text)):
        return ""
    zones = {zone for zone, _ in found}
    if not zones:
        zones = {re.sub(r"\s", "", offset) for offset in _ZONE_IN_BRACKETS.findall(text)}
    return zones.pop() if len(zones) == 1 else ""


def zone_uses_abbreviation(zone: dt.tzinfo, word: str, date: dt.date) -> bool:
    """Return whether `word` is a zone's abbreviation at noon of a date, or the city of its IANA name."""
    noon = dt.datetime.combine(date, dt.time(12), zone)
    city = zone.key.rpartition("/")[2].replace("_", " ") if isinstance(zone, ZoneInfo) else ""
    return word in (noon.tzname(), city)
