"""Hands over what was bought with points: once, at its store, in time; what nobody fetches gives its points back.

Who may do what, the transactions and the messages are here; what a code looks like is not. A refused code leaves no trace in the
redemption, but it is recorded who tried it, and whoever tries many codes that are none has to wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from server_stub.config import RewardSettings
from server_stub.domain.actors import Actor, StaffActor, SystemActor
from server_stub.domain.clock import business_day
from server_stub.domain.entry_kinds import RedemptionState
from server_stub.domain.envelope import Envelope
from server_stub.domain.language import Language
from server_stub.domain.permissions import Operation, require
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal, Refused, Used, refuse
from server_stub.domain.rewards.pickup_code import read_code, shown
from server_stub.services.audit import Deed
from server_stub.services.ledger.booking import Booking
from server_stub.services.ledger.giving_back import GivingBack
from server_stub.services.ledger.posting import REVERSAL_CAUSE
from server_stub.services.requests import Answer, Call
from server_stub.services.telling import Telling
from server_stub.storage.database import Tx
from server_stub.storage.devices import store_by_id
from server_stub.storage.ledger import holder_of_account
from server_stub.storage.pickups import (
    PickupTry,
    add_try,
    delete_tries,
    notice_key,
    redemption_by_code,
    tries_by,
    unclaimed,
    unclaimed_of,
    unreminded,
)
from server_stub.storage.redemptions import RedemptionRow, change_redemption, find_redemption, hand_out_stock, redemptions_by_id
from server_stub.storage.reward_listings import find_listing

_HOUR = timedelta(hours=1)
_TRIES_KEPT_FOR = timedelta(days=1)
_LAPSER = SystemActor("pick-ups")


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What staff give to the person who brought the code."""

    reward_id: str
    name: str
    qty: int
    code: str
    at: str


class HandingOver:
    """The desk where rewards are picked up."""

    def __init__(self, booking: Booking, telling: Telling, settings: RewardSettings) -> None:
        self._booking = booking
        self._base = booking.base
        self._telling = telling
        self._settings = settings

    def fulfil(self, actor: Actor, envelope: Envelope, typed: str) -> HandedOver:
        """Hands over what a code is for.

        Raises:
            Refusal: NOT_PERMITTED: no member of staff of a store; RATE_LIMITED: too many codes that are none; PICKUP_UNKNOWN;
                PICKUP_USED, with when and where; PICKUP_ELSEWHERE, with where; PICKUP_CANCELLED; PICKUP_EXPIRED.
        """
        require(actor, Operation.FULFIL_REDEMPTION)
        if not isinstance(actor, StaffActor) or not actor.store_id:
            raise refuse(Reason.NOT_PERMITTED)
        code = read_code(typed)
        if code is None:
            # Mistyped: no code has this form, so nothing was guessed and nothing is looked up.
            raise refuse(Reason.PICKUP_UNKNOWN)
        self._base.database.read(lambda tx: self._require_patience(tx, actor))
        call = Call(actor, envelope, Operation.FULFIL_REDEMPTION, code)
        try:
            answer = self._base.requests.once(call, lambda tx: self._hand_over(tx, call, code, actor.store_id))
        except Refusal as refusal:
            reason = refusal.reason
            self._base.database.write(lambda tx: self._note(tx, actor, code, reason))
            raise
        return HandedOver(answer["reward"], answer["name"], answer["qty"], shown(code), answer["at"])

    def lapse_next(self, actor: Actor, limit: int) -> int:
        """Gives back the points of at most ``limit`` redemptions that nobody picked up in time; returns how many."""
        require(actor, Operation.RUN_JOBS)

        def transaction(tx: Tx) -> int:
            due = unclaimed(tx, limit)
            self._lapse_all(tx, actor, due)
            return len(due)

        return self._base.database.write(transaction)

    def lapse_of(self, account_id: str) -> None:
        """Gives one account's overdue points back, so that nobody who stands at a kiosk waits for the job."""
        if self._base.database.read(lambda tx: unclaimed_of(tx, account_id)):
            self._base.database.write(lambda tx: self._lapse_all(tx, _LAPSER, unclaimed_of(tx, account_id)))

    def tell_next(self, actor: Actor, limit: int) -> int:
        """Tells at most ``limit`` members that the time to pick up ends soon; returns how many."""
        require(actor, Operation.RUN_JOBS)

        def transaction(tx: Tx) -> int:
            due = unreminded(tx, tx.now + timedelta(days=self._settings.notice_days), limit)
            for row in due:
                self._tell(tx, row, "pickup_ending", notice_key(row.redemption_id))
            return len(due)

        return self._base.database.write(transaction)

    def forget_tries(self, actor: Actor) -> int:
        """Deletes wrong codes of more than a day ago; returns how many."""
        require(actor, Operation.RUN_JOBS)
        return self._base.database.write(lambda tx: delete_tries(tx, tx.now - _TRIES_KEPT_FOR))

    def _hand_over(self, tx: Tx, call: Call, code: str, store_id: str) -> Answer:
        row = redemption_by_code(tx, code)
        if row is None or row.reward_id is None:
            raise refuse(Reason.PICKUP_UNKNOWN)
        wrong = _judge(row, store_id, tx.now)
        if wrong is not None:
            place = store_by_id(tx, row.store_id or "")
            raise Refusal(Refused(wrong, used=Used(row.fulfilled_at, place.name if place else "")))
        values = {"state": RedemptionState.FULFILLED, "fulfilled_at": tx.now, "fulfilled_by": call.actor.label}
        if not change_redemption(tx, row, values):
            raise refuse(Reason.STALE_VERSION)
        if row.stock_store_id is not None:
            hand_out_stock(tx, row.reward_id, row.stock_store_id, row.qty)
        handed = redemptions_by_id(tx, [row.redemption_id])
        subject = ("", row.redemption_id, call.envelope.request_id, {"store": store_id})
        self._base.audit.record(tx, Deed(call.actor, "redemption.fulfilled", *subject, redemptions=handed))
        return {"reward": row.reward_id, "name": _name(tx, row, Language.ZH_HANS), "qty": row.qty, "at": tx.now.isoformat()}

    def _require_patience(self, tx: Tx, actor: StaffActor) -> None:
        tries = tries_by(tx, actor.label, tx.now - _HOUR)
        if tries.count >= self._settings.wrong_codes_per_hour and tries.oldest is not None:
            raise refuse(Reason.RATE_LIMITED, retry_after_s=max(1, int((tries.oldest + _HOUR - tx.now).total_seconds())))

    def _note(self, tx: Tx, actor: StaffActor, code: str, reason: Reason) -> None:
        """Keeps who tried what; in a transaction of its own, because the refusal rolled back the other."""
        row = redemption_by_code(tx, code)
        if reason is Reason.PICKUP_UNKNOWN:
            add_try(tx, PickupTry(self._base.ids.new("try"), actor.label, tx.now))
        if row is not None and reason is Reason.PICKUP_EXPIRED and row.state is RedemptionState.COMMITTED:
            self._lapse(tx, _LAPSER, row)
        detail = {"reason": reason.value, "store": actor.store_id}
        self._base.audit.record(tx, Deed(actor, "redemption.refused", "", row.redemption_id if row else "", detail=detail))

    def _lapse_all(self, tx: Tx, actor: Actor, rows: Sequence[RedemptionRow]) -> None:
        for row in rows:
            self._lapse(tx, actor, row)

    def _lapse(self, tx: Tx, actor: Actor, row: RedemptionRow) -> None:
        books = self._booking.books(tx)
        GivingBack(books, None, REVERSAL_CAUSE).give(row, row.points - row.given_back)
        books.save()
        entries, changed = books.take_unnamed(), books.take_touched()
        self._base.audit.record(tx, Deed(actor, "redemption.lapsed", "", row.redemption_id, entries=entries, redemptions=changed))
        self._tell(tx, find_redemption(tx, row.redemption_id) or row, "pickup_ended", f"pickup_ended:{row.redemption_id}")

    def _tell(self, tx: Tx, row: RedemptionRow, template: str, event_key: str) -> None:
        account = holder_of_account(tx, row.account_id)
        until = row.pickup_until
        if account is None or until is None:
            return

        def variables(language: Language) -> dict[str, str]:
            store = store_by_id(tx, row.store_id or "")
            known = {
                "reward": _name(tx, row, language),
                "count": str(row.qty),
                "store": store.name if store else "",
                "last_day": (business_day(until) - timedelta(days=1)).isoformat(),
                "code": shown(row.pickup_code or ""),
                "points": str(row.points),
            }
            return {name: known[name] for name in _VARIABLES[template]}

        self._telling.tell(tx, account.member_id, (template, event_key), variables)


_VARIABLES = {
    "pickup_ending": ("reward", "count", "store", "last_day", "code"),
    "pickup_ended": ("reward", "count", "last_day", "points"),
}


def _judge(row: RedemptionRow, store_id: str, now: datetime) -> Reason | None:
    """Returns why a piece is not handed over at a store now; that it is gone comes first, wherever it is asked for."""
    if row.state is RedemptionState.FULFILLED:
        return Reason.PICKUP_USED
    if row.store_id != store_id:
        return Reason.PICKUP_ELSEWHERE
    until = row.pickup_until
    if until is None or (row.state is RedemptionState.COMMITTED and now >= until):
        return Reason.PICKUP_EXPIRED
    if row.state is RedemptionState.COMMITTED:
        return None
    is_overdue = row.ended_at is not None and row.ended_at >= until
    return Reason.PICKUP_EXPIRED if is_overdue and row.fulfilled_at is None else Reason.PICKUP_CANCELLED


def _name(tx: Tx, row: RedemptionRow, language: Language) -> str:
    """Returns the reward's name; its id where it is in the catalogue no more."""
    listing = find_listing(tx, row.reward_id or "")
    return listing.names[language.value] if listing else row.reward_id or ""
