"""How the session shows a state; the screens implement it (session lies below screens)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from kiosk.ports.campaigns import PublicCampaign
from kiosk.ports.values import DeviceInfo, Language, StaffCall


@dataclass(frozen=True, slots=True)
class NeedMoreTime:
    """Dialog: the session ends in `seconds` unless the member stays; `card_on_reader` adds a line."""

    seconds: int
    card_on_reader: bool = False


@dataclass(frozen=True, slots=True)
class ConfirmEnd:
    """Dialog: really end? Shown where something is under way."""

    card_on_reader: bool = False


@dataclass(frozen=True, slots=True)
class TakeCard:
    """Dialog: the session is over, but a card still lies on the reader."""


Overlay = NeedMoreTime | ConfirmEnd | TakeCard


@dataclass(frozen=True, slots=True)
class Chrome:
    """What surrounds every screen: session-wide settings and the device's state. The link stands until a call says otherwise.

    `is_back` is true for a short while after a lost link has come back. `campaigns` are those of the store, now and later: who shows
    them looks at their dates.
    """

    language: Language = Language.ZH_HANS
    is_large: bool = False
    is_linked: bool = True
    is_back: bool = False
    is_voice_on: bool = False
    device: DeviceInfo = field(default_factory=lambda: DeviceInfo("", "", "", "", ""))
    staff_call: StaffCall = StaffCall.NONE
    card_ok: bool = True
    printer_ok: bool = True
    camera_ok: bool = False
    campaigns: tuple[PublicCampaign, ...] = ()

    def tier_name(self, tier: str) -> str:
        """Return what the centre calls a tier in the language of the screens, "" where it never said so."""
        return self.device.tier_name(tier, self.language)


@dataclass(frozen=True, slots=True)
class View:
    """What is to be seen now. `state` is a state of a flow; the router knows its screen."""

    state: object
    chrome: Chrome
    overlay: Overlay | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Sight:
    """What the camera sees, small and as in a mirror; whoever stands there is in it (no repr).

    Attributes:
        rgb: width_px * height_px * 3 bytes, the lowest row first.
    """

    width_px: int
    height_px: int
    rgb: bytes


class Viewfinder:
    """The newest sight of the camera, handed from the scanner to the screen that shows it. Thread: loop."""

    def __init__(self) -> None:
        self.sight: Sight | None = None


class Display(Protocol):
    """Implemented by screens.router; Thread: loop."""

    def show(self, view: View) -> None:
        """Show it before the next frame."""
        ...

    def wipe(self) -> None:
        """Forget every personal value: fields, textures, candidates, clipboard."""
        ...

    def on_event(self, send: Callable[[object], None]) -> None:
        """Say where events of touches go."""
        ...
