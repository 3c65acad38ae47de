"""Run jobs in forked processes, one for each core.

A forked child has everything that the jobs need without pickling, which the pools of the standard library require.
It sends results through a pipe. A child blocks only on the pipe, so it exits when the parent dies.
"""

import fcntl
import gc
import os
import signal
import struct
import sys
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from io import FileIO
from itertools import chain
from selectors import EVENT_READ, DefaultSelector
from typing import NoReturn

from daybook.core.progress import show_progress

Job = Callable[[], bytes]
_CHUNK = 8  # neighbouring jobs for one child: they often use the same cached data
_PIPE_SIZE = 1 << 20  # bytes: a child need not wait until each page has been read
_HEADER = struct.Struct("<qq")  # a job's number and the length of its result, -1 if the job failed
_open_pipes: set[int] = set()  # what this process reads; a child closes its copies, or the pipes would stay open


def run_jobs(jobs: Sequence[Job], *, min_jobs_per_process: int, label: str = "jobs") -> Iterator[tuple[int, bytes]]:
    """Yield the number and result of each job, in any order, and show the progress under a label.

    Jobs run in this process if there are too few of them for two processes, if the system cannot fork, or if a
    job fails in a child; so an exception of a job is raised here. Raises ChildProcessError if a child was killed.
    """
    return show_progress(_run_jobs(jobs, min_jobs_per_process), len(jobs), label)


def _run_jobs(jobs: Sequence[Job], min_jobs_per_process: int) -> Iterator[tuple[int, bytes]]:
    processes = min(_count_cores(), len(jobs) // max(1, min_jobs_per_process))
    if processes < 2 or not hasattr(os, "fork"):
        yield from ((number, job()) for number, job in enumerate(jobs))
        return
    shares = [[n for n in range(len(jobs)) if n // _CHUNK % processes == child] for child in range(processes)]
    gc.freeze()  # a collection in a child would touch, and so copy, all memory of the parent
    children: list[_Child] = []
    not_started: list[tuple[int, None]] = []
    done = 0
    try:
        for share in shares:
            try:
                children.append(_Child(jobs, share))
            except OSError:  # a limit of processes or open files: slower, but not an error
                not_started += [(number, None) for number in share]
        for number, result in chain(not_started, _read_results([child.pipe for child in children])):
            done += 1
            yield number, jobs[number]() if result is None else result
    finally:
        # A child that waits to write ends when its pipe is closed: all pipes are, before any child is waited for.
        for child in children:
            child.close_pipe()
        for child in children:
            child.close()
    if done != len(jobs):
        raise ChildProcessError(f"{len(jobs) - done} of {len(jobs)} jobs have no result: a process was killed")


def start_job(job: Job) -> Job:
    """Start a job in a child if a second core is available; return a function that waits once for its result."""
    if _count_cores() < 2 or not hasattr(os, "fork"):
        return job
    try:
        child = _Child([job], [0])
    except OSError:
        return job

    def wait() -> bytes:
        result = dict(_read_results([child.pipe])).get(0)
        child.close()
        return job() if result is None else result

    return wait


def _count_cores() -> int:
    sched_getaffinity = getattr(os, "sched_getaffinity", None)  # Linux: respects the limits of a container
    return len(sched_getaffinity(0)) if sched_getaffinity else os.cpu_count() or 1


class _Child:
    """A forked process that runs some of the jobs and sends their results through `pipe`.

    `close` ends it, and so does deleting this object; a child that is still running ends at its next write.
    """

    def __init__(self, jobs: Sequence[Job], numbers: Sequence[int]) -> None:
        reader, writer = os.pipe()
        if hasattr(fcntl, "F_SETPIPE_SZ"):
            with suppress(OSError):
                fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)
        for stream in (sys.stdout, sys.stderr):
            if stream:
                stream.flush()  # or the child would print the buffered text again
        try:
            process = os.fork()
        except OSError:
            os.close(reader)
            os.close(writer)
            raise
        if process == 0:
            for inherited in (reader, *_open_pipes):
                os.close(inherited)
            _run_in_child(jobs, numbers, writer)
        os.close(writer)
        _open_pipes.add(reader)
        self.pipe = FileIO(reader, closefd=False)  # unbuffered, or select() would miss buffered bytes
        self.close_pipe = weakref.finalize(self, _close_pipe, reader)
        self.close = weakref.finalize(self, _close_child, self.close_pipe, process)


def _close_pipe(reader: int) -> None:
    os.close(reader)
    _open_pipes.discard(reader)


def _close_child(close_pipe: Callable[[], object], process: int) -> None:
    close_pipe()
    os.waitpid(process, 0)


def _run_in_child(jobs: Sequence[Job], numbers: Sequence[int], writer: int) -> NoReturn:
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # exit when the parent has closed the pipe
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is handled by the parent
    try:
        with os.fdopen(writer, "wb") as pipe:
            for number in numbers:
                try:
                    result = jobs[number]()
                except Exception:
                    pipe.write(_HEADER.pack(number, -1))
                    continue
                pipe.write(_HEADER.pack(number, len(result)))
                pipe.write(result)
    finally:
        os._exit(0)  # skip atexit handlers inherited from the parent


def _read_results(pipes: Sequence[FileIO]) -> Iterator[tuple[int, bytes | None]]:
    """Yield the number and result of each finished job; None for a job that failed."""
    with DefaultSelector() as selector:
        for pipe in pipes:
            selector.register(pipe, EVENT_READ, pipe)
        while selector.get_map():
            for key, _ in selector.select():
                pipe = key.data
                header = _read_exactly(pipe, _HEADER.size)
                if len(header) < _HEADER.size:
                    selector.unregister(pipe)
                    continue
                number, length = _HEADER.unpack(header)
                result = _read_exactly(pipe, length) if length >= 0 else None
                if result is None or len(result) == length:
                    yield number, result


def _read_exactly(pipe: FileIO, length: int) -> bytes:
    """Read `length` bytes; fewer only if the pipe ends."""
    parts = []
    while length and (part := pipe.read(length)):
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
