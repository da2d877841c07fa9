"""The list of earlier abuse: own history only, each line with reason, author and end (capabilities row 13)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from server_stub.domain.actors import Actor
from server_stub.domain.id_number import normalise
from server_stub.domain.mobile import DEFAULT_REGIONS
from server_stub.domain.permissions import Operation
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.services.audit import Deed
from server_stub.services.enrollment.codes import require_mobile
from server_stub.services.foundation import Foundation
from server_stub.services.review.queue import require_staff
from server_stub.storage.database import Tx
from server_stub.storage.reviews import BlockKind, BlocklistRow, add_block, blocks, end_block

_LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class BlockOrder:
    """A line to add; value is a phone or an ID number and is kept as a token only."""

    kind: BlockKind
    value: str = field(repr=False)
    reason: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class BlockView:
    """A line of the list as people see it; whom it is about cannot be read back."""

    entry_id: str
    kind: BlockKind
    reason: str
    author: str
    added_at: datetime
    expires_at: datetime


class Blocklist:
    """Keeps the list."""

    def __init__(self, base: Foundation) -> None:
        self._base = base

    def add(self, actor: Actor, order: BlockOrder) -> str:
        """Adds a line and returns its id.

        Raises:
            Refusal: NOT_PERMITTED; FIELD_REQUIRED without reason or end; REQUEST_MALFORMED for an end in the past or more
                than three years away; PHONE_* for a wrong number.
        """
        staff = require_staff(actor, Operation.MANAGE_BLOCKLIST)
        if not order.reason.strip():
            raise refuse(Reason.FIELD_REQUIRED, Finding("reason", Reason.FIELD_REQUIRED))
        if order.expires_at is None:
            raise refuse(Reason.FIELD_REQUIRED, Finding("expires_at", Reason.FIELD_REQUIRED))
        expires_at, token = order.expires_at, self._token(order)

        def transaction(tx: Tx) -> str:
            if not tx.now < expires_at <= tx.now + _LONGEST:
                raise refuse(Reason.REQUEST_MALFORMED, Finding("expires_at", Reason.REQUEST_MALFORMED))
            row = BlocklistRow(self._base.ids.new("blk"), order.kind, token, order.reason.strip(), staff.label, tx.now, expires_at)
            add_block(tx, row)
            self._base.audit.record(tx, Deed(staff, "blocklist.added", "blocklist_entry", row.entry_id))
            return row.entry_id

        return self._base.database.write(transaction)

    def list(self, actor: Actor) -> tuple[BlockView, ...]:
        """Returns the lines in force, those that end first at the top.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        require_staff(actor, Operation.MANAGE_BLOCKLIST)
        rows = self._base.database.read(blocks)
        return tuple(BlockView(row.entry_id, row.kind, row.reason, row.author, row.added_at, row.expires_at) for row in rows)

    def lift(self, actor: Actor, entry_id: str, reason: str) -> None:
        """Ends a line before its time, e.g. because the member contested it with success; the reason stays in the audit.

        Raises:
            Refusal: NOT_PERMITTED; FIELD_REQUIRED without reason; REQUEST_MALFORMED where no such line is in force.
        """
        staff = require_staff(actor, Operation.MANAGE_BLOCKLIST)
        if not reason.strip():
            raise refuse(Reason.FIELD_REQUIRED, Finding("reason", Reason.FIELD_REQUIRED))

        def transaction(tx: Tx) -> None:
            if not end_block(tx, entry_id):
                raise refuse(Reason.REQUEST_MALFORMED, Finding("entry_id", Reason.REQUEST_MALFORMED))
            deed = Deed(staff, "blocklist.lifted", "blocklist_entry", entry_id, detail={"reason": reason.strip()})
            self._base.audit.record(tx, deed)

        self._base.database.write(transaction)

    def _token(self, order: BlockOrder) -> bytes:
        match order.kind:
            case BlockKind.MOBILE:
                return self._base.tokens.mobile(require_mobile(order.value, DEFAULT_REGIONS).e164)
            case BlockKind.ID:
                return self._base.tokens.id_number(normalise(order.value))
