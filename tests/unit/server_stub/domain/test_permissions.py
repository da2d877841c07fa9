"""Who may do what: the whole matrix, default deny."""

from __future__ import annotations

import itertools

import pytest

from server_stub.domain.actors import DeviceActor, Role, StaffActor, SystemActor
from server_stub.domain.permissions import ALLOWED, Operation, is_allowed, require, require_device
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal

KIOSK = "SEND_CODE VERIFY_CODE SUBMIT_APPLICATION READ_APPLICATION_STATUS WITHDRAW_APPLICATION CANCEL_REQUEST READ_NOTICE IDENTIFY_MEMBER"
LEDGER = (
    "JOIN_PROGRAM RECORD_SALE RECORD_RETURN REDEEM_POINTS HOLD_POINTS COMMIT_HOLD CANCEL_HOLD REVERSE_REDEMPTION ADJUST_POINTS"
    " MERGE_MEMBERS UNMERGE_MEMBERS READ_POINTS PUBLISH_RULES"
)
REWARDS = (
    "SPEND_OWN_POINTS GRANT_ALLOWANCE SETTLE_ALLOWANCE LOOK_AT_REWARDS HOLD_OWN_POINTS COMMIT_OWN_HOLD CANCEL_OWN_REDEMPTION"
    " READ_REDEMPTION_RECEIPT"
)
COUPONS = "ISSUE_COUPON CLAIM_COUPON REDEEM_COUPON ROLL_BACK_COUPON VOID_COUPON"
PROGRAMME = (
    "DRAFT_BENEFIT_CHANGE PUBLISH_BENEFIT_CHANGE READ_BENEFIT_CHANGES SUBMIT_RULES APPROVE_RULES READ_RULES READ_DECISIONS"
    " REQUEST_ADJUSTMENT APPROVE_ADJUSTMENT"
)
# Written out once more, by hand: a right that slips into the table must be put here by somebody who meant it.
MATRIX = {
    Role.KIOSK: set(KIOSK.split())
    | {"READ_OWN_MEMBERSHIP", "ISSUE_CARD", "VISIT_WITH_CARD", "REPORT_DEVICE", "CALL_STAFF", "CLAIM_OWN_COUPON"}
    | {
        "CHANGE_OWN_BIRTHDAY",
        "ASK_BIRTHDAY_GIFT",
        "READ_ANNOUNCED_CHANGES",
        "ATTACH_REFERRAL",
        "SUBMIT_FEEDBACK",
        "FOLLOW_CASE",
        "UPLOAD_OPERATIONS",
        "SHOW_OWN_CODE",
    }
    | {"REPORT_CARD_LOST", "REPLACE_CARD", "CHANGE_OWN_CONTACT", "TURN_IN_CARD", "READ_HOTLIST"}
    | {"IDENTIFY_GUARDIAN", "ACT_FOR_CHILD", "WITHDRAW_GUARDIAN_CONSENT"}
    | {"LOOK_AT_CAMPAIGNS", "JOIN_CAMPAIGN", "WISH_REMINDER"}
    | set(REWARDS.split()),
    Role.TILL: {"RECORD_SALE", "RECORD_RETURN", "REDEEM_COUPON", "ROLL_BACK_COUPON", "CANCEL_REQUEST", "REPORT_DEVICE"}
    | {"UPLOAD_OPERATIONS", "SPEND_AT_TILL"},
    Role.SYSTEM: {"RUN_JOBS", "VERIFY_AUDIT", "MAKE_MEMBER_CODE"} | set(LEDGER.split()) | set(COUPONS.split()),
    Role.REVIEWER: {"LIST_REVIEWS", "SHOW_REVIEW", "DECIDE_REVIEW", "READ_NOTICE", "CORRECT_BIRTHDAY", "READ_DECISIONS"},
    Role.STORE_STAFF: {
        "ANSWER_STAFF_CALL",
        "READ_NOTICE",
        "FULFIL_REDEMPTION",
        "LIST_STOCK",
        "SET_STOCK",
        "READ_DECISIONS",
        "REQUEST_ADJUSTMENT",
        "LOOK_AT_REDEMPTIONS",
    },
    Role.TECHNICIAN: {"ANSWER_STAFF_CALL"},
    Role.ARCHIVIST: {"VERIFY_AUDIT", "LIST_REVIEWS"},
    Role.ADMINISTRATOR: {"MANAGE_STAFF", "MANAGE_DEVICES", "MANAGE_KEYS", "MANAGE_BLOCKLIST", "VERIFY_AUDIT"},
    Role.MANAGER: {
        "READ_REPORTS",
        "CLOSE_PERIOD",
        "LOAD_PRICES",
        "MERGE_MEMBERS",
        "UNMERGE_MEMBERS",
        "LOAD_REWARDS",
        "LIST_STOCK",
        "SET_STOCK",
        "LIST_CASES",
    }
    | set(PROGRAMME.split())
    | {"MERGE_MEMBERS", "UNMERGE_MEMBERS", "LIST_COUPONS", "GIVE_COUPON", "TAKE_COUPON", "LOOK_AT_REDEMPTIONS", "REVERSE_AT_DESK"}
    | {"MAKE_STATEMENT"}
    | {"LOAD_CAMPAIGNS", "LIST_CAMPAIGNS", "STOP_CAMPAIGN", "RESUME_CAMPAIGN"},
    Role.MARKETING: {"DRAFT_BENEFIT_CHANGE", "READ_BENEFIT_CHANGES", "SUBMIT_RULES", "READ_RULES", "LIST_CAMPAIGNS", "STOP_CAMPAIGN"},
    Role.CUSTOMER_SERVICE: {"LIST_CASES", "HANDLE_CASES"},
}


@pytest.mark.parametrize(("role", "operation"), list(itertools.product(Role, Operation)))
def test_the_matrix(role: Role, operation: Operation) -> None:
    assert is_allowed(frozenset({role}), operation) is (operation.value in MATRIX[role])


def test_a_role_without_a_rule_may_do_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ALLOWED, Role.REVIEWER)
    assert not any(is_allowed(frozenset({Role.REVIEWER}), operation) for operation in Operation)


def test_nobody_without_roles_gets_through() -> None:
    with pytest.raises(Refusal) as refused:
        require(StaffActor("nobody", frozenset()), Operation.READ_NOTICE)
    assert refused.value.reason is Reason.NOT_PERMITTED


def test_staff_is_no_device_even_with_the_right() -> None:
    with pytest.raises(Refusal):
        require_device(StaffActor("li", frozenset({Role.REVIEWER})), Operation.READ_NOTICE)
    assert require_device(DeviceActor("K03", "s"), Operation.READ_NOTICE).device_id == "K03"


def test_nobody_who_manages_accounts_sees_members() -> None:
    seeing = {Operation.SHOW_REVIEW, Operation.DECIDE_REVIEW, Operation.READ_OWN_MEMBERSHIP}
    assert not seeing & ALLOWED[Role.ADMINISTRATOR]
    assert not seeing & ALLOWED[Role.SYSTEM]


def test_labels_of_actors_say_what_they_are() -> None:
    assert DeviceActor("K03", "s").label == "device:K03"
    assert StaffActor("li", frozenset()).label == "staff:li"
    assert SystemActor("retention").label == "system:retention"
