"""Entries → counts → shards, and lunr.js to ask them: all that the site needs of search.

In the order data passes: `document` (what an entry is to search) · `analysis` (text to
terms) · `counts` (a day's frequencies) · `segments` (base and recent, numbers, postings) ·
`order` (of terms) · `shards`, `cards`, `vocabulary` and `topic_table` (files) · `manifest`
(what finds them) · `index` (all of it) · `cache` (the same, faster) · `minify` · `lunr_js`.
The other half is `theme/static/js/search*`.
"""

from .document import Document
from .index import index_files
from .lunr_js import lunr_script
from .manifest import PATH as MANIFEST_PATH
from .minify import minified

__all__ = ["MANIFEST_PATH", "Document", "index_files", "lunr_script", "minified"]
