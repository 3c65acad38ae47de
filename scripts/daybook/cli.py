"""How a command ends: the only place that turns what stopped it into a line and an exit status."""

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

from daybook.core.errors import ArchiveError, error_message


def run_command(main: Callable[[], int]) -> int:
    """Run a command whose terminal, pipe or disk may fail; give its exit status, 1 with a line of the reason."""
    _settle_streams()
    status = _status(main)
    unsaid = _status(_flush)
    if unsaid:  # what could not be said would be tried again at the very end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status or unsaid


def _status(step: Callable[[], int]) -> int:
    try:
        return step()
    except KeyboardInterrupt:
        return 130  # as a shell gives it
    except BrokenPipeError:
        return 141  # nobody reads any more, so nobody is told
    except (ArchiveError, OSError) as error:
        print(error_message(error), file=sys.stderr)
        return 1


def _flush() -> int:
    try:
        sys.stdout.flush()
    except OSError as error:
        error.filename = "standard output"
        raise
    return 0


def _settle_streams() -> None:
    """Let every name of a file be shown, in whatever encoding, and let no stream be missing."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by who called
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 - it stays open to the end
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
