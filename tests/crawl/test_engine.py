"""The engine: tasks in this process, and what it does when a cluster gives a task up."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from daybook.core.errors import ArchiveError
from daybook.crawl import engine
from daybook.crawl.engine import Engine, run_tasks


def fail_at_two(number: int) -> int:
    if number == 2:
        raise ArchiveError("two is not allowed", path="x.warc")
    if number == 3:
        raise FileNotFoundError(2, "No such file", "y.warc")
    return number


def test_tasks_in_this_process_are_done_though_one_fails() -> None:
    tasks = {str(number): number for number in range(1, 5)}
    done = dict(run_tasks(fail_at_two, tasks, Engine()))
    assert done == {"1": "", "2": "x.warc: two is not allowed", "3": "y.warc: No such file", "4": ""}


def test_no_task_starts_nothing() -> None:
    assert list(run_tasks(fail_at_two, {}, Engine(scheduler="tcp://nowhere.example:1"))) == []


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: Any, **options: Any) -> None:
        raise OSError("timed out")

    monkeypatch.setattr("distributed.Client", refuse)
    with pytest.raises(ArchiveError, match=r"^tcp://127\.0\.0\.1:1: no scheduler of Dask answers: timed out; check"):
        list(run_tasks(fail_at_two, {"1": 1}, Engine(scheduler="tcp://127.0.0.1:1")))


class Future(SimpleNamespace):
    """A future of Dask."""

    __hash__ = object.__hash__  # type: ignore[assignment]


class KilledWorkerError(Exception):
    """What Dask raises for a task whose workers died several times."""


class Completed:
    """As `distributed.as_completed`: futures in the order in which they were added."""

    def __init__(self, futures: list[Any], loop: object) -> None:
        self.futures = list(futures)
        self.add = self.futures.append

    def __iter__(self) -> Iterator[Any]:
        while self.futures:
            yield self.futures.pop(0)


@pytest.mark.parametrize(("deaths", "expected"), [(3, ""), (10**6, "KilledWorkerError: dead")])
def test_a_task_that_a_cluster_gives_up_is_submitted_again(deaths: int, expected: str) -> None:
    submitted: list[int] = []

    def submit(function: object, task: int, **options: object) -> Any:
        submitted.append(task)
        error = KilledWorkerError("dead") if task == 1 and submitted.count(1) <= deaths else None
        return Future(exception=lambda: error, release=lambda: None)

    distributed = SimpleNamespace(as_completed=Completed, KilledWorker=KilledWorkerError)
    client = SimpleNamespace(submit=submit, loop=None)
    done = dict(engine._map(distributed, client, fail_at_two, {"a": 1, "b": 5}))
    assert done == {"a": expected, "b": ""}
    assert submitted.count(5) == 1 and submitted.count(1) == min(deaths, engine._SUBMITTED_AGAIN) + 1
