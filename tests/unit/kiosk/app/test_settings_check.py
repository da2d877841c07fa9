"""`kiosk config check`: a kiosk that could not work is named before anybody stands in front of it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from hardware.card import virtual_reader
from kiosk.app import settings_check
from kiosk.app.settings_check import problems, virtual_readers
from kiosk.cli import Exit, main
from kiosk.config import Profile, Settings, load
from server_stub.keys.certificates import new_authority, new_device
from tests.support.receipts import KEY_ID, PUBLIC_KEYS

AUTHORITY = new_authority("test")
DEVICE, OTHER = new_device(AUTHORITY, "K03"), new_device(AUTHORITY, "K04")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Settings of a kiosk that has all it needs."""
    (tmp_path / "ca.pem").write_bytes(AUTHORITY.certificate)
    (tmp_path / "device.pem").write_bytes(DEVICE.certificate)
    (tmp_path / "device.key").write_bytes(DEVICE.private_key)
    (tmp_path / "keys.json").write_text(json.dumps({str(KEY_ID): PUBLIC_KEYS[KEY_ID].hex()}), encoding="utf-8")
    return {
        "KIOSK_KIOSK_DATA_DIR": str(tmp_path / "data"),
        "KIOSK_KIOSK_RECEIPT_KEYS": str(tmp_path / "keys.json"),
        "KIOSK_SERVICE_AUTHORITY": str(tmp_path / "ca.pem"),
        "KIOSK_SERVICE_CERTIFICATE": str(tmp_path / "device.pem"),
        "KIOSK_SERVICE_PRIVATE_KEY": str(tmp_path / "device.key"),
        "KIOSK_DEVICES_SLIP_FOLDER": str(tmp_path / "data" / "slips"),
    }


def settings_of(environment: dict[str, str]) -> Settings:
    return load(None, environment)


@pytest.mark.parametrize(
    ("file", "setting"),
    [
        ("ca.pem", "service.authority: "),
        ("device.pem", "service.certificate: "),
        ("device.key", "service.private_key: "),
        ("keys.json", "kiosk.receipt_keys: "),
    ],
)
def test_a_file_that_is_missing_is_named(tmp_path: Path, environment: dict[str, str], file: str, setting: str) -> None:
    (tmp_path / file).unlink()
    (problem,) = problems(settings_of(environment))
    assert problem.startswith(setting)
    assert str(tmp_path / file) in problem


def _no_certificate(folder: Path) -> None:
    (folder / "ca.pem").write_text("no certificate", encoding="utf-8")


def _another_authority(folder: Path) -> None:
    (folder / "ca.pem").write_bytes(new_authority("test").certificate)


def _another_devices_key(folder: Path) -> None:
    (folder / "device.key").write_bytes(OTHER.private_key)


def _no_keys(folder: Path) -> None:
    (folder / "keys.json").write_text("{}", encoding="utf-8")


def _a_file_for_a_folder(folder: Path) -> None:
    (folder / "data").write_text("", encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_no_certificate, ["service.authority"]),
        (_another_authority, ["service.authority"]),
        (_another_devices_key, ["service.certificate"]),
        (_no_keys, ["kiosk.receipt_keys"]),
        (_a_file_for_a_folder, ["kiosk.data_dir", "devices.slip_folder"]),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_named(
    tmp_path: Path, environment: dict[str, str], spoil: Callable[[Path], None], said: list[str]
) -> None:
    spoil(tmp_path)
    assert [problem.split(":")[0] for problem in problems(settings_of(environment))] == said


def test_the_command_ends_with_1_where_something_is_wrong_and_with_0_where_nothing_is(
    tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in os.environ if name.startswith("KIOSK_")]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert main(["config", "check", "--json"]) == Exit.GOOD
    shown = json.loads(capsys.readouterr().out)
    assert (shown["screen.width"], shown["screen.fullscreen"]) == (1080, False)
    (tmp_path / "device.key").unlink()
    assert main(["config", "check"]) == Exit.WRONG
    assert "service.private_key" in capsys.readouterr().err
    monkeypatch.setenv("KIOSK_SCREEN_WIDTH", "-5")
    assert main(["config", "check"]) == Exit.CANNOT
    assert "screen.width" in capsys.readouterr().err


@pytest.fixture
def vpcd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings of pcscd on a machine with the virtual reader, as Debian's package leaves them, and with a real one."""
    folder = tmp_path / "reader.conf.d"
    folder.mkdir()
    (folder / "libccidtwin").write_text("# LIBPATH /nowhere/libifdvpcd.so\nLIBPATH /usr/lib/pcsc/drivers/serial/libccidtwin.so\n")
    (folder / "vpcd").write_text('FRIENDLYNAME "Any name"\nLIBPATH      /usr/lib/pcsc/drivers/serial/libifdvpcd.so\n')
    monkeypatch.setattr(settings_check, "entries_of_virtual_reader", lambda: virtual_reader.entries_of_virtual_reader(folder))
    return folder


def test_a_store_is_warned_of_a_virtual_reader_and_a_developer_is_not(environment: dict[str, str], vpcd: Path) -> None:
    (problem,) = problems(settings_of({**environment, "KIOSK_KIOSK_PROFILE": "production"}))
    assert str(vpcd / "vpcd") in problem
    assert problems(settings_of(environment)) == []
    (vpcd / "vpcd").unlink()
    assert virtual_readers(Profile.PRODUCTION) == []


def test_a_machine_without_settings_of_readers_has_no_virtual_one(tmp_path: Path) -> None:
    assert virtual_reader.entries_of_virtual_reader(tmp_path / "none") == ()
