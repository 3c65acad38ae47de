"""Print a table of the systems for which every locked package has a wheel: `python tests/support/locked_wheels.py`.

It asks the package index that uv uses, and installs nothing. docs/systems.md has its output.
"""

import re
import subprocess
import tempfile
from pathlib import Path

from paths import ROOT

VERSIONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS = {  # a name for readers, and uv's
    "Linux, x86_64": "x86_64-manylinux_2_28",
    "Linux, aarch64": "aarch64-manylinux_2_28",
    "Linux with musl, x86_64": "x86_64-unknown-linux-musl",
    "macOS, arm64": "aarch64-apple-darwin",
    "macOS, x86_64": "x86_64-apple-darwin",
    "Windows, x86_64": "x86_64-pc-windows-msvc",
}


def installable(requirements: str, system: str, version: str) -> bool:
    """Tell whether locked requirements can be installed from wheels alone."""
    command = ["uv", "pip", "install", "--quiet", "--dry-run", "--no-deps", "--only-binary", ":all:"]
    command += ["--require-hashes", "--python-platform", system, "--python-version", version, "--requirements", "-"]
    with tempfile.TemporaryDirectory() as folder:
        command += ["--target", folder]
        done = subprocess.run(command, input=requirements, text=True, capture_output=True, check=False)
    return done.returncode == 0


def missing(lock: Path, system: str, version: str) -> list[str]:
    """Return the names of the locked packages that have no wheel for a system and a version of Python."""
    text = lock.read_text()
    if installable(text, system, version):
        return []
    packages = re.split(r"\n(?=[a-z])", text.strip())
    return [each.partition(" ")[0] for each in packages if not installable(each, system, version)]


def main() -> None:
    for lock in sorted((ROOT / "requirements").iterdir()):
        print(f"\n`{lock.relative_to(ROOT)}`:\n\n| | {' | '.join(VERSIONS)} |\n|---|{'---|' * len(VERSIONS)}")
        for name, system in SYSTEMS.items():
            cells = [", ".join(missing(lock, system, version)) or "all" for version in VERSIONS]
            print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
