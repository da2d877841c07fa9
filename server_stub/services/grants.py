"""Permissions to issue a card, the first one or one for a lost one: one application, one device, half an hour."""

from __future__ import annotations

from datetime import timedelta

from server_stub.domain.actors import DeviceActor
from server_stub.domain.application_states import ApplicationState
from server_stub.domain.card_standing import CardStanding
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.domain.uuid7 import IdSource
from server_stub.services.cards.standing import standing_of
from server_stub.services.tokens import Handles
from server_stub.storage.applications import ApplicationRow, application_by_id
from server_stub.storage.database import Tx
from server_stub.storage.grants import GrantRow, add_grant, find_grant
from server_stub.storage.members import member_by_application

_KIND = "issue_grant"
_LIFETIME = timedelta(minutes=30)


class IssueGrants:
    """Gives and checks permissions."""

    def __init__(self, ids: IdSource, handles: Handles) -> None:
        self._ids = ids
        self._handles = handles

    def give(self, tx: Tx, application_id: str, device: DeviceActor) -> str:
        """Returns the id of a new permission; ``text`` makes it what the device sees."""
        row = GrantRow(self._ids.new("grt"), application_id, device.device_id, tx.now, tx.now + _LIFETIME)
        add_grant(tx, row)
        return row.grant_id

    def text(self, grant_id: str) -> str:
        """Returns the permission as the device shows it; empty for an empty id."""
        return self._handles.mint(_KIND, grant_id) if grant_id else ""

    def require(self, tx: Tx, text: str, device: DeviceActor) -> ApplicationRow:
        """Returns the application whose card may be issued.

        Raises:
            Refusal: ISSUE_GRANT: unknown, expired, another device's, or the membership does not wait for a card.
        """
        grant_id = self._handles.open(_KIND, text)
        grant = find_grant(tx, grant_id) if grant_id else None
        if grant is None or grant.device_id != device.device_id or tx.now >= grant.expires_at:
            raise refuse(Reason.ISSUE_GRANT)
        application = application_by_id(tx, grant.application_id)
        if application is None or not _waits_for_card(tx, application):
            raise refuse(Reason.ISSUE_GRANT)
        return application


def _waits_for_card(tx: Tx, application: ApplicationRow) -> bool:
    if application.state is ApplicationState.CARD_PENDING:
        return True
    member = member_by_application(tx, application.application_id) if application.state is ApplicationState.ACTIVE else None
    return member is not None and standing_of(tx, member.member_id).standing is CardStanding.LOST
