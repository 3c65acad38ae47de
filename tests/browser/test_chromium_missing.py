"""A run without a usable browser: one message says what did not run and how to get one; in CI it fails."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from paths import ROOT

SCRIPT = '#!/bin/sh\necho "no display" >&2\nexit 3\n'


def python(chromium: str, ci: str, *words: str) -> subprocess.CompletedProcess[str]:
    known = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env={**known, "CHROMIUM": chromium, "CI": ci},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("there", "ci", "status", "workers"), [(False, "", 0, "-n2"), (True, "true", 1, "-n0")])
def test_without_a_browser_one_message_says_so(tmp_path: Path, there: bool, ci: str, status: int, workers: str) -> None:
    chromium = tmp_path / "browser"
    if there:
        chromium.write_text(SCRIPT)
        chromium.chmod(0o755)
    reason = (
        f"{chromium} does not start as a browser" if there else f"CHROMIUM={chromium} is not a program on this machine"
    )
    first = python(str(chromium), ci, "tests/support/chromium.py")
    assert first.returncode == status
    assert reason in first.stderr and "Traceback" not in first.stderr
    preview = "tests/publish/test_preview.py::test_"
    tests = [f"{preview}open_page_shows_the_next_build", f"{preview}only_pages_get_the_reload_script"]
    tests += ["tests/browser/test_axe.py"]
    done = python(str(chromium), ci, "-m", "pytest", workers, f"--basetemp={tmp_path / 'run'}", *tests)
    assert done.returncode == status, done.stdout
    assert done.stdout.count(reason) == 1 and "CHROMIUM=/path/to/browser" in done.stdout
    assert "tests/browser/test_axe.py (3), tests/publish/test_preview.py (1)" in done.stdout
    assert "1 passed, 4 without a browser" in done.stdout
    assert ("with CI=true that is a failure" in done.stdout) == bool(ci)
    assert "Traceback" not in done.stdout + done.stderr
