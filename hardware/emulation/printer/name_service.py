"""A message bus and an Avahi of our own, because ippeveprinter does not start without them.

Responsible for keeping both private: the bus is a socket in a folder, and where the kernel allows it Avahi runs in
namespaces of its own, so that nothing is announced on any network and /run stays untouched. Several run side by side,
with namespaces or without.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

logger = logging.getLogger(__name__)

START_LIMIT_S: Final = 10.0

_BUS_CONFIGURATION: Final = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
_AVAHI_CONFIGURATION: Final = """[server]
use-ipv4=yes
use-ipv6=no
allow-interfaces=lo
enable-dbus=yes
[wide-area]
enable-wide-area=no
[publish]
publish-workstation=no
[reflector]
[rlimits]
"""
_PID_FILE: Final = Path("/run/avahi-daemon/pid")
_TAKEN: Final = ("already running", "Failed to create PID file")
_OWN_RUN: Final = 'mount -t tmpfs tmpfs /run && exec "$@"'


class EmulationFailed(Exception):
    """A part of the emulation did not start; the message says which and why."""


def spawn(command: list[str], log: Path, environment: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start `command`, its output into `log`; it ends when this process does, however that ends."""
    with log.open("wb") as output:
        return subprocess.Popen(  # noqa: S603, our own words
            ["setpriv", "--pdeathsig", "TERM", "--", *command],  # noqa: S607, found on the path as in a shell
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
        )


def stop(process: subprocess.Popen[bytes], limit_s: float = 3.0) -> None:
    """End `process`, by force where it does not go."""
    process.terminate()
    try:
        process.wait(limit_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class NameService:
    """The bus and Avahi on it. Not for use by several threads."""

    def __init__(self, folder: Path) -> None:
        """Keep socket, configuration and logs in `folder`, whose path must be short (a socket's is at most 107 bytes)."""
        self._folder = folder
        self._socket = folder / "bus"
        self._processes: list[subprocess.Popen[bytes]] = []

    @property
    def address(self) -> str:
        """Address of the bus, for DBUS_SYSTEM_BUS_ADDRESS."""
        return f"unix:path={self._socket}"

    def start(self) -> None:
        """Return once Avahi is on the bus.

        Raises:
            EmulationFailed: dbus-daemon or avahi-daemon is missing or ends; without namespaces also where the machine's own Avahi runs.
        """
        for program in ("dbus-daemon", "avahi-daemon", "setpriv", "unshare"):
            if shutil.which(program) is None:
                raise EmulationFailed(f"{program} is not installed")
        deadline = time.monotonic() + START_LIMIT_S
        while True:
            try:
                self._start_both()
            except EmulationFailed as failed:
                if not any(words in str(failed) for words in _TAKEN) or time.monotonic() > deadline:
                    raise
                # Without namespaces another one of ours starts at this moment.
                time.sleep(0.1)
            else:
                return

    def _start_both(self) -> None:
        self._socket.unlink(missing_ok=True)
        bus_configuration = self._folder / "bus.conf"
        bus_configuration.write_text(_BUS_CONFIGURATION.format(socket=self._socket))
        bus = ["dbus-daemon", f"--config-file={bus_configuration}", "--nofork", "--nopidfile"]
        self._start("bus", bus, lambda _log: self._socket.exists())
        self._start_avahi()

    def stop(self) -> None:
        """End Avahi and the bus; may be called twice."""
        while self._processes:
            stop(self._processes.pop())

    def _start_avahi(self) -> None:
        configuration = self._folder / "avahi.conf"
        configuration.write_text(_AVAHI_CONFIGURATION)
        avahi = ["avahi-daemon", "-f", str(configuration), "--no-drop-root", "--no-chroot", "--no-rlimits"]
        confinement = _confinement()
        self._start("avahi", [*confinement, *avahi], lambda log: "Server startup complete" in log.read_text(errors="replace"))
        if not confinement:
            # E.g. in a container: then it uses the machine's /run.
            logger.warning("avahi runs without namespaces of its own")
            _let_others_in(self._processes[-1].pid)

    def _start(self, name: str, command: list[str], is_ready: Callable[[Path], bool]) -> None:
        log = self._folder / f"{name}.log"
        environment = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": self.address}
        process = spawn(command, log, environment)
        self._processes.append(process)
        deadline = time.monotonic() + START_LIMIT_S
        while not is_ready(log):
            if process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise EmulationFailed(f"{name} did not start: {log.read_text(errors='replace')[-500:].strip()}")
            time.sleep(0.02)


def _let_others_in(pid: int) -> None:
    """Take away the PID file by which a running Avahi keeps all others from starting; not that of the machine's own Avahi."""
    try:
        if int(_PID_FILE.read_text()) == pid:
            _PID_FILE.unlink()
    except (OSError, ValueError):
        logger.warning("avahi's PID file cannot be taken away: only one can run")


def _confinement() -> list[str]:
    """Return the words that run a command with a /run and a network of its own, or none where the kernel refuses."""
    for words in (["unshare", "--mount", "--net"], ["unshare", "--user", "--map-root-user", "--mount", "--net"]):
        # setpriv again: changing namespaces may make the process forget its parent.
        confined = [*words, "setpriv", "--pdeathsig", "TERM", "--", "sh", "-c", _OWN_RUN, "sh"]
        if subprocess.run([*confined, "true"], check=False, capture_output=True).returncode == 0:  # noqa: S603, our own words
            return confined
    return []
