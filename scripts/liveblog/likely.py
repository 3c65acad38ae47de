"""The entries of a minute that a later capture may have in other words, by look-up.

By their headline, and by their five-word runs: a page of thousands of entries in one minute
costs what its text costs, and not every pair of texts. A run in more than forty of a minute's
entries is a phrase of the outlet's, and by it alone none is found.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable
from itertools import chain

from .identity import is_enough, is_similar, runs
from .model import Entry

_COMMON = 40  # entries of a minute


class Likely:
    """Some entries, each under its position in the day."""

    def __init__(self, entries: Iterable[tuple[int, Entry]]) -> None:
        self._headed: dict[str, list[int]] = defaultdict(list)
        self._holders: dict[str, list[int]] = defaultdict(list)
        self._runs: dict[int, frozenset[str]] = {}
        for position, entry in entries:
            self._headed[entry.headline].append(position)
            self._runs[position] = runs(entry.body)
            for run in self._runs[position]:
                self._holders[run].append(position)

    def of(self, entry: Entry, gone: Container[int]) -> int | None:
        """Give the first position with the same headline or nearly the same text that is not gone."""
        headed = self._headed.get(entry.headline, ()) if entry.headline else ()
        first = next((position for position in headed if position not in gone), None)
        its_runs = runs(entry.body) if self._holders else frozenset()
        found = [first] if first is not None else []
        held = [self._holders[run] for run in self._holders.keys() & its_runs]
        telling = [positions for positions in held if len(positions) <= _COMMON]
        most = len(held) - len(telling)  # that any of them may share besides; so few are worth a comparison
        for position, shared in Counter(chain.from_iterable(telling)).items():
            other = self._runs[position]
            if position not in gone and is_enough(shared + most, its_runs, other) and is_similar(its_runs, other):
                found.append(position)
        return min(found, default=None)
