"""The archive's settings. `make` passes this file to Pelican; CONF= names another."""

SITENAME = "Russia–Ukraine war: a daybook"

# The date of day 1. The live blogs of this archive count 2 June 2023 as day 465. Others take
# 24 February 2022 as day 1 and count the same date as day 464.
FIRST_DAY = "2022-02-23"

# The zone of all headings and pages, and the places whose local time is also shown.
TIMEZONE = "UTC"
PLACES = {"Kyiv": "Europe/Kyiv"}

# The language of the entries, unless a day or an entry names another.
DEFAULT_LANG = "en"

# The repository's address on its forge, such as https://forge.example/owner/name. With it,
# each entry links to its line in its day file. The content folder must be at the top of the repository.
REPOSITORY = ""

# The ids in feeds are made from this, the date and the anchor of an entry. You can change SITENAME
# later, but do not change this once a feed has readers: they would see every entry as new.
ARCHIVE_ID = "Russia–Ukraine war: a daybook"

# Pelican needs these settings when it is called without make.
PATH = "content"
PLUGIN_PATHS = ["scripts"]
PLUGINS = ["daybook.site.pelican_plugin"]
CACHE_PATH = ".cache"
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
