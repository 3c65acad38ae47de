"""Coverage-guided input for the oracle: `python -m harden.fuzz SECONDS FINDS`.

The first byte chooses the door, the rest is what comes in. Whatever escapes is kept in the
folder FINDS, one file for each place in the code, and the run goes on.
"""

import hashlib
import sys
import traceback
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["daybook", "markdown_it", "bs4"]):
    from harden import oracle

HINTS: dict[str, object] = {"date": "2031-04-09", "zone": "GMT"}
WORDS = (
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


def one(data: bytes) -> None:
    """Send one input through one door."""
    door, rest = data[:1], data[1:]
    text = rest.decode("utf-8", "ignore")
    match door[0] % 8 if door else 0:
        case 0 | 1:
            oracle.check_fragment(text)
        case 2 | 3:
            oracle.check_page(b"<!doctype html><title>x</title>" + rest, HINTS)
        case 4:
            oracle.check_page(rest, HINTS)
        case 5:
            oracle.check_markdown(text)
        case 6:
            oracle.check_day_file("---\ntitle: x\ndate: 2031-04-09\n---\n" + text)
        case _:
            oracle.check_record_line(rest)


def main(seconds: str, finds: str) -> None:
    """Run for some seconds; libFuzzer prints its counts and ends the process."""
    folder = Path(finds)
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    dictionary = folder / "words.txt"
    quoted = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in WORDS)
    dictionary.write_text("\n".join(f'"{word}"' for word in quoted))

    def guarded(data: bytes) -> None:
        try:
            one(data)
        except Exception as error:
            frames = traceback.extract_tb(error.__traceback__)[-3:]
            place = " < ".join(f"{Path(frame.filename).name}:{frame.name}" for frame in reversed(frames))
            place = f"{type(error).__name__} {place}"
            path = folder / f"find-{hashlib.sha256(place.encode()).hexdigest()[:8]}"
            if not path.exists():
                path.write_bytes(data)
                path.with_suffix(".txt").write_text(f"{place}\n{error}\n\n{traceback.format_exc()}")

    options = [f"-max_total_time={seconds}", f"-dict={dictionary}", "-max_len=2000", "-timeout=20", "-verbosity=1"]
    atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={folder}/slow-", str(corpus)], guarded)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
