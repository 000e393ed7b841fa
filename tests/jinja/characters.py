#!/usr/bin/env python3
"""Writes the character tables that Rust's standard library does not have.

    python tests/jinja/characters.py > src/core/src/template/unicode/digits.rs

Rust knows which characters are alphabetic or numeric as Unicode defines it; Python's `str.isalpha`,
`isdigit`, `isdecimal` and `isnumeric` draw other lines.
"""

import sys
import unicodedata
from collections.abc import Callable, Iterator

HEAD = """\
//! Characters that stand for numbers, beside those that Rust's `char::is_numeric` knows.
//!
//! Made by `tests/jinja/characters.py`, of Unicode {version}.

/// The zeros of all decimal digits; nine more digits follow each.
#[rustfmt::skip]
pub(super) const ZEROS: &[char] = &[
{zeros}
];

/// Digits that are not decimal, such as superscripts: first and last of each range.
#[rustfmt::skip]
pub(super) const DIGITS: &[(char, char)] = &[
{digits}
];

/// Letters that stand for numbers.
#[rustfmt::skip]
pub(super) const NUMERALS: &[(char, char)] = &[
{numerals}
];
"""


def characters(accept: Callable[[str], bool]) -> Iterator[str]:
    """All characters that are accepted, in order."""
    for code in range(sys.maxunicode + 1):
        if not 0xD800 <= code < 0xE000 and accept(chr(code)):
            yield chr(code)


def ranges(accept: Callable[[str], bool]) -> list[str]:
    """Pairs of first and last character, in Rust's notation."""
    found: list[list[int]] = []
    for character in characters(accept):
        if found and found[-1][1] == ord(character) - 1:
            found[-1][1] += 1
        else:
            found.append([ord(character), ord(character)])
    return [f"({literal(first)}, {literal(last)})" for first, last in found]


def literal(code: int) -> str:
    """A character in Rust's notation."""
    return f"'\\u{{{code:x}}}'"


def lines(items: list[str]) -> str:
    """The items, broken into lines."""
    text, line = [], "   "
    for item in items:
        if len(line) + len(item) + 2 > 110:
            text.append(line)
            line = "   "
        line += f" {item},"
    return "\n".join([*text, line])


def main() -> None:
    """Writes the Rust source."""
    category = unicodedata.category
    print(
        HEAD.format(
            version=unicodedata.unidata_version,
            zeros=lines([literal(ord(c)) for c in characters(lambda c: unicodedata.decimal(c, -1) == 0)]),
            digits=lines(ranges(lambda c: c.isdigit() and not c.isdecimal())),
            numerals=lines(ranges(lambda c: c.isnumeric() and category(c)[0] != "N")),
        ),
        end="",
    )


if __name__ == "__main__":
    main()
