"""Two hosts that others wrote talk to the virtual card over real PC/SC; see docs/virtual-card.md for what that proves."""

from __future__ import annotations

import subprocess
import time
import venv
from pathlib import Path

import pytest

from hardware.card.layout import commands, handshake
from hardware.card.layout.apdu import Command, plain
from hardware.card.layout.messaging import Protection, SecureSession
from hardware.card.pcsc import PcscLink, PcscSlot
from hardware.errors import DeviceError

pytestmark = [pytest.mark.emulator, pytest.mark.long, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[3]
HOSTS = ROOT / "tests" / "support" / "foreign_hosts"
READER = "Virtual PCD 00 00"
NDEF_NAME = bytes.fromhex("d2760000850101")


def python_with(*requirements: str) -> Path:
    """Return a Python that has these packages, made once under build/."""
    folder = ROOT / "build" / "foreign-hosts" / requirements[0].split("=")[0]
    python = folder / "bin" / "python"
    done = folder / "installed"
    if not done.exists():
        venv.create(folder, with_pip=True, clear=True)
        installed = subprocess.run([python, "-m", "pip", "install", "--quiet", *requirements], check=False, capture_output=True, text=True)
        if installed.returncode:
            pytest.skip(f"{requirements[0]} cannot be installed here: {installed.stderr[-200:]}")
        done.touch()
    return python


def drive(python: Path, script: str, link: PcscLink) -> list[str]:
    """Run a host against the card and return what it says to have seen."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([python, HOSTS / script], **pipes) as host:
        assert host.stdin
        assert host.stdout
        assert host.stderr
        told = []
        for line in host.stdout:
            if line.startswith("# "):
                told.append(line[2:].strip())
                continue
            host.stdin.write(link.transmit(bytes.fromhex(line)).hex() + "\n")
            host.stdin.flush()
        errors = host.stderr.read()
    assert host.returncode == 0, errors[-2000:]
    return told


@pytest.fixture
def link(bench):
    bench.clear()
    bench.control.insert("foreign-host")
    deadline = time.monotonic() + 5
    while True:
        try:
            opened = PcscSlot().open(READER)
            break
        except DeviceError:  # the card is not seen yet
            assert time.monotonic() < deadline
            time.sleep(0.1)
    with opened as link:
        yield link
    bench.clear()


def test_python_desfire_keys_a_factory_card_and_uses_files_in_all_modes(bench, link, figures) -> None:
    python = python_with("python-desfire==0.1.5", "pycryptodome<4")
    told = drive(python, "ev1_host.py", link)
    figures(f"python-desfire on the card: {told}")
    assert len(told) == 9


def test_pylibsdm_authenticates_and_changes_keys_with_ev2(bench, link, figures) -> None:
    python = python_with("pylibsdm==1.0.0a0.dev2")
    create = commands.create_application(b"\x01\x02\x03", 0x0B, 5, b"\x10\xe1", NDEF_NAME)
    assert link.transmit(plain(create))[-2:] in (b"\x91\x00", b"\x91\xde")
    assert link.transmit(commands.select_df_name(NDEF_NAME)) == b"\x90\x00"
    answered = handshake.answer_challenge(bytes(16), link.transmit(handshake.begin_first(0))[:-2], bytes(16))
    session = SecureSession(answered.finish_first(link.transmit(answered.apdu)[:-2]))
    # Protection 1: this library takes 2 for full protection, which the card calls 3.
    made = session.seal(Command(0xCD, b"\x02\x01\x00\x00" + (64).to_bytes(3, "little")), Protection.MAC)
    made.open(link.transmit(made.apdu))
    told = drive(python, "ev2_host.py", link)
    figures(f"pylibsdm on the card: {told}")
    assert len(told) == 3
