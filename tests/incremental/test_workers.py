"""Work shared among cores: what cannot be shared is done here."""

import errno
import os
from functools import partial
from pathlib import Path

import pytest

from daybook.incremental import workers
from daybook.incremental.workers import run_jobs, start_job

JOBS = [partial(bytes, [number]) for number in range(40)]


def results() -> list[bytes]:
    return [result for _, result in sorted(run_jobs(JOBS, min_jobs_per_process=1))]


@pytest.mark.parametrize("forks", [0, 1])
def test_where_no_process_is_to_be_had_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch, forks: int) -> None:
    fork, begun = os.fork, iter(range(forks))

    def scarce() -> int:
        if next(begun, None) is None:
            raise OSError(errno.EAGAIN, "Resource temporarily unavailable")
        return fork()

    monkeypatch.setattr(workers, "_cores", lambda: 3)
    monkeypatch.setattr(os, "fork", scarce)
    before = len(list(Path("/dev/fd").iterdir()))
    assert results() == [job() for job in JOBS]
    assert start_job(JOBS[7])() == b"\7"
    assert len(list(Path("/dev/fd").iterdir())) == before


def test_streams_that_are_closed_are_not_flushed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_cores", lambda: 2)
    monkeypatch.setattr("sys.stdout", None)
    monkeypatch.setattr("sys.stderr", None)
    assert results() == [job() for job in JOBS]
    assert start_job(JOBS[7])() == b"\7"
