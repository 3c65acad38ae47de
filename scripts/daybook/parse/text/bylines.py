"""Find the names of authors in a text: beside the stamps, below the headlines, or at the ends of posts."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice, pairwise

from msgspec import Struct
from msgspec.structs import replace

from daybook.parse.text.classify import PERSON, BoilerplateRule, LineClass, is_sentence, match_boilerplate
from daybook.parse.text.sections import post_ranges

_NAME_OF_AUTHOR = BoilerplateRule(name="byline", pattern="", examples=())
LABEL_OF_NAME = re.compile(
    r"(?:(?:(?:reporting|text|written|posted|reported|edited|compiled|filed) )?by|from(?: [\w’'.]{1,20}){0,3}['’]s"
    r"|(?:(?:verfasst|geschrieben|gepostet) )?von|(?:(?:publié|posté|rédigé|écrit) )?par|(?:(?:publicado|escrito) )?por"
    r"|(?:pubblicato|scritto) da|di|(?:geschreven )?door|(?:skrivet |skrevet )?av|af|autore?|text|автор)[: ]\s?",
    re.IGNORECASE,
)
NAME = re.compile(rf"(?i:{LABEL_OF_NAME.pattern})?{PERSON.pattern}")
_DASH = re.compile(r"[–—-]{1,2}\s?")
_AFTER_NAME = re.compile(
    rf"(?:\s?[,|•·–—/]\s?|\s(?:in|at|for)\s).{{2,40}}|\s(?:and|und|et|y|e|og|och|en|&)\s{PERSON.pattern}"
)
_MIN_POSTS = 3  # in which a name recurs
_MIN_SIGNED = 4  # posts that all end with a name, which may differ
_LONGEST_BESIDE = 60  # characters between a stamp and the end of its line
_LONGEST_ROLE = 40  # characters
_LONGEST_LINE_OF_NAMES = 80  # characters
_WORDS_BESIDE_NAME = 2
_NEARLY_ALL = 0.75  # of the posts
_NAME_BESIDE_ADDRESS = re.compile(
    r"(?P<name>[^\W\d_][^\d@<>()]{1,40}?)[\s,|·:<(]{1,4}[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}[>)]?"
)
_QUOTATION_END = "\"'”’»“‘«"
_QUOTATION = re.compile(r"[\"'“„‘‚«»「『].+[\"'”“’‘»«」』]\.?")


def is_labelled_name(text: str) -> bool:
    """Return whether a text is a name with a label, such as "By Ida Kern"."""
    return LABEL_OF_NAME.match(text) is not None and NAME.fullmatch(text) is not None


def is_quotation(text: str) -> bool:
    """Return whether a line is nothing but a quotation; a name below it is that of the speaker."""
    return _QUOTATION.fullmatch(text) is not None


def _mark_names_beside_addresses(line_classes: list[LineClass]) -> list[LineClass]:
    """Make the names beside mail addresses at the ends of at least half of the posts their authors.

    A last word that different names have in common is a role if it has no capital: "한누리 기자 nuri@quay.example".
    Words that are no name, such as "Write to us", stay as they are.
    """
    sections = post_ranges(line_classes)
    named: list[tuple[int, int, str]] = []
    for start, end in sections:
        plain = [index for index in range(start + 1, end) if line_classes[index].is_plain_text]
        match = _NAME_BESIDE_ADDRESS.fullmatch(line_classes[plain[-1]].line.text) if len(plain) > 1 else None
        if match:
            named.append((start, plain[-1], match["name"].strip(" ,·|/–—-")))
    if len(named) < max(_MIN_POSTS, len(sections) / 2):
        return line_classes
    last = {name.split()[-1] for _, _, name in named}
    is_role = len(last) == 1 < len({name for _, _, name in named}) and all(" " in name for _, _, name in named)
    is_role = is_role and not any(word[0].isupper() for word in last)
    found = list(line_classes)
    for start, index, name in named:
        author = name.rpartition(" ")[0].strip(" ,·|/–—-") if is_role else name
        if not (PERSON.fullmatch(author) or author.upper() == author.lower()):
            continue
        found[start] = replace(found[start], author=found[start].author or author)
        found[index] = replace(found[index], rule=_NAME_OF_AUTHOR)
    return found


class _Byline(Struct, frozen=True):
    """The name of an author in a post: the index of the stamp, those of its lines, and how it is known."""

    start: int
    lines: tuple[int, ...]
    name: str
    is_labelled: bool
    may_differ: bool
    may_be_speaker: bool


def mark_names(line_classes: Sequence[LineClass]) -> tuple[LineClass, ...]:
    """Make names below the headlines, or at the ends, of the posts of a text their authors.

    They have a label such as "By", or recur, or all posts end with one. One and the same line below all posts may be a
    control, such as "Copy Link". A name that is only below quotations is a speaker's.
    """
    found = _mark_names_beside_addresses(_without_names_beside_stamps(line_classes))
    sections = post_ranges(line_classes)
    for is_last in (False, True):
        named = [each for start, end in sections if (each := _byline(found, start, end, is_last=is_last))]
        authors = {each.name for each in named if not each.may_be_speaker}
        named = [each for each in named if each.name in authors]
        names = [each.name for each in named]
        is_usual = len(named) >= max(_MIN_POSTS, len(sections) / 2)
        recur = is_usual and 1 < len(set(names)) <= len(names) / 2
        are_signed = _MIN_SIGNED <= len(named) == len(sections) and all(each.may_differ for each in named)
        for each in named:
            if recur or (is_last and are_signed and len(set(names)) > 1) or each.is_labelled:
                first = found[each.start]
                found[each.start] = replace(first, author=first.author or each.name)
                for index in each.lines:
                    found[index] = replace(found[index], rule=_NAME_OF_AUTHOR)
    return tuple(found)


def _byline(found: Sequence[LineClass], start: int, end: int, *, is_last: bool) -> _Byline | None:
    """Return the name at the end of a post, below a sentence, or below its headline; a role may be below it."""
    plain = [index for index in range(start + 1, end) if found[index].is_plain_text]
    texts = [found[index].line.text for index in plain]
    stamp = found[start].stamp
    has_headline = bool(stamp and stamp.text_after and not is_sentence(stamp.text_after))
    place = _place_of_name(texts, has_headline=has_headline, is_last=is_last)
    if place is None or found[plain[place]].line.kind == "quoted":
        return None
    text = texts[place]
    label = LABEL_OF_NAME.match(text)
    name = PERSON.match(text, label.end() if label else _after_dash(text))
    assert name
    has_role = place + 1 < len(texts) and _is_role(texts[place + 1])
    if not is_last and has_role:  # else it is the first line of the text
        has_role = found[plain[place]].line.block == found[plain[place + 1]].line.block
    lines = tuple(plain[place : place + 1 + has_role])
    above = texts[place - 1] if place else ""
    is_labelled = label is not None and name.start() > 0
    return _Byline(
        start=start,
        lines=lines,
        name=name[0],
        is_labelled=is_labelled,
        may_differ=not has_role and text == name[0] and not above.endswith(tuple(_QUOTATION_END)),
        may_be_speaker=is_last and is_quotation(above) and not is_labelled,
    )


def _after_dash(text: str) -> int:
    dash = _DASH.match(text)
    return dash.end() if dash else 0


def _is_name(text: str) -> bool:
    """Return whether a line is the name of an author, with a label or a dash before it, a place or a role after it."""
    label = LABEL_OF_NAME.match(text)
    name = PERSON.match(text, label.end() if label else _after_dash(text))
    if name is None:
        return False
    return name.end() == len(text) or (_AFTER_NAME.fullmatch(text, name.end()) is not None and not is_sentence(text))


def _is_role(text: str) -> bool:
    return len(text) <= _LONGEST_ROLE and not is_sentence(text) and not any(map(str.isdigit, text))


def _place_of_name(lines: Sequence[str], *, has_headline: bool, is_last: bool) -> int | None:
    """Return the index of a name: in the last lines, below a sentence, or below a headline; None without one."""
    if is_last:
        for place in (len(lines) - 1, len(lines) - 2):
            if place > 0 and _is_name(lines[place]) and is_sentence(lines[place - 1]):
                return place if place == len(lines) - 1 or _is_role(lines[-1]) else None
        return None
    place = 0 if has_headline else 1
    is_below = has_headline or (bool(lines) and not is_sentence(lines[0]))
    return place if is_below and len(lines) > place + 1 and _is_name(lines[place]) else None


def _without_names_beside_stamps(line_classes: Sequence[LineClass]) -> list[LineClass]:
    """Return the lines without names, and without a label that recurs, between the stamps and the ends of their lines.

    Other lines are below them; a single name may be a label.
    """
    found = list(line_classes)
    beside: list[tuple[int, str]] = []
    sections = post_ranges(line_classes)
    for start, end in sections:
        stamp = found[start].stamp
        has_text = any(found[index].is_plain_text for index in range(start + 1, end))
        text = stamp.text_after.strip(" ·•|/–—-,") if stamp else ""
        if has_text and text and len(text) <= _LONGEST_BESIDE and not is_sentence(text):
            beside.append((start, text))
    enough = max(_MIN_POSTS, (len(sections) + 1) // 2)
    labels = {text for _, text in beside if (rule := match_boilerplate(text)) and rule.name == "label"}
    counts = Counter(text for _, text in beside if not any(map(str.isdigit, text)))
    named = [(start, text) for start, text in beside if NAME.fullmatch(text)]
    have_names = len(named) >= enough and 1 < len({text for _, text in named}) <= len(named) / 2
    for start, text in beside:
        each, stamp = found[start], found[start].stamp
        is_name = have_names and NAME.fullmatch(text) is not None
        if stamp and (is_name or counts[text] >= enough or text in labels):
            label = LABEL_OF_NAME.match(text)
            author = text[label.end() if label else 0 :] if is_name or label else ""
            found[start] = replace(each, stamp=replace(stamp, text_after=""), author=each.author or author)
    return found


def mark_names_below_stamps(line_classes: tuple[LineClass, ...]) -> tuple[LineClass, ...]:
    """Make the lines below the stamps authors if they are names above headline and text, and names recur.

    Every stamp of the page has such a line, and there are at most half as many names as posts; or a line of names above
    the posts has the name.
    """
    line_classes = _mark_names_of_header(line_classes)
    starts = [index for index, each in enumerate(line_classes) if each.stamp]
    names: list[str] = []
    for start, end in pairwise([*starts, len(line_classes)]):
        stamp, below = line_classes[start].stamp, line_classes[start + 1 : end]
        plain = list(islice((each.line for each in below if each.is_plain_text), 2))
        is_next = len(plain) == 2 and plain[0] is below[0].line and plain[0].kind == ""
        if not (is_next and stamp and not stamp.text_after and PERSON.fullmatch(plain[0].text)):
            return line_classes
        names.append(plain[0].text)
    if len(starts) < _MIN_POSTS or len(set(names)) * 2 > len(names):
        return line_classes
    marked = list(line_classes)
    for start, name in zip(starts, names, strict=True):
        marked[start] = replace(marked[start], author=marked[start].author or name)
        marked[start + 1] = replace(marked[start + 1], rule=_NAME_OF_AUTHOR)
    return _mark_roles(marked, starts)


def _mark_roles(line_classes: list[LineClass], starts: Sequence[int]) -> tuple[LineClass, ...]:
    """Mark the roles below the names of all posts: "Reporter", "Night editor"; nearly all of them recur."""
    below: list[tuple[int, str]] = []
    for start, end in pairwise([*starts, len(line_classes)]):
        plain = [index for index in range(start + 1, end) if line_classes[index].is_plain_text]
        text = line_classes[plain[0]].line.text if len(plain) > 1 else ""
        below.append((plain[0], text if _is_role(text) else "") if plain else (start, ""))
    counts = Counter(text for _, text in below if text)
    roles = {text for text, count in counts.items() if count > 1}
    if sum(counts[text] for text in roles) < max(_MIN_POSTS, _NEARLY_ALL * len(starts)):
        return tuple(line_classes)
    for index, text in below:
        if text in roles:
            line_classes[index] = replace(line_classes[index], rule=_NAME_OF_AUTHOR)
    return tuple(line_classes)


def _mark_names_of_header(line_classes: tuple[LineClass, ...]) -> tuple[LineClass, ...]:
    """Make a name below a stamp the author if a short line above the posts, but not the title, has it.

    More lines are below it, one of them a sentence: "Ida Kern (now) and Jo Hale (earlier)".
    """
    starts = [index for index, each in enumerate(line_classes) if each.stamp]
    if not starts:
        return line_classes
    header = [each.line.text for each in line_classes[: starts[0]] if each.is_plain_text]
    short = [text for text in header[1:] if len(text) <= _LONGEST_LINE_OF_NAMES and not is_sentence(text)]
    titles = " ".join(text for text in header if text not in short or not _is_line_of_names(text))
    found = list(line_classes)
    for start, end in pairwise([*starts, len(line_classes)]):
        stamp = line_classes[start].stamp
        plain = [index for index in range(start + 1, end) if line_classes[index].is_plain_text]
        name = line_classes[plain[0]].line.text if plain else ""
        if stamp is None or stamp.text_after or not PERSON.fullmatch(name) or name in titles:
            continue
        if not all(word[0].isupper() for word in name.split()):  # scripts without capitals do not show names
            continue
        are_named = [text for text in short if name in text and _is_line_of_names(text)]
        if are_named and any(is_sentence(line_classes[index].line.text) for index in plain[1:]):
            found[start] = replace(found[start], author=found[start].author or name)
            found[plain[0]] = replace(found[plain[0]], rule=_NAME_OF_AUTHOR)
    return tuple(found)


def _is_line_of_names(text: str) -> bool:
    """Return whether a line is hardly more than names: two words at most beside each."""
    names = PERSON.findall(text)
    return bool(names) and len(PERSON.sub("", text).split()) <= _WORDS_BESIDE_NAME * len(names)
