"""Parts of a page that are not its coverage: the only place that applies ``regions.toml``."""

import re
from functools import cache
from pathlib import Path

import msgspec
from bs4 import Tag
from msgspec import Struct

from .tree import attribute

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[a-z]+")


class Region(Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of part; ``regions.toml`` says what each field is for."""

    name: str
    example: str
    tags: tuple[str, ...] = ()
    outer: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class _Regions(Struct, frozen=True, forbid_unknown_fields=True):
    region: tuple[Region, ...]


class _Signs(Struct, frozen=True):
    """All rules by what they look at, each with the name of its region."""

    tags: dict[str, str]
    outer: dict[str, str]
    roles: dict[str, str]
    words: dict[str, str]


def regions() -> tuple[Region, ...]:
    """Give all rules in their order."""
    text = Path(__file__).with_name("regions.toml").read_bytes()
    return msgspec.toml.decode(text, type=_Regions).region


def region_of(tag: Tag, *, inside: bool) -> str:
    """Name the part that an element is by itself, "" if none; `inside` an article, some are not."""
    signs = _signs()
    found = signs.tags.get(tag.name) or ("" if inside else signs.outer.get(tag.name, ""))
    if found or not tag.attrs:
        return found
    role = signs.roles.get(attribute(tag, "role"))
    if role:
        return role
    names = _CAMEL.sub("-", f"{attribute(tag, 'class')} {attribute(tag, 'id')}").lower()
    words = _WORD.findall(names)
    return next((signs.words[word] for word in words if word in signs.words), "")


@cache
def _signs() -> _Signs:
    kinds = regions()
    return _Signs(
        tags={tag: kind.name for kind in kinds for tag in kind.tags},
        outer={tag: kind.name for kind in kinds for tag in kind.outer},
        roles={role: kind.name for kind in kinds for role in kind.roles},
        words={word: kind.name for kind in kinds for word in kind.words},
    )
