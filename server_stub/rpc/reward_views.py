"""What members see of rewards and redemptions, as the contract has it. Knows no service; decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proto.member.v1 import points_pb2, reason_pb2
from proto.member.v1 import reward_pb2 as pb
from server_stub.rpc import translate
from server_stub.rpc.refusals import number_of

if TYPE_CHECKING:
    from datetime import date

    from server_stub.domain.ledger_commands import LotView
    from server_stub.domain.reasons import Reason
    from server_stub.services.rewards.own_history import OwnRedemption
    from server_stub.services.rewards.own_redemptions import RedemptionNow
    from server_stub.services.rewards.shelf import Quoted, RewardCard


def card(seen: RewardCard) -> pb.RewardView:
    """Returns a reward as the member sees it."""
    return pb.RewardView(
        reward_id=seen.reward_id,
        title=seen.name,
        description=seen.description,
        picture=seen.picture,
        points=seen.points,
        left=seen.left,
        min_tier=seen.min_tier,
        adult_only=seen.adult_only,
        left_for_member=seen.left_for_member,
        until_day=_day(seen.until_day),
        refusal=_reason(seen.refusal),
        frees_on=_day(seen.frees_on),
        alternative_reward_id=seen.alternative,
    )


def quote(quoted: Quoted) -> pb.QuoteResponse:
    """Returns what a redemption would cost."""
    return pb.QuoteResponse(
        points=quoted.points,
        available_after=quoted.available_after,
        lots=map(lot, quoted.lots),
        needs_code=quoted.needs_code,
        refusal=_reason(quoted.refusal),
        frees_on=_day(quoted.frees_on),
        alternative=card(quoted.alternative) if quoted.alternative else None,
        pickup_until=translate.timestamp(quoted.pickup_until) if quoted.pickup_until else None,
    )


def redemption(made: RedemptionNow) -> pb.Redemption:
    """Returns a redemption as it is."""
    return pb.Redemption(
        redemption_id=made.redemption_id,
        state=pb.RedemptionState.Value(f"REDEMPTION_STATE_{made.state.value}"),
        points=made.points,
        available=made.available,
        pickup_code=made.pickup_code,
        until=translate.timestamp(made.until) if made.until else None,
    )


def own_redemption(own: OwnRedemption) -> pb.OwnRedemption:
    """Returns a redemption as its member finds it again."""
    return pb.OwnRedemption(
        redemption=redemption(own.now),
        reward_id=own.reward_id,
        title=own.title,
        picture=own.picture,
        qty=own.qty,
        made_at=translate.timestamp(own.made_at),
        store_name=own.store_name,
        at_this_device=own.is_here,
        can_be_undone=own.can_be_undone,
    )


def lot(view: LotView) -> points_pb2.PointsLotView:
    """Returns a lot."""
    return points_pb2.PointsLotView(
        source=view.source, points=view.points, available_on=_day(view.available_on), expires_on=_day(view.expires_on)
    )


def _reason(reason: Reason | None) -> reason_pb2.Reason.ValueType:
    return reason_pb2.REASON_UNSPECIFIED if reason is None else number_of(reason)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
