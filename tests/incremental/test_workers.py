"""Jobs in several processes: the same results if the system cannot fork."""

import errno
import os
import signal
from functools import partial
from pathlib import Path

import pytest

from daybook.incremental import workers
from daybook.incremental.workers import run_jobs, start_job

JOBS = [partial(bytes, [number]) for number in range(40)]


def results() -> list[bytes]:
    return [result for _, result in sorted(run_jobs(JOBS, min_jobs_per_process=1))]


@pytest.mark.parametrize("forks", [0, 1])
def test_jobs_run_in_this_process_if_fork_fails(monkeypatch: pytest.MonkeyPatch, forks: int) -> None:
    fork, available = os.fork, iter(range(forks))

    def limited_fork() -> int:
        if next(available, None) is None:
            raise OSError(errno.EAGAIN, "Resource temporarily unavailable")
        return fork()

    monkeypatch.setattr(workers, "_count_cores", lambda: 3)
    monkeypatch.setattr(os, "fork", limited_fork)
    open_files = len(list(Path("/dev/fd").iterdir()))
    assert results() == [job() for job in JOBS]
    assert start_job(JOBS[7])() == b"\7"
    assert len(list(Path("/dev/fd").iterdir())) == open_files


def test_an_error_ends_the_run_although_children_wait_to_write(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> bytes:
        raise ValueError("the page cannot be rendered")

    def hang(number: int, frame: object) -> None:
        raise TimeoutError("the run waits for its children")

    monkeypatch.setattr(workers, "_count_cores", lambda: 3)
    large = [partial(bytes, 2 * workers._PIPE_SIZE)] * 40  # more than the pipes hold
    previous = signal.signal(signal.SIGALRM, hang)
    signal.alarm(20)
    open_files = len(list(Path("/dev/fd").iterdir()))
    try:
        with pytest.raises(ValueError, match="cannot be rendered"):
            list(run_jobs([*large[:3], fail, *large], min_jobs_per_process=1))
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)
    assert len(list(Path("/dev/fd").iterdir())) == open_files


def test_missing_standard_streams_are_not_flushed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_count_cores", lambda: 2)
    monkeypatch.setattr("sys.stdout", None)
    monkeypatch.setattr("sys.stderr", None)
    assert results() == [job() for job in JOBS]
    assert start_job(JOBS[7])() == b"\7"
