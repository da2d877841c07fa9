"""The central service as a process, with its gateways: what a test of the shell starts, kills and calls over the wire.

Knows commands, ports and files; knows no flow of the kiosk.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import pyotp

from hardware.emulation.ports import steady_port

READY_S = 20.0
STEP_S = 30
# What a command may take until it looks at the code, also on a busy machine.
SPARE_S = 12
LAST_STEP_FILE = "last-step"


class Process:
    """A process that says through a file that it is ready."""

    def __init__(self, words: list[str], ready: Path, environment: dict[str, str] | None = None) -> None:
        self._words, self._ready, self._environment = words, ready, environment or {}
        self.log = ready.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Starts it and returns what the ready file says."""
        self._ready.unlink(missing_ok=True)
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", *self._words]
            environment = {**os.environ, **self._environment}
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)
        end = time.monotonic() + READY_S
        while not self._ready.exists():
            assert self.process.poll() is None, self.log.read_text(errors="replace")[-2000:]
            assert time.monotonic() < end, f"{self._words[0]} is not ready"
            time.sleep(0.02)
        return self._ready.read_text(encoding="utf-8")

    def stop(self, number: int = signal.SIGTERM, wait_s: float = 15.0) -> int:
        """Ends it and returns its exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(wait_s)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait(5)


@dataclass
class Installation:
    """One development installation in a folder, with free ports."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=steady_port)
    sms_port: int = field(default_factory=steady_port)
    mail_port: int = field(default_factory=steady_port)
    running: list[Process] = field(default_factory=list)
    used_steps: dict[str, int] = field(default_factory=dict)

    @property
    def kiosk(self) -> Path:
        return self.folder / "kiosk"

    @property
    def mails(self) -> Path:
        return self.folder / "mails"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "MEMBER_SERVICE_DATA_DIR": str(self.folder / "service"),
            "MEMBER_SERVICE_LISTEN__PORT": str(self.port),
            "MEMBER_SERVICE_LISTEN__PORT_FILE": str(self.folder / "service.port"),
            "MEMBER_SERVICE_SMS__URL": f"http://127.0.0.1:{self.sms_port}/messages",
            "MEMBER_SERVICE_MAIL__PORT": str(self.mail_port),
            "MEMBER_SERVICE_OUTBOX__POLL_S": "0.05",
            "MEMBER_SERVICE_OUTBOX__FIRST_RETRY_S": "0.2",
            "MEMBER_SERVICE_SEAL__EVERY_S": "0.1",
            **self.settings,
        }

    def command(self, *words: str, environment: dict[str, str] | None = None, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Runs a command of the service to its end."""
        env = {**os.environ, **self.environment, **(environment or {})}
        return subprocess.run(
            [sys.executable, "-m", "server_stub", *words], env=env, input=typed, capture_output=True, text=True, timeout=60, check=False
        )

    def develop(self) -> None:
        done = self.command("develop", "--kiosk-dir", str(self.kiosk))
        assert done.returncode == 0, done.stderr
        # It signed in, to load the samples.
        (self.folder / LAST_STEP_FILE).write_text(str(int(time.time() // STEP_S)), encoding="utf-8")

    def as_person(self, name: str, *words: str) -> subprocess.CompletedProcess[str]:
        """Runs a command as a development account."""
        return self.command(*words, environment=self.proof(name))

    def proof(self, name: str) -> dict[str, str]:
        """What the account signs in with: the earliest code that is good for long enough and was not given yet, for each works once."""
        # One step off is good either way, and the step before only while the present one lasts.
        now = time.time()
        present = int(now // STEP_S)
        earliest = present - 1 if STEP_S - now % STEP_S > SPARE_S else present
        used = self.used_steps.get(name) or int((self.folder / LAST_STEP_FILE).read_text(encoding="utf-8"))
        step = self.used_steps[name] = max(earliest, used + 1)
        time.sleep(max(0.0, (step - 1) * STEP_S - now))
        account = json.loads((self.folder / "service" / "development-accounts.json").read_text())[name]
        code = pyotp.TOTP(account["totp_secret"]).at(STEP_S * step)
        return {"MEMBER_STAFF_NAME": name, "MEMBER_STAFF_PASSPHRASE": account["passphrase"], "MEMBER_STAFF_TOTP": code}

    def start_sms(self) -> Process:
        words = ["server_stub.messages.emulation.sms_gateway", "--http-port", str(self.sms_port), "--folder", str(self.folder / "sms")]
        process = self._process(words, "sms")
        self.sms_port = json.loads(process.start())["http"]
        return process

    def start_mail(self) -> Process:
        words = ["server_stub.messages.emulation.mail_sink", "--smtp-port", str(self.mail_port), "--folder", str(self.mails)]
        process = self._process(words, "mail")
        self.mail_port = json.loads(process.start())["smtp"]
        return process

    def start(self) -> Process:
        process = Process(["server_stub", "serve"], self.folder / "service.port", self.environment)
        self.running.append(process)
        self.port = int(process.start())
        return process

    def _process(self, words: list[str], name: str) -> Process:
        ready = self.folder / f"{name}.json"
        process = Process([*words, "--ready-file", str(ready)], ready)
        self.running.append(process)
        return process

    def stop(self) -> None:
        for process in reversed(self.running):
            if process.process is not None:
                process.stop()
        self.running.clear()

    def credentials(self, folder: Path | None = None, authority: Path | None = None) -> grpc.ChannelCredentials:
        own = folder or self.kiosk
        trusted = (authority or self.kiosk / "ca.pem").read_bytes()
        return grpc.ssl_channel_credentials(trusted, (own / "device.key").read_bytes(), (own / "device.pem").read_bytes())

    def channel(self, credentials: grpc.ChannelCredentials | None = None) -> grpc.Channel:
        # Channels of one process share connections by default; a test of identities must not.
        options = [("grpc.use_local_subchannel_pool", 1)]
        return grpc.secure_channel(f"localhost:{self.port}", credentials or self.credentials(), options)

    def gateway(self, path: str, body: dict[str, Any] | None = None) -> Any:
        data = json.dumps(body).encode() if body is not None else None
        with urllib.request.urlopen(f"http://127.0.0.1:{self.sms_port}{path}", data, timeout=5) as answer:
            return json.load(answer)
