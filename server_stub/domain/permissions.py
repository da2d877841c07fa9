"""Which role may do what: one table, default deny. Knows no service and no transport."""

from __future__ import annotations

from enum import StrEnum

from server_stub.domain.actors import Actor, DeviceActor, Role
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse


class Operation(StrEnum):
    """Everything that a caller can ask of the services."""

    SEND_CODE = "SEND_CODE"
    VERIFY_CODE = "VERIFY_CODE"
    SUBMIT_APPLICATION = "SUBMIT_APPLICATION"
    READ_APPLICATION_STATUS = "READ_APPLICATION_STATUS"
    WITHDRAW_APPLICATION = "WITHDRAW_APPLICATION"
    CANCEL_REQUEST = "CANCEL_REQUEST"
    READ_NOTICE = "READ_NOTICE"
    IDENTIFY_MEMBER = "IDENTIFY_MEMBER"
    READ_OWN_MEMBERSHIP = "READ_OWN_MEMBERSHIP"
    ISSUE_CARD = "ISSUE_CARD"
    VISIT_WITH_CARD = "VISIT_WITH_CARD"
    REPORT_CARD_LOST = "REPORT_CARD_LOST"
    REPLACE_CARD = "REPLACE_CARD"
    CHANGE_OWN_CONTACT = "CHANGE_OWN_CONTACT"
    TURN_IN_CARD = "TURN_IN_CARD"
    READ_HOTLIST = "READ_HOTLIST"
    REPORT_DEVICE = "REPORT_DEVICE"
    CALL_STAFF = "CALL_STAFF"
    ANSWER_STAFF_CALL = "ANSWER_STAFF_CALL"
    LIST_REVIEWS = "LIST_REVIEWS"
    SHOW_REVIEW = "SHOW_REVIEW"
    DECIDE_REVIEW = "DECIDE_REVIEW"
    MANAGE_BLOCKLIST = "MANAGE_BLOCKLIST"
    MANAGE_STAFF = "MANAGE_STAFF"
    MANAGE_DEVICES = "MANAGE_DEVICES"
    MANAGE_KEYS = "MANAGE_KEYS"
    VERIFY_AUDIT = "VERIFY_AUDIT"
    RUN_JOBS = "RUN_JOBS"
    JOIN_PROGRAM = "JOIN_PROGRAM"
    RECORD_SALE = "RECORD_SALE"
    RECORD_RETURN = "RECORD_RETURN"
    REDEEM_POINTS = "REDEEM_POINTS"
    SPEND_OWN_POINTS = "SPEND_OWN_POINTS"
    GRANT_ALLOWANCE = "GRANT_ALLOWANCE"
    SETTLE_ALLOWANCE = "SETTLE_ALLOWANCE"
    SPEND_AT_TILL = "SPEND_AT_TILL"
    UPLOAD_OPERATIONS = "UPLOAD_OPERATIONS"
    HOLD_POINTS = "HOLD_POINTS"
    COMMIT_HOLD = "COMMIT_HOLD"
    CANCEL_HOLD = "CANCEL_HOLD"
    REVERSE_REDEMPTION = "REVERSE_REDEMPTION"
    LOOK_AT_REWARDS = "LOOK_AT_REWARDS"
    HOLD_OWN_POINTS = "HOLD_OWN_POINTS"
    COMMIT_OWN_HOLD = "COMMIT_OWN_HOLD"
    CANCEL_OWN_REDEMPTION = "CANCEL_OWN_REDEMPTION"
    READ_REDEMPTION_RECEIPT = "READ_REDEMPTION_RECEIPT"
    FULFIL_REDEMPTION = "FULFIL_REDEMPTION"
    LOAD_REWARDS = "LOAD_REWARDS"
    LOAD_PRICES = "LOAD_PRICES"
    LIST_STOCK = "LIST_STOCK"
    SET_STOCK = "SET_STOCK"
    ADJUST_POINTS = "ADJUST_POINTS"
    MERGE_MEMBERS = "MERGE_MEMBERS"
    UNMERGE_MEMBERS = "UNMERGE_MEMBERS"
    READ_POINTS = "READ_POINTS"
    PUBLISH_RULES = "PUBLISH_RULES"
    ISSUE_COUPON = "ISSUE_COUPON"
    CLAIM_COUPON = "CLAIM_COUPON"
    CLAIM_OWN_COUPON = "CLAIM_OWN_COUPON"
    REDEEM_COUPON = "REDEEM_COUPON"
    ROLL_BACK_COUPON = "ROLL_BACK_COUPON"
    VOID_COUPON = "VOID_COUPON"
    LIST_COUPONS = "LIST_COUPONS"
    GIVE_COUPON = "GIVE_COUPON"
    TAKE_COUPON = "TAKE_COUPON"
    LOOK_AT_REDEMPTIONS = "LOOK_AT_REDEMPTIONS"
    REVERSE_AT_DESK = "REVERSE_AT_DESK"
    MAKE_STATEMENT = "MAKE_STATEMENT"
    CHANGE_OWN_BIRTHDAY = "CHANGE_OWN_BIRTHDAY"
    CORRECT_BIRTHDAY = "CORRECT_BIRTHDAY"
    ASK_BIRTHDAY_GIFT = "ASK_BIRTHDAY_GIFT"
    ATTACH_REFERRAL = "ATTACH_REFERRAL"
    READ_REPORTS = "READ_REPORTS"
    CLOSE_PERIOD = "CLOSE_PERIOD"
    DRAFT_BENEFIT_CHANGE = "DRAFT_BENEFIT_CHANGE"
    PUBLISH_BENEFIT_CHANGE = "PUBLISH_BENEFIT_CHANGE"
    READ_BENEFIT_CHANGES = "READ_BENEFIT_CHANGES"
    READ_ANNOUNCED_CHANGES = "READ_ANNOUNCED_CHANGES"
    SUBMIT_RULES = "SUBMIT_RULES"
    APPROVE_RULES = "APPROVE_RULES"
    READ_RULES = "READ_RULES"
    IDENTIFY_GUARDIAN = "IDENTIFY_GUARDIAN"
    ACT_FOR_CHILD = "ACT_FOR_CHILD"
    WITHDRAW_GUARDIAN_CONSENT = "WITHDRAW_GUARDIAN_CONSENT"
    SUBMIT_FEEDBACK = "SUBMIT_FEEDBACK"
    FOLLOW_CASE = "FOLLOW_CASE"
    LIST_CASES = "LIST_CASES"
    HANDLE_CASES = "HANDLE_CASES"
    LOOK_AT_CAMPAIGNS = "LOOK_AT_CAMPAIGNS"
    JOIN_CAMPAIGN = "JOIN_CAMPAIGN"
    WISH_REMINDER = "WISH_REMINDER"
    LOAD_CAMPAIGNS = "LOAD_CAMPAIGNS"
    LIST_CAMPAIGNS = "LIST_CAMPAIGNS"
    STOP_CAMPAIGN = "STOP_CAMPAIGN"
    RESUME_CAMPAIGN = "RESUME_CAMPAIGN"
    READ_DECISIONS = "READ_DECISIONS"
    SHOW_OWN_CODE = "SHOW_OWN_CODE"
    MAKE_MEMBER_CODE = "MAKE_MEMBER_CODE"
    REQUEST_ADJUSTMENT = "REQUEST_ADJUSTMENT"
    APPROVE_ADJUSTMENT = "APPROVE_ADJUSTMENT"


ALLOWED: dict[Role, frozenset[Operation]] = {
    Role.KIOSK: frozenset(
        {
            Operation.SEND_CODE,
            Operation.VERIFY_CODE,
            Operation.SUBMIT_APPLICATION,
            Operation.READ_APPLICATION_STATUS,
            Operation.WITHDRAW_APPLICATION,
            Operation.CANCEL_REQUEST,
            Operation.READ_NOTICE,
            Operation.IDENTIFY_MEMBER,
            Operation.READ_OWN_MEMBERSHIP,
            Operation.ISSUE_CARD,
            Operation.VISIT_WITH_CARD,
            Operation.REPORT_CARD_LOST,
            Operation.REPLACE_CARD,
            Operation.CHANGE_OWN_CONTACT,
            Operation.TURN_IN_CARD,
            Operation.READ_HOTLIST,
            Operation.REPORT_DEVICE,
            Operation.CALL_STAFF,
            Operation.CLAIM_OWN_COUPON,
            Operation.CHANGE_OWN_BIRTHDAY,
            Operation.ASK_BIRTHDAY_GIFT,
            Operation.LOOK_AT_REWARDS,
            Operation.HOLD_OWN_POINTS,
            Operation.COMMIT_OWN_HOLD,
            Operation.CANCEL_OWN_REDEMPTION,
            Operation.READ_REDEMPTION_RECEIPT,
            Operation.READ_ANNOUNCED_CHANGES,
            Operation.ATTACH_REFERRAL,
            Operation.IDENTIFY_GUARDIAN,
            Operation.ACT_FOR_CHILD,
            Operation.WITHDRAW_GUARDIAN_CONSENT,
            Operation.SUBMIT_FEEDBACK,
            Operation.FOLLOW_CASE,
            Operation.SPEND_OWN_POINTS,
            Operation.GRANT_ALLOWANCE,
            Operation.SETTLE_ALLOWANCE,
            Operation.UPLOAD_OPERATIONS,
            Operation.SHOW_OWN_CODE,
            Operation.LOOK_AT_CAMPAIGNS,
            Operation.JOIN_CAMPAIGN,
            Operation.WISH_REMINDER,
        }
    ),
    # A till books what was sold, taken back and paid with points; it sees no member and opens no visit.
    Role.TILL: frozenset(
        {
            Operation.UPLOAD_OPERATIONS,
            Operation.RECORD_SALE,
            Operation.RECORD_RETURN,
            Operation.SPEND_AT_TILL,
            Operation.REDEEM_COUPON,
            Operation.ROLL_BACK_COUPON,
            Operation.CANCEL_REQUEST,
            Operation.REPORT_DEVICE,
        }
    ),
    Role.SYSTEM: frozenset(
        {
            Operation.RUN_JOBS,
            Operation.VERIFY_AUDIT,
            Operation.JOIN_PROGRAM,
            Operation.RECORD_SALE,
            Operation.RECORD_RETURN,
            Operation.REDEEM_POINTS,
            Operation.HOLD_POINTS,
            Operation.COMMIT_HOLD,
            Operation.CANCEL_HOLD,
            Operation.REVERSE_REDEMPTION,
            Operation.ADJUST_POINTS,
            Operation.MERGE_MEMBERS,
            Operation.UNMERGE_MEMBERS,
            Operation.READ_POINTS,
            Operation.PUBLISH_RULES,
            Operation.ISSUE_COUPON,
            Operation.CLAIM_COUPON,
            Operation.REDEEM_COUPON,
            Operation.ROLL_BACK_COUPON,
            Operation.VOID_COUPON,
            Operation.MAKE_MEMBER_CODE,
        }
    ),
    Role.REVIEWER: frozenset(
        {
            Operation.LIST_REVIEWS,
            Operation.SHOW_REVIEW,
            Operation.DECIDE_REVIEW,
            Operation.READ_NOTICE,
            Operation.CORRECT_BIRTHDAY,
            Operation.READ_DECISIONS,
        }
    ),
    Role.STORE_STAFF: frozenset(
        {
            Operation.ANSWER_STAFF_CALL,
            Operation.READ_NOTICE,
            Operation.FULFIL_REDEMPTION,
            Operation.LIST_STOCK,
            Operation.SET_STOCK,
            Operation.READ_DECISIONS,
            Operation.REQUEST_ADJUSTMENT,
            Operation.LOOK_AT_REDEMPTIONS,
        }
    ),
    Role.TECHNICIAN: frozenset({Operation.ANSWER_STAFF_CALL}),
    Role.ARCHIVIST: frozenset({Operation.VERIFY_AUDIT, Operation.LIST_REVIEWS}),
    Role.MANAGER: frozenset(
        {
            Operation.LOAD_REWARDS,
            Operation.LOAD_PRICES,
            Operation.MERGE_MEMBERS,
            Operation.UNMERGE_MEMBERS,
            Operation.LIST_STOCK,
            Operation.SET_STOCK,
            Operation.READ_REPORTS,
            Operation.CLOSE_PERIOD,
            Operation.DRAFT_BENEFIT_CHANGE,
            Operation.PUBLISH_BENEFIT_CHANGE,
            Operation.READ_BENEFIT_CHANGES,
            Operation.SUBMIT_RULES,
            Operation.APPROVE_RULES,
            Operation.READ_RULES,
            Operation.LIST_CASES,
            Operation.READ_DECISIONS,
            Operation.REQUEST_ADJUSTMENT,
            Operation.APPROVE_ADJUSTMENT,
            Operation.LIST_COUPONS,
            Operation.GIVE_COUPON,
            Operation.TAKE_COUPON,
            Operation.LOOK_AT_REDEMPTIONS,
            Operation.REVERSE_AT_DESK,
            Operation.MAKE_STATEMENT,
            Operation.LOAD_CAMPAIGNS,
            Operation.LIST_CAMPAIGNS,
            Operation.STOP_CAMPAIGN,
            Operation.RESUME_CAMPAIGN,
        }
    ),
    # Marketing writes what the programme is to give; that it holds, a manager says.
    Role.MARKETING: frozenset(
        {
            Operation.DRAFT_BENEFIT_CHANGE,
            Operation.READ_BENEFIT_CHANGES,
            Operation.SUBMIT_RULES,
            Operation.READ_RULES,
            Operation.LIST_CAMPAIGNS,
            Operation.STOP_CAMPAIGN,
        }
    ),
    # Whoever answers members sees what they wrote, and nothing of their membership.
    Role.CUSTOMER_SERVICE: frozenset({Operation.LIST_CASES, Operation.HANDLE_CASES}),
    # The administrator keeps the doors but sees no member: separation of duties (000 二3).
    Role.ADMINISTRATOR: frozenset(
        {Operation.MANAGE_STAFF, Operation.MANAGE_DEVICES, Operation.MANAGE_KEYS, Operation.MANAGE_BLOCKLIST, Operation.VERIFY_AUDIT}
    ),
}


def is_allowed(roles: frozenset[Role], operation: Operation) -> bool:
    """Returns whether one of the roles may do it; a role or operation without a rule may not."""
    return any(operation in ALLOWED.get(role, frozenset()) for role in roles)


def require(actor: Actor, operation: Operation) -> None:
    """Lets the actor through.

    Raises:
        Refusal: NOT_PERMITTED.
    """
    if not is_allowed(actor.roles, operation):
        raise refuse(Reason.NOT_PERMITTED)


def require_device(actor: Actor, operation: Operation) -> DeviceActor:
    """Returns the actor as the device that it must be.

    Raises:
        Refusal: NOT_PERMITTED, also for staff whose role would allow the operation.
    """
    require(actor, operation)
    if not isinstance(actor, DeviceActor):
        raise refuse(Reason.NOT_PERMITTED)
    return actor
