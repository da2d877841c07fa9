"""Every text that a page or a slip names is there: a missing one is found here, and not by the member who comes to that page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from kiosk.texts import load_catalogue
from tests.architecture.tree import text, tracked

SAYING = {"tr", "words"}
CALL = re.compile(r"\btr\(")
LITERAL = re.compile(r"'([^']*)'|\"([^\"]*)\"")
KEY = re.compile(r"[a-z_]+(\.[A-Za-z0-9_-]+)+")


def said(path: Path) -> Iterator[tuple[int, str]]:
    """Line and key of whatever a file names as a text, also within a choice."""
    if path.suffix == ".kv":
        for number, line in enumerate(text(path).splitlines(), 1):
            for call in CALL.finditer(line):
                yield from ((number, one or other) for one, other in LITERAL.findall(_within_brackets(line, call.end())))
        return
    for node in ast.walk(ast.parse(text(path))):
        if isinstance(node, ast.Call) and node.args and _name(node.func) in SAYING:
            yield from ((node.lineno, part.value) for part in _chosen(node.args[0]))


def _within_brackets(line: str, start: int) -> str:
    depth = 1
    for place in range(start, len(line)):
        depth += {"(": 1, ")": -1}.get(line[place], 0)
        if not depth:
            return line[start:place]
    return line[start:]


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""


def _chosen(key: ast.expr) -> Iterator[ast.Constant]:
    """The literals that an expression can come to; what is put together of parts is not known here."""
    match key:
        case ast.Constant(value=str()):
            yield key
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*_chosen(body), *_chosen(orelse))
        case ast.Subscript(value=ast.Dict(values=values)):
            yield from (one for value in values for one in _chosen(value))


FILES = [path for path in tracked() if path.suffix in {".kv", ".py"} and path.parts[0] in {"screens", "kiosk"}]


def test_every_text_that_is_named_is_there() -> None:
    known = frozenset(load_catalogue().keys())
    assert [f"{path}:{line} {key}" for path in FILES for line, key in said(path) if KEY.fullmatch(key) and key not in known] == []


def test_texts_are_seen_wherever_they_are_named() -> None:
    assert len({key for path in FILES for _, key in said(path) if KEY.fullmatch(key)}) > 500
    dressed = Path("screens/issue_card/issued.kv")
    assert {"issued.print.busy", "issued.print.copied", "button.next_page"} <= {key for _, key in said(dressed)}
