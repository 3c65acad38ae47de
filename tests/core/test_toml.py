"""Mistakes in TOML files that a person writes are named with their line."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from growth import outgrows

from daybook.archive.story_files import load_story_rules
from daybook.archive.turning_points import load_turning_points
from daybook.core.errors import ArchiveError
from daybook.parse.base.page import Hints
from daybook.parse.input_files import load_hints
from daybook.parse.outlets import load_outlets

GOOD_STORY = '[[story]]\nfirst = "2031-04-09#t1000"\n\n'


@pytest.mark.parametrize(
    ("load", "name", "text", "said"),
    [
        (load_story_rules, "stories.toml", "[[story]\n", ":1: invalid TOML: Expected ']]'"),
        (load_story_rules, "stories.toml", f"{GOOD_STORY}[[story]]\n", ":4: Object missing required field `first`"),
        (
            load_story_rules,
            "stories.toml",
            f"{GOOD_STORY}hidden = true\n",
            ":4: Object contains unknown field `hidden`",
        ),
        (load_story_rules, "stories.toml", f"{GOOD_STORY}[[ story ]]\nfirst = 5\n", ":5: Expected `str`, got `int`"),
        (load_story_rules, "stories.toml", f"{GOOD_STORY}[[tale]]\n", ":4: Object contains unknown field `tale`"),
        (load_story_rules, "stories.toml", f'{GOOD_STORY}title = "x', ":4: invalid TOML: Unterminated string"),
        (load_turning_points, "turning_points.toml", "[[point]]\ndate = 2031-04-44\n", ":2: invalid TOML"),
        (load_turning_points, "turning_points.toml", '[[point]]\ndate = 2031-04-09\ntext = ""\n', ":3: Expected `str`"),
        (load_outlets, "outlets.toml", '# Kept\n[[outlet]]\nhost = "x"\n', ":3: Object contains unknown field `host`"),
        (load_outlets, "outlets.toml", "[[outlet]]\nname = caf\xe9\n", ":2: invalid TOML"),
    ],
)
def test_the_line_of_a_mistake_is_named(
    tmp_path: Path, load: Callable[[Path], object], name: str, text: str, said: str
) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(ArchiveError) as raised:
        load(tmp_path)
    assert str(raised.value).startswith(f"{tmp_path / name}{said}")
    assert "; " in raised.value.reason  # how to write it


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    (tmp_path / "page.txt.toml").write_text('\ufeffzone = "Europe/Berlin"\r\noutlet = "Quay News"\r\n')
    assert load_hints(page, Hints()).zone == "Europe/Berlin"
    (tmp_path / "page.txt.toml").write_bytes(b'zone = "Europe/Berlin"\noutlet = "\xe9"\n')
    with pytest.raises(ArchiveError, match=r"page\.txt\.toml:2: not UTF-8"):
        load_hints(page, Hints())


def test_the_cost_of_story_rules_is_in_proportion_to_their_number(tmp_path: Path) -> None:
    def load(count: int) -> None:
        days = [dt.date(2031, 4, 9) + dt.timedelta(days=number) for number in range(count)]
        (tmp_path / "stories.toml").write_text("".join(f'[[story]]\nfirst = "{day}#t1000"\n' for day in days))
        rules = load_story_rules(tmp_path)
        assert [rule.line for rule in rules[:2]] == [2, 4] and len(rules) == count

    assert not outgrows(load, 2_000)
