"""The commands of `daybook.cli`. Each is a function `NAME(options, environ)` with an `add_NAME_arguments(parser)`.

- `arguments`: paths and other values that a person types, in options and environment variables
- `ingest`: ingest, parse, schema
- `crawl`: live blogs in web archives of any size
- `merge`: join days that two branches changed · `edit`: withdraw, move, join, zone, mend, convert
- `build`: build, serve, clean
- `publish`: publish, release, diff, check
- `topics`: names without a topic
- `repository`: new, upgrade, fetch, commit
"""
