"""Who acts: a device, a member of staff or the service itself. Knows nothing of how they proved who they are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Roles of staff, and the three that are not people."""

    KIOSK = "KIOSK"
    TILL = "TILL"
    SYSTEM = "SYSTEM"
    REVIEWER = "REVIEWER"
    STORE_STAFF = "STORE_STAFF"
    TECHNICIAN = "TECHNICIAN"
    ARCHIVIST = "ARCHIVIST"
    ADMINISTRATOR = "ADMINISTRATOR"
    MANAGER = "MANAGER"
    MARKETING = "MARKETING"
    CUSTOMER_SERVICE = "CUSTOMER_SERVICE"


class DeviceKind(StrEnum):
    """What a device is for; it decides what its certificate opens."""

    KIOSK = "KIOSK"
    TILL = "TILL"


_ROLE_OF_DEVICE = {DeviceKind.KIOSK: Role.KIOSK, DeviceKind.TILL: Role.TILL}


@dataclass(frozen=True, slots=True)
class DeviceActor:
    """A kiosk or a till, known from its certificate.

    Attributes:
        device_id: Id in the device registry.
        store_id: Store where it stands.
        kind: What it is for.
    """

    device_id: str
    store_id: str
    kind: DeviceKind = DeviceKind.KIOSK

    @property
    def roles(self) -> frozenset[Role]:
        """Returns the one role of a device."""
        return frozenset({_ROLE_OF_DEVICE[self.kind]})

    @property
    def label(self) -> str:
        """Returns the actor as the audit log names it."""
        return f"device:{self.device_id}"


@dataclass(frozen=True, slots=True)
class StaffActor:
    """A person who proved a passphrase and a TOTP.

    Attributes:
        name: Name of the account.
        roles: Roles of the account.
        own_mobile_token: Lookup token of the person's own phone or empty; nobody decides on an own application.
        store_id: Store where the person works, or empty.
    """

    name: str
    roles: frozenset[Role]
    own_mobile_token: bytes = b""
    store_id: str = ""

    @property
    def label(self) -> str:
        """Returns the actor as the audit log names it."""
        return f"staff:{self.name}"


@dataclass(frozen=True, slots=True)
class SystemActor:
    """The service itself: its jobs."""

    job: str = "service"

    @property
    def roles(self) -> frozenset[Role]:
        """Returns the one role of the service."""
        return frozenset({Role.SYSTEM})

    @property
    def label(self) -> str:
        """Returns the actor as the audit log names it."""
        return f"system:{self.job}"


Actor = DeviceActor | StaffActor | SystemActor
