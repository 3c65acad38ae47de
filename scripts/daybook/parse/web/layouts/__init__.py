"""Layouts of single outlets: the only place that knows how one of them marks its posts.

Most pages need none: posts are found by what repeats on the page (``finding``). A layout is
one small module with CSS selectors, a row in `LAYOUTS`, and a page under
``tests/fixtures/pages`` with its reading beside it.
"""

from daybook.parse.web.layouts.base import Layout
from daybook.parse.web.layouts.live_event import LIVE_EVENT
from daybook.parse.web.layouts.schema_markup import SCHEMA_MARKUP

LAYOUTS: tuple[Layout, ...] = (LIVE_EVENT, SCHEMA_MARKUP)
