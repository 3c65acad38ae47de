"""Mistaken and malicious inputs by kind, and the line that reports each to its author."""

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from catalogs import load_catalog

from daybook.archive.day_file import load_day
from daybook.archive.from_record import entry_from_record
from daybook.archive.topics import build_topic_matcher, load_topic
from daybook.core.config import BuildPaths, load_config
from daybook.core.errors import ArchiveError
from daybook.core.record import load_record
from daybook.parse import parse
from daybook.parse.input_files import read_hints

ACCEPTED = "accepted"  # the report of an input that was read without a note

HEAD = "---\ntitle: x\ndate: 2031-04-09\n---\n"
POST = "1329 GMT Rain on the quay\n\nIt rained on the quay all day.\n"
PAGE = f"Harbour live\n\nApril 9, 2031\n\n{POST}".encode()
AT = "2031-04-09T10:00:00Z"
HTML = "<!doctype html><html><head><title>Harbour</title></head><body>"
BLOG = {"@type": "LiveBlogPosting", "headline": "Harbour", "datePublished": AT}

PAGES: dict[str, bytes] = {
    "nothing": b"",
    "only white space": b" \n\t\n",
    "only a byte order mark": b"\xef\xbb\xbf",
    "cp1252": PAGE.replace(b"quay", b"qu\xe1y"),
    "incomplete UTF-8 at the end": PAGE.rstrip() + b"\xe2\x82",
    "incomplete UTF-8 in the middle": PAGE.replace(b"quay", b"\xf0\x9f\x8cquay", 1),
    "overlong slash": PAGE + b"\xc0\xaf\n",
    "a surrogate in UTF-8": PAGE + b"\xed\xa0\x80\n",
    "a code point above U+10FFFF": PAGE + b"\xf4\x90\x80\x80\n",
    "UTF-16 without a byte order mark": PAGE.decode().encode("utf-16-le"),
    "incomplete UTF-16": b"\xff\xfe" + PAGE.decode().encode("utf-16-le")[:-1],
    "incomplete UTF-32": b"\xff\xfe\0\0" + b"a",
    "a NUL": PAGE + b"a\0b\n",
    "a line of 1,000,001 characters": PAGE + b"x" * 1_000_001,
    "a page over 50 MB": b"x\n" * 25_000_001,
    "a page of over 500,000 lines": PAGE + b"x\n" * 500_000,
    "records of over 500,000 lines": b'{"at": "2031-04-09T10:00:00Z", "text": "x"}\n' + b"x\n" * 500_000,
    "HTML of over 400,000 tags": f"{HTML}{'<p>' * 400_000}".encode(),
    "a PDF": b"%PDF-1.7\n",
    "a ZIP": b"PK\x03\x04rest",
    "a WARC": b"WARC/1.1\n",
    "gzip cut short": gzip.compress(PAGE)[:-9],
    "gzip damaged": b"\x1f\x8b\x08\0" + b"\xff" * 60,
    "gzip within gzip": gzip.compress(gzip.compress(PAGE)),
    "a gzip bomb": gzip.compress(b"\0" * 60_000_000),
    "other data after gzip": gzip.compress(PAGE) + b"more",
    "no clock time": b"Harbour live\n\nApril 9, 2031\n\nIt rained on the quay all day.\n",
    "no date": f"Harbour live\n\n{POST}".encode(),
    "an impossible date": f"Harbour live\n\nFebruary 30, 2031\n\n{POST}".encode(),
    "an impossible hour": b"Harbour live\n\nApril 9, 2031\n\n2460 GMT Rain\n\nIt rained.\n",
    "an unknown zone": b"Harbour live\n\nApril 9, 2031\n\n1329 XYZ Rain\n\nIt rained.\n",
    "an ambiguous date": f"Harbour live\n\n04/05/2031\n\n{POST}".encode(),
    "HTML without an entry": f"{HTML}<p>It rained on the quay.</p>".encode(),
    "HTML without content": HTML.encode(),
    "HTML that is too deep": (HTML + "<div>" * 300 + "x").encode(),
    "HTML in cp1252 that declares UTF-8": b"<!doctype html><meta charset=utf-8><p>qu\xe1y",
    "HTML in an unknown encoding": b"<!doctype html><meta charset=x-none><p>qu\xe1y",
    "broken JSON": b'{"@type": "LiveBlogPosting", ',
    "JSON that is too deep": b'{"@type":' + b"[" * 100_000,
    "JSON of over 500,000 objects": b"[" + b"{}," * 500_000 + b"{}]",
    "HTML with JSON-LD of over 500,000 objects": (
        HTML + f'<script type="application/ld+json">[{"{}," * 250_000}{{}}]</script>' * 2
    ).encode(),
    "JSON without a blog": b'{"@type": "Person", "name": "x"}',
    "a blog without updates": json.dumps(BLOG).encode(),
    "a blog with a broken time": json.dumps(
        BLOG | {"liveBlogUpdate": [{"headline": "x", "articleBody": "It rained.", "datePublished": "soon"}]}
    ).encode(),
    "a blog with an impossible time": json.dumps(
        BLOG | {"liveBlogUpdate": [{"headline": "x", "articleBody": "y", "datePublished": "2031-02-30T10:00:00Z"}]}
    ).encode(),
    "a blog with an empty update": json.dumps(BLOG | {"liveBlogUpdate": [{"datePublished": AT}]}).encode(),
    "HTML with broken JSON-LD": f'{HTML}<script type="application/ld+json">{{"@type": </script><p>x'.encode(),
    "an invalid record": b'{"at": "2031-04-09T10:00:00Z", "txt": "x"}',
}

HINTS: dict[str, dict[str, object]] = {
    "an unknown hint": {"day": "1"},
    "a date in words": {"date": "yesterday"},
    "an impossible date": {"date": "2031-02-30"},
    "a date with a time": {"date": "2031-02-03T10:00"},
    "an unknown zone": {"zone": "Mars/Olympus"},
    "an offset of more than a day": {"zone": "+99:00"},
    "an address of another scheme": {"url": "javascript:alert(1)"},
    "an address with a space": {"url": "https://a.example/ b"},
    "a capture without an offset": {"captured": "2031-04-09T10:00:00"},
    "an impossible capture": {"captured": "2031-04-31T10:00:00Z"},
    "an unknown format": {"format": "docx"},
    "a number": {"zone": 7},
}

RECORDS: dict[str, bytes] = {
    "not JSON": b"entry",
    "a list": b"[]",
    "null": b"null",
    "cut short": b'{"at": "2031-04-09T10:00:00Z", "text": "x',
    "not UTF-8": b'{"at": "2031-04-09T10:00:00Z", "text": "\xff"}',
    "a lone surrogate": b'{"at": "2031-04-09T10:00:00Z", "text": "\\ud800"}',
    "JSON that is too deep": b'{"authors": ' + b"[" * 100_000,
    **{
        name: json.dumps(value).encode()
        for name, value in {
            "no time": {"text": "x"},
            "two times": {"at": AT, "date": "2031-04-09", "text": "x"},
            "a time without an offset": {"at": "2031-04-09T10:00:00", "text": "x"},
            "a week date": {"at": "2031-W15-3T10:00:00Z", "text": "x"},
            "an impossible day": {"at": "2031-02-30T10:00:00Z", "text": "x"},
            "an impossible hour": {"at": "2031-02-03T25:00:00Z", "text": "x"},
            "a leap second": {"at": "2031-06-30T23:59:60Z", "text": "x"},
            "an instant in digits of another script": {"at": "\u0662\u0660\u0663\u0661-04-09T10:00:00Z", "text": "x"},
            "year 0": {"at": "0000-01-01T00:00:00Z", "text": "x"},
            "an instant before year 1": {"at": "0001-01-01T00:00:00+14:00", "text": "x"},
            "an instant after year 9999": {"at": "9999-12-31T23:59:00-14:00", "text": "x"},
            "a day of year 9999": {"date": "9999-12-31", "text": "x"},
            "an update before year 1": {"at": AT, "text": "x", "updated": "0001-01-01T00:00:00+14:00"},
            "an offset of more than a day": {"at": "2031-04-09T10:00:00+99:00", "text": "x"},
            "a date in words": {"date": "today", "text": "x"},
            "an impossible date": {"date": "2031-02-30", "text": "x"},
            "no body": {"at": AT, "headline": "x"},
            "two bodies": {"at": AT, "text": "x", "html": "y"},
            "no headline and no body": {"at": AT, "text": " "},
            "an unknown field": {"at": AT, "text": "x", "mood": "glad"},
            "a number for text": {"at": AT, "text": 7},
            "text for a list": {"at": AT, "text": "x", "topics": "nato"},
            "text for a boolean": {"at": AT, "text": "x", "key": "yes"},
            "an impossible topic": {"at": AT, "text": "x", "topics": ["../x"]},
            "a topic in capitals": {"at": AT, "text": "x", "topics": ["NATO"]},
            "a topic in Cyrillic": {"at": AT, "text": "x", "topics": ["nаto"]},
            "an empty topic": {"at": AT, "text": "x", "topics": [""]},
            "a topic of 81 letters": {"at": AT, "text": "x", "topics": ["a" * 81]},
            "a NUL": {"at": AT, "text": "a\0b"},
            "an escape character in the headline": {"at": AT, "text": "x", "headline": "\x1b[31m"},
            "a control character in a caption": {"at": AT, "text": "x", "source": {"captions": [{"text": "\x07"}]}},
            "an unknown value of found": {"at": AT, "text": "x", "found": "guessed"},
            "an update in words": {"at": AT, "text": "x", "updated": "later"},
            "a capture in words": {"at": AT, "text": "x", "source": {"captured": "later"}},
            "a javascript: address": {"at": AT, "text": "x", "source": {"url": "javascript:alert(1)"}},
            "a data: address": {"at": AT, "text": "x", "source": {"url": "data:text/html,x"}},
            "an address with a quote": {"at": AT, "text": "x", "source": {"url": 'https://a.example/"x'}},
            "an address of 2,100 characters": {"at": AT, "text": "x", "source": {"url": f"https://{'a' * 2100}"}},
            "an address with a password": {"at": AT, "text": "x", "source": {"url": "https://me:pass@a.example/"}},
            "an address that hides its host": {
                "at": AT,
                "text": "x",
                "source": {"url": "https://a.example\\@b.example"},
            },
            "an address without a host": {"at": AT, "text": "x", "source": {"url": "https:///a.example"}},
            "a file: address": {"at": AT, "text": "x", "source": {"url": "file:///etc/passwd"}},
            "an unknown field of the source": {"at": AT, "text": "x", "source": {"site": "y"}},
            "a printed day in words": {"at": AT, "text": "x", "source": {"printed_day": "one"}},
            "a printed day that is too large": {"at": AT, "text": "x", "source": {"printed_day": 2**64 - 1}},
            "a caption without text": {"at": AT, "text": "x", "source": {"captions": [{"credit": "y"}]}},
            "Markdown that opens an entry": {"at": AT, "markdown": "x\n\n## 10:00 y"},
            "Markdown with a heading": {"at": AT, "markdown": "# y"},
            "Markdown with an underlined heading": {"at": AT, "markdown": "y\n==="},
            "HTML that is too deep": {"at": AT, "html": "<div>" * 300 + "x"},
        }.items()
    },
}

DAYS: dict[str, str] = {
    "nothing": "",
    "no front matter": "## 10:00 x\n",
    "no end of the front matter": "---\ntitle: x\n",
    "no date": "---\ntitle: x\n---\n",
    "a partial date": "---\ntitle: x\ndate: 2031-04\n---\n",
    "an impossible date": "---\ntitle: x\ndate: 2031-02-30\n---\n",
    "the calendar's last day": "---\ntitle: x\ndate: 9999-12-31\n---\n",
    "a date with a time": "---\ntitle: x\ndate: 2031-04-09 10:00\n---\n",
    "a key twice": "---\ntitle: x\ntitle: y\ndate: 2031-04-09\n---\n",
    "an unknown key": "---\nsave_as: ../../x.html\n---\n",
    "another unknown key": "---\nstatus: draft\n---\n",
    "a template": "---\ntemplate: ../../x\n---\n",
    "a key in capitals": "---\nTitle: x\n---\n",
    "a list for a title": "---\ntitle: [1]\ndate: 2031-04-09\n---\n",
    "broken JSON": '---\ntitle: "x\n---\n',
    "JSON that is too deep": f"---\ntitle: {'[' * 100_000}\n---\n",
    "text for sources": "---\ndate: 2031-04-09\nsources: s1\n---\n",
    "a source that is text": '---\ndate: 2031-04-09\nsources:\n  - "s1"\n---\n',
    "a source without a key": '---\ndate: 2031-04-09\nsources:\n  - {"title": "x"}\n---\n',
    "a source with an unknown key": '---\ndate: 2031-04-09\nsources:\n  - {"key": "s1", "titel": "x"}\n---\n',
    "a key of a source twice": '---\ndate: 2031-04-09\nsources:\n  - {"key": "s1", "title": "x", "title": "y"}\n---\n',
    "two sources with the same key": '---\ndate: 2031-04-09\nsources:\n  - {"key": "s1"}\n  - {"key": "s1"}\n---\n',
    "a printed day that is too large": (
        '---\ndate: 2031-04-09\nsources:\n  - {"key": "s1", "printed_day": 99999999999999999999}\n---\n'
    ),
    "a javascript: address": '---\ndate: 2031-04-09\nsources:\n  - {"key": "s1", "url": "javascript:1"}\n---\n',
    "an impossible source date": '---\ndate: 2031-04-09\nsources:\n  - {"key": "s1", "date": "2031-02-30"}\n---\n',
    "a caption without text": '---\ndate: 2031-04-09\ncaptions:\n  - {"credit": "x"}\n---\n',
    "a span that ends before it starts": '---\ndate: 2031-04-09\ncollected: "10:00-09:00"\n---\n',
    "a span past midnight": '---\ndate: 2031-04-09\ncollected: "10:00-24:01"\n---\n',
    "a span in words": "---\ndate: 2031-04-09\ncollected: all\n---\n",
    "hour 24": HEAD + "## 24:00 x\n",
    "minute 60": HEAD + "## 10:60 x\n",
    "an hour of one digit": HEAD + "## 9:10 x\n",
    "a full stop for the colon": HEAD + "## 09.10 x\n",
    "a time with seconds": HEAD + "## 09:10:30 x\n",
    "emphasis in a headline": HEAD + "## 09:10 *x*\n",
    "a link in a headline": HEAD + "## 09:10 [x](https://a.example)\n",
    "an image in a headline": HEAD + "## 09:10 ![x](https://a.example)\n",
    "a heading in the lede": HEAD + "# x\n",
    "an underlined heading": HEAD + "## 09:10 x\n\ntext\n---\n",
    "a heading in a quotation": HEAD + "## 09:10 x\n\n> # y\n",
    "an anchor twice": HEAD + '## 09:10 x\n[anchor]: # "t0910"\n## 09:20 y\n[anchor]: # "t0910"\n',
    "an anchor with a path": HEAD + '## 09:10 x\n[anchor]: # "../../x"\n',
    "an anchor in digits of another script": HEAD + '## 09:10 x\n[anchor]: # "t\u0660\u0669\u0661\u0660"\n',
    "a time in digits of another script": HEAD + "## \u0660\u0669:\u0661\u0660 x\n",
    "an anchor with markup": HEAD + '## 09:10 x\n[anchor]: # "t0910\\"><script>"\n',
    "an attribute twice": HEAD + '## 09:10 x\n[id]: # "a"\n[id]: # "b"\n',
    "an unknown attribute": HEAD + '## 09:10 x\n[mood]: # "glad"\n',
    "a malformed attribute": HEAD + "## 09:10 x\n[id]: # glad\n",
    "a broken escape": HEAD + '## 09:10 x\n[id]: # "\\q"\n',
    "a lone surrogate in the title": '---\ntitle: "\\ud800"\ndate: 2031-04-09\n---\n',
    "a NUL in the title of a source": '---\ndate: 2031-04-09\nsources:\n  - {"key": "s1", "title": "\\u0000"}\n---\n',
    "an escape character in an author's name": HEAD + '## 09:10 x\n[author]: # "\\u001b[31m"\n',
    "a control character in a revision": HEAD + '## 09:10 x\n[former]: # \'{"headline": "\\u0007"}\'\n',
    "a topic without a sign": HEAD + '## 09:10 x\n[topics]: # "nato"\n',
    "a topic with a path": HEAD + '## 09:10 x\n[topics]: # "+../x"\n',
    "a time in words": HEAD + '## 09:10 x\n[at]: # "soon"\n',
    "an update in words": HEAD + '## 09:10 x\n[updated]: # "soon"\n',
    "an instant after year 9999": HEAD + '## 09:10 x\n[at]: # "9999-12-31T23:59:00-14:00"\n',
    "a key that is not yes": HEAD + '## 09:10 x\n[key]: # "no"\n',
    "an unknown value of found": HEAD + '## 09:10 x\n[found]: # "guessed"\n',
    "a revision that is text": HEAD + '## 09:10 x\n[former]: # "y"\n',
    "a revision with an unknown key": HEAD + '## 09:10 x\n[former]: # \'{"text": "y"}\'\n',
    "a revision with a number for text": HEAD + "## 09:10 x\n[former]: # '{\"headline\": 7}'\n",
}

TOPICS: dict[str, tuple[str, str]] = {
    "no name": ("x", "---\nkind: theme\n---\n"),
    "an unknown kind": ("x", "---\nname: x\nkind: ship\n---\n"),
    "an unknown key": ("x", "---\nname: x\ntemplate: y\n---\n"),
    "an empty alias": ("x", '---\nname: x\naliases:\n  - ""\n---\n'),
    "an alias of one letter": ("x", '---\nname: x\naliases:\n  - "k"\n---\n'),
    "an alias of white space": ("x", '---\nname: x\naliases:\n  - "   "\n---\n'),
    "a stop word": ("x", '---\nname: x\naliases:\n  - "The"\n---\n'),
    "an alias that starts with punctuation": ("x", '---\nname: x\naliases:\n  - ".*"\n---\n'),
    "an alias with two spaces": ("x", '---\nname: x\naliases:\n  - "a  b"\n---\n'),
    "a number": ("x", "---\nname: x\naliases:\n  - [7]\n---\n"),
    "aliases as text": ("x", "---\nname: x\naliases: nato\n---\n"),
    "an empty exclusion": ("x", '---\nname: x\nexclusions:\n  - ""\n---\n'),
    "a lone surrogate in the name": ("x", '---\nname: "\\ud800"\n---\n'),
    "a file name in capitals": ("NATO", "---\nname: x\n---\n"),
    "a file name with a dot": ("a.b", "---\nname: x\n---\n"),
    "a file name of hyphens": ("--", "---\nname: x\n---\n"),
    "a file name in decomposed letters": ("cafe\u0301", "---\nname: x\n---\n"),
    "a file name in composed letters": ("caf\u00e9", "---\nname: x\n---\n"),
    "a file name with a path": ("../x", "---\nname: x\n---\n"),
    "a file name too long": ("a" * 81, "---\nname: x\n---\n"),
}

SETTINGS: dict[str, str] = {
    "nothing": "",
    "no first day": 'SITENAME = "x"\n',
    "no name": 'FIRST_DAY = "2031-04-08"\n',
    "an empty name": 'SITENAME = " "\nFIRST_DAY = "2031-04-08"\n',
    "a partial date": 'SITENAME = "x"\nFIRST_DAY = "2031-04"\n',
    "a number for a date": 'SITENAME = "x"\nFIRST_DAY = 2031\n',
    "an unknown zone": 'SITENAME = "x"\nFIRST_DAY = "2031-04-08"\nTIMEZONE = "Mars/Olympus"\n',
    "a zone with a path": 'SITENAME = "x"\nFIRST_DAY = "2031-04-08"\nTIMEZONE = "../../etc/passwd"\n',
    "places as a list": 'SITENAME = "x"\nFIRST_DAY = "2031-04-08"\nPLACES = ["Kyiv"]\n',
    "a place without a zone": 'SITENAME = "x"\nFIRST_DAY = "2031-04-08"\nPLACES = {"Kyiv": ""}\n',
    "a number for a repository": 'SITENAME = "x"\nFIRST_DAY = "2031-04-08"\nREPOSITORY = 7\n',
    "a number for a place": 'SITENAME = "x"\nFIRST_DAY = "2031-04-08"\nPLACES = {5: "Europe/Kyiv"}\n',
    "a number for a zone": 'SITENAME = "x"\nFIRST_DAY = "2031-04-08"\nPLACES = {"Kyiv": 2}\n',
    "a place with a lone surrogate": 'SITENAME = "x"\nFIRST_DAY = "2031-04-08"\nPLACES = {"\\ud800": "Europe/Kyiv"}\n',
    "a name with a lone surrogate": 'SITENAME = "caf\\udce9"\nFIRST_DAY = "2031-04-08"\n',
    "a number for a language": 'SITENAME = "x"\nFIRST_DAY = "2031-04-08"\nDEFAULT_LANG = 5\n',
    "an empty language": 'SITENAME = "x"\nFIRST_DAY = "2031-04-08"\nDEFAULT_LANG = ""\n',
    "None for an id": 'SITENAME = "x"\nFIRST_DAY = "2031-04-08"\nARCHIVE_ID = None\n',
    "broken Python": "SITENAME = (\n",
    "a program that fails": "1 / 0\n",
    "a program that exits": "raise SystemExit\n",
    "not UTF-8": 'SITENAME = "\udcff"\n',
}

CONFLICT = "<<<<<<< HEAD\n## 11:00 Ours\n\nRain.\n\n=======\n## 11:00 Theirs\n\nSun.\n\n>>>>>>> branch\n"

# The files of a content folder by path. A text that begins with -> is the target of a symbolic link.
TREES: dict[str, dict[str, str]] = {
    "a day in the wrong file": {"days/2031/2031-04-08.md": HEAD},
    "a day in the wrong year": {"days/2030/2031-04-09.md": HEAD},
    "a day in a file with another name": {"days/x.md": HEAD},
    "another file among the days": {"days/2031/notes.txt": "x"},
    "an HTML file among the days": {"days/2031/2031-04-09.html": "<script>1</script>"},
    "a symbolic link among the days": {"days/2031/2031-04-09.md": "-> /etc/passwd"},
    "a symbolic link for a year": {"days/2031": "-> /etc"},
    "a symbolic link among the topics": {"topics/x.md": "-> /etc/passwd"},
    "a symbolic link among the pages": {"pages/x.md": "-> /etc/passwd"},
    "two topics that differ in case": {
        "topics/nato.md": "---\nname: x\n---\n",
        "topics/NATO.md": "---\nname: y\n---\n",
    },
    "a topic twice, once in a subfolder": {
        "topics/a/x.md": "---\nname: x\n---\n",
        "topics/x.md": "---\nname: y\n---\n",
    },
    "one alias for two topics": {
        "topics/a.md": '---\nname: a\naliases:\n  - "quay"\n---\n',
        "topics/b.md": '---\nname: b\naliases:\n  - "quay"\n---\n',
    },
    "one alias in two Unicode forms": {
        "topics/a.md": '---\nname: a\naliases:\n  - "caf\u00e9"\n---\n',
        "topics/b.md": '---\nname: b\naliases:\n  - "cafe\u0301"\n---\n',
    },
    "a page without a title": {"pages/x.md": "---\n---\n"},
    "a page at the site's own address": {"pages/days.md": "---\ntitle: x\n---\n"},
    "a page at a year's address": {"pages/2031.md": "---\ntitle: x\n---\n"},
    "a page with save_as": {"pages/x.md": "---\ntitle: x\nsave_as: ../x\n---\n"},
    "a page in HTML": {"pages/x.html": "<script>1</script>"},
    "a page's name in capitals": {"pages/About.md": "---\ntitle: x\n---\n"},
    "a NUL in a day": {"days/2031/2031-04-09.md": HEAD + "\nx\0y\n"},
    "an escape character in a page": {"pages/x.md": "---\ntitle: x\n---\n\x1b[31m\n"},
    "a Git merge conflict in a day file": {"days/2031/2031-04-09.md": f"{HEAD}## 10:00 x\n\ny\n\n{CONFLICT}"},
    "a Git merge conflict in a topic file": {"topics/x.md": f"---\nname: x\n---\n\n{CONFLICT}"},
    "a Git merge conflict in a page": {"pages/x.md": f"---\ntitle: x\n---\n\n{CONFLICT}"},
    "a day that is not UTF-8": {"days/2031/2031-04-09.md": HEAD + "\udce9"},
}


def _page(data: bytes) -> str:
    page = parse(data, read_hints({}), "page")
    notes = [note.text for note in page.notes]
    unread = [f"not understood: {line.text[:60]}" for line in page.lines if line.role.value == "not understood"]
    return "; ".join([*(str(problem) for problem in page.problems), *notes, *unread][:3])


def _record(line: bytes) -> str:
    entry_from_record(load_record(line), ZoneInfo("UTC"))
    return ""


def _topic(case: tuple[str, str]) -> str:
    build_topic_matcher([load_topic(case[1], case[0])])
    return ""


def _settings(text: str, folder: Path) -> str:
    (folder / "conf.py").write_bytes(text.encode("utf-8", "surrogateescape"))
    load_config(BuildPaths(conf=folder / "conf.py"))
    return ""


def _tree(tree: dict[str, str], folder: Path) -> str:
    for name, text in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text.startswith("-> "):
            path.symlink_to(text[3:])
        else:
            path.write_bytes(text.encode("utf-8", "surrogateescape"))
    load_catalog(folder)
    return ""


def cases() -> Iterator[tuple[str, Callable[[Path], str]]]:
    """Yield the name of every case and a function that processes it in a folder and returns the notes on it."""
    for name, data in PAGES.items():
        yield f"page: {name}", lambda _, data=data: _page(data)
    for name, hints in HINTS.items():
        yield f"hint: {name}", lambda _, hints=hints: str(read_hints(hints))
    for name, line in RECORDS.items():
        yield f"record: {name}", lambda _, line=line: _record(line)
    for name, text in DAYS.items():
        yield f"day file: {name}", lambda _, text=text: str(load_day(text).date)
    for name, topic in TOPICS.items():
        yield f"topic file: {name}", lambda _, topic=topic: _topic(topic)
    for name, text in SETTINGS.items():
        yield f"settings: {name}", lambda folder, text=text: _settings(text, folder)
    for name, tree in TREES.items():
        yield f"content: {name}", lambda folder, tree=tree: _tree(tree, folder)


def report_of(send: Callable[[Path], str], folder: Path) -> str:
    """Process a case and return the line that reports it, ACCEPTED if nothing is reported."""
    try:
        notes = send(folder)
    except ArchiveError as error:
        message = str(error).replace(f"{folder}/", "").replace(str(folder), "content")
        return f"refused: {message}"
    return f"read, with notes: {notes}" if notes else ACCEPTED
