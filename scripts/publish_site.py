"""Build the site for SITEURL, and refuse it where a published address is gone or a budget broken."""

import os
import sys

from daybook.archive.content import ADDRESS_LIST, dump_addresses, load_addresses
from daybook.cli import run_command
from daybook.core.config import paths_from_environment
from daybook.core.errors import ArchiveError, error_message
from daybook.core.files import lock_folders, replace_file
from daybook.publish.checks import missing_address_errors, size_errors
from daybook.site.build import build_site_in_full, is_build_unfinished


def main() -> int:
    """Return the exit status: 1 where nothing may be published, with a line for each reason."""
    places = paths_from_environment(os.environ)
    path = places.content / ADDRESS_LIST
    try:
        with lock_folders(places.content, places.output):
            published, present = load_addresses(places.content), build_site_in_full(places)
            faults: list[Exception] = [
                *missing_address_errors(places.content, published, present),
                *size_errors(places.output),
            ]
            if is_build_unfinished(places):  # by a process that saw no lock of ours, as over a network
                reason = "a build began to write this output and has not finished; run make publish again"
                faults.append(ArchiveError(reason, path=places.output))
            if not faults:
                replace_file(path, dump_addresses(published | present), durable=True)
    except (ArchiveError, OSError) as error:
        faults = [error]
    for fault in faults:
        print(error_message(fault), file=sys.stderr)
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
    sys.exit(run_command(main))
