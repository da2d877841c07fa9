"""Commands that fail say so in one line or in JSON, with a reason code and what helps; they never end as if all were well."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hardware.errors import KioskError, NoCard, NoReader, ServiceDown
from kiosk.app import card_commands
from kiosk.app.card_commands import CardReport
from kiosk.app.command_failures import REASONS, Exit, failure_of
from kiosk.cli import main
from kiosk.ports.errors import Unreachable
from tests.conftest import ROOT
from tests.support import receipts

HELPS = [
    (ServiceDown("PC/SC 8010001d"), "SERVICE_DOWN", "start it"),
    (NoReader("no reader"), "NO_READER", "plug one in"),
    (NoCard("no card within 5 s"), "NO_CARD", "lay one down"),
    (Unreachable("no answer"), "UNREACHABLE", "service.target"),
]


def ended(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any, str]:
    """Run a command; return its exit code, its JSON or None, and what it complains."""
    code = main(words)
    said = capsys.readouterr()
    return code, json.loads(said.out) if said.out else None, said.err


def fail_with(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    async def command(_settings: Any) -> CardReport:
        raise error

    monkeypatch.setattr(card_commands, "card_info", command)
    monkeypatch.setattr(card_commands, "card_verify", command)


@pytest.fixture
def keys(tmp_path: Path) -> str:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({str(receipts.KEY_ID): receipts.PUBLIC_KEYS[receipts.KEY_ID].hex()}), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("command", ["info", "verify"])
@pytest.mark.parametrize(("error", "reason", "helps"), HELPS, ids=[reason for _, reason, _ in HELPS])
def test_a_card_that_cannot_be_looked_at(
    command: str, error: KioskError, reason: str, helps: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fail_with(monkeypatch, error)
    code, said, complaint = ended(capsys, "card", command)
    assert (code, said, complaint.count("\n")) == (Exit.CANNOT, None, 1)
    assert complaint.startswith(f"{reason} ({error.code}): ")
    assert helps in complaint
    code, said, complaint = ended(capsys, "card", command, "--json")
    assert (code, said["reason"], complaint.count("\n")) == (Exit.CANNOT, reason, 1)
    assert helps in said["text"]


def test_without_the_card_service_one_line_says_what_to_do(tmp_path: Path) -> None:
    # In a process of its own, where nothing else takes what it logs.
    program = (
        "from kiosk import cli; from kiosk.app import card_commands; card_commands.CARD_WAIT_S = 0.2; exit(cli.main(['card', 'info']))"
    )
    environment = {**os.environ, "PCSCLITE_CSOCK_NAME": str(tmp_path / "nobody-listens")}
    done = subprocess.run([sys.executable, "-c", program], env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (Exit.CANNOT, "")
    assert done.stderr.startswith("SERVICE_DOWN (1101): ")
    assert done.stderr.count("\n") == 1


def test_a_card_that_the_centre_does_not_know_is_said_in_words(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    async def verified(_settings: Any) -> CardReport:
        return CardReport("04", "3b", "not accepted", reason="CARD_UNKNOWN")

    monkeypatch.setattr(card_commands, "card_verify", verified)
    code, said, _ = ended(capsys, "card", "verify", "--json")
    assert (code, said["reason"], said["is_good"]) == (Exit.WRONG, "CARD_UNKNOWN", False)
    assert said["text"].startswith("We cannot find this card")


@pytest.mark.parametrize(
    ("receipt", "reason"),
    [
        ("nonsense", "RECEIPT_MALFORMED"),
        ("HR1:ABC", "RECEIPT_MALFORMED"),
        ("HR1:" + "A" * 600, "RECEIPT_TOO_LONG"),
    ],
)
def test_a_text_that_is_no_receipt(receipt: str, reason: str, keys: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, said, complaint = ended(capsys, "receipt", "verify", receipt, "--keys", keys, "--json")
    assert (code, said["reason"], complaint) == (Exit.WRONG, reason, f"{reason}: {said['text']}\n")
    assert said["text"].startswith("not a valid receipt: ")


def test_a_receipt_that_was_signed_by_nobody_we_know(keys: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for key_id, reason in ((receipts.KEY_ID + 1, "RECEIPT_KEY_UNKNOWN"), (receipts.KEY_ID, "RECEIPT_SIGNATURE_WRONG")):
        strange = tmp_path / f"{key_id}.json"
        strange.write_text(json.dumps({str(key_id): "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"}), encoding="utf-8")
        code, said, _ = ended(capsys, "receipt", "verify", receipts.code(), "--keys", str(strange), "--json")
        assert (code, said["reason"], bool(said["text"])) == (Exit.WRONG, reason, True)
    assert ended(capsys, "receipt", "verify", receipts.code(), "--keys", keys, "--json")[0] == Exit.GOOD


def test_files_and_settings_that_are_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    missing = str(tmp_path / "missing.json")
    code, said, _ = ended(capsys, "receipt", "verify", "HR1:ABC", "--keys", missing, "--json")
    assert (code, said["reason"]) == (Exit.CANNOT, "RECEIPT_KEYS")
    assert missing in said["text"]
    code, said, _ = ended(capsys, "config", "check", "--config", missing, "--json")
    assert (code, said["reason"]) == (Exit.CANNOT, "SETTINGS")
    monkeypatch.setenv("KIOSK_SCREEN_WIDTH", "-5")
    code, said, _ = ended(capsys, "config", "check", "--json")
    assert (code, said["reason"]) == (Exit.CANNOT, "SETTINGS")
    assert "screen.width" in said["text"]


CRYPTIC = re.compile(r"Errno|Error\b|Traceback|<class|is not a int")
"""What programmers read and nobody else: names of classes, and errors of the system as they come."""


@pytest.mark.parametrize(
    ("words", "environment", "said"),
    [
        (("config", "check", "--config", "/nonexist"), {}, "SETTINGS: settings: /nonexist is missing\n"),
        (("config", "check", "--config", "/"), {}, "SETTINGS: settings: / cannot be read: Is a directory\n"),
        (("config", "check"), {"KIOSK_SCREEN_WIDTH": "abc"}, "SETTINGS: settings: screen.width: 'abc' is no whole number\n"),
        (("config", "check"), {"KIOSK_KIOSK_RECEIPT_KEYS": "/none.json"}, "kiosk.receipt_keys: /none.json: No such file or directory\n"),
        (("receipt", "verify", "HR1:ABC", "--keys", "/none.json"), {}, "--keys or kiosk.receipt_keys"),
    ],
)
def test_no_class_and_no_bare_error_of_the_system_is_shown(
    words: tuple[str, ...],
    environment: dict[str, str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert main(words) in {Exit.CANNOT, Exit.WRONG}
    plain = capsys.readouterr().err
    assert main([*words, "--json"]) in {Exit.CANNOT, Exit.WRONG}
    both = capsys.readouterr()
    assert said in plain
    assert plain == both.err
    assert not CRYPTIC.search(plain + both.out)


def test_a_device_that_was_not_enrolled_hears_what_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KIOSK_KIOSK_DATA_DIR", str(tmp_path))
    for name, file in (("AUTHORITY", "ca.pem"), ("CERTIFICATE", "device.pem"), ("PRIVATE_KEY", "device.key")):
        monkeypatch.setenv(f"KIOSK_SERVICE_{name}", str(tmp_path / file))
    code, said, complaint = ended(capsys, "card", "verify", "--json")
    assert (code, said["reason"], complaint) == (Exit.CANNOT, "IDENTITY", f"IDENTITY: {said['text']}\n")
    assert f"authority {tmp_path / 'ca.pem'} is missing" in said["text"]
    assert "device enrol" in said["text"]
    assert "server_stub develop" in said["text"]
    assert not CRYPTIC.search(complaint)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("card", "info", "--json", "--no-such"), "unrecognized arguments: --no-such"),
        (("receipt", "verify", "--json"), "the following arguments are required: receipt"),
        (("card", "no-such", "--json"), "invalid choice: 'no-such'"),
        (("config", "check", "--js", "--log-level", "LOUD"), "invalid choice: 'LOUD'"),
    ],
)
def test_words_that_make_no_command_are_told_to_programs_too(words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(words)
    both = capsys.readouterr()
    told = json.loads(both.out)
    assert (end.value.code, told["reason"], said in told["text"]) == (Exit.USAGE, "USAGE", True)
    assert both.err.startswith("usage: kiosk ")
    assert both.err.endswith(f"error: {told['text']}\n")


def test_where_nobody_asked_for_json_none_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (("receipt", "verify"), ("receipt", "verify", "--no-such", "--", "--json")):
        with pytest.raises(SystemExit):
            main(words)
        assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (FileNotFoundError(2, "No such file or directory", "/srv/x"), "/srv/x is missing"),
        (PermissionError(13, "Permission denied", "/srv/x"), "this user may not use /srv/x"),
        (OSError(28, "No space left on device", "/srv/x"), "/srv/x cannot be used: No space left on device"),
        (OSError("larger than 1 MB"), "a file cannot be used: larger than 1 MB"),
    ],
)
def test_a_file_that_fails_is_said_with_its_name(error: OSError, said: str) -> None:
    failure = failure_of(error)
    assert (failure.reason, failure.text.partition(";")[0]) == ("FILE", said)


def test_what_a_check_finds_is_said_in_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("KIOSK_SERVICE_AUTHORITY", str(tmp_path / "none.pem"))
    code, said, complaint = ended(capsys, "config", "check", "--json")
    assert (code, said["reason"], complaint.splitlines()) == (Exit.WRONG, "SETTINGS_UNUSABLE", said["problems"])
    assert any(problem.startswith("service.authority: ") for problem in said["problems"])
    assert all(problem in said["text"] for problem in said["problems"])
    assert said["service.authority"].endswith("none.pem")


def test_every_reason_that_only_commands_give_is_listed() -> None:
    """docs/errors.md is made from the list."""
    sources = "".join((ROOT / "kiosk" / name).read_text(encoding="utf-8") for name in ("cli.py", "app/command_failures.py"))
    given = re.findall(r'Failure\("([A-Z_]+)"|"reason": "([A-Z_]+)"', sources)
    assert {left or right for left, right in given} == set(REASONS)
