"""Regional papers that set each post as ``<div class="live-event-entry" data-post-time="…">``."""

from .layout import Layout

LIVE_EVENT = Layout(
    name="live-event",
    sign="live-event-entry",
    entry=".live-event-entry",
    made_in="data-post-time",
    changed_in="data-last-modified-time",
    headline=".entry-content > h3",
    author=".entry-info > mark",
    key='.live-event-entry[data-type="key-event"]',
)
