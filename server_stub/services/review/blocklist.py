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
from server_stub.storage.reviews import BlockKind, BlocklistRow, add_block

_LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class BlockOrder:
    """A line to add; value is a phone or an ID number and is kept as a token only."""

    kind: BlockKind
    value: str = field(repr=False)
    reason: str
    expires_at: datetime | None


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

    def _token(self, order: BlockOrder) -> bytes:
        match order.kind:
            case BlockKind.MOBILE:
                return self._base.tokens.mobile(require_mobile(order.value, DEFAULT_REGIONS).e164)
            case BlockKind.ID:
                return self._base.tokens.id_number(normalise(order.value))
