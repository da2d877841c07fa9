"""What is declared is imported, what is imported is declared: nobody installs a library for nothing or gets one by luck."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.architecture.tree import PACKAGES, own_python, parsed, product_python, text

# Imported by steps that make committed data, with the dependency group "assets" or, for the voice, in an environment of its own.
BUILD_STEPS = {"build.py", "sources"}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _declared() -> set[str]:
    project = tomllib.loads(text(Path("pyproject.toml")))["project"]
    return _names([*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)])


def _names(requirements: list[str]) -> set[str]:
    return {_normal(re.split(r"[\[<>=;! ]", line)[0]) for line in requirements}


def _imports(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def _imported_by_product() -> set[str]:
    """Returns the distributions that own what the product's modules import; generated code imports grpc and protobuf."""
    paths = [path for path in product_python() if not BUILD_STEPS & set(path.parts)]
    return _imported(paths) | {"protobuf", "grpcio"}


def _imported(paths: list[Path]) -> set[str]:
    owners = packages_distributions()
    modules = {name for path in paths for name in _imports(parsed(path))}
    found = set()
    for module in modules:
        top = module.split(".")[0]
        if top in sys.stdlib_module_names or top in {*PACKAGES, "tests"}:
            continue
        found |= (
            {"protobuf"} if module.startswith("google.protobuf") else {_normal(owner) for owner in owners.get(top, [f"nobody ({top})"])}
        )
    return found


def test_everything_declared_is_imported() -> None:
    assert sorted(_declared() - _imported_by_product()) == []


def test_everything_imported_is_declared() -> None:
    assert sorted(_imported_by_product() - _declared()) == []


def test_tests_import_what_make_test_installs() -> None:
    groups = tomllib.loads(text(Path("pyproject.toml")))["dependency-groups"]
    installed = _declared() | _names(groups["test"]) | _names(groups["lint"])
    # The foreign hosts run in an environment of their own, with libraries that are not ours.
    paths = [path for path in own_python() if path.parts[0] == "tests" and "foreign_hosts" not in path.parts]
    assert sorted(_imported(paths) - installed) == []
