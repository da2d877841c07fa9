"""Rows that the service takes away itself are no loss; whatever else goes or comes back under their keys is named."""

from __future__ import annotations

from datetime import timedelta

from server_stub.domain.actors import SystemActor
from server_stub.jobs.housekeeping import Housekeeping
from server_stub.services.audit import Deed
from server_stub.services.audit_chain.verify import Wrong
from server_stub.services.review.blocklist import BlockKind, BlockOrder
from tests.support.central_service import ADMIN
from tests.unit.server_stub_shell.test_audit_chain import Trail, trail

__all__ = ["trail"]


def blocked(trail: Trail) -> str:
    """Adds a line that ends in a day, and returns its id."""
    order = BlockOrder(BlockKind.MOBILE, "13800138000", "resold points", trail.central.clock.now() + timedelta(days=1))
    entry_id = trail.central.core.blocklist.add(ADMIN, order)
    trail.sealer.seal_all()
    return entry_id


def sweep(trail: Trail) -> None:
    trail.central.clock.advance(days=1)
    assert Housekeeping(trail.central.base, trail.central.core.ledger.accounts).run().blocks == 1
    trail.sealer.seal_all()


def found(trail: Trail) -> list[tuple[Wrong, str]]:
    return [(one.wrong, one.row) for one in trail.verify().findings]


def test_a_line_whose_time_is_over_goes_and_the_trail_is_good(trail: Trail) -> None:
    blocked(trail)
    sweep(trail)
    assert found(trail) == []


def test_one_that_is_put_back_afterwards_is_named(trail: Trail) -> None:
    entry_id = blocked(trail)
    trail.owner("CREATE TABLE kept AS SELECT * FROM blocklist_entry")
    sweep(trail)
    trail.owner("INSERT INTO blocklist_entry SELECT * FROM kept")
    assert found(trail) == [(Wrong.ROW_WITHOUT_EVENT, f"blocklist_entry/{entry_id}")]


def test_a_later_event_about_a_row_that_somebody_took_away_hides_nothing(trail: Trail) -> None:
    entry_id = blocked(trail)
    trail.owner("DELETE FROM blocklist_entry")
    deed = Deed(SystemActor("desk"), "blocklist.lifted", "blocklist_entry", entry_id)
    trail.central.database.write(lambda tx: trail.central.base.audit.record(tx, deed))
    trail.sealer.seal_all()
    assert found(trail) == [(Wrong.ROW_REMOVED, f"blocklist_entry/{entry_id}")]
