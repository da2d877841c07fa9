"""Checks every field of an application and says what to mend, field by field. Knows no database: duplicates are not looked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from server_stub.domain.address import PostalAddress, check_address
from server_stub.domain.application_form import ApplicationForm
from server_stub.domain.birthday import AgeBand, ProofLevel, age_band, parse_birthday
from server_stub.domain.email_address import parse_email
from server_stub.domain.id_number import IdNumber, parse_id_number
from server_stub.domain.person_name import parse_name
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding
from server_stub.domain.regions.table import Regions

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CheckedForm:
    """The fields as they are kept; None where a field is empty or was found wrong.

    Attributes:
        birthday_proof: UNSPECIFIED without a birthday, DOCUMENT only with an ID number of that day, never DESK.
        findings: In the order of the form.
    """

    name: str | None = field(repr=False)
    birthday: date | None = field(repr=False)
    birthday_proof: ProofLevel
    id_number: IdNumber | None = field(repr=False)
    address: PostalAddress | None = field(repr=False)
    email: str | None = field(repr=False)
    findings: tuple[Finding, ...]


def check_form(form: ApplicationForm, today: date, regions: Regions) -> CheckedForm:
    """Returns the checked form. ``today`` is the day in Asia/Shanghai."""
    found: list[Finding] = []
    name = _kept(found, "name", parse_name(form.name))
    birthday = _kept(found, "birthday", parse_birthday(form.birthday, today)) if form.birthday else None
    id_number = _kept(found, "id_number", parse_id_number(form.id_number, today, regions)) if form.id_number else None
    address, about_address = check_address(form.address, regions) if form.address else (None, ())
    email = _kept(found, "email", parse_email(form.email)) if form.email else None
    found += [*_cross_checks(form.age_band, birthday, id_number, today), *about_address]
    return CheckedForm(name, birthday, _proof(form.birthday_proof, birthday, id_number), id_number, address, email, tuple(found))


def _proof(claimed: ProofLevel, birthday: date | None, id_number: IdNumber | None) -> ProofLevel:
    """Returns what a form proves, whatever it claims: no form is the desk, and a document that was read has a number."""
    if birthday is None:
        return ProofLevel.UNSPECIFIED
    is_read = claimed is ProofLevel.DOCUMENT and id_number is not None and id_number.birthday == birthday
    return ProofLevel.DOCUMENT if is_read else ProofLevel.STATED


def _kept(found: list[Finding], name: str, value: T | Reason) -> T | None:
    if isinstance(value, Reason):
        found.append(Finding(name, value))
        return None
    return value


def _cross_checks(band: AgeBand | None, birthday: date | None, id_number: IdNumber | None, today: date) -> Iterator[Finding]:
    if birthday and band and age_band(birthday, today) is not band:
        yield Finding("birthday", Reason.BIRTHDAY_AGE_BAND)
    if not id_number:
        return
    if birthday and id_number.birthday != birthday:
        yield Finding("id_number", Reason.ID_BIRTHDAY)
    elif not birthday and band and age_band(id_number.birthday, today) is not band:
        yield Finding("id_number", Reason.BIRTHDAY_AGE_BAND)
    if not id_number.region_is_plausible:
        yield Finding("id_number", Reason.ID_REGION_UNKNOWN)
