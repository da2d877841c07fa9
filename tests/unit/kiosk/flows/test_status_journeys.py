"""Asking after an application that came back, and sending it again from the beginning."""

from __future__ import annotations

import pytest

from kiosk.flows.phone_proof.state import AskingMobile, CodeSent, CodeTyped, CodeVerified, MobileEntered, MobileTyped
from kiosk.flows.places import ToMenu, ToRegister
from kiosk.flows.register.state import (
    AddressEntered,
    AgeBandChosen,
    AskingAgeBand,
    Consenting,
    ConsentToggled,
    Field,
    FillingForm,
    GuardianNeeded,
    LoadingNotice,
    NoticeLoaded,
    ProvingGuardian,
    ProvingPhone,
    Reviewing,
    SubmitApplication,
    TextEntered,
)
from kiosk.flows.status.flow import STATUS, of_number
from kiosk.flows.status.state import (
    CorrectionChosen,
    EnteringNumber,
    LoadStatus,
    LookingUp,
    NumberTyped,
    ProvingApplicant,
    ShowingStatus,
    StatusLoaded,
)
from kiosk.flows.step import Back, Continued, DeskRefused, StopWait
from kiosk.ports.values import Address, AgeBand, ApplicationState, ApplicationStatus, Draft, Finding, Reason
from kiosk.session.beginnings import begin
from tests.support.flow_samples import CHALLENGE, NOTICE, PROVED
from tests.support.journey import Journey

NAME = Finding("name", Reason("NAME_DIGITS"))
ID_NUMBER = Finding("id_number", Reason("ID_BIRTHDAY"))
STREET = Finding("address.detail", Reason("ADDRESS_DETAIL_SHORT"))


def shown(state: ApplicationState, *found: Finding) -> Journey:
    status = ApplicationStatus("A123", state, found, "", "欧阳**")
    return Journey(STATUS, ShowingStatus(status, PROVED))


def correcting(*found: Finding) -> Journey:
    """The join flow, as it begins behind the button."""
    flow, first = begin(shown(ApplicationState.RETURNED, *found).on(CorrectionChosen()).goes(ToRegister))
    return Journey(flow, first).expect(AskingAgeBand)


def at_consent(*found: Finding) -> Journey:
    return correcting(*found).on(AgeBandChosen(AgeBand.ADULT)).expect(LoadingNotice).on(NoticeLoaded(NOTICE)).expect(Consenting)


@pytest.mark.parametrize(("number", "is_whole"), [("", True), ("A012345678905", True), ("A0123456", False), ("A", False)])
def test_a_number_that_is_not_whole_is_told_before_a_code_is_sent(number: str, is_whole: bool) -> None:
    journey = Journey(STATUS, EnteringNumber()).on(NumberTyped(number), Continued())
    if is_whole:
        journey.expect(ProvingApplicant)
        return
    journey.expect(EnteringNumber)
    assert journey.state == EnteringNumber(number, Reason("APPLICATION_UNKNOWN"))
    assert journey.on(NumberTyped(number + "1")).state == EnteringNumber(number + "1")


@pytest.mark.parametrize("state", [state for state in ApplicationState if state is not ApplicationState.RETURNED])
def test_only_what_was_returned_can_be_corrected(state: ApplicationState) -> None:
    shown(state).on(CorrectionChosen()).expect(ShowingStatus).asks()


def test_the_number_that_was_proved_goes_with_the_correction() -> None:
    journey = Journey(STATUS, of_number("A123")).on(MobileTyped("13800138000"), MobileEntered(), CodeSent(CHALLENGE), CodeTyped("123456"))
    journey.on(CodeVerified("proof")).expect(LookingUp).asks(StopWait, LoadStatus)
    journey.on(StatusLoaded(ApplicationStatus("A123", ApplicationState.RETURNED, (NAME,), "", "欧阳**"))).expect(ShowingStatus)
    mending = journey.on(CorrectionChosen()).goes(ToRegister).mending
    assert mending == Draft(
        mobile="13800138000", mobile_masked="138****8000", phone_proof="proof", replaces_application="A123", corrections=(NAME,)
    )


def test_a_correction_begins_with_consent_and_leads_to_the_form_without_a_code() -> None:
    journey = at_consent(NAME)
    assert journey.state.draft.consents == frozenset()
    journey.on(ConsentToggled("membership"), Continued())
    journey.expect(FillingForm, focus=Field.NAME, findings=(NAME,), is_mending=True)
    journey.on(TextEntered(Field.NAME, "欧阳小满")).expect(FillingForm, findings=())
    journey.on(Continued()).expect(Reviewing).on(Continued()).asks(SubmitApplication)
    (sent,) = journey.last.effects
    assert (sent.draft.replaces_application, sent.draft.phone_proof, sent.draft.mobile) == ("A123", "proof", "13800138000")


def test_a_field_without_its_consent_is_not_asked_to_be_corrected() -> None:
    at_consent(ID_NUMBER).on(ConsentToggled("membership"), Continued()).expect(FillingForm, focus=Field.NAME, findings=())
    journey = at_consent(STREET, ID_NUMBER).on(ConsentToggled("membership"), ConsentToggled("id_number"), Continued())
    journey.expect(FillingForm, focus=Field.ID_NUMBER, findings=(ID_NUMBER,))


def test_going_back_forgets_neither_what_is_replaced_nor_what_is_to_be_corrected() -> None:
    journey = at_consent(NAME).on(Back()).expect(AskingAgeBand)
    journey.on(AgeBandChosen(AgeBand.FROM_14_TO_17), NoticeLoaded(NOTICE), ConsentToggled("membership"), Continued())
    journey.expect(FillingForm, findings=(NAME,)).on(Back()).expect(Consenting).on(Continued()).expect(FillingForm, findings=(NAME,))
    assert (journey.state.draft.replaces_application, journey.state.draft.age_band) == ("A123", AgeBand.FROM_14_TO_17)


def test_what_was_typed_anew_is_not_named_again() -> None:
    journey = at_consent(NAME).on(ConsentToggled("membership"), Continued(), TextEntered(Field.NAME, "欧阳小满"))
    journey.on(Back(), Continued()).expect(FillingForm, findings=())
    street = Draft(consents=frozenset({"mail"}), corrections=(STREET,))
    flow = correcting().flow
    assert Journey(flow, FillingForm(street)).on(AddressEntered(Address(detail="湖滨路 1 号"))).state.draft.corrections == ()


def test_a_proof_that_has_ended_is_asked_for_again_and_the_correction_goes_on() -> None:
    journey = at_consent(NAME).on(ConsentToggled("membership"), Continued(), TextEntered(Field.NAME, "欧阳小满"), Continued(), Continued())
    journey.on(DeskRefused(Reason("PHONE_PROOF"))).expect(ProvingPhone)
    assert isinstance(journey.state.phone, AskingMobile)
    assert journey.state.draft.replaces_application == "A123"


def test_a_childs_correction_asks_the_guardian_for_a_code_of_its_own() -> None:
    journey = correcting(NAME).on(AgeBandChosen(AgeBand.UNDER_14)).expect(GuardianNeeded).on(Continued()).expect(ProvingGuardian)
    assert journey.state.draft == Draft(AgeBand.UNDER_14, replaces_application="A123", corrections=(NAME,))
    journey.on(Back()).expect(GuardianNeeded).on(Back()).expect(AskingAgeBand)
    assert journey.state.draft.replaces_application == "A123"


def test_home_remains_a_way_out() -> None:
    shown(ApplicationState.RETURNED, NAME).on(Back()).goes(ToMenu)
