"""Merge parsed pages into the day files of the content folder, and read the content folder.

`from_record`: records to entries · `identity`: live blogs and strong ids · `corrections`: whether one wording can be a
correction of another · `credits`: which capture printed which wording · `day_sources`: the captures of a day ·
`stored_posts`: the entries of a live blog that a page can have · `pairing`: which of them an entry of the page is ·
`day_head`: title and lede of a day · `merge`: the entries of one page into the days ·
`day_store`: day files loaded and written together ·
`ingest`: pages into day files, ledgers · `tombstones`: withdraw, move and join entries ·
`branches`: days that two branches changed · `time_zone`: headings of another zone · `similarity`: nearly equal
texts · `front_matter`: the header of a file · `day_file`: the format of days · `topics`: topic files and their
aliases in text · `story_files`: corrections of stories, and their addresses ·
`frequent_names`: names without a topic ·
`published_files`: pictures and other files that are published as they are ·
`content`: all files of the folder · `content_check`: every mistake in them ·
`turning_points`: the days that the home page names · `dataset`: rows for downloads.
"""
