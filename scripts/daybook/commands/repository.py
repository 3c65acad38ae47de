"""`daybook new`, `upgrade`, `fetch` and `commit`: the archive as a repository of its own."""

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from daybook.commands.arguments import add_path_arguments, build_paths, read_switch
from daybook.core.config import load_config
from daybook.core.errors import ArchiveError
from daybook.core.files import lock_folders
from daybook.publish.fetch_pages import fetch_pages, load_page_list
from daybook.publish.generator import Generator, fetch_generator, installed_generator
from daybook.publish.new_archive import NewArchive, check_new_archive, upgrade_archive, write_archive
from daybook.publish.repository import commit_content

# Options of `new` that are asked for: the question, the variable, and the answer if it is empty.
_QUESTIONS = {
    "name": ("Name of the archive", "SITENAME", ""),
    "first_day": ("Date of day 1, such as 2031-03-29", "FIRST_DAY", ""),
    "zone": ("Time zone of its pages, such as Europe/Berlin", "TIMEZONE", "UTC"),
    "lang": ("Language of its entries, such as de", "DEFAULT_LANG", "en"),
    "page": ("A first saved page, or nothing", "PAGES", ""),
}


def add_new_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Make the repository of an archive, which has no copy of the generator. What no option names is asked for on a "
        "terminal."
    )
    parser.add_argument("folder", nargs="?", metavar="DIR", help="a new folder; default: $DIR")
    for name, (question, variable, _) in _QUESTIONS.items():
        parser.add_argument(f"--{name.replace('_', '-')}", help=f"{question}; default: ${variable}")
    wheel_help = (
        "the wheel of the generator, as an address or a file; default: the one that this program was installed from"
    )
    parser.add_argument("--wheel", help=f"{wheel_help}, or the release of this version under REPOSITORY")


def new(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Write the archive, ingest its first page if there is one, and return the status of that."""
    folder = Path(options.folder or environ.get("DIR", "") or _missing("DIR"))
    answers = {name: _answer(name, getattr(options, name), environ) for name in _QUESTIONS}
    page = answers.pop("page")
    archive = NewArchive(**answers)
    check_new_archive(archive)
    generator, wheel = _generator(options.wheel or environ.get("WHEEL", ""), environ)
    for path in write_archive(folder, archive, generator, wheel):
        print(folder / path)
    if not (folder / ".git").exists():
        subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(folder)], check=False)
    if generator.address.startswith("file:"):
        print(
            f"warning: the generator is a file of this computer, {generator.address}: no other can build",
            file=sys.stderr,
        )
    status = 0
    if page:
        command = [sys.executable, "-m", "daybook", "ingest", str(Path(page).resolve())]
        variables = {name: value for name, value in environ.items() if name not in ("CONTENT", "CONF", "PAGES")}
        python_path = os.pathsep.join(path for path in sys.path if path)
        status = subprocess.run(
            command, cwd=folder, env={**variables, "PYTHONPATH": python_path}, check=False
        ).returncode
    print(f"Next: cd {folder}; make html")
    return status


def _answer(name: str, option: str | None, environ: Mapping[str, str]) -> str:
    question, variable, default = _QUESTIONS[name]
    given = environ.get(variable, "") if option is None else option
    if given or not sys.stdin.isatty():
        return given or default
    shown = f" [{default}]" if default else ""
    return input(f"{question}{shown}: ").strip() or default


def _missing(name: str) -> str:
    raise ArchiveError(f"name the folder of the new archive: {name}=../flood")


def _generator(wheel: str, environ: Mapping[str, str]) -> tuple[Generator, bytes | None]:
    """Return the wheel to pin and, unless this program is that wheel, its bytes."""
    if not wheel and (installed := installed_generator()):
        return installed, None
    if not wheel:
        repository = environ.get("REPOSITORY", "").rstrip("/")
        if not repository and Path("pelican.conf.py").is_file():
            repository = load_config(build_paths(argparse.Namespace(), environ)).repository.rstrip("/")
        if not repository:
            cure = "name the wheel of a release: WHEEL=https://…/daybook_archive-1.2.3-py3-none-any.whl"
            raise ArchiveError(
                f"this program was not installed from a wheel, and no REPOSITORY has its releases; {cure}"
            )
        wheel = f"{repository}/releases/download/v{_version()}/daybook_archive-{_version()}-py3-none-any.whl"
    return fetch_generator(wheel)


def _version() -> str:
    import tomllib  # noqa: PLC0415 - only in a checkout

    path = Path(__file__).resolve().parents[3] / "pyproject.toml"
    return str(tomllib.loads(path.read_text("utf-8"))["project"]["version"])


def add_upgrade_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("version", nargs="?", help="the number of a version, such as 0.3.0; default: $VERSION")
    add_path_arguments(parser, "conf")


def upgrade(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Pin another version of the generator, say what changes in files, and return 0."""
    folder = build_paths(options, environ).conf.parent
    done = upgrade_archive(folder, options.version or environ.get("VERSION", ""))
    print(f"{done.old} is now {done.new}; written: {', '.join(done.written) or 'nothing'}")
    for path in done.edited:
        print(f"{path}: edited here, so it was left alone; compare it with that of a new archive", file=sys.stderr)
    print(f"What changes in files:\n{done.notes}" if done.notes else "Nothing changes in files.")
    print("Next: make convert, make check; look at git diff; commit.")
    return 0


def add_fetch_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "Save the pages that a list names, one request at a time, as robots.txt allows."
    parser.add_argument("list", nargs="?", metavar="LIST", help="a file of addresses; default: $LIST or pages.txt")
    parser.add_argument("--saved", help="the folder for the pages; default: $SAVED or saved")
    add_path_arguments(parser, "conf")


def fetch(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Save the pages, say what became of each, and return 3 if one was not saved, else 0."""
    listed = Path(options.list or environ.get("LIST", "") or "pages.txt")
    folder = Path(options.saved or environ.get("SAVED", "") or "saved")
    folder.mkdir(parents=True, exist_ok=True)
    if not listed.exists():
        print(f"{listed}: no such list, so nothing is requested")
        return 0
    contact = load_config(build_paths(options, environ)).publication.contact
    is_strict = read_switch("STRICT", environ.get("STRICT", ""), default=True)
    failed = False
    for page in fetch_pages(load_page_list(listed), folder, contact):
        failed = failed or page.path is None
        print(f"{page.url}: {page.path or page.reason}", file=sys.stdout if page.path else sys.stderr)
    return 3 if failed and is_strict else 0


def add_commit_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--push", action="store_true", help="push the commit to the remote origin; default: $PUSH")
    add_path_arguments(parser, "content", "conf")


def commit(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Commit what changed in the content folder, and push it if asked; return 0."""
    push = options.push or read_switch("PUSH", environ.get("PUSH", ""))
    content = load_config(build_paths(options, environ)).paths.content
    with lock_folders(content):
        subject = commit_content(content, environ, push=push)
    done = "committed and pushed" if push else "committed"
    print(f"{done}: {subject}" if subject else f"{content}: nothing to commit")
    return 0
