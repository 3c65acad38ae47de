"""Dates and times: as pages print them, as machines write them, and the date of each post.

- `zones`: time zone words and offsets
- `printed`: clock times, dates and day numbers in the text of a page
- `instants`: ISO 8601 and epoch times; local times to instants
- `dating`: outline and hints to dated records
"""
