"""Folders that are filled once in a test run and read by all its processes."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

MakeOnce = Callable[[str, Callable[[Path], object]], Path]


def make_once(factory: pytest.TempPathFactory) -> MakeOnce:
    """Return a function that fills a folder, named by its first argument, with its second, and returns the folder.

    The first process of a run that asks for a folder fills it, the others wait. Tests must only read it.
    """
    root = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent  # each process has a folder in that of the run

    def make(name: str, fill: Callable[[Path], object]) -> Path:
        folder, done = root / f"shared-{name}", root / f"shared-{name}.done"
        with (root / f"shared-{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            try:
                if not done.exists():
                    shutil.rmtree(folder, ignore_errors=True)
                    folder.mkdir()
                    fill(folder)
                    done.touch()
            finally:  # not by closing alone: processes that `fill` started may still have the file open
                fcntl.flock(lock, fcntl.LOCK_UN)
        return folder

    return make
