"""Result lines: what the service answered, in the names of till scripts. Knows no event and no service.

Source: till-script.md section 2, Result line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from server_stub.domain.coupon_commands import CouponBooked
    from server_stub.domain.ledger_commands import AccountView, Booked, RedemptionBooked, ReturnBooked, SaleBooked, Standing

Keys = dict[str, Any]


def accepted(number: int, op: str, keys: Keys) -> Keys:
    """Returns the line of an event that was accepted."""
    return {"n": number, "op": op, "ok": True, **keys}


def refused(number: int, op: str | None, reason: str, keys: Keys) -> Keys:
    """Returns the line of an event that was refused."""
    return {"n": number, "op": op, "ok": False, "reason": reason, **keys}


def booked(answer: Booked) -> Keys:
    """Returns what every mutation of points says; ``after`` where there is a member."""
    keys: Keys = {
        "points": answer.points,
        "entries": [{"kind": entry.kind.value, "member": entry.member_id, "points": entry.points} for entry in answer.entries],
    }
    if answer.after is not None:
        keys["after"] = _standing(answer.after)
    return {**keys, **_replayed(is_replay=answer.is_replay)}


def sale(answer: SaleBooked) -> Keys:
    """Returns the keys of a sale."""
    return {"eligible_fen": answer.eligible_fen, "applied": list(answer.applied), **booked(answer.booked)}


def goods_back(answer: ReturnBooked) -> Keys:
    """Returns the keys of a return."""
    return {
        "refund_fen": answer.refund_fen,
        "taken_back": answer.taken_back,
        "forgiven": answer.forgiven,
        "given_back": answer.given_back,
        **booked(answer.booked),
    }


def redemption(answer: RedemptionBooked, text_of: Callable[[str], str], *, pays: bool) -> Keys:
    """Returns the keys of a redemption; the lots where it spent points now."""
    lots = [{"source": text_of(share.source), "points": share.points} for share in answer.lots]
    return {"state": answer.state.value, **({"lots": lots} if pays else {}), **booked(answer.booked)}


def coupon(answer: CouponBooked) -> Keys:
    """Returns the keys of a coupon."""
    off = {} if answer.off_fen is None else {"off_fen": answer.off_fen}
    return {"state": answer.state.value, **off, **_replayed(is_replay=answer.is_replay)}


def balance(view: AccountView, text_of: Callable[[str], str]) -> Keys:
    """Returns the keys of a balance."""
    lots = [
        {
            "source": text_of(lot.source),
            "points": lot.points,
            "available_on": iso(lot.available_on),
            "expires_on": iso(lot.expires_on),
        }
        for lot in view.lots
    ]
    said = {"ledger": view.ledger, "expired": view.expired, "year_points": view.year_points, "lots": lots}
    return {"balance": {**_standing(view.standing), **said}}


def iso(day: date | None) -> str | None:
    """Returns a day as scripts write it; None where there is none."""
    return None if day is None else day.isoformat()


def _standing(standing: Standing) -> Keys:
    return {
        "member": standing.member_id,
        "available": standing.available,
        "pending": standing.pending,
        "held": standing.held,
        "debt": standing.debt,
        "tier": standing.tier,
    }


def _replayed(*, is_replay: bool) -> Keys:
    return {"replayed": True} if is_replay else {}
