"""Progress: nothing for two seconds, one line that is replaced on a terminal, plain lines elsewhere."""

import io

import pytest

from daybook.core.progress import show_progress


@pytest.fixture(autouse=True)
def seconds_before_the_first_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """In other tests no work takes long enough to be shown: see conftest.py."""
    monkeypatch.setattr("daybook.core.progress._FIRST", 2.0)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(stream: io.StringIO, seconds: float) -> str:
    times = iter([seconds * number for number in range(6)])
    assert list(show_progress("abcde", 5, "days read", stream, lambda: next(times))) == list("abcde")
    return stream.getvalue()


@pytest.mark.parametrize("stream", [Terminal(), io.StringIO()])
def test_short_work_shows_nothing(stream: io.StringIO) -> None:
    assert shown(stream, 0.3) == ""


def test_a_terminal_has_one_line_that_is_gone_at_the_end() -> None:
    text = shown(Terminal(), 1)
    assert text.split("\r\x1b[K") == ["", *(f"days read: {number} of 5" for number in (2, 3, 4, 5)), ""]


def test_elsewhere_are_plain_lines_now_and_then() -> None:
    assert shown(io.StringIO(), 20) == "days read: 1 of 5\ndays read: 3 of 5\ndays read: 5 of 5\n"
