"""Live-blog coverage as a lasting archive; the rooms in the order that data passes them.

- `model`, `errors`, `characters`, `settings`, `storage`: the nouns, the one exception, what is text, CONF,
  files as wholes; `commands`: how each command ends; `typed_values`: what a person types into a variable
- `parsing`: a saved page → `records`, the hand-over between any parser and the archive
- `entries`: a record as an entry; `identity`, `likely`, `sources`, `revisions`, `front`, `merge`:
  what is the same, and what a page may change; `ingest`, `ledger`: day files; `batches`, `reporting`,
  `ingest_options`: a person
- `daybook`, with `frontmatter` and `attributes`: Day ⇄ Markdown file; `markup`: Markdown → HTML, text
- `archive`, with `topics` and `links`: the content folder, read and checked as a whole
- `tombstones`: entries that were withdrawn or moved
- `dataset`: an entry as a row, and the dictionary
- `search`: entries → counts → shards
- `sitefile`: a file before it is made; `store`: what builds have made; `workers`: all cores
- `site`: the Pelican plugin that makes pages of it all; `preview`: a server of them that follows builds
- `publishing`: what must hold before a site goes out; `release`: what is handed on of it
"""
