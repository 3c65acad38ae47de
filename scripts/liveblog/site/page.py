"""What a page is before it is rendered."""

from collections.abc import Callable
from typing import Any, NamedTuple


class SitePage(NamedTuple):
    """A page to be rendered: ``SitePage("2023/06/", "month", inputs, values)``.

    `inputs` are whatever `values` reads of the content, in a form that can be digested: with
    equal inputs the page is the same, and `values` need not be called.
    """

    path: str
    template: str
    inputs: object
    values: Callable[[], dict[str, Any]]
