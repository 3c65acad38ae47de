"""Build the site with Pelican.

- `views`: what templates and feeds show
- `pages`: which pages there are, and their values
- `exports`: feeds, data files, sitemaps, search documents
- `inputs`: everything that a build reads, and its digests
- `load`: content, settings and theme, read and checked
- `builder`: every file of the site, the warnings and the final counts
- `pelican_settings`: which of Pelican's settings an archive can set
- `pelican_plugin`: Pelican's signals, reader, generator and writer
- `pelican_runner`: Pelican run for settings that are loaded already
- `build`: runs Pelican unless nothing has changed
"""
