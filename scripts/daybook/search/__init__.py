"""Entries → counts → shards, and lunr.js to ask them: all that the site needs of search.

In the order data passes: `document` (what an entry and a day are to search) · `analysis` (text
to terms) · `counts` (a day's frequencies) · `segments` (base and recent, numbers, postings) ·
`order` (of terms) · `rows`, `shards`, `cards`, `vocabulary` and `topic_table` (files) ·
`indexing` (a segment from nothing), `splice` and `reindexing` (the same from what it was) ·
`manifest` (what finds them) · `index` (all of it) · `minify` · `lunr_js`.
The other half is `theme/static/js/search*`.
"""
