"""CSS selectors for the posts of single outlets.

Most pages need none: `find_posts` finds the elements that repeat on a page. To add a layout,
write a module with a `Layout`, add it to `LAYOUTS`, and add a page with its expected result to
``tests/fixtures/pages``.

- `base`: the `Layout` type
- `live_event`: regional papers with ``live-event-entry`` elements
- `schema_markup`: any outlet that uses schema.org microdata or RDFa
"""

from daybook.parse.web.layouts.base import Layout
from daybook.parse.web.layouts.live_event import LIVE_EVENT
from daybook.parse.web.layouts.schema_markup import SCHEMA_MARKUP

# The first layout that finds posts on a page is used.
LAYOUTS: tuple[Layout, ...] = (LIVE_EVENT, SCHEMA_MARKUP)
