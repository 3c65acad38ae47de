"""A few random histories of each kind, ingested and judged; `make harden PARTS=credits` runs thousands."""

import pytest

from harden.credits import Tally, broken_goals, run_seeds
from harden.credits_judge import CLASSES
from harden.outlets import KINDS

HISTORIES = 20


@pytest.fixture(scope="module")
def tallies() -> dict[str, Tally]:
    return {kind: run_seeds(kind, range(HISTORIES)) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_every_printing_is_credited_to_its_page_and_no_stories_are_mixed(kind: str, tallies: dict[str, Tally]) -> None:
    tally = tallies[kind]
    assert tally.edits.total() > HISTORIES
    assert broken_goals(tally) == []


def test_every_duplicate_is_reported(tallies: dict[str, Tally]) -> None:
    faults = sum((tally.faults for kind, tally in tallies.items() if kind != "swaps"), start=Tally("").faults)
    assert sum(faults[f"duplicate {name}"] for name in CLASSES) >= 10
    assert {name: count for name, count in faults.items() if name.startswith("unreported")} == {}
