"""What must be true of the records and of the cards, whatever was killed: read as the owner of database, keys and cards.

Each check raises AssertionError with the rule that is broken. Knows tables and the virtual cards' files; knows no kiosk but
its journal.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hardware.card.layout.files import Identity, Snapshot
from hardware.card.layout.profile import AID, IDENTITY_FILE, SNAPSHOT_FILE
from hardware.card.layout.roles import KeyRole
from hardware.emulation.card.memory import CardMemory, load
from kiosk.outbox.journal import SqliteJournal
from server_stub.app import Composition
from server_stub.keys.cards import CardKeystore, CardSigner
from server_stub.storage.database import Tx

WELCOME_POINTS = 200
WELCOME_COUPONS = 2
PURPOSES = 4

# Rules that hold for the whole database at every moment, also while somebody lies dead: each query finds what breaks one.
ALWAYS = {
    "a member without an application": "SELECT m.member_id FROM member m LEFT JOIN application a USING (application_id)"
    " WHERE a.application_id IS NULL OR a.state NOT IN ('CARD_PENDING', 'ACTIVE')",
    "a member without every consent": "SELECT m.member_id FROM member m WHERE"
    f" (SELECT count(*) FROM consent c WHERE c.application_id = m.application_id) <> {PURPOSES}",
    "a member who did not agree": "SELECT m.member_id FROM member m WHERE NOT EXISTS (SELECT 1 FROM consent c"
    " WHERE c.application_id = m.application_id AND c.purpose = 'membership' AND c.given)",
    "a member without a decision": "SELECT m.member_id FROM member m WHERE NOT EXISTS"
    " (SELECT 1 FROM decision d WHERE d.application_id = m.application_id)",
    "a member without an audit event": "SELECT m.member_id FROM member m WHERE NOT EXISTS"
    " (SELECT 1 FROM audit_event e WHERE e.subject_table = 'member' AND e.subject_key = m.member_id)",
    "an application whose approval is lost": "SELECT a.application_id FROM application a WHERE a.state IN ('CARD_PENDING', 'ACTIVE')"
    " AND NOT EXISTS (SELECT 1 FROM member m WHERE m.application_id = a.application_id)",
    "an application without a receipt": "SELECT application_id FROM application WHERE application_id NOT IN"
    " (SELECT application_id FROM receipt)",
    "an active number without an active card, and its card was not reported lost": "SELECT m.member_id FROM member m"
    " WHERE m.activated_at IS NOT NULL AND (SELECT count(*) FROM card c WHERE c.member_id = m.member_id AND c.state = 'ACTIVE') <> 1"
    " AND NOT EXISTS (SELECT 1 FROM card c WHERE c.member_id = m.member_id AND c.state = 'LOST')",
    "two cards of one member that are good": "SELECT member_id FROM card WHERE state = 'ACTIVE' GROUP BY 1 HAVING count(*) > 1",
    "a lost card that no report explains": "SELECT c.card_id FROM card c WHERE c.state = 'LOST' AND (SELECT r.kind FROM card_report r"
    " WHERE r.card_id = c.card_id AND r.kind <> 'TURNED_IN' ORDER BY r.version DESC LIMIT 1) IS DISTINCT FROM 'LOST'",
    "an active card without an active number": "SELECT c.card_id FROM card c JOIN member m USING (member_id)"
    " WHERE c.state = 'ACTIVE' AND m.activated_at IS NULL",
    "benefits that can be spent before the card is good": "SELECT m.member_id FROM member m JOIN points_account p USING (member_id)"
    " WHERE m.activated_at IS NULL AND p.available <> 0",
    "welcome points that were not given exactly once": "SELECT m.member_id FROM member m WHERE (SELECT count(*) FROM points_entry e"
    " JOIN points_account p USING (account_id) WHERE p.member_id = m.member_id AND e.cause LIKE 'welcome%'"
    f" AND e.points = {WELCOME_POINTS}) <> 1",
    "a balance that no entry explains": "SELECT p.account_id FROM points_account p WHERE p.available + p.pending <>"
    " (SELECT coalesce(sum(e.points), 0) FROM points_entry e WHERE e.account_id = p.account_id)",
    # Campaigns and birthdays give coupons, too.
    "welcome coupons that were not given exactly once": "SELECT m.member_id FROM member m WHERE"
    f" (SELECT count(*) FROM coupon c WHERE c.member_id = m.member_id AND c.cause LIKE 'welcome:%') <> {WELCOME_COUPONS}",
    "two memberships of one phone": "SELECT mobile_token FROM member WHERE mobile_token IS NOT NULL GROUP BY 1 HAVING count(*) > 1",
    "an active membership without its welcome message": "SELECT m.member_id FROM member m WHERE m.activated_at IS NOT NULL AND"
    " (SELECT count(*) FROM outbox_message o WHERE o.dedupe_key = 'welcome:' || m.member_id) <> 1",
    "as many applications as accepted submissions, but for": "SELECT n FROM (SELECT (SELECT count(*) FROM application) -"
    " (SELECT count(*) FROM request_log WHERE operation = 'SUBMIT_APPLICATION' AND state = 'APPLIED') AS n) WHERE n <> 0",
}


STORED = {
    "people": "SELECT count(*) FROM person",
    "applications": "SELECT application_id, state FROM application ORDER BY 1",
    "members": "SELECT member_id, activated_at IS NULL FROM member ORDER BY 1",
    "consents": "SELECT count(*) FROM consent",
    "accounts": "SELECT account_id, available, pending FROM points_account ORDER BY 1",
    "entries": "SELECT count(*) FROM points_entry",
    "redemptions": "SELECT redemption_id, state FROM redemption ORDER BY 1",
    "coupons": "SELECT coupon_id, state FROM coupon ORDER BY 1",
    "cards": "SELECT card_id, state, snapshot_sequence FROM card ORDER BY 1",
    "reports of cards": "SELECT count(*) FROM card_report",
    "receipts": "SELECT count(*) FROM receipt",
    "shelves": "SELECT reward_id, store_id, stock FROM reward_stock ORDER BY 1, 2",
}
"""What a refusal may not change: each query gives all that is kept of one kind, as far as a refusal could touch it."""


class Owner:
    """Reads everything."""

    def __init__(self, parts: Composition, cards: Path) -> None:
        self._parts = parts
        self._cards = cards
        self._keys = CardKeystore(parts.keys)
        self._public = CardSigner(parts.keys).public_keys

    def rows(self, query: str, *values: Any) -> list[Any]:
        """Return the rows of a query."""

        def read(tx: Tx) -> list[Any]:
            return list(tx.connection.exec_driver_sql(query, values))

        return self._parts.database.read(read)

    def stored(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return what a refusal may not change."""
        return {name: [tuple(row) for row in self.rows(query)] for name, query in STORED.items()}

    def check_always(self) -> None:
        """Check every rule of ALWAYS."""
        broken = {rule: [tuple(row) for row in rows[:3]] for rule, query in ALWAYS.items() if (rows := self.rows(query))}
        assert not broken, broken

    def check_card(self, name: str) -> str:
        """Compare a card with the centre and return the state of its record: never one good without the other."""
        memory = load(self._cards / f"{name}.json")
        rows = self.rows("SELECT state, key_generation, identity, snapshot FROM card WHERE uid = ?", memory.uid)
        state = rows[0].state if rows else ""
        is_good = bool(rows) and self._is_good(memory, rows[0])
        if state in {"ACTIVE", "WRITTEN"}:
            assert is_good, f"{state} in the records, but the card is not good"
        if memory.application(AID) is not None:
            assert rows, "something was written to a card that the centre does not know"
        return state

    def _is_good(self, memory: CardMemory, row: Any) -> bool:
        application = memory.application(AID)
        if application is None or len(application.files) < SNAPSHOT_FILE:
            return False
        generation, uid = row.key_generation, memory.uid
        held = {role: application.keys[role].value for role in KeyRole if role is not KeyRole.CARD} | {
            KeyRole.CARD: memory.card.keys[0].value
        }
        keys = held == {role: self._keys.key(generation, role, uid) for role in KeyRole}
        identity, snapshot = application.file(IDENTITY_FILE), application.file(SNAPSHOT_FILE)
        if not keys or identity is None or snapshot is None or (identity.content, snapshot.content) != (row.identity, row.snapshot):
            return False
        return Identity.verified(identity.content, self._public).uid == uid == Snapshot.verified(snapshot.content, self._public).uid

    def check_member(self, e164: str, card: str) -> None:
        """Check that this phone has one application, one active member, and this card, all good."""
        token = self._parts.foundation.tokens.mobile(e164)
        members = self.rows(
            "SELECT m.member_id, a.state, p.available, p.pending FROM member m JOIN application a USING (application_id)"
            " JOIN points_account p USING (member_id) WHERE m.mobile_token = ? AND m.activated_at IS NOT NULL",
            token,
        )
        assert [tuple(row)[1:] for row in members] == [("ACTIVE", WELCOME_POINTS, 0)], members
        applications = self.rows(
            "SELECT a.application_id FROM application a JOIN person p USING (person_id) WHERE p.mobile_token = ?", token
        )
        assert len(applications) == 1, "more than one application"
        assert self.check_card(card) == "ACTIVE"
        states = [row.state for row in self.rows("SELECT state FROM card WHERE member_id = ?", members[0].member_id)]
        assert states == ["ACTIVE"], f"cards: {states}"

    def check_replaced(self, e164: str, lost: str, card: str) -> None:
        """Check that this phone's member has one lost card, reported once, one good one, and all points."""
        token = self._parts.foundation.tokens.mobile(e164)
        members = self.rows(
            "SELECT m.member_id, p.available, p.pending FROM member m JOIN points_account p USING (member_id) WHERE m.mobile_token = ?",
            token,
        )
        assert [tuple(row)[1:] for row in members] == [(WELCOME_POINTS, 0)], members
        member_id = members[0].member_id
        assert (self.check_card(lost), self.check_card(card)) == ("LOST", "ACTIVE")
        states = [row.state for row in self.rows("SELECT state FROM card WHERE member_id = ? ORDER BY issue_number", member_id)]
        assert states == ["LOST", "ACTIVE"], f"cards: {states}"
        reports = self.rows(
            "SELECT r.kind FROM card_report r JOIN card c USING (card_id) WHERE c.member_id = ? ORDER BY r.version", member_id
        )
        assert [row.kind for row in reports] == ["LOST"], f"reports: {reports}"
        told = self.rows(
            "SELECT count(*) AS n FROM outbox_message o JOIN member m USING (person_id) WHERE m.member_id = ? AND o.template = 'card_lost'",
            member_id,
        )
        assert told[0].n == 1, f"told {told[0].n} times"

    def check_audit(self) -> None:
        """Check the audit trail as `audit verify` does."""
        verdict = self._parts.verifier.verify()
        assert verdict.is_good, verdict.findings[:3]


def open_intents(journal: Path) -> list[str]:
    """Return the intents in a kiosk's journal whose fate is not known there."""
    opened = SqliteJournal(journal)
    try:
        return [str(intent.kind) for intent in opened.unsettled()]
    finally:
        opened.close()
