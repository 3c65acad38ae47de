"""The browser that the tests drive: found, or fetched where that is allowed.

`python tests/chromium.py` makes sure there is one: `$CHROMIUM`, else an installed
Chromium or Chrome, else Playwright's own, else (as root on Debian) the package.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # whatever a page asks for elsewhere, no test sends it
    *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
]
MISSING = "no Chromium: install Chromium or Chrome, or name one with CHROMIUM=/path/to/it"


def find_chromium() -> str | None:
    """Give the path of a browser that is there, or None."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    installed = next((path for name in NAMES if (path := shutil.which(name))), None)
    return installed or _playwrights_own()


def _playwrights_own() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _fetch() -> None:
    print("No Chromium or Chrome found; asking Playwright for its own.", flush=True)
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, capture_output=True)
    if not find_chromium() and shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing Debian's package chromium.", flush=True)
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, env=environment)


def main() -> int:
    """Make sure of a browser; without one the browser tests are skipped, in CI they fail."""
    if not find_chromium():
        _fetch()
    path = find_chromium()
    print(f"browser tests use {path}" if path else f"WARNING: {MISSING}; the browser tests will be skipped")
    return 0 if path or os.environ.get("CI") != "true" else 1


if __name__ == "__main__":
    sys.exit(main())
