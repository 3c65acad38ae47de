"""Which pages the site has, and the values that each template needs.

- `day_page`: a day, its tombstones and its correction links
- `calendar_pages`: the home page, months and years
- `topic_pages`: topics and their months
- `routes`: all other pages, redirects, and research pages
"""
