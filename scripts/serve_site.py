"""Preview the site on 127.0.0.1 and build it again whenever its sources change."""

import functools
import http.server
import os
import subprocess
import sys
import threading
from pathlib import Path

from watchfiles import watch

ROOT = Path(__file__).resolve().parent


def build() -> bool:
    """Build in a process of its own, so that a change of code counts too."""
    return subprocess.run([sys.executable, ROOT / "build_site.py"], check=False).returncode == 0


def main() -> int:
    output, port = os.environ.get("OUTPUT", "output"), int(os.environ.get("PORT", "8000"))
    if not build():
        return 1
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=output)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"Serving {output} on http://127.0.0.1:{server.server_address[1]}/ (Ctrl-C ends it)", flush=True)
    sources = [
        os.environ.get("CONTENT", "content"),
        os.environ.get("CONF", "pelican.conf.py"),
        "theme",
        "scripts",
    ]
    try:
        for _ in watch(*[path for path in sources if Path(path).exists()], raise_interrupt=False):
            build()
    finally:
        server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
