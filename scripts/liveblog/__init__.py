"""Live-blog coverage as a lasting archive; the rooms in the order that data passes them.

- `model`, `errors`, `settings`, `storage`: the nouns, the one exception, CONF, files as wholes
- `parsing`: a saved page → `records`, the hand-over between any parser and the archive
- `entries`, `identity`, `merge`, `ingest`: records → the day files; `batches`, `reporting` speak to a person
- `daybook`, with `frontmatter` and `attributes`: Day ⇄ Markdown file; `markup`: Markdown → HTML, text
- `archive`, with `topics`: the content folder, read and checked as a whole
- `search`: entries → counts → shards
- `site`: the Pelican plugin that makes pages of it all
"""
