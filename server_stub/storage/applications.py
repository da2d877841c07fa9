"""Statements on applications and their consents. Knows no rule."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from server_stub.domain.application_states import ApplicationState
from server_stub.domain.refusals import Finding
from server_stub.storage.database import Tx
from server_stub.storage.rows import add, change, every, first
from server_stub.storage.tables.enrollment import application, consent
from server_stub.storage.tables.guardians import guardian_link
from server_stub.storage.tables.people import person


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """An application; its personal data are in the person that it names."""

    application_id: str
    number: str
    person_id: str
    state: ApplicationState
    version: int
    findings: tuple[Finding, ...]
    open_mobile_token: bytes | None
    channel: str
    schema_version: int
    device_id: str
    store_id: str
    notice_version: str
    rules_version: str
    replaces_application_id: str | None
    occurred_at: datetime
    submitted_at: datetime
    state_since: datetime


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """One choice about one purpose; never changed. The guardian's person where one chose in a child's name."""

    consent_id: str
    person_id: str
    application_id: str
    purpose: str
    given: bool
    notice_version: str
    text_sha256: str
    language: str
    device_id: str
    occurred_at: datetime
    recorded_at: datetime
    guardian_person_id: str | None = None


def add_application(tx: Tx, row: ApplicationRow) -> None:
    """Stores an application."""
    add(tx, application, row)


def application_by_id(tx: Tx, application_id: str) -> ApplicationRow | None:
    """Returns the application."""
    return first(tx, select(application).where(application.c.application_id == application_id), ApplicationRow)


def application_by_number(tx: Tx, number: str) -> ApplicationRow | None:
    """Returns the application with this number."""
    return first(tx, select(application).where(application.c.number == number), ApplicationRow)


def newest_application_of(tx: Tx, mobile_token: bytes) -> ApplicationRow | None:
    """Returns the newest application of a phone."""
    query = select(application).join(person, person.c.person_id == application.c.person_id).where(person.c.mobile_token == mobile_token)
    return first(tx, query.order_by(application.c.application_id.desc()), ApplicationRow)


def newest_returned_application_of(tx: Tx, mobile_token: bytes) -> ApplicationRow | None:
    """Returns the newest application of a phone that waits for being corrected."""
    query = select(application).join(person, person.c.person_id == application.c.person_id).where(person.c.mobile_token == mobile_token)
    which = application.c.state == ApplicationState.RETURNED
    return first(tx, query.where(which).order_by(application.c.application_id.desc()), ApplicationRow)


def newest_application_of_children(tx: Tx, guardian_member_id: str) -> ApplicationRow | None:
    """Returns the newest application that a guardian sent for a child."""
    query = select(application).join(guardian_link, guardian_link.c.application_id == application.c.application_id)
    which = guardian_link.c.guardian_member_id == guardian_member_id
    return first(tx, query.where(which).order_by(application.c.application_id.desc()), ApplicationRow)


def open_application_of(tx: Tx, mobile_token: bytes) -> ApplicationRow | None:
    """Returns the open application of a phone."""
    return first(tx, select(application).where(application.c.open_mobile_token == mobile_token), ApplicationRow)


def change_application(tx: Tx, before: ApplicationRow, values: Mapping[str, Any]) -> bool:
    """Changes an application and its version; False where somebody was quicker."""
    which = (application.c.application_id == before.application_id) & (application.c.version == before.version)
    return change(tx, application, which, {**values, "version": before.version + 1}) == 1


def applications_in(tx: Tx, states: Collection[ApplicationState], since_before: datetime, limit: int) -> tuple[ApplicationRow, ...]:
    """Returns applications that have been in one of the states since before a moment, oldest first."""
    query = select(application).where(application.c.state.in_(sorted(states)), application.c.state_since < since_before)
    return every(tx, query.order_by(application.c.state_since).limit(limit), ApplicationRow)


def add_consent(tx: Tx, row: ConsentRow) -> None:
    """Records a choice for ever."""
    add(tx, consent, row)


def consents_of(tx: Tx, application_id: str) -> tuple[ConsentRow, ...]:
    """Returns the choices made with an application, by purpose."""
    return every(tx, select(consent).where(consent.c.application_id == application_id).order_by(consent.c.consent_id), ConsentRow)
