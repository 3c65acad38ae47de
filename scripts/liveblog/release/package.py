"""CSV files → the descriptor of a Frictionless data package: dictionary, sizes, checksums."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..dataset import FIELDS
from .checksums import sha256


def dump_package(name: str, title: str, tables: Sequence[Path]) -> bytes:
    """Write datapackage.json for tables that lie beside it; `name` is a slug."""
    package = {
        "profile": "tabular-data-package",
        "name": name,
        "title": title,
        "resources": [_resource(path) for path in tables],
    }
    return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()


def _resource(path: Path) -> dict[str, Any]:
    fields = [{"name": field.name, "type": field.type, "description": field.meaning} for field in FIELDS]
    return {
        "profile": "tabular-data-resource",
        "name": f"entries-{path.stem}",
        "path": path.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256(path)}",
        "schema": {"fields": fields, "missingValues": [""], "primaryKey": "address"},
    }
