"""Dates and times: as pages print them, as machines write them, and the date of each post.

- `names`: months, weekdays and other words around times, in many languages
- `zones`: time zone words and offsets
- `dates`: every date in a text, in any order and language
- `printed`: clock times, dates and day numbers in the text of a page
- `tokens`: every clock time in a text, in any order and language
- `header_dates`: the date of a page, in a line of its header that has other words
- `instants`: ISO 8601 and epoch times; local times to instants
- `days`: the day of each clock time of a page, by its order
- `dating`: outline and hints to dated records
"""
