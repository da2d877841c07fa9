"""The application form as any channel sends it: one form, one schema version. Knows no check."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from server_stub.domain.address import PostalAddress
from server_stub.domain.birthday import AgeBand, ProofLevel
from server_stub.domain.language import Language

SCHEMA_VERSION = 1


class Channel(StrEnum):
    """Where an application came from; data, not a second path."""

    KIOSK = "KIOSK"
    DESK = "DESK"
    WEB = "WEB"
    APP = "APP"


@dataclass(frozen=True, slots=True)
class ConsentChoice:
    """A choice about one purpose of the notice."""

    purpose: str
    given: bool


@dataclass(frozen=True, slots=True)
class ApplicationForm:
    """What the applicant sent. None stands for a value that the contract calls unspecified or does not know.

    Attributes:
        phone_proof: From VerifyOwnershipCode.
        birthday: YYYY-MM-DD or empty.
        id_number: Number or empty; it is read here once and never kept.
        notice_sha256: Digest of the notice text that was shown, hex.
    """

    schema_version: int
    channel: Channel | None
    name: str = field(repr=False)
    mobile: str = field(repr=False)
    phone_proof: str = field(repr=False)
    age_band: AgeBand | None
    language: Language | None
    notice_version: str
    notice_sha256: str
    consents: tuple[ConsentChoice, ...]
    birthday: str = field(default="", repr=False)
    birthday_proof: ProofLevel = ProofLevel.UNSPECIFIED
    id_number: str = field(default="", repr=False)
    address: PostalAddress | None = field(default=None, repr=False)
    email: str = field(default="", repr=False)
