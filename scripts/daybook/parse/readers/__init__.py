"""Readers of files that hold posts as data, one module for each format.

- `base`: the interface of a reader, and what readers share
- `atom_and_rss`: feeds in XML · `json_feed`: JSON Feed
- `live_blog_3`: posts of Live Blog 3 · `wordpress`: the REST API of WordPress
- `block_trees`: the text of a post as a list of elements or a tree of blocks
- `page_model`: data of pages and APIs, as Next.js and the Guardian write it
- `page_scripts`: such data in the scripts of a page
- `telegram`: exports of a channel in JSON · `telegram_html`: the same in HTML · `mastodon`: an outbox
- `csv_table`: a table with a column of times · `csv_columns`: the names of columns
- `json_document`: which of these a JSON document is for

A reader of JSON is a `JsonReader`: it looks at the parsed value and says whether it knows it. They are asked in turn.
"""
