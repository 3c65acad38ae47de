"""A clock at the start of a line → Stamp: the only place that knows how outlets print times.

    1329 GMT Headline        13:29 GMT — Headline      12.31 Uhr: Headline
    9h05 - Headline          12.53am BST               13:29 GMT (16:29 EEST) Headline

A stamp is a time with its zone, a separator or a headline after it. A number that only
begins a sentence ("2014 was", "1329 GMT was") is none, and an impossible time is a fault.
"""

import re

from .page import Stamp
from .zones import is_zone_word

DAY_SECONDS = 86_400

_AGE = re.compile(r"\d{1,3} ?(?:s|m|h|d|secs?|seconds?|mins?|minutes?|hrs?|hours?|days?) ago(?:[\s,·|]{0,3})(?=\d)")
_CLOCK = re.compile(
    r"(?:(?P<hour>\d{1,2})(?P<mark>[:.]|\s?[hH]\s?)(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?![.:,]?\d)"
    r"|(?P<compact>\d{4})(?![\d.,:;]))"
    r"(?P<half>\s?(?:[aApP]\.[mM]\.|[aApP][mM]\b))?(?P<uhr>\s?Uhr\b)?"
)
_ODD = re.compile(r"(?P<odd>\d[\d:;.,hH]{1,7})")  # a number where a clock should stand
_ZONE = re.compile(
    r"\s?(?P<open>\()?(?P<word>(?:GMT|UTC)[+\-\u2212]\d{1,2}(?::?\d{2})?|[+\-\u2212]\d{2}:?\d{2}|[A-Z]{1,5})"
    r"(?(open)\)|(?![\w&'’]))"
)
_TWIN = re.compile(r"\s{0,2}(?P<open>[(/|])?\s{0,2}(?=\d)")
_PLACE = re.compile(r"\s?(?P<place>(?:[A-Z][\w.'’-]{2,20} ){1,2}|local )time\b(?=\s{0,2}(?:[-–—(/|:]|$))")
_UNTIL = re.compile(r"[-–\u2212](?P<end>\d{2}[:.]\d{2})(?!\d)")
_LOCAL = re.compile(r"\s?local(?: time)?\b", re.IGNORECASE)
_EMBED = re.compile(r"[A-Z][a-z]{2} \d{1,2}, \d{4}\b")  # behind a clock and a dot: the date of a post elsewhere
_SEPARATOR = re.compile(r"\s{0,3}(?P<mark>[-‐‑–—]{1,3}|[|·]|:(?!\d))?\s{0,3}")
_DASHED = re.compile(r"\s{0,3}(?:[-‐‑–—|]|$)")


def read_stamp(text: str) -> Stamp | None:
    """Read the stamp that a line begins with; None if the line begins with none."""
    age = _AGE.match(text)
    start = age.end() if age else 0
    match = _CLOCK.match(text, start) or _ODD.match(text, start)
    if match is None or _is_span(text, match):
        return None
    zone, end = _zone(text, match)
    clock = _seconds(match)
    place = None if zone else _PLACE.match(text, end)
    zone, end = (place["place"].removeprefix("local ").strip(), place.end()) if place else (zone, end)
    twin, end = _twin(text, end, bare=place is None and not zone) if clock is not None else (None, end)
    if twin and not is_zone_word(zone):  # "15:29 Kyiv time (12:29 GMT)": the clock whose zone is sure
        (clock, zone), twin = twin, None
    if not _stands_alone(text, end, match, zone):
        return None
    separator = _SEPARATOR.match(text, end)
    rest = text[separator.end() :] if separator else text[end:]
    if separator and separator["mark"] == "·" and _EMBED.match(rest):
        return None
    printed = text[start:end].strip()
    fault = "" if clock is not None else f"{printed!r} is not a time: correct the stamp"
    return Stamp(clock=clock or 0, printed=printed, zone=zone, rest=rest, twin=twin, fault=fault)


def begins_with_time(text: str) -> bool:
    """Say whether a line begins with a time and its zone, stamp or not."""
    match = _CLOCK.match(text)
    return match is not None and is_zone_word(_zone(text, match)[0])


def _is_span(text: str, match: re.Match[str]) -> bool:
    """Say whether a clock begins a span of time, ``09:00-10:00``; an offset runs backwards or is small."""
    until = _UNTIL.match(text, match.end())
    return until is not None and until["end"] > match[0]


def _zone(text: str, match: re.Match[str]) -> tuple[str, int]:
    """Find the zone word after a clock and where it ends; an unknown one only where none else can stand."""
    found = _ZONE.match(text, match.end())
    if found is None:
        return "", match.end()
    word = found["word"]
    known = is_zone_word(word)
    compact = match.groupdict().get("compact")
    # "2022 NATO summit" is a year and a name; "1329 XYZ" can only be meant as a clock.
    clock_like = bool(compact) and not "1900" <= str(compact) <= "2099"
    unknown = len(word) > 1 and "odd" not in match.groupdict() and word.isalpha()
    if known or (unknown and (clock_like or _DASHED.match(text, found.end()))):
        return word, found.end()
    return "", match.end()


def _twin(text: str, end: int, *, bare: bool) -> tuple[tuple[int, str] | None, int]:
    """Read a second clock behind the first, ``(16:29 EEST)``, and say where it ends.

    Behind a `bare` clock, one without a zone, it stands in brackets or behind a slash.
    """
    opening = _TWIN.match(text, end)
    match = _CLOCK.match(text, opening.end()) if opening else None
    if opening is None or match is None or (bare and not opening["open"]):
        return None, end
    clock, (zone, stop) = _seconds(match), _zone(text, match)
    local = _LOCAL.match(text, stop)
    stop = local.end() if local else stop
    if clock is None or not (is_zone_word(zone) or (local and opening["open"])):
        return None, end
    if opening["open"] == "(":
        if text[stop : stop + 1] != ")":
            return None, end
        stop += 1
    return ((clock, zone) if zone else None), stop


def _stands_alone(text: str, end: int, match: re.Match[str], zone: str) -> bool:
    """Say whether what follows a clock lets it be a stamp and not the start of a sentence."""
    groups = match.groupdict()
    strong = bool(zone or groups.get("half") or groups.get("uhr"))
    separator = _SEPARATOR.match(text, end)
    after = separator.end() if separator else end
    marked, spaced, rest = bool(separator and separator["mark"]), after > end, text[after:]
    if "odd" in groups:
        strong = is_zone_word(zone) or ";" in groups["odd"]
        if not strong:
            return False
    elif groups["compact"] and not zone:
        return False
    elif groups["mark"] == "." and not strong and not marked:
        return False  # a decimal number
    elif _seconds(match) is None and not (strong or marked):
        return False  # a score or a ratio
    return not rest or marked or (spaced and not rest[0].islower())


def _seconds(match: re.Match[str]) -> int | None:
    """Give a clock's seconds after midnight; None for a time that no clock shows."""
    groups = match.groupdict()
    if "odd" in groups:
        return None
    compact = groups["compact"]
    hour = int(compact[:2] if compact else groups["hour"])
    minute = int(compact[2:] if compact else groups["minute"])
    second = int(groups["second"] or 0)
    half = (groups["half"] or "").strip()[:1].lower()
    if half and (hour > 12 or (half == "p" and hour == 0)):
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    clock = hour * 3600 + minute * 60 + second
    return clock if minute < 60 and second < 60 and clock <= DAY_SECONDS else None
