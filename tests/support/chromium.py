"""The browser that the tests drive: found, or fetched where that is allowed.

`python tests/chromium.py` makes sure there is one that starts: `$CHROMIUM`, else an installed
Chromium or Chrome, else Playwright's own, else (as root on Debian) the package.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

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
CURE = "install Chromium or Chrome (on Debian: apt install chromium), or name one that starts: CHROMIUM=/path/to/it"


class BrowserError(Exception):
    """There is no browser to drive; the message says why, and how to get one."""


def find_chromium(playwright: Playwright | None = None) -> str | None:
    """Return the path of a browser that is there, or None; one that `$CHROMIUM` names is the only one looked for.

    Playwright cannot be started twice, so who runs it already passes it on.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    if installed := next((path for name in NAMES if (path := shutil.which(name))), None):
        return installed
    if playwright:
        own = playwright.chromium.executable_path
    else:
        with sync_playwright() as started:
            own = started.chromium.executable_path
    return own if Path(own).exists() else None


def launch(playwright: Playwright) -> Browser:
    """Start a headless browser; a BrowserError says why there is none, in one line."""
    path = find_chromium(playwright)
    if not path:
        named = os.environ.get("CHROMIUM")
        reason = f"CHROMIUM={named} is no program here" if named else "no Chromium or Chrome is installed"
        raise BrowserError(f"{reason}; {CURE}")
    try:
        return playwright.chromium.launch(executable_path=path, args=FLAGS)
    except Error as error:
        raise BrowserError(f"{path} does not start as a browser ({_first_line(error)}); {CURE}") from None


def _first_line(error: Error) -> str:
    return error.message.strip().split("\n")[0].removeprefix("BrowserType.launch: ")


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
    """Make sure of a browser that starts; without one the browser tests are skipped, with CI=true that is a failure."""
    if not os.environ.get("CHROMIUM") and not find_chromium():
        _fetch()
    try:
        with sync_playwright() as playwright:
            launch(playwright).close()
    except BrowserError as error:
        print(f"WARNING: the browser tests will not run: {error}", file=sys.stderr)
        return 1 if os.environ.get("CI") == "true" else 0
    print(f"browser tests use {find_chromium()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
