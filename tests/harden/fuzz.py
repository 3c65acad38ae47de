"""Coverage-guided fuzzing of the checks in `oracle`, with Atheris: `python -m harden.fuzz SECONDS FINDINGS`.

The first byte of an input chooses the check, the others are its data. An input whose check fails is written to the
folder FINDINGS, one file for each position in the code, and the run continues.
"""

import hashlib
import sys
import traceback
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["daybook", "markdown_it", "bs4"]):
    from harden import oracle

HINTS: dict[str, object] = {"date": "2031-04-09", "zone": "GMT"}
# Tokens that libFuzzer inserts into inputs.
TOKENS = (
    *("<p>", "</p>", "<div>", "<article>", "<time datetime=", "2031-04-09T10:00:00Z", "<li>", "<ul>", "<ol>"),
    *("<blockquote>", "<a href=", "https://a.example/", "javascript:", "<b>", "<i>", "<br>", "<pre>", "<table>"),
    *("&amp;", "&#0;", "&#x80;", "&nbsp;", "<!--", "-->", "<![CDATA[", "]]>", "\\", "`", "```", "* ", "- ", "1. "),
    *("## 10:00 x\n", "---\n", "title: x\n", "date: 2031-04-09\n", '[anchor]: # "t1000"\n', "\n\n", "    ", "> "),
    *(
        "1329 GMT ",
        "13:29 ",
        "April 9, 2031\n",
        '{"@type":"LiveBlogPosting"',
        '"liveBlogUpdate":[',
        "</script>",
    ),
    *('{"at":"2031-04-09T10:00:00Z","text":"', '"html":"', "\u00a0", "\u202e", "\u2028", "\ufeff", "\u200b", "\ud7ff"),
    *('<script type="application/ld+json">', '"articleBody":"', '"datePublished":"', "[x](", "](<", "![", "<?xml"),
)


def check_input(data: bytes) -> None:
    """Run the check that the first byte chooses on the other bytes."""
    choice, body = data[:1], data[1:]
    text = body.decode("utf-8", "ignore")
    match choice[0] % 8 if choice else 0:
        case 0 | 1:
            oracle.check_fragment(text)
        case 2 | 3:
            oracle.check_page(b"<!doctype html><title>x</title>" + body, HINTS)
        case 4:
            oracle.check_page(body, HINTS)
        case 5:
            oracle.check_markdown(text)
        case 6:
            oracle.check_day_file("---\ntitle: x\ndate: 2031-04-09\n---\n" + text)
        case _:
            oracle.check_record_line(body)


def main(seconds: str, findings: str) -> None:
    """Run for some seconds; libFuzzer prints its counts and ends the process."""
    folder = Path(findings)
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    dictionary = folder / "words.txt"
    quoted = ("".join(f"\\x{byte:02x}" for byte in token.encode()) for token in TOKENS)
    dictionary.write_text("\n".join(f'"{word}"' for word in quoted))

    def check_and_record(data: bytes) -> None:
        try:
            check_input(data)
        except Exception as error:
            frames = traceback.extract_tb(error.__traceback__)[-3:]
            calls = " < ".join(f"{Path(frame.filename).name}:{frame.name}" for frame in reversed(frames))
            position = f"{type(error).__name__} {calls}"
            path = folder / f"find-{hashlib.sha256(position.encode()).hexdigest()[:8]}"
            if not path.exists():
                path.write_bytes(data)
                path.with_suffix(".txt").write_text(f"{position}\n{error}\n\n{traceback.format_exc()}")

    options = [f"-max_total_time={seconds}", f"-dict={dictionary}", "-max_len=2000", "-timeout=20", "-verbosity=1"]
    atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={folder}/slow-", str(corpus)], check_and_record)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
