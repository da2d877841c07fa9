"""A member who fills in everything there is, and the installation in which that member's traces are looked for.

Played by touches like tests.journey; what is typed is chosen so that it occurs nowhere else.
"""

from __future__ import annotations

import base64
import ctypes
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from hardware.card.layout.roles import KeyRole
from kiosk.pinyin.rime import RimeLibrary
from server_stub.config import Profile
from server_stub.keys.cards import CardKeystore
from server_stub.keys.folder import CARD_KEY_BYTES, KeyFolder, KeyKind
from tests.journey.glass import Glass, JourneyFailed
from tests.journey.script import Journey, Person
from tests.journey.world import World
from tests.support.residue import Canary, Hit, Search, descendants
from tests.support.residue_kiosk import REPORT

PERSON = Person(name=(("zhuge", "诸葛"), ("qiyue", "琪玥")), mobile="19104736281", email="qylan@post-box.example")
NAME, MASKED_NAME = "诸葛琪玥", "诸葛**"
ID_NUMBER = "33010619871023735X"
BIRTHDAY = "1987-10-23"
STREET_LETTERS = "qingliuxiang"
HOUSE = "37-1806"
PRESS_S = "0.04"
DRAWN_S = 0.3
"""Until a new screen lies where it belongs; a finger does not come within two frames."""

CODE_AGAIN_S = 61.0
WARM_S = 30.0
REPORT_S = 10.0


class QuickGlass(Glass):
    """A finger that knows where the keys lie: many touches take one look and one process."""

    def touch_each(self, targets: Iterable[str]) -> None:
        """Touch one target after the other; all of them are there already, or each is waited for."""
        wanted = list(targets)
        seen = self.look()["targets"]
        if not all(target in seen for target in wanted):
            super().touch_each(wanted)
            return
        words: list[str] = []
        for target in wanted:
            left, top, width, height = seen[target]
            place = [str(round(left + width / 2)), str(round(top + height / 2))]
            words += ["mousemove", *place, "mousedown", "1", "sleep", PRESS_S, "mouseup", "1", "sleep", PRESS_S]
        subprocess.run(["xdotool", *words], env=self._environment, check=True, timeout=60)


@dataclass(slots=True)
class FullVisit(Journey):
    """Fills in every field and keeps what was planted.

    Attributes:
        codes: One-time codes in the order of their coming.
        code_came: When the last one did, of time.monotonic().
        street: What the keyboard made of the letters.
        card: What the card holds of the member: canaries.
        keys: The keys of the card and the master keys, which lie at the centre alone: canaries.
        id_number_typed: Called while the whole ID number stands in its field, which it does nowhere else.
    """

    person: Person = PERSON
    codes: list[str] = field(default_factory=list)
    code_came: float = 0.0
    street: str = ""
    card: list[Canary] = field(default_factory=list)
    keys: list[Canary] = field(default_factory=list)
    id_number_typed: Callable[[], None] = lambda: None

    def canaries(self) -> list[Canary]:
        """Return everything that was planted so far, in all forms in which it is shown or sent."""
        mobile = self.person.mobile
        return [
            Canary("name", (NAME,)),
            Canary("masked name", (MASKED_NAME,)),
            Canary("letters of the name", ("qiyue", "qi yue")),
            Canary("mobile number", (mobile, f"{mobile[:3]} {mobile[3:7]} {mobile[7:]}")),
            Canary("e-mail address", (self.person.email, self.person.email[:14])),
            Canary("birthday", (BIRTHDAY, "1987年10月23日", BIRTHDAY.replace("-", ""))),
            Canary("ID number", (ID_NUMBER, f"{ID_NUMBER[:6]} {ID_NUMBER[6:14]} {ID_NUMBER[14:]}")),
            Canary("address", (self.street + HOUSE, HOUSE)),
            Canary("letters of the address", (STREET_LETTERS, "qing liu xiang")),
            *[Canary(f"one-time code {place}", (code,)) for place, code in enumerate(self.codes, 1)],
            *self.card,
        ]

    def go(self, target: str, *states: str) -> dict[str, Any]:
        """Touch a target, wait for a state, and let its screen be drawn."""
        seen = Journey.go(self, target, *states)
        time.sleep(DRAWN_S)
        return seen

    def ask_for_code(self) -> None:
        """From the attract screen of somebody who joins until a code lies on the phone."""
        self.glass.wait_for(lambda seen: seen["state"] == "Attract" and seen["is_linked"], "the attract screen")
        self.go("attract.start", "Menu")
        self.go("menu.join", "AskingAgeBand")
        self.go("age.adult", "Consenting")
        self.glass.touch_each(("consent.membership", "consent.id_number", "consent.mail"))
        self.go("consent.next", "AskingMobile")
        self.enter_phone()
        self.fetch_code()

    def fetch_code(self) -> None:
        """Take the code from the phone."""
        self.codes.append(self.world.code_for(self.person.e164, after=self.codes[-1] if self.codes else ""))
        self.code_came = time.monotonic()

    def wait_for_another(self) -> None:
        """Wait until the centre sends this number another code."""
        time.sleep(max(0.0, self.code_came + CODE_AGAIN_S - time.monotonic()))

    def type_code(self, digits: str, state: str) -> None:
        """Type digits of the code; the sixth submits."""
        self.glass.touch_each(f"num-{digit}" for digit in digits)
        self.glass.wait(state)
        time.sleep(DRAWN_S)

    def fill_everything(self) -> None:
        """Every field of the form, up to the review page with everything shown."""
        self.type_chinese_name()
        self.glass.touch("form.birthday")
        for choice in ("choice-1980", "choice-1987", "choice-10", "choice-23"):
            self.glass.touch(choice)
        self.glass.touch("form.id_number")
        time.sleep(DRAWN_S)
        self.glass.touch_each(f"id-{character}" for character in ID_NUMBER)
        time.sleep(DRAWN_S)
        self.id_number_typed()
        self.glass.touch("form.email")
        self.type_latin(self.person.email)
        self.glass.touch("form.address")
        self.pick_a_place()
        self.type_street()
        self.go("form.next", "Reviewing")
        self.glass.touch("review.show")
        time.sleep(DRAWN_S)

    def type_latin(self, text: str) -> None:
        """Type text in runs of what lies on one layer of the keyboard."""
        for is_letters, run in groupby(text, str.isalpha):
            if is_letters != ("key-q" in self.glass.look()["targets"]):
                self.glass.touch("key-digits")
                time.sleep(DRAWN_S)
            self.glass.touch_each(f"key-{character}" for character in run)

    def pick_a_place(self) -> None:
        """Take the first place on offer until the street can be typed."""
        while "key-q" not in (targets := self.glass.look()["targets"]):
            self.glass.touch(next(name for name in targets if name.startswith("choice-")))
            time.sleep(DRAWN_S)

    def type_street(self) -> None:
        """In pinyin, then the number of the house."""
        self.street = street_of(STREET_LETTERS)
        self.glass.touch_each(f"key-{letter}" for letter in STREET_LETTERS)
        self.glass.touch("candidate-0")
        self.type_latin(HOUSE)

    def take_a_card(self) -> None:
        """Submit, have the card written, look at the membership."""
        self.go("review.submit", "WaitingForBlank")
        self.lay_card()
        self.take_card()
        self.card = card_canaries(self._control.describe("member"))
        self.keys = key_canaries(self.world.folder / "service" / "keys", self.card[-1].raw[0])
        self.go("issued.home", "MemberHome")

    def sign_in_by_phone(self) -> None:
        """Number and code, when a minute has passed since the last one."""
        self.wait_for_another()
        self.go("attract.start", "Menu")
        self.go("menu.sign_in", "WaitingForCard")
        self.go("sign_in.phone", "AskingMobile")
        self.enter_phone()
        self.fetch_code()
        self.type_code(self.codes[-1], "MemberHome")

    def end(self) -> None:
        """End the visit, also where something is under way."""
        self.glass.touch("bar-end")
        seen = self.glass.wait_for(lambda seen: seen["state"] == "Attract" or seen["overlay"] == "ConfirmEnd", "the end")
        if seen["overlay"] == "ConfirmEnd":
            time.sleep(DRAWN_S)
            self.glass.touch("end.confirm")
        self.glass.wait("Attract")


class WatchedWorld(World):
    """An installation whose kiosk has folders of its own for everything that it could write, and tells what its screens hold."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.places = {name: folder / name for name in ("kiosk", "logs", "home", "tmp")}
        for place in self.places.values():
            place.mkdir(parents=True, exist_ok=True)
        self._report = folder / "report.json"
        self.kiosk.command = [sys.executable, "-m", "tests.support.residue_kiosk", "run"]
        self.kiosk.environment.update({"HOME": str(self.places["home"]), "TMPDIR": str(self.places["tmp"]), REPORT: str(self._report)})

    @property
    def glass(self) -> Glass:
        """The touchscreen, with a quick finger."""
        return QuickGlass(self.kiosk.environment["DISPLAY"], self.probe)

    @property
    def log(self) -> str:
        """What the kiosk has logged."""
        return (self.places["logs"] / "kiosk.log").read_text(encoding="utf-8")

    def start_kiosk(self, display: str | None = None) -> None:
        """Start the kiosk and wait until all of its screens are built."""
        super().start_kiosk(display)
        end = time.monotonic() + WARM_S
        while "all screens are built" not in self.log:
            if time.monotonic() > end:
                raise JourneyFailed("the screens are not built")
            time.sleep(0.1)

    def in_memory(self, canaries: list[Canary]) -> list[Hit]:
        """Return what the memory of the kiosk's processes holds."""
        assert self.kiosk.process is not None
        search = Search(canaries)
        return [hit for process in descendants(self.kiosk.process.pid) for hit in search.in_memory(process)]

    def in_files(self, canaries: list[Canary]) -> list[Hit]:
        """Return what the kiosk's files and everybody's logs hold."""
        return Search(canaries).in_files(*self.places.values())

    def in_texts(self, report: dict[str, Any], canaries: list[Canary]) -> list[Hit]:
        """Return what the texts of the widgets hold."""
        return Search(canaries).in_text("\n".join(report["texts"]), "widgets")

    def report(self) -> dict[str, Any]:
        """Have the kiosk tell texts and pictures of all its widgets and the clipboard."""
        assert self.kiosk.process is not None
        self._report.unlink(missing_ok=True)
        os.kill(self.kiosk.process.pid, signal.SIGUSR1)
        end = time.monotonic() + REPORT_S
        while not self._report.exists():
            if time.monotonic() > end:
                raise JourneyFailed("the kiosk does not report")
            time.sleep(0.05)
        return dict(json.loads(self._report.read_text(encoding="utf-8")))


def street_of(letters: str) -> str:
    """Return what the kiosk's engine for addresses offers first."""
    with tempfile.TemporaryDirectory() as cache:
        library = RimeLibrary.start(Path(cache))
        engine = library.engine()
        for letter in letters:
            engine.type(letter)
        offered = engine.candidates(0).items
        engine.close()
        library.close()
    if not offered:
        raise JourneyFailed("the engine offers nothing for the street")
    return offered[0]


def card_canaries(words: list[str]) -> list[Canary]:
    """Return what identifies the member on a card, from the emulator's words; places are those of hardware.card.layout.files."""
    file = next(bytes.fromhex(line.split("bytes: ")[1]) for line in words if "file 1:" in line)
    number = file[8:18].hex().rstrip("f")
    return [
        Canary("membership number", (number,), (bytes.fromhex(number),)),
        Canary("card token", (file[18:34].hex(),), (file[18:34],)),
        Canary("card UID", (file[1:8].hex(), file[1:8].hex().upper()), (file[1:8],)),
    ]


def key_canaries(service_keys: Path, uid: bytes) -> list[Canary]:
    """Return every key of one card and the master keys that they come from, as the centre holds them."""
    folder = KeyFolder.open(service_keys, Profile.DEVELOPMENT)
    keystore = CardKeystore(folder)
    masters = folder.read(folder.active(KeyKind.CARD_MASTER))
    keys = {f"{role.name} key of the card": keystore.key(keystore.current_generation, role, uid) for role in KeyRole}
    pieces = range(0, len(masters), CARD_KEY_BYTES)
    keys |= {f"master key {start // CARD_KEY_BYTES}": masters[start : start + CARD_KEY_BYTES] for start in pieces}
    return [Canary(name, (key.hex(), key.hex().upper(), base64.b64encode(key).decode()), (key,)) for name, key in keys.items()]


def picture_canaries(report: dict[str, Any], canaries: list[Canary]) -> list[Canary]:
    """Return a piece of the picture of each drawn text that shows a value."""
    shown = {text: canary.name for text in report["pictures"] for canary in canaries if any(form in text for form in canary.texts)}
    pieces = {text: bytes.fromhex(report["pictures"][text]) for text in shown}
    return [Canary(f"{name}, drawn", (), (pieces[text],)) for text, name in shown.items() if pieces[text]]


def selection_owners(display: str) -> dict[str, int]:
    """Return which windows own the X selections (Xlib, XGetSelectionOwner); 0 is none."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XGetSelectionOwner.restype = ctypes.c_ulong
    opened = ctypes.c_void_p(x11.XOpenDisplay(display.encode()))
    names = ("CLIPBOARD", "PRIMARY", "SECONDARY")
    owners = {name: int(x11.XGetSelectionOwner(opened, ctypes.c_ulong(x11.XInternAtom(opened, name.encode(), 0)))) for name in names}
    x11.XCloseDisplay(opened)
    return owners


def counted(hits: list[Hit]) -> Counter[str]:
    """Return how often each value was found, for a message."""
    return Counter(hit.how for hit in hits)
