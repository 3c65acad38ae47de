"""`daybook commit`: the archive as a repository of git."""

import argparse
from collections.abc import Mapping

from daybook.commands.arguments import add_path_arguments, build_paths, read_switch
from daybook.core.config import load_config
from daybook.core.files import lock_folders
from daybook.publish.repository import commit_content


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
