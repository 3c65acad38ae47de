"""Check a built site, preview it, commit what was published, and pack it for readers elsewhere.

- `checks`: links, lost addresses and size limits
- `preview`: a local server that reloads pages
- `repository`: commit and push content
- `fetch_pages`: new captures of listed pages
- `generator`: the pinned wheel
- `new_archive`: a repository of its own, and its upgrades
- `release`: zip, SQLite, data package and checksums
- `release_diff`: what differs between two releases
"""
