"""The session: one inbox, one active journey, one view. The only consumer of touches, devices and answers.

Thread: loop. Nothing of a customer outlives `_end`: states, intents, timers and the display are wiped there.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from time import perf_counter
from typing import Any

from kiosk.flows.campaigns.state import BoardKnown
from kiosk.flows.home.state import Attract, ServiceLost, ServiceRestored
from kiosk.flows.places import Place, ToAttract, ToFault, ToMenu
from kiosk.flows.scan.state import CameraLost, CodeShown, Scanning
from kiosk.flows.step import Go, LanguageSwitched, StaffWanted, Step, StopWait, TimeIsUp, Wait
from kiosk.ports.devices import CardReader, CodeScanner, NoScanner, ReaderState
from kiosk.ports.display import Chrome, ConfirmEnd, Display, NeedMoreTime, Overlay, TakeCard, View
from kiosk.ports.values import DeviceInfo, Reason
from kiosk.session import events
from kiosk.session.beginnings import begin
from kiosk.session.device_reasons import is_card_there
from kiosk.session.faults import fault_of_showing, fault_reason
from kiosk.session.goals import Goal
from kiosk.session.idle import IdleLimits, is_device_work, is_under_way, limits
from kiosk.session.inner_events import (
    Answer,
    CampaignsChanged,
    ChromeChanged,
    Fault,
    IdleOver,
    ReaderChanged,
    Scanned,
    VisitEnded,
)
from kiosk.session.intents import Intents
from kiosk.session.open_visits import OpenVisits
from kiosk.session.performer import Performer, reader_event
from kiosk.session.settings import VisitSettings
from kiosk.session.staff_calls import StaffCalls
from kiosk.session.timers import Timers

log = logging.getLogger(__name__)

MOST_WAITING = 256
IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Collaborators:
    """What the session works with; built by kiosk.app."""

    display: Display
    performer: Performer
    intents: Intents
    reader: CardReader
    staff_calls: StaffCalls
    end_visit: Callable[[str, str], None]
    on_idle: Callable[[], None]
    on_fault: Callable[[Reason], None]
    scanner: CodeScanner = field(default_factory=NoScanner)


class Session:
    """Runs journeys for one customer after the other."""

    def __init__(self, with_: Collaborators, idle_limits: Callable[..., IdleLimits] = limits) -> None:
        self._with = with_
        self._idle_limits = idle_limits
        self._inbox: asyncio.Queue[Any] = asyncio.Queue()
        self._timers = Timers()
        self._goal = Goal()
        self._tasks: set[asyncio.Task[None]] = set()
        self._journey = 0
        self._chrome = Chrome()
        self._settings = VisitSettings()
        self._overlay: Overlay | None = None
        # Why the kiosk cannot serve, also while who stands here ends in peace.
        self._lost: ServiceLost | None = None
        self._flow, first = begin(ToAttract())
        self._visits = OpenVisits()
        self._state: Any = first.state

    @property
    def waiting(self) -> int:
        """Return how many events wait."""
        return self._inbox.qsize()

    @property
    def state(self) -> Any:
        """State of the active journey."""
        return self._state

    @property
    def device(self) -> DeviceInfo:
        """Who this device is, once the centre has said so."""
        return self._chrome.device

    @property
    def open_visits(self) -> tuple[str, ...]:
        """Tokens of the visits of whoever stands here."""
        return self._visits.tokens

    @property
    def is_nobody_here(self) -> bool:
        """Whether the attract screen is shown, with no dialog before it."""
        return isinstance(self._state, Attract) and self._overlay is None

    def post(self, event: Any) -> None:
        """Put an event into the inbox: what devices and the centre say is never dropped."""
        self._inbox.put_nowait(event)

    def _post_touch(self, event: Any) -> None:
        """Put a touch into the inbox, unless so many events wait that nobody can mean it any more."""
        if self._inbox.qsize() < MOST_WAITING:
            self.post(event)
        else:
            log.warning("%d events wait, dropped %s", MOST_WAITING, type(event).__name__)

    async def run(self) -> None:
        """Consume events until cancelled."""
        self._with.display.on_event(self._post_touch)
        self._with.reader.watch(lambda state: self.post(ReaderChanged(state)))
        self._with.scanner.watch(
            lambda seen: self.post(Scanned(CodeShown(seen.kind, seen.text))), lambda reason: self.post(Scanned(CameraLost(reason)))
        )
        self._show()
        try:
            while True:
                self._take(await self._inbox.get())
        finally:
            self._timers.stop_all()
            self._cancel_tasks()

    def _take(self, event: Any) -> None:
        match event:
            case Answer():
                self._answered(event)
            case Fault(journey, reason):
                self._fault(journey, reason)
            case ReaderChanged() | Scanned():
                self._device_saw(event)
            case ChromeChanged() | CampaignsChanged() | ServiceLost() | ServiceRestored():
                self._device_changed(event)
            case IdleOver():
                self._idle_over()
            case VisitEnded(token):
                self._visit_ended(token)
            case _ if isinstance(event, events.SessionEvent):
                self._session_event(event)
            case _:
                self._touched()
                self._advance(event)
        self._show()

    def _answered(self, answer: Answer) -> None:
        if answer.journey == self._journey:
            if answer.is_of_device:
                self._touched()
            self._advance(answer.event)

    def _device_changed(self, event: ChromeChanged | CampaignsChanged | ServiceLost | ServiceRestored) -> None:
        match event:
            case ChromeChanged(change):
                self._chrome = change(self._chrome)
            case CampaignsChanged(campaigns, shown, ended):
                self._chrome = replace(self._chrome, campaigns=campaigns)
                self._advance(BoardKnown(shown, ended))
            case _:
                self._lost = event if isinstance(event, ServiceLost) else None
                self._advance(event)

    # The journey.

    def _advance(self, event: Any) -> None:
        before = self._state
        step = self._flow.step(self._state, event)
        self._apply(step)
        if type(self._state) is not type(before):
            log.info("%s: %s -> %s on %s", self._flow.name, type(before).__name__, type(self._state).__name__, type(event).__name__)
            self._touched()

    def _apply(self, step: Step) -> None:
        self._state = step.state
        self._visits.see(step.state)
        for effect in step.effects:
            match effect:
                case Go(ToAttract()):
                    # By whatever way: nobody is here any more, so a card is pointed at and what is open is closed.
                    self._end()
                case Go(ToMenu()) if self._lost is not None:
                    # There is nothing to choose any more.
                    self._end()
                case Go(place):
                    self._go(place)
                case Wait(name, seconds):
                    self._timers.start(name, seconds, partial(self.post, Answer(self._journey, TimeIsUp(name))))
                case StopWait(name):
                    self._timers.stop(name)
                case StaffWanted():
                    self._call_staff()
                case _:
                    self._perform(effect)

    def _go(self, place: Place, left_at: str = "") -> None:
        place = self._goal.on_the_way(place)
        if isinstance(place, ToAttract | ToMenu | ToFault):
            self._forget_customer(keep_settings=not isinstance(place, ToAttract), left_at=left_at)
        self._leave_journey()
        self._flow, first = begin(place)
        self._visits.go(place, self._flow.name)
        log.info("journey %s", self._flow.name)
        self._apply(first)
        self._restart_idle()
        if self._lost is not None:
            self._advance(self._lost)

    def _leave_journey(self) -> None:
        self._journey += 1
        self._timers.stop_all()
        self._cancel_tasks()
        self._with.intents.forget()

    def _cancel_tasks(self) -> None:
        for task in self._tasks:
            task.cancel()

    def _perform(self, effect: Any) -> None:
        journey, language = self._journey, self._settings.language

        def report(event: Any) -> None:
            self.post(Answer(journey, event, is_device_work(type(effect).__name__)))

        async def work() -> None:
            report(await self._with.performer.perform(effect, language, report))

        task = asyncio.get_running_loop().create_task(work(), name=type(effect).__name__)
        self._tasks.add(task)
        task.add_done_callback(partial(self._task_done, journey))

    def _task_done(self, journey: int, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.error("effect %s failed", task.get_name(), exc_info=error)
            self.post(Fault(journey, fault_reason(error)))

    def _fault(self, journey: int, reason: Reason) -> None:
        """A fault of our own: the journey cannot go on, and says so; whether the next customer's can, the device decides."""
        self._with.on_fault(reason)
        if journey == self._journey:
            self._go(ToFault(reason))

    def _reader_changed(self, state: ReaderState) -> None:
        if isinstance(self._overlay, TakeCard):
            if not is_card_there(state):
                self._overlay = None
                self._forget_settings()
            return
        if isinstance(self._state, Attract) and state.was_there:
            # Left behind by somebody before the kiosk was started, or while the reader was away: it signs nobody in.
            self._overlay = TakeCard()
            return
        if not isinstance(self._state, Attract):
            self._touched()
        self._advance(reader_event(state))

    def _device_saw(self, event: ReaderChanged | Scanned) -> None:
        if isinstance(event, ReaderChanged):
            self._reader_changed(event.state)
        elif self._wants_camera():  # else it was on its way when the camera was switched off
            self._touched()
            self._advance(event.about)

    def _wants_camera(self) -> bool:
        return isinstance(self._state, Scanning) and self._overlay is None

    # The session around it.

    def _session_event(self, event: events.SessionEvent) -> None:
        match event:
            case events.StaffCalled():
                self._call_staff()
            case events.EndChosen():
                self._end_chosen()
            case events.EndConfirmed():
                self._end()
            case events.StayChosen():
                self._overlay = None
            case _:
                self._choose(event)
        if not isinstance(event, events.EndChosen | events.EndConfirmed):
            self._touched()

    def _choose(self, event: events.SessionEvent) -> None:
        match event:
            case events.LanguageChosen(language):
                self._settings = replace(self._settings, language=language)
                self._advance(LanguageSwitched(language))
            case events.LargeTypeToggled():
                self._settings = replace(self._settings, is_large=not self._settings.is_large)
            case events.VoiceToggled():
                self._settings = replace(self._settings, is_voice_on=not self._settings.is_voice_on)
            case _:
                pass

    def _call_staff(self) -> None:
        def changed(call: Any) -> None:
            self._settings = replace(self._settings, staff_call=call)
            # Who waits for somebody does not touch; the answer is worth a look.
            self._touched()
            self._show()

        screen = f"{self._flow.name}.{type(self._state).__name__}"
        self._with.staff_calls.call(screen, self._settings.language, changed)

    def _end_chosen(self) -> None:
        if is_under_way(self._state):
            self._overlay = ConfirmEnd(self._is_card_on_reader())
        else:
            self._end()

    def _end(self, left_at: str = "") -> None:
        """End the visit; `left_at` names the page where time ended it, so that it can be taken up again there."""
        began, last = perf_counter(), self._settings
        self._go(ToAttract(), left_at)
        # Never over silently with a card inside: the dialog stays until it is taken, and speaks as its holder does.
        if self._is_card_on_reader():
            self._overlay, self._settings = TakeCard(), last.of_who_left()
        self._with.on_idle()
        log.info("visit wiped in %.0f ms", (perf_counter() - began) * 1000)

    def _visit_ended(self, token: str) -> None:
        # A card is written and a slip printed to the end first; whether the visit ended is heard again soon.
        if token in self._visits.tokens[-1:] and not self._is_device_at_work():
            self._end()

    def _forget_customer(self, *, keep_settings: bool, left_at: str) -> None:
        for token in self._visits.leave():
            self._with.end_visit(token, left_at)
        self._with.display.wipe()
        self._overlay = None
        if not keep_settings:
            self._forget_settings()

    def _forget_settings(self) -> None:
        self._settings = VisitSettings()
        self._with.staff_calls.forget()

    def _is_card_on_reader(self) -> bool:
        return is_card_there(self._with.reader.look())

    def _is_device_at_work(self) -> bool:
        return any(is_device_work(task.get_name()) for task in self._tasks)

    # Idle time.

    def _touched(self) -> None:
        if isinstance(self._overlay, NeedMoreTime):
            self._overlay = None
        self._restart_idle()

    def _allowed(self) -> IdleLimits:
        # Whose card is still inside is spoken to in the way that was chosen, for as long as it takes.
        is_as_found = self._settings == VisitSettings() or isinstance(self._overlay, TakeCard)
        return self._idle_limits(self._state, is_large=self._settings.is_large, is_as_found=is_as_found)

    def _restart_idle(self) -> None:
        allowed = self._allowed()
        if allowed.wait_s is None:
            self._timers.stop(IDLE)
        else:
            self._timers.start(IDLE, allowed.wait_s, partial(self.post, IdleOver()))

    def _idle_over(self) -> None:
        if self._is_device_at_work():
            self._touched()
            return
        allowed = self._allowed()
        if isinstance(self._overlay, NeedMoreTime) or allowed.warn_s == 0:
            self._end(left_at=self._visits.page)
            return
        self._overlay = NeedMoreTime(int(allowed.warn_s), self._is_card_on_reader())
        self._timers.start(IDLE, allowed.warn_s, partial(self.post, IdleOver()))

    def _show(self) -> None:
        self._with.scanner.want(wanted=self._wants_camera())
        if fault := fault_of_showing(self._with.display, View(self._state, self._settings.over(self._chrome), self._overlay)):
            self._fault(self._journey, fault)
            self._show()
