"""What stands on the slips that a running kiosk printed, verified by the centre's public keys alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from hardware.codes.zbar import ZbarReader
from kiosk.paper.verify import verify_argument

if TYPE_CHECKING:
    from tests.journey.world import World


def kind_on(world: World, slip: Path) -> str:
    """Return the kind of the receipt on a slip."""
    words = json.loads(world.run_service_command("keys", "export-public", "--receipts"))
    keys = {int(key): bytes.fromhex(value) for key, value in words.items()}
    return verify_argument(str(slip), keys, lambda path: [code.text for code in ZbarReader().read_file(path)]).kind
