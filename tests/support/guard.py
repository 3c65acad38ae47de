"""Keep tests independent of the shipped archive, which a fork replaces: `content/` and `pelican.conf.py`.

An audit hook (PEP 578) sees every file that Python opens and every command that it starts. A test that reads the
shipped archive fails on the line that reads it. Only the test of the fixture `shipped` may read it.
"""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from paths import ROOT

CONTENT, CONF = ROOT / "content", ROOT / "pelican.conf.py"
_READ_EVENTS = {"open", "os.listdir", "os.scandir", "shutil.copytree", "shutil.copyfile"}
_MAKE = re.compile(r"(?:^|[\s;&|])make(?:\s|$)")
_DAYBOOK = re.compile(r"-m daybook\b")
_allowed = False


class ShippedArchiveError(AssertionError):
    """Raised where a test reads the shipped archive."""


def install() -> None:
    """Install the audit hook, which cannot be removed."""
    sys.addaudithook(_watch)


@contextmanager
def allowed() -> Iterator[None]:
    """Allow the shipped archive to be read inside the `with` statement."""
    global _allowed  # noqa: PLW0603 - the hook has one state for the whole process
    _allowed = True
    try:
        yield
    finally:
        _allowed = False


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if _allowed:
        return
    if event in _READ_EVENTS:
        # The event "open" of os.open has no mode; its relative path may be relative to a folder that no event names.
        is_os_open = event == "open" and args[1] is None
        _check_path(args[0], skip_relative=is_os_open)
    elif event == "subprocess.Popen":
        _, command, folder, environment = args
        _check_command(command, folder, environment)


def _check_path(path: object, skip_relative: bool) -> None:
    if not isinstance(path, (str, bytes, os.PathLike)):
        return  # a file descriptor
    name = os.fsdecode(path)
    if skip_relative and not os.path.isabs(name):  # noqa: PTH117 - called for each file that is opened
        return
    name = os.path.abspath(name)  # noqa: PTH100
    if name in (str(CONTENT), str(CONF)) or name.startswith(f"{CONTENT}{os.sep}"):
        raise ShippedArchiveError(f"{name} is the shipped archive; read tests/fixtures/sample instead")


def _check_command(command: object, folder: Any, environment: Mapping[str, str] | None) -> None:
    """Refuse make, and a command of Daybook without both CONTENT and CONF, in the checkout's own folder."""
    words = map(os.fsdecode, command) if isinstance(command, (list, tuple)) else [str(command)]
    line = " ".join(words)
    if Path(os.fsdecode(folder or Path.cwd())).resolve() != ROOT:
        return
    variables = os.environ if environment is None else environment
    named = all(variables.get(name) for name in ("CONTENT", "CONF"))
    if _MAKE.search(line) or (_DAYBOOK.search(line) and not named):
        raise ShippedArchiveError(f"{line!r} reads the shipped archive; run it in a copy (checkouts.py)")
