"""Run a command of Daybook in a forked process, which has the imports and the parsed theme of the test's process."""

import functools
import os
import subprocess
import sys
import tempfile
import traceback
import warnings
from collections.abc import Mapping
from pathlib import Path

from catalogs import load_catalog
from paths import FIXTURES

from daybook import cli
from daybook.site import build

_CRASHED = 70  # no command has this exit status


def run_forked(words: tuple[str, ...], folder: Path, environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run ``daybook WORDS`` in a folder with these variables; what it changes in its process is lost.

    It takes 0.3 s for a small site, a new process more than 1 s.
    """
    _import_and_parse()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of forks beside threads: none holds a lock here
            child = os.fork()
        if child == 0:
            _become(words, folder, environ, (out.fileno(), err.fileno()))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode())
    return subprocess.CompletedProcess(["daybook", *words], status, *texts)


@functools.cache
def _import_and_parse() -> None:
    """Load a small archive, so that no forked process imports the libraries and parses the theme again."""
    assert build.build_site
    load_catalog(FIXTURES / "site" / "content")


def _become(words: tuple[str, ...], folder: Path, environ: Mapping[str, str], streams: tuple[int, int]) -> None:
    status = _CRASHED
    try:
        for number, stream in enumerate(streams, start=1):
            os.dup2(stream, number)
        sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8") for number in (1, 2))
        os.chdir(folder)
        names = dict(environ)  # a copy: it may be os.environ
        os.environ.clear()
        os.environ.update(names)
        status = cli.main(words)
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else _CRASHED
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
