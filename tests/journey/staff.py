"""Development accounts on the command line: what proves a person there. Each sign-in takes a code of its own.

`python -m tests.journey.staff FOLDER NAME` prints what a command of the service asks for, line by line, to be piped into it.
"""

from __future__ import annotations

import json
import shlex
import sys
import time
from pathlib import Path

import pyotp

from tests.journey.world import World

STEP_S = 30


def accounts_file(folder: Path) -> Path:
    """Return where the accounts' secrets lie in the folder of an installation."""
    return folder / "service" / "development-accounts.json"


def proof(world: World, name: str, step: int = 0) -> dict[str, str]:
    """Return the environment in which a development account signs in; `step` chooses the time step of the code, which works once."""
    passphrase, code = _passphrase_and_code(world.folder, name, step)
    return {"MEMBER_STAFF_NAME": name, "MEMBER_STAFF_PASSPHRASE": passphrase, "MEMBER_STAFF_TOTP": code}


def by_hand(world: World) -> list[str]:
    """Return lines that tell a person how to run the service's commands, e.g. a review, beside a kiosk that is used by hand."""
    python, folder, data = (shlex.quote(str(part)) for part in (sys.executable, world.folder, world.folder / "service"))
    service = f"MEMBER_SERVICE_DATA_DIR={data} {python} -m server_stub"
    reviewer = f"{python} -m tests.journey.staff {folder} dev-lin"
    return [
        f"commands of the service: {service} --help",
        f"accounts and their secrets: {accounts_file(world.folder)}",
        f"e.g. a reviewer: {reviewer} | {service} review list",
        "a code works once: wait half a minute before the next command of the same person",
    ]


def _passphrase_and_code(folder: Path, name: str, step: int = 0) -> tuple[str, str]:
    account = json.loads(accounts_file(folder).read_text(encoding="utf-8"))[name]
    return account["passphrase"], pyotp.TOTP(account["totp_secret"]).at(time.time() + STEP_S * step)


if __name__ == "__main__":
    print(sys.argv[2], *_passphrase_and_code(Path(sys.argv[1]), sys.argv[2]), sep="\n")
