"""Clock times at the start of a line: stamps, text that only looks like one, and impossible times."""

import re

import pytest

from daybook.parse.time.instants import format_clock
from daybook.parse.time.printed import parse_clock_time

STAMPS = """
1329 GMT Headline                      | 13:29 | GMT    | Headline
13:29 GMT — Headline                   | 13:29 | GMT    | Headline
1329 GMT –– Headline                   | 13:29 | GMT    | Headline
1329 GMT: Headline                     | 13:29 | GMT    | Headline
1329 GMT - Headline – with a dash      | 13:29 | GMT    | Headline – with a dash
1329GMT                                | 13:29 | GMT    |
1329GMT Headline                       | 13:29 | GMT    | Headline
9h05 - Titre                           | 09:05 |        | Titre
12.31 Uhr: zuerst klein                | 12:31 |        | zuerst klein
11.04 Uhr                              | 11:04 |        |
12.53am BST                            | 00:53 | BST    |
12.10pm BST Headline                   | 12:10 | BST    | Headline
1:08PM                                 | 13:08 |        |
1:08 p.m. ET Headline                  | 13:08 | ET     | Headline
21 mins ago11:48                       | 11:48 |        |
13:29+02:00 Headline                   | 13:29 | +02:00 | Headline
13:29 UTC+3: Headline                  | 13:29 | UTC+3  | Headline
13:29Z Headline                        | 13:29 | Z      | Headline
13:29 (GMT) Headline                   | 13:29 | GMT    | Headline
13:29:05 GMT Headline                  | 13:29:05 | GMT | Headline
13:29 GMT (16:29 EEST) Headline        | 13:29 | GMT    | Headline
13:29 GMT / 16:29 EEST — Headline      | 13:29 | GMT    | Headline
1245 GMT (3:45pm local time) Headline  | 12:45 | GMT    | Headline
13:29 NATO meets                       | 13:29 |        | NATO meets
13:29 – 20 boats return                | 13:29 |        | 20 boats return
2014 GMT Headline                      | 20:14 | GMT    | Headline
1329 XYZ Headline                      | 13:29 | XYZ    | Headline
0000 GMT Headline                      | 00:00 | GMT    | Headline
2400 GMT Headline                      | 24:00 | GMT    | Headline
"""

NOT_STAMPS = """
1329 GMT was when it began.
0000 GMT (03:00 AM local), a volley followed
at 0300 GMT
2014
2014 was a dry year
2014 FIFA World Cup opens
1,945 people
12.5 million
12.31 Lower parts flooded
99:99 Score
02.06.2023
2023-06-02
09:00-10:00 Talk
19 Posts
"""

FAULTS = ["2460 GMT H", "7;00", "7;00 GMT H", "929 GMT H", "13290 GMT H", "24:01 GMT H", "13.29pm BST H"]


def _cells(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in row.split("|")] for row in table.strip().splitlines()]


@pytest.mark.parametrize(("text", "clock", "zone", "text_after"), _cells(STAMPS))
def test_stamp_is_parsed(text: str, clock: str, zone: str, text_after: str) -> None:
    stamp = parse_clock_time(text)
    assert stamp and not stamp.fault
    assert (format_clock(stamp.clock), stamp.zone, stamp.text_after) == (clock, zone, text_after)


@pytest.mark.parametrize("text", NOT_STAMPS.strip().splitlines())
def test_sentence_is_not_a_stamp(text: str) -> None:
    assert parse_clock_time(text) is None


@pytest.mark.parametrize("text", FAULTS)
def test_impossible_time_has_a_fault(text: str) -> None:
    stamp = parse_clock_time(text)
    assert stamp and re.fullmatch("invalid time '.+'; correct it", stamp.fault)
