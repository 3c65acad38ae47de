"""What text is made of: the only place that knows which characters no page, record or file may hold."""

import re
from typing import Any

from .errors import ArchiveError

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def check_text(value: Any, lines: bool = False) -> None:
    """Raise where a text, or one within lists and dictionaries, holds what is none; `lines` counts its lines."""
    if isinstance(value, str):
        found = _UNWRITABLE.search(value)
        if found:
            reason = f"a control character (U+{ord(found[0]):04X}) is not text; remove it"
            raise ArchiveError(reason, line=value.count("\n", 0, found.start()) + 1 if lines else 0)
    elif isinstance(value, dict):
        check_text([*value.keys(), *value.values()])
    elif isinstance(value, (list, tuple)):
        for item in value:
            check_text(item)
