"""What the slides of the attract screen say: the house's own, and one for each campaign. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kiosk.ports.campaigns import PublicCampaign
from kiosk.ports.display import Chrome
from kiosk.ports.values import Language
from kiosk.texts import Texts
from screens.campaigns.words import picture_of, say_until, say_window, width_of, words_of

_HOUSE_ART = {
    "1": "card-small.png",
    "no_cards": "card-small.png",
    "offline": "attract-groceries.png",
    "2": "attract-groceries.png",
    "3": "reward-umbrella.png",
}
HOUSE_SLIDES = 3
"""The most there are of the house's own."""
_SHORT, _LONG = 12, 16
_SHORT_HAN, _LONG_HAN = 8, 11
"""Half characters of a title of each size; Chinese ones stand in one line, as a line would break within a word."""


@dataclass(frozen=True, slots=True)
class SlideWords:
    """A slide; `size` is the size of its title: 3 for a few characters, 1 for many. Free words are broken into lines."""

    picture: str
    tag: str
    title: str
    line: str
    note: str
    size: int = 3
    is_free: bool = False


def house_slides(chrome: Chrome) -> tuple[str, ...]:
    """Return the names of the house's own slides: only what can be kept is promised."""
    if not chrome.is_linked:
        return "offline", "3"
    return "1" if chrome.card_ok else "no_cards", "2", "3"


def of_house(tr: Texts, name: str) -> SlideWords:
    """Return one of the house's own."""
    tag, title, line, note = (tr(f"attract.slide.{name}.{part}") for part in ("tag", "title", "line", "note"))
    return SlideWords(_HOUSE_ART[name], tag, title, line, note)


def of_campaign(tr: Texts, campaign: PublicCampaign, language: Language, now: datetime) -> SlideWords:
    """Return the slide of a campaign in a language."""
    words = words_of(campaign, language)
    wide = width_of(words.title)
    short, long = (_SHORT, _LONG) if words.title.isascii() else (_SHORT_HAN, _LONG_HAN)
    size = 3 if wide <= short else 2 if wide <= long else 1
    note = say_until(tr, campaign, now) if campaign.starts > now else say_window(tr, campaign)
    return SlideWords(picture_of(campaign), tr("campaign.tag"), words.title, words.line, note, size, is_free=True)


def of_round(campaigns: Sequence[PublicCampaign], room: int, number: int) -> Sequence[PublicCampaign]:
    """Return the campaigns of a round, counted from 0: those after the ones of the round before, so that each comes in its turn."""
    if len(campaigns) <= room:
        return campaigns
    first = number * room % len(campaigns)
    return [*campaigns[first:], *campaigns[:first]][:room]
