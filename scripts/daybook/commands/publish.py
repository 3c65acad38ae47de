"""`daybook publish`, `daybook release` and `daybook check`: everything between a build and its readers."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from daybook.archive.content import ADDRESS_LIST, dump_addresses, load_addresses
from daybook.archive.content_check import (
    check_content,
    check_file,
    collect_errors,
    doubtful_entries,
    find_unknown_files,
)
from daybook.archive.story_files import STORY_ADDRESSES, dump_story_addresses
from daybook.commands.arguments import add_path_arguments, build_paths
from daybook.core.config import BuildPaths, load_config
from daybook.core.errors import ArchiveError, error_message
from daybook.core.files import lock_folders, replace_file
from daybook.core.pictures import FILES_FOLDER
from daybook.publish.checks import addresses_missing_from, check_site, missing_address_errors, size_errors
from daybook.site.build import build_site, build_site_in_full, is_build_unfinished
from daybook.site.inputs import STATIC_FOLDER, published_paths


def add_publish_arguments(parser: argparse.ArgumentParser) -> None:
    add_path_arguments(parser, "content", "output", "conf", "cache", "siteurl")


def publish(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Build the site for SITEURL and add its new addresses to the list of published ones.

    Returns 1, with a line for each reason, where nothing may be published: SITEURL is missing, a published address
    is gone, the site is too large, or a build did not finish. The list is then left as it was.
    """
    paths = build_paths(options, environ)
    addresses_file = paths.content / ADDRESS_LIST
    errors: list[Exception] = []
    with collect_errors(errors.append):
        config = load_config(paths)
        if not config.paths.siteurl:
            raise ArchiveError("make publish needs the site's address: SITEURL=https://example.org/archive")
        with lock_folders(paths.content, paths.output):
            published, (present, stories) = load_addresses(paths.content), build_site_in_full(config)
            errors += [*missing_address_errors(paths.content, published, present), *size_errors(paths.output)]
            # A process on another computer that writes the same folder, over a network, does not see our lock.
            if is_build_unfinished(config):
                reason = "a build of this folder has not finished; run make publish again"
                errors.append(ArchiveError(reason, path=paths.output))
            if not errors:
                replace_file(addresses_file, dump_addresses(published | present), durable=True)
                if stories:
                    replace_file(paths.content / STORY_ADDRESSES, dump_story_addresses(stories), durable=True)
    if errors:
        _report(errors)
        unchanged = f"{addresses_file} is unchanged"
        print(f"Not ready to publish: {unchanged}. Do not upload {paths.output}.", file=sys.stderr)
        return 1
    count = len(present - published)
    noun = "address" if count == 1 else "addresses"
    print(f"{addresses_file}: {f'{count} new {noun}; commit the file' if count else 'no new address'}")
    print(f"The site to publish is {paths.output}")
    return 0


def add_release_arguments(parser: argparse.ArgumentParser) -> None:
    add_path_arguments(parser, "content", "output", "conf", "cache", "siteurl")


def release(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Build the site, write its release next to it, list the files with their sizes, and return 0."""
    from daybook.publish.release import make_release  # noqa: PLC0415 - only this command needs SQLite and zip files

    config = load_config(build_paths(options, environ))
    with lock_folders(config.paths.content, config.paths.output):
        build_site(config, look=True)
        folder = make_release(config.paths.output)
    here = Path.cwd()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        print(f"{path.stat().st_size:>12,}  {path.relative_to(here) if path.is_relative_to(here) else path}")
    return 0


def add_diff_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "List what differs between two releases: entries added, removed and changed."
    parser.add_argument("old", nargs="?", metavar="OLD", help="a folder of make release, or its archive.sqlite; $OLD")
    parser.add_argument("new", nargs="?", metavar="NEW", help="the same of the newer release; default: $NEW or release")
    parser.add_argument("--json", action="store_true", help="print one JSON object for each difference")


def diff(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Print the differences of two releases, with counts at the end, and return 0."""
    from daybook.publish.release_diff import compare_releases, difference_lines  # noqa: PLC0415 - needs SQLite

    old, new = options.old or environ.get("OLD", ""), options.new or environ.get("NEW", "") or "release"
    if not old:
        raise ArchiveError("name the older release: OLD=path/of/release NEW=release")
    differences = compare_releases(Path(old), Path(new))
    for line in difference_lines(differences, as_json=options.json):
        print(line)
    return 0


def add_check_arguments(parser: argparse.ArgumentParser) -> None:
    files_help = "read only these files of the content, as a commit hook does"
    parser.add_argument("files", nargs="*", metavar="FILE", help=files_help)
    add_path_arguments(parser, "content", "output", "conf", "cache", "siteurl")


def check(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Read all content, build the site and check it; return 1 with a line for each mistake, or 0.

    If the content holds a mistake, the site is not built: its mistakes would only follow from it.
    """
    errors: list[Exception] = []
    if options.files:
        for name in options.files:
            with collect_errors(errors.append):
                check_file(Path(name))
        return _report(errors)
    paths = build_paths(options, environ)
    published, zone = [STATIC_FOLDER, FILES_FOLDER], ""
    with collect_errors(errors.append):
        config = load_config(paths)
        zone = config.zone_name
        published = published_paths(config)
    counts = check_content(paths.content, errors.append, zone)
    unknown, warnings = find_unknown_files(paths.content, published)
    errors += unknown
    read = ", ".join(f"{count} {kind if count != 1 else kind[:-1]}" for kind, count in counts.items())
    print(f"{paths.content}: {read}, {_count_errors(errors) or 'no errors'}")
    if _report(errors):
        for warning in warnings:
            print(f"warning: {warning}", file=sys.stderr)
        return 1
    for line in doubtful_entries(paths.content):
        print(f"warning: {line}", file=sys.stderr)
    with lock_folders(paths.content, paths.output):
        for line in build_site(config, look=True):
            if not line.startswith("published"):  # a missing address is an error here, not a warning
                print(f"warning: {line}", file=sys.stderr)
        status = _check_built_site(config.paths)
    if missing := config.publication.missing:
        print(f"{paths.conf}: not set, so not shown: {', '.join(missing)}")
    return status


def _check_built_site(paths: BuildPaths) -> int:
    published = load_addresses(paths.content)
    present = published - set(addresses_missing_from(paths.output, published))
    site_errors = check_site(paths.output, paths.siteurl.rstrip("/"))
    errors = [*site_errors, *missing_address_errors(paths.content, published, present)]
    status = _report(errors)
    print(f"{paths.output}: {_count_errors(errors) or 'no errors in pages, links or published addresses'}")
    return status


def _count_errors(errors: Sequence[Exception]) -> str:
    return f"{len(errors)} error{'s' if len(errors) > 1 else ''}" if errors else ""


def _report(errors: Sequence[Exception]) -> int:
    """Print errors on standard error and return the exit status."""
    for error in errors:
        print(error_message(error), file=sys.stderr)
    return 1 if errors else 0
