"""Joining as a table, up to the moment where the centre has decided."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, assert_never

from kiosk.flows.phone_proof.flow import PHONE_PROOF, UNREACHABLE
from kiosk.flows.phone_proof.state import AskingMobile, PhoneLeft, PhoneProved
from kiosk.flows.places import ToIssueCard, ToMenu
from kiosk.flows.register.form import findings, with_text
from kiosk.flows.register.guardian import guardian_known, guardian_not_known, guardian_phone, other_guardian, prove_guardian
from kiosk.flows.register.mending import ID_NUMBER, MAIL, corrected, field_of, form_of, mended_anew, mending
from kiosk.flows.register.notice import load_notice
from kiosk.flows.register.state import (
    AddressEntered,
    AgeBandChosen,
    ApplicationAnswered,
    AskingAgeBand,
    Cancelling,
    CheckingGuardian,
    CloseRequest,
    Consenting,
    ConsentToggled,
    Field,
    FieldChosen,
    FieldFocused,
    FillingForm,
    FullTextChosen,
    GuardianKnown,
    GuardianNeeded,
    GuardianRefused,
    InReview,
    LoadingNotice,
    NotAccepted,
    NoticeLoaded,
    NoticeUnavailable,
    PrintChosen,
    PrintReceipt,
    ProvingGuardian,
    ProvingPhone,
    ReadingNotice,
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
from kiosk.flows.slips import slip_rules
from kiosk.flows.step import COMMON_EVENTS, Back, Continued, DeskRefused, DeskUnreachable, Flow, Go, LanguageSwitched, RetryChosen, Step
from kiosk.ports.values import Address, AgeBand, ApplicationState, CodePurpose, Draft, Finding, Reason

MEMBERSHIP = "membership"

# A form that the centre has found fault with is mended field by field; these faults send back to the phone or the notice.
_PHONE_FIELDS = frozenset({"mobile", "phone_proof"})
_NOTICE_REASONS = frozenset(map(Reason, ("NOTICE_RETIRED", "NOTICE_TEXT", "CONSENT_MISSING", "CONSENT_NOT_ALLOWED")))
_PHONE_REASONS = frozenset(map(Reason, ("PHONE_PROOF",)))


def _age_band(state: AskingAgeBand, event: AgeBandChosen) -> Step:
    if event.age_band is AgeBand.UNDER_14:
        return Step(GuardianNeeded(state.draft))
    return load_notice(mended_anew(state.draft, event.age_band))


def _notice_loaded(state: LoadingNotice, event: NoticeLoaded) -> Step:
    return Step(Consenting(replace(state.draft, notice=event.notice), event.notice, state.again))


def _notice_failed(state: LoadingNotice, event: DeskRefused | DeskUnreachable) -> Step:
    reason = event.reason if isinstance(event, DeskRefused) else UNREACHABLE
    return Step(NoticeUnavailable(state.draft, reason, state.again))


def _toggle(state: Consenting, event: ConsentToggled) -> Step:
    allowed = {purpose.id for purpose in state.notice.purposes if purpose.allowed}
    if event.purpose not in allowed:
        return Step(state)
    given = state.draft.consents
    draft = replace(state.draft, consents=given ^ {event.purpose})
    # Only what is taken back empties its field: who must agree again has not come to the other rows yet.
    return Step(replace(state, draft=_without_consent(draft, given & {event.purpose})))


def _without_consent(draft: Draft, purposes: frozenset[str]) -> Draft:
    """Return the draft without what was typed for `purposes`: number and address have purposes of their own."""
    if ID_NUMBER in purposes:
        draft = replace(draft, id_number="")
    return replace(draft, address=Address()) if MAIL in purposes else draft


def is_consent_complete(state: Consenting) -> bool:
    """Tell whether every mandatory purpose is ticked."""
    return all(purpose.id in state.draft.consents for purpose in state.notice.purposes if purpose.mandatory)


def _consented(state: Consenting, _event: Continued) -> Step:
    if not is_consent_complete(state):
        return Step(state)
    draft = _without_consent(state.draft, frozenset({ID_NUMBER, MAIL}) - state.draft.consents)
    if draft.phone_proof:
        return Step(form_of(draft))
    return Step(ProvingPhone(draft, AskingMobile(CodePurpose.JOIN, draft.mobile)))


def _phone(state: ProvingPhone, event: Any) -> Step:
    inner = PHONE_PROOF.step(state.phone, event)
    match inner.state:
        case PhoneProved(mobile, mobile_masked, phone_proof):
            draft = replace(state.draft, mobile=mobile, mobile_masked=mobile_masked, phone_proof=phone_proof)
            return Step(form_of(draft), inner.effects)
        case PhoneLeft():
            notice = state.draft.notice
            return Step(Consenting(state.draft, notice)) if notice else load_notice(state.draft)
        case _:
            return Step(ProvingPhone(state.draft, inner.state), inner.effects)


def _without(found: tuple[Finding, ...], field: Field) -> tuple[Finding, ...]:
    return tuple(finding for finding in found if field_of(finding) is not field)


def _text(state: FillingForm, event: TextEntered) -> Step:
    draft = corrected(with_text(state.draft, event.field, event.text), event.field)
    return Step(replace(state, draft=draft, findings=_without(state.findings, event.field)))


def _address(state: FillingForm, event: AddressEntered) -> Step:
    draft = corrected(replace(state.draft, address=event.address), Field.ADDRESS)
    return Step(replace(state, draft=draft, findings=_without(state.findings, Field.ADDRESS)))


def _form_done(state: FillingForm, _event: Continued) -> Step:
    found = findings(state.draft)
    if found:
        return Step(replace(state, findings=found, focus=Field(found[0].field)))
    return Step(Reviewing(state.draft))


def _form_left(state: FillingForm, _event: Back) -> Step:
    notice = state.draft.notice
    return Step(Consenting(state.draft, notice)) if notice else load_notice(state.draft)


def _confirm(state: Reviewing, _event: Continued) -> Step:
    return Step(Submitting(state.draft), (SubmitApplication(state.draft),))


def _answered(state: Submitting, event: ApplicationAnswered) -> Step:
    submitted = event.submitted
    match submitted.state:
        case ApplicationState.CARD_PENDING:
            return Step(state, (Go(ToIssueCard(submitted.issue_grant, submitted.receipt)),))
        case ApplicationState.RETURNED:
            returned = Returned(state.draft, submitted.application_number, submitted.findings, submitted.receipt)
            return Step(returned, (_slip(returned),))
        case ApplicationState.IN_REVIEW | ApplicationState.HELD:
            is_child = state.draft.age_band is AgeBand.UNDER_14
            shown = InReview(submitted.application_number, submitted.state, submitted.receipt, is_child=is_child)
            return Step(shown, (_slip(shown),))
        case ApplicationState.REJECTED | ApplicationState.WITHDRAWN | ApplicationState.EXPIRED | ApplicationState.ACTIVE:
            return Step(NotAccepted(Reason("APPLICATION_STATE")))
        case unreachable:
            assert_never(unreachable)


def _slip(state: Returned | InReview) -> PrintReceipt:
    if isinstance(state, Returned):
        return PrintReceipt("returned", state.receipt, state.findings, state.is_copy)
    return PrintReceipt("application", state.receipt, is_copy=state.is_copy)


def _submit_refused(state: Submitting, event: DeskRefused) -> Step:
    if event.findings:
        fields = {finding.field for finding in event.findings}
        if fields & _PHONE_FIELDS:
            return _prove_again(state.draft, event.reason)
        return Step(mending(state.draft, event.findings))
    if event.reason in _PHONE_REASONS:
        return _prove_again(state.draft, event.reason)
    if event.reason in _NOTICE_REASONS:
        return load_notice(state.draft, event.reason)
    return Step(NotAccepted(event.reason, state.draft, event.retry_after_s))


def _prove_again(draft: Draft, reason: Reason) -> Step:
    unproved = replace(draft, phone_proof="")
    if draft.age_band is AgeBand.UNDER_14:
        return Step(ProvingGuardian(unproved, AskingMobile(CodePurpose.GUARDIAN, reason=reason)))
    return Step(ProvingPhone(unproved, AskingMobile(CodePurpose.JOIN, draft.mobile, reason)))


def _uncertain(state: Submitting, _event: DeskUnreachable) -> Step:
    return Step(SubmitUncertain(state.draft))


def _submit(draft: Draft) -> Step:
    return Step(Submitting(draft), (SubmitApplication(draft),))


def _retry(state: SubmitUncertain, _event: RetryChosen) -> Step:
    return _submit(state.draft)


def _give_up(state: SubmitUncertain, _event: Back) -> Step:
    return Step(Cancelling(state.draft), (CloseRequest(SubmitApplication(state.draft)),))


def _closed(state: Cancelling, event: RequestClosed) -> Step:
    """What had arrived has an answer, which the same request asks for again; else it will never be carried out."""
    return _submit(state.draft) if event.was_applied else _menu(state, event)


def _not_closed(state: Cancelling, _event: DeskRefused | DeskUnreachable) -> Step:
    return Step(SubmitUncertain(state.draft))


def _mend(state: Returned, _event: Continued) -> Step:
    draft = replace(state.draft, replaces_application=state.application_number, corrections=state.findings)
    return Step(mending(draft, state.findings))


def _menu(state: Any, _event: Any) -> Step:
    return Step(state, (Go(ToMenu()),))


def _to_age_band(state: GuardianNeeded | LoadingNotice | Consenting, _event: Any) -> Step:
    return Step(AskingAgeBand(mended_anew(state.draft, state.draft.age_band)))


def _other_language(state: LoadingNotice | NoticeUnavailable | Consenting, _event: LanguageSwitched) -> Step:
    return load_notice(state.draft, state.again)


def _other_language_full_text(state: ReadingNotice, event: LanguageSwitched) -> Step:
    return _other_language(state.consenting, event)


def _notice_again(state: NoticeUnavailable, _event: RetryChosen) -> Step:
    return load_notice(state.draft, state.again)


def _edit(state: Reviewing, event: FieldChosen) -> Step:
    return Step(FillingForm(state.draft, event.field))


def _refused_back(state: NotAccepted, event: Back) -> Step:
    return Step(Reviewing(state.draft)) if state.draft else _menu(state, event)


_PHONE_RULES: dict[tuple[type, type], Any] = {
    **{(ProvingPhone, event): _phone for event in PHONE_PROOF.events},
    **{(ProvingGuardian, event): guardian_phone for event in PHONE_PROOF.events},
}

REGISTER = Flow(
    name="register",
    states=(
        AskingAgeBand,
        GuardianNeeded,
        ProvingGuardian,
        CheckingGuardian,
        GuardianRefused,
        LoadingNotice,
        NoticeUnavailable,
        Consenting,
        ReadingNotice,
        ProvingPhone,
        FillingForm,
        Reviewing,
        Submitting,
        SubmitUncertain,
        Cancelling,
        Returned,
        InReview,
        NotAccepted,
    ),
    events=tuple(
        dict.fromkeys(
            (
                *COMMON_EVENTS,
                *PHONE_PROOF.events,
                AgeBandChosen,
                ConsentToggled,
                FullTextChosen,
                FieldFocused,
                TextEntered,
                AddressEntered,
                FieldChosen,
                GuardianKnown,
                NoticeLoaded,
                ApplicationAnswered,
                RequestClosed,
                SlipPrinted,
                SlipFailed,
                PrintChosen,
            )
        )
    ),
    rules={
        **_PHONE_RULES,
        (AskingAgeBand, AgeBandChosen): _age_band,
        (AskingAgeBand, Back): _menu,
        (GuardianNeeded, Back): _to_age_band,
        (GuardianNeeded, Continued): lambda state, _event: prove_guardian(mending=state.draft),
        (CheckingGuardian, GuardianKnown): guardian_known,
        (CheckingGuardian, DeskRefused): guardian_not_known,
        (CheckingGuardian, DeskUnreachable): guardian_not_known,
        (GuardianRefused, RetryChosen): other_guardian,
        (GuardianRefused, Continued): _menu,
        (GuardianRefused, Back): _menu,
        (LoadingNotice, NoticeLoaded): _notice_loaded,
        (LoadingNotice, DeskRefused): _notice_failed,
        (LoadingNotice, DeskUnreachable): _notice_failed,
        (LoadingNotice, LanguageSwitched): _other_language,
        (LoadingNotice, Back): _to_age_band,
        (NoticeUnavailable, RetryChosen): _notice_again,
        (NoticeUnavailable, LanguageSwitched): _other_language,
        (NoticeUnavailable, Back): _menu,
        (Consenting, ConsentToggled): _toggle,
        (Consenting, FullTextChosen): lambda state, _event: Step(ReadingNotice(state)),
        (Consenting, Continued): _consented,
        (Consenting, LanguageSwitched): _other_language,
        (Consenting, Back): _to_age_band,
        (ReadingNotice, Back): lambda state, _event: Step(state.consenting),
        (ReadingNotice, LanguageSwitched): _other_language_full_text,
        (FillingForm, FieldFocused): lambda state, event: Step(replace(state, focus=event.field)),
        (FillingForm, TextEntered): _text,
        (FillingForm, AddressEntered): _address,
        (FillingForm, Continued): _form_done,
        (FillingForm, Back): _form_left,
        (Reviewing, FieldChosen): _edit,
        (Reviewing, Continued): _confirm,
        (Reviewing, Back): lambda state, _event: Step(FillingForm(state.draft)),
        (Submitting, ApplicationAnswered): _answered,
        (Submitting, DeskRefused): _submit_refused,
        (Submitting, DeskUnreachable): _uncertain,
        (SubmitUncertain, RetryChosen): _retry,
        (SubmitUncertain, Back): _give_up,
        (Cancelling, RequestClosed): _closed,
        (Cancelling, DeskRefused): _not_closed,
        (Cancelling, DeskUnreachable): _not_closed,
        (Returned, Continued): _mend,
        (Returned, Back): _menu,
        **slip_rules(Returned, _slip),
        **slip_rules(InReview, _slip),
        (InReview, Continued): _menu,
        (InReview, Back): _menu,
        (NotAccepted, Continued): _menu,
        (NotAccepted, Back): _refused_back,
    },
)
