"""The proof of the cards: what a member's life leaves on them is good, and each way of saying something else is named."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from hardware.card.layout.files import Identity, Snapshot
from server_stub.domain.ledger_commands import AdjustPoints, JoinProgram, MergeMembers, RecordSale, SaleLine
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.jobs.ledger_proof import LedgerProof
from server_stub.services.cards.proof import CardFlaw, CardProof, WrongCard
from server_stub.storage.tables.cards import card as card_table
from tests.support.card_desk import CardDesk, issued_card, new_desk
from tests.support.central_service import DEVICE
from tests.support.ledger_desk import JOB
from tests.support.spenders import Wish
from tests.support.torn_card import SIGNER, HeldCard, blank

if TYPE_CHECKING:
    from tests.support.central_service import Central


@pytest.fixture
def desk(central: Central) -> CardDesk:
    return new_desk(central)


def proof_of(central: Central) -> CardProof:
    return CardProof(central.base, central.core.ledger.programme, SIGNER.public_keys)


def wrong(central: Central) -> list[tuple[CardFlaw, int | None, int | None]]:
    return [(one.flaw, one.said, one.proved) for one in proof_of(central).run(JOB).wrong]


def holder_of(desk: CardDesk) -> str:
    return desk.central.rows("card")[0]["member_id"]


def buy(desk: CardDesk, fen: int, sale_id: str) -> None:
    sale = RecordSale(sale_id, "S01", (SaleLine("tea", "food", 1, fen),), holder_of(desk))
    desk.central.core.ledger.sales.record(JOB, desk.central.envelope(), sale)


def snapshot_of(central: Central) -> Snapshot:
    return Snapshot.verified(central.rows("card")[0]["snapshot"], SIGNER.public_keys)


def put(central: Central, **columns: object) -> None:
    """Changes the row of the card as the owner of the database could."""
    central.database.write(lambda tx: tx.connection.execute(update(card_table).values(**columns)))


def test_a_card_says_what_the_ledger_said_also_after_years_of_visits(desk: CardDesk) -> None:
    memory, _ = issued_card(desk)
    central = desk.central
    for number in range(3):
        buy(desk, 30_000, f"s{number}")
        central.clock.advance(days=100, seconds=0.4)
        desk.update(HeldCard(memory), desk.visit(HeldCard(memory)).visit_token)
        central.clock.advance(hours=1)
    buy(desk, 500, "late")
    assert snapshot_of(central).sequence == 4
    assert proof_of(central).run(JOB).cards == 1
    assert wrong(central) == []


def test_f18_what_an_old_card_still_says_buys_nothing(desk: CardDesk) -> None:
    """Protection: spending looks at the account; what the card says is only compared."""
    memory, _ = issued_card(desk)
    central = desk.central
    buy(desk, 30_000, "s1")
    desk.update(HeldCard(memory), desk.visit(HeldCard(memory)).visit_token)
    said = snapshot_of(central).points
    central.core.ledger.adjustments.adjust(JOB, central.envelope(), AdjustPoints(holder_of(desk), -300, "r", "A", "B", "C1"))
    # The card was not laid again: it still says what was there before.
    visit = desk.visit(HeldCard(memory)).visit_token
    assert central.core.members.get_member(DEVICE, visit).points_available == said - 300
    with pytest.raises(Refusal) as caught:
        central.core.rewards.spending.redeem(DEVICE, Wish(visit, said - 299, None).request(central.envelope()))
    assert caught.value.reason is Reason.INSUFFICIENT_AVAILABLE
    assert central.core.rewards.spending.redeem(DEVICE, Wish(visit, said - 300, None).request(central.envelope())).available == 0


def test_a_card_that_was_begun_before_anything_was_spendable_is_good(desk: CardDesk) -> None:
    desk.write(HeldCard(blank()), desk.central.join().issue_grant)
    assert wrong(desk.central) == []


def test_what_happened_in_the_second_of_the_snapshot_makes_no_card_wrong(desk: CardDesk) -> None:
    issued_card(desk)
    desk.central.clock.advance(milliseconds=300)
    buy(desk, 10_000, "same-second")
    assert wrong(desk.central) == []


@pytest.mark.tampers
@pytest.mark.parametrize(("more", "flaw"), [({"points": 77_777}, CardFlaw.POINTS), ({"tier": 4}, CardFlaw.TIER)], ids=["points", "tier"])
def test_a_signed_snapshot_that_says_something_else_is_named(desk: CardDesk, more: dict[str, int], flaw: CardFlaw) -> None:
    """Signed by the service's own key: only the ledger tells that it is wrong."""
    issued_card(desk)
    before = snapshot_of(desk.central)
    put(desk.central, snapshot=replace(before, **more).signed(SIGNER))
    (name,) = more
    assert wrong(desk.central) == [(flaw, more[name], getattr(before, name))]


@pytest.mark.tampers
def test_a_snapshot_of_another_moment_is_compared_with_that_moment(desk: CardDesk) -> None:
    issued_card(desk)
    before = snapshot_of(desk.central)
    buy(desk, 10_000, "s1")
    desk.central.clock.advance(days=1)
    later = replace(before, as_of_s=int(desk.central.clock.now().timestamp()))
    put(desk.central, snapshot=later.signed(SIGNER))
    assert wrong(desk.central) == [(CardFlaw.POINTS, before.points, before.points + 100)]


@pytest.mark.tampers
def test_an_old_snapshot_that_was_put_back_is_named(desk: CardDesk) -> None:
    memory, _ = issued_card(desk)
    old = desk.central.rows("card")[0]["snapshot"]
    desk.central.clock.advance(minutes=1)
    buy(desk, 10_000, "s1")
    desk.update(HeldCard(memory), desk.visit(HeldCard(memory)).visit_token)
    put(desk.central, snapshot=old)
    assert wrong(desk.central) == [(CardFlaw.SEQUENCE, 1, 2)]


@pytest.mark.tampers
def test_a_snapshot_that_does_not_verify_is_named_with_the_masked_number(desk: CardDesk) -> None:
    _, number = issued_card(desk)
    content = desk.central.rows("card")[0]["snapshot"]
    put(desk.central, snapshot=bytes([content[0], content[1] ^ 1, *content[2:]]))
    (found,) = proof_of(desk.central).run(JOB).wrong
    masked = f"{number[:4]} •••• {number[-4:]}"
    assert found == WrongCard(desk.central.rows("card")[0]["card_id"], masked, CardFlaw.SIGNATURE)


@pytest.mark.tampers
def test_a_snapshot_and_an_identity_of_another_card_are_named(desk: CardDesk) -> None:
    issued_card(desk)
    row = desk.central.rows("card")[0]
    other = bytes(7)
    put(desk.central, snapshot=replace(snapshot_of(desk.central), uid=other).signed(SIGNER))
    assert wrong(desk.central) == [(CardFlaw.SIGNATURE, None, None)]
    identity = replace(Identity.verified(row["identity"], SIGNER.public_keys), uid=other)
    put(desk.central, snapshot=row["snapshot"], identity=identity.signed(SIGNER))
    assert wrong(desk.central) == [(CardFlaw.IDENTITY, None, None)]


@pytest.mark.tampers
def test_after_a_merge_a_card_says_no_more_than_both_had(desk: CardDesk) -> None:
    issued_card(desk)
    central, ledger = desk.central, desk.central.core.ledger
    member, points = holder_of(desk), snapshot_of(central).points
    ledger.joining.join(JOB, central.envelope(), JoinProgram("m2"))
    ledger.adjustments.adjust(JOB, central.envelope(), AdjustPoints("m2", 40, "test", "anna", "bo", "C-1"))
    central.clock.advance(seconds=5)
    ledger.merging.merge(JOB, central.envelope(), MergeMembers("g1", "m2", member, "anna", "bo"))
    assert wrong(central) == []
    now = replace(snapshot_of(central), as_of_s=int(central.clock.now().timestamp()))
    put(central, snapshot=replace(now, points=points + 40).signed(SIGNER))
    assert wrong(central) == []
    put(central, snapshot=replace(now, points=points + 41).signed(SIGNER))
    assert wrong(central) == [(CardFlaw.POINTS, points + 41, points + 40)]


@pytest.mark.tampers
def test_the_daily_job_says_what_is_wrong_and_leaves_an_alert(desk: CardDesk, caplog: pytest.LogCaptureFixture) -> None:
    _, number = issued_card(desk)
    job = LedgerProof(desk.central.core.ledger.proof, proof_of(desk.central), desk.central.clock)
    assert job.run() == "1 accounts, 0 wrong; 1 cards, 0 wrong"
    put(desk.central, snapshot=replace(snapshot_of(desk.central), points=9).signed(SIGNER))
    assert job.run() == "1 accounts, 0 wrong; 1 cards, 1 wrong"
    assert "alert.cards_unproven" in [row["action"] for row in desk.central.rows("audit_event")]
    assert "POINTS said 9" in caplog.text
    assert number not in caplog.text
    assert job.run_moved() == "1 accounts, 0 wrong; 1 cards, 1 wrong"
    desk.central.clock.advance(hours=3)
    assert job.run_moved() == "0 accounts, 0 wrong; 0 cards, 0 wrong"
