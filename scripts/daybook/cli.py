"""The command line, `daybook COMMAND`: one table of commands, and the exit status of each.

Only the module of the chosen command is imported: a build that finds no change must not wait for libraries that
it does not need.
"""

import argparse
import importlib
import io
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from daybook.core.errors import ArchiveError, error_message


class Command(NamedTuple):
    """A command: the module with its functions `add_NAME_arguments` and `NAME`, and a line of help."""

    module: str
    help: str


COMMANDS = {
    "new": Command("daybook.commands.repository", "make the repository of an archive of its own"),
    "ingest": Command("daybook.commands.ingest", "add saved pages or records to the day files"),
    "parse": Command("daybook.commands.ingest", "print the entries of saved pages as records, one JSON line each"),
    "crawl": Command("daybook.commands.crawl", "find the live blogs in web archives of any size, on many workers"),
    "build": Command("daybook.commands.build", "build the site (only changed files are rewritten)"),
    "serve": Command("daybook.commands.build", "preview the site on 127.0.0.1 and rebuild it on change"),
    "publish": Command("daybook.commands.publish", "build for SITEURL and check that no published address is lost"),
    "withdraw": Command("daybook.commands.edit", "remove an entry but keep its address"),
    "move": Command("daybook.commands.edit", "move an entry to another day"),
    "join": Command("daybook.commands.edit", "make two entries one, and redirect the address of the second"),
    "zone": Command("daybook.commands.edit", "convert the headings of all days to another time zone"),
    "mend": Command("daybook.commands.edit", "correct the sources of former wordings that version 0.1 wrote"),
    "convert": Command("daybook.commands.edit", "write all day files as this version of Daybook writes them"),
    "merge": Command("daybook.commands.merge", "join days that two branches changed, from git"),
    "release": Command("daybook.commands.publish", "write the offline zip, SQLite, data package and checksums"),
    "diff": Command("daybook.commands.publish", "list what differs between two releases"),
    "check": Command("daybook.commands.publish", "check content files, site links and published addresses"),
    "commit": Command("daybook.commands.repository", "commit what changed in the content folder, and push it"),
    "fetch": Command("daybook.commands.repository", "save the pages that a list names, as robots.txt allows"),
    "upgrade": Command("daybook.commands.repository", "use another version of Daybook in an archive of its own"),
    "topics": Command("daybook.commands.topics", "list names without a topic, and topics without entries"),
    "schema": Command("daybook.commands.ingest", "print the JSON Schema of a record"),
    "clean": Command("daybook.commands.build", "remove the built site"),
}
_INTERRUPTED = 128 + 2  # as a shell reports a process that SIGINT ended
_BROKEN_PIPE = 128 + 13  # the same for SIGPIPE


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Run a command line, without the program's name, and return its exit status; `environ` has defaults of options."""
    return run_command(lambda: _run(list(sys.argv[1:] if arguments is None else arguments), environ))


def run_command(command: Callable[[], int]) -> int:
    """Run a function and return its exit status: 1, with a line on standard error, for an ArchiveError or OSError."""
    # Open streams that the caller closed, and let the others print file names in any encoding.
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 - it stays open to the end
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    status = _status(command)
    unflushed = _status(_flush)
    if unflushed:  # the interpreter would try to flush once more at exit, and fail with a traceback
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return unflushed or status


def _run(arguments: list[str], environ: Mapping[str, str]) -> int:
    description = "Turn saved live-blog pages into a static archive site."
    parser = argparse.ArgumentParser(prog="daybook", description=description, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", title="commands")
    parsers = {}
    for name, command in COMMANDS.items():
        sentence = f"{command.help[0].upper()}{command.help[1:]}."
        parsers[name] = commands.add_parser(name, help=command.help, description=sentence, allow_abbrev=False)
    # The command is the first argument: `daybook` itself has no options but --help.
    name = arguments[0] if arguments else ""
    if name in COMMANDS:
        if typed := environ.get("TYPED", "").split():
            from daybook.commands.arguments import check_typed_names  # noqa: PLC0415 - only for make

            check_typed_names(typed)
        module = importlib.import_module(COMMANDS[name].module)
        getattr(module, f"add_{name}_arguments")(parsers[name])
        return int(getattr(module, name)(parser.parse_args(arguments), environ))
    parser.parse_args(arguments)  # prints the help, or which commands there are
    return 2


def _status(step: Callable[[], int]) -> int:
    try:
        return step()
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        return _BROKEN_PIPE  # without a message: nobody reads the output any more
    except (ArchiveError, OSError) as error:
        print(error_message(error), file=sys.stderr)
        return 1


def _flush() -> int:
    try:
        sys.stdout.flush()
    except OSError as error:
        error.filename = "standard output"
        raise
    return 0
