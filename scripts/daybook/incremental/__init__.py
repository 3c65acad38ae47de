"""Build only what has changed; knows nothing of archives.

`cache`: bytes by digest, in SQLite · `workers`: jobs in forked processes · `output`: write and
remove the files of a site.
"""
