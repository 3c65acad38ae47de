"""Which pages the site has, and the values that each template needs.

- `day_page`: a day, its tombstones and its correction links
- `entry_pages`: one entry
- `month_inputs`: what decides about the pages of a month's days and entries
- `story_pages`: stories, the list of them, former addresses
- `band`: the picture of the whole event on the home page
- `calendar_pages`: the home page, weeks, months and years
- `topic_pages`: topics and their months
- `routes`: all other pages, redirects, and research pages
- `about`: the facts of the about page
"""
