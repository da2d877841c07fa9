"""Printers of several tests at once, also where the kernel gives no namespaces: Avahi's PID file keeps all others away there."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

WITHOUT_NAMESPACES = """
import sys
from hardware.emulation.printer import name_service
from tests.support.printers import emulator

name_service._confinement = lambda: []
with emulator() as printer:
    print(printer.uri, flush=True)
    sys.stdin.read()
"""


@pytest.mark.emulator
@pytest.mark.skipif(os.geteuid() != 0, reason="without namespaces Avahi writes below /run, which is root's")
def test_several_start_at_the_same_moment_without_namespaces() -> None:
    command = [sys.executable, "-c", WITHOUT_NAMESPACES]
    printers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)
    ]
    try:
        addresses = [printer.stdout.readline() for printer in printers if printer.stdout is not None]
    finally:
        said = [printer.communicate(timeout=30)[1] for printer in printers]
    assert [printer.returncode for printer in printers] == [0, 0, 0], said
    assert len({address for address in addresses if address.startswith("ipp")}) == 3
