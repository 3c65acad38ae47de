"""Preview the site on 127.0.0.1, build it again whenever its sources change, and show that in open pages."""

import os
import subprocess
import sys
from pathlib import Path

from watchfiles import watch

from daybook.cli import run_command
from daybook.core.config import paths_from_environment
from daybook.publish.preview import BuildCounter, start_server

ROOT = Path(__file__).resolve().parent


def build() -> bool:
    """Build in a process of its own, so that a change of code counts too."""
    return subprocess.run([sys.executable, ROOT / "build_site.py"], check=False).returncode == 0


def main() -> int:
    """Return the exit status: 1 where the first build failed."""
    places = paths_from_environment(os.environ)
    places.content.mkdir(parents=True, exist_ok=True)
    sources = [path for path in (places.content, places.conf, Path("theme"), Path("scripts")) if path.exists()]
    watching = watch(*sources, debounce=200, step=50, rust_timeout=100, yield_on_timeout=True, raise_interrupt=False)
    next(watching, None)  # what changes from here on is seen, also while the first build runs
    if not build():
        return 1
    builds, port = BuildCounter(), os.environ.get("PORT") or "8000"
    try:
        server = start_server(places.output, int(port), builds)
    except (ValueError, OverflowError, OSError) as error:
        print(f"PORT {port}: {error}; give another, such as PORT=8001", file=sys.stderr)
        return 1
    print(f"Serving {places.output} on http://127.0.0.1:{server.server_address[1]}/ (Ctrl-C ends it)", flush=True)
    try:
        for changes in watching:
            if changes and build():
                builds.count_build()
    finally:
        server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(run_command(main))
