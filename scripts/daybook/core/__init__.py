"""Shared types, text checks, settings and file access.

`errors`: ArchiveError · `text`: JSON, XML and checks of text ·
`progress`: how far long work is · `pictures`: pictures in Markdown ·
`model`: entries, days and topics ·
`record`: JSON lines that parsers write · `publication`: licence, authors, contact ·
`config`: settings and paths · `files`: read, replace and
lock · `toml`: files of settings that persons write ·
`markdown`: convert from and to HTML and plain text · `hashing`: digests.
"""
