"""Made-up views of guardians and children for pictures and for the check of layouts. No real person is in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from kiosk.flows.children.state import (
    ChildrenFailed,
    ChildrenShown,
    ChildShown,
    ConfirmingWithdrawal,
    ConsentWithdrawn,
    LoadingChildren,
    OpeningChild,
    WithdrawingConsent,
)
from kiosk.flows.phone_proof.state import AskingCode, AskingMobile
from kiosk.flows.register.state import (
    CheckingGuardian,
    Consenting,
    Field,
    FillingForm,
    GuardianNeeded,
    GuardianRefused,
    InReview,
    ProvingGuardian,
    Reviewing,
)
from kiosk.ports.children import Children, LinkedChild
from kiosk.ports.values import (
    AgeBand,
    ApplicationState,
    Challenge,
    CodePurpose,
    Draft,
    Finding,
    Language,
    Reason,
    Receipt,
    StaffCall,
    Visitor,
)
from screens.preview_notice import child_notice

Row = tuple[str, Any, dict[str, Any]]

VISITOR = Visitor("visit", "欧阳**")
UNREACHABLE = Reason("UNREACHABLE")
CHILD = LinkedChild("gua_1", "欧阳**", is_member=True, application_state=ApplicationState.ACTIVE, application_number="A012345678905")
PENDING = replace(CHILD, link_id="gua_2", is_member=False, application_state=ApplicationState.IN_REVIEW, application_number="A012345670012")
SIBLINGS = (
    replace(CHILD, link_id="gua_3", application_number="A012345681040"),
    replace(CHILD, link_id="gua_4", application_number="A012345694125"),
    replace(PENDING, link_id="gua_5", application_number="A012345703317"),
)
ALL = Children((CHILD, PENDING, *SIBLINGS), may_act=True)


def guardian_states(language: Language, receipt: Receipt) -> Iterable[Row]:
    """Return the views of a guardian who joins a child: label, state and change of what surrounds it."""
    notice = child_notice(language)
    proved = Draft(AgeBand.UNDER_14, notice, mobile_masked="138****8000", phone_proof="proof", guardian="欧阳**")
    draft = replace(proved, consents=frozenset({"membership"}), name="欧阳小雨", birthday="2018-05-06")
    challenge = Challenge("challenge", "138****8000", 300, 60)
    yield "guardian", GuardianNeeded(), {}
    yield "guardian-phone", ProvingGuardian(proved, AskingMobile(CodePurpose.GUARDIAN, "13800138000")), {}
    yield (
        "guardian-code",
        ProvingGuardian(proved, AskingCode(CodePurpose.GUARDIAN, "", challenge, "603")),
        {"staff_call": StaffCall.ANSWERED},
    )
    yield "guardian-checking", CheckingGuardian(proved), {}
    for reason in ("NOT_MEMBER", "LIMIT"):
        yield f"guardian-{reason.lower()}", GuardianRefused(proved, Reason(f"GUARDIAN_{reason}")), {}
    yield "guardian-unreachable", GuardianRefused(proved, UNREACHABLE), {"is_linked": False}
    yield "consent-child", Consenting(proved, notice), {}
    yield "form-child", FillingForm(replace(draft, name="", birthday="")), {}
    yield "form-child-birthday", FillingForm(replace(draft, birthday=""), Field.BIRTHDAY), {}
    found = (Finding("birthday", Reason("BIRTHDAY_AGE_BAND")),)
    yield "form-child-too-old", FillingForm(draft, Field.BIRTHDAY, found, is_mending=True), {}
    yield "form-child-self", FillingForm(draft, Field.NAME, (Finding("name", Reason("GUARDIAN_SELF")),), is_mending=True), {}
    yield "review-child", Reviewing(draft), {}
    yield "in-review-child", InReview("A012345678905", ApplicationState.IN_REVIEW, receipt, is_child=True), {}


def children_states(receipt: Receipt) -> Iterable[Row]:
    """Return the views of a guardian's children: label, state and change of what surrounds it."""
    yield "children", ChildrenShown(VISITOR, ALL), {}
    yield "children-card", ChildrenShown(VISITOR, replace(ALL, may_act=False)), {}
    yield "children-none", ChildrenShown(VISITOR, Children((), may_act=False)), {}
    yield "children-loading", LoadingChildren(VISITOR), {}
    yield "child", ChildShown(VISITOR, ALL, CHILD), {}
    yield "child-opening", OpeningChild(VISITOR, ALL, CHILD), {}
    yield "child-withdraw", ConfirmingWithdrawal(VISITOR, ALL, CHILD), {}
    yield "child-withdrawing", WithdrawingConsent(VISITOR, ALL, CHILD), {}
    yield "child-withdrawn", ConsentWithdrawn(VISITOR, receipt, "printed"), {}
    yield "child-withdrawn-failed", ConsentWithdrawn(VISITOR, receipt, "failed"), {"printer_ok": False}
    yield "children-unreachable", ChildrenFailed(WithdrawingConsent(VISITOR, ALL, CHILD), UNREACHABLE), {"is_linked": False}
    yield "children-unknown", ChildrenFailed(OpeningChild(VISITOR, ALL, CHILD), Reason("GUARDIAN_LINK_UNKNOWN")), {}
