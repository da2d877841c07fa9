"""Feedback as a table: three taps from the menu to a case number, and the way back to what became of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kiosk.flows.feedback.state import (
    AboutChosen,
    AnonymousToggled,
    CaseDigitsTyped,
    CaseLoaded,
    CaseUnavailable,
    CategoryChosen,
    ChoosingAbout,
    DepartmentChosen,
    EnteringCase,
    FaceChosen,
    FeedbackReceived,
    FeedbackSent,
    FollowUpChosen,
    GiveVerdict,
    JudgingCase,
    LoadCase,
    LookingUpCase,
    NotSent,
    PrintFeedbackSlip,
    QuickToggled,
    Saying,
    SendingFeedback,
    ShowingCase,
    SubmitFeedback,
    Typed,
    VerdictGiven,
    WordsTyped,
    Writing,
    WritingChosen,
)
from kiosk.flows.phone_proof.flow import UNREACHABLE
from kiosk.flows.places import ToMember, ToMenu, ToScan, ToSignIn
from kiosk.flows.register.state import SlipFailed, SlipPrinted
from kiosk.flows.sign_in.state import PhoneChosen, ScanChosen
from kiosk.flows.step import COMMON_EVENTS, Back, Continued, DeskRefused, DeskUnreachable, Flow, Go, RetryChosen, Step
from kiosk.ports.feedback import (
    LONGEST_RECEIPT_NUMBER,
    LONGEST_TEXT,
    NUMBER_DIGITS,
    QR_PREFIX,
    QUICK_OF_FACE,
    SECRET_DIGITS,
    CaseKey,
    Said,
)
from kiosk.ports.values import Reason, Visitor

ALL_DIGITS = NUMBER_DIGITS + SECRET_DIGITS
INCOMPLETE = Reason("CASE_UNKNOWN")
NEEDS_HOLDER = Reason("HOLDER_PROOF")
VISIT_OVER = Reason("VISIT_OVER")


def _face(state: Saying, event: FaceChosen) -> Step:
    # Phrases that contradict the new face are dropped; what fits both stays ticked.
    fitting = QUICK_OF_FACE.get(event.face)
    if fitting is None:
        return Step(state)
    kept = tuple(quick for quick in state.said.quick if quick in fitting)
    return Step(replace(state, said=replace(state.said, face=event.face, quick=kept)))


def _quick(state: Saying, event: QuickToggled) -> Step:
    said = state.said
    if event.quick not in QUICK_OF_FACE.get(said.face, ()):
        return Step(state)
    chosen = set(said.quick) ^ {event.quick}
    return Step(replace(state, said=replace(said, quick=tuple(one for one in QUICK_OF_FACE[said.face] if one in chosen))))


def _anonymous(state: Saying, _event: AnonymousToggled) -> Step:
    return Step(replace(state, said=replace(state.said, is_anonymous=not state.said.is_anonymous)))


def _write(state: Saying | ChoosingAbout | Writing, event: WritingChosen) -> Step:
    is_from_about = state.is_from_about if isinstance(state, Writing) else isinstance(state, ChoosingAbout)
    return Step(Writing(state.visitor, state.said, event.typed, is_from_about))


def _typed(state: Writing, event: WordsTyped) -> Step:
    if state.typed is Typed.TEXT:
        return Step(replace(state, said=replace(state.said, text=event.text[:LONGEST_TEXT])))
    return Step(replace(state, said=replace(state.said, receipt_number=event.text[:LONGEST_RECEIPT_NUMBER])))


def _about(state: Saying, _event: AboutChosen) -> Step:
    return Step(ChoosingAbout(state.visitor, state.said))


def _department(state: ChoosingAbout, event: DepartmentChosen) -> Step:
    chosen = None if state.said.department is event.department else event.department
    return Step(replace(state, said=replace(state.said, department=chosen)))


def _category(state: ChoosingAbout, event: CategoryChosen) -> Step:
    chosen = None if state.said.category is event.category else event.category
    return Step(replace(state, said=replace(state.said, category=chosen)))


def _written(state: Writing, _event: Any) -> Step:
    return Step((ChoosingAbout if state.is_from_about else Saying)(state.visitor, state.said))


def _back_to_saying(state: ChoosingAbout | NotSent | EnteringCase, _event: Any) -> Step:
    return Step(Saying(state.visitor, state.said))


def _send(state: Saying | NotSent, _event: Any) -> Step:
    if state.said.face == 0:
        return Step(state)
    token = "" if state.said.is_anonymous else _token(state.visitor)
    return Step(SendingFeedback(state.visitor, state.said), (SubmitFeedback(token, state.said),))


def _send_without_name(state: NotSent, event: AnonymousToggled) -> Step:
    # Only what was surely not received: what got no answer may be there with the name.
    if state.reason != VISIT_OVER:
        return Step(state)
    return _send(replace(state, said=replace(state.said, is_anonymous=True)), event)


def _sign_in_again(state: NotSent, _event: Continued) -> Step:
    return Step(state, (Go(ToSignIn(said=state.said)),)) if state.reason == VISIT_OVER else Step(state)


def _received(state: SendingFeedback, event: FeedbackReceived) -> Step:
    return Step(FeedbackSent(state.visitor, event.ticket), (PrintFeedbackSlip(event.ticket),))


def _not_sent(state: SendingFeedback, event: DeskRefused) -> Step:
    return Step(NotSent(state.visitor, state.said, event.reason, event.retry_after_s))


def _slip_failed(state: FeedbackSent, _event: SlipFailed) -> Step:
    return Step(replace(state, slip="failed"))


def _follow_up(state: Saying, _event: FollowUpChosen) -> Step:
    if state.visitor is None:
        return Step(EnteringCase(None, said=state.said))
    return look_up(state.visitor, "", state.said)


def _digits(state: EnteringCase, event: CaseDigitsTyped) -> Step:
    digits = "".join(filter(str.isdecimal, event.digits.removeprefix(QR_PREFIX)))
    return Step(replace(state, digits=digits[:ALL_DIGITS], reason=None))


def _scan(state: EnteringCase, _event: ScanChosen) -> Step:
    # What is shown to the camera may be another member's code: whoever is signed in types.
    return Step(state, () if state.visitor else (Go(ToScan()),))


def _digits_done(state: EnteringCase, _event: Continued) -> Step:
    if len(state.digits) < ALL_DIGITS:
        return Step(replace(state, reason=INCOMPLETE))
    return look_up(state.visitor, state.digits, state.said)


def look_up(visitor: Visitor | None, digits: str, said: Said | None = None) -> Step:
    """Return the step that looks a case up: by number and secret, or the newest of the member."""
    return Step(LookingUpCase(visitor, digits, said or Said()), (LoadCase(_key(visitor, digits)),))


def _loaded(state: LookingUpCase, event: CaseLoaded) -> Step:
    # From here on it is this case, whatever the member's newest one becomes.
    key = replace(_key(state.visitor, state.digits), number=event.case.number)
    return Step(ShowingCase(state.visitor, event.case, key))


def _not_found(state: LookingUpCase, event: DeskRefused) -> Step:
    if state.visitor is not None and not state.digits and event.reason == INCOMPLETE:
        # A member without a case of their own may still hold a slip.
        return Step(EnteringCase(state.visitor, said=state.said))
    return Step(CaseUnavailable(state.visitor, state.digits, event.reason, event.retry_after_s, state.said))


def _not_reached(state: LookingUpCase, _event: DeskUnreachable) -> Step:
    return Step(CaseUnavailable(state.visitor, state.digits, UNREACHABLE, said=state.said))


def _judge(state: ShowingCase, event: VerdictGiven) -> Step:
    if not state.case.may_judge:
        return Step(state)
    return Step(JudgingCase(state.visitor, state.case, state.key, event.verdict), (GiveVerdict(state.key, event.verdict),))


def _judged(state: JudgingCase, event: CaseLoaded) -> Step:
    return Step(ShowingCase(state.visitor, event.case, state.key))


def _not_judged(state: JudgingCase, event: DeskRefused) -> Step:
    return Step(CaseUnavailable(state.visitor, _digits_of(state.key), event.reason, event.retry_after_s))


def _judging_lost(state: JudgingCase, _event: DeskUnreachable) -> Step:
    return Step(CaseUnavailable(state.visitor, _digits_of(state.key), UNREACHABLE))


def _look_again(state: CaseUnavailable, _event: RetryChosen) -> Step:
    # Whoever has the slip needs no other proof.
    if state.reason in {INCOMPLETE, NEEDS_HOLDER} or (state.visitor is None and not state.digits):
        return Step(EnteringCase(state.visitor, said=state.said))
    return look_up(state.visitor, state.digits, state.said)


def _by_phone(state: CaseUnavailable, _event: PhoneChosen) -> Step:
    return Step(state, (Go(ToSignIn(by_phone=True)),))


def _another_case(state: ShowingCase, _event: FollowUpChosen) -> Step:
    return Step(EnteringCase(state.visitor))


def _leave(state: Any, _event: Any) -> Step:
    return Step(state, (Go(ToMember(state.visitor) if state.visitor else ToMenu()),))


def _token(visitor: Visitor | None) -> str:
    return visitor.visit_token if visitor else ""


def _key(visitor: Visitor | None, digits: str) -> CaseKey:
    if digits:
        return CaseKey(digits[:NUMBER_DIGITS], secret=digits[NUMBER_DIGITS:])
    return CaseKey(visit_token=_token(visitor))


def _digits_of(key: CaseKey) -> str:
    return key.number + key.secret if key.secret else ""


FEEDBACK = Flow(
    name="feedback",
    states=(
        Saying,
        Writing,
        ChoosingAbout,
        SendingFeedback,
        NotSent,
        FeedbackSent,
        EnteringCase,
        LookingUpCase,
        ShowingCase,
        JudgingCase,
        CaseUnavailable,
    ),
    events=(
        *COMMON_EVENTS,
        FaceChosen,
        QuickToggled,
        AnonymousToggled,
        WritingChosen,
        WordsTyped,
        AboutChosen,
        DepartmentChosen,
        CategoryChosen,
        FeedbackReceived,
        SlipPrinted,
        SlipFailed,
        FollowUpChosen,
        CaseDigitsTyped,
        CaseLoaded,
        VerdictGiven,
        PhoneChosen,
        ScanChosen,
    ),
    rules={
        (Saying, FaceChosen): _face,
        (Saying, QuickToggled): _quick,
        (Saying, AnonymousToggled): _anonymous,
        (Saying, WritingChosen): _write,
        (Saying, AboutChosen): _about,
        (Saying, Continued): _send,
        (Saying, FollowUpChosen): _follow_up,
        (Saying, Back): _leave,
        (Writing, WordsTyped): _typed,
        (Writing, WritingChosen): _write,
        (Writing, Continued): _written,
        (Writing, Back): _written,
        (ChoosingAbout, DepartmentChosen): _department,
        (ChoosingAbout, CategoryChosen): _category,
        (ChoosingAbout, WritingChosen): _write,
        (ChoosingAbout, Continued): _back_to_saying,
        (ChoosingAbout, Back): _back_to_saying,
        (SendingFeedback, FeedbackReceived): _received,
        (SendingFeedback, DeskRefused): _not_sent,
        (SendingFeedback, DeskUnreachable): lambda state, _event: Step(NotSent(state.visitor, state.said, UNREACHABLE)),
        # The same words under the same request id: what was received without an answer is not received twice.
        (NotSent, RetryChosen): _send,
        (NotSent, AnonymousToggled): _send_without_name,
        (NotSent, Continued): _sign_in_again,
        (NotSent, Back): _back_to_saying,
        (FeedbackSent, SlipPrinted): lambda state, _event: Step(replace(state, slip="printed")),
        (FeedbackSent, SlipFailed): _slip_failed,
        (FeedbackSent, Continued): _leave,
        (FeedbackSent, Back): _leave,
        (EnteringCase, CaseDigitsTyped): _digits,
        (EnteringCase, ScanChosen): _scan,
        (EnteringCase, Continued): _digits_done,
        (EnteringCase, Back): _back_to_saying,
        (LookingUpCase, CaseLoaded): _loaded,
        (LookingUpCase, DeskRefused): _not_found,
        (LookingUpCase, DeskUnreachable): _not_reached,
        (ShowingCase, VerdictGiven): _judge,
        (ShowingCase, FollowUpChosen): _another_case,
        (ShowingCase, Continued): _leave,
        (ShowingCase, Back): _leave,
        (JudgingCase, CaseLoaded): _judged,
        (JudgingCase, DeskRefused): _not_judged,
        (JudgingCase, DeskUnreachable): _judging_lost,
        (CaseUnavailable, RetryChosen): _look_again,
        (CaseUnavailable, PhoneChosen): _by_phone,
        (CaseUnavailable, Back): _leave,
    },
)
