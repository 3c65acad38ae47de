"""The archive's settings. `make` passes this file to Pelican; CONF= names another."""

SITENAME = "Russia–Ukraine war: a daybook"

# The date of day 1. The live blogs this archive starts from count so: they print 465 for
# 2 June 2023. Others take 24 February 2022 as day 1 and print 464 for the same date.
FIRST_DAY = "2022-02-23"

# The zone of all headings and pages, and the places whose clocks stand beside it.
TIMEZONE = "UTC"
PLACES = {"Kyiv": "Europe/Kyiv"}

# The language of the entries, where a day or an entry names no other.
DEFAULT_LANG = "en"

# The repository's address on its forge, such as https://forge.example/owner/name. With it,
# each entry links to its line in its day file; the content folder lies at the top.
REPOSITORY = ""

# What the ids in feeds are made of, beside dates and anchors. Change SITENAME if you like,
# but leave this as it is once a feed has readers: they would meet every entry anew.
ARCHIVE_ID = "Russia–Ukraine war: a daybook"

# What Pelican needs when it is called without make.
PATH = "content"
THEME = "theme"
PLUGIN_PATHS = ["scripts"]
PLUGINS = ["daybook.site.pelican_plugin"]
CACHE_PATH = ".cache"
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
