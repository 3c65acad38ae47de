"""Merge parsed pages into the day files of the content folder, and read the content folder.

`from_record`: records to entries · `similarity`: nearly equal texts · `merge`: the entries of one page into one day ·
`ingest`: pages into day files, ledgers · `tombstones`: withdraw and move entries · `front_matter`: the header of a
file · `day_file`: the format of days · `topics`: topic files and their aliases in text · `content`: all files of the
folder · `content_check`: every mistake in them · `dataset`: rows for downloads.
"""
