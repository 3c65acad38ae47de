"""Read a part of a crawl in which some pages end their process, as a page does that needs too much memory."""

import os
import signal
from pathlib import Path
from typing import Any
from unittest import mock

from daybook.crawl import part as crawl_part
from daybook.crawl.plan import CrawlOptions, CrawlPart

ALWAYS, ONCE = "deadly", "deadly-once"  # in the address of a page


def read_deadly_part(part: CrawlPart, options: CrawlOptions, folder: str) -> str:
    """Do what `read_part` does; kill this process at a page whose address says so."""
    parse = crawl_part.parse_capture

    def parse_or_die(capture: Any, *arguments: Any) -> Any:
        deaths = Path(folder) / f"{capture.url.rpartition('/')[2]}.deaths"
        number = len(deaths.read_bytes()) if deaths.exists() else 0
        if (ONCE in capture.url and not number) or (ALWAYS in capture.url and ONCE not in capture.url):
            deaths.write_bytes(b"x" * (number + 1))
            os.kill(os.getpid(), signal.SIGKILL)
        return parse(capture, *arguments)

    with mock.patch.object(crawl_part, "parse_capture", parse_or_die):
        return crawl_part.read_part(part, options, folder)
