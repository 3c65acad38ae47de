"""Which first row makes a text a table of posts. It needs no HTML, so that plain text is recognized quickly."""

_COLUMNS = {
    "at": "at datetime timestamp published published_at publishedat pubdate created created_at date_time instant",
    "date": "date day datum tag",
    "time": "time clock hour uhrzeit zeit",
    "headline": "headline title heading titel schlagzeile überschrift",
    "text": "text body content description message summary inhalt beschreibung",
    "author": "author authors by creator autor",
    "id": "id guid key",
    "url": "url link address",
    "updated": "updated updated_at modified edited",
}
FIELDS = {name: field for field, names in _COLUMNS.items() for name in names.split()}
_DELIMITERS = ",;\t|"


def csv_delimiter(first_line: str) -> str:
    """Return the delimiter of a table whose first line names a time and a text; "" for other lines."""
    for delimiter in _DELIMITERS:
        names = [name.strip().strip('"').strip().lower() for name in first_line.lstrip("\ufeff").split(delimiter)]
        fields = {FIELDS.get(name, "") for name in names}
        if len(names) > 1 and fields & {"at", "date", "time"} and fields & {"text", "headline"}:
            return delimiter
    return ""
