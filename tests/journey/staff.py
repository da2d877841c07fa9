"""Development accounts on the command line: what proves a person there. Each sign-in takes a code of its own."""

from __future__ import annotations

import json
import time

import pyotp

from tests.journey.world import World

STEP_S = 30


def proof(world: World, name: str, step: int = 0) -> dict[str, str]:
    """Return the environment in which a development account signs in; `step` chooses the time step of the code, which works once."""
    accounts = json.loads((world.folder / "service" / "development-accounts.json").read_text(encoding="utf-8"))
    account = accounts[name]
    code = pyotp.TOTP(account["totp_secret"]).at(time.time() + STEP_S * step)
    return {"MEMBER_STAFF_NAME": name, "MEMBER_STAFF_PASSPHRASE": account["passphrase"], "MEMBER_STAFF_TOTP": code}
