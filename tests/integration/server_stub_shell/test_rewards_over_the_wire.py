"""Rewards against the real process with mutual TLS: see, quote, hold, commit, undo; redeem, receipt, and handing over at the desk."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING, Any

import grpc
import pytest

from proto.member.receipts import verify
from proto.member.v1 import common_pb2, reason_pb2, receipt_pb2, reward_pb2
from proto.member.v1.reward_pb2_grpc import RewardServiceStub
from server_stub.domain.actors import DeviceActor, Role, StaffActor, SystemActor
from server_stub.domain.ledger_commands import AdjustPoints, JoinProgram
from server_stub.domain.rewards.catalogue_file import parse_catalogue
from server_stub.storage.members import IdentifiedBy, member_by_id
from tests.support.service_parts import beside
from tests.support.wire_calls import envelope, refusal

if TYPE_CHECKING:
    from pathlib import Path

    from server_stub.app import Composition
    from server_stub.storage.database import Tx
    from tests.support.service_process import Installation

QIAN = StaffActor("dev-qian", frozenset({Role.MANAGER}))
LIN = StaffActor("dev-lin", frozenset({Role.STORE_STAFF}), store_id="S001")
KIOSK, JOB = DeviceActor("K03", "S001"), SystemActor("test")
RICE = reward_pb2.RedemptionOrder(reward_id="rice")


def begin_visit(parts: Composition, member_id: str, by: IdentifiedBy = IdentifiedBy.PHONE) -> str:
    """A visit at the kiosk, begun as if the member had been identified there."""

    def begin(tx: Tx) -> str:
        member = member_by_id(tx, member_id)
        assert member is not None
        return parts.core.visits.begin(tx, member, KIOSK, by)

    return parts.database.write(begin)


def furnish(installation: Installation, sample: Path, points: int = 9000) -> tuple[str, str]:
    """Loads the sample and returns the tokens of two visits of a member with points: by phone, and by card."""
    with beside(installation) as parts:
        parts.core.rewards.catalogue.load(QIAN, parse_catalogue(sample.read_bytes(), is_json=False))
        parts.core.ledger.joining.join(JOB, parts.new_envelope(), JoinProgram("m1"))
        parts.core.ledger.adjustments.adjust(JOB, parts.new_envelope(), AdjustPoints("m1", points, "test", "anna", "bo", "C-1"))
        return begin_visit(parts, "m1"), begin_visit(parts, "m1", IdentifiedBy.CARD)


def reason_of(call: Any, request: Any) -> reason_pb2.Reason.ValueType:
    with pytest.raises(grpc.RpcError) as caught:
        call(request, timeout=5)
    return refusal(caught.value).reason


def test_a_member_sees_holds_commits_and_undoes(installation: Installation, project_root: Path) -> None:
    by_phone, by_card = furnish(installation, project_root / "deploy/rewards.sample.toml")
    installation.start()
    with installation.channel() as channel:
        stub = RewardServiceStub(channel)
        question = reward_pb2.ListRewardsRequest(visit_token=by_phone, language=common_pb2.LANGUAGE_EN)
        assert reason_of(stub.ListRewards, reward_pb2.ListRewardsRequest(visit_token=by_phone)) == reason_pb2.REASON_REQUEST_MALFORMED
        assert reason_of(stub.Quote, reward_pb2.QuoteRequest(visit_token="x", order=RICE)) == reason_pb2.REASON_VISIT_OVER
        page = stub.ListRewards(question, timeout=5)
        assert ([one.reward_id for one in page.rewards], page.total) == (["towel", "tissue", "eggs", "bowl", "umbrella", "oil"], 11)
        question.page_token = page.next_page_token
        assert [one.title for one in stub.ListRewards(question, timeout=5).rewards][:2] == ["Rice, 5 kg", "Rice cooker"]

        quoted = stub.Quote(reward_pb2.QuoteRequest(visit_token=by_phone, order=RICE), timeout=5)
        assert (quoted.points, quoted.available_after, quoted.needs_code) == (1200, 7800, False)
        assert [lot.points for lot in quoted.lots] == [1200]

        dear = reward_pb2.RedemptionOrder(reward_id="rice-cooker")
        assert stub.Quote(reward_pb2.QuoteRequest(visit_token=by_card, order=dear), timeout=5).needs_code
        for wanted, call in ((reward_pb2.HoldRequest, stub.Hold), (reward_pb2.RedeemRequest, stub.Redeem)):
            request = wanted(envelope=envelope(), visit_token=by_card, order=dear)
            assert reason_of(call, request) == reason_pb2.REASON_STEP_UP_NEEDED

        held = stub.Hold(reward_pb2.HoldRequest(envelope=envelope(), visit_token=by_phone, order=RICE), timeout=5).redemption
        assert (held.state, held.pickup_code) == (reward_pb2.REDEMPTION_STATE_HELD, "")
        commit = reward_pb2.CommitRequest(envelope=envelope(), visit_token=by_phone, redemption_id=held.redemption_id, points=1200)
        bought = stub.Commit(commit, timeout=5).redemption
        cancel = reward_pb2.CancelRequest(envelope=envelope(), visit_token=by_phone, redemption_id=held.redemption_id)
        undone = stub.Cancel(cancel, timeout=5).redemption
        assert (bought.available, undone.available, undone.state) == (7800, 9000, reward_pb2.REDEMPTION_STATE_REVERSED)
        asked = reward_pb2.ListRedemptionsRequest(visit_token=by_phone, language=common_pb2.LANGUAGE_EN)
        (own,) = stub.ListRedemptions(asked, timeout=5).redemptions
        assert (own.redemption.state, own.title, own.qty, own.store_name) == (undone.state, "Rice, 5 kg", 1, "湖滨店")
        assert (own.at_this_device, own.can_be_undone, own.redemption.pickup_code) == (True, False, "")
        assert reason_of(stub.ListRedemptions, reward_pb2.ListRedemptionsRequest(visit_token=by_phone)) == (
            reason_pb2.REASON_REQUEST_MALFORMED
        )


def test_a_member_redeems_once_and_picks_up_once(installation: Installation, project_root: Path) -> None:
    by_phone, _ = furnish(installation, project_root / "deploy/rewards.sample.toml")
    service = installation.start()
    with installation.channel() as channel:
        stub = RewardServiceStub(channel)
        redeem = reward_pb2.RedeemRequest(envelope=envelope(), visit_token=by_phone, order=RICE, agreed_points=1100)
        with pytest.raises(grpc.RpcError) as caught:
            stub.Redeem(redeem, timeout=5)
        assert (refusal(caught.value).reason, refusal(caught.value).points) == (reason_pb2.REASON_PRICE_CHANGED, 1200)
        redeem.agreed_points = 1200
        made = stub.Redeem(redeem, timeout=5).redemption
        assert (made.state, made.available, len(made.pickup_code)) == (reward_pb2.REDEMPTION_STATE_COMMITTED, 7800, 11)
        receipt = reward_pb2.GetRedemptionReceiptRequest(visit_token=by_phone, redemption_id=made.redemption_id)
        first = stub.GetRedemptionReceipt(receipt, timeout=5).receipt

    service.stop(signal.SIGKILL)
    installation.start()
    with installation.channel() as channel:
        stub = RewardServiceStub(channel)
        assert stub.Redeem(redeem, timeout=5).redemption == made
        assert stub.Redeem(redeem, timeout=5).redemption == made
        assert stub.GetRedemptionReceipt(receipt, timeout=5).receipt == first
        seen = stub.ListRewards(
            reward_pb2.ListRewardsRequest(visit_token=by_phone, language=common_pb2.LANGUAGE_EN, page_size=60), timeout=5
        )
        assert {one.reward_id: (one.left, one.left_for_member) for one in seen.rewards}["rice"] == (9, 1)

    keys = installation.command("keys", "export-public", "--receipts")
    body = verify(first.code, {int(k): bytes.fromhex(v) for k, v in json.loads(keys.stdout).items()})
    assert (body.kind, body.device_id) == (receipt_pb2.RECEIPT_KIND_REDEMPTION, "K03")
    assert (body.bought.reward_id, body.bought.points_spent, body.bought.pickup_code) == ("rice", 1200, made.pickup_code)

    with beside(installation) as parts:
        assert parts.core.rewards.handing_over.fulfil(LIN, parts.new_envelope(), made.pickup_code).name == "东北大米 5 公斤"
    again = installation.as_person("dev-zhao", "fulfil", made.pickup_code)
    assert again.returncode == 3
    assert "PICKUP_USED" in again.stderr
    assert "湖滨店" in again.stderr
