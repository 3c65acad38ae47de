"""Check a built site, preview it, and pack it for readers elsewhere.

`checks`: links, lost addresses and size limits · `preview`: a local server that reloads pages ·
`release`: zip, SQLite, data package and checksums.
"""
