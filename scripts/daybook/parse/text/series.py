"""Find the series of stamps on a page: times that are printed alike and follow one another.

A page shows by repetition how it prints its stamps, so no list of shapes decides what a stamp is. Every time near the
start of a line is a candidate with a frame: what is before and behind it, and where it is. Candidates with one
frame are a group; groups join if together they still run in one direction, such as 16:07 and 15.40, or noon between
clocks. Text and HTML are read alike: in HTML a line also has a place in the tree.
"""

import datetime as dt
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from daybook.core.errors import ArchiveError
from daybook.parse.base.page import ClockTime, PrintedDate
from daybook.parse.text.classify import PERSON, is_sentence
from daybook.parse.time.header_dates import CHANGED
from daybook.parse.time.names import BEFORE_CLOCK_IN_SENTENCE, WEEKDAY_NUMBERS, with_ascii_digits
from daybook.parse.time.printed import DAY_SECONDS, parse_clock_time
from daybook.parse.time.tokens import TimeToken, find_times
from daybook.parse.time.zones import zone_from_word

MAX_CANDIDATES = 20_000  # of one page; 5,000 posts have fewer
_SEARCHED = 160  # characters at the start of a line
_LONGEST_LABEL = 40  # characters before a stamp: a name, or a word such as "Update"
_MIDNIGHT_STEP = 3 * 3600  # seconds against the direction that are a midnight, not a post out of order
_SMALL_STEP = 20 * 60
_MAX_DISORDER = 0.12  # of a series that groups join
_FEW_OTHERS = 3  # stamps for each time of another notation that may be no stamp
_SHAPES_OF_WORDS = ("word", "age", "iso", "machine")
_MOST_SEEDS, _MOST_GROUPS = 8, 60  # groups that are tried; pages have fewer than ten

_BULLET = re.compile(r"[•◆■●▪▶►◼○*+\-–—#>|·»➤→~]{1,5}")
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2300-\u23ff\u2600-\u27bf\ufe0f\u2b50\u203c]{1,4}")
_AGE = re.compile(r"\d{1,3}\s?(?:s|m|h|d|secs?|seconds?|mins?|minutes?|hrs?|hours?|days?) ago", re.IGNORECASE)
_PUBLICATION = re.compile(r"(?:posted|published|publié|publicado|pubblicato|veröffentlicht)\b", re.IGNORECASE)
_BETWEEN_AGE_AND_CLOCK = re.compile(
    r"[\s,:;·•|/(–—-]{0,5}(?:(?:à|at|um|kl\.?|klo|às|alle|ore|a las|om|o|в|о)\s)?", re.IGNORECASE
)
_WEEKDAY = re.compile(r"[\s,;·•|/–—-]{0,5}(?P<word>[^\W\d_]{2,20})\.?")
_WORD_BESIDE_AGE = re.compile(r"[^\W\d_]+\.?")
_MOST_TIMES = 3  # first times of a line that are looked at
_NEVER_BESIDE_AGE = ("4", "word")  # shapes: "5 minutes ago 1500 people"
_LABEL = re.compile(r"[^\W\d_][\w.'’-]{0,17}(?:[ ,]{1,2}[^\W\d_]?[\w.'’-]{0,17}){0,2}[:,|·]?")
_EDIT_MARK = re.compile(rf"(?:{CHANGED}|edited|first published|last)\b.{{0,14}}$", re.IGNORECASE)
_UPDATE = re.compile(
    r"(?:update|aggiornamento|actualización|actualització|actualizare|atualização|aktualisierung|aktualizacja"
    r"|aktualizace|aktualizácia|mise à jour|m[aà]j|oppdatering|uppdatering|opdatering|päivitys|güncelleme|ενημέρωση"
    r"|обновление|оновлення|актуализация|frissítés|ažuriranje|posodobitev|עדכון|تحديث|更新|업데이트)"
    r"[\s,:;·|–—-]{0,3}(?:(?:de |la )?(?:ora|orele|ore|um|à|a las|alle|às|at|kl\.?|klo|godz\.?|o|в|о|u|ob|om|saat))?",
    re.IGNORECASE,
)
_TEXT_AFTER = re.compile(r"\s?(?:uhr|h|hs|hod\.?|ч\.?)?\s?[:–—-]\s?[\"“„«»‘']?[^\W_].{5,}", re.IGNORECASE | re.DOTALL)
_SIGNED = re.compile(
    rf"(?:[^\W\d_A-Z][^\W\d_]{{0,11}}:? )?(?P<name>{PERSON.pattern})(?:,? [^\W\d_A-Z][^\W\d_]{{0,3}}\.?)?"
)
_LONGEST_SIGNATURE = 60  # characters: "by Ida Kern at"
_TRIMMED_AFTER = " \t\xa0\u202f\u2009:–—-|+)]】·*_,"
_STOP_AFTER = re.compile(r"\A\s?[.,;](?=\s)")  # "14:05. A text"
_CLOSING = {"[": "]", "【": "】", "〔": "〕", "「": "」", "［": "］", "〈": "〉", "《": "》"}
_DASHES = {"–": "-", "—": "-"}


class SourceLine(Struct, frozen=True, kw_only=True):
    """A line in which stamps are looked for. `place` is its place in the tree of a page, () in text."""

    number: int
    text: str
    kind: str = ""
    place: tuple[str, ...] = ()


class Candidate(Struct, frozen=True, kw_only=True, eq=False):
    """A time that may be a stamp, and its frame.

    Attributes:
        index: Index of its line.
        before: Class of what is before it on its line: "", a bullet, a bracket, or a label.
        after: Class of what follows: "end", a mark, "A" a word, "a" a word in small letters, "0" a digit.
        label: The words before it, such as the name of an author.
        text_after: The rest of its line.
        is_common: Whether it is a stamp by the rules of `printed` alone.
    """

    index: int
    number: int
    token: TimeToken
    before: str
    after: str
    kind: str = ""
    place: tuple[str, ...] = ()
    label: str = ""
    text_after: str = ""
    printed: str = ""
    common: ClockTime | None = None
    age_beside: int | None = None

    @property
    def stamp(self) -> ClockTime:
        """The candidate as the stamp of a post."""
        return replace(self._clock_time, age_beside=self.age_beside)

    @property
    def _clock_time(self) -> ClockTime:
        common, token = self.common, self.token
        if common and token.date is None:
            differs = common.fault or common.clock != token.clock or len(common.text_after) > len(self.text_after)
            knows_half = "a" in token.shape and differs  # "14:05 PM" is 14:05
            if not knows_half and (common.fault or common.zone or not token.zone):
                return common
        return ClockTime(
            clock=token.clock,
            printed=self.printed,
            zone=token.zone,
            text_after=self.text_after,
            second_clock=token.second,
            age=token.age,
            days_back=token.days_back,
        )

    @property
    def date(self) -> PrintedDate | None:
        """The date that is part of the stamp."""
        return replace(self.token.date, line=self.number) if self.token.date else None

    @property
    def author(self) -> str:
        """The name before the stamp, two to four words; one word may be a label: "Analysis", "At", "Video"."""
        signed = _SIGNED.fullmatch(self.label) if self.before.endswith("label") else None
        return signed["name"] if signed else ""

    @property
    def is_dated(self) -> bool:
        """Whether its day is known: a machine-readable time, or a date beside the clock."""
        return bool(self.token.date and self.token.date.month)


class Series(Struct, frozen=True, kw_only=True, eq=False):
    """Candidates that are the stamps of one list, in page order."""

    stamps: tuple[Candidate, ...]

    @property
    def indexes(self) -> frozenset[int]:
        """The indexes of its lines."""
        return frozenset(each.index for each in self.stamps)


def find_candidates(lines: Sequence[SourceLine]) -> list[Candidate]:
    """Return every time that may be a stamp: at most one on a line, near its start.

    Raises:
        ArchiveError: The page has more than `MAX_CANDIDATES` such times.
    """
    found: list[Candidate] = []
    for index, line in enumerate(lines):
        candidate = _candidate(index, line)
        if candidate:
            found.append(candidate)
            if len(found) > MAX_CANDIDATES:
                reason = f"the page has more than {MAX_CANDIDATES:,} lines with a time; save it in parts"
                raise ArchiveError(reason, line=line.number)
    return found


def _candidate(index: int, line: SourceLine) -> Candidate | None:
    text = with_ascii_digits(line.text[: _SEARCHED + 48])
    tokens = list(islice(find_times(text), _MOST_TIMES))
    age: int | None = None
    head = ""
    position = 0
    for token, following in zip(tokens, [*tokens[1:], None], strict=False):
        if token.start > _SEARCHED // 2:
            return None
        if _is_age_before(text, token, following):  # "5 minutes ago14:05", "1h ago (14:05 GMT)"
            age, head, position = token.age, head + text[position : token.start], _behind_stop(text, token)
            continue
        frame = _frame_before(
            head + _WORD_BESIDE_AGE.sub("", text[position : token.start]) if position else text[: token.start],
            is_above_text=_TEXT_AFTER.match(text, token.end) is not None,
        )
        if frame is None:
            return None
        before, label = frame
        is_followed = following is not None and _is_age_after(text, token, following)
        end, age = (_end_of_age(text, following), following.age) if following and is_followed else (token.end, age)
        after = _class_after(text, end)
        if before.startswith("label:"):
            last_word = label.rstrip(" :,|").rpartition(" ")[2].lower()
            in_sentence = last_word in BEFORE_CLOCK_IN_SENTENCE and " " in label and not _PUBLICATION.match(label)
            if after in ("a", "0") or (after == "A" and in_sentence):
                return None
            if after == "end":
                before = "label"  # names of authors differ from post to post
        elif "label:" in before:
            before = before.partition(":")[0]  # "Ann, [14:05]"
        return Candidate(
            index=index,
            number=line.number,
            token=token,
            before=before,
            after=after,
            kind=line.kind,
            place=line.place,
            label=label,
            text_after=_rest(line.text, end, before),
            printed=line.text[token.start : token.end].strip(),
            common=parse_clock_time(line.text) if not label and not is_followed else None,
            age_beside=age,
        )
    return None


def _is_age_before(text: str, age: TimeToken, clock: TimeToken | None) -> bool:
    """Return whether a time is an age before a clock that says the same: "5 minutes ago · 14:05"."""
    if age.age is None or clock is None:
        return False
    if clock.age is not None:  # "5m ago5 minutes ago14:05"
        return clock.start == age.end
    end = _behind_stop(text, age)
    weekday = _WEEKDAY.match(text, end, clock.start)  # "2h agoTuesday 14:05"
    start = weekday.end() if weekday and weekday["word"].lower() in WEEKDAY_NUMBERS else end
    return clock.shape not in _NEVER_BESIDE_AGE and _is_between(text, start, clock.start)


def _is_age_after(text: str, clock: TimeToken, age: TimeToken) -> bool:
    """Return whether an age beside a clock says the same: "14:05 (5 minutes ago)", "14:05 5 minutes ago Updated".

    In prose, no mark is between, and a sentence follows.
    """
    if clock.age is not None or age.age is None or not _is_between(text, clock.end, age.start):
        return False
    after = text[_end_of_age(text, age) :].strip()
    may_be_headline = after[:1].isupper() and not text[age.start].isupper() and not is_sentence(after)
    return bool(text[clock.end : age.start].strip()) or not after or may_be_headline


def _is_between(text: str, start: int, end: int) -> bool:
    return _BETWEEN_AGE_AND_CLOCK.fullmatch(text, start, end) is not None


def _behind_stop(text: str, age: TimeToken) -> int:
    """Return where an age ends, with the full stop of its abbreviation."""
    return age.end + text.startswith(".", age.end)


def _end_of_age(text: str, age: TimeToken) -> int:
    """Return where an age ends, with its full stop and the bracket around it."""
    end = _behind_stop(text, age)
    return end + text.startswith((")", "]"), end)


def _rest(text: str, end: int, before: str) -> str:
    """Return the text after a stamp, without the marks that set it off, and without those that mirror its bullet."""
    rest = _STOP_AFTER.sub("", text[end:].removeprefix("更新"), count=1).lstrip(_TRIMMED_AFTER).rstrip()
    if not any(map(str.isalnum, rest)) and len(rest) == 1:
        return ""  # the full stop of an abbreviation
    closing = _CLOSING.get(before[-1:], "")
    if closing and closing in rest and before[-1] not in rest.partition(closing)[0]:
        # A bracket around the stamp and its headline: "[14:05 Headline]", "[14:05 Headline] A text."
        return rest[:-1].rstrip() if rest.endswith(closing) and rest.count(closing) == 1 else before[-1] + rest
    return rest.rstrip(" +*") if before[:1] in ("+", "*") else rest


def _frame_before(head: str, *, is_above_text: bool) -> tuple[str, str] | None:
    """Return the class of what is before a stamp and the words of its label; None for prose or an edit mark.

    "Update, 14:05:" before a text is the label of a post.
    """
    head = _AGE.sub("", _EMOJI.sub("", head)).strip()
    if not head:
        return "", ""
    bullet = _BULLET.match(head)
    mark = ""
    if bullet:
        mark, head = bullet[0][0], head[bullet.end() :].strip()
    if head and unicodedata.category(head[-1]) == "Ps":
        mark, head = mark + head[-1], head[:-1].strip()
    head = " ".join(word for word in head.split() if word.strip(".,").lower() not in WEEKDAY_NUMBERS)
    if not head or head == ",":
        return mark, ""
    if _EDIT_MARK.search(head) and head.lower().strip(" ,:") != "update":
        if not (is_above_text and _UPDATE.fullmatch(head)):
            return None
        return mark + "label:update", head.strip(" ,:|·")
    if len(head) <= _LONGEST_LABEL and _LABEL.fullmatch(head):
        return mark + "label:" + head.lower().strip(" ,:|·"), head.strip(" ,:|·")
    if len(head) <= _LONGEST_SIGNATURE and _SIGNED.fullmatch(head.rstrip(" ,:|·")):
        return mark + "label:signature", head.rstrip(" ,:|·")
    return None


def _class_after(text: str, end: int) -> str:
    rest = text[end : end + 16].lstrip()
    if not rest:
        return "end"
    first = rest[0]
    category = unicodedata.category(first)
    if category in ("Ps", "Pi") or first in "\"'“„«":
        return "A"
    if category[0] in "PS":
        return ")" if category == "Pe" else _DASHES.get(first, first)
    return "a" if category == "Ll" else "0" if category == "Nd" else "A"


def disorder(stamps: Sequence[Candidate]) -> tuple[float, int]:
    """Return how badly times run in one direction, 0 for not at all, and the direction: -1 newest first, 1 oldest.

    A step of three hours or more against the direction is a midnight; more than about one in six posts is too many.
    """
    best = (9.0, -1)
    minutes = [_known_minute(each) for each in stamps]
    for direction in (-1, 1):
        bad, midnights = 0.0, 0
        for above, below in zip(range(len(stamps)), range(1, len(stamps)), strict=False):
            one, other = minutes[above], minutes[below]
            if one is not None and other is not None:
                bad += (other - one) * direction < 0
                continue
            first, second = stamps[above].token, stamps[below].token
            if first.age is not None or second.age is not None:
                both = first.age is not None and second.age is not None
                bad += both and ((first.age or 0) - (second.age or 0)) * direction < 0
                continue
            step = _step(first, second) * direction
            if step <= -_MIDNIGHT_STEP:
                midnights += 1
            elif step < 0:
                bad += 0.4 if step >= -_SMALL_STEP else 1
        cost = (bad + max(0.0, midnights - 1 - len(stamps) / 6)) / max(1, len(stamps) - 1)
        best = min(best, (cost, direction))
    return best


def _step(first: TimeToken, second: TimeToken) -> int:
    """Return the seconds from one clock to another; two offsets that differ are taken into account."""
    if first.zone == second.zone or not (first.zone and second.zone):
        return second.clock - first.clock
    clocks = []
    for each in (first, second):
        zone = zone_from_word(each.zone.upper())
        offset = zone.utcoffset(None) if isinstance(zone, dt.timezone) else None
        if offset is None:
            return second.clock - first.clock
        clocks.append((each.clock - int(offset.total_seconds())) % DAY_SECONDS)
    return clocks[1] - clocks[0]


def _known_minute(candidate: Candidate) -> int | None:
    date = candidate.token.date
    if date is None or not date.month:
        return None
    return ((date.year or 0) * 372 + date.month * 31 + date.day) * 1440 + candidate.token.clock // 60


_GroupKey = tuple[str, tuple[str, ...], str, str, str]  # before, place, kind, shape, after


def find_series(candidates: Sequence[Candidate], fewest: int = 2) -> list[Series]:
    """Group the candidates by frame, and join groups that still run in one direction; largest series first."""
    groups: dict[_GroupKey, list[Candidate]] = defaultdict(list)
    for each in candidates:
        follows = "text" if each.after == "A" else each.after
        groups[each.before, each.place, each.kind, each.token.shape, follows].append(each)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[1][0].index))
    found: list[Series] = []
    for key, first in ordered[:_MOST_SEEDS]:
        if key[3] == "word":
            continue
        stamps = list(first)
        cost = disorder(stamps)[0]
        for other, more in ordered[:_MOST_GROUPS]:
            if other == key or not _may_join(key, other):
                continue
            if key[3].startswith("hour") and key[4] != "end" and other[4] == "end" and len(more) > len(first):
                continue  # "6 p.m. was the time …", below a stamp that stands alone
            if other[4] == "a" and key[4] != "a" and not all(fits(each, stamps) for each in more):
                continue  # "0900 GMT was when it began"
            if key[1] and not _alike(key[1], other[1]) and not _interleave(stamps, more):
                continue  # in HTML, another list of the page
            if ("s" in key[3]) != ("s" in other[3]) and not _interleave(stamps, more):
                continue  # the length of a video, or the page's own time
            if {_half(key[3]), _half(other[3])} == {True, False} and not _interleave(stamps, more):
                continue  # a list below the posts
            union = sorted([*stamps, *more], key=lambda each: each.index)
            if disorder(union)[0] <= max(_MAX_DISORDER, cost):
                stamps = union
        wrong = misfits(stamps)
        stamps = [each for each in stamps if id(each) not in wrong]
        is_part = any({id(each) for each in stamps} <= {id(each) for each in one.stamps} for one in found)
        if len(stamps) >= fewest and not is_part:
            found.append(Series(stamps=tuple(stamps)))
    return sorted(found, key=lambda series: -len(series.stamps))


def _half(shape: str) -> bool | None:
    """Return whether clocks of a shape have a half of the day: "2:05 pm"; None for "noon" and for ages."""
    return None if shape.startswith(_SHAPES_OF_WORDS) else "a" in shape.removeprefix("hour")


def misfits(stamps: Iterable[Candidate]) -> set[int]:
    """Return the ids of the times of another notation than most that are clearly not of their place among these.

    The stamps above and below such a time are less than half a day apart, in the order of the page, and it is hours
    off: the length of a video, the score of a game.
    """
    ordered = sorted(stamps, key=lambda each: each.index)
    counts = Counter(each.token.shape for each in ordered)
    shape, count = counts.most_common(1)[0] if counts else ("", 0)
    usual = [each for each in ordered if each.token.shape == shape]
    others = [
        each
        for each in ordered
        if counts[each.token.shape] * _FEW_OTHERS <= count and each.token.age is None and not each.token.date
    ]
    if not others:
        return set()
    direction = disorder(usual)[1]
    found = set()
    for each in others:
        above = [stamp for stamp in usual if stamp.index < each.index]
        below = [stamp for stamp in usual if stamp.index > each.index]
        if not above or not below:
            continue
        span = (below[0].token.clock - above[-1].token.clock) * direction
        past = (each.token.clock - above[-1].token.clock) * direction
        if 0 <= span < DAY_SECONDS // 2 and not -_MIDNIGHT_STEP < past < span + _MIDNIGHT_STEP:
            found.add(id(each))
    return found


def _may_join(one: _GroupKey, other: _GroupKey) -> bool:
    """Return whether two groups may be one series: the same frame, another way to print the clock."""
    if one[0] != other[0] or [part.partition(".")[0] for part in one[1]] != [
        part.partition(".")[0] for part in other[1]
    ]:
        return False
    if ("z" in one[3]) != ("z" in other[3]) and one[3] != "iso":
        return False  # clocks without a zone between others are a timetable
    if "heading" in (one[2], other[2]) and one[2] != other[2]:
        return False
    if "age" in (one[3], other[3]) and one[3] != other[3] and not {one[3], other[3]} <= {"age", ":d", ".d", ":ad"}:
        return False
    if other[3].startswith("hour") and one[4] == "end" and other[4] in ("text", "a"):
        return False  # "6 p.m. was the time …", below a stamp that stands alone
    return not (
        other[3] in ("4", "hour", "word") and other[4] in ("text", "a")
    )  # "2014 was …" never joins by its shape alone


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether two places in a tree share a class at each step that has classes."""
    classes = [
        (set(a.partition(".")[2].split()), set(b.partition(".")[2].split())) for a, b in zip(one, other, strict=False)
    ]
    return all(bool(a & b) or not (a or b) for a, b in classes)


def _interleave(stamps: Sequence[Candidate], others: Sequence[Candidate]) -> bool:
    """Return whether some of the other times lie between the stamps on the page."""
    return any(stamps[0].index < each.index < stamps[-1].index for each in others)


def series_of(stamps: Iterable[Candidate]) -> Series | None:
    """Return a series of the stamps that the common rules alone find; None without any."""
    found = tuple(stamps)
    return Series(stamps=found) if found else None


def fits(candidate: Candidate, stamps: Sequence[Candidate]) -> bool:
    """Return whether a time lies between those of the stamps above and below it, as a stamp of the series would."""
    above = [each for each in stamps if each.index < candidate.index]
    if not above or len(above) == len(stamps):
        return False
    low, high = sorted((above[-1].token.clock, stamps[len(above)].token.clock))
    return low <= candidate.token.clock <= high


def not_taken(candidates: Iterable[Candidate], series: Series) -> list[Candidate]:
    """Return the times that fit a series, look like a stamp, and were not taken."""
    indexes = series.indexes
    frames = {each.before for each in series.stamps}
    places = {each.place for each in series.stamps}
    stand_alone = all(each.after == "end" for each in series.stamps)
    return [
        each
        for each in candidates
        if each.index not in indexes
        and each.after not in ("a", "0")
        and each.token.shape not in ("4", "word", "hour")
        and not (each.token.shape.startswith("hour") and each.after != "end" and stand_alone)
        and (each.before in frames or not each.label)
        and (not each.place or each.place in places)
        and fits(each, series.stamps)
    ]
