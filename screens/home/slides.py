"""What the slides of the attract screen say: the house's own three, and one for each campaign. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kiosk.ports.campaigns import PublicCampaign
from kiosk.ports.values import Language
from kiosk.texts import Texts
from screens.campaigns.words import picture_of, say_until, say_window, width_of, words_of

HOUSE_ART = ("card-small.png", "attract-groceries.png", "reward-umbrella.png")
HOUSE_SLIDES = len(HOUSE_ART)
_SHORT, _LONG = 12, 16


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


def of_house(tr: Texts, number: int) -> SlideWords:
    """Return one of the house's own, from 1."""
    tag, title, line, note = (tr(f"attract.slide.{number}.{part}") for part in ("tag", "title", "line", "note"))
    return SlideWords(HOUSE_ART[number - 1], tag, title, line, note)


def of_campaign(tr: Texts, campaign: PublicCampaign, language: Language, now: datetime) -> SlideWords:
    """Return the slide of a campaign in a language."""
    words = words_of(campaign, language)
    wide = width_of(words.title)
    size = 3 if wide <= _SHORT else 2 if wide <= _LONG else 1
    note = say_until(tr, campaign, now) if campaign.starts > now else say_window(tr, campaign)
    return SlideWords(picture_of(campaign), tr("campaign.tag"), words.title, words.line, note, size, is_free=True)
