"""Read the TOML files that a person writes, with errors that name a line."""

import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from daybook.core.errors import ArchiveError
from daybook.core.files import read_text_file

_Tables = TypeVar("_Tables")
_POSITION = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")  # at the end of an error of tomllib
_UNKNOWN_FIELD = re.compile(r"unknown field `([^`]+)`")  # in an error of msgspec
_TABLE_OF_ARRAY = re.compile(r"`\$\.(\w+)\[(\d+)\](?:\.(\w+))?")  # in the same


def read_toml(path: Path, form: str) -> dict[str, Any]:
    """Return the tables of a file; `form` says how to write it, at the end of an error.

    Raises ArchiveError, with the line, if the file is not UTF-8 or not TOML.
    """
    return _parse(_read(path), path, form)


def convert_toml(path: Path, kind: type[_Tables], form: str) -> _Tables:
    """Return the tables of a file as a type; raise ArchiveError also for what the type forbids."""
    text = _read(path)
    try:
        return msgspec.convert(_parse(text, path, form), kind)
    except msgspec.ValidationError as error:
        reason = str(error).partition(" - at ")[0]
        raise ArchiveError(f"{reason}; {form}", path=path, line=_line_of(str(error), text)) from None


def _read(path: Path) -> str:
    return read_text_file(path).removeprefix("\ufeff")  # editors of Windows begin a file with this mark


def _parse(text: str, path: Path, form: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        position = _POSITION.search(str(error))
        line = int(position[1]) if position and position[1] else text.rstrip("\n").count("\n") + 1
        reason = f"invalid TOML: {_POSITION.sub('', str(error))}; {form}"
        raise ArchiveError(reason, path=path, line=line) from None


def _line_of(error: str, text: str) -> int:
    """Return the line of the key that an error of msgspec names, else of its table, else 1."""
    rows = text.split("\n")
    unknown, table = _UNKNOWN_FIELD.search(error), _TABLE_OF_ARRAY.search(error)
    key = unknown[1] if unknown else table[3] if table else None
    start = 0
    if table:
        headers = [index for index, row in enumerate(rows) if re.match(rf"\s*\[\[\s*{table[1]}\s*\]\]", row)]
        start = headers[int(table[2])] if int(table[2]) < len(headers) else 0
    found = (index for index in range(start, len(rows)) if key and re.match(rf"\s*\[*{re.escape(key)}\b", rows[index]))
    return next(found, start) + 1
