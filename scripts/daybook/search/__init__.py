"""Search index: turn the documents of each day into files that lunr.js reads in the browser.

In the order in which data passes: `document` (the indexed fields of an entry, data of a day, result files), `analysis`
(text to words), `term_counts` (term frequencies of a day), `postings` (postings lists and their encoding), `families`
(the forms of a word), `shards` (index files of a range of terms each), `segments` (document ids, an index built from
nothing), `incremental_index` (the same index after some days changed), `index` (all files, the manifest among them).
`theme/static/js/search` reads the files.
"""
