"""Somebody who touches what there is to be touched, lays what cards there are and shows what codes there are, by chance.

What chance says is drawn from one seeded source, and only from what the screen offers in the order of its names: the same seed on the same
screens takes the same steps. Knows targets by their ids and states by their names; knows no flow.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

from hardware.emulation.card.tears import When
from tests.bench.x11 import Finger
from tests.journey.glass import JourneyFailed
from tests.support.town import CODE_EVERY_S, OTHER_CODES, Town

QUIET_S = 1.5
"""So long a patient person waits for something to happen."""
LOOK_EVERY_S = 0.012
SEEN_S = 0.6
HOLD_S = 0.025
WEIGHTS = {
    "bar-": 0.15,
    "key-": 0.06,
    "num-": 0.08,
    "id-": 0.08,
    "feedback.face": 0.3,
    "feedback.quick": 0.3,
    "consent.": 0.5,
    "end.stay": 0.7,
}
LEAVING = (".back", ".later", ".end", ".done", ".home", "end.confirm", "time.end", "-end")
LEAVING_WEIGHT = 0.35
OWN_WAY = 0.55
"""How often somebody does what the page asks for, where chance alone would never: a number, a code, a name, a card."""
PATIENCE = 0.8
STRANGE_KINDS = ("foreign", "non-blank", "write-protected", "desfire-ev1", "mifare-classic", "locked")
WALLET_MOST = 12
NAMES = (("zhuge", "qiyue"), ("ouyang", "xiaoman"), ("zhang", "wei"))
DIGITS = 16

Seen = dict[str, Any]


@dataclass(slots=True)
class Walked:
    """What was done.

    Attributes:
        steps: Each in words, with the seconds since the beginning and the state in which it was done.
        states: How often each state was met.
        typed: Mobile numbers that were typed.
        visits: How often the attract screen was come back to.
        outages: How often the service was away.
    """

    steps: list[str] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)
    typed: set[str] = field(default_factory=set)
    visits: int = 0
    outages: int = 0


class Walker:
    """One walk through a town.

    Args:
        town: Open.
        finger: On its display.
        seed: Of everything that chance decides.
        tell: Gets each step as it is done.
    """

    def __init__(self, town: Town, finger: Finger, seed: int, tell: Callable[[str], None] = lambda _line: None) -> None:
        self._town = town
        self._finger = finger
        self._random = Random(seed)
        self._tell = tell
        self._began = time.monotonic()
        self._ahead_before = town.seconds
        self._wallet = [neighbour.card for neighbour in town.neighbours]
        self._names = count(1)
        self._mobile = ""
        self._sent_at: dict[str, float] = {neighbour.mobile: town.seconds for neighbour in town.neighbours}
        self._back_in = 0
        self._was_away = True
        self.walked = Walked()
        self._own_ways: dict[str, Callable[[Seen], str]] = {
            "AskingMobile": self._type_mobile,
            "AskingCode": self._type_code,
            "FillingForm": self._type_name,
            "Consenting": self._agree,
            "WaitingForBlank": lambda _seen: self._lay_new(),
            "CardPulled": lambda _seen: self._lay(self._wallet[-1]),
            "WaitingForCard": lambda _seen: self._lay_known(),
            "WaitingForFound": lambda _seen: self._lay_known(),
            "Attract": lambda _seen: self._lay_known(),
            "Scanning": lambda _seen: self._show(),
            "EnteringCase": self._type_digits,
            "EnteringNumber": self._type_digits,
            "Saying": lambda seen: self._touch(seen, self._one_of(name for name in seen["targets"] if name.startswith("feedback.face"))),
        }

    @property
    def seconds(self) -> float:
        """How long the walk has lasted for kiosk and service."""
        return time.monotonic() - self._began + self._town.seconds - self._ahead_before

    def walk(self, until: Callable[[], bool], rest: Callable[[], None]) -> Walked:
        """Go on until told to stop; `rest` is called now and then when nobody stands there."""
        while not until():
            seen = self.settle() if self._random.random() < PATIENCE else self._town.glass.look()
            self._note_visit(seen)
            if self._is_nobody_here(seen) and not self._town.lies() and self._random.random() < 0.1:
                rest()
            self._step(seen)
            self._town.wait(self._pause_s())
        return self.walked

    def leave(self) -> None:
        """Bring the service back, take everything away and go: whoever comes next finds the attract screen."""
        self._town.bring_service_back()
        self._town.show_nothing()
        for slot in (0, 1):
            self._town.take_off(slot)
        end = time.monotonic() + 60
        while not self._is_nobody_here(seen := self.settle()) or not seen["is_linked"]:
            if time.monotonic() > end:
                raise JourneyFailed(f"the kiosk does not come back to its beginning: {seen['state']} under {seen['overlay']}")
            self._town.wait(20)
            time.sleep(0.1)
        self._note_visit(seen)

    def settle(self) -> Seen:
        """Return the screen once nothing happens any more, or patience is over."""
        end = time.monotonic() + QUIET_S
        seen = self._town.glass.look()
        while time.monotonic() < end:
            time.sleep(LOOK_EVERY_S)
            before, seen = seen, self._town.glass.look()
            if not seen["waiting"] and not seen["effects"] and (seen["state"], seen["targets"]) == (before["state"], before["targets"]):
                break
        return seen

    # Chance.

    def _pause_s(self) -> float:
        """Return how long somebody looks: mostly a moment, now and then so long that the kiosk asks or ends."""
        chance = self._random.random()
        if chance < 0.01:
            return self._random.uniform(60, 200)
        return self._random.uniform(4, 20) if chance < 0.03 else self._random.expovariate(1.2)

    def _one_of(self, values: Iterator[str] | list[str]) -> str:
        return self._random.choice(sorted(values))

    def _step(self, seen: Seen) -> None:
        self.walked.states[seen["state"]] += 1
        said = self._way(seen)
        line = f"{len(self.walked.steps) + 1:5} {self.seconds:7.1f} s  {seen['state']:<22} {seen['overlay'] or '':<12} {said}"
        self.walked.steps.append(line)
        self._tell(line)

    def _way(self, seen: Seen) -> str:
        if not self._town.is_serving:
            self._back_in -= 1
            if self._back_in <= 0:
                self._town.bring_service_back()
                return "the service is back"
        chance = self._random.random()
        if seen["overlay"] == "TakeCard" and chance < 0.6:
            return self._take_off()
        if chance < 0.10:
            return self._something_else()
        own = self._own_ways.get(seen["state"])
        if own is not None and seen["overlay"] is None and self._random.random() < OWN_WAY:
            return own(seen)
        return self._touch_any(seen)

    def _something_else(self) -> str:
        ways: list[tuple[float, Callable[[], str]]] = [
            (3, self._lay_known),
            (1, self._lay_new),
            (1.5, self._lay_strange),
            (4, self._take_off),
            (1, self._tear),
            (0.5, self._lay_second),
            (1.5, self._show),
            (1, self._touch_anywhere),
            (0.8, self._swipe),
            (0.6, self._go_away),
        ]
        return self._random.choices([way for _, way in ways], [weight for weight, _ in ways])[0]()

    # Touches.

    def _touch_any(self, seen: Seen) -> str:
        names = sorted(seen["targets"])
        if not names:
            return "nothing to touch"
        name = self._random.choices(names, [_weight(name) for name in names])[0]
        said = self._touch(seen, name)
        if self._random.random() < 0.04:
            said += ", " + self._touch(seen, name)
        return said

    def _touch(self, seen: Seen, name: str) -> str:
        if name not in seen["targets"]:
            return f"no {name}"
        left, top, width, height = seen["targets"][name]
        self._press(round(left + width * self._random.uniform(0.2, 0.8)), round(top + height * self._random.uniform(0.2, 0.8)))
        return f"touch {name}"

    def _press(self, x: int, y: int) -> None:
        self._finger.move((x, y))
        self._finger.press()
        time.sleep(HOLD_S)
        self._finger.release()

    def _touch_anywhere(self) -> str:
        place = self._random.randrange(self._town.width), self._random.randrange(self._town.height)
        self._press(*place)
        return f"touch at {place}"

    def _swipe(self) -> str:
        ends = [(self._random.randrange(self._town.width), self._random.randrange(self._town.height)) for _ in range(2)]
        self._finger.move(ends[0])
        self._finger.press()
        time.sleep(HOLD_S)
        self._finger.move(ends[1])
        time.sleep(HOLD_S)
        self._finger.release()
        return f"swipe {ends[0]} to {ends[1]}"

    def _touch_each(self, seen: Seen, names: list[str]) -> None:
        for name in names:
            self._touch(seen, name)
            time.sleep(HOLD_S)

    # What pages ask for.

    def _type_mobile(self, seen: Seen) -> str:
        known = [neighbour.mobile for neighbour in self._town.neighbours]
        new = f"1910473{self._random.randrange(7000, 7040)}"
        self._mobile = self._random.choice([*known, *[new] * 4, "1", "02112345678"])
        self.walked.typed.add(self._mobile)
        self._await_another_code(seen)
        self._touch_each(seen, ["num-backspace"] * 12 + [f"num-{digit}" for digit in self._mobile])
        self._touch(self._town.glass.look(), "phone.next")
        return f"type the number {self._mobile}"

    def _await_another_code(self, seen: Seen) -> None:
        """Wait as long as the centre wants between two codes for one number, and touch something so that the kiosk does not ask.

        Who does not want to wait is told so.
        """
        if self._random.random() < 0.5:
            return
        until = self._sent_at.get(self._mobile, -CODE_EVERY_S) + CODE_EVERY_S
        while self._town.seconds < until:
            self._town.wait(CODE_EVERY_S / 2)
            self._touch(seen, "num-backspace")
        self._sent_at[self._mobile] = self._town.seconds

    def _type_code(self, seen: Seen) -> str:
        code = self._town.newest_code(f"+86{self._mobile}") if self._random.random() < 0.85 else "123456"
        self._touch_each(seen, [f"num-{digit}" for digit in code or "000000"])
        return "type a code"

    def _type_name(self, seen: Seen) -> str:
        for letters in self._random.choice(NAMES):
            self._touch_each(seen, [f"key-{letter}" for letter in letters])
            seen = self.settle()
            self._touch(seen, "candidate-0")
            seen = self.settle()
        self._touch(seen, "form.next")
        return "type a name"

    def _agree(self, seen: Seen) -> str:
        self._touch_each(seen, ["consent.membership", "consent.next"])
        return "agree"

    def _type_digits(self, seen: Seen) -> str:
        keys = sorted(name for name in seen["targets"] if name.startswith("num-"))
        if not keys:
            return "no keys"
        self._touch_each(seen, [self._random.choice(keys) for _ in range(DIGITS)])
        return "type digits"

    # Cards.

    def _lay(self, card: str, kind: str = "desfire-ev2", slot: int = 0) -> str:
        self._town.lay(card, kind, slot)
        self._hold_still()
        return f"lay {card}"

    def _hold_still(self) -> None:
        """Let the reader see it, which looks every 0.4 s, but for the few who do not wait for anything."""
        if self._random.random() < PATIENCE:
            time.sleep(SEEN_S)

    def _lay_known(self) -> str:
        # Most people come with a card that is good.
        good = [neighbour.card for neighbour in self._town.neighbours[:2]]
        return self._lay(self._random.choice([*good * 3, *self._wallet]))

    def _lay_new(self) -> str:
        name = f"blank-{next(self._names)}"
        self._wallet.append(name)
        del self._wallet[len(self._town.neighbours) : -WALLET_MOST]
        return self._lay(name)

    def _lay_strange(self) -> str:
        kind = self._random.choice(STRANGE_KINDS)
        return self._lay(f"{kind}-{next(self._names)}", kind)

    def _lay_second(self) -> str:
        if self._town.lies(1):
            self._town.take_off(1)
            return "take the second card"
        return self._lay(f"second-{next(self._names)}", slot=1)

    def _take_off(self) -> str:
        for slot in (0, 1):
            self._town.take_off(slot)
        self._hold_still()
        return "take the card"

    def _tear(self) -> str:
        when = self._random.choice(list(When))
        self._town.tear(self._random.randrange(12), when)
        return f"tear the card {when}"

    # Codes, service.

    def _show(self) -> str:
        member = self._random.choice(self._town.neighbours)
        receipts = self._town.receipts()
        other = self._random.choice(OTHER_CODES)
        which = self._random.choice(("member", "member", "receipt", "other", "other", "nothing"))
        match which:
            case "member":
                self._town.show(self._town.own_code(member.number))
            case "receipt":
                self._town.show(receipts[-1])
            case "other":
                self._town.show(other)
            case _:
                self._town.show_nothing()
        return f"show {which}"

    def _go_away(self) -> str:
        if self._town.is_serving:
            self.walked.outages += 1
            self._back_in = self._random.randrange(2, 25)
            self._town.end_service()
        return "the service is gone"

    def _is_nobody_here(self, seen: Seen) -> bool:
        return seen["state"] == "Attract" and seen["overlay"] is None

    def _note_visit(self, seen: Seen) -> None:
        is_away = self._is_nobody_here(seen)
        self.walked.visits += is_away and not self._was_away
        self._was_away = is_away


def _weight(name: str) -> float:
    if name.endswith(LEAVING):
        return LEAVING_WEIGHT if name != "bar-end" else WEIGHTS["bar-"]
    return next((weight for begin, weight in WEIGHTS.items() if name.startswith(begin)), 1.0)
