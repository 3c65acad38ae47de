"""Examples in docstrings give the results that they show."""

import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize("name", ["hashing", "model", "record"])
def test_examples_in_docstrings(name: str) -> None:
    results = doctest.testmod(import_module(f"daybook.core.{name}"))
    assert results.attempted and not results.failed
