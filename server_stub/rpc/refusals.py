"""A refusal on the wire: gRPC status and trailing metadata. Knows no service and no text for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import grpc

from proto.member.v1 import common_pb2, reason_pb2
from server_stub.domain.reasons import Reason

if TYPE_CHECKING:
    from server_stub.domain.refusals import Contact, Refused

METADATA_KEY = "member-refusal-bin"

# What is not named here is FAILED_PRECONDITION: the request is well formed, the state of things does not allow it.
_STATUS = {
    Reason.REQUEST_MALFORMED: grpc.StatusCode.INVALID_ARGUMENT,
    Reason.REQUEST_ID_REUSED: grpc.StatusCode.ALREADY_EXISTS,
    Reason.REQUEST_CANCELLED: grpc.StatusCode.FAILED_PRECONDITION,
    Reason.RATE_LIMITED: grpc.StatusCode.RESOURCE_EXHAUSTED,
    Reason.DEADLINE_REQUIRED: grpc.StatusCode.INVALID_ARGUMENT,
    Reason.NOT_PERMITTED: grpc.StatusCode.PERMISSION_DENIED,
    Reason.SERVICE_FAULT: grpc.StatusCode.INTERNAL,
    Reason.STALE_VERSION: grpc.StatusCode.ABORTED,
    Reason.CODE_TOO_SOON: grpc.StatusCode.RESOURCE_EXHAUSTED,
    Reason.CODE_LIMIT: grpc.StatusCode.RESOURCE_EXHAUSTED,
    Reason.GUARDIAN_NOT_MEMBER: grpc.StatusCode.NOT_FOUND,
    Reason.GUARDIAN_LINK_UNKNOWN: grpc.StatusCode.NOT_FOUND,
    Reason.MEMBER_EXISTS: grpc.StatusCode.ALREADY_EXISTS,
    Reason.APPLICATION_OPEN: grpc.StatusCode.ALREADY_EXISTS,
    Reason.APPLICATION_UNKNOWN: grpc.StatusCode.NOT_FOUND,
    Reason.CARD_UNKNOWN: grpc.StatusCode.NOT_FOUND,
    Reason.MEMBER_UNKNOWN: grpc.StatusCode.NOT_FOUND,
    Reason.DEVICE_UNKNOWN: grpc.StatusCode.UNAUTHENTICATED,
    Reason.DEVICE_REVOKED: grpc.StatusCode.UNAUTHENTICATED,
    Reason.DUPLICATE_ID: grpc.StatusCode.ALREADY_EXISTS,
    Reason.SALE_UNKNOWN: grpc.StatusCode.NOT_FOUND,
    Reason.LINE_UNKNOWN: grpc.StatusCode.NOT_FOUND,
    Reason.REWARD_UNKNOWN: grpc.StatusCode.NOT_FOUND,
    Reason.REDEMPTION_UNKNOWN: grpc.StatusCode.NOT_FOUND,
    Reason.MERGE_UNKNOWN: grpc.StatusCode.NOT_FOUND,
    Reason.COUPON_UNKNOWN: grpc.StatusCode.NOT_FOUND,
    Reason.REFERRAL_CODE_UNKNOWN: grpc.StatusCode.NOT_FOUND,
    Reason.BENEFIT_CHANGE_UNKNOWN: grpc.StatusCode.NOT_FOUND,
    Reason.RULES_UNKNOWN: grpc.StatusCode.NOT_FOUND,
    Reason.RULES_FAULTY: grpc.StatusCode.INVALID_ARGUMENT,
    Reason.ADJUSTMENT_UNKNOWN: grpc.StatusCode.NOT_FOUND,
    Reason.CASE_UNKNOWN: grpc.StatusCode.NOT_FOUND,
    Reason.FEEDBACK_FACE_MISSING: grpc.StatusCode.INVALID_ARGUMENT,
    Reason.CAMPAIGN_UNKNOWN: grpc.StatusCode.NOT_FOUND,
    Reason.CAMPAIGN_STOP_REASON: grpc.StatusCode.INVALID_ARGUMENT,
    Reason.MEMBER_CODE_FORM: grpc.StatusCode.INVALID_ARGUMENT,
    Reason.MEMBER_CODE_LOCKED: grpc.StatusCode.RESOURCE_EXHAUSTED,
    Reason.RECEIPT_UNKNOWN: grpc.StatusCode.NOT_FOUND,
    Reason.BAD_QTY: grpc.StatusCode.INVALID_ARGUMENT,
    Reason.DISCOUNT_TOO_LARGE: grpc.StatusCode.INVALID_ARGUMENT,
    Reason.AMOUNT_TOO_LARGE: grpc.StatusCode.INVALID_ARGUMENT,
    Reason.AMOUNT_ZERO: grpc.StatusCode.INVALID_ARGUMENT,
    Reason.TENDER_MISMATCH: grpc.StatusCode.INVALID_ARGUMENT,
    Reason.CURRENCY_NOT_CNY: grpc.StatusCode.INVALID_ARGUMENT,
    Reason.CASE_MISSING: grpc.StatusCode.INVALID_ARGUMENT,
    Reason.SAME_MEMBER: grpc.StatusCode.INVALID_ARGUMENT,
    Reason.SECOND_PERSON_MISSING: grpc.StatusCode.PERMISSION_DENIED,
    Reason.SELF_APPROVAL: grpc.StatusCode.PERMISSION_DENIED,
    Reason.NOT_YOUR_SALE: grpc.StatusCode.PERMISSION_DENIED,
    Reason.COUPON_NOT_YOURS: grpc.StatusCode.PERMISSION_DENIED,
}
_FIELD_NUMBERS = range(200, 300)


def status_of(reason: Reason) -> grpc.StatusCode:
    """Returns the gRPC status of a reason; never one that a broken link has too (UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED)."""
    if reason in _STATUS:
        return _STATUS[reason]
    return grpc.StatusCode.INVALID_ARGUMENT if int(number_of(reason)) in _FIELD_NUMBERS else grpc.StatusCode.FAILED_PRECONDITION


def number_of(reason: Reason) -> reason_pb2.Reason.ValueType:
    """Returns the reason's number in the contract."""
    return reason_pb2.Reason.Value(f"REASON_{reason.value}")


def encoded(refused: Refused) -> common_pb2.Refusal:
    """Returns the refusal as the contract has it."""
    findings = [common_pb2.FieldFinding(field=f.field, reason=number_of(f.reason)) for f in refused.findings]
    return common_pb2.Refusal(
        reason=number_of(refused.reason),
        findings=findings,
        retry_after_s=refused.retry_after_s,
        tries_left=refused.tries_left,
        on_day=refused.on_day.isoformat() if refused.on_day else "",
        current_contact=contact(refused.contact) if refused.contact else None,
        points=refused.points,
    )


def contact(found: Contact) -> common_pb2.ContactRecord:
    """Returns a contact as the contract has it."""
    return common_pb2.ContactRecord(mobile_masked=found.mobile_masked, email_masked=found.email_masked, version=found.version)


async def abort(context: grpc.aio.ServicerContext[object, object], refused: Refused, detail: str = "") -> NoReturn:
    """Ends the call with the refusal; `detail` goes into the status text and holds nothing personal."""
    metadata = ((METADATA_KEY, encoded(refused).SerializeToString()),)
    await context.abort(status_of(refused.reason), detail or refused.reason.value, metadata)
