"""Build the site for SITEURL, and refuse it where a published address is gone or a budget broken."""

import os
import sys

from liveblog.commands import run, told
from liveblog.errors import ArchiveError
from liveblog.publishing import dump_addresses, load_addresses, over_budget, refusals
from liveblog.publishing.addresses import FILE
from liveblog.site.build import build_whole, is_unfinished, places_from
from liveblog.storage import locked, replace_file


def main() -> int:
    """Return the exit status: 1 where nothing may be published, with a line for each reason."""
    places = places_from(os.environ)
    path = places.content / FILE
    try:
        with locked(places.content, places.output):
            published, present = load_addresses(places.content), build_whole(places)
            faults: list[Exception] = [*refusals(places.content, published, present), *over_budget(places.output)]
            if is_unfinished(places):  # by a process that saw no lock of ours, as over a network
                reason = "a build began to write this output and has not finished; run make publish again"
                faults.append(ArchiveError(reason, path=places.output))
            if not faults:
                replace_file(path, dump_addresses(published | present), durable=True)
    except (ArchiveError, OSError) as error:
        faults = [error]
    for fault in faults:
        print(told(fault), file=sys.stderr)
    if faults:
        held = f"do not publish what {places.output} holds now"
        print(f"Nothing may be published: the address list stays as it was; {held}.", file=sys.stderr)
        return 1
    new = len(present - published)
    found = f"{new} new {'address' if new == 1 else 'addresses'}; commit the file" if new else "no new address"
    print(f"{path}: {found}")
    print(f"The site to publish is {places.output}")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
