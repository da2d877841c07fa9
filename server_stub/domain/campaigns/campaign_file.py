"""Reads campaigns from a document of plain values; all that is wrong is named, by field. The form is told in docs/campaigns.md.

Knows no store and no tier that is in force: whoever loads campaigns asks for those. What is stored is such a document too, so fields may
be added to the form and none may be taken away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from server_stub.domain.campaigns.campaign import Campaign, CouponGrant, PointsGrant, PurchaseTerms, Quota, Segment, Words
from server_stub.domain.clock import CHINA
from server_stub.domain.documents import Flawed, Reader, Reading, a_day, as_found, as_list, picture, plain_values, store_ids
from server_stub.domain.language import Language
from server_stub.domain.lettering import holds_han, width_of
from server_stub.domain.program.forbidden import forbidden_in
from server_stub.domain.program.values import FIRST_YEAR, LAST_YEAR, BadField, between, identifier, text, truth

# In letters; a Chinese character is as wide as two, and the screens have room for so much.
LONGEST = {"title": 24, "line": 40, "body": 160, "conditions": 120}
# As many as a member reads at a glance: the page has three rows for them.
MOST_CONDITIONS = 3
# A case of feedback keeps the id of its campaign, up to this length.
LONGEST_ID = 40
_MOST_PLACES = 1_000_000
_LONGEST_DAYS = 366
_MOST_FEN = 1_000_000
_MOST_POINTS = 100_000
_MOST_PER_MEMBER = 20


class CampaignFlaw(StrEnum):
    """What can be wrong with a field of a campaign."""

    UNREADABLE = "UNREADABLE"
    UNKNOWN_FIELD = "UNKNOWN_FIELD"
    MISSING_FIELD = "MISSING_FIELD"
    BAD_FIELD = "BAD_FIELD"
    DUPLICATE_ID = "DUPLICATE_ID"
    FORBIDDEN_ATTRIBUTE = "FORBIDDEN_ATTRIBUTE"
    WRONG_LANGUAGE = "WRONG_LANGUAGE"
    CANNOT_BE_DRAWN = "CANNOT_BE_DRAWN"
    OUT_OF_ORDER = "OUT_OF_ORDER"
    TOO_MANY_CONDITIONS = "TOO_MANY_CONDITIONS"
    TWO_GRANTS = "TWO_GRANTS"
    STORE_UNKNOWN = "STORE_UNKNOWN"
    TIER_UNKNOWN = "TIER_UNKNOWN"
    PICTURE_UNKNOWN = "PICTURE_UNKNOWN"


class BadCampaigns(Exception):
    """A document holds no campaigns that can be loaded.

    Attributes:
        flaws: All of them, in the order of the file.
    """

    def __init__(self, flaws: tuple[Flawed, ...]) -> None:
        super().__init__("; ".join(f"{flawed.field}: {flawed.flaw.value}" for flawed in flaws))
        self.flaws = flaws


def parse_campaigns(raw: bytes, *, is_json: bool) -> tuple[dict[str, Any], ...]:
    """Returns the documents of a file's campaigns, each of which ``read_campaign`` can read, in its order.

    Raises:
        BadCampaigns: Everything that is wrong; where it is no TOML or JSON the field says the line.
    """
    try:
        document = plain_values(raw, is_json=is_json)
    except ValueError as error:
        raise BadCampaigns((Flawed(f"file: {error}", CampaignFlaw.UNREADABLE),)) from error
    return read_campaigns(document)


def read_campaigns(document: Any) -> tuple[dict[str, Any], ...]:
    """Returns the documents of campaigns; raises as ``parse_campaigns`` does."""
    reading = _Campaigns()
    found = reading.fields(document, "", {"campaign": as_list}, {}).get("campaign", [])
    seen: set[str] = set()
    for place, value in enumerate(found, 1):
        where = f"campaign[{place}]"
        campaign = reading.campaign(value, where)
        if campaign is not None and campaign.campaign_id in seen:
            reading.note(f"{where}.id", CampaignFlaw.DUPLICATE_ID)
        seen |= {campaign.campaign_id} if campaign is not None else set()
    if reading.flaws:
        raise BadCampaigns(tuple(reading.flaws))
    return tuple(_as_json(value) for value in found)


def read_campaign(document: Mapping[str, Any]) -> Campaign:
    """Returns the campaign of a document that was found good.

    Raises:
        BadCampaigns: It is none.
    """
    reading = _Campaigns()
    campaign = reading.campaign(dict(document), "campaign")
    if campaign is None:
        raise BadCampaigns(tuple(reading.flaws))
    return campaign


class _Campaigns(Reading):
    """Reads campaigns."""

    __slots__ = ()

    def campaign(self, value: Any, where: str) -> Campaign | None:
        """Returns one campaign, or None where it cannot be."""
        before = len(self.flaws)
        found = self.fields(value, where, _REQUIRED, _OPTIONAL)
        words = self.words(found, where)
        segment = self.segment(found.get("segment"), f"{where}.segment")
        quota = self.quota(found.get("quota"), f"{where}.quota", found.get("stores"))
        grant = self.grant(found.get("grant"), f"{where}.grant")
        self.order(found, where)
        if len(self.flaws) > before:
            return None
        return Campaign(
            campaign_id=found["id"],
            words=words,
            picture=found["picture"],
            starts=found["starts"],
            ends=found["ends"],
            shown_from=found.get("shown_from", found["starts"]),
            shown_until=found.get("shown_until", found["ends"]),
            stores=found.get("stores"),
            segment=segment,
            quota=quota,
            per_member=found.get("per_member", 1),
            grant=grant,
            has_reminder=found.get("reminder", False),
        )

    def words(self, found: Mapping[str, Any], where: str) -> dict[Language, Words]:
        """Returns what is said in every language; a text in another language than its own is a flaw."""
        parts = {name: self.texts(found.get(name), f"{where}.{name}", longest) for name, longest in LONGEST.items()}
        for name, texts in parts.items():
            for language, said in texts.items():
                if width_of(said) > LONGEST[name]:
                    self.note(f"{where}.{name}.{language}", CampaignFlaw.BAD_FIELD)
                if holds_han(said) is (language is Language.EN):
                    self.note(f"{where}.{name}.{language}", CampaignFlaw.WRONG_LANGUAGE)
        return {language: Words(**{name: texts.get(language, "") for name, texts in parts.items()}) for language in Language}

    def segment(self, value: Any, where: str) -> Segment:
        """Returns whom it is for."""
        if value is None:
            return Segment()
        allowed = dict(value) if isinstance(value, dict) else value
        for name in value if isinstance(value, dict) else ():
            # Named before anything else is: what is forbidden is no mistake of spelling.
            if name not in _SEGMENT and forbidden_in(str(name)) is not None:
                self.note(f"{where}.{name}", CampaignFlaw.FORBIDDEN_ATTRIBUTE)
                del allowed[name]
        found = self.fields(allowed, where, {}, _SEGMENT)
        if forbidden_in(str(found.get("min_tier", ""))) is not None:
            self.note(f"{where}.min_tier", CampaignFlaw.FORBIDDEN_ATTRIBUTE)
        if len([name for name, asked in found.items() if asked is not False]) > MOST_CONDITIONS:
            self.note(where, CampaignFlaw.TOO_MANY_CONDITIONS)
        if "joined_from" in found and found["joined_from"] > found.get("joined_until", date.max):
            self.note(f"{where}.joined_until", CampaignFlaw.OUT_OF_ORDER)
        return Segment(**{**found, "purchases": self.purchases(found.get("purchases"), f"{where}.purchases")})

    def purchases(self, value: Any, where: str) -> PurchaseTerms | None:
        """Returns how much must have been bought."""
        if value is None:
            return None
        found = self.fields(value, where, {"count": between(1, 100), "days": between(1, _LONGEST_DAYS)}, {"here": truth})
        return PurchaseTerms(found.get("count", 1), found.get("days", 1), found.get("here", False))

    def quota(self, value: Any, where: str, stores: tuple[str, ...] | None) -> Quota:
        """Returns how many may take part."""
        if value is None:
            return Quota(None, {})
        found = self.fields(value, where, {}, {"total": between(1, _MOST_PLACES), "stores": as_found})
        named = found.get("stores", {})
        count = between(0, _MOST_PLACES)
        places = self.fields(named, f"{where}.stores", {}, {str(store): count for store in named} if isinstance(named, dict) else {})
        for store in places:
            if stores is not None and store not in stores:
                self.note(f"{where}.stores.{store}", CampaignFlaw.BAD_FIELD)
        return Quota(found.get("total"), places)

    def grant(self, value: Any, where: str) -> CouponGrant | PointsGrant | None:
        """Returns what it gives."""
        if value is None:
            return None
        found = self.fields(value, where, {}, {"coupon": as_found, "points": as_found})
        if len(found) > 1:
            self.note(where, CampaignFlaw.TWO_GRANTS)
        if "coupon" in found:
            coupon = self.fields(found["coupon"], f"{where}.coupon", _COUPON, {"minimum_spend_fen": between(0, _MOST_FEN)})
            return CouponGrant(coupon.get("value_fen", 1), coupon.get("minimum_spend_fen", 0), coupon.get("valid_days", 1))
        if "points" in found:
            points = self.fields(found["points"], f"{where}.points", _POINTS, {})
            return PointsGrant(points.get("points", 1), points.get("valid_days", 1))
        self.note(where, CampaignFlaw.MISSING_FIELD)
        return None

    def order(self, found: Mapping[str, Any], where: str) -> None:
        """Notes windows that end before they begin, and one that is shown after all is over."""
        if "starts" not in found or "ends" not in found:
            return
        starts, ends = found["starts"], found["ends"]
        if starts >= ends:
            self.note(f"{where}.ends", CampaignFlaw.OUT_OF_ORDER)
        shown_from, shown_until = found.get("shown_from", starts), found.get("shown_until", ends)
        if not shown_from < shown_until <= max(ends, starts):
            self.note(f"{where}.shown_until", CampaignFlaw.OUT_OF_ORDER)


def line_of(source: str, field: str) -> int:
    """Returns the line of TOML, from 1, that a field of a campaign stands on, or the nearest one before; 0 where none is known."""
    found = re.fullmatch(r"campaign\[([0-9]+)\]\.?(.*)", field)
    lines = source.splitlines()
    heads = [number for number, line in enumerate(lines, 1) if line.strip().startswith("[[campaign]]")]
    if found is None or int(found[1]) > len(heads):
        return 0
    place = int(found[1])
    at, end = heads[place - 1], heads[place] if place < len(heads) else len(lines) + 1
    for name in found[2].split(".") if found[2] else ():
        stands = re.compile(rf"""\s*(?:\[campaign\.(?:.*\.)?)?["']?{re.escape(name)}["']?\s*[\]=.]""")
        at = next((number for number in range(at, end) if stands.match(lines[number - 1])), at)
    return at


def _as_json(value: Any) -> Any:
    """Days and moments as text, so that a database can keep the document."""
    if isinstance(value, dict):
        return {name: _as_json(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_as_json(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def _moment(value: Any) -> datetime:
    """A moment of TOML, or of JSON as text; one that names no zone is the stores' own."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError as error:
        raise BadField from error
    # The bounds of days: beyond them a moment has no day in some zone, and kiosks could not say when it ends.
    if not isinstance(found, datetime) or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadField
    return found if found.tzinfo is not None else found.replace(tzinfo=CHINA)


def _id(value: Any) -> str:
    if len(identifier(value)) > LONGEST_ID:
        raise BadField
    return str(value)


_REQUIRED: dict[str, Reader] = {
    "id": _id,
    "title": as_found,
    "line": as_found,
    "body": as_found,
    "picture": picture,
    "starts": _moment,
    "ends": _moment,
}
_OPTIONAL: dict[str, Reader] = {
    "conditions": as_found,
    "shown_from": _moment,
    "shown_until": _moment,
    "stores": store_ids,
    "segment": as_found,
    "quota": as_found,
    "per_member": between(1, _MOST_PER_MEMBER),
    "grant": as_found,
    "reminder": truth,
}
_SEGMENT: dict[str, Reader] = {
    "min_tier": text,
    "joined_from": a_day,
    "joined_until": a_day,
    "purchases": as_found,
    "adult_only": truth,
    "marketing_consent": truth,
}
_COUPON: dict[str, Reader] = {"value_fen": between(1, _MOST_FEN), "valid_days": between(1, _LONGEST_DAYS)}
_POINTS: dict[str, Reader] = {"points": between(1, _MOST_POINTS), "valid_days": between(1, _LONGEST_DAYS)}
