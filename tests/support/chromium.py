"""Find and start the browser for the tests.

`python tests/support/chromium.py` checks that one starts: `$CHROMIUM`, else an installed Chromium or Chrome,
else Playwright's own, which it downloads, else (as root on Debian) the package `chromium`. Tests use Chromium's
headless shell if it is installed: the same engine without windows, in which a page takes a third less CPU time.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

_SHELL = "chromium-headless-shell"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # no test sends a request to another host
    *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
]
# A window loads the search of its address bar, a page of 266 files, starts a process for the next site, and makes a new
# frame for each document. Without these a new page takes half the CPU time and a visit three quarters. The list of
# features replaces Playwright's, from AimEnabled on. Times and scores are measured without these flags.
_WITHOUT = (
    *("WebUIOmniboxAimPopup", "WebUIOmniboxPopup", "PreloadTopChromeWebUI", "SpareRendererForSitePerProcess"),
    "RenderDocument",
    *("AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync"),
    *("DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay"),
    *("MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch"),
    "ThirdPartyStoragePartitioning",
)
TEST_FLAGS = [*FLAGS, f"--disable-features={','.join(_WITHOUT)}"]
ADVICE = "install Chromium or Chrome (on Debian: apt install chromium), or set CHROMIUM=/path/to/browser"


class BrowserError(Exception):
    """Raised where no browser starts; the message says why and how to install one."""


def find_chromium(playwright: Playwright | None = None, *, or_shell: bool = False) -> str | None:
    """Return the path of a browser, or None; if `$CHROMIUM` is set, look for that one only.

    Args:
        playwright: The running Playwright, if any: it cannot be started twice in a process.
        or_shell: Whether the headless shell will do, which is preferred then.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    if or_shell and (shell := shutil.which(_SHELL)):
        return shell
    if installed := next((path for name in PROGRAMS if (path := shutil.which(name))), None):
        return installed
    if playwright:
        downloaded = playwright.chromium.executable_path
    else:
        with sync_playwright() as started:
            downloaded = started.chromium.executable_path
    return downloaded if Path(downloaded).exists() else None


def launch(playwright: Playwright, flags: Sequence[str] = TEST_FLAGS) -> Browser:
    """Start a headless browser; with the flags of tests it may be the headless shell.

    Raises BrowserError, with a message of one line, if none starts.
    """
    path = find_chromium(playwright, or_shell=flags is TEST_FLAGS)
    if not path:
        named = os.environ.get("CHROMIUM")
        reason = f"CHROMIUM={named} is not a program on this machine" if named else "no Chromium or Chrome is installed"
        raise BrowserError(f"{reason}; {ADVICE}")
    try:
        return playwright.chromium.launch(executable_path=path, args=list(flags))
    except Error as error:
        raise BrowserError(f"{path} does not start as a browser ({_first_line(error)}); {ADVICE}") from None


def _first_line(error: Error) -> str:
    return error.message.strip().split("\n")[0].removeprefix("BrowserType.launch: ")


def _install() -> None:
    print("No Chromium or Chrome found; downloading Playwright's.", flush=True)
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, capture_output=True)
    if not find_chromium() and shutil.which("apt-get") and os.geteuid() == 0:
        print(f"Installing the Debian packages chromium and {_SHELL}.", flush=True)
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for package in ("chromium", _SHELL):  # one after the other: not every release has the shell
            command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]
            subprocess.run(command, check=False, capture_output=True, env=environment)


def main() -> int:
    """Make sure that a browser starts. Returns 1 if none does and CI=true, else 0: browser tests are skipped then."""
    if not os.environ.get("CHROMIUM") and not find_chromium(or_shell=True):
        _install()
    try:
        with sync_playwright() as playwright:
            launch(playwright).close()
    except BrowserError as error:
        print(f"WARNING: the browser tests will not run: {error}", file=sys.stderr)
        return 1 if os.environ.get("CI") == "true" else 0
    print(f"browser tests use {find_chromium(or_shell=True)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
