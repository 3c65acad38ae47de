"""Build only what has changed, for any kind of files.

`cache`: bytes by digest, in SQLite · `workers`: jobs in forked processes · `output`: write and
remove the files of a site.
"""
