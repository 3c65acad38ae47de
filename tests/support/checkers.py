"""Check the built site in OUTPUT with external validators, for `make lint`.

The Nu HTML checker, Lighthouse and Biome are installed from npm into .cache, by the lock file in `npm/` and without
running install scripts. Neither the site nor its other tests need them. A checker that cannot run is skipped with a
message; with CI=true that is a failure.
"""

import functools
import gzip
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from chromium import FLAGS, find_chromium
from paths import ROOT

TOOLS = ROOT / ".cache" / "checkers"
LOCK = Path(__file__).parent / "npm"  # package.json and package-lock.json
NU = TOOLS / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
BIN = TOOLS / "node_modules" / ".bin"
NPM = "Node.js with npm (on Debian: apt install npm) and access to its registry"
# Pages that Lighthouse loads: these, and the largest page that matches each pattern.
LIGHTHOUSE_PAGES = ("", "search/?q=kyiv")
LARGEST = (
    "[0-9]*/[01][0-9]/*/index.html",
    "topics/*/index.html",
    "topics/*/*/*/index.html",
    "stories/*/*/*/*/index.html",
)
MIN_SCORE = 99  # of 100, in each category
ATTEMPTS = 3  # a busy machine lowers scores and never raises them


class MissingError(Exception):
    """Raised where a program is not installed; the message says how to install it."""


class _CompressingHandler(http.server.SimpleHTTPRequestHandler):
    """Serve text compressed with gzip, as hosts of static sites do."""

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if path.suffix not in (".html", ".css", ".js", ".svg", ".xml", ".json") or not path.is_file():
            return super().do_GET()
        data = gzip.compress(path.read_bytes(), mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", f"{self.guess_type(path)}; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        return None


def install() -> None:
    """Install the locked checkers, if npm is installed and they are not installed yet."""
    lock, installed = LOCK / "package-lock.json", TOOLS / "package-lock.json"
    is_complete = all((NU.exists(), (BIN / "lighthouse").exists(), (BIN / "biome").exists()))
    if not shutil.which("npm") or (is_complete and installed.exists() and installed.read_bytes() == lock.read_bytes()):
        return
    TOOLS.mkdir(parents=True, exist_ok=True)
    for path in (LOCK / "package.json", lock):
        shutil.copy(path, TOOLS)
    options = ["--ignore-scripts", "--silent", "--no-audit", "--no-fund", "--prefix", str(TOOLS)]
    subprocess.run(["npm", "ci", *options], check=False)


def check_html(output: Path) -> list[str]:
    """Run the Nu HTML checker on all pages and style sheets."""
    java = require(shutil.which("java"), "java, 11 or later (on Debian: apt install default-jre-headless)")
    require(NU.exists(), f"the Nu checker: {NPM}")
    # The checker applies 'self' of the content security policy to file: URLs and reports what no host would.
    pages = [java, "-jar", str(NU), "--Werror", "--filterpattern", ".*violates Content Security Policy.*"]
    styles = [java, "-jar", str(NU), "--css", "--Werror"]
    sheets = [str(path) for path in sorted((output / "static").glob("*.css"))]
    return [*run([*pages, "--skip-non-html", str(output)]), *run([*styles, *sheets])]


def check_scripts(output: Path) -> list[str]:
    """Run Biome on the scripts and styles of the theme."""
    require((BIN / "biome").exists(), f"Biome: {NPM}")
    return run(
        [
            str(BIN / "biome"),
            "lint",
            f"--config-path={ROOT}",
            "--diagnostic-level=error",
            str(ROOT / "theme" / "static"),
        ]
    )


def check_lighthouse(output: Path) -> list[str]:
    """Run Lighthouse on the home page, the search and the largest pages."""
    chromium = require(find_chromium(), "Chromium: see tests/support/chromium.py")
    require((BIN / "lighthouse").exists(), f"Lighthouse: {NPM}")
    handler = functools.partial(_CompressingHandler, directory=str(output))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        return [fault for path in _lighthouse_paths(output) for fault in _lighthouse_faults(server, path, chromium)]
    finally:
        server.shutdown()
        server.server_close()


def _lighthouse_faults(server: http.server.ThreadingHTTPServer, path: str, chromium: str) -> list[str]:
    address = f"http://127.0.0.1:{server.server_address[1]}/{path}"
    for _ in range(ATTEMPTS):
        faults, scores = _scores(address, chromium)
        print(f"  /{path}: " + ", ".join(f"{name} {score}" for name, score in scores.items()), flush=True)
        faults += [
            f"/{path}: {name} {score}, less than {MIN_SCORE}" for name, score in scores.items() if score < MIN_SCORE
        ]
        if not faults:
            break
    return faults


def _scores(address: str, chromium: str) -> tuple[list[str], dict[str, int]]:
    report = TOOLS / "lighthouse.json"
    command = [str(BIN / "lighthouse"), address, "--quiet", "--output=json", f"--output-path={report}"]
    command += ["--no-enable-error-reporting", f"--chrome-flags={' '.join(['--headless=new', *FLAGS])}"]
    command += ["--only-categories=performance,accessibility,best-practices,seo"]
    faults = run(command, {"CHROME_PATH": chromium})
    categories = {} if faults else json.loads(report.read_text())["categories"]
    return faults, {name: round(100 * (category["score"] or 0)) for name, category in categories.items()}


def _lighthouse_paths(output: Path) -> list[str]:
    largest = [max(pages, key=_size) for pattern in LARGEST if (pages := sorted(output.glob(pattern)))]
    return [*LIGHTHOUSE_PAGES, *(f"{page.parent.relative_to(output).as_posix()}/" for page in largest)]


def _size(page: Path) -> int:
    return page.stat().st_size


def run(command: list[str], variables: dict[str, str] | None = None) -> list[str]:
    """Run a checker; return its report if it ends with an error, else nothing."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **(variables or {})})
    return [] if done.returncode == 0 else [(done.stdout + done.stderr).strip() or f"exit status {done.returncode}"]


def require(tool: str | bool | None, advice: str) -> str:
    """Return a program that is installed. Raises MissingError with `advice` if it is not."""
    if not tool:
        raise MissingError(advice)
    return str(tool)


def main() -> int:
    """Run all checkers; return 1 if one finds a fault, or if one is missing and CI=true."""
    output = Path(os.environ.get("OUTPUT") or "output").resolve()
    install()
    checks: list[tuple[str, Callable[[Path], list[str]]]] = [
        ("HTML and CSS (Nu)", check_html),
        ("scripts and styles (Biome)", check_scripts),
        ("Lighthouse", check_lighthouse),
    ]
    failed = False
    for name, check in checks:
        try:
            faults = check(output)
        except MissingError as missing:
            print(f"SKIPPED {name}: needs {missing}", flush=True)
            failed = failed or os.environ.get("CI") == "true"
            continue
        print(f"{name}: {'no faults' if not faults else 'FAULTS'}", *faults, sep="\n", flush=True)
        failed = failed or bool(faults)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
