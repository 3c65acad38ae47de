"""What text is made of: the only place that knows which characters no page, record or file may hold."""

import re
from collections.abc import Iterator
from typing import Any

from .errors import ArchiveError

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def check_text(value: Any, lines: bool = False) -> None:
    """Raise where a text, or one within lists and dictionaries, holds what is none; `lines` counts its lines."""
    text = value if isinstance(value, str) else "".join(_texts(value))  # one look at all costs least
    found = _UNWRITABLE.search(text)
    if found:
        reason = f"a control character (U+{ord(found[0]):04X}) is not text; remove it"
        raise ArchiveError(reason, line=text.count("\n", 0, found.start()) + 1 if lines else 0)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from _texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)
