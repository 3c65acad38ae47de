"""Find the times of posts of social networks that were copied with the posts that embed them.

Such a time is below the name of an account, "@harbour", or in the form of a network, "8:14 PM · Apr 9, 2031", or before
a counter, "9 Apr 2031 · 1.2K views". The page's own stamps are printed in another way.
"""

import re
from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from daybook.parse.text.classify import BoilerplateRule, LineClass, match_boilerplate
from daybook.parse.time.names import MONTH_NUMBERS, with_ascii_digits
from daybook.parse.time.printed import parse_date_near_clock
from daybook.parse.time.tokens import find_times, is_stamp

TIME_OF_EMBED = BoilerplateRule(name="time of an embedded post", pattern="", examples=())
_ACCOUNT = re.compile(r"(?:.{1,40}\s)?\(?@[\w.-]{2,40}\)?(?:\s?[·•])?")
_LINES_OF_POST = 8  # from the account to the time below its text
_LINES_OF_ACCOUNT = 2  # from the account to a clock without a date
_LONGEST = 100  # characters
_DATE_AFTER_DASH = re.compile(r"[—–-]\s?.{1,40}\(@[\w.-]{2,40}\)\s(?P<date>.{6,30})")
_BEHIND = re.compile(r"\s?[·•]?\s?(?:(?:from|via|aus|depuis|desde|da)\s|Twitter|TweetDeck|X for)\S.{0,40}\Z")
_COUNTER = re.compile(r"\s?[·•|]\s?(?P<counter>\d[^·•|]{1,30})\Z")
_WORD = re.compile(r"[^\W\d_]+\.?")
_LONGEST_SHORT_MONTH = 3  # letters
_DIGITS = re.compile(r"\d+")


class _Time(Struct, frozen=True, kw_only=True):
    """A line that is nothing but a time, or a time and what a network prints beside it."""

    index: int
    form: str  # the same for lines that are printed alike
    is_of_network: bool = False  # by what is beside the time
    has_dot: bool = False  # between clock and date
    is_below_account: bool = False  # and below the text of the account's post
    is_beside_account: bool = False


def mark_times_of_embeds(classes: Sequence[LineClass]) -> tuple[LineClass, ...]:
    """Mark the times of embedded posts, on a page that has other times, too.

    A time just below an account is one. Of others, all that are printed in one way are marked, or none of them; a form
    that only its dot shows is marked if other times begin above it and are as many.
    """
    times = [time for index in range(len(classes)) if (time := _time(classes, index))]
    forms = Counter(time.form for time in times)
    shown = Counter(time.form for time in times if time.is_of_network or time.is_below_account)
    sure = {form for form, count in shown.items() if count == forms[form]}
    dotted = {time.form for time in times if time.has_dot} - sure
    sure_times = {time.index for time in times if time.is_beside_account or time.form in sure}
    others = [time.index for time in times if time.index not in sure_times and time.form not in dotted]
    if not others:
        return tuple(classes)
    marked = sure_times | {
        time.index
        for time in times
        if time.form in dotted and time.index > others[0] and forms[time.form] <= len(others)
    }
    return tuple(
        LineClass(line=each.line, rule=TIME_OF_EMBED) if index in marked else each for index, each in enumerate(classes)
    )


def _time(classes: Sequence[LineClass], index: int) -> _Time | None:
    each = classes[index]
    text = with_ascii_digits(each.line.text)
    if each.in_series:
        return _Time(index=index, form="a stamp of the page")
    if len(text) > _LONGEST or not _DIGITS.search(text) or each.rule or each.caption or each.line.kind == "quoted":
        return None
    if signed := _DATE_AFTER_DASH.fullmatch(text):  # "— Weide Port (@weideport) June 10, 2031"
        if parse_date_near_clock(signed["date"], 0) is None:
            return None
        return _Time(index=index, form="signed", is_of_network=True)
    counter = _COUNTER.search(text)
    rule = match_boilerplate(counter["counter"]) if counter else None
    own = text[: counter.start()] if counter and rule and rule.name == "post-count" else text
    own = _BEHIND.sub("", own)
    date = parse_date_near_clock(own, 0)
    token = next((token for token in find_times(own) if token.age is None), None) if is_stamp(own) else None
    if token is None and date is None:
        return _Time(index=index, form="a stamp and a text") if each.stamp else None
    is_dated = date is not None or (token is not None and token.date is not None)
    lines = _lines_to_account(classes, index)
    may_be_heading = token is None and not (_is_short_date(own) or _is_in_block(classes, index))
    return _Time(
        index=index,
        form=" ".join(_WORD.sub(_word_form, _DIGITS.sub("9", own)).split()) + " and more" * (own != text),
        is_of_network=is_dated and own != text,
        has_dot=token is not None and is_dated and "·" in own,
        is_below_account=is_dated and 0 < lines <= _LINES_OF_POST and not may_be_heading,
        is_beside_account=0 < lines <= _LINES_OF_ACCOUNT and not may_be_heading,
    )


def _word_form(match: re.Match[str]) -> str:
    return "a" if match[0].rstrip(".").lower() in MONTH_NUMBERS else match[0].lower()


def _is_short_date(text: str) -> bool:
    """Return whether a date has the short name of a month, as networks print it: "Apr 9, 2031"."""
    words = [word for word in _WORD.findall(text) if word.rstrip(".").lower() in MONTH_NUMBERS]
    return any(word.endswith(".") or (len(word) <= _LONGEST_SHORT_MONTH and word.lower() != "may") for word in words)


def _is_in_block(classes: Sequence[LineClass], index: int) -> bool:
    return index > 0 and classes[index - 1].line.block == classes[index].line.block


def _lines_to_account(classes: Sequence[LineClass], index: int) -> int:
    """Return how many lines above a time the name of an account is; 0 if none is between it and the stamp above."""
    for lines, above in enumerate(range(index - 1, max(-1, index - 1 - _LINES_OF_POST), -1), start=1):
        if classes[above].stamp is not None:
            return 0
        if _ACCOUNT.fullmatch(classes[above].line.text):
            return lines
    return 0
