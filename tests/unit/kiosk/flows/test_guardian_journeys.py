"""A guardian joins a child, sees the children, acts for one, takes the consent back: scripts against the tables."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.flows.children.flow import CHILDREN
from kiosk.flows.children.state import (
    AddChildChosen,
    ChildChosen,
    ChildOpened,
    ChildrenFailed,
    ChildrenLoaded,
    ChildrenShown,
    ChildShown,
    ConfirmingWithdrawal,
    ConsentTakenBack,
    ConsentWithdrawn,
    LoadChildren,
    LoadingChildren,
    OpenChild,
    OpenChosen,
    OpeningChild,
    PhoneChosen,
    TakeConsentBack,
    WithdrawChosen,
    WithdrawingConsent,
)
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
)
from kiosk.flows.places import ToMember, ToMenu, ToRegister, ToSignIn
from kiosk.flows.register.flow import REGISTER
from kiosk.flows.register.guardian import prove_guardian
from kiosk.flows.register.state import (
    AgeBandChosen,
    ApplicationAnswered,
    AskingAgeBand,
    CheckingGuardian,
    Consenting,
    ConsentToggled,
    Field,
    FillingForm,
    GuardianKnown,
    GuardianNeeded,
    GuardianRefused,
    IdentifyGuardian,
    InReview,
    LoadingNotice,
    LoadNotice,
    NoticeLoaded,
    PrintReceipt,
    ProvingGuardian,
    Reviewing,
    SlipPrinted,
    SubmitApplication,
    Submitting,
    TextEntered,
)
from kiosk.flows.slips import PrintDeed
from kiosk.flows.step import Back, Continued, DeskRefused, DeskUnreachable, Go, RetryChosen, StopWait, TimeIsUp, Wait
from kiosk.ports.values import AgeBand, ApplicationState, CodePurpose, Draft, Finding, GuardianSeen, Reason, Submitted, Visitor
from tests.support.flow_samples import CHALLENGE, CHILD, CHILD_DRAFT, CHILDREN_OF, NOTICE, RECEIPT, VISITOR
from tests.support.journey import Journey

SEEN = GuardianKnown(GuardianSeen("欧阳**", "138****8000"))


def at_guardian() -> Journey:
    return Journey(REGISTER, AskingAgeBand()).on(AgeBandChosen(AgeBand.UNDER_14)).expect(GuardianNeeded).asks()


def at_check() -> Journey:
    return (
        at_guardian()
        .on(Continued())
        .expect(ProvingGuardian)
        .on(MobileTyped("13800138000"), MobileEntered())
        .asks(SendCode)
        .on(CodeSent(CHALLENGE))
        .asks(Wait)
        .on(CodeTyped("123456"))
        .asks(VerifyCode)
        .on(CodeVerified("proof"))
        .expect(CheckingGuardian)
        .asks(StopWait, IdentifyGuardian)
    )


def at_form() -> Journey:
    return (
        at_check()
        .on(SEEN)
        .expect(LoadingNotice)
        .asks(LoadNotice)
        .on(NoticeLoaded(NOTICE))
        .expect(Consenting)
        .on(ConsentToggled("membership"), Continued())
        .expect(FillingForm)
    )


def test_under_14_nothing_is_asked_before_the_guardian_begins() -> None:
    at_guardian().on(Back()).expect(AskingAgeBand)


def test_the_code_is_asked_for_with_a_purpose_of_its_own() -> None:
    journey = at_guardian().on(Continued(), MobileTyped("13800138000"), MobileEntered())
    assert journey.last.effects == (SendCode("13800138000", CodePurpose.GUARDIAN, 0),)


@pytest.mark.parametrize("reason", ["GUARDIAN_NOT_MEMBER", "GUARDIAN_MINOR", "GUARDIAN_BLOCKED", "GUARDIAN_LIMIT"])
def test_who_cannot_be_a_guardian_learns_why_before_anything_is_typed_of_the_child(reason: str) -> None:
    refused = at_check().on(DeskRefused(Reason(reason))).expect(GuardianRefused)
    assert refused.state.reason == reason
    refused.on(RetryChosen()).expect(ProvingGuardian)
    assert isinstance(refused.state.phone, AskingMobile)


def test_without_an_answer_the_same_proof_is_asked_with_again() -> None:
    journey = at_check().on(DeskUnreachable()).expect(GuardianRefused).on(RetryChosen()).expect(CheckingGuardian)
    assert journey.last.effects == (IdentifyGuardian("proof"),)
    at_check().on(DeskUnreachable(), Continued()).goes(ToMenu)


def test_the_notice_is_the_one_for_children_and_no_number_of_the_child_is_kept() -> None:
    journey = at_check().on(SEEN)
    assert journey.last.effects == (LoadNotice(AgeBand.UNDER_14),)
    draft = journey.state.draft
    assert (draft.mobile, draft.mobile_masked, draft.guardian, draft.phone_proof) == ("", "138****8000", "欧阳**", "proof")


def test_after_the_consent_the_number_is_not_asked_for_once_more() -> None:
    at_form()


def test_a_childs_application_ends_with_a_ticket_that_says_what_to_bring() -> None:
    journey = (
        at_form()
        .on(TextEntered(Field.NAME, "欧阳小雨"), Continued())
        .expect(Reviewing)
        .on(Continued())
        .expect(Submitting)
        .asks(SubmitApplication)
        .on(ApplicationAnswered(Submitted("A123", ApplicationState.IN_REVIEW, (), "", RECEIPT)))
        .expect(InReview)
        .asks(PrintReceipt)
    )
    assert journey.state.is_child


@pytest.mark.parametrize("reason", ["GUARDIAN_SELF", "BIRTHDAY_AGE_BAND"])
def test_what_is_wrong_with_the_form_is_mended_in_the_form(reason: str) -> None:
    field = "name" if reason == "GUARDIAN_SELF" else "birthday"
    refused = DeskRefused(Reason(reason), (Finding(field, Reason(reason)),))
    journey = Journey(REGISTER, Submitting(replace(CHILD_DRAFT, name="欧阳"))).on(refused).expect(FillingForm)
    assert journey.state.focus == field


def test_a_proof_that_ran_out_is_the_guardians_to_give_again() -> None:
    journey = Journey(REGISTER, Submitting(CHILD_DRAFT)).on(DeskRefused(Reason("PHONE_PROOF"))).expect(ProvingGuardian)
    assert isinstance(journey.state.phone, AskingMobile)
    assert journey.state.phone.purpose is CodePurpose.GUARDIAN


def test_five_wrong_codes_end_this_code_and_say_so() -> None:
    state = ProvingGuardian(CHILD_DRAFT, AskingCode(CodePurpose.GUARDIAN, "13800138000", CHALLENGE))
    journey = Journey(REGISTER, state).on(CodeTyped("000000"), DeskRefused(Reason("CODE_TRIES_EXHAUSTED"), tries_left=0))
    assert journey.state.phone.reason == "CODE_TRIES_EXHAUSTED"


def test_a_guardian_who_is_signed_in_types_no_number() -> None:
    step = prove_guardian("visit")
    assert step.effects == (SendCode("", CodePurpose.GUARDIAN, 0, "visit"),)
    assert isinstance(step.state.phone, SendingCode)
    journey = Journey(REGISTER, step.state).on(CodeSent(CHALLENGE), TimeIsUp("resend"), ResendChosen())
    assert journey.last.effects == (SendCode("", CodePurpose.GUARDIAN, 1, "visit"),)
    journey.on(CodeSent(CHALLENGE), CodeTyped("123456"), CodeVerified("proof")).expect(CheckingGuardian)
    assert journey.state.draft.age_band is AgeBand.UNDER_14


# Children.


def listed(may_act: bool = True) -> Journey:
    loading = Journey(CHILDREN, LoadingChildren(VISITOR))
    return loading.on(ChildrenLoaded(replace(CHILDREN_OF, may_act=may_act))).expect(ChildrenShown)


def test_by_card_alone_children_are_seen_and_not_opened() -> None:
    listed(may_act=False).on(ChildChosen("gua_1")).expect(ChildrenShown).asks()
    listed(may_act=False).on(PhoneChosen()).goes(ToSignIn)


def test_a_child_in_review_and_one_that_is_not_there_open_nothing() -> None:
    pending = replace(CHILDREN_OF, children=(replace(CHILD, is_member=False),))
    for children, link_id in ((pending, "gua_1"), (CHILDREN_OF, "gua_9")):
        Journey(CHILDREN, ChildrenShown(VISITOR, children)).on(ChildChosen(link_id)).expect(ChildrenShown)


def test_a_childs_pages_are_opened_as_the_childs() -> None:
    journey = listed().on(ChildChosen("gua_1")).expect(ChildShown).on(OpenChosen()).expect(OpeningChild).asks(OpenChild)
    journey.on(ChildOpened(Visitor("child", "欧阳*")))
    assert journey.last.effects == (Go(ToMember(Visitor("child", "欧阳*"))),)


def test_consent_is_taken_back_only_after_what_it_does_was_said() -> None:
    journey = listed().on(ChildChosen("gua_1"), WithdrawChosen()).expect(ConfirmingWithdrawal).asks()
    journey.on(Continued()).expect(WithdrawingConsent)
    assert journey.last.effects == (TakeConsentBack("visit", "gua_1"),)
    journey.on(ConsentTakenBack(RECEIPT)).expect(ConsentWithdrawn, receipt=RECEIPT, slip="printing")
    assert journey.last.effects == (PrintDeed(RECEIPT, VISITOR.name_masked, is_copy=False),)
    journey.on(SlipPrinted()).expect(ConsentWithdrawn, slip="printed").on(Continued()).expect(LoadingChildren).asks(LoadChildren)


def test_whoever_thinks_better_of_it_takes_nothing_back() -> None:
    listed().on(ChildChosen("gua_1"), WithdrawChosen(), Back()).expect(ChildrenShown).asks()


def test_an_answer_that_was_lost_is_asked_for_with_the_same_effect() -> None:
    journey = listed().on(ChildChosen("gua_1"), WithdrawChosen(), Continued())
    asked = journey.last.effects
    journey.on(DeskUnreachable()).expect(ChildrenFailed).on(RetryChosen()).expect(WithdrawingConsent)
    assert journey.last.effects == asked


def test_what_failed_leads_home_and_a_visit_that_is_over_to_the_menu() -> None:
    asked = WithdrawingConsent(VISITOR, CHILDREN_OF, CHILD)
    Journey(CHILDREN, asked).on(DeskRefused(Reason("GUARDIAN_LINK_UNKNOWN")), Continued()).goes(ToMember)
    Journey(CHILDREN, asked).on(DeskRefused(Reason("VISIT_OVER")), Continued()).goes(ToMenu)


def test_another_child_is_joined_from_here() -> None:
    journey = listed().on(AddChildChosen())
    assert journey.last.effects == (Go(ToRegister(VISITOR)),)
    assert Draft().guardian == ""
