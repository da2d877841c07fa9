"""Jobs of which one process at a time is enough: who does them, who takes over, and that two at once do no harm."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from server_stub.config import Profile, SealSettings
from server_stub.domain.actors import SystemActor
from server_stub.domain.language import Language
from server_stub.keys.folder import KeyFolder, KeyKind
from server_stub.keys.signing import SigningKey
from server_stub.services.audit import Deed
from server_stub.services.audit_chain.head_file import HeadFile
from server_stub.services.audit_chain.sealer import AuditSealer
from server_stub.services.audit_chain.verify import AuditVerifier
from server_stub.services.leases import Lease
from server_stub.services.notifications import Notification
from server_stub.storage.leases import LeaseRow, take_lease
from tests.support.central_service import Central, KeysOfTheTest, central_service

LENGTH = timedelta(seconds=10)
PROCESSES = 3


@pytest.fixture
def others(central: Central, database_address: str) -> Iterator[list[Central]]:
    """Further processes of the same service, with the same clock."""
    made = []
    with central_service(database_address) as second, central_service(database_address) as third:
        for other in (second, third):
            other.clock.moment = central.clock.moment
            made.append(other)
        yield made


def lease(central: Central) -> Lease:
    return Lease(central.database, central.base.ids, "sealing", LENGTH)


def test_one_holds_it_until_it_ends_or_is_given_back(central: Central) -> None:
    first, second = lease(central), lease(central)
    assert first.hold()
    assert not second.hold()
    central.clock.advance(seconds=6)
    assert first.hold(), "kept when more than half was over"
    central.clock.advance(seconds=6)
    assert not second.hold()
    central.clock.advance(seconds=5)
    assert second.hold(), "the first was not heard of for longer than the lease"
    assert not first.hold()
    first.give_back()
    assert not first.hold(), "what is another's cannot be given back"
    second.give_back()
    assert first.hold()


def test_a_lease_that_nobody_can_have_taken_keeps_nobody_from_the_job(central: Central) -> None:
    never = central.clock.now() + timedelta(days=3650)
    central.database.write(lambda tx: take_lease(tx, LeaseRow("sealing", "x", never)))
    assert lease(central).hold()
    assert not lease(central).hold()


def test_jobs_do_not_hinder_each_other(central: Central) -> None:
    assert lease(central).hold()
    assert Lease(central.database, central.base.ids, "housekeeping", LENGTH).hold()


def test_of_many_that_want_it_at_once_one_gets_it(central: Central, others: list[Central]) -> None:
    wanted = [lease(one) for one in (central, *others)]
    with ThreadPoolExecutor(PROCESSES) as threads:
        assert sum(threads.map(lambda one: one.hold(), wanted)) == 1


def test_sealers_of_several_processes_make_one_chain(central: Central, others: list[Central], tmp_path: Path) -> None:
    """What the lease prevents in most cases must be right without it: clocks differ, and a frozen process wakes up."""
    key = SigningKey(KeyFolder.create(tmp_path / "keys", Profile.DEVELOPMENT), KeyKind.AUDIT)
    heads, is_over = HeadFile(tmp_path / "head.jsonl", key), threading.Event()
    processes = [central, *others]
    sealers = [AuditSealer(one.database, KeysOfTheTest(), heads, SealSettings(batch=5)) for one in processes]

    def seal(sealer: AuditSealer) -> int:
        sealed = 0
        while not is_over.is_set():
            sealed += sealer.seal_all()
        return sealed + sealer.seal_all()

    def write(one: Central) -> None:
        for _ in range(20):
            one.database.write(lambda tx: one.base.audit.record(tx, Deed(SystemActor("test"), "thing.done")))

    with ThreadPoolExecutor(2 * PROCESSES) as threads:
        sealing = [threads.submit(seal, sealer) for sealer in sealers]
        list(threads.map(write, processes))
        is_over.set()
        assert sum(one.result(20) for one in sealing) == central.count("audit_seal") == 20 * PROCESSES
    verdict = AuditVerifier(central.database, KeysOfTheTest(), heads).verify()
    assert verdict.is_good, verdict.findings
    assert verdict.unsealed == 0


def test_deliveries_of_several_processes_claim_each_message_once(central: Central, others: list[Central]) -> None:
    for number in range(30):
        message = Notification(f"event:{number}", "welcome", Language.EN, "+8613800138000", variables={"name": "Ou"})
        central.database.write(lambda tx, message=message: central.core.notifications.send(tx, message))

    def claim_all(one: Central) -> list[str]:
        claimed: list[str] = []
        while found := one.core.delivery_queue.claim(4, lambda _tries: timedelta(minutes=1)):
            claimed.extend(pending.message_id for pending in found)
        return claimed

    with ThreadPoolExecutor(PROCESSES) as threads:
        claimed = [message for found in threads.map(claim_all, (central, *others)) for message in found]
    assert len(claimed) == len(set(claimed)) == 30
