"""Tells a member, in the member's own language, of what was done with what is theirs. Knows template names, not what was done."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from server_stub.domain.language import Language
from server_stub.services.foundation import Foundation
from server_stub.services.notifications import Notification, Notifications
from server_stub.storage.database import Tx
from server_stub.storage.members import member_by_id


class Telling:
    """The way from a member's id to a message."""

    def __init__(self, base: Foundation, notifications: Notifications) -> None:
        self._base = base
        self._notifications = notifications

    def tell(self, tx: Tx, member_id: str, message: tuple[str, str], variables: Callable[[Language], Mapping[str, str]]) -> None:
        """Queues a message in the caller's transaction; whoever was erased hears nothing.

        Args:
            tx: Transaction of what is told.
            member_id: Whom to tell.
            message: Template, and the key of the event.
            variables: Of the template, in a language.
        """
        member = member_by_id(tx, member_id)
        person = self._base.people.find(tx, member.person_id) if member else None
        if person is None or person.erased_at is not None:
            return
        data, language = self._base.people.open_row(person), Language(person.language)
        template, event_key = message
        self._notifications.send(
            tx,
            Notification(
                event_key=event_key,
                template=template,
                language=language,
                mobile=data.mobile,
                email=data.email,
                person_id=person.person_id,
                variables=variables(language),
            ),
        )
