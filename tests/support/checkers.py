"""Look at the built site as browsers and validators do: `make verify` runs it on OUTPUT.

Nu (HTML and CSS), Lighthouse and Biome come from npm at fixed versions, into .cache; nothing
of the site or its tests needs them. A checker that cannot run is named with how to get it;
with CI=true that is a failure.
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
PACKAGES = ["vnu-jar@26.9.27", "lighthouse@12.8.2", "@biomejs/biome@2.6.8"]
NU = TOOLS / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
BIN = TOOLS / "node_modules" / ".bin"
NPM = "Node.js with npm (on Debian: apt install npm), and its registry in reach"
# Home and the search; of days, topics and their months the heaviest.
LIGHTHOUSE_PAGES = ("", "search/?q=kyiv")
HEAVIEST = ("[0-9]*/*/*/index.html", "topics/*/index.html", "topics/*/*/*/index.html")
LEAST = 99  # of 100, in each category
TRIES = 3  # a machine with other work takes points from a page, and never gives it any


class MissingError(Exception):
    """A checker is not here; the message says how to get it."""


class _Compressing(http.server.SimpleHTTPRequestHandler):
    """Serves text compressed, as the hosts of such sites do."""

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


def fetch() -> None:
    """Install the checkers that npm has, where npm is."""
    if all((NU.exists(), (BIN / "lighthouse").exists(), (BIN / "biome").exists())) or not shutil.which("npm"):
        return
    TOOLS.mkdir(parents=True, exist_ok=True)
    options = ["--silent", "--no-audit", "--no-fund", "--no-save", "--no-package-lock", "--prefix", str(TOOLS)]
    environment = {**os.environ, "PUPPETEER_SKIP_DOWNLOAD": "1"}
    subprocess.run(["npm", "install", *options, *PACKAGES], check=False, env=environment)


def check_html(output: Path) -> list[str]:
    """Run the Nu checker over all pages and style sheets."""
    java = need(shutil.which("java"), "java, 11 or later (on Debian: apt install default-jre-headless)")
    need(NU.exists(), f"the Nu checker: {NPM}")
    # The checker reads 'self' against file: and so sees violations of the policy that no host has.
    pages = [java, "-jar", str(NU), "--Werror", "--filterpattern", ".*violates Content Security Policy.*"]
    styles = [java, "-jar", str(NU), "--css", "--Werror"]
    sheets = [str(path) for path in sorted((output / "static").glob("*.css"))]
    return [*run([*pages, "--skip-non-html", str(output)]), *run([*styles, *sheets])]


def check_scripts(output: Path) -> list[str]:
    """Run Biome over the theme's scripts and styles."""
    need((BIN / "biome").exists(), f"Biome: {NPM}")
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
    """Let Lighthouse judge home, the search and the heaviest pages, as a host would serve them."""
    chromium = need(find_chromium(), "Chromium: see tests/chromium.py")
    need((BIN / "lighthouse").exists(), f"Lighthouse: {NPM}")
    handler = functools.partial(_Compressing, directory=str(output))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        return [fault for path in _lighthouse_paths(output) for fault in _judge(server, path, chromium)]
    finally:
        server.shutdown()
        server.server_close()


def _judge(server: http.server.ThreadingHTTPServer, path: str, chromium: str) -> list[str]:
    address = f"http://127.0.0.1:{server.server_address[1]}/{path}"
    for _ in range(TRIES):
        faults, scores = _scores(address, chromium)
        print(f"  /{path}: " + ", ".join(f"{name} {score}" for name, score in scores.items()), flush=True)
        faults += [f"/{path}: {name} {score}, less than {LEAST}" for name, score in scores.items() if score < LEAST]
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
    heaviest = [max(pages, key=_size) for pattern in HEAVIEST if (pages := sorted(output.glob(pattern)))]
    return [*LIGHTHOUSE_PAGES, *(f"{page.parent.relative_to(output).as_posix()}/" for page in heaviest)]


def _size(page: Path) -> int:
    return page.stat().st_size


def run(command: list[str], more: dict[str, str] | None = None) -> list[str]:
    """Run a checker; give what it says where it is not content."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **(more or {})})
    return [] if done.returncode == 0 else [(done.stdout + done.stderr).strip() or f"exit status {done.returncode}"]


def need(tool: str | bool | None, cure: str) -> str:
    """Give a tool that is there, or say how to get it."""
    if not tool:
        raise MissingError(cure)
    return str(tool)


def main() -> int:
    output = Path(os.environ.get("OUTPUT") or "output").resolve()
    fetch()
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
        print(f"{name}: {'sound' if not faults else 'FAULTS'}", *faults, sep="\n", flush=True)
        failed = failed or bool(faults)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
