"""A member's own redemptions, as the visit at a device shows them: found again at every kiosk, as long as they matter. Books nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from server_stub.domain.actors import Actor, DeviceActor
from server_stub.domain.clock import business_day
from server_stub.domain.entry_kinds import RedemptionState
from server_stub.domain.language import Language
from server_stub.domain.ledger.calendar import add_months, start_of
from server_stub.domain.permissions import Operation, require_device
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.services.ledger.booking import Booking
from server_stub.services.rewards.handing_over import HandingOver
from server_stub.services.rewards.own_deeds import is_own_deed
from server_stub.services.rewards.own_redemptions import RedemptionNow, view_of
from server_stub.services.rewards.shelf import USUAL_PAGE, Paging, first_of
from server_stub.services.visits import Running, Visits
from server_stub.storage.database import Tx
from server_stub.storage.devices import store_names
from server_stub.storage.redemptions import RedemptionRow, bought_by
from server_stub.storage.reward_listings import ListingRow, find_listing

_MONTHS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class OwnRedemption:
    """A redemption with what it was for.

    Attributes:
        title: In the language asked for; empty where nothing is known of it any more.
        store_name: Where it was made and is picked up; empty where none is known.
        is_here: It was made at the device that asks.
        can_be_undone: Its points come back for the asking, at this visit.
    """

    now: RedemptionNow
    reward_id: str
    title: str
    picture: str
    qty: int
    made_at: datetime
    store_name: str
    is_here: bool
    can_be_undone: bool


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Redemptions, the newest first; the token of the next page is empty at the end."""

    redemptions: tuple[OwnRedemption, ...]
    next_page_token: str


class OwnHistory:
    """Shows members what they redeemed."""

    def __init__(self, booking: Booking, visits: Visits, handing_over: HandingOver) -> None:
        self._booking = booking
        self._visits = visits
        self._handing_over = handing_over

    def page(self, actor: Actor, visit_token: str, language: Language | None, paging: Paging) -> HistoryPage:
        """Returns a page of the member's redemptions of twelve months, and of those that still wait; what was held only is not shown.

        A visit that began without a one-time code sees no pick-up code but of what it redeemed itself.

        Raises:
            Refusal: NOT_PERMITTED, VISIT_OVER, MEMBER_INACTIVE; REQUEST_MALFORMED with the field.
        """
        device = require_device(actor, Operation.READ_OWN_MEMBERSHIP)
        start, size = first_of(paging), paging.size or USUAL_PAGE
        if language is None:
            raise refuse(Reason.REQUEST_MALFORMED, Finding("language", Reason.REQUEST_MALFORMED))
        database = self._booking.base.database
        self._handing_over.lapse_of(database.read(lambda tx: self._account_id(tx, visit_token, device)))

        def reading(tx: Tx) -> HistoryPage:
            running = self._visits.running(tx, visit_token, device)
            account_id = self._booking.books(tx).of_member(running.member.member_id).row.account_id
            since = start_of(add_months(business_day(tx.now), -_MONTHS_SHOWN))
            rows = bought_by(tx, account_id, since)
            available = self._booking.books(tx).of_account(account_id).standing().available
            end = start + size
            shown = _with_words(tx, rows[start:end], available, running, language)
            return HistoryPage(shown, str(end) if end < len(rows) else "")

        return database.read(reading)

    def _account_id(self, tx: Tx, visit_token: str, device: DeviceActor) -> str:
        member = self._visits.require(tx, visit_token, device)
        return self._booking.books(tx).of_member(member.member_id).row.account_id


def _with_words(tx: Tx, rows: tuple[RedemptionRow, ...], available: int, running: Running, language: Language) -> tuple[OwnRedemption, ...]:
    names = store_names(tx, {row.store_id for row in rows if row.store_id})
    listings = {row.reward_id: find_listing(tx, row.reward_id) for row in rows if row.reward_id}

    def own(row: RedemptionRow) -> OwnRedemption:
        listed = listings.get(row.reward_id or ""), language
        return _own(row, view_of(row, available), listed, names.get(row.store_id or "", ""), running, tx.now)

    return tuple(map(own, rows))


def _own(
    row: RedemptionRow,
    now: RedemptionNow,
    listed: tuple[ListingRow | None, Language],
    store_name: str,
    running: Running,
    moment: datetime,
) -> OwnRedemption:
    listing, language = listed
    may_act = is_own_deed(running, row)
    waits = row.state is RedemptionState.COMMITTED and row.pickup_until is not None and moment < row.pickup_until
    return OwnRedemption(
        now=now if may_act else replace(now, pickup_code=""),
        reward_id=row.reward_id or "",
        title=listing.names[language.value] if listing else "",
        picture=listing.picture if listing else "",
        qty=row.qty,
        made_at=row.made_at,
        store_name=store_name,
        is_here=row.device_id == running.visit.device_id,
        can_be_undone=waits and may_act,
    )
