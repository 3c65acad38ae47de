"""Keeps tests away from the shipped archive: what a fork puts into `content/` and `pelican.conf.py` fails no test.

An audit hook sees every file that Python opens and every command that it starts. A test that reads the shipped
archive fails at that place; the fixture `shipped` lifts this for the one test that is about it.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from paths import ROOT

CONTENT, CONF = ROOT / "content", ROOT / "pelican.conf.py"
_FOLDER = f"{CONTENT}{os.sep}"
_READS = {"open", "os.listdir", "os.scandir", "shutil.copytree", "shutil.copyfile"}
_lifted = False


class ShippedArchiveError(AssertionError):
    """A test reads the shipped archive, which a fork replaces."""


def install() -> None:
    """Watch this process from now on; a hook cannot be removed."""
    sys.addaudithook(_watch)


@contextmanager
def lifted() -> Iterator[None]:
    """Let the shipped archive be read for a while."""
    global _lifted  # noqa: PLW0603 - a hook is one for the whole process
    _lifted = True
    try:
        yield
    finally:
        _lifted = False


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if _lifted:
        return
    if event in _READS and isinstance(args[0], (str, bytes, os.PathLike)):
        if event == "open" and args[1] is None and not os.path.isabs(args[0]):  # noqa: PTH117
            return  # os.open, whose path may be relative to a folder that the event does not name
        path = os.path.abspath(os.fsdecode(args[0]))  # noqa: PTH100 - called for each file that is opened
        if path in (str(CONTENT), str(CONF)) or path.startswith(_FOLDER):
            raise ShippedArchiveError(f"{path} is the shipped archive; read tests/fixtures/sample instead")
    elif event == "subprocess.Popen":
        _check_command(args[1], args[2], args[3])


def _check_command(command: object, cwd: object, env: Mapping[str, str] | None) -> None:
    """Refuse a command of the project that would find the shipped archive where it runs."""
    words = [os.fsdecode(word) for word in command] if isinstance(command, (list, tuple)) else str(command).split()
    ours = any(word == "make" or word.startswith(("make ", f"{ROOT / 'scripts'}{os.sep}")) for word in words)
    if ours and Path(os.fsdecode(cwd or Path.cwd())).resolve() == ROOT:  # type: ignore[type-var]
        known = os.environ if env is None else env
        missing = [name for name in ("CONTENT", "CONF") if not known.get(name)]
        if missing or "make" in str(words):
            raise ShippedArchiveError(f"{words} reads the shipped archive; run it in a copy (checkouts.py)")
