"""Values of the ports to messages of the contract and back."""

from __future__ import annotations

from collections.abc import Iterable

from kiosk.backend.caller import reason_name
from kiosk.ports.desks import CardCommand
from kiosk.ports.values import (
    AbortCause,
    AgeBand,
    ApplicationState,
    CodePurpose,
    Draft,
    Finding,
    IssueStage,
    Language,
    Receipt,
)
from proto.member.v1 import card_pb2, common_pb2, enrollment_pb2, guardian_pb2, reward_pb2

FORM_VERSION = 1

Proving = (
    card_pb2.ReportLostResponse | card_pb2.WithdrawLossResponse | guardian_pb2.WithdrawGuardianConsentResponse | reward_pb2.CancelResponse
)
"""Answers to what is proved by a receipt that travels in them."""

LANGUAGES = {
    Language.ZH_HANS: common_pb2.LANGUAGE_ZH_HANS,
    Language.ZH_HANT: common_pb2.LANGUAGE_ZH_HANT,
    Language.EN: common_pb2.LANGUAGE_EN,
}
AGE_BANDS = {
    AgeBand.UNDER_14: enrollment_pb2.AGE_BAND_UNDER_14,
    AgeBand.FROM_14_TO_17: enrollment_pb2.AGE_BAND_14_TO_17,
    AgeBand.ADULT: enrollment_pb2.AGE_BAND_ADULT,
}
PURPOSES = {
    CodePurpose.JOIN: enrollment_pb2.CODE_PURPOSE_JOIN,
    CodePurpose.SIGN_IN: enrollment_pb2.CODE_PURPOSE_SIGN_IN,
    CodePurpose.STATUS: enrollment_pb2.CODE_PURPOSE_STATUS,
    CodePurpose.REDEEM: enrollment_pb2.CODE_PURPOSE_REDEEM,
    CodePurpose.GUARDIAN: enrollment_pb2.CODE_PURPOSE_GUARDIAN,
}
APPLICATION_STATES = {
    enrollment_pb2.APPLICATION_STATE_CARD_PENDING: ApplicationState.CARD_PENDING,
    enrollment_pb2.APPLICATION_STATE_ACTIVE: ApplicationState.ACTIVE,
    enrollment_pb2.APPLICATION_STATE_IN_REVIEW: ApplicationState.IN_REVIEW,
    enrollment_pb2.APPLICATION_STATE_RETURNED: ApplicationState.RETURNED,
    enrollment_pb2.APPLICATION_STATE_HELD: ApplicationState.HELD,
    enrollment_pb2.APPLICATION_STATE_REJECTED: ApplicationState.REJECTED,
    enrollment_pb2.APPLICATION_STATE_WITHDRAWN: ApplicationState.WITHDRAWN,
    enrollment_pb2.APPLICATION_STATE_EXPIRED: ApplicationState.EXPIRED,
}
STAGES = {
    card_pb2.ISSUE_STAGE_CHECKING: IssueStage.CHECKING,
    card_pb2.ISSUE_STAGE_WRITING: IssueStage.WRITING,
    card_pb2.ISSUE_STAGE_VERIFYING: IssueStage.VERIFYING,
    card_pb2.ISSUE_STAGE_WRITTEN: IssueStage.WRITTEN,
}
ABORT_CAUSES = {
    AbortCause.NOT_STARTED: card_pb2.ABORT_CAUSE_NOT_STARTED,
    AbortCause.CARD_GONE: card_pb2.ABORT_CAUSE_CARD_GONE,
    AbortCause.CARD_FAULT: card_pb2.ABORT_CAUSE_CARD_FAULT,
    AbortCause.READER_FAULT: card_pb2.ABORT_CAUSE_READER_FAULT,
}


def findings(messages: Iterable[common_pb2.FieldFinding]) -> tuple[Finding, ...]:
    """Return findings as values."""
    return tuple(Finding(message.field, reason_name(message.reason)) for message in messages)


def receipt(message: common_pb2.Receipt) -> Receipt:
    """Return a receipt as a value."""
    return Receipt(message.number, message.code)


def receipt_in(answer: Proving) -> Receipt | None:
    """Return the receipt of an answer; None where it has none, as one of an older service."""
    return receipt(answer.receipt) if answer.HasField("receipt") else None


def commands(messages: Iterable[card_pb2.CardCommand]) -> tuple[CardCommand, ...]:
    """Return card commands as values."""
    return tuple(CardCommand(message.apdu, tuple(message.go_on)) for message in messages)


def application(draft: Draft, language: Language) -> enrollment_pb2.Application:
    """Return the form as a message; every purpose of the notice carries its choice, given or not.

    Args:
        draft: The form; personal.
        language: Language of the screen, for a form without a notice. What was agreed to is the text that was read: a member who
            switches afterwards is recorded under the language of the notice, which its hash belongs to.
    """
    notice = draft.notice
    message = enrollment_pb2.Application(
        schema_version=FORM_VERSION,
        channel=enrollment_pb2.CHANNEL_KIOSK,
        name=draft.name,
        mobile=draft.mobile,
        phone_proof=draft.phone_proof,
        age_band=AGE_BANDS[draft.age_band],
        birthday=draft.birthday,
        birthday_proof=enrollment_pb2.PROOF_LEVEL_STATED if draft.birthday else enrollment_pb2.PROOF_LEVEL_UNSPECIFIED,
        id_number=draft.id_number,
        email=draft.email,
        language=LANGUAGES[notice.language if notice else language],
        notice_version=notice.version if notice else "",
        notice_sha256=notice.sha256 if notice else "",
    )
    for purpose in notice.purposes if notice else ():
        message.consents.add(purpose=purpose.id, given=purpose.id in draft.consents)
    if draft.address.district_code or draft.address.detail:
        message.address.CopyFrom(
            enrollment_pb2.PostalAddress(
                province_code=draft.address.province_code,
                city_code=draft.address.city_code,
                district_code=draft.address.district_code,
                detail=draft.address.detail,
                postcode=draft.address.postcode,
            )
        )
    return message
