"""What a page brings to its own day besides entries: title, lede, captions, collected hours."""

from msgspec.structs import replace

from .entries import Incoming
from .identity import fingerprint
from .markup import from_text
from .model import Caption, Day, Source
from .records import RecordSource

Span = tuple[int, int]


def add_source(day: Day, arrival: Incoming, source: Source, *, forced: bool) -> tuple[Day, str]:
    """Add a page to a day's sources; give the day and why its lede was held back, or ""."""
    day = replace(day, sources=(*day.sources, source))
    if arrival.covered:
        day = replace(day, collected=add_span(day.collected, arrival.covered))
    if arrival.source is None or arrival.source.date != day.date:
        return day, ""
    captions = [Caption(text=item.text, credit=item.credit, source=source.key) for item in arrival.source.captions]
    known = {(caption.text, caption.credit) for caption in day.captions}
    new = tuple(caption for caption in captions if (caption.text, caption.credit) not in known)
    return _with_lede(replace(day, captions=(*day.captions, *new)), arrival.source, forced=forced)


def add_span(spans: tuple[Span, ...], span: Span) -> tuple[Span, ...]:
    """Add a span of minutes to sorted spans, joining those that touch."""
    joined: list[Span] = []
    for start, end in sorted([*spans, span]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _with_lede(day: Day, page: RecordSource, *, forced: bool) -> tuple[Day, str]:
    """Take title and lede of the live blog whose own day this is, unless others stand there."""
    lede = "\n\n".join(from_text(paragraph) for paragraph in page.lede)
    title = page.title.strip()
    if forced or not (day.title or day.lede):
        return replace(day, title=title, lede=lede, ingested=fingerprint(title, lede)), ""
    if fingerprint(title, lede) in (day.ingested, fingerprint(day.title, day.lede)):
        return day, ""
    return day, f"the day has a title and lede already; FORCE={day.date}#lede takes this page's"
