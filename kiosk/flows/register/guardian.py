"""The guardian of a child who joins: proves to be a member, and learns before anything is typed whether that will do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kiosk.flows.phone_proof.flow import PHONE_PROOF, UNREACHABLE, send
from kiosk.flows.phone_proof.state import AskingMobile, PhoneLeft, PhoneProved, SendingCode
from kiosk.flows.register.mending import mended_anew
from kiosk.flows.register.notice import load_notice
from kiosk.flows.register.state import (
    CheckingGuardian,
    GuardianKnown,
    GuardianNeeded,
    GuardianRefused,
    IdentifyGuardian,
    ProvingGuardian,
)
from kiosk.flows.step import DeskRefused, DeskUnreachable, RetryChosen, Step
from kiosk.ports.values import AgeBand, CodePurpose, Draft


def prove_guardian(visit_token: str = "", mending: Draft | None = None) -> Step:
    """Return the first step of a guardian, whose number the centre knows where there is a visit."""
    draft = mended_anew(mending or Draft(), AgeBand.UNDER_14)
    if not visit_token:
        return Step(ProvingGuardian(draft, AskingMobile(CodePurpose.GUARDIAN)))
    sending = send(SendingCode(CodePurpose.GUARDIAN, "", 0, visit_token))
    return Step(ProvingGuardian(draft, sending.state), sending.effects)


def guardian_phone(state: ProvingGuardian, event: Any) -> Step:
    """Go on with the number; proved, the centre is asked whether this member may be a guardian."""
    inner = PHONE_PROOF.step(state.phone, event)
    match inner.state:
        case PhoneProved(mobile_masked=mobile_masked, phone_proof=phone_proof):
            asking = _check_guardian(replace(state.draft, mobile_masked=mobile_masked, phone_proof=phone_proof))
            return Step(asking.state, (*inner.effects, *asking.effects))
        case PhoneLeft():
            return Step(GuardianNeeded(state.draft))
        case _:
            return Step(replace(state, phone=inner.state), inner.effects)


def _check_guardian(draft: Draft) -> Step:
    return Step(CheckingGuardian(draft), (IdentifyGuardian(draft.phone_proof),))


def guardian_known(state: CheckingGuardian, event: GuardianKnown) -> Step:
    """Show the guardian the notice about children."""
    seen = event.guardian
    return load_notice(replace(state.draft, guardian=seen.name_masked, mobile_masked=seen.mobile_masked))


def guardian_not_known(state: CheckingGuardian, event: DeskRefused | DeskUnreachable) -> Step:
    """Say why this member is no guardian, or that the centre is silent."""
    return Step(GuardianRefused(state.draft, event.reason if isinstance(event, DeskRefused) else UNREACHABLE))


def other_guardian(state: GuardianRefused, _event: RetryChosen) -> Step:
    """What the centre refused it would refuse again: another member proves a number; what it did not answer is asked again."""
    return _check_guardian(state.draft) if state.reason == UNREACHABLE else prove_guardian()
