"""Turn saved live-blog pages into an archive of Markdown files and a static site.

In the order in which data passes; a folder imports only from folders above it:

- `core`: shared types, errors, text checks, settings, files, Markdown
- `incremental`: a cache, a pool of processes, and an output folder that writes only what changed
- `parse`: saved pages to records
- `archive`: records to day files, and reading the content folder
- `crawl`: live blogs in web archives of any size
- `search`: entries to index files for lunr.js
- `stories`: entries to stories, the ones that report the same continuing matter
- `site`: the Pelican plugin that builds all pages, feeds and data
- `publish`: checks of a finished site, releases, the preview server
- `commands`: the sub-commands
- `cli`: the command line
"""
