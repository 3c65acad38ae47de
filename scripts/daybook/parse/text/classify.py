"""Classify lines one by one: stamp, date, boilerplate, caption or plain text.

Boilerplate rules are in ``boilerplate.toml``. A few classes depend on the lines directly above and
below; all other context is the task of `sections` and `outline`.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from daybook.core.model import Caption
from daybook.parse.base.decode import TextLine, one_line
from daybook.parse.base.page import ClassifiedLine, ClockTime, LineRole, PrintedDate
from daybook.parse.time.header_dates import CHANGED
from daybook.parse.time.printed import clock_after_date, parse_clock_time, parse_date_line, parse_date_near_clock
from daybook.parse.time.tokens import is_stamp, separate_ages
from daybook.parse.time.zones import is_zone_in_brackets

GALLERY = "gallery"  # the rule for the counters and buttons of a series of pictures
# Vowel signs and other marks of letters, which are not in \w, although words of many scripts contain them.
MARKS = (
    r"\u0300-\u036f\u0591-\u05bd\u05bf-\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963"
    r"\u0980-\u0df3\u0e31-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ebc\u0ec8-\u0ece\u0f71-\u0f84\u102b-\u103e\u1056-\u1059"
    r"\u17b4-\u17d3\u200c\u200d"
)
# A name of two to four words.
PERSON = re.compile(rf"(?:[^\W\d_a-z][\w{MARKS}’'.-]{{0,30}} ){{1,3}}[^\W\d_a-z][\w{MARKS}’'-]{{0,30}}")
# Limits in characters; longer lines are paragraphs.
_LONGEST_HEADLINE = 140
_LONGEST_BOILERPLATE = 240
_LONGEST_CAPTION = 700

# Only the end of a line is searched for a credit, so that long lines cost no more time.
_CREDIT_SEARCH = 140
_CREDIT = re.compile(
    r"(?:[/|.!?”\")]\s{0,3})(?:Photo|Photograph|Image|Picture|Foto|Bild|Video)s?(?: credit)?"
    r"(?::\s?|\sby\s)(?P<credit>[^:]{1,59}[^:.])$"
)
_CREDIT_IN_BRACKETS = re.compile(r"\[(?P<credit>[^\[\]]{2,60}/[^\[\]]{2,40}|Reuters|AP|AFP|AA|EPA)\]$")
# Controls beside the name of an author at the end of a post
_LONGEST_SIGNATURE = 120  # characters
_BETWEEN_CONTROLS = re.compile(r"\s?[·•|↗→⋅]\s?|\s[/–—-]\s|\s{2,}")
_CONTROL_RULES = ("share", "post-count", "expand")
_CONTROL = re.compile(
    r"(?:perma)?link|permalien|enlace|lien|lenke|länk|linkki|odkaz|odnośnik|ссылка|посилання|リンク|链接|鏈接|링크|رابط"
    r"|(?:copy|get|direct) link|link (?:zum beitrag|to (?:this )?(?:post|update))|comments?|reply|like|save|report"
    r"|follow|kommentieren|kommentar(?:e|er)?|antworten|merken|commenter|répondre|comentar|responder|commenta|rispondi"
    r"|reageer|kommentera|комментировать|ответить|коментувати|komentuj|skomentuj|odpowiedz|kommentoi|komentovat"
    r"|yorum yap|コメント",
    re.IGNORECASE,
)
_FIRST_WORD_OF_CONTROL = re.compile(
    r"(?:save|leave|add|post|view|read|copy|share|follow|report|print|show|open|close|more|jump|go|sign|log|subscribe"
    r"|submit|send|get|contact|about|all|live|breaking|related|latest|top|key|back|next|see|watch|listen)\s",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    rf"(?i:(?:by|von|par|por|di|door|av|af|автор:?|text:?)\s)?(?P<name>{PERSON.pattern}"
    rf"(?:\s(?:and|und|et|y|e|og|och|en|&)\s{PERSON.pattern})?)(?:,\s[^\d.!?]{{2,40}})?"
)
_FULL_STOP = re.compile(r"(?:(?<!\.)\.|[。｡।۔။።])[\"'”’)\]»」』]{0,3}$")
_SENTENCE_INSIDE = re.compile(r"[^\W\d_]{3}[.!?…][\"'”’)\]»」』]{0,3}\s[^\W\d_a-z]")
_SHORTEST_SENTENCE = 12  # characters before its last word

# Capital letters in Greek have no accents, so "ετικέτες" must match "ΕΤΙΚΕΤΕΣ", too.
_WITHOUT_TONOS = str.maketrans({one: f"[{one}{other}]" for one, other in zip("άέήίόύώ", "αεηιουω", strict=True)})


class BoilerplateRule(Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of line that belongs to no entry; ``boilerplate.toml`` explains the fields."""

    name: str
    pattern: str
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...] = ()
    where: Literal["", "caption", "after-end", "tail"] = ""
    effect: Literal["", "restart", "end", "link", "edit", "key", "box", "pinned"] = ""

    def matches(self, text: str) -> bool:
        """Return whether the rule matches the whole line."""
        return len(text) <= _LONGEST_BOILERPLATE and re.fullmatch(self.pattern, text, re.IGNORECASE) is not None


_SIGNATURE = BoilerplateRule(name="byline", pattern="", examples=())
NAVIGATION = BoilerplateRule(name="navigation", pattern="", examples=())  # short lines above the title
LONGEST_NAVIGATION = 25  # characters of a line
MAIL_HEADER = BoilerplateRule(name="mail header", pattern="", examples=())
_FEWEST_LINES_OF_MAIL = 3
_FIELD_OF_MAIL = re.compile(r"[^\W\d_][\w-]{0,18}(?: [\w-]{1,12})?\s?[:：]\s?\S")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,63}")
_ZONE_OF_STAMP = BoilerplateRule(name="zone-of-all", pattern="", examples=())


class LineClass(Struct, frozen=True, kw_only=True):
    """A line and its class. A line with none of the optional fields is plain text."""

    line: TextLine
    stamp: ClockTime | None = None  # a time at the start of the line; with a date after it both are set
    date: PrintedDate | None = None
    clock: ClockTime | None = None  # a time after a date
    rule: BoilerplateRule | None = None
    caption: Caption | None = None
    author: str = ""  # a name before the stamp, or before a control
    edited: ClockTime | None = None  # the time of the last edit, printed after the stamp
    in_series: bool = False  # the stamp is one of a series that the page repeats

    @property
    def is_plain_text(self) -> bool:
        """Whether the role of the line depends on the lines around it."""
        return not (self.stamp or self.date or self.rule or self.caption)

    @property
    def clock_time(self) -> ClockTime | None:
        """The time on the line, before or after a date."""
        return self.stamp or self.clock

    def with_role(self, role: LineRole, reason: str = "") -> ClassifiedLine:
        """Return the line with its role."""
        return ClassifiedLine(number=self.line.number, role=role, text=self.line.text, reason=reason)


def mark_mail_header(line_classes: tuple[LineClass, ...]) -> tuple[LineClass, ...]:
    """Mark the header of a mail into which a page was copied: its date is not the page's.

    It is the first paragraph, lines of "Name: value" of which one has a mail address in angle brackets or "@".
    """
    first = line_classes[0].line.block if line_classes else 0
    header = [each for each in line_classes if each.line.block == first]
    texts = [each.line.text for each in header]
    is_mail = len(texts) >= _FEWEST_LINES_OF_MAIL and all(map(_FIELD_OF_MAIL.match, texts))
    if not (is_mail and any(_ADDRESS.search(text) for text in texts)) or len(header) == len(line_classes):
        return line_classes
    marked = (LineClass(line=each.line, rule=MAIL_HEADER) for each in header)
    return (*marked, *line_classes[len(header) :])


def classify_lines(lines: tuple[TextLine, ...]) -> tuple[LineClass, ...]:
    """Classify every line; an age that is joined to a clock is set apart from it.

    Two classes need a neighbour: a date with neither weekday nor year (a stamp below, or heading
    markup), and a credit on a line of its own (a caption above or below).
    """
    classes = [_classify(replace(line, text=separate_ages(line.text))) for line in lines]
    classes = list(with_dates_above_stamps(classes))
    padded = [None, *classes, None]
    for index, each in enumerate(classes):
        captions = [near.caption for near in (padded[index], padded[index + 2]) if near and near.caption]
        if captions and each.is_plain_text:
            rule = match_boilerplate(each.line.text, "caption")
            # Some pages print the credit of a caption a second time on its own line.
            repeated = [caption for caption in captions if caption.credit == each.line.text]
            classes[index] = replace(each, rule=rule, caption=repeated[0] if repeated and not rule else None)
    return tuple(classes)


def with_dates_above_stamps(line_classes: Sequence[LineClass]) -> tuple[LineClass, ...]:
    """Return the lines with the dates that have neither weekday nor year, but a stamp below or heading markup."""
    found = list(line_classes)
    for index, (each, below) in enumerate(zip(line_classes, [*line_classes[1:], None], strict=False)):
        if each.is_plain_text and (each.line.kind == "heading" or (below and below.stamp and not below.date)):
            found[index] = replace(each, date=parse_date_near_clock(each.line.text, each.line.number))
    return tuple(found)


def _classify(line: TextLine) -> LineClass:
    stamp = parse_clock_time(line.text)
    if stamp:
        date = parse_date_near_clock(stamp.text_after, line.number) if stamp.text_after else None
        return LineClass(line=line, stamp=replace(stamp, text_after="") if date else stamp, date=date)
    clock = clock_after_date(line.text)
    date = parse_date_near_clock(line.text, line.number) if clock else parse_date_line(line.text, line.number)
    if date:
        return LineClass(line=line, date=date, clock=clock)
    if author := author_beside_controls(line.text):
        return LineClass(line=line, rule=_SIGNATURE, author=author)
    rule = match_boilerplate(line.text) or (_ZONE_OF_STAMP if is_zone_in_brackets(line.text) else None)
    return LineClass(line=line, rule=rule) if rule else LineClass(line=line, caption=parse_caption(line.text))


def is_headline(line: TextLine) -> bool:
    """Return whether a line after or below a stamp is a headline: heading markup, or not a sentence."""
    return line.kind == "heading" or (line.kind == "" and not is_sentence(line.text))


def is_sentence(text: str) -> bool:
    """Return whether the text after a stamp is body text: it ends with a full stop, or is long.

    Or a sentence ends inside it, and it leads with a colon to what is below: "The crew is safe. They write:".
    """
    if len(text) > _LONGEST_HEADLINE or _FULL_STOP.search(text) is not None:
        return True
    return text.endswith((":", "：")) and _SENTENCE_INSIDE.search(text, _SHORTEST_SENTENCE) is not None


@cache
def boilerplate_rules() -> tuple[BoilerplateRule, ...]:
    """Load all rules of ``boilerplate.toml``, in order."""
    text = Path(__file__).with_name("boilerplate.toml").read_bytes()
    rules = msgspec.toml.decode(text, type=dict[str, tuple[BoilerplateRule, ...]])["rule"]
    patterns = (rule.pattern.replace("{CHANGED}", CHANGED).translate(_WITHOUT_TONOS) for rule in rules)
    return tuple(replace(rule, pattern=pattern) for rule, pattern in zip(rules, patterns, strict=True))


def match_boilerplate(text: str, where: str = "") -> BoilerplateRule | None:
    """Return the first rule that matches a line; None if there is none.

    With `where` "caption", "after-end" or "tail" the rules for that position are tried, too.
    """
    if len(text) > _LONGEST_BOILERPLATE or not _any_rule(where).fullmatch(text):
        return None
    return next((rule for rule in boilerplate_rules() if rule.where in ("", where) and rule.matches(text)), None)


@cache
def _any_rule(where: str) -> re.Pattern[str]:
    """Join the patterns of all rules: most lines match none, and one match attempt is enough to know."""
    patterns = (rule.pattern for rule in boilerplate_rules() if rule.where in ("", where))
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


def author_beside_controls(text: str) -> str:
    """Return the name on a line that is nothing but a name and labels of controls, "Ida Kern · Link"; else "".

    A time may be between them.
    """
    if len(text) > _LONGEST_SIGNATURE or not _BETWEEN_CONTROLS.search(text):
        return ""
    parts = [part.strip() for part in _BETWEEN_CONTROLS.split(text) if part.strip()]
    others = [part for part in parts if not _is_control(part)]
    signed = [part for part in others if not is_stamp(part)] if len(others) < len(parts) else []
    if len(signed) != 1 or _FIRST_WORD_OF_CONTROL.match(signed[0]):
        return ""
    name = _SIGNED.fullmatch(signed[0])
    return name["name"] if name else ""


def _is_control(text: str) -> bool:
    rule = match_boilerplate(text)
    return _CONTROL.fullmatch(text) is not None or (rule is not None and rule.name in _CONTROL_RULES)


def parse_caption(text: str) -> Caption | None:
    """Read a line as caption and credit, ``The bridge at noon. / Photo: Agency``; None if it is not one."""
    if len(text) > _LONGEST_CAPTION:
        return None
    start = max(0, len(text) - _CREDIT_SEARCH)
    match = _CREDIT.search(text, start) or _CREDIT_IN_BRACKETS.search(text, start)
    if match is None:
        return None
    stop = match.start() + (match[0][0] in '.!?”")')  # a full stop or closing quote belongs to the caption
    caption = one_line(text[:stop].rstrip(" \u00a0/|"))
    return Caption(text=caption, credit=one_line(match["credit"])) if caption else None


def unique_captions(captions: Iterable[Caption]) -> tuple[Caption, ...]:
    """Return each caption once, in page order."""
    return tuple(dict.fromkeys(captions))
