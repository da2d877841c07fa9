"""The card is torn away at every byte of the commands that bring it up to date; invariants I1 to I8 of cards.md, on a real ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hardware.card.layout import handshake
from hardware.emulation.card.memory import CardMemory
from hardware.emulation.card.tears import When
from server_stub.domain.refusals import Refusal
from server_stub.storage.members import IdentifiedBy, member_by_id
from tests.support.card_desk import CardDesk, Torn, issued_card, new_desk, said_by
from tests.support.central_service import central_service
from tests.support.ledger_desk import Counter
from tests.support.tear_cases import Case, cases
from tests.support.torn_card import SIGNER, HeldCard, copy_of


@pytest.fixture(autouse=True)
def same_bytes_in_every_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the host's random numbers out, so that no cut looks like a status by chance in one run and not in the next."""
    answer = handshake.answer_challenge
    monkeypatch.setattr(handshake, "answer_challenge", lambda key, got, _rnd: answer(key, got, bytes(range(16))))


@dataclass
class Bench:
    """A member whose points have changed since the card was written, and the way back to that moment."""

    desk: CardDesk
    memory: CardMemory
    visit: str
    row: dict[str, object] = field(default_factory=dict)

    def again(self) -> CardMemory:
        """The card as it was, and the centre's record of it."""
        row = self.row

        def restore(tx) -> None:
            tx.connection.exec_driver_sql(
                "UPDATE card SET snapshot = ?, snapshot_sequence = ?", (row["snapshot"], row["snapshot_sequence"])
            )

        self.desk.central.database.write(restore)
        return copy_of(self.memory)

    def content(self) -> bytes:
        """What the centre has written down for the card."""
        return self.desk.central.rows("card")[0]["snapshot"]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with central_service(tmp_path) as central:
        desk = new_desk(central)
        memory, number = issued_card(desk)
        member_id = central.member_id(number)
        Counter(central).adjust(-50, member_id)
        visit = central.database.write(
            lambda tx: central.core.visits.begin(tx, member_by_id(tx, member_id), desk.device, IdentifiedBy.CARD)
        )
        yield Bench(desk, memory, visit, central.rows("card")[0])


def torn(bench: Bench, memory: CardMemory, case: Case) -> str:
    """Update with a tear; returns how it ended for the host."""
    card = HeldCard(memory)
    card.tear(*case)
    try:
        bench.desk.update(card, bench.visit)
    except Torn:
        return "lost"
    except Refusal as refusal:
        return refusal.reason.value
    return "done"


def test_an_update_survives_every_tear_and_the_next_tap_mends_it(bench: Bench, figures: Callable[[str], None]) -> None:
    ledger = (bench.desk.central.rows("points_entry"), bench.desk.central.rows("points_account"))
    whole, first = HeldCard(bench.again()), said_by(bench.memory)
    bench.desk.update(whole, bench.visit)
    counted: dict[str, int] = {}
    for case in cases(whole.trace):
        memory = bench.again()
        ended = torn(bench, memory, case)
        held, written_down = memory.applications[0].files[1].content, bench.content()
        counted[ended] = counted.get(ended, 0) + 1
        told = f"command {case}: {ended}"
        assert ended in {"done", "lost", "CARD_DIALOG"}, f"a tear blames no card: {told}"
        assert held in {bench.row["snapshot"], written_down}, f"I1: {told}"
        assert said_by(memory).uid == first.uid, f"I1, signed: {told}"
        if ended == "done":
            assert held == written_down, f"I2: {told}"
        bench.desk.update(HeldCard(memory), bench.visit)
        assert memory.applications[0].files[1].content == bench.content(), f"I4: {told}"
        assert (said_by(memory).points, said_by(memory).sequence) == (150, 2), f"one number for one content: {told}"
        if case[1] is not When.REPLY:
            # The centre goes on with the card where a visit begins, too: a torn card is no copy.
            assert not bench.desk.visit(HeldCard(memory)).is_card_behind, told
    figures(f"update torn: {counted}")
    assert sum(counted.values()) > 350
    assert (bench.desk.central.rows("points_entry"), bench.desk.central.rows("points_account")) == ledger, "I5"


def test_what_passes_by_the_kiosk_says_nothing_of_the_member(bench: Bench) -> None:
    """I8: a kiosk that relays an update sees no plain content and no key."""
    card = HeldCard(bench.again())
    bench.desk.update(card, bench.visit)
    passed = b"".join(command + answer for command, answer in card.trace)
    content = bench.content()
    assert SIGNER.key_id in content
    assert not any(content[start : start + 8] in passed for start in range(0, len(content) - 8))
