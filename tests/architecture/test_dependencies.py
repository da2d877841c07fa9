"""What is declared is imported, what is imported is declared: nobody installs a library for nothing or gets one by luck."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.architecture.tree import PACKAGES, parsed, product_python, text

# Imported by steps that make committed data, with the dependency group "assets".
BUILD_STEPS = {"build.py", "sources"}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _declared() -> set[str]:
    project = tomllib.loads(text(Path("pyproject.toml")))["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    return {_normal(re.split(r"[\[<>=;! ]", line)[0]) for line in lines}


def _imports(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def _imported() -> set[str]:
    """Returns the distributions that own what the product's modules import; generated code imports grpc and protobuf."""
    owners = packages_distributions()
    modules = {name for path in product_python() if not BUILD_STEPS & set(path.parts) for name in _imports(parsed(path))}
    found = set()
    for module in modules:
        top = module.split(".")[0]
        if top in sys.stdlib_module_names or top in PACKAGES:
            continue
        found |= (
            {"protobuf"} if module.startswith("google.protobuf") else {_normal(owner) for owner in owners.get(top, [f"nobody ({top})"])}
        )
    return found | {"protobuf", "grpcio"}


def test_everything_declared_is_imported() -> None:
    assert sorted(_declared() - _imported()) == []


def test_everything_imported_is_declared() -> None:
    assert sorted(_imported() - _declared()) == []
