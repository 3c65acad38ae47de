"""Records round-trip, match the published schema, and invalid ones name the field."""

import json
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from hypothesis import given
from paths import ROOT
from strategies import hostile_text

from daybook.archive.from_record import entry_from_record
from daybook.core.errors import ArchiveError
from daybook.core.record import PageSource, Record, dump_record, load_record, record_schema

GOOD = '{"at": "2031-04-09T13:29:00Z", "headline": "h", "text": "t"}'


@given(hostile_text(), hostile_text().filter(str.strip))
def test_record_round_trip(headline: str, text: str) -> None:
    record = Record(at="2031-04-09T13:29:00+02:00", headline=headline, text=text, source=PageSource(lede=(text,)))
    line = dump_record(record)
    assert "\n" not in line
    assert load_record(line) == record
    jsonschema.validate(json.loads(line), record_schema())


@pytest.mark.parametrize("fraction", ["", ".5", ".123456", ".123456789"])
def test_any_precision_of_rfc_3339_is_read(fraction: str) -> None:
    record = load_record(GOOD.replace("13:29:00Z", f"13:29:07{fraction}Z"))
    assert (
        entry_from_record(record, ZoneInfo("UTC")).entry.at
        == f"2031-04-09T13:29:07{fraction[:7].ljust(7 * bool(fraction), '0')}+00:00"
    )


def test_published_schema_is_up_to_date() -> None:
    published = json.loads((ROOT / "docs" / "record.schema.json").read_text())
    assert published == record_schema(), "write it again: python -m daybook schema > docs/record.schema.json"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ('{"text": "t"}', "either `at`"),
        ('{"at": "2031-04-09T13:29:00Z", "date": "2031-04-09", "text": "t"}', "either `at`"),
        ('{"at": "2031-04-09T13:29:00", "text": "t"}', "UTC offset"),
        ('{"at": "2031-04-09", "text": "t"}', "UTC offset"),
        ('{"at": "2031-02-30T13:29:00Z", "text": "t"}', "invalid time"),
        ('{"at": "2031-04-09T25:29:00Z", "text": "t"}', "invalid time"),
        ('{"date": "2031-02-30", "text": "t"}', "invalid record"),
        ('{"at": "2031-04-09T13:29:00Z", "headline": "h"}', "exactly one of"),
        ('{"at": "2031-04-09T13:29:00Z", "text": "t", "html": "<p>t</p>"}', "exactly one of"),
        ('{"at": "2031-04-09T13:29:00Z", "text": " "}', "are empty"),
        ('{"at": "2031-04-09T13:29:00Z", "text": 7}', r"\$\.text"),
        ('{"at": "2031-04-09T13:29:00Z", "text": "t", "mood": "glad"}', "mood"),
        ('{"at": "2031-04-09T13:29:00Z", "text": "t", "topics": ["../x"]}', "invalid slug"),
        ('{"at": "2031-04-09T13:29:00Z", "text": "t\\u0000"}', r"U\+0000"),
        ('{"at": "2031-04-09T13:29:00Z", "text": "t", "updated": "now"}', "`updated`"),
        ('{"at": "2031-04-09T13:29:00Z", "text": "t", "source": {"captured": "now"}}', "`captured`"),
        ('{"at": "2031-04-09T13:29:00Z", "text": "t", "found": "guessed"}', "found"),
        ("[]", "invalid record"),
        ("{", "invalid record"),
        (b"\xff", "invalid record"),
    ],
)
def test_error_names_the_invalid_field(change: str | bytes, reason: str) -> None:
    with pytest.raises(ArchiveError, match=reason):
        load_record(change)


def test_schema_refuses_what_the_types_refuse() -> None:
    validator = jsonschema.Draft202012Validator(record_schema())
    good = json.loads(GOOD)
    assert validator.is_valid(good)
    for change in ({"html": "x"}, {"date": "2031-04-09"}, {"mood": 1}, {"topics": ["../x"]}, {"found": "guessed"}):
        assert not validator.is_valid({**good, **change}), change
