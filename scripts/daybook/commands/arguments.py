"""Values that a person types, as options or in variables: paths, words, a count, yes or no.

Variables arrive in the environment exactly as they were typed: neither make nor the shell interprets them.
"""

import argparse
import glob
import os
import re
import sys
from collections.abc import Iterable, Mapping

from daybook.core.config import BuildPaths, paths_from_environment
from daybook.core.errors import ArchiveError

# Quoting as in section 2.2 of POSIX's Shell Command Language. A quote that is never closed matches `letter`.
_PIECE = re.compile(
    r"""'(?P<single>[^']*)'|"(?P<double>(?:[^"\\]|\\.)*)"|\\(?P<escaped>.)|(?P<blank>[ \t\r\n]+)|(?P<letter>.)""",
    re.DOTALL,
)
_ESCAPED_IN_DOUBLE = re.compile(r'\\([$`"\\\n])')
_PATTERN_CHARACTERS = re.compile(r"[*?[]")
# All variables of the Makefile's commands, also of those that only a checkout has
_NAMES = """
    A B CACHE CAPTURED CONF CONTENT DATE DAY DAYS DEFAULT_LANG DIR DRY ENCODING ENTRY FIRST_DAY FORCE FORMAT FROM LIST
    MINUTES MOST NEW OLD OUTLET OUTPUT PAGES PARTS PORT PUSH PYTHON REASON RECORDS REPOSITORY ROUNDS SAVED SCALE
    SITENAME SITEURL STRICT TAG TIMEZONE TO URL VERSION WHEEL ZONE
"""
VARIABLES = frozenset(_NAMES.split())
_LIKENESS = 0.7  # of a name to the variable that is probably meant, as difflib measures it
_PATH_HELP = {
    "content": "the content folder; default: $CONTENT or content",
    "output": "the folder for the site; default: $OUTPUT or output",
    "conf": "the settings file; default: $CONF or pelican.conf.py",
    "cache": "the cache folder; default: $CACHE or .cache",
    "siteurl": "the site's address, such as https://example.org/archive; default: $SITEURL",
}


def add_path_arguments(parser: argparse.ArgumentParser, *names: str) -> None:
    """Declare options for fields of BuildPaths."""
    for name in names:
        parser.add_argument(f"--{name}", metavar="URL" if name == "siteurl" else "PATH", help=_PATH_HELP[name])


def build_paths(options: argparse.Namespace, environ: Mapping[str, str]) -> BuildPaths:
    """Return the paths that options name, else environment variables, else the defaults."""
    named = {name.upper(): value for name in _PATH_HELP if (value := getattr(options, name, None)) is not None}
    return paths_from_environment({**environ, **named})


def check_typed_names(names: Iterable[str]) -> None:
    """Check the names of variables that were typed after `make`.

    One that is almost a variable of Daybook's is an ArchiveError: a command would do something else without it, such as
    read no page. Any other unknown name may be for the settings file, and is a warning on standard error.
    """
    for name in sorted(set(names) - VARIABLES):
        import difflib  # noqa: PLC0415 - only for a message

        reason = f"{name}= is not a variable of Daybook"
        for meant in difflib.get_close_matches(name.upper(), sorted(VARIABLES), n=1, cutoff=_LIKENESS):
            raise ArchiveError(f"{reason}; did you mean {meant}=?")
        print(f"warning: {reason}; make alone lists the commands and their variables", file=sys.stderr)


def split_words(text: str) -> list[str]:
    """Split text at white space, with quotes and backslashes as in a POSIX shell.

    Nothing is expanded. A quote without its partner, and a backslash at the very end, stand for
    themselves, so that ``it's.html`` is one word.
    """
    words: list[str] = []
    inside = False
    for match in _PIECE.finditer(text):
        kind, piece = str(match.lastgroup), match[str(match.lastgroup)]
        if kind == "blank":
            inside = False
            continue
        if kind == "escaped" and piece == "\n":  # a continued line
            continue
        if kind == "double":
            piece = _ESCAPED_IN_DOUBLE.sub(lambda escape: escape[1].strip("\n"), piece)
        if inside:
            words[-1] += piece
        else:
            words.append(piece)
        inside = True
    return words


def split_paths(text: str) -> list[str]:
    """Return the paths that text names.

    Text that names an existing file or folder is one path; other text is split by `split_words`. A leading
    ``~/`` is the home folder. A path with ``*``, ``?`` or ``[`` that does not exist is a pattern: it stands for
    the files and folders that match, in sorted order, without hidden ones and, as in a folder, without hint files.

    Raises ArchiveError if a word is empty or a pattern matches nothing.
    """
    whole = _from_home(text)
    if text and os.path.lexists(whole):
        return [whole]
    return [path for word in split_words(text) for path in _paths(word)]


def read_count(name: str, text: str, most: int) -> int:
    """Return the whole number from 1 to `most` that the variable `name` holds; raise ArchiveError for anything else."""
    digits = text.strip()
    if re.fullmatch("[0-9]{1,18}", digits) and 1 <= int(digits) <= most:
        return int(digits)
    raise ArchiveError(f"{name}={text} is not a number from 1 to {most}; write it in digits, such as {name}=30")


def read_switch(name: str, text: str, *, default: bool = False) -> bool:
    """Return whether the variable `name` says yes; empty text is the default.

    Raises ArchiveError for any other word: to guess could write what was not meant to be written.
    """
    word = text.strip()
    if not word:
        return default
    if word in ("0", "no", "false"):
        return False
    if word in ("1", "yes", "true"):
        return True
    raise ArchiveError(f"{name}={text} is not a yes or no; write {name}=1 or {name}=0")


def _paths(word: str) -> list[str]:
    if not word:
        raise ArchiveError("a file name is empty ('' or \"\"); remove the quotes")
    path = _from_home(word)
    if not _PATTERN_CHARACTERS.search(word) or os.path.lexists(path):
        return [path]
    found = glob.glob(_from_home(word, pattern=True))  # noqa: PTH207 - Path.glob takes no absolute pattern
    if not word.endswith(".toml"):  # the suffix of hint files
        found = [path for path in found if not path.endswith(".toml")]
    if not found:
        raise ArchiveError("no file has this name or matches this pattern; check the path", path=word)
    return sorted(found)


def _from_home(path: str, pattern: bool = False) -> str:
    """Put the home folder in place of a leading ``~/``, in a pattern as literal text."""
    if not path.startswith("~/"):
        return path
    home = os.path.expanduser("~")  # noqa: PTH111 - Path.home raises where there is none
    return (glob.escape(home) if pattern else home) + path[1:]
