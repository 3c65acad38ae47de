"""Map a function over tasks with Dask: in this process, on the cores of this machine, or on a running cluster.

Dask schedules the tasks, retries them, and replaces workers that end. Each worker runs one task at a time.
"""

import contextlib
import importlib
import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from msgspec import Struct

from daybook.core.errors import ArchiveError

T = TypeVar("T")
_RETRIES = 2  # of a task that raises an error: a file system may answer the next time
_DEATHS = 200  # of workers, before Dask gives up a task; each page of a part may cost two
_SUBMITTED_AGAIN = 20  # times
_WATCH_INTERVAL = 20.0  # seconds
_CONFIG = {
    # A machine that has much else to do may take its time to start a process.
    "distributed.comm.timeouts.connect": "120s",
    "distributed.comm.timeouts.tcp": "120s",
    "distributed.scheduler.allowed-failures": _DEATHS,
    # Results are a few bytes: nothing could be spilled, and a worker that is paused would never go on.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.95,
}
_INSTALL = "python -m pip install dask distributed fsspec warcio"


class Engine(Struct, frozen=True, kw_only=True):
    """Where tasks run.

    Attributes:
        workers: Processes on this machine; 0 for this process.
        scheduler: The address of a cluster's scheduler, such as ``tcp://host:8786``, in place of `workers`.
        memory: The bytes at which a worker of this machine is ended and replaced.
    """

    workers: int = 0
    scheduler: str = ""
    memory: int = 0


def run_tasks(function: Callable[[T], object], tasks: Mapping[str, T], engine: Engine) -> Iterator[tuple[str, str]]:
    """Yield the name of each task when it is done, and why it failed; "" if it did not.

    The order is that of completion. The function and the tasks must be picklable unless they run in this process.

    Raises:
        ArchiveError: Dask is not installed, or there is no scheduler at the address.
    """
    if not tasks:
        return
    dask = _import("dask")
    if not engine.workers and not engine.scheduler:
        for name, task in tasks.items():
            try:
                dask.delayed(function, pure=False)(task).compute(scheduler="synchronous")
                yield name, ""
            except (ArchiveError, OSError) as error:
                yield name, _reason(error)
        return
    distributed = _import("distributed")
    with dask.config.set(_CONFIG), contextlib.ExitStack() as stack:
        if engine.scheduler:
            try:
                client = stack.enter_context(distributed.Client(engine.scheduler, timeout="20s", set_as_default=False))
            except (OSError, ValueError) as error:
                cure = "check the address, and that the scheduler runs"
                raise ArchiveError(f"no scheduler of Dask answers: {error}; {cure}", path=engine.scheduler) from error
        else:
            cluster = stack.enter_context(_start_workers(distributed, min(engine.workers, len(tasks)), engine.memory))
            stack.enter_context(_watch_workers(cluster))
            client = stack.enter_context(distributed.Client(cluster, set_as_default=False))
        yield from _map(distributed, client, function, tasks)


def _start_workers(distributed: Any, number: int, memory: int) -> Any:
    try:
        return distributed.LocalCluster(
            n_workers=number,
            threads_per_worker=1,
            memory_limit=memory or None,
            dashboard_address="127.0.0.1:0",  # any free port; the default one is taken by a second crawl
            silence_logs=logging.CRITICAL,
        )
    except (OSError, RuntimeError) as error:
        raise ArchiveError(f"the workers cannot start: {error}; use fewer, or --workers 0 for none") from error


@contextlib.contextmanager
def _watch_workers(cluster: Any) -> Iterator[None]:
    """Start workers again that ended without being replaced.

    Dask replaces a worker once, but not if it ends while it is starting, or if starting it takes too long on a busy
    machine: its tasks would wait for ever.
    """
    is_over = threading.Event()

    def watch() -> None:
        ended: set[object] = set()
        while not is_over.wait(_WATCH_INTERVAL):
            without_process = {name for name, nanny in cluster.workers.items() if not nanny.is_alive()}
            for name in ended & without_process:  # at two successive looks: Dask is not about to start it
                cluster.loop.add_callback(cluster.workers[name].instantiate)
            ended = without_process - ended

    watcher = threading.Thread(target=watch, name="watch workers", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        is_over.set()
        watcher.join()


def _map(
    distributed: Any, client: Any, function: Callable[[T], object], tasks: Mapping[str, T]
) -> Iterator[tuple[str, str]]:
    names: dict[Any, str] = {}
    given_up: Counter[str] = Counter()

    def submit(name: str) -> Any:
        future = client.submit(function, tasks[name], pure=False, retries=_RETRIES)
        names[future] = name
        return future

    running = distributed.as_completed(list(map(submit, tasks)), loop=client.loop)
    for future in running:
        name, error = names.pop(future), future.exception()
        future.release()
        # A cluster gives a task up after a few deaths of workers, as its own settings say.
        if isinstance(error, distributed.KilledWorker) and given_up[name] < _SUBMITTED_AGAIN:
            given_up[name] += 1
            running.add(submit(name))
        else:
            yield name, "" if error is None else _reason(error)


def _reason(error: BaseException) -> str:
    if isinstance(error, ArchiveError):
        return str(error)
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error)
    return f"{type(error).__name__}: {error}"


def _import(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError:
        raise ArchiveError(f"a crawl needs the package {module}; install it: {_INSTALL}") from None
