"""Plain values for templates, computed from days and topics.

- `urls`: the URL of each page and the stable ids of pages and entries
- `i18n`: dates, numbers, lists, plural categories and text direction of a language
- `words`: the text of the interface in a language
- `view_models`: what templates show of days, entries, topics and calendars
- `entry_view`: one entry for display, with word diffs of its versions
- `main_entries`: the main entries of a day, and the headline that names it
- `busiest_days`: the days that lists name because they have the most entries
- `feed_formats`: the formats of feeds, Atom and JSON Feed
- `theme`: templates, static files, lunr.js and minification
- `summaries`: what a build needs of the days and months that it does not look at
- `day_cache`: all derived data of each day, loaded from the build cache or computed
- `story_views`: links between the chapters of a story, its page and its address
- `citations`: how to cite an entry
- `catalog`: all days, topics, relations, sources and changes of the archive
"""
