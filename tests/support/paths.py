"""Folders of this checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "fixtures"
SAMPLE = FIXTURES / "sample"  # an archive of two days with topics: content/ and conf.py
