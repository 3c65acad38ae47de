"""Lines that belong to no entry: the only place that applies the rules of ``boilerplate.toml``."""

import re
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

_LONGEST = 240  # characters; no rule is for a longer line


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of whole line; ``boilerplate.toml`` says what each field is for."""

    name: str
    pattern: str
    examples: tuple[str, ...]
    others: tuple[str, ...] = ()
    where: Literal["", "caption", "after-end"] = ""
    effect: Literal["", "restart", "end", "link", "edit", "key", "box", "pinned"] = ""

    def takes(self, text: str) -> bool:
        """Say whether the whole line is what this rule is for."""
        return len(text) <= _LONGEST and _compiled(self.pattern).fullmatch(text) is not None


class _Rules(Struct, frozen=True, forbid_unknown_fields=True):
    rule: tuple[Rule, ...]


@cache
def rules() -> tuple[Rule, ...]:
    """Give all rules in their order."""
    text = Path(__file__).with_name("boilerplate.toml").read_bytes()
    return msgspec.toml.decode(text, type=_Rules).rule


def find_rule(text: str, where: str = "") -> Rule | None:
    """Find the first rule that takes a line; `where` adds those for one place only."""
    if len(text) > _LONGEST or not _compiled(_any_of(where)).fullmatch(text):
        return None
    return next((rule for rule in rules() if rule.where in ("", where) and rule.takes(text)), None)


@cache
def _any_of(where: str) -> str:
    """Join the patterns for one place: most lines are text, and one look settles that."""
    return "|".join(f"(?:{rule.pattern})" for rule in rules() if rule.where in ("", where))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
