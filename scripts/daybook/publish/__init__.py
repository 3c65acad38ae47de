"""A built site → what is handed on: the same site, its data and its checksums, to be kept anywhere.

`bundle` (one zip that works from a folder) · `database` (SQLite, full text) · `package`
(Frictionless data package) · `checksums`. `release` puts all of them into one folder.
Same site, same bytes.
"""
