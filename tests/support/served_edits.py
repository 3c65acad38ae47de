"""Run `daybook serve` in a forked process that is told when files have changed, without a watcher and a port."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import watchfiles
from forked import run_forked

from daybook.publish import preview

_READY, _CHANGED, _END = b"r", b"c", b"e"


def serve_with_edits(
    folder: Path, environ: Mapping[str, str], edit: Callable[[], object], rounds: int
) -> subprocess.CompletedProcess[str]:
    """Let `daybook serve` build, then call `edit` and let it build again, `rounds` times."""
    (from_server, to_us), (from_us, to_server) = os.pipe(), os.pipe()

    def edit_when_ready() -> None:
        for _ in range(rounds):
            if os.read(from_server, 1) != _READY:
                return
            edit()
            os.write(to_server, _CHANGED)
        os.read(from_server, 1)
        os.write(to_server, _END)

    def watch(*_: object, **__: object) -> Iterator[set[str]]:
        yield set()
        while True:
            os.write(to_us, _READY)
            if os.read(from_us, 1) == _END:
                return
            yield {"changed"}

    def prepare() -> None:
        watchfiles.watch = watch  # type: ignore[assignment]
        server = SimpleNamespace(server_address=("127.0.0.1", 8000), shutdown=lambda: None)
        preview.start_server = lambda *_: server  # type: ignore[assignment,return-value]
        subprocess.run = _run_forked_instead  # type: ignore[assignment]

    editor = threading.Thread(target=edit_when_ready)
    editor.start()
    done = run_forked(["serve"], folder, environ, prepare)
    os.write(to_us, _END)  # where the server ended by itself
    editor.join()
    for descriptor in (from_server, to_us, from_us, to_server):
        os.close(descriptor)
    return done


def _run_forked_instead(command: Sequence[str], *, env: Mapping[str, str], **_: Any) -> Any:
    """Run ``python -m daybook WORDS`` in a forked process, as `subprocess.run` does in a new one."""
    assert tuple(command[1:3]) == ("-m", "daybook")
    done = run_forked(command[3:], Path.cwd(), env)
    sys.stdout.write(done.stdout)
    sys.stderr.write(done.stderr)
    return done
