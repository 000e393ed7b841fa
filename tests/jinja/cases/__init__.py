"""The sources of the recorded Jinja2 cases, one module per subject."""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import dedent
from typing import Any


@dataclass(frozen=True)
class Case:
    """One template with the variables of one request."""

    name: str
    template: str
    variables: dict[str, Any]


@dataclass
class Subject:
    """A named list of cases that share some variables.

    `variables` are JSON values, as they arrive in a request. A recorded case keeps only those that
    its template mentions.
    """

    name: str
    variables: dict[str, Any] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)

    def case(self, name: str, template: str, **variables: Any) -> None:
        """Adds one template, exactly as it is written."""
        self.cases.append(Case(name, template, {**self.variables, **variables}))

    def templates(self, group: str, lines: str, **variables: Any) -> None:
        """Adds every line that is not blank as one template."""
        for number, line in enumerate(_lines(lines), start=1):
            self.case(f"{group}-{number:02}", line, **variables)

    def expressions(self, group: str, lines: str, **variables: Any) -> None:
        """Adds every line that is not blank as one printed expression.

        The brackets keep an empty result from being an empty message, and white space at both ends
        from being stripped.
        """
        for number, line in enumerate(_lines(lines), start=1):
            self.case(f"{group}-{number:02}", "[{{ " + line + " }}]", **variables)

    def text(self, name: str, template: str, **variables: Any) -> None:
        """Adds one template of several lines, without its indentation."""
        self.case(name, dedent(template).strip("\n"), **variables)


def _lines(text: str) -> list[str]:
    # Not splitlines(), which also splits at the separators that some cases are about.
    return [line.strip(" ") for line in text.split("\n") if line.strip(" ")]
