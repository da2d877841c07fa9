"""A kiosk process without pixels: the production kiosk, whose display answers each state as a member would.

It announces every step it can be stopped at: states, each call to the centre before and after, each batch for the card.
Nobody lists the steps: they are whatever happens. `AUTOPILOT_STOP_AT=n` makes it stand still at the n-th step until the file
"go" appears in its folder, so that a test can kill it, or the service, exactly there.

    AUTOPILOT_FOLDER, AUTOPILOT_GATEWAY, AUTOPILOT_MOBILE, AUTOPILOT_BEGIN=join|status, AUTOPILOT_STOP_AT (and KIOSK_*)
"""

from __future__ import annotations

import asyncio
import json
import os
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hardware.card.station import CardStation
from kiosk.app.front import Front
from kiosk.app.kiosk import Kiosk
from kiosk.backend.caller import Caller
from kiosk.config import load
from kiosk.flows.home.state import Attract, Journey, JourneyChosen, Menu, Started
from kiosk.flows.issue_card.state import ActivationUncertain, CardIssued, CardSpoiled, Interrupted, WaitingForBlank
from kiosk.flows.member.state import MemberHome, MemberUnavailable
from kiosk.flows.phone_proof.state import AskingCode, AskingMobile, CodeTyped, MobileEntered, MobileTyped
from kiosk.flows.register.state import (
    AgeBandChosen,
    AskingAgeBand,
    Consenting,
    ConsentToggled,
    Field,
    FillingForm,
    NotAccepted,
    NoticeUnavailable,
    ProvingPhone,
    Reviewing,
    SubmitUncertain,
    TextEntered,
)
from kiosk.flows.sign_in.state import NotIdentified, WaitingForCard
from kiosk.flows.status.state import EnteringNumber, ProvingApplicant, ShowingStatus, StatusUnavailable
from kiosk.flows.step import Back, Continued, RetryChosen
from kiosk.ports.display import TakeCard, View
from kiosk.ports.values import AgeBand, ApplicationState
from kiosk.session.events import EndConfirmed
from kiosk.texts import load_catalogue

POLL_S = 0.01


class Steps:
    """Counts what happens and stands still where it is told to."""

    def __init__(self, folder: Path, stop_at: int) -> None:
        self._folder = folder
        self._stop_at = stop_at
        self._count = 0

    def pass_(self, name: str) -> None:
        """Note a step; blocks the whole process at the one where it is to stop."""
        self._count += 1
        with (self._folder / "steps").open("a", encoding="utf-8") as file:
            file.write(f"{self._count} {name}\n")
        if self._count == self._stop_at:
            (self._folder / "stopped").write_text(name, encoding="utf-8")
            while not (self._folder / "go").exists():
                time.sleep(POLL_S)


class Autopilot:
    """The member: joins, or asks after the application of this phone, takes the card, signs in by it."""

    def __init__(self, folder: Path, steps: Steps) -> None:
        self._folder = folder
        self._steps = steps
        self._send: Callable[[object], None] = lambda _event: None
        self._last: Any = None
        self._is_unknown = os.environ["AUTOPILOT_BEGIN"] == "join"
        self._is_issued = False
        self._mobile = os.environ["AUTOPILOT_MOBILE"]

    def on_event(self, send: Callable[[object], None]) -> None:
        """See Display."""
        self._send = send

    def wipe(self) -> None:
        """See Display."""

    def show(self, view: View) -> None:
        """Answer a new state a moment later."""
        key = (view.state, view.overlay, view.chrome.is_linked)
        if key == self._last:
            return
        self._last = key
        self._steps.pass_(f"state {type(view.state).__name__} {getattr(view.state, 'reason', '')}".strip())
        if isinstance(view.overlay, TakeCard):
            self._done("signed in")
            return
        asyncio.get_running_loop().call_later(POLL_S, self._answer, view)

    def _answer(self, view: View) -> None:
        for event in self._events(view.state, is_linked=view.chrome.is_linked):
            self._send(event)

    def _events(self, state: Any, *, is_linked: bool) -> list[object]:
        inner = state.phone if isinstance(state, ProvingPhone | ProvingApplicant) else state
        simple: dict[type, list[object]] = {
            Menu: [JourneyChosen(self._journey())],
            AskingAgeBand: [AgeBandChosen(AgeBand.ADULT)],
            NoticeUnavailable: [RetryChosen()],
            AskingMobile: [MobileTyped(self._mobile), MobileEntered()],
            FillingForm: [TextEntered(Field.NAME, "欧阳小满"), TextEntered(Field.EMAIL, f"m{self._mobile}@example.cn"), Continued()],
            Reviewing: [Continued()],
            SubmitUncertain: [RetryChosen()],
            EnteringNumber: [Continued()],
            ActivationUncertain: [RetryChosen()],
            Interrupted: [RetryChosen()],
            MemberUnavailable: [RetryChosen()],
            CardSpoiled: [Continued()],
            # A blank that lies there after a power cut says nothing of its member: back to the menu, and by phone.
            NotIdentified: [RetryChosen() if self._is_issued else Continued()],
            NotAccepted: [Back(), Back()],
        }
        match inner:
            case Attract():
                return [Started()] if is_linked else []
            case Consenting():
                return [] if state.draft.consents else [ConsentToggled("membership"), Continued()]
            case AskingCode():
                return [CodeTyped(self._code())] if not inner.digits else []
            case ShowingStatus():
                pending = state.status.state is ApplicationState.CARD_PENDING
                self._is_issued = not pending
                return [Continued()]
            case StatusUnavailable():
                self._is_unknown = True
                return [Continued()]
            case WaitingForBlank() | WaitingForCard():
                self._ask_for("card")
                return []
            case CardIssued():
                self._is_issued = True
                if state.is_taken:
                    return [EndConfirmed()]
                if state.slip != "printing":
                    self._done("issued")
                return []
            case MemberHome():
                return [EndConfirmed()]
            case _:
                return simple.get(type(inner), [])

    def _journey(self) -> Journey:
        if self._is_issued:
            return Journey.SIGN_IN
        return Journey.JOIN if self._is_unknown else Journey.STATUS

    def _ask_for(self, what: str) -> None:
        (self._folder / "wants").write_text(what, encoding="utf-8")

    def _done(self, what: str) -> None:
        (self._folder / what.replace(" ", "-")).write_text(what, encoding="utf-8")

    def _code(self) -> str:
        query = urllib.parse.quote(f"+86{self._mobile}")
        for _ in range(500):
            try:
                with urllib.request.urlopen(f"{os.environ['AUTOPILOT_GATEWAY']}/codes?to={query}", timeout=5) as answer:
                    code = str(json.load(answer).get("code"))
            except OSError:
                code = ""
            if code and code != os.environ.get("AUTOPILOT_OLD_CODE"):
                return code
            time.sleep(POLL_S)
        raise TimeoutError("no code came")


def _announced(steps: Steps) -> None:
    """Have calls and batches announce themselves; nothing else of them changes."""
    ask, relay = Caller.ask, CardStation.relay

    async def announced_ask(self: Caller, call: Any, request: Any) -> Any:
        name = type(request).__name__.removesuffix("Request")
        steps.pass_(f"call {name}")
        answer = await ask(self, call, request)
        steps.pass_(f"answered {name}")
        return answer

    async def announced_relay(self: CardStation, uid: bytes, commands: Any) -> Any:
        steps.pass_("batch sent")
        relayed = await relay(self, uid, commands)
        steps.pass_("batch answered")
        return relayed

    Caller.ask = announced_ask  # type: ignore[method-assign]
    CardStation.relay = announced_relay  # type: ignore[method-assign]


async def _run(folder: Path, steps: Steps) -> None:
    pilot = Autopilot(folder, steps)
    window = asyncio.create_task(asyncio.Event().wait())
    front = Front(display=pilot, catalogue=load_catalogue(), describe=dict, run=asyncio.Event().wait, shown=asyncio.Event().wait)
    await Kiosk(load(), front).run(window)


def main() -> None:
    """Run until killed."""
    folder = Path(os.environ["AUTOPILOT_FOLDER"])
    steps = Steps(folder, int(os.environ.get("AUTOPILOT_STOP_AT", "0")))
    _announced(steps)
    asyncio.run(_run(folder, steps))


if __name__ == "__main__":
    main()
