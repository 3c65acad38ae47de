"""The turning points of an event: ``turning_points.toml`` in the content folder, which a person writes.

    [[point]]
    date = 2023-06-02
    text = "The dam is inspected"

The home page names them on its band of days. Without the file it names the busiest days instead.
"""

import datetime as dt
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from daybook.core.errors import ArchiveError
from daybook.core.text import check_characters
from daybook.core.toml import convert_toml

TURNING_POINTS = "turning_points.toml"
_FORM = 'write each as [[point]], date = 2023-06-02, text = "…"'


class TurningPoint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A day on which the event turned, and what happened, in a few words."""

    date: dt.date
    text: Annotated[str, Meta(min_length=1, max_length=120)]


class _Points(Struct, frozen=True, forbid_unknown_fields=True):
    point: tuple[TurningPoint, ...] = ()


def load_turning_points(content: Path) -> tuple[TurningPoint, ...]:
    """Read ``turning_points.toml``, which need not exist, sorted by date; an ArchiveError if it has a mistake."""
    path = content / TURNING_POINTS
    if not path.exists():
        return ()
    points = convert_toml(path, _Points, _FORM).point
    dates = [point.date for point in points]
    for point in points:
        try:
            check_characters(point.text)
        except ArchiveError as error:
            raise error.at(path) from None
        if dates.count(point.date) > 1:
            raise ArchiveError(f"{point.date} has two turning points; keep one", path=path)
    return tuple(sorted(points, key=lambda point: point.date))
