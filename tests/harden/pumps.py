"""Texts that a regular expression has to work hardest for: each of its loops fed without end, then disappointed.

Python's own parser says where the loops are (`re._parser`, the module that `re` compiles with).
"""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import liveblog

_PALETTE = ' a1.,-\n:<"/A\\[é'  # what neighbouring loops of a pattern are likely to have in common
_ENDLESS = 50  # repetitions
_CLASSES = {
    ops.CATEGORY_DIGIT: str.isdigit,
    ops.CATEGORY_SPACE: str.isspace,
    ops.CATEGORY_WORD: lambda letter: letter.isalnum() or letter == "_",
    ops.CATEGORY_NOT_DIGIT: lambda letter: not letter.isdigit(),
    ops.CATEGORY_NOT_SPACE: lambda letter: not letter.isspace(),
    ops.CATEGORY_NOT_WORD: lambda letter: not (letter.isalnum() or letter == "_"),
}


def patterns() -> dict[str, re.Pattern[str]]:
    """Find every regular expression that a module of the package holds, by name."""
    found: dict[str, re.Pattern[str]] = {}
    for info in pkgutil.walk_packages(liveblog.__path__, "liveblog."):
        for name, value in vars(importlib.import_module(info.name)).items():
            for number, pattern in enumerate(_held(value)):
                found[f"{info.name}.{name}[{number}]"] = pattern
    return {name: pattern for name, pattern in sorted(found.items()) if isinstance(pattern.pattern, str)}


def pumps(pattern: re.Pattern[str]) -> set[tuple[str, str]]:
    """Return some texts for each loop of a pattern: what stands before it, and what goes round in it."""
    parsed = parser.parse(pattern.pattern, pattern.flags)
    loops = {loop for liked in _PALETTE for loop in _loops(parsed, "", liked)}
    return {(before, body) for before, body in loops if body}


def pumped(pump: tuple[str, str], length: int) -> str:
    """Return a text whose loop goes on for so many characters, and then fits no longer."""
    before, body = pump
    return before + (body * length)[:length] + "\x01"


def _held(value: Any) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from _held([*value.keys(), *value.values()])
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _held(item)
    elif hasattr(value, "__struct_fields__") and not isinstance(value, type):
        yield from _held([getattr(value, field) for field in value.__struct_fields__])


def _loops(items: Any, before: str, liked: str) -> Iterator[tuple[str, str]]:
    """Yield what stands before a loop, and what goes round in it."""
    for op, argument in items:
        for inner in _inside(op, argument):
            yield from _loops(inner, before, liked)
            if op in (ops.MAX_REPEAT, ops.MIN_REPEAT) and argument[1] > _ENDLESS:
                yield before, _text(inner, liked)
        before += _text([(op, argument)], liked)


def _inside(op: Any, argument: Any) -> list[Any]:
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.SUBPATTERN):
        return [argument[-1]]
    if op is ops.BRANCH:
        return list(argument[1])
    return [argument[1]] if op in (ops.ASSERT, ops.ASSERT_NOT) else []


def _text(items: Any, liked: str) -> str:
    """Give a text that the items match, of a letter that is liked where they leave the choice."""
    text = ""
    for op, argument in items:
        if op in (ops.MAX_REPEAT, ops.MIN_REPEAT):
            text += _text(argument[2], liked) * argument[0]
        elif op in (ops.SUBPATTERN, ops.BRANCH):
            text += _text(_inside(op, argument)[0], liked)
        elif op in (ops.LITERAL, ops.NOT_LITERAL, ops.ANY, ops.IN):
            text += next((letter for letter in (liked, *_PALETTE) if _fits(op, argument, letter)), "")
            text += chr(argument) if op is ops.LITERAL and not text.endswith(chr(argument)) else ""
    return text


def _fits(op: Any, argument: Any, letter: str) -> bool:
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
            return negated != any(_fits(*item, letter) for item in argument[negated:])
    return True
