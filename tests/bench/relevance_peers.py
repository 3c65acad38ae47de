"""Ask other search programs the same queries: SQLite FTS5, MiniSearch and Pagefind.

Each function returns for each query the first ten headlines. Queries are plain words, given to each program as its
documentation recommends.
"""

import html
import json
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from paths import ROOT
from playwright.sync_api import Browser
from serving import Server

from bench.pagefind import pagefind_command
from daybook.core.record import Record

DEPTH = 10
MINISEARCH = "minisearch@7.2.0"
_NPM_FOLDER = ROOT / ".cache" / "bench"
# MiniSearch with its defaults, words joined by OR, and with the prefixes and typing errors that its guide suggests.
_MINISEARCH_SCRIPT = """
const MiniSearch = require("minisearch");
const {entries, queries, options} = JSON.parse(require("fs").readFileSync(0, "utf8"));
const index = new MiniSearch({fields: ["headline", "text"]});
index.addAll(entries.map(([headline, text], id) => ({id, headline, text})));
const ask = (q) => index.search(q, {boost: {headline: 3}, ...options}).slice(0, 10);
const answers = queries.map((q) => ask(q).map(({id}) => entries[id][0]));
process.stdout.write(JSON.stringify(answers));
"""
_PAGEFIND_SCRIPT = """async (q) => {
  window.pagefind = window.pagefind || await import("./pagefind/pagefind.js");
  const {results} = await pagefind.search(q);
  return (await Promise.all(results.slice(0, 10).map((result) => result.data()))).map(({meta}) => meta.title);
}"""

Answers = list[list[str]]


def ask_fts5(records: Sequence[Record], queries: Sequence[str], joined_by: str) -> Answers:
    """Ask SQLite FTS5 with its Porter stemmer; words are joined by AND or OR, the headline weighs three times."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE entries USING fts5(headline, text, tokenize='porter unicode61')")
    rows = [(record.headline, str(record.text)) for record in records]
    database.executemany("INSERT INTO entries VALUES (?, ?)", rows)
    select = "SELECT headline FROM entries WHERE entries MATCH ? ORDER BY bm25(entries, 3, 1), rowid LIMIT ?"
    answers = []
    for query in queries:
        words = " ".join(re.findall(r"\w+", query)).split()
        match = f" {joined_by} ".join(f'"{word}"' for word in words)
        answers.append([headline for (headline,) in database.execute(select, (match, DEPTH))])
    return answers


def install_minisearch() -> bool:
    """Install MiniSearch from npm if it is missing; return whether it is there."""
    if not shutil.which("npm"):
        return False
    if not (_NPM_FOLDER / "node_modules" / "minisearch").is_dir():
        _NPM_FOLDER.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(_NPM_FOLDER), MINISEARCH]
        subprocess.run(command, check=False)
    return (_NPM_FOLDER / "node_modules" / "minisearch").is_dir()


def ask_minisearch(records: Sequence[Record], queries: Sequence[str], options: dict[str, object]) -> Answers:
    """Ask MiniSearch in Node with search options beside the headline's weight of three."""
    asked = {"entries": [(r.headline, str(r.text)) for r in records], "queries": list(queries), "options": options}
    command = ["node", "-e", _MINISEARCH_SCRIPT]
    ran = subprocess.run(command, input=json.dumps(asked).encode(), capture_output=True, check=True, cwd=_NPM_FOLDER)
    answers: Answers = json.loads(ran.stdout)
    return answers


def ask_pagefind(browser: Browser, records: Sequence[Record], queries: Sequence[str]) -> Answers:
    """Ask Pagefind, which indexes one page for each entry, in the browser."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, record in enumerate(records):
            title, text = html.escape(record.headline), html.escape(str(record.text))
            page = f'<!doctype html><html lang="en"><title>{title}</title><body><h1>{title}</h1><p>{text}</p>'
            (folder / f"{number}.html").write_text(page, encoding="utf-8")
        subprocess.run(pagefind_command(folder), check=True, stdout=subprocess.DEVNULL)
        (folder / "index.html").write_text("<!doctype html><title>Search</title>", encoding="utf-8")
        server = Server(folder)
        page = browser.new_page()
        page.goto(server.url)
        answers = [page.evaluate(_PAGEFIND_SCRIPT, query) for query in queries]
        page.close()
        server.stop()
    return answers
