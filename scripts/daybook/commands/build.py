"""`daybook build`, `daybook serve` and `daybook clean`."""

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from daybook.commands.arguments import add_path_arguments, build_paths
from daybook.core.config import Config, load_config
from daybook.core.files import lock_folders
from daybook.site.build import build_site, remove_site

_CODE = Path(__file__).resolve().parents[1]
_DEFAULT_PORT = "8000"


def add_build_arguments(parser: argparse.ArgumentParser) -> None:
    add_path_arguments(parser, "content", "output", "conf", "cache", "siteurl")


def build(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Build the site and return 0."""
    config = load_config(build_paths(options, environ))
    with lock_folders(config.paths.content, config.paths.output):
        warnings = build_site(config)
    for warning in warnings:
        print(f"warning: {warning}", file=sys.stderr)
    print(f"Site built: {config.paths.output / 'index.html'}")
    return 0


def add_serve_arguments(parser: argparse.ArgumentParser) -> None:
    add_path_arguments(parser, "content", "output", "conf", "cache")
    parser.add_argument("--port", help=f"default: $PORT or {_DEFAULT_PORT}")


def serve(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Build and serve the site until Ctrl-C; return 1 if it cannot be built or served."""
    from watchfiles import watch  # noqa: PLC0415 - only this command needs these two, and they take time to import

    from daybook.publish.preview import BuildCounter, start_server  # noqa: PLC0415

    config = load_config(build_paths(options, environ))
    paths = config.paths
    paths.content.mkdir(parents=True, exist_ok=True)
    folders = (*config.theme_folders, *config.template_folders, *config.plugin_folders)
    sources = [path for path in (paths.content, paths.conf, *folders, _CODE) if path.exists()]
    watched = watch(*sources, debounce=200, step=50, rust_timeout=100, yield_on_timeout=True, raise_interrupt=False)
    next(watched, None)  # changes count from here on, also those made during the first build
    if not _build_in_subprocess(config, environ):
        return 1
    builds, port = BuildCounter(), options.port or environ.get("PORT") or _DEFAULT_PORT
    try:
        server = start_server(paths.output, int(port), builds)
    except (ValueError, OverflowError, OSError) as error:
        print(f"PORT={port}: {error}; choose another port, such as PORT=8001", file=sys.stderr)
        return 1
    print(f"Serving {paths.output} on http://127.0.0.1:{server.server_address[1]}/ (press Ctrl-C to stop)", flush=True)
    try:
        for changes in watched:
            if changes and _build_in_subprocess(config, environ):
                builds.count_build()
    finally:
        server.shutdown()
    return 0


def _build_in_subprocess(config: Config, environ: Mapping[str, str]) -> bool:
    """Run `daybook build` and return whether it succeeded. A new process sees changes of settings and code."""
    import subprocess  # noqa: PLC0415 - only `serve` needs it

    names = {name.upper(): str(getattr(config.paths, name)) for name in config.paths.__struct_fields__}
    environment = {**os.environ, **environ, **names}
    return subprocess.run([sys.executable, "-m", "daybook", "build"], check=False, env=environment).returncode == 0


def add_clean_arguments(parser: argparse.ArgumentParser) -> None:
    add_path_arguments(parser, "content", "output", "conf", "cache")


def clean(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Remove the built site and return 0."""
    remove_site(load_config(build_paths(options, environ)))
    return 0
