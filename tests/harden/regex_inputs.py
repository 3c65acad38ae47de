"""Worst-case inputs for regular expressions: text that keeps a loop going for long and then does not match.

The loops are found by Python's own parser of patterns, `re._parser`.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import daybook

_CHARACTERS = ' a1.,-\n:<"/A\\[é'  # those that adjacent loops of a pattern are likely to share
_MANY = 50  # repetitions that make a repeat count as a loop
_CLASSES = {
    ops.CATEGORY_DIGIT: str.isdigit,
    ops.CATEGORY_SPACE: str.isspace,
    ops.CATEGORY_WORD: lambda letter: letter.isalnum() or letter == "_",
    ops.CATEGORY_NOT_DIGIT: lambda letter: not letter.isdigit(),
    ops.CATEGORY_NOT_SPACE: lambda letter: not letter.isspace(),
    ops.CATEGORY_NOT_WORD: lambda letter: not (letter.isalnum() or letter == "_"),
}


def package_patterns() -> dict[str, re.Pattern[str]]:
    """Return every regular expression of the package's modules, by name."""
    found: dict[str, re.Pattern[str]] = {}
    for info in pkgutil.walk_packages(daybook.__path__, "daybook."):
        for name, value in vars(importlib.import_module(info.name)).items():
            for number, pattern in enumerate(_patterns_in(value)):
                found[f"{info.name}.{name}[{number}]"] = pattern
    return {name: pattern for name, pattern in sorted(found.items()) if isinstance(pattern.pattern, str)}


def stress_loops(pattern: re.Pattern[str]) -> set[tuple[str, str]]:
    """Return for each loop of a pattern some pairs: text that leads to the loop, and text that the loop repeats."""
    parsed = parser.parse(pattern.pattern, pattern.flags)
    loops = {loop for preferred in _CHARACTERS for loop in _loops(parsed, "", preferred)}
    return {(before, body) for before, body in loops if body}


def repeat_loop(loop: tuple[str, str], length: int) -> str:
    """Return a text that keeps a loop going for `length` characters and then does not match."""
    before, body = loop
    return before + (body * length)[:length] + "\x01"


def _patterns_in(value: Any) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from _patterns_in([*value.keys(), *value.values()])
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _patterns_in(item)
    elif hasattr(value, "__struct_fields__") and not isinstance(value, type):
        yield from _patterns_in([getattr(value, field) for field in value.__struct_fields__])


def _loops(items: Any, before: str, preferred: str) -> Iterator[tuple[str, str]]:
    """Yield pairs: text that leads to a loop, and text that the loop repeats."""
    for op, argument in items:
        for inner in _inside(op, argument):
            yield from _loops(inner, before, preferred)
            if op in (ops.MAX_REPEAT, ops.MIN_REPEAT) and argument[1] > _MANY:
                yield before, _text(inner, preferred)
        before += _text([(op, argument)], preferred)


def _inside(op: Any, argument: Any) -> list[Any]:
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.SUBPATTERN):
        return [argument[-1]]
    if op is ops.BRANCH:
        return list(argument[1])
    return [argument[1]] if op in (ops.ASSERT, ops.ASSERT_NOT) else []


def _text(items: Any, preferred: str) -> str:
    """Return a text that the items match, with the preferred character where several match."""
    text = ""
    for op, argument in items:
        if op in (ops.MAX_REPEAT, ops.MIN_REPEAT):
            text += _text(argument[2], preferred) * argument[0]
        elif op in (ops.SUBPATTERN, ops.BRANCH):
            text += _text(_inside(op, argument)[0], preferred)
        elif op in (ops.LITERAL, ops.NOT_LITERAL, ops.ANY, ops.IN):
            text += next((letter for letter in (preferred, *_CHARACTERS) if _matches(op, argument, letter)), "")
            text += chr(argument) if op is ops.LITERAL and not text.endswith(chr(argument)) else ""
    return text


def _matches(op: Any, argument: Any, letter: str) -> bool:
    match op:
        case ops.LITERAL:
            return bool(ord(letter) == argument)
        case ops.NOT_LITERAL:
            return bool(ord(letter) != argument)
        case ops.RANGE:
            return bool(argument[0] <= ord(letter) <= argument[1])
        case ops.CATEGORY:
            return bool(_CLASSES[argument](letter))
        case ops.IN:
            negated = argument[0][0] is ops.NEGATE
            return negated != any(_matches(*item, letter) for item in argument[negated:])
    return True
