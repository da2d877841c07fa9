"""What a card holds must belong to it: each way of belonging elsewhere is seen by itself, the others being right."""

from __future__ import annotations

from datetime import date

import pytest

from hardware.card.layout.files import Identity, Snapshot
from server_stub.domain.reasons import Reason
from server_stub.services.cards.dialog import CardStopped
from server_stub.services.cards.visiting import Expected, check_files
from tests.support.torn_card import SIGNER

UID, TOKEN, KNOWN = bytes(range(7)), bytes(range(16)), 7
OTHER_UID, OTHER_TOKEN = bytes(7), bytes(16)


def checked(uid: bytes = UID, token: bytes = TOKEN, snapshot_uid: bytes = UID, sequence: int = KNOWN) -> Snapshot:
    identity = Identity(uid, "880012349012", token, 1, date(2031, 12, 31), 1)
    snapshot = Snapshot(snapshot_uid, sequence, 1, 500, 1_700_000_000, bytes(range(16)))
    return check_files(identity.signed(SIGNER), snapshot.signed(SIGNER), Expected(UID, TOKEN, KNOWN), SIGNER.public_keys)


@pytest.mark.parametrize("sequence", [KNOWN - 1, KNOWN])
def test_the_files_of_the_card_itself_are_taken_also_where_the_last_answer_was_lost(sequence: int) -> None:
    assert checked(sequence=sequence).points == 500


@pytest.mark.parametrize(
    "changed",
    [{"uid": OTHER_UID}, {"snapshot_uid": OTHER_UID}, {"token": OTHER_TOKEN}, {"sequence": KNOWN - 2}, {"sequence": KNOWN + 1}],
    ids=["identity-of-another-card", "snapshot-of-another-card", "another-token", "older-content", "content-never-written"],
)
def test_signed_files_that_belong_elsewhere_are_a_clone(changed: dict[str, bytes | int]) -> None:
    with pytest.raises(CardStopped) as stopped:
        checked(**changed)  # type: ignore[arg-type]
    assert stopped.value.reason is Reason.CARD_CLONED
