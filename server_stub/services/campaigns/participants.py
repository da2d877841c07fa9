"""What of a member a campaign asks about, and what has been taken of it, from the rows. Opens nothing that no condition asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from server_stub.domain.birthday import ADULT_AGE, age_on
from server_stub.domain.campaigns.campaign import Campaign, Room, Segment
from server_stub.domain.campaigns.eligibility import Condition, Participant, conditions_of
from server_stub.domain.clock import business_day
from server_stub.domain.explaining.campaigns import Way
from server_stub.domain.explaining.tiers import fen_for_points
from server_stub.domain.ledger.calendar import start_of
from server_stub.services.ledger.booking import Booking
from server_stub.services.ledger.persons import birthday_of, is_known_as_minor
from server_stub.services.ledger.tiers import Tiers
from server_stub.storage.applications import consents_of
from server_stub.storage.campaigns import ALL_STORES, claims_of, places_of
from server_stub.storage.database import Tx
from server_stub.storage.devices import store_names
from server_stub.storage.members import MemberRow
from server_stub.storage.merges import merges_into_on
from server_stub.storage.purchases import own_purchases, return_sums

_MARKETING = "marketing"
_MOST_LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """A campaign and where it is asked for."""

    campaign: Campaign
    version: int
    store_id: str


class Participants:
    """Looks members up for campaigns, each in the caller's transaction."""

    def __init__(self, booking: Booking, tiers: Tiers) -> None:
        self._booking = booking
        self._tiers = tiers

    def conditions(self, tx: Tx, asked: Asked, member: MemberRow | None) -> tuple[Condition, ...]:
        """Returns how each condition stands with a member, or what is asked of anybody."""
        levels = [level.name for level in self._booking.programme.at(tx, tx.now).parameters.tiers]
        who = None if member is None else self._participant(tx, asked, member)
        return conditions_of(asked.campaign.segment, who, levels)

    def room(self, tx: Tx, asked: Asked, member: MemberRow | None) -> Room:
        """Returns what has been taken of a campaign."""
        campaign_id = asked.campaign.campaign_id
        own = 0 if member is None else len(claims_of(tx, campaign_id, selves(tx, member.member_id)))
        here = [row for row in places_of(tx, campaign_id) if row.store_id in (ALL_STORES, asked.store_id)]
        return Room(own, min((max(0, row.places - row.taken) for row in here), default=None))

    def way(self, tx: Tx, asked: Asked, member: MemberRow | None) -> Way:
        """Returns what the lines on how to become eligible need."""
        names = store_names(tx, asked.campaign.stores or ())
        fen = self._fen_to_tier(tx, asked.campaign.segment, member) if member is not None else 0
        return Way(
            version=asked.version,
            today=business_day(tx.now),
            fen_to_tier=fen,
            stores=tuple(names.get(store, store) for store in asked.campaign.stores or ()),
            oldest_purchase=min(self._purchases(tx, asked, member), default=None) if member is not None else None,
        )

    def is_minor(self, tx: Tx, member: MemberRow) -> bool:
        """Returns whether a member is under 18: by the birthday where it is known, else as was said when joining."""
        birthday = birthday_of(self._booking.base, tx, member.person_id)
        if birthday is not None:
            return age_on(birthday, business_day(tx.now)) < ADULT_AGE
        return is_known_as_minor(self._booking.base, tx, member.person_id)

    def _participant(self, tx: Tx, asked: Asked, member: MemberRow) -> Participant:
        segment = asked.campaign.segment
        return Participant(
            tier=self._tiers.on(tx, member.member_id, business_day(tx.now)).tier if segment.min_tier else None,
            joined_on=member.joined_on,
            purchases=len(self._purchases(tx, asked, member)),
            is_minor=segment.adult_only and self.is_minor(tx, member),
            agreed_to_offers=segment.marketing_consent and _agreed(tx, member),
        )

    def _purchases(self, tx: Tx, asked: Asked, member: MemberRow) -> tuple[date, ...]:
        """Returns the days of the purchases that count, one for each."""
        terms = asked.campaign.segment.purchases
        if terms is None:
            return ()
        since = start_of(business_day(tx.now) - timedelta(days=terms.days - 1))
        sales = own_purchases(tx, member.member_id, since, None, _MOST_LOOKED_AT)
        back = return_sums(tx, [sale.sale_id for sale in sales])
        kept = [sale for sale in sales if sale.sale_id not in back or back[sale.sale_id].refund_fen < sale.total_fen]
        return tuple(business_day(sale.occurred_at) for sale in kept if not terms.here or sale.store_id == asked.store_id)

    def _fen_to_tier(self, tx: Tx, segment: Segment, member: MemberRow) -> int:
        rules = self._booking.programme.at(tx, tx.now).parameters
        level = next((one for one in rules.tiers if one.name == segment.min_tier), None)
        if level is None:
            return 0
        missing = level.min - self._tiers.on(tx, member.member_id, business_day(tx.now)).this_year
        return fen_for_points(missing, rules) if missing > 0 else 0


def selves(tx: Tx, member_id: str) -> tuple[str, ...]:
    """Returns a member and everybody who was merged into them: who was two members takes part as one."""
    return (member_id, *(one for giver in merges_into_on(tx, member_id, tx.now) for one in selves(tx, giver)))


def _agreed(tx: Tx, member: MemberRow) -> bool:
    choices = [row for row in consents_of(tx, member.application_id) if row.purpose == _MARKETING]
    return bool(choices) and max(choices, key=lambda row: row.recorded_at).given
