"""Joining, told as journeys: refusals first, then the way that works, in every language."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk.flows.phone_proof.state import (
    AskingCode,
    AskingMobile,
    CodeSent,
    CodeTyped,
    CodeVerified,
    MobileEntered,
    MobileTyped,
    ResendChosen,
    SendCode,
    SendingCode,
    VerifyCode,
    VerifyingCode,
)
from kiosk.flows.places import ToIssueCard, ToMenu
from kiosk.flows.register.flow import REGISTER, is_consent_complete
from kiosk.flows.register.state import (
    AddressEntered,
    AgeBandChosen,
    ApplicationAnswered,
    AskingAgeBand,
    Cancelling,
    CloseRequest,
    Consenting,
    ConsentToggled,
    Field,
    FillingForm,
    FullTextChosen,
    InReview,
    LoadingNotice,
    LoadNotice,
    NotAccepted,
    NoticeLoaded,
    NoticeUnavailable,
    PrintChosen,
    PrintReceipt,
    ProvingPhone,
    RequestClosed,
    Returned,
    Reviewing,
    SlipFailed,
    SlipPrinted,
    SubmitApplication,
    Submitting,
    SubmitUncertain,
    TextEntered,
)
from kiosk.flows.step import Back, Continued, DeskRefused, DeskUnreachable, LanguageSwitched, RetryChosen, StopWait, TimeIsUp, Wait
from kiosk.ports.values import Address, AgeBand, ApplicationState, Finding, Language, Purpose, Reason, Submitted
from tests.support.flow_samples import CHALLENGE, DRAFT, NOTICE, RECEIPT
from tests.support.journey import Journey

NOTICE_WITH_MAIL = replace(NOTICE, purposes=(*NOTICE.purposes, Purpose("mail", "邮寄", "可选", mandatory=False, allowed=True)))


def at_consent() -> Journey:
    return (
        Journey(REGISTER, AskingAgeBand())
        .on(AgeBandChosen(AgeBand.ADULT))
        .expect(LoadingNotice)
        .asks(LoadNotice)
        .on(NoticeLoaded(NOTICE))
        .expect(Consenting)
    )


def at_code() -> Journey:
    return (
        at_consent()
        .on(ConsentToggled("membership"), Continued())
        .expect(ProvingPhone)
        .on(MobileTyped("13800138000"), MobileEntered())
        .asks(SendCode)
        .on(CodeSent(CHALLENGE))
        .asks(Wait)
    )


def at_form() -> Journey:
    return at_code().on(CodeTyped("123456")).asks(VerifyCode).on(CodeVerified("proof")).expect(FillingForm).asks(StopWait)


def at_submission() -> Journey:
    return (
        at_form()
        .on(TextEntered(Field.NAME, "欧阳小满"), Continued())
        .expect(Reviewing)
        .on(Continued())
        .expect(Submitting)
        .asks(SubmitApplication)
    )


def answer(state: ApplicationState, *found: Finding) -> ApplicationAnswered:
    return ApplicationAnswered(Submitted("A123", state, found, "grant", RECEIPT))


def test_nothing_is_ticked_and_without_the_mandatory_purpose_nothing_goes_on() -> None:
    journey = at_consent()
    assert journey.state.draft.consents == frozenset()
    assert not is_consent_complete(journey.state)
    journey.on(ConsentToggled("marketing"), Continued()).expect(Consenting)


def test_refusing_every_optional_purpose_never_blocks() -> None:
    at_consent().on(ConsentToggled("membership"), Continued()).expect(ProvingPhone)


def test_a_purpose_that_may_not_be_asked_for_cannot_be_ticked() -> None:
    minor = replace(NOTICE, purposes=(NOTICE.purposes[0], replace(NOTICE.purposes[2], allowed=False)))
    journey = Journey(REGISTER, LoadingNotice(DRAFT)).on(NoticeLoaded(minor))
    journey.on(ConsentToggled("marketing"))
    assert "marketing" not in journey.state.draft.consents


def test_taking_back_the_consent_to_mail_empties_the_address() -> None:
    address = Address("330000", "330100", "330102", "金丝雀路 7 号")
    draft = replace(DRAFT, consents=frozenset({"membership", "mail"}), address=address)
    journey = Journey(REGISTER, Consenting(draft, NOTICE_WITH_MAIL)).on(ConsentToggled("mail"))
    assert journey.state.draft.address == Address()


def test_taking_back_the_consent_to_the_id_number_empties_the_field() -> None:
    draft = replace(DRAFT, consents=frozenset({"membership", "id_number"}), id_number="11010519491231002X")
    journey = Journey(REGISTER, Consenting(draft, NOTICE)).on(ConsentToggled("id_number"))
    assert journey.state.draft.id_number == ""


@pytest.mark.parametrize("language", list(Language))
def test_another_language_asks_for_the_notice_again_and_drops_choices(language: Language) -> None:
    journey = at_consent().on(ConsentToggled("membership"), LanguageSwitched(language)).expect(LoadingNotice).asks(LoadNotice)
    journey.on(NoticeLoaded(replace(NOTICE, language=language))).expect(Consenting)
    assert journey.state.draft.consents == frozenset()


def test_without_a_notice_nothing_can_be_agreed_to() -> None:
    journey = Journey(REGISTER, LoadingNotice(DRAFT)).on(DeskUnreachable()).expect(NoticeUnavailable, reason=Reason("UNREACHABLE"))
    journey.on(RetryChosen()).expect(LoadingNotice).asks(LoadNotice)


def test_an_empty_number_is_not_sent() -> None:
    journey = at_consent().on(ConsentToggled("membership"), Continued(), MobileEntered()).asks()
    assert journey.state.phone.reason == "FIELD_REQUIRED"


@pytest.mark.parametrize("reason", ["PHONE_INVALID", "PHONE_NOT_MOBILE", "CODE_LIMIT", "SMS_NOT_SENT"])
def test_a_refused_number_stays_in_the_field_with_its_reason(reason: str) -> None:
    journey = at_consent().on(ConsentToggled("membership"), Continued(), MobileTyped("02012345678"), MobileEntered())
    journey.on(DeskRefused(Reason(reason), retry_after_s=60))
    assert isinstance(journey.state.phone, AskingMobile)
    assert (journey.state.phone.mobile, journey.state.phone.reason, journey.state.phone.wait_s) == ("02012345678", reason, 60)


def test_five_wrong_codes_end_in_a_cool_down() -> None:
    journey = at_code()
    for left in (4, 3, 2, 1):
        journey.on(CodeTyped("000000"), DeskRefused(Reason("CODE_WRONG"), tries_left=left))
        assert isinstance(journey.state.phone, AskingCode)
        assert (journey.state.phone.digits, journey.state.phone.tries_left) == ("", left)
    journey.on(CodeTyped("000000"), DeskRefused(Reason("CODE_TRIES_EXHAUSTED"), retry_after_s=600))
    assert isinstance(journey.state.phone, AskingMobile)
    assert journey.state.phone.wait_s == 600


def test_another_code_only_after_its_wait_and_under_another_request() -> None:
    journey = at_code().on(ResendChosen()).asks()
    journey.on(TimeIsUp("resend"), ResendChosen()).asks(SendCode)
    assert isinstance(journey.state.phone, SendingCode)
    assert journey.last.effects[0].attempt == 1


def test_a_code_that_could_not_be_compared_may_be_typed_again() -> None:
    journey = at_code().on(CodeTyped("123456"))
    assert isinstance(journey.state.phone, VerifyingCode)
    journey.on(DeskUnreachable())
    assert journey.state.phone.reason == "UNREACHABLE"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "FIELD_REQUIRED"),
        ("  ", "FIELD_REQUIRED"),
        ("小满7", "NAME_DIGITS"),
        ("小满٣", "NAME_DIGITS"),
        ("小😀", "FIELD_CHARACTERS"),
        ("小\u202e满", "FIELD_CHARACTERS"),
    ],
)
def test_a_bad_name_is_said_at_the_field_and_other_fields_are_kept(name: str, reason: str) -> None:
    journey = at_form().on(TextEntered(Field.EMAIL, "m@example.cn"), TextEntered(Field.NAME, name), Continued()).expect(FillingForm)
    assert journey.state.findings == (Finding("name", Reason(reason)),)
    assert journey.state.draft.email == "m@example.cn"


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("110105194912310021", "ID_CHECK_DIGIT"),
        ("11010519491231002", "ID_LENGTH"),
        ("110105491231002", "ID_OLD_15"),
        ("1101051949A231002X", "ID_CHARACTERS"),
        ("１10105194912310021", "ID_CHARACTERS"),
    ],
)
def test_a_bad_id_number_says_which_check_failed(number: str, reason: str) -> None:
    journey = at_form().on(TextEntered(Field.NAME, "欧阳小满"), TextEntered(Field.ID_NUMBER, number), Continued())
    assert journey.state.findings == (Finding("id_number", Reason(reason)),)


def test_other_bad_fields() -> None:
    journey = at_form().on(
        TextEntered(Field.NAME, "欧阳小满"),
        TextEntered(Field.EMAIL, "no-at-sign"),
        TextEntered(Field.BIRTHDAY, "2026-02-30"),
        AddressEntered(Address("330000", "330100", "330106", "短")),
        Continued(),
    )
    assert {finding.reason for finding in journey.state.findings} == {"EMAIL_FORM", "BIRTHDAY_NOT_A_DATE", "ADDRESS_DETAIL_SHORT"}
    assert journey.state.focus is Field.ADDRESS


@pytest.mark.parametrize(("typed", "kept"), [("3100", "3100"), ("31001", "31001"), ("31x00", "3100"), ("٣١", "")])
def test_a_postcode_has_six_digits_or_none_at_all(typed: str, kept: str) -> None:
    address = Address("330000", "330100", "330106", "文三路 1 号")
    journey = at_form().on(TextEntered(Field.NAME, "欧阳小满"), AddressEntered(address), TextEntered(Field.POSTCODE, typed), Continued())
    if not kept:
        assert journey.expect(Reviewing).state.draft.address == address
        return
    journey.expect(FillingForm, focus=Field.POSTCODE, findings=(Finding("postcode", Reason("POSTCODE_FORM")),))
    assert journey.state.draft.address.postcode == kept
    journey.on(TextEntered(Field.POSTCODE, "3100123"), Continued()).expect(Reviewing)
    assert journey.state.draft.address == replace(address, postcode="310012")


def test_a_postcode_alone_is_no_address() -> None:
    journey = at_form().on(TextEntered(Field.NAME, "欧阳小满"), TextEntered(Field.POSTCODE, "310012"), Continued())
    journey.expect(FillingForm, focus=Field.ADDRESS, findings=(Finding("address", Reason("FIELD_REQUIRED")),))


def test_a_postcode_that_the_centre_refuses_is_mended_in_its_own_field_and_its_street_is_left() -> None:
    found = (Finding("address.postcode", Reason("POSTCODE_FORM")), Finding("address.detail", Reason("FIELD_CHARACTERS")))
    journey = at_submission().on(DeskRefused(Reason("REQUEST_MALFORMED"), found)).expect(FillingForm, focus=Field.POSTCODE)
    journey.on(TextEntered(Field.POSTCODE, "310012")).expect(FillingForm, findings=found[1:])
    journey.on(TextEntered(Field.ADDRESS, "文三路 1 号")).expect(FillingForm, findings=())


@pytest.mark.parametrize("typed", ["R7K2M4QX", "7K2M4QX9R", "R"])
def test_what_has_not_the_form_of_a_referral_code_is_said_at_the_field(typed: str) -> None:
    journey = at_form().on(TextEntered(Field.NAME, "欧阳小满"), TextEntered(Field.REFERRAL_CODE, typed), Continued())
    journey.expect(FillingForm, focus=Field.REFERRAL_CODE, findings=(Finding("referral_code", Reason("REFERRAL_CODE_UNKNOWN")),))


@pytest.mark.parametrize("typed", ["推荐码", " - ", "😀\u202e"])
def test_what_cannot_be_in_a_referral_code_is_not_kept(typed: str) -> None:
    journey = at_form().on(TextEntered(Field.NAME, "欧阳小满"), TextEntered(Field.REFERRAL_CODE, typed), Continued())
    assert journey.expect(Reviewing).state.draft.referral_code == ""


def test_a_referral_code_is_kept_as_it_is_read_out_and_goes_with_the_application() -> None:
    journey = at_form().on(TextEntered(Field.NAME, "欧阳小满"), TextEntered(Field.REFERRAL_CODE, "r7k 2m4-qx9zz"), Continued())
    assert journey.expect(Reviewing).state.draft.referral_code == "R7K2M4QX9"
    (sent,) = journey.on(Continued()).expect(Submitting).last.effects
    assert sent.draft.referral_code == "R7K2M4QX9"


def test_a_code_that_nobody_has_is_shown_at_its_field_with_everything_kept() -> None:
    unknown = Finding("referral_code", Reason("REFERRAL_CODE_UNKNOWN"))
    journey = at_submission().on(DeskRefused(Reason("REFERRAL_CODE_UNKNOWN"), (unknown,)))
    journey.expect(FillingForm, focus=Field.REFERRAL_CODE, findings=(unknown,))
    assert journey.state.draft.name == "欧阳小满"
    # It may be left out: what is taken away is no finding any more.
    journey.on(TextEntered(Field.REFERRAL_CODE, "")).expect(FillingForm, findings=()).on(Continued()).expect(Reviewing)


def test_a_returned_application_is_mended_with_everything_kept() -> None:
    journey = at_submission().on(answer(ApplicationState.RETURNED, Finding("name", Reason("FIELD_CHARACTERS"))))
    journey.expect(Returned).asks(PrintReceipt).on(Continued()).expect(FillingForm, is_mending=True)
    assert journey.state.draft.replaces_application == "A123"
    assert journey.state.draft.name == "欧阳小满"


def test_findings_of_a_refusal_are_shown_at_their_fields() -> None:
    journey = at_submission().on(DeskRefused(Reason("REQUEST_MALFORMED"), (Finding("address.district_code", Reason("ADDRESS_HIERARCHY")),)))
    journey.expect(FillingForm, focus=Field.ADDRESS)


CONSENT_REASONS = ["NOTICE_RETIRED", "NOTICE_TEXT", "CONSENT_MISSING", "CONSENT_NOT_ALLOWED"]
FILLED = replace(
    DRAFT,
    notice=NOTICE_WITH_MAIL,
    consents=frozenset({"membership", "id_number", "mail"}),
    id_number="11010519491231002X",
    address=Address("330000", "330100", "330102", "金丝雀路 7 号"),
)


def typed(journey: Journey) -> tuple[Any, ...]:
    draft = journey.state.draft
    return draft.name, draft.email, draft.id_number, draft.address, draft.phone_proof


def asked_anew(reason: str) -> Journey:
    """The whole form was sent, and the notice had changed meanwhile."""
    journey = Journey(REGISTER, Submitting(FILLED)).on(DeskRefused(Reason(reason))).expect(LoadingNotice).asks(LoadNotice)
    return journey.on(NoticeLoaded(replace(NOTICE_WITH_MAIL, version="2027-01")))


@pytest.mark.parametrize("reason", CONSENT_REASONS)
def test_a_retired_notice_is_shown_anew_and_says_why(reason: str) -> None:
    journey = asked_anew(reason).expect(Consenting, again=Reason(reason))
    assert journey.state.draft.consents == frozenset()
    journey.on(ConsentToggled("membership")).expect(Consenting, again=Reason(reason))


@pytest.mark.parametrize("reason", CONSENT_REASONS)
def test_who_must_agree_again_finds_the_form_as_it_was_typed(reason: str) -> None:
    journey = asked_anew(reason)
    for purpose in ("membership", "id_number", "mail"):
        journey.on(ConsentToggled(purpose))
    journey.on(Continued()).expect(FillingForm)
    assert typed(journey) == typed(Journey(REGISTER, FillingForm(FILLED)))
    assert journey.on(Continued()).expect(Reviewing).state.draft.notice.version == "2027-01"


def test_what_has_no_consent_any_more_is_not_taken_along() -> None:
    journey = asked_anew("NOTICE_RETIRED").on(ConsentToggled("membership"), Continued()).expect(FillingForm)
    assert (journey.state.draft.id_number, journey.state.draft.address) == ("", Address())
    assert journey.state.draft.name == FILLED.name


def test_why_is_still_known_after_another_language_a_lost_notice_and_the_full_text() -> None:
    journey = asked_anew("NOTICE_RETIRED").on(LanguageSwitched(Language.EN)).expect(LoadingNotice, again=Reason("NOTICE_RETIRED"))
    journey.on(DeskUnreachable()).expect(NoticeUnavailable, again=Reason("NOTICE_RETIRED")).on(RetryChosen(), NoticeLoaded(NOTICE))
    journey.expect(Consenting, again=Reason("NOTICE_RETIRED")).on(FullTextChosen(), Back()).expect(
        Consenting, again=Reason("NOTICE_RETIRED")
    )


@pytest.mark.parametrize("language", list(Language))
def test_another_language_after_consent_leads_nowhere_else(language: Language) -> None:
    for journey in (at_form(), at_form().on(TextEntered(Field.NAME, "欧阳小满"), Continued())):
        before = journey.state
        assert journey.on(LanguageSwitched(language)).asks().state == before


def test_another_language_on_the_way_back_to_the_consent_keeps_what_was_typed() -> None:
    journey = Journey(REGISTER, FillingForm(FILLED)).on(Back()).expect(Consenting).on(LanguageSwitched(Language.EN))
    journey.on(NoticeLoaded(replace(NOTICE_WITH_MAIL, language=Language.EN)))
    for purpose in ("mail", "membership", "id_number"):
        journey.on(ConsentToggled(purpose))
    assert typed(journey.on(Continued()).expect(FillingForm)) == typed(Journey(REGISTER, FillingForm(FILLED)))


def test_an_expired_phone_proof_asks_for_the_phone_again() -> None:
    journey = at_submission().on(DeskRefused(Reason("PHONE_PROOF"))).expect(ProvingPhone)
    assert journey.state.draft.phone_proof == ""


def test_a_person_looks_at_it() -> None:
    at_submission().on(answer(ApplicationState.IN_REVIEW)).expect(InReview, application_number="A123").asks(PrintReceipt).on(
        Continued()
    ).goes(ToMenu)


FOUND = Finding("name", Reason("FIELD_CHARACTERS"))
SLIPS = [
    (ApplicationState.IN_REVIEW, InReview, PrintReceipt("application", RECEIPT)),
    (ApplicationState.RETURNED, Returned, PrintReceipt("returned", RECEIPT, (FOUND,))),
]


def slip_of(outcome: ApplicationState) -> Journey:
    return at_submission().on(answer(outcome, *((FOUND,) if outcome is ApplicationState.RETURNED else ())))


@pytest.mark.parametrize(("outcome", "state", "slip"), SLIPS)
def test_a_slip_of_an_application_is_printed_again_as_a_copy_and_no_third_time(
    outcome: ApplicationState, state: type, slip: PrintReceipt
) -> None:
    journey = slip_of(outcome)
    assert journey.last.effects == (slip,)
    journey.on(PrintChosen()).asks().on(SlipPrinted()).expect(state, slip="printed").on(PrintChosen())
    assert journey.last.effects == (replace(slip, is_copy=True),)
    journey.on(SlipFailed(Reason("PAPER_OUT"))).expect(state, slip="failed").on(PrintChosen())
    assert journey.last.effects == (replace(slip, is_copy=True),)
    journey.on(SlipPrinted(), PrintChosen()).expect(state, slip="printed", is_copy=True).asks()


@pytest.mark.parametrize(("outcome", "state", "slip"), SLIPS)
@pytest.mark.parametrize("is_unknown", [False, True])
def test_a_slip_of_an_application_that_may_have_come_out_is_printed_again_as_a_copy_only(
    outcome: ApplicationState, state: type, slip: PrintReceipt, is_unknown: bool
) -> None:
    journey = slip_of(outcome).on(SlipFailed(Reason("PRINT_TIMED_OUT"), is_unknown))
    journey.expect(state, slip="unknown" if is_unknown else "failed").on(PrintChosen())
    assert journey.last.effects == (replace(slip, is_copy=is_unknown),)


def test_an_existing_member_is_told_so() -> None:
    at_submission().on(DeskRefused(Reason("MEMBER_EXISTS"))).expect(NotAccepted, reason="MEMBER_EXISTS").on(Back()).expect(Reviewing)


def test_a_lost_answer_is_tried_again_as_the_same_intent() -> None:
    journey = at_submission()
    first = journey.last.effects
    assert journey.on(DeskUnreachable()).expect(SubmitUncertain).on(RetryChosen()).expect(Submitting).last.effects == first


def test_giving_up_after_a_lost_answer_closes_the_request() -> None:
    journey = at_submission().on(DeskUnreachable(), Back()).expect(Cancelling).asks(CloseRequest)
    journey.on(RequestClosed(was_applied=False)).goes(ToMenu)


def test_who_gives_up_what_had_arrived_is_told_what_was_decided() -> None:
    first = at_submission().last.effects
    journey = at_submission().on(DeskUnreachable(), Back(), RequestClosed(was_applied=True)).expect(Submitting)
    assert journey.last.effects == first, "the same request: the centre gives its first answer"
    assert journey.on(answer(ApplicationState.CARD_PENDING)).goes(ToIssueCard).grant == "grant"


@pytest.mark.parametrize("event", [DeskUnreachable(), DeskRefused(Reason("SERVICE_FAULT"))])
def test_what_became_of_it_stays_open_where_the_centre_does_not_say(event: object) -> None:
    assert at_submission().on(DeskUnreachable(), Back(), event).expect(SubmitUncertain)


def test_all_clear_leads_to_the_card() -> None:
    place = at_submission().on(answer(ApplicationState.CARD_PENDING)).goes(ToIssueCard)
    assert (place.grant, place.receipt) == ("grant", RECEIPT)
