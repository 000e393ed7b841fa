#!/usr/bin/env python3
"""Records what the real Jinja2 makes of the cases in `cases/`.

    python tests/jinja/record.py                         # all subjects
    python tests/jinja/record.py printing filters_text   # some
    python tests/jinja/record.py --check                 # exit 1 where the records are out of date
    python tests/jinja/record.py random structures --random 5000 --seed 1 --out /tmp   # more of them

Each subject becomes `tests/fixtures/jinja/<subject>.json`: a list of `{"name", "template",
"variables"}` with `"expect"`, the rendered text without white space at its ends, or with `"error"`:

- `undefined`: a variable that the client did not send; `variable` is its path
- `author`: anything else that the template does wrong, when it is compiled or rendered
- `any`: an error, and a matter of opinion whose (see `oracle.py`)
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import sys
from pathlib import Path
from typing import Any

import cases
import grammar
import oracle
import structures

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "jinja"
# Subjects that are generated, and how many cases of them the repository has.
RANDOM = {"random": grammar.subject, "structures": structures.subject}
RANDOM_COUNT = {"random": 400, "structures": 250}
RANDOM_SEED = 20


def main() -> int:
    """Records, or checks, the subjects that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("subjects", nargs="*", help=f"modules of cases/, or {', '.join(RANDOM)}")
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    parser.add_argument("--random", type=int, metavar="N", help="how many random cases")
    parser.add_argument("--seed", type=int, metavar="S", default=RANDOM_SEED, help="of the random cases")
    parser.add_argument("--out", type=Path, default=FIXTURES, help="folder to write to")
    arguments = parser.parse_args()

    known = [module.name for module in pkgutil.iter_modules(cases.__path__)]
    stale = False
    total = 0
    for name in arguments.subjects or [*known, *RANDOM]:
        if name in RANDOM:
            subject = RANDOM[name](arguments.random or RANDOM_COUNT[name], arguments.seed)
        elif name in known:
            subject = importlib.import_module(f"cases.{name}").SUBJECT
        else:
            parser.error(f"no subject {name!r}; there are {', '.join([*known, *RANDOM])}")
        records = [oracle.record(case.name, case.template, case.variables) for case in subject.cases]
        names = [record["name"] for record in records]
        if len(names) != len(set(names)):
            parser.error(f"{name}: a name occurs twice")
        text = as_json(records)
        path = arguments.out / f"{name}.json"
        total += len(records)
        if not arguments.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="ascii")
        elif not path.is_file() or path.read_text(encoding="ascii") != text:
            print(f"{path} is out of date", file=sys.stderr)
            stale = True
    print(f"{total} cases", file=sys.stderr)
    return 1 if stale else 0


def as_json(records: list[dict[str, Any]]) -> str:
    """One case per line, so that a change reads well."""
    lines = ",\n".join(json.dumps(record, allow_nan=False) for record in records)
    return f"[\n{lines}\n]\n"


if __name__ == "__main__":
    sys.exit(main())
