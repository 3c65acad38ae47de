"""The archive's settings. `make` passes this file to Pelican; CONF= names another."""

SITENAME = "Russia–Ukraine war: a daybook"

# The date of day 1. The live blogs this archive starts from count so: they print 465 for
# 2 June 2023. Others take 24 February 2022 as day 1 and print 464 for the same date.
FIRST_DAY = "2022-02-23"

# The zone of all headings and pages, and the places whose clocks stand beside it.
TIMEZONE = "UTC"
PLACES = {"Kyiv": "Europe/Kyiv"}

# The address of the repository on its forge, if the site is to link to it.
REPOSITORY = ""

# What Pelican needs when it is called without make.
PATH = "content"
THEME = "theme"
PLUGIN_PATHS = ["scripts"]
PLUGINS = ["liveblog.site"]
CACHE_PATH = ".cache"
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
