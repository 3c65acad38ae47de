"""Layouts of single outlets: the only place that knows how one of them marks its posts.

Most pages need none: posts are found by what repeats on the page (``finding``). A layout is
one small module with CSS selectors, a row in `LAYOUTS`, and a page under
``tests/fixtures/pages`` with its reading beside it.
"""

from .layout import Layout
from .live_event import LIVE_EVENT
from .schema_markup import SCHEMA_MARKUP

__all__ = ["LAYOUTS", "Layout"]

LAYOUTS: tuple[Layout, ...] = (LIVE_EVENT, SCHEMA_MARKUP)
