"""Find the live blogs of web crawls: many WARC files, read in parts by Dask.

- `plan`: addresses that a person names → the parts of their files
- `part`: one part of a WARC file → a folder with its captures, the outcomes of pages, and a report
- `engine`: maps parts over this process, the cores of this machine, or a running cluster
- `results`: all parts → records by live blog and day, a summary, a list

A module imports only from modules above it in this list.
"""
