"""Find the stamps of a text: those of the common rules, or a series that the page repeats and that fits better."""

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec.structs import replace

from daybook.parse.base.page import ClockTime, Doubt
from daybook.parse.text.classify import (
    LONGEST_NAVIGATION,
    MAIL_HEADER,
    NAVIGATION,
    BoilerplateRule,
    LineClass,
    is_sentence,
    with_dates_above_stamps,
)
from daybook.parse.text.embedded_posts import TIME_OF_EMBED, mark_times_of_embeds
from daybook.parse.text.evidence import (
    CERTAIN,
    POSSIBLE,
    PageEvidence,
    Weighed,
    is_called_live,
    is_newest_heading,
    is_programme,
    weigh,
)
from daybook.parse.text.other_times import coverage_of, settle_stamps, with_stamp
from daybook.parse.text.series import (
    Candidate,
    Series,
    SourceLine,
    find_candidates,
    find_series,
    misfits,
    not_taken,
    series_of,
)
from daybook.parse.time.names import RELATIVE_DAYS

_FEWEST_OF_LIST = 5  # times of a timetable or a list
_MOST_WITH_TEXT = 0.6  # of the posts of a live blog at least
_FEWEST_STAMPS = 3  # of a page that shows what is usual
# By how much the score of a series may be below, or must be above, that of the stamps of the common rules
_TOLERANCE = 0.5  # below, if it has all of these stamps and more
_MARGIN = 1.0  # above, if it has not
_RELATIVE_DAY = BoilerplateRule(name="day heading", pattern="", examples=(), effect="link")
_STOP_INSIDE = re.compile(r"[^\W\d_]{2}[.!?…]\W{0,3}\s|[。！？]")
_SHORTEST_SENTENCE = 20  # characters
_FORUM_LINES = (
    re.compile(r"(?:posts|beiträge|messages|mensajes|messaggi|berichten|сообщени[йя])\s?: ?\d[\d.,]*", re.IGNORECASE),
    re.compile(r"zitieren|antworten|quote|reply|citer|répondre|citar|responder|cita|rispondi|ответить", re.IGNORECASE),
)


def _is_forum(line_classes: Sequence[LineClass]) -> bool:
    """Return whether the times of a page are those of posts in a forum: each with a number of posts, and a reply."""
    stamps = sum(each.stamp is not None for each in line_classes)
    texts = [each.line.text for each in line_classes]
    fewest = max(2, 0.6 * stamps)
    return all(sum(pattern.fullmatch(text) is not None for text in texts) >= fewest for pattern in _FORUM_LINES)


def _with_relative_days(line_classes: tuple[LineClass, ...]) -> tuple[LineClass, ...]:
    """Return the lines with headings such as "Yesterday" directly above stamps as such, and the days of the stamps."""
    found = list(line_classes)
    days_back: int | None = None
    for index, each in enumerate(line_classes):
        below = line_classes[index + 1] if index + 1 < len(line_classes) else None
        if each.date:
            days_back = None
        elif each.is_plain_text and below and below.stamp and not below.date:
            word = RELATIVE_DAYS.get(" ".join(each.line.text.lower().strip(" :–—-").split()))
            if word is not None:
                days_back = word
                found[index] = replace(each, rule=_RELATIVE_DAY)
        if each.stamp and each.stamp.age is None and each.stamp.days_back is None and days_back is not None:
            found[index] = replace(each, stamp=replace(each.stamp, days_back=days_back))
    return tuple(found)


def _has_sentences(text: str) -> bool:
    """Return whether a line is a text of more than one sentence."""
    return is_sentence(text) and _STOP_INSIDE.search(text, 0, max(0, len(text) - _SHORTEST_SENTENCE)) is not None


def find_stamps(line_classes: tuple[LineClass, ...]) -> tuple[tuple[LineClass, ...], tuple[Doubt, ...], bool]:
    """Set the stamps of a page, with the days that headings such as "Yesterday" name; see `_find_stamps`."""
    found, doubts, looks_live = _find_stamps(line_classes)
    if _is_article_with_times(found):
        return tuple(replace(each, stamp=None, clock=None) for each in found), (), False
    return _with_relative_days(found), doubts, looks_live


def _is_article_with_times(line_classes: Sequence[LineClass]) -> bool:
    """Return whether the times of a page are a list below an article: of other stories, or of departures.

    Nothing above them calls the page live, there is a text of several sentences above them, and either no time has a
    sentence, below a heading such as "Just in", or most times have nothing at all.
    """
    starts = [index for index, each in enumerate(line_classes) if each.stamp]
    if len(starts) < _FEWEST_STAMPS:
        return False
    header = [each.line.text for each in line_classes[: starts[0]] if not each.date]
    if is_called_live(header) or not any(map(_has_sentences, header)):
        return False
    above = line_classes[starts[0] - 1].line.text
    sections = [line_classes[start:end] for start, end in pairwise([*starts, len(line_classes)])]
    texts = [
        [text for each in own for text in ([each.stamp.text_after] if each.stamp else [each.line.text]) if text]
        for own in sections
    ]
    are_titles = not any(is_sentence(text) for own in texts for text in own)
    are_empty = sum(not own for own in texts) > len(starts) / 2
    return are_empty or (are_titles and is_newest_heading(above))


def _find_stamps(line_classes: tuple[LineClass, ...]) -> tuple[tuple[LineClass, ...], tuple[Doubt, ...], bool]:
    """Set the stamps of a page: those of the common rules, or a series that the page repeats and that fits better.

    Returns:
        The lines with their stamps, what a person should check, and whether the page looks like a live blog.
    """
    line_classes = usual_stamps(mark_times_of_embeds(line_classes))
    if _is_forum(line_classes):
        return tuple(replace(each, stamp=None, clock=None) for each in line_classes), (), False
    own_texts = ("" if each.rule in (TIME_OF_EMBED, MAIL_HEADER) else each.line.text for each in line_classes)
    lines = [
        SourceLine(number=each.line.number, text=text, kind=each.line.kind)
        for each, text in zip(line_classes, own_texts, strict=True)
    ]
    candidates = find_candidates(lines)
    by_index = {each.index: each for each in candidates}
    sound = (index for index, each in enumerate(line_classes) if each.stamp and not each.stamp.fault)
    foreign = misfits(by_index[index] for index in sound if index in by_index)
    line_classes = tuple(
        replace(each, stamp=None) if id(by_index.get(index)) in foreign else each
        for index, each in enumerate(line_classes)
    )
    stamped = [index for index, each in enumerate(line_classes) if each.stamp]
    common = series_of(by_index[index] for index in stamped if index in by_index)
    above = line_classes[: candidates[0].index] if candidates else line_classes
    titles = [each.line.text for each in without_navigation(above) if each.is_plain_text]
    title = titles[0] if titles else next((each.line.text for each in line_classes if each.is_plain_text), "")
    length = sum(len(each.line.text) for each in line_classes)
    page = PageEvidence(is_live=is_called_live([title]), length=length)
    weighed = [
        weigh(
            each,
            _post_lengths(each, lines),
            replace(page, has_pinned_first=_is_first_pinned(each, line_classes)),
        )
        for each in find_series(candidates)
    ]
    best = max(weighed, key=lambda each: each.score, default=None)
    usual = weigh(common, _post_lengths(common, lines), page) if common else None
    if best is None or best.score < POSSIBLE or (usual and not _is_better(best, usual)):
        looks_live = page.is_live and bool(candidates)
        classes = tuple(
            replace(each, stamp=by_index[index].stamp)
            if each.stamp and index in by_index and _knows_more(by_index[index], each.stamp)
            else each
            for index, each in enumerate(line_classes)
        )
        settled, doubts = settle_stamps(classes, by_index)
        has_posts = common is not None and any(each.stamp for each in settled)
        missed = _time_doubts(coverage_of(candidates, settled), common) if common and has_posts else ()
        return settled, (*missed, *doubts, *_list_doubts(settled, doubts)), looks_live
    chosen = {each.index: each for each in best.series.stamps}
    classes = with_dates_above_stamps([with_stamp(each, chosen.get(index)) for index, each in enumerate(line_classes)])
    settled, doubts = settle_stamps(classes, by_index)
    doubts = (*_time_doubts(coverage_of(candidates, settled), best.series), *doubts)
    if best.score < CERTAIN:
        first = best.series.stamps[0]
        text = f"{len(chosen)} times such as {first.printed!r} are read as stamps, with little evidence"
        doubts = (Doubt(kind="rival", line=first.number, text=text), *doubts)
    if not any(each.stamp for each in settled):
        return settled, (), page.is_live
    return settled, (*doubts, *_list_doubts(settled, doubts)), True


def _knows_more(candidate: Candidate, stamp: ClockTime) -> bool:
    """Return whether a time says more than the stamp of the common rules: an age, or a half of the day."""
    is_half = candidate.token.clock != stamp.clock or len(stamp.text_after) > len(candidate.text_after)
    has_half = candidate.token.age is None and candidate.token.shape.startswith((":a", ".a")) and is_half
    return bool(stamp.fault) or candidate.age_beside is not None or has_half


def _list_doubts(line_classes: Sequence[LineClass], others: Sequence[Doubt]) -> tuple[Doubt, ...]:
    """Return a doubt if the times may be those of a timetable, a programme, a diary or a list of news.

    Nothing above the posts calls the page live, and too few posts have a sentence.
    """
    starts = [index for index, each in enumerate(line_classes) if each.stamp]
    if len(starts) < _FEWEST_OF_LIST or any(doubt.kind == "rival" for doubt in others):
        return ()
    header = [each.line.text for each in line_classes[: starts[0]] if not each.date]
    # A sentence may well be about a timetable.
    calls_it_programme = is_programme([text for text in header if not is_sentence(text)])
    if is_called_live(header) and not calls_it_programme:
        return ()
    have_text = 0
    for start, end in pairwise([*starts, len(line_classes)]):
        stamp, own = line_classes[start].stamp, line_classes[start + 1 : end]
        texts = [stamp.text_after if stamp else "", *(each.line.text for each in own if each.is_plain_text)]
        have_text += any(map(is_sentence, texts))
    if have_text >= len(starts) * _MOST_WITH_TEXT and not calls_it_programme:
        return ()
    printed = line_classes[starts[0]].stamp
    text = (
        f"{len(starts)} times such as {printed.printed if printed else ''!r} are read as stamps; nothing calls the page"
        " live, and few of them have a text: is it a timetable, a programme or a list?"
    )
    return (Doubt(kind="rival", line=line_classes[starts[0]].line.number, text=text),)


def _is_first_pinned(series: Series, line_classes: Sequence[LineClass]) -> bool:
    """Return whether a line beside the first stamp of a series says that its post is pinned."""
    index = series.stamps[0].index
    near = (*line_classes[max(0, index - 1) : index], *line_classes[index + 1 : index + 2])
    is_pinned = any(each.rule is not None and each.rule.effect == "pinned" for each in near)
    return is_pinned and len(series.stamps) >= _FEWEST_STAMPS


def _is_better(best: Weighed, usual: Weighed) -> bool:
    """Return whether a series replaces the stamps of the common rules: it has more of them, or clearly fits better."""
    has_more = best.series.indexes > usual.series.indexes or (
        best.series.indexes == usual.series.indexes and any(each.is_dated for each in best.series.stamps)
    )
    more = has_more and best.score >= usual.score - _TOLERANCE
    return more or best.score > usual.score + _MARGIN


def _post_lengths(series: Series, lines: Sequence[SourceLine]) -> list[int]:
    """Return the number of characters from each stamp to the next; a last post is at most three usual ones long."""
    ends = [each.index for each in series.stamps[1:]] + [len(lines)]
    lengths = [
        len(each.text_after) + sum(len(line.text) for line in lines[each.index + 1 : end])
        for each, end in zip(series.stamps, ends, strict=True)
    ]
    others = sorted(lengths[:-1])
    return [*lengths[:-1], min(lengths[-1], 3 * others[len(others) // 2])] if others else lengths


def _time_doubts(candidates: Sequence[Candidate], series: Series) -> tuple[Doubt, ...]:
    """Return a doubt for each time that fits the series and is not one of its stamps."""
    missed = not_taken(candidates, series)
    return tuple(
        Doubt(kind="time not taken", line=each.number, text=f"{each.printed!r} may be a stamp; it is read as text")
        for each in missed
    )


def without_navigation(line_classes: tuple[LineClass, ...]) -> tuple[LineClass, ...]:
    """Mark the short lines above a title that calls the page live, copied from its navigation."""
    plain = [index for index, each in enumerate(line_classes) if each.is_plain_text]
    title = next((index for index in plain if is_called_live([line_classes[index].line.text])), None)
    above = [index for index in plain if title is not None and index < title]
    if any(len(line_classes[index].line.text) > LONGEST_NAVIGATION for index in above):
        return line_classes
    marked = set(above)
    return tuple(replace(each, rule=NAVIGATION) if index in marked else each for index, each in enumerate(line_classes))


def usual_stamps(line_classes: tuple[LineClass, ...]) -> tuple[LineClass, ...]:
    """Return the lines with the stamps of the common rules alone, by which a page's stamps are alike."""
    return _drop_stamps_without_zone(_use_dates_with_clock(line_classes))


def _use_dates_with_clock(line_classes: tuple[LineClass, ...]) -> tuple[LineClass, ...]:
    """Use clock times after dates as stamps, on a page with at least two of them and no other stamps."""
    if any(each.stamp for each in line_classes) or sum(each.clock is not None for each in line_classes) < 2:
        return line_classes
    return tuple(replace(each, stamp=each.clock) if each.clock else each for each in line_classes)


def _drop_stamps_without_zone(line_classes: tuple[LineClass, ...]) -> tuple[LineClass, ...]:
    """Treat stamps without a zone as text if most stamps have one: they are a timetable within a post."""
    stamps = [each.stamp for each in line_classes if each.stamp and not each.stamp.fault]
    without_zone = [stamp for stamp in stamps if not stamp.zone]
    if len(without_zone) * 2 >= len(stamps):
        return line_classes
    dropped = set(without_zone)
    return tuple(
        replace(each, stamp=None) if each.stamp in dropped and not each.date else each for each in line_classes
    )
