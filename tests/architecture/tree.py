"""The files of the checkout as the architecture tests look at them: what is ours, what is generated, what is parsed."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("kiosk", "hardware", "screens", "proto", "server_stub")


@cache
def tracked() -> tuple[Path, ...]:
    """Returns every file of the next commit: tracked ones and new ones that are not ignored, relative to ROOT."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return tuple(sorted(Path(name) for name in names if (ROOT / name).is_file()))


def is_generated(path: Path) -> bool:
    """True for what `make gen` writes."""
    return "_pb2" in path.name


@cache
def own_python() -> tuple[Path, ...]:
    """Returns the Python files that people wrote, tests included."""
    return tuple(path for path in tracked() if path.suffix == ".py" and not is_generated(path))


def product_python() -> list[Path]:
    """Returns the Python files that people wrote in the packages of the product."""
    return [path for path in own_python() if path.parts[0] in PACKAGES]


@cache
def text(path: Path) -> str:
    """Returns a file's text."""
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def parsed(path: Path) -> ast.Module:
    """Returns a Python file's syntax tree."""
    return ast.parse(text(path), filename=str(path))
