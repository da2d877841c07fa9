"""How a campaign is said: its days, its places, what it gives, and the lines that the centre sends. Pure."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, timedelta, timezone

from kiosk.ports.campaigns import CampaignLook, Line, PublicCampaign, Words
from kiosk.ports.values import Language
from kiosk.texts import TextError, Texts
from kiosk.texts.days import say_day, say_short_day
from kiosk.texts.money import Yuan
from screens.assets import ART

_CHINA = timezone(timedelta(hours=8))
_AN_INSTANT = timedelta(microseconds=1)
_PLAIN_PICTURE = "attract-groceries.png"


def words_of(campaign: PublicCampaign, language: Language) -> Words:
    """Return what a campaign says in a language; in the source's where it does not speak it."""
    return campaign.words.get(language) or campaign.words.get(Language.ZH_HANS) or Words("", "", "")


def picture_of(campaign: PublicCampaign) -> str:
    """Return the file of a campaign's picture; one that this kiosk does not have yet is drawn by a plain one."""
    name = f"{campaign.picture}.png"
    return name if (ART / name).exists() else _PLAIN_PICTURE


def width_of(text: str) -> int:
    """Return how wide a text is in letters; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def first_day(campaign: PublicCampaign) -> date:
    """Return the first day on which members can take part, in the zone of the stores."""
    return campaign.starts.astimezone(_CHINA).date()


def last_day(campaign: PublicCampaign) -> date:
    """Return the last day on which they can."""
    return (campaign.ends - _AN_INSTANT).astimezone(_CHINA).date()


def say_until(tr: Texts, campaign: PublicCampaign, now: datetime) -> str:
    """Return until when one can take part, or from when where it has not begun."""
    if campaign.starts > now:
        return tr("campaign.from", date=say_day(tr, first_day(campaign).isoformat()))
    return tr("campaign.until", date=say_day(tr, last_day(campaign).isoformat()))


def say_window(tr: Texts, campaign: PublicCampaign) -> str:
    """Return both days; the first one without its year where both are in one."""
    first, last = first_day(campaign), last_day(campaign)
    say = say_short_day if first.year == last.year else say_day
    return tr("campaign.window", first=say(tr, first.isoformat()), last=say_day(tr, last.isoformat()))


def say_where(tr: Texts, campaign: PublicCampaign) -> str:
    """Return which stores take part."""
    return tr("campaign.where.everywhere" if campaign.is_everywhere else "campaign.where.here")


def say_left(tr: Texts, look: CampaignLook, *, is_from_memory: bool) -> str:
    """Return how many places are left."""
    if is_from_memory:
        return tr("campaign.left.unknown")
    return tr("campaign.left.open") if look.left < 0 else tr("campaign.left", count=look.left)


def say_gives(tr: Texts, campaign: PublicCampaign) -> str:
    """Return what taking part gives."""
    if campaign.value_fen:
        return tr("campaign.gives.coupon", amount=Yuan(campaign.value_fen))
    return tr("campaign.gives.points", count=campaign.points) if campaign.points else tr("campaign.gives.part")


def say_line(tr: Texts, line: Line) -> str:
    """Return a line of the centre's; days and amounts as the language writes them. One that has no text here yet is left out."""
    values: dict[str, object] = dict(line.variables)
    for name, value in line.variables.items():
        if name == "day":
            values[name] = say_day(tr, value)
        elif name == "amount":
            values[name] = Yuan(round(float(value) * 100))
        elif value.isdecimal():
            values[name] = int(value)
    try:
        return tr(line.key, **values)
    except TextError:
        return ""
