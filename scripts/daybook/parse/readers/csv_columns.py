"""Which first row makes a text a table of posts. It needs no HTML, so that plain text is recognized quickly."""

import csv
import re
from io import StringIO
from itertools import islice

_COLUMNS = {  # of about thirty languages
    "at": "at datetime timestamp published published_at publishedat pubdate created created_at date_time instant"
    " zeitpunkt zeitstempel horodatage дата_время",
    "date": "date day datum tag jour fecha día data giorno dia dag dato päivämäärä pvm dzień dátum den tarih gün дата"
    " день датум ημερομηνία תאריך التاريخ تاريخ تاریخ 日付 日期 날짜 tanggal tarikh ngày วันที่ तारीख kuupäev datums"
    " dagsetning dată",
    "time": "time clock hour uhrzeit zeit heure hora ora ore orario tijd tijdstip tid tidspunkt klokkeslæt klokkeslett"
    " kellonaika aika godzina czas čas idő időpont óra saat время час време сат vrijeme ura ώρα שעה الوقت ساعت 時刻"
    " 时间 時間 시간 시각 jam waktu masa giờ เวลา समय kellaaeg laiks laikas tími oră",
    "headline": "headline title heading titel schlagzeile überschrift titre titular título titolo titulo kop rubrik"
    " overskrift tittel otsikko tytuł nagłówek nadpis titulek cím başlık заголовок заглавие наслов naslov τίτλος כותרת"
    " العنوان عنوان 見出し タイトル 标题 標題 제목 judul tajuk tiêu_đề หัวข้อ शीर्षक pealkiri virsraksts antraštė"
    " fyrirsögn titlu títol",
    "text": "text body content description message summary inhalt beschreibung texte contenu texto contenido testo"
    " contenuto conteúdo tekst inhoud innehåll innhold indhold teksti sisältö treść szöveg tartalom metin içerik текст"
    " содержание зміст садржај tekst sadržaj vsebina besedilo κείμενο טקסט النص نص متن 本文 正文 內容 内容 본문 내용"
    " teks isi nội_dung เนื้อหา पाठ sisu teksts tekstas texti conținut",
    "author": "author authors by creator autor auteur autore författare forfatter kirjoittaja szerző yazar автор"
    " συντάκτης מחבר الكاتب نویسنده 著者 作者 작성자 기자 penulis tác_giả autoare",
    "id": "id guid key",
    "url": "url link address lien enlace adresse адрес",
    "updated": "updated updated_at modified edited geändert aktualisiert modifié modificado modificato обновлено",
}
FIELDS = {name: field for field, names in _COLUMNS.items() for name in names.split()}
_DELIMITERS = ",;\t|"
_SAMPLE = 8  # rows below the first one
_FEWEST_ROWS = 2
_FEWEST_COLUMNS = 3
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4}")
_INSTANT = re.compile(rf"(?:{_DATE.pattern})[T ,]{{1,2}}{_CLOCK.pattern}\s?(?:Z|[+-]\d\d:?\d\d|[A-Z]{{1,5}})?")
_SHORTEST_TEXT = 20  # characters of a usual text


def csv_delimiter(first_line: str) -> str:
    """Return the delimiter of a table whose first line names a time and a text; "" for other lines."""
    for delimiter in _DELIMITERS:
        names = [name.strip().strip('"').strip().lower() for name in first_line.lstrip("\ufeff").split(delimiter)]
        fields = {FIELDS.get(name, "") for name in names}
        if len(names) > 1 and fields & {"at", "date", "time"} and fields & {"text", "headline"}:
            return delimiter
    return ""


def columns_by_content(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the delimiter and the fields of a table whose first row has unknown names, such as in another language.

    The columns are known by what the rows below hold: an instant, or a date and a clock; the longest texts; and left of
    these, texts of their own, which are headlines.

    Returns:
        "" and no fields if the text is no such table.
    """
    for delimiter in _DELIMITERS:
        try:
            rows = list(islice(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True), _SAMPLE + 1))
        except csv.Error:
            continue
        rows = [row for row in rows if any(cell.strip() for cell in row)]
        if len(rows) <= _FEWEST_ROWS or len(rows[0]) < _FEWEST_COLUMNS or len({len(row) for row in rows}) > 1:
            continue
        fields = _fields([[cell.strip() for cell in column] for column in zip(*rows[1:], strict=True)])
        is_named = not any(_CLOCK.fullmatch(name.strip()) for name in rows[0])
        if is_named and "text" in fields and ("at" in fields or {"date", "time"} <= set(fields)):
            return delimiter, tuple(fields)
    return "", ()


def _fields(columns: list[list[str]]) -> list[str]:
    """Return the field of each column, "" for one that is not known."""
    patterns = (("at", _INSTANT), ("date", _DATE), ("time", _CLOCK))
    fields = [
        next((field for field, pattern in patterns if all(map(pattern.fullmatch, cells))), "") for cells in columns
    ]
    fields = ["" if field in fields[:index] else field for index, field in enumerate(fields)]
    lengths = [
        0 if field or any(cell.startswith("http") for cell in cells) else sum(map(len, cells)) // len(cells)
        for field, cells in zip(fields, columns, strict=True)
    ]
    longest = lengths.index(max(lengths))
    if lengths[longest] >= _SHORTEST_TEXT:
        fields[longest] = "text"
        left = longest - 1
        headlines = [cell for cell in columns[left] if cell] if left >= 0 else []
        # Names of authors recur; some of the posts may have no headline.
        is_own = len(headlines) >= _FEWEST_ROWS and len(set(headlines)) == len(headlines)
        if is_own and not fields[left] and lengths[left]:
            fields[left] = "headline" if not all(map(str.isdigit, headlines)) else ""
    return fields
