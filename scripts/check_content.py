"""Read day, topic and page files named on the command line and tell every mistake: a commit hook."""

import sys
from pathlib import Path

from liveblog.commands import run, told
from liveblog.daybook import load_day
from liveblog.errors import ArchiveError
from liveblog.site.prose import read_page_file
from liveblog.storage import read_text
from liveblog.topics import load_topic


def main(names: list[str]) -> int:
    """Return 1 if any file cannot be read."""
    faults = [fault for name in names if (fault := mistake(Path(name)))]
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def mistake(path: Path) -> str:
    """Give what is wrong with a file, "" if nothing is."""
    try:
        if "topics" in path.parts:
            load_topic(read_text(path), path.stem)
        elif "pages" in path.parts:
            read_page_file(path)
        else:
            load_day(read_text(path))
    except ArchiveError as error:
        return str(error.at(path))
    except OSError as error:
        return told(error)
    return ""


if __name__ == "__main__":
    sys.exit(run(lambda: main(sys.argv[1:])))
