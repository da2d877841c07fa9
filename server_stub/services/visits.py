"""Visits: a member before a device, for 15 minutes and while it is kept. Knows no card and no code.

Whoever identified the member begins the visit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from server_stub.domain.actors import DeviceActor
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.domain.uuid7 import IdSource
from server_stub.services.tokens import Handles
from server_stub.storage.database import Tx
from server_stub.storage.ledger import MemberAccount
from server_stub.storage.members import IdentifiedBy, MemberRow, MemberState, VisitRow, add_visit, end_visit, find_visit, member_by_id

_KIND = "visit"
VISIT_LIFETIME = timedelta(minutes=15)
LONGEST_VISIT = timedelta(hours=1)
# A kiosk says every few seconds that somebody is there; the row is written once in so long.
_MOVED_BY = timedelta(minutes=1)
# Names of pages only, so that nothing of a member can travel here.
_PAGE = re.compile(r"[a-z_]{1,24}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Running:
    """A visit that is neither ended nor expired, and whose member it is."""

    visit: VisitRow
    member: MemberRow

    @property
    def is_holder_proved(self) -> bool:
        """Returns whether it began with a code to the member's phone; whoever holds a card need not be its member."""
        return self.visit.identified_by is IdentifiedBy.PHONE


class Visits:
    """Begins, checks and ends visits."""

    def __init__(self, ids: IdSource, handles: Handles) -> None:
        self._ids = ids
        self._handles = handles

    def begin(self, tx: Tx, member: MemberRow, device: DeviceActor, by: IdentifiedBy) -> str:
        """Returns the token of a new visit.

        Raises:
            Refusal: MEMBER_INACTIVE.
        """
        return self.token(self.open(tx, member, device, by))

    def open(self, tx: Tx, member: MemberRow, device: DeviceActor, by: IdentifiedBy) -> str:
        """Returns the id of a new visit, for answers that are stored; see ``begin``."""
        require_active(member)
        row = VisitRow(self._ids.new("vis"), member.member_id, device.device_id, by, tx.now, tx.now + VISIT_LIFETIME, None)
        add_visit(tx, row)
        return row.visit_id

    def token(self, visit_id: str) -> str:
        """Returns the token of a visit."""
        return self._handles.mint(_KIND, visit_id)

    def visit_id(self, token: str) -> str | None:
        """Returns the id in a token that was made here, whether or not the visit still runs; looks at no row."""
        return self._handles.open(_KIND, token)

    def require(self, tx: Tx, token: str, device: DeviceActor) -> MemberRow:
        """Returns the member of a running visit; raises as ``running`` does."""
        return self.running(tx, token, device).member

    def running(self, tx: Tx, token: str, device: DeviceActor) -> Running:
        """Returns a running visit.

        Raises:
            Refusal: VISIT_OVER: unknown, ended, expired or another device's; MEMBER_INACTIVE.
        """
        visit = self._find(tx, token, device)
        if visit is None or visit.ended_at is not None or tx.now >= visit.expires_at:
            raise refuse(Reason.VISIT_OVER)
        member = member_by_id(tx, visit.member_id)
        if member is None:
            raise refuse(Reason.VISIT_OVER)
        require_active(member)
        return Running(visit, member)

    def holder(self, tx: Tx, token: str, device: DeviceActor) -> Running:
        """Returns a running visit of a member who proved the phone by a code.

        Raises:
            Refusal: HOLDER_PROOF, and those of ``running``.
        """
        running = self.running(tx, token, device)
        if not running.is_holder_proved:
            raise refuse(Reason.HOLDER_PROOF)
        return running

    def kept_until(self, tx: Tx, token: str, device: DeviceActor) -> tuple[VisitRow, datetime | None]:
        """Returns a visit whose member is still there, and until when it goes on from here; None where that is not moved now.

        One whose time is over is not brought back, and not refused either: the next that its member wants is, and says why.

        Raises:
            Refusal: VISIT_OVER: unknown, another device's, or ended, e.g. because it was taken up elsewhere.
        """
        visit = self._find(tx, token, device)
        if visit is None or visit.ended_at is not None:
            raise refuse(Reason.VISIT_OVER)
        until = min(tx.now + VISIT_LIFETIME, visit.began_at + LONGEST_VISIT)
        is_moved = tx.now < visit.expires_at <= until - _MOVED_BY
        return visit, until if is_moved else None

    def end(self, tx: Tx, token: str, device: DeviceActor, left_at_page: str = "") -> None:
        """Ends a visit; a token that is none, or ended before, is taken in silence.

        Args:
            tx: Transaction.
            token: Of the visit.
            device: Where it is.
            left_at_page: Page that was open where time ended it; it can be taken up again there. Empty where its member ended it.
        """
        visit = self._find(tx, token, device)
        if visit is not None:
            end_visit(tx, visit.visit_id, left_at_page if _PAGE.fullmatch(left_at_page) else None)

    def _find(self, tx: Tx, token: str, device: DeviceActor) -> VisitRow | None:
        visit_id = self._handles.open(_KIND, token)
        visit = find_visit(tx, visit_id) if visit_id else None
        return visit if visit is not None and visit.device_id == device.device_id else None


def require_active(member: MemberRow | MemberAccount) -> None:
    """Lets an active member, or the account of one, through.

    Raises:
        Refusal: MEMBER_INACTIVE.
    """
    if member.state is not MemberState.ACTIVE:
        raise refuse(Reason.MEMBER_INACTIVE)
