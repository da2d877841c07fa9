"""What is installed in a store says what the decisions ask for: settings that load, units that keep nothing of a member."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import kiosk.config
import server_stub.config
from kiosk.app.freed_memory import NEEDED

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNITS = ("kiosk.service", "member-service.service")


def _service_lines(unit: str) -> list[str]:
    section = (DEPLOY / unit).read_text(encoding="utf-8").split("[Service]")[1].split("\n[")[0]
    return [line for line in section.splitlines() if line and not line.startswith("#")]


def test_the_kiosks_settings_load_for_production() -> None:
    assert kiosk.config.load(DEPLOY / "kiosk.toml", {}).kiosk.profile is kiosk.config.Profile.PRODUCTION


def test_the_services_settings_load_for_production() -> None:
    assert not server_stub.config.load(DEPLOY / "service.toml", {}).is_development


def test_the_kiosk_overwrites_what_it_frees() -> None:
    assert f"/usr/bin/env {NEEDED} " in (DEPLOY / "kiosk.service").read_text(encoding="utf-8")


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("line", ["LimitCORE=0", "MemorySwapMax=0", "UMask=0077", "StateDirectoryMode=0700", "Restart=always"])
def test_units_keep_memory_and_files_to_themselves(unit: str, line: str) -> None:
    assert line in _service_lines(unit)


@pytest.mark.parametrize("unit", UNITS)
def test_no_secret_stands_in_a_unit(unit: str) -> None:
    assert not re.search(r"(?i)(password|secret|token)=", (DEPLOY / unit).read_text(encoding="utf-8"))
