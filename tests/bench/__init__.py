"""Measure the search and the build beside other programs: `make bench` writes `docs/benchmarks.md`.

- `demo`: records of a large invented archive
- `make_demo`: `make demo`, an archive and a site of such records
- `archive`: the archive that is measured
- `index_builds`: the time to build the search index
- `query_costs`: the bytes and the time of a query, `first_query`: those of a reader who has loaded nothing
- `finding`: what the search finds, `relevance` and `relevance_peers`: the order of results for known needs
- `peers`, `pagefind`: the same entries with other programs
- `jobs`: timed builds of whole sites
- `tables`: figures as Markdown, `build_table`: those of builds
- `search`, `speed`: the two programs of `make bench`
- `crawl`: a crawl of some gigabytes, with killed runs and workers; it is run by itself
- `reading`: what reading a page costs; it is run by itself
"""
