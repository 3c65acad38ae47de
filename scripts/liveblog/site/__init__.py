"""The Pelican plugin: the only home of pelican.

In the order of a build: `build` (is anything to be done? then it runs Pelican) · `plumbing` (its
settings) · `plugin` (its signals) · `press` (one build) · `loading` (all that goes in; `makers`
digest what is not content) · `day_parts`, `collection` (each day made once) · `edition` (the
archive as a whole) · `days`, `home`, `months`, `topic_pages`, `pages` (what each page shows) ·
`articles`, `prose` (days and prose as Pelican's content) · `linked_data`, `day_data`,
`data_rows`, `data_files`, `feed_items`, `feeds`, `discovery` (the same for programs) · `files`
(every file of the site and what it depends on) · `rendering` (templates) · `generator`,
`writer`, `output`, `last_build` (out they go, where they changed) · `check` (looks at the result) ·
`content_check` (names every mistake of the content).

`views`, `overviews` and `page` are what templates see; `names`, `words`, `languages`, `assets`,
`imprint`, `corrections` serve them. `tombstones`, `redirects` keep addresses; `provenance`,
`provenance_feed` tell where all comes from; `research_pages` are the pages of both.
"""


def register() -> None:
    """Connect to Pelican, which calls this; a build that finds nothing to do never imports it."""
    from .plugin import connect  # noqa: PLC0415

    connect()
