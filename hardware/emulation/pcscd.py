"""Starts a private pcscd with the virtual reader: own socket, own configuration, own ports. Knows no card.

The daemon takes its socket as systemd would hand it over, so it neither needs nor meets the system's own one; clients find
it through PCSCLITE_CSOCK_NAME. Development and tests only: the virtual reader listens on all addresses of the machine, so
anybody on its network can lay a card on it.
"""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from hardware.emulation.ports import steady_port
from hardware.errors import ServiceDown

CLIENT_VARIABLE = "PCSCLITE_CSOCK_NAME"

_DRIVERS = ("/usr/lib/pcsc/drivers/serial/libifdvpcd.so",)
_DRIVERS_BY_ARCHITECTURE = "/usr/lib/*/pcsc/drivers/serial/libifdvpcd.so"
# Some installations keep daemons out of an ordinary user's search path.
_DAEMON_PLACES = "/usr/sbin:/usr/local/sbin:/sbin"
_LISTENING = "0A"
_POLL_S = 0.005


def find_daemon() -> str | None:
    """Return the path of pcscd, None where it is not installed."""
    return shutil.which("pcscd") or shutil.which("pcscd", path=_DAEMON_PLACES)


def find_driver() -> str | None:
    """Return the path of the virtual reader's driver, None where it is not installed."""
    places = [Path(p) for p in _DRIVERS] + sorted(Path("/").glob(_DRIVERS_BY_ARCHITECTURE[1:]))
    return next((str(p) for p in places if p.exists()), None)


def is_listening(port: int) -> bool:
    """Tell whether somebody on this machine listens on a TCP port, without connecting: a connection would be a card."""
    wanted = f":{port:04X}"
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            lines = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        if any(line.split()[1].endswith(wanted) and line.split()[3] == _LISTENING for line in lines):
            return True
    return False


def _reader_entry(name: str, port: int, driver: str) -> str:
    return f'FRIENDLYNAME "{name}"\nDEVICENAME /dev/null:0x{port:04X}\nLIBPATH {driver}\nCHANNELID 0x{port:04X}\n'


@dataclass(slots=True)
class Pcscd:
    """A running private pcscd.

    Attributes:
        folder: Where its socket, configuration and log lie.
        port: Port of the first slot; the second one is the next.
    """

    folder: Path
    port: int
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def socket_path(self) -> Path:
        """Return the socket for CLIENT_VARIABLE; it stays the same over restarts, because clients read it once."""
        return self.folder / "pcscd.comm"

    @property
    def pid(self) -> int | None:
        """Return the daemon's process id while it runs."""
        if self._process is None or self._process.poll() is not None:
            return None
        return self._process.pid

    def start(self, timeout_s: float = 5.0) -> None:
        """Start it and return once the virtual reader listens.

        Raises:
            ServiceDown: It is not installed, or does not get ready.
        """
        daemon = find_daemon()
        if daemon is None:
            raise ServiceDown("pcscd is not installed")
        self.socket_path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listener, (self.folder / "pcscd.log").open("ab") as log:
            listener.bind(str(self.socket_path))
            listener.listen(16)
            # Activation demands descriptor 3 and the daemon's own process id; the shell, given the socket as 0, knows both.
            script = 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@" 3<&0 </dev/null'
            command = ["sh", "-c", script, "sh", daemon, *self._options(daemon)]
            self._process = subprocess.Popen(command, stdin=listener.fileno(), stdout=log, stderr=log)  # noqa: S603 - fixed words
        self._wait(timeout_s)

    def _options(self, daemon: str) -> list[str]:
        options = ["--foreground", "--config", str(self.folder / "reader.conf.d"), "--error"]
        known = subprocess.run([daemon, "--help"], capture_output=True, text=True, check=False)  # noqa: S603
        # Where pcscd asks polkit, nobody answers in a container; it can be told not to ask since 2.0.2.
        if "--disable-polkit" in known.stdout + known.stderr:
            options.append("--disable-polkit")
        return options

    def _wait(self, timeout_s: float) -> None:
        deadline = time.monotonic() + timeout_s
        while not (is_listening(self.port) and is_listening(self.port + 1)):
            if self.pid is None or time.monotonic() > deadline:
                log = (self.folder / "pcscd.log").read_text(errors="replace")[-400:]
                self.stop()
                raise ServiceDown(f"pcscd does not get ready: {log}")
            time.sleep(_POLL_S)

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End it; harmless where it does not run."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(number)
        self._process.wait(5)
        self._process = None

    def kill(self) -> None:
        """End it as a crash would."""
        self.stop(signal.SIGKILL)

    def restart(self) -> None:
        """Stop and start it on the same socket and ports."""
        self.stop()
        self.start()


def start_pcscd(folder: Path, port: int | None = None, reader_name: str = "Virtual PCD") -> Pcscd:
    """Start a private pcscd whose virtual reader has two slots, "<name> 00 00" and "<name> 00 01".

    Args:
        folder: Made where it does not exist; the path of a socket in it must not exceed 107 bytes.
        port: First of two neighbouring ports; None chooses a free pair.
        reader_name: Name of the reader, as real ones have names.

    Raises:
        ServiceDown: pcscd or the virtual reader is not installed, or does not get ready.
    """
    driver = find_driver()
    if driver is None:
        raise ServiceDown("the virtual reader (vsmartcard-vpcd) is not installed")
    port = port or steady_port(neighbours=2)
    (folder / "reader.conf.d").mkdir(parents=True, exist_ok=True)
    (folder / "reader.conf.d" / "vpcd").write_text(_reader_entry(reader_name, port, driver))
    pcscd = Pcscd(folder, port)
    pcscd.start()
    return pcscd
