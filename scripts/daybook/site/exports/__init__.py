"""The site's files for programs.

- `feeds`: feeds of entries and the feed and log of changes
- `data_files`: files under ``/data/`` and the ``entries.json`` of days and topics
- `discovery`: JSON-LD, sitemaps, robots.txt and OpenSearch
- `data_package`: the data package, tables of topics and sources, schema.org's Dataset and WebSite
- `search_documents`: entries and synonyms for the search index
- `search_places`: days and topics that suggestions and the first row of the results find
- `cards`: pictures for links to days and key entries
"""
