"""Layout of regional papers whose posts are ``<div class="live-event-entry" data-post-time="…">``."""

from daybook.parse.web.layouts.base import Layout

LIVE_EVENT = Layout(
    name="live-event",
    marker="live-event-entry",
    entry=".live-event-entry",
    published_attribute="data-post-time",
    modified_attribute="data-last-modified-time",
    headline=".entry-content > h3",
    author=".entry-info > mark",
    key_event='.live-event-entry[data-type="key-event"]',
)
