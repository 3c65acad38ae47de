"""Work shared among the processor's cores: the only place that starts processes.

A child inherits all that the jobs need, sends back bytes through a pipe and ends. It holds
nothing but that pipe, so it cannot outlive a build that is killed.
"""

import fcntl
import gc
import os
import signal
import struct
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from io import FileIO
from itertools import chain
from selectors import EVENT_READ, DefaultSelector
from typing import NoReturn

Job = Callable[[], bytes]


_RUN = 8  # jobs


_HEAD = struct.Struct("<qq")  # a job's number, and the length of its result: -1 where it failed


def run_jobs(jobs: Sequence[Job], *, min_jobs_per_process: int) -> Iterator[tuple[int, bytes]]:
    """Yield each job's number and result, in no order; with fewer than `min_jobs_per_process` jobs a core, in this process.

    What a job raises is raised here: a job that fails in a child is done again by the parent.
    """
    cores = min(_cores(), len(jobs) // max(1, min_jobs_per_process))
    if cores < 2 or not hasattr(os, "fork"):
        yield from ((number, job()) for number, job in enumerate(jobs))
        return
    # Neighbours often share what they look up, so that each child has runs of them.
    shares = [[n for n in range(len(jobs)) if n // _RUN % cores == child] for child in range(cores)]
    gc.freeze()  # what is here stays: to look through it in each child would copy its memory
    children: list[tuple[int, FileIO]] = []
    left: list[tuple[int, None]] = []
    done = 0
    try:
        for share in shares:
            try:
                process, reader = _start(jobs, share)
                children.append((process, FileIO(reader)))  # not buffered: select must see what is there
            except OSError:  # as many processes or files as may be: that costs only time
                left += [(number, None) for number in share]
        for number, result in chain(left, _results([pipe for _, pipe in children])):
            done += 1
            yield number, jobs[number]() if result is None else result
    finally:
        for process, pipe in children:
            pipe.close()  # one that is still at work ends with its next result
            os.waitpid(process, 0)
    if done != len(jobs):
        raise ChildProcessError(f"{len(jobs) - done} of {len(jobs)} files were not made: a process was ended")


def start_job(job: Job) -> Job:
    """Begin a job in a process of its own, where a core is free for it; give what waits for its result."""
    if _cores() < 2 or not hasattr(os, "fork"):
        return job
    try:
        return _Begun(job, *_start([job], [0]))
    except OSError:
        return job


class _Begun:
    """A job in a child, which ends with its result or when nobody waits for it any more."""

    def __init__(self, job: Job, process: int, reader: int) -> None:
        self._job, self._process = job, process
        self._reader: int | None = reader  # a bare descriptor: a file could be collected before its owner

    def __call__(self) -> bytes:
        found = {} if self._reader is None else dict(_results([FileIO(self._reader, closefd=False)]))
        self._end()
        result = found.get(0)
        return self._job() if result is None else result

    def __del__(self) -> None:
        self._end()

    def _end(self) -> None:
        if self._reader is not None:
            os.close(self._reader)
            self._reader = None
            os.waitpid(self._process, 0)


def _cores() -> int:
    known = getattr(os, "sched_getaffinity", None)
    return len(known(0)) if known else os.cpu_count() or 1


def _start(jobs: Sequence[Job], numbers: Sequence[int]) -> tuple[int, int]:
    """Begin jobs in a child; give its number, and the descriptor that its results are read from."""
    reader, writer = os.pipe()
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 1 << 20)  # bytes: a child need not wait for each page to be read
    for stream in (sys.stdout, sys.stderr):
        if stream:
            stream.flush()
    try:
        process = os.fork()
    except OSError:
        os.close(reader)
        os.close(writer)
        raise
    if process == 0:
        os.close(reader)
        _work(jobs, numbers, writer)
    os.close(writer)
    return process, reader


def _work(jobs: Sequence[Job], numbers: Sequence[int], writer: int) -> NoReturn:
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # nobody listens any more: end
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent answers for both
    try:
        with os.fdopen(writer, "wb") as pipe:
            for number in numbers:
                try:
                    result = jobs[number]()
                except Exception:
                    pipe.write(_HEAD.pack(number, -1))
                    continue
                pipe.write(_HEAD.pack(number, len(result)))
                pipe.write(result)
    finally:
        os._exit(0)  # without the farewells of a process that it only copies


def _results(pipes: Sequence[FileIO]) -> Iterator[tuple[int, bytes | None]]:
    with DefaultSelector() as ready:
        for pipe in pipes:
            ready.register(pipe, EVENT_READ, pipe)
        while ready.get_map():
            for key, _ in ready.select():
                pipe = key.data
                head = _whole(pipe, _HEAD.size)
                if len(head) < _HEAD.size:
                    ready.unregister(pipe)
                    continue
                number, length = _HEAD.unpack(head)
                result = _whole(pipe, length) if length >= 0 else None
                if result is None or len(result) == length:
                    yield number, result


def _whole(pipe: FileIO, length: int) -> bytes:
    """Read so many bytes, or what there is before the pipe's end."""
    parts = []
    while length and (part := pipe.read(length)):
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
