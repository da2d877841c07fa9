"""A guardian's children, as plain values. Names are masked by the centre."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from kiosk.ports.values import ApplicationState, GuardianSeen, Receipt, RequestId, Visitor


@dataclass(frozen=True, slots=True)
class LinkedChild:
    """A child under 14.

    Attributes:
        link_id: Handle of the link.
        is_member: False while the application is looked at.
    """

    link_id: str
    name_masked: str
    is_member: bool
    application_state: ApplicationState
    application_number: str


@dataclass(frozen=True, slots=True)
class Children:
    """The children of who is here; `may_act` where the visit began with a code to the guardian's phone."""

    children: tuple[LinkedChild, ...]
    may_act: bool


class GuardianDesk(Protocol):
    """Guardians and their children. Each call raises `kiosk.ports.errors.DeskError`; Thread: loop."""

    async def identify_guardian(self, phone_proof: str) -> GuardianSeen:
        """Return the member whose number was proved, where fit to be a guardian."""
        ...

    async def children(self, visit_token: str) -> Children:
        """Return the children of the member who is here."""
        ...

    async def open_child(self, visit_token: str, link_id: str) -> Visitor:
        """Begin a visit of a child."""
        ...

    async def withdraw_guardian_consent(self, request_id: RequestId, visit_token: str, link_id: str) -> Receipt | None:
        """Take the consent for a child back; returns what proves it. The same id again changes nothing."""
        ...
