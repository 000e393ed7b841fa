"""Printing two JSON values side by side, for a terminal of any width from 60 columns on."""

import json
import os
import shutil
import sys
import textwrap
from itertools import zip_longest

MIN_WIDTH, MAX_WIDTH = 60, 160


class Page:
    """Where and how the demo prints."""

    def __init__(self, stream=sys.stdout):
        self.stream = stream
        terminal = stream.isatty()
        self.colours = terminal and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
        columns = shutil.get_terminal_size((100, 24)).columns
        self.width = max(MIN_WIDTH, min(MAX_WIDTH, columns))

    def paint(self, code: str, text: str) -> str:
        """`text` with a colour, where there are colours."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colours else text

    def line(self, text: str = "") -> None:
        """Prints one line at once, so that progress is visible."""
        print(text, file=self.stream, flush=True)

    def heading(self, text: str) -> None:
        """A title above a line."""
        self.line()
        for part in textwrap.wrap(text, self.width):
            self.line(self.paint("1", part))

    def columns(self, left_title: str, left: object, right_title: str, right: object) -> None:
        """Two values beside each other; text stays as it is, anything else is shown as JSON."""
        width = (self.width - 3) // 2
        rows_left, rows_right = lines(left, width), lines(right, width)
        for a, b in zip_longest(lines(left_title, width), lines(right_title, width), fillvalue=""):
            self.line(self.paint("2", f"{a:<{width}} │ {b}".rstrip()))
        self.line(self.paint("2", "─" * (width + 1) + "┼" + "─" * (width + 1)))
        for a, b in zip_longest(rows_left, rows_right, fillvalue=""):
            row = f"{a:<{width}} {self.paint('2', '│')} {b}"
            self.line(row.rstrip())


def lines(value: object, width: int) -> list[str]:
    """The lines of a value, none longer than `width`."""
    if isinstance(value, str):
        return [part for row in value.splitlines() for part in _wrap(row, width)]
    return [part for row in _layout(value, "", "", width) for part in _wrap(row, width)]


def _layout(value: object, indent: str, prefix: str, width: int) -> list[str]:
    """JSON in one line where it fits, else one line for each member."""
    flat = indent + prefix + json.dumps(value, ensure_ascii=False)
    if len(flat) < width or not isinstance(value, dict | list) or not value:
        return [flat]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    rows = [indent + prefix + opening]
    if isinstance(value, dict):
        members = [(json.dumps(key, ensure_ascii=False) + ": ", item) for key, item in value.items()]
    else:
        members = [("", item) for item in value]
    for number, (name, item) in enumerate(members):
        inner = _layout(item, indent + "  ", name, width)
        if number < len(members) - 1:
            inner[-1] += ","
        rows += inner
    return [*rows, indent + closing]


def _wrap(row: str, width: int) -> list[str]:
    """Breaks a long line at blanks, continuation lines indented below it."""
    if len(row) <= width:
        return [row]
    indent = " " * (len(row) - len(row.lstrip()) + 4)
    return textwrap.wrap(row, width, subsequent_indent=indent, drop_whitespace=True, break_on_hyphens=False)
