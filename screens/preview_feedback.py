"""Made-up views of feedback, for pictures and the check of layouts. No real person is in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from kiosk.flows.feedback.state import (
    CaseUnavailable,
    ChoosingAbout,
    EnteringCase,
    FeedbackSent,
    JudgingCase,
    LookingUpCase,
    NotSent,
    Saying,
    SendingFeedback,
    ShowingCase,
    Typed,
    Writing,
)
from kiosk.ports.feedback import Case, CaseKey, CaseReply, CaseState, Category, Department, Quick, Said, Ticket, Verdict
from kiosk.ports.values import Reason, Visitor

VISITOR = Visitor("visit", "欧阳**")
TICKET = Ticket("1234567897", "603918", "2026-11-25")
_WORDS = "五点以后能不能多开一个收银台？"
_SAID = Said(4, (Quick.STAFF_KIND, Quick.LABELS_CLEAR, Quick.CHECKOUT_SLOW), None, Department.CHECKOUT, _WORDS, is_anonymous=True)
_REPLY = CaseReply("您好，谢谢您的意见。从下周一起，每天 17 点到 20 点多开两台收银机，请您再来看看。", "2026-11-24")
_LONG = replace(_REPLY, text=_REPLY.text * 11)
_LINES = replace(
    _REPLY, text="您好！\n您反映的问题：\n\n一、收银台\n二、排队\n\n我们已经：\n" + "\n".join(f"{n}. 加开" for n in range(1, 14))
)
_ENGLISH = replace(
    _REPLY,
    text="Dear member, thank you very much for telling us about the queue at the checkout. From next Monday on we open two more tills "
    "between 17:00 and 20:00 every day, and staff at the entrance will tell you which queue is the shortest.",
)
_CASE = Case("1234567897", CaseState.REPLIED, 2, "2026-11-23", "2026-11-25", (_REPLY,), None, may_judge=True)


def feedback_states() -> Iterable[tuple[str, Any, dict[str, Any]]]:
    """Yield label, state and what is changed of the surroundings."""
    yield from _saying()
    yield from _following()


def _saying() -> Iterable[tuple[str, Any, dict[str, Any]]]:
    yield "feedback-empty", Saying(None), {}
    yield "feedback", Saying(VISITOR, _SAID), {}
    for face in (1, 2, 3, 5):
        yield f"feedback-face-{face}", Saying(None, Said(face)), {}
    yield "feedback-offline", Saying(VISITOR, _SAID), {"is_linked": False}
    yield "feedback-text-empty", Writing(None, Said(2)), {}
    yield "feedback-text", Writing(VISITOR, _SAID), {}
    yield "feedback-text-long", Writing(VISITOR, replace(_SAID, text=_WORDS * 13)), {}
    yield "feedback-receipt", Writing(VISITOR, replace(_SAID, receipt_number="20261123-0187"), Typed.RECEIPT_NUMBER), {}
    yield "feedback-about-empty", ChoosingAbout(None, Said(3)), {}
    about = replace(_SAID, category=Category.PRICE, receipt_number="20261123-0187")
    yield "feedback-about", ChoosingAbout(VISITOR, about), {}
    yield "feedback-sending", SendingFeedback(VISITOR, _SAID), {}
    yield "feedback-not-sent", NotSent(VISITOR, _SAID, Reason("UNREACHABLE")), {"is_linked": False}
    yield "feedback-over", NotSent(VISITOR, _SAID, Reason("VISIT_OVER")), {}
    yield "feedback-flood", NotSent(VISITOR, _SAID, Reason("RATE_LIMITED"), 540), {}
    yield "feedback-sent", FeedbackSent(None, TICKET, "printed"), {}
    yield "feedback-sent-told", FeedbackSent(VISITOR, replace(TICKET, is_told=True)), {}
    yield "feedback-sent-masked", FeedbackSent(VISITOR, replace(TICKET, is_masked=True, is_told=True)), {}
    yield "feedback-sent-trimmed", FeedbackSent(VISITOR, replace(TICKET, is_trimmed=True), "failed"), {}


def _following() -> Iterable[tuple[str, Any, dict[str, Any]]]:
    key = CaseKey(TICKET.case_number, secret=TICKET.secret)
    yield "case-empty", EnteringCase(None), {}
    yield "case-camera", EnteringCase(None), {"camera_ok": True}
    yield "case-camera-wrong", EnteringCase(None, TICKET.digits[:9], Reason("CASE_UNKNOWN")), {"camera_ok": True}
    yield "case-typed", EnteringCase(None, TICKET.digits), {}
    yield "case-wrong", EnteringCase(None, TICKET.digits[:9], Reason("CASE_UNKNOWN")), {}
    yield "case-looking", LookingUpCase(None, TICKET.digits), {}
    yield "case-replied", ShowingCase(VISITOR, _CASE, key), {}
    yield "case-lines", ShowingCase(VISITOR, replace(_CASE, replies=(_LINES,)), key), {}
    yield "case-english", ShowingCase(VISITOR, replace(_CASE, replies=(_ENGLISH,)), key), {}
    yield "case-long", ShowingCase(VISITOR, replace(_CASE, replies=(_REPLY, _LONG)), key), {}
    for state in CaseState:
        if state is not CaseState.REPLIED:
            verdict = {CaseState.CLOSED: Verdict.HELPED, CaseState.REOPENED: Verdict.NOT_HELPED}.get(state)
            replies = (_REPLY,) if verdict else ()
            yield (
                f"case-{state}",
                ShowingCase(None, replace(_CASE, state=state, replies=replies, verdict=verdict, may_judge=False), key),
                {},
            )
    yield "case-judging", JudgingCase(VISITOR, _CASE, key, Verdict.HELPED), {}
    yield "case-unknown", CaseUnavailable(None, TICKET.digits, Reason("CASE_UNKNOWN")), {}
    yield "case-holder", CaseUnavailable(VISITOR, "", Reason("HOLDER_PROOF")), {}
    yield "case-locked", CaseUnavailable(None, TICKET.digits, Reason("RATE_LIMITED"), 3540), {}
    yield "case-offline", CaseUnavailable(VISITOR, "", Reason("UNREACHABLE")), {"is_linked": False}
