"""What an application must bring before it is looked at: form version, age band, notice, consents. What fails here is not stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from server_stub.domain.application_form import SCHEMA_VERSION, ApplicationForm, Channel, ConsentChoice
from server_stub.domain.birthday import AgeBand
from server_stub.domain.language import Language
from server_stub.domain.notices import Notice, NoticeCatalogue
from server_stub.domain.notices.catalogue import ID_NUMBER, MAIL
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse

# Far above what any field may hold; longer ones are an attack or a fault, not a typing error to mend.
_HARD_LIMIT = 400
_MOST_CONSENTS = 20


@dataclass(frozen=True, slots=True)
class Admissible:
    """A form that may be checked field by field.

    Attributes:
        choices: One for each purpose of the notice, in its order.
    """

    form: ApplicationForm
    channel: Channel
    band: AgeBand
    language: Language
    notice: Notice
    choices: tuple[ConsentChoice, ...]


def admit_form(form: ApplicationForm, notices: NoticeCatalogue) -> Admissible:
    """Returns the form with what it names found.

    Raises:
        Refusal: REQUEST_MALFORMED, AGE_BAND, GUARDIAN_NEEDED (a child without one), NOTICE_RETIRED, NOTICE_TEXT, CONSENT_MISSING,
            CONSENT_NOT_ALLOWED, PURPOSE_NOT_CONSENTED.
    """
    malformed = tuple(_malformed(form))
    if malformed or form.channel is None or form.language is None:
        raise refuse(Reason.REQUEST_MALFORMED, *malformed)
    if form.age_band is None:
        raise refuse(Reason.AGE_BAND, Finding("age_band", Reason.AGE_BAND))
    if form.age_band is AgeBand.UNDER_14 and not form.phone_proof:
        raise refuse(Reason.GUARDIAN_NEEDED, Finding("age_band", Reason.GUARDIAN_NEEDED))
    if form.age_band is AgeBand.UNDER_14 and any((form.email, form.address, form.id_number)):
        # A child's form has the least data: nothing is asked that no purpose needs.
        given = {"id_number": form.id_number, "address": form.address, "email": form.email}
        raise refuse(Reason.REQUEST_MALFORMED, *(Finding(field, Reason.REQUEST_MALFORMED) for field, value in given.items() if value))
    if form.notice_version != notices.in_force:
        raise refuse(Reason.NOTICE_RETIRED)
    notice = notices.get(form.language, form.age_band)
    if form.notice_sha256 != notice.text_sha256:
        raise refuse(Reason.NOTICE_TEXT)
    choices = _choices(form, notice)
    _require_purposes(form, choices)
    return Admissible(form, form.channel, form.age_band, form.language, notice, choices)


def _choices(form: ApplicationForm, notice: Notice) -> tuple[ConsentChoice, ...]:
    given = {choice.purpose: choice.given for choice in form.consents}
    known = {purpose.purpose for purpose in notice.purposes}
    if len(given) != len(form.consents) or not given.keys() <= known:
        raise refuse(Reason.REQUEST_MALFORMED, Finding("consents", Reason.REQUEST_MALFORMED))
    for purpose in notice.purposes:
        said_yes = given.get(purpose.purpose, False)
        if purpose.mandatory and not said_yes:
            raise refuse(Reason.CONSENT_MISSING, Finding("consents", Reason.CONSENT_MISSING))
        if said_yes and not purpose.allowed:
            raise refuse(Reason.CONSENT_NOT_ALLOWED, Finding("consents", Reason.CONSENT_NOT_ALLOWED))
    # What was not ticked is recorded as not given: silence is no consent.
    return tuple(ConsentChoice(p.purpose, given.get(p.purpose, False)) for p in notice.purposes)


def _require_purposes(form: ApplicationForm, choices: tuple[ConsentChoice, ...]) -> None:
    given = {choice.purpose for choice in choices if choice.given}
    needed = ((form.id_number, ID_NUMBER, "id_number"), (form.address, MAIL, "address"))
    found = [Finding(field, Reason.PURPOSE_NOT_CONSENTED) for value, purpose, field in needed if value and purpose not in given]
    if found:
        raise refuse(Reason.PURPOSE_NOT_CONSENTED, *found)


def _malformed(form: ApplicationForm) -> Iterator[Finding]:
    """Yields what no form of this version holds, field by field."""
    known = {"schema_version": form.schema_version == SCHEMA_VERSION, "channel": form.channel, "language": form.language}
    yield from (Finding(field, Reason.REQUEST_MALFORMED) for field, is_known in known.items() if not is_known)
    yield from (Finding(field, Reason.FIELD_TOO_LONG) for field, text in _texts(form).items() if len(text) > _HARD_LIMIT)
    if len(form.consents) > _MOST_CONSENTS:
        yield Finding("consents", Reason.FIELD_TOO_LONG)


def _texts(form: ApplicationForm) -> dict[str, str]:
    own = {part.name: getattr(form, part.name) for part in fields(form)}
    if form.address:
        own |= {f"address.{part.name}": getattr(form.address, part.name) for part in fields(form.address)}
    return {name: value for name, value in own.items() if type(value) is str}
