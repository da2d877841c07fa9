"""Every import contract of pyproject.toml turns red when it is broken: one forbidden import is planted for each in a copy of the tree.

That the tree itself is green is said by lint-imports in `make check`. All plants are made at once; each must be named under its contract.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.architecture.tree import PACKAGES, ROOT, product_python, text, tracked

if TYPE_CHECKING:
    from collections.abc import Iterator

KIOSK = "the kiosk points downwards"
PLACES = "every part of the kiosk has its layer"
SERVICE = "the service points downwards"
DEVICES = "hardware knows devices and nothing else"
DRIVERS = "drivers and simulators are chosen by the top alone"

# Contract, the package or module that breaks it, what it imports.
PLANTS = [
    (KIOSK, "kiosk.app", "kiosk.cli"),
    (KIOSK, "screens", "kiosk.app"),
    (KIOSK, "screens", "kiosk.backend"),
    (KIOSK, "kiosk.backend", "screens"),
    (KIOSK, "kiosk.session", "kiosk.outbox"),
    (KIOSK, "kiosk.flows", "kiosk.session"),
    (KIOSK, "kiosk.ports", "kiosk.flows"),
    (KIOSK, "kiosk.texts", "kiosk.ports"),
    (KIOSK, "kiosk.config", "hardware"),
    (KIOSK, "kiosk.pinyin", "kiosk.texts"),
    (PLACES, "kiosk.unplaced", ""),
    (SERVICE, "server_stub.domain", "server_stub.services"),
    (SERVICE, "server_stub.storage", "server_stub.rpc"),
    (SERVICE, "server_stub.services", "server_stub.rpc"),
    (SERVICE, "server_stub.rpc", "server_stub.jobs"),
    (SERVICE, "server_stub.messages", "server_stub.storage"),
    (SERVICE, "server_stub.unplaced", ""),
    (DEVICES, "hardware.printer", "hardware.card"),
    (DEVICES, "hardware.worker", "hardware.card"),
    (DEVICES, "hardware.errors", "hardware.worker"),
    (DEVICES, "hardware.unplaced", ""),
    ("hardware knows no kiosk, no contract, no screens", "hardware.card", "kiosk.flows"),
    ("hardware knows no kiosk, no contract, no screens", "hardware.card", "proto.member.v1"),
    ("the contract knows nobody", "proto.member", "kiosk.ports"),
    ("the two processes meet only in proto", "kiosk.backend", "server_stub.domain"),
    ("the two processes meet only in proto", "server_stub.rpc", "kiosk.ports"),
    ("the service has no devices and no screens", "server_stub.keys", "hardware.card"),
    ("the service has no devices and no screens", "server_stub.keys", "screens"),
    ("card keys are derived at the centre", "kiosk.app", "hardware.card.layout.diversification"),
    ("proto is read by gateways, servicers and paper", "kiosk.flows", "proto.member.v1"),
    ("proto is read by gateways, servicers and paper", "server_stub.services", "proto.member.v1"),
    ("grpc is spoken by gateways, servicers and the two processes' tops", "kiosk.session", "grpc"),
    ("pixels are drawn by screens", "kiosk.session", "kivy"),
    ("PC/SC is spoken by one driver and its monitor", "hardware.selftest", "smartcard"),
    (KIOSK, "kiosk.codes", "kiosk.ports"),
    ("pictures are taken by the camera's driver", "hardware.codes", "cv2"),
    ("codes are read by their readers", "kiosk.app", "zxingcpp"),
    (DRIVERS, "kiosk.session", "hardware.card.pcsc"),
    ("emulators are processes of their own", "kiosk.app", "hardware.emulation"),
    ("databases are spoken to by storage", "server_stub.services", "sqlalchemy"),
    ("PostgreSQL is spoken to by storage", "server_stub.services", "psycopg"),
    ("SQLite is opened by storage and the kiosk's journal", "kiosk.session", "sqlcipher3"),
    ("mail and short messages leave through messages", "server_stub.services", "aiosmtplib"),
    ("paper is laid out by paper", "screens", "reportlab"),
    ("paper is laid out by paper", "server_stub.services", "reportlab"),
    ("the standard library's SQLite is not used", "server_stub.storage", "sqlite3"),
]


def _settings() -> dict[str, object]:
    return tomllib.loads(text(Path("pyproject.toml")))["tool"]["importlinter"]


def _named_modules() -> set[str]:
    """Returns the modules of ours that contracts other than layers name."""
    return {
        name
        for contract in _settings()["contracts"]  # type: ignore[index, attr-defined]
        for key in ("protected_modules", "allowed_importers", "source_modules", "modules")
        for name in contract.get(key, [])
        if name.split(".")[0] in PACKAGES and "*" not in name
    }


def _place(top: Path, module: str) -> Path:
    """Returns the file into which an import of `module` is planted; makes the package where there is none."""
    folder = top.joinpath(*module.split("."))
    if (as_module := folder.with_suffix(".py")).is_file():
        return as_module
    for package in reversed([folder, *folder.parents[: len(module.split(".")) - 1]]):
        package.mkdir(exist_ok=True)
        (package / "__init__.py").touch()
    return folder / "planted.py"


def _plant(top: Path) -> None:
    for module in _named_modules() | {module for _, *ends in PLANTS for module in ends if module.split(".")[0] in PACKAGES}:
        _place(top, module)
    for _, importer, imported in PLANTS:
        with _place(top, importer).open("a", encoding="utf-8") as file:
            file.write(f"\nimport {imported}\n" if imported else "\n")


def _sections(output: str) -> Iterator[tuple[str, str]]:
    """Yields the name of each broken contract with the text below it."""
    names = {contract["name"] for contract in _settings()["contracts"]}  # type: ignore[index, attr-defined]
    lines = output.split("Broken contracts", 1)[-1].splitlines()
    starts = [index for index, line in enumerate(lines) if line in names and set(lines[index + 1]) == {"-"}]
    for start, end in pairwise([*starts, len(lines)]):
        yield lines[start], "\n".join(lines[start:end])


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What lint-imports says of the copy with all plants, by contract."""
    top = tmp_path_factory.mktemp("planted")
    shutil.copy(ROOT / "pyproject.toml", top)
    for path in {*product_python(), *(path for path in tracked() if path.suffix == ".py" and path.parts[0] == "proto")}:
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, top / path)
    _plant(top)
    linter = subprocess.run([ROOT / ".venv/bin/lint-imports", "--no-cache"], cwd=top, capture_output=True, text=True, check=False)
    assert linter.returncode == 1, linter.stdout + linter.stderr
    return dict(_sections(linter.stdout))


@pytest.mark.parametrize(("contract", "importer", "imported"), PLANTS)
def test_a_planted_import_turns_its_contract_red(broken: dict[str, str], contract: str, importer: str, imported: str) -> None:
    said = broken.get(contract, "")
    wanted = rf"{re.escape(importer)}(\.planted)? -> {re.escape(imported)}\b" if imported else rf"- {re.escape(importer)}\b"
    assert re.search(wanted, said), f"{contract} does not see {importer} -> {imported}:\n{said}"


def test_every_contract_has_a_plant() -> None:
    named = {contract["name"] for contract in _settings()["contracts"]}  # type: ignore[index, attr-defined]
    assert named == {contract for contract, _, _ in PLANTS}


def test_contracts_name_what_exists() -> None:
    """A typing mistake in a protected module would protect nothing; optional layers of later issues are in parentheses."""
    paths = {name: ROOT / name.replace(".", "/") for name in _named_modules()}
    assert not [name for name, path in paths.items() if not path.is_dir() and not path.with_suffix(".py").is_file()]
