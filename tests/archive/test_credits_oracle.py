"""A few random histories of each kind, ingested and judged; `make harden PARTS=credits` runs thousands."""

import pytest

from harden.credits import Tally, broken_goals, run_seeds
from harden.credits_judge import CLASSES
from harden.outlets import KINDS

HISTORIES = 20
# A rewritten post and a new one in the place of a deleted one look the same: not every duplicate can have a note.
LEAST_NOTED = 0.6


@pytest.fixture(scope="module")
def tallies() -> dict[str, Tally]:
    return {kind: run_seeds(kind, range(HISTORIES)) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_every_printing_is_credited_to_its_page_and_no_stories_are_mixed(kind: str, tallies: dict[str, Tally]) -> None:
    tally = tallies[kind]
    assert tally.edits.total() > HISTORIES
    assert [goal for goal in broken_goals(tally) if not goal.startswith("duplicates without a note")] == []


def test_most_duplicates_have_a_note(tallies: dict[str, Tally]) -> None:
    faults = sum((tally.faults for kind, tally in tallies.items() if kind != "swaps"), start=Tally("").faults)
    duplicates, unreported = (
        sum(faults[prefix + name] for name in CLASSES) for prefix in ("duplicate ", "unreported ")
    )
    assert duplicates >= 10
    assert duplicates - unreported >= LEAST_NOTED * duplicates
    assert not faults["unreported plain"] + faults["unreported unchanged"]
