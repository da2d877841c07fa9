"""A service that is asked to end ends at its time, also where something in it does not."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from tests.support.service_parts import beside

if TYPE_CHECKING:
    from server_stub.storage.database import Tx
    from tests.support.service_process import Installation

LIMIT_S = 1.0
# Far more than the limit, and far less than the time for which a write tries again behind a lock.
PATIENCE_S = 25.0


def test_a_stop_waits_for_no_lock_that_somebody_else_holds(installation: Installation) -> None:
    """Protection: `leave_within`. Without it the process waits for a thread whose write waits for the lock."""
    installation.settings["MEMBER_SERVICE_LIMITS__DRAIN_S"] = str(LIMIT_S)
    service = installation.start()
    held, let_go = threading.Event(), threading.Event()

    def hold(tx: Tx) -> None:
        tx.connection.exec_driver_sql("UPDATE store SET region_code = region_code")
        held.set()
        let_go.wait()

    with beside(installation) as parts:
        holder = threading.Thread(target=parts.database.write, args=(hold,))
        holder.start()
        try:
            # The sealer renews its lease ten times a second, so something waits for the lock by the time of the signal or right after it.
            held.wait()
            assert service.stop(wait_s=PATIENCE_S) == 0
        finally:
            let_go.set()
            holder.join()
    assert "leaving what runs" in service.log.read_text()
    verified = installation.command("audit", "verify")
    assert verified.returncode == 0, verified.stdout
