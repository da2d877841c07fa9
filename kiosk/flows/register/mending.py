"""Sending a returned application again: what goes with it from the beginning, and the form with what was found wrong."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flows.register.state import Field, FillingForm
from kiosk.ports.values import AgeBand, Draft, Finding

MAIL = "mail"
ID_NUMBER = "id_number"
CONSENTS = {Field.ID_NUMBER: ID_NUMBER, Field.ADDRESS: MAIL, Field.POSTCODE: MAIL}
"""Purpose to which a member must have said yes before a field may be filled."""


def mended_anew(draft: Draft, age_band: AgeBand) -> Draft:
    """Return an empty form that keeps what it mends; the phone stays proved, but a child's is the guardian's, proved for this."""
    anew = Draft(age_band=age_band, replaces_application=draft.replaces_application, corrections=draft.corrections)
    if not draft.replaces_application or AgeBand.UNDER_14 in (age_band, draft.age_band):
        return anew
    return replace(anew, mobile=draft.mobile, mobile_masked=draft.mobile_masked, phone_proof=draft.phone_proof)


def form_of(draft: Draft) -> FillingForm:
    """Return the form; where something is to be corrected, at the first such field that may be filled."""
    closed = {field for field, purpose in CONSENTS.items() if purpose not in draft.consents}
    found = tuple(finding for finding in draft.corrections if field_of(finding) not in closed)
    return mending(draft, found) if found else FillingForm(draft)


def mending(draft: Draft, found: tuple[Finding, ...]) -> FillingForm:
    """Return the form at the first field that was found wrong."""
    known = [field for field in map(field_of, found) if field]
    return FillingForm(draft, known[0] if known else Field.NAME, found, is_mending=True)


def field_of(finding: Finding) -> Field | None:
    """Return the field of the form that a finding is about; None where the form has no such field."""
    name = field_name(finding)
    return Field(name) if name in set(Field) else None


def field_name(finding: Finding) -> str:
    """Return what the form calls the field of a finding: parts are named after the whole, but a postcode has a field of its own."""
    whole, _, part = finding.field.partition(".")
    return part if part == Field.POSTCODE else whole


def corrected(draft: Draft, field: Field) -> Draft:
    """Return the draft without what was found wrong with a field that is typed anew."""
    return replace(draft, corrections=tuple(finding for finding in draft.corrections if field_of(finding) is not field))
