"""The shape budget: files, functions and classes stay small, every module says what it is for, threads stay in one place."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.tree import own_python, parsed, product_python, text, tracked

FILE_LINES, TEST_LINES, FUNCTION_LINES, PUBLIC_METHODS, KV_LINES = 400, 600, 60, 15, 150
# Blocking calls run here: those of devices at the kiosk, those of database and files at the service.
WORKERS = {Path("hardware/worker.py"), Path("server_stub/rpc/blocking.py")}


def _functions(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_files_are_short() -> None:
    limits = {path: TEST_LINES if path.parts[0] == "tests" else FILE_LINES for path in own_python()}
    long = [f"{path}: {len(text(path).splitlines())} lines" for path, limit in limits.items() if len(text(path).splitlines()) > limit]
    assert not long


def test_kv_files_are_short() -> None:
    long = [str(path) for path in tracked() if path.suffix == ".kv" and len(text(path).splitlines()) > KV_LINES]
    assert not long


def test_functions_are_short() -> None:
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path in own_python()
        for node in _functions(parsed(path))
        if node.end_lineno is not None and node.end_lineno - node.lineno + 1 > FUNCTION_LINES
    ]
    assert not long


def test_classes_have_few_public_methods() -> None:
    wide = []
    for path in product_python():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ClassDef):
                public = [item for item in node.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) and item.name[0] != "_"]
                if len(public) > PUBLIC_METHODS:
                    wide.append(f"{path}:{node.lineno} {node.name}: {len(public)}")
    assert not wide


def test_every_module_says_what_it_is_for() -> None:
    silent = [str(path) for path in own_python() if text(path).strip() and not ast.get_docstring(parsed(path))]
    assert not silent


def test_names_say_what_a_module_knows() -> None:
    vague = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
    assert not [str(path) for path in own_python() if vague & {path.stem, *path.parts[:-1]}]


def test_threads_are_started_by_the_workers_alone() -> None:
    starts = [
        f"{path}:{node.lineno}"
        for path in product_python()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in {"Thread", "ThreadPoolExecutor"} and path not in WORKERS
    ]
    assert not starts


def test_nothing_is_left_to_be_done_later() -> None:
    marks = ("TODO", "FIXME", "XXX", "NotImplemented" + "Error")
    found = [f"{path}: {mark}" for path in product_python() for mark in marks if mark in text(path)]
    assert not found


def test_the_standard_sqlite_is_not_used_by_tests_either() -> None:
    users = [
        f"{path}:{node.lineno}"
        for path in own_python()
        for node in ast.walk(parsed(path))
        if (isinstance(node, ast.Import) and any(name.name.split(".")[0] == "sqlite3" for name in node.names))
        or (isinstance(node, ast.ImportFrom) and node.module is not None and node.module.split(".")[0] == "sqlite3")
    ]
    assert not users
