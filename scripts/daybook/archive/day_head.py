"""The title, lede and captions of a day, from the captures of its own live blogs.

Each capture keeps what it said above its entries. The day shows the newest capture's title and lede of the live blog
that was captured first; site/ shows those of the other live blogs. A person may edit the day's title and lede.
"""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from daybook.archive.credits import CaptureOrder
from daybook.archive.identity import live_blog_of
from daybook.core.hashing import text_fingerprint
from daybook.core.markdown import markdown_from_text, plain_text
from daybook.core.model import Caption, Day, DayCaption, DaySource


class Head(Struct, frozen=True, kw_only=True):
    """What a live blog says above its entries: outlet, address, title and standfirst, and its lede in CommonMark."""

    outlet: str = ""
    url: str = ""
    title: str = ""
    standfirst: str = ""
    lede: str = ""

    @property
    def fingerprint(self) -> str:
        """Return the fingerprint that the day file stores for a title and lede that no person edited."""
        return text_fingerprint(self.title, self.lede)


def day_heads(day: Day) -> tuple[Head, ...]:
    """Return the heads of the live blogs of a day, that of the one captured first first.

    Each field is that of the newest capture that has it. Live blogs of other days are left out.
    """
    order = CaptureOrder(day.sources)
    captures: dict[str, list[DaySource]] = {}
    for source in day.sources:
        if source.date == day.date:
            captures.setdefault(live_blog_of(source), []).append(source)
    return tuple(head for sources in captures.values() if (head := _head(sources, order)).title or head.lede)


def _head(captures: Sequence[DaySource], order: CaptureOrder) -> Head:
    def newest(field: str) -> Any:
        having = [source for source in captures if getattr(source, field)]
        return getattr(having[order.latest([[source.key] for source in having])], field) if having else ""

    texts = {field: newest(field).strip() for field in ("outlet", "url", "title", "standfirst")}
    return Head(**texts, lede="\n\n".join(map(markdown_from_text, newest("lede"))))


def update_head(day: Day, *, accept: bool = False) -> tuple[Day, bool]:
    """Show the title and lede of the newest capture; return the day, and whether a person's edit prevents it.

    With `accept` they replace the edit.
    """
    day = _with_lede_of_old_file(day)
    heads = day_heads(day)
    if not heads:
        return day, False
    new, shown = heads[0], Head(title=day.title, lede=day.lede)
    is_edited = day.ingested != shown.fingerprint and bool(shown.title or shown.lede)
    if new.fingerprint == shown.fingerprint or (is_edited and not accept):
        return day, is_edited and new.fingerprint not in (shown.fingerprint, day.ingested)
    return replace(day, title=new.title, lede=new.lede, ingested=new.fingerprint), False


def add_captions(day: Day, captions: Sequence[Caption], key: str) -> Day:
    """Add the captions of a page to its own day, except those that the day has."""
    known = {(caption.text, caption.credit) for caption in day.captions}
    new = [caption for caption in captions if (caption.text, caption.credit) not in known]
    added = (DayCaption(text=caption.text, credit=caption.credit, source=key) for caption in new)
    return replace(day, captions=(*day.captions, *added))


def _with_lede_of_old_file(day: Day) -> Day:
    """Give the lede of a file of version 0.1, which no person edited, to the capture that it came from."""
    own = [source for source in day.sources if source.date == day.date]
    is_page_text = day.ingested == text_fingerprint(day.title, day.lede)
    if day.zone or not day.lede or not is_page_text or any(source.lede for source in own):
        return day
    origin = next((source for source in own if source.title.strip() == day.title), None)
    lede = tuple(plain_text(day.lede).split("\n\n"))
    if origin is None or "\n\n".join(map(markdown_from_text, lede)) != day.lede:
        return day
    changed = replace(origin, lede=lede)
    return replace(day, sources=tuple(changed if source is origin else source for source in day.sources))
