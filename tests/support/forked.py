"""Run a command of Daybook in a forked process, which has the imports of the test's process."""

import contextlib
import functools
import io
import os
import subprocess
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from builds import build_site
from paths import FIXTURES

from daybook import cli
from daybook.core.config import BuildPaths

_CRASHED = 70  # no command has this exit status


def run_forked(
    words: Sequence[str],
    folder: Path,
    environ: Mapping[str, str],
    prepare: Callable[[], object] = lambda: None,
    program: Callable[[list[str]], int | None] = cli.main,
) -> subprocess.CompletedProcess[str]:
    """Run ``daybook WORDS`` in a folder with these variables; what it changes in its process is lost.

    It takes 0.2 s for a small site, a new process more than 1 s. `prepare` is called in the process before the command.
    `program` is the function that the words are passed to, such as `pelican.main`; it returns the exit status or None.
    The process leads a group of its own: with it, processes that it has left behind can be found.
    """
    _warm_up()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of forks beside threads: none holds a lock here
            child = os.fork()
        if child == 0:
            _become(lambda: program([*words]) or 0, folder, environ, (out.fileno(), err.fileno()), prepare)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode())
    return subprocess.CompletedProcess(["daybook", *words], status, *texts)


@functools.cache
def _warm_up() -> None:
    """Build a small site, so that no forked process imports the libraries and computes the same tables again."""
    with tempfile.TemporaryDirectory() as name, contextlib.redirect_stdout(io.StringIO()):
        site, folder = FIXTURES / "site", Path(name)
        build_site(
            BuildPaths(content=site / "content", conf=site / "conf.py", output=folder / "site", cache=folder / "cache")
        )


def _become(
    run: Callable[[], int],
    folder: Path,
    environ: Mapping[str, str],
    streams: tuple[int, int],
    prepare: Callable[[], object],
) -> None:
    status = _CRASHED
    try:
        for number, stream in enumerate(streams, start=1):
            os.dup2(stream, number)
        # closefd: a forked process of this one replaces them again, which must not close 1 and 2.
        sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))
        os.chdir(folder)
        sys.dont_write_bytecode = False  # else each build would compile all templates; the Makefile sets this, too
        names = dict(environ)  # a copy: it may be os.environ
        os.environ.clear()
        os.environ.update(names)
        prepare()
        status = run()
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else _CRASHED
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
