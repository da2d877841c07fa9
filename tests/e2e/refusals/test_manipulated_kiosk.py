"""What a kiosk's screens never send is refused by the centre all the same: the kiosk's own gateway says it over the wire."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import grpc
import pytest

from kiosk.app.time_and_ids import SystemClock, Uuid7Ids
from kiosk.backend.caller import Caller
from kiosk.backend.channel import Identity, open_channel
from kiosk.backend.enrollment import EnrollmentGateway
from kiosk.outbox.journal import SqliteJournal
from kiosk.ports.errors import Refused
from kiosk.ports.values import Address, AgeBand, CodePurpose, Draft, Language, Notice
from tests.support.counter import Counter

pytestmark = [pytest.mark.e2e, pytest.mark.emulator]
Tells = Callable[[str | None], None]
Keeps = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Desk:
    """The kiosk's gateway and a draft that would be accepted."""

    gateway: EnrollmentGateway
    ids: Uuid7Ids
    draft: Draft


@contextlib.asynccontextmanager
async def desk(counter: Counter, folder: Path) -> AsyncIterator[Desk]:
    """Prove a phone over the wire, as the kiosk would."""
    identity, ids = counter.world.folder / "kiosk" / "identity", Uuid7Ids()
    target = f"localhost:{counter.world.service_port}"
    channel: grpc.aio.Channel = open_channel(target, Identity(identity / "ca.pem", identity / "device.pem", identity / "device.key"))
    journal = SqliteJournal(folder / "journal.db")
    gateway = EnrollmentGateway(channel, Caller(journal, SystemClock()), journal)
    try:
        mobile = counter.next_mobile()
        notice = await gateway.notice(Language.ZH_HANS, AgeBand.ADULT)
        challenge = await gateway.send_code(ids.new(), mobile, CodePurpose.JOIN, Language.ZH_HANS)
        proof = await gateway.verify_code(challenge.id, counter.code(mobile))
        draft = Draft(notice=notice, consents=frozenset({"membership"}), mobile=mobile, phone_proof=proof, name="欧阳小满")
        yield Desk(gateway, ids, draft)
    finally:
        await channel.close()
        journal.close()


def noticed(draft: Draft) -> Notice:
    assert draft.notice is not None
    return draft.notice


MANIPULATED: dict[str, Callable[[Draft], Draft]] = {
    "CONSENT_MISSING": lambda draft: replace(draft, consents=frozenset()),
    "CONSENT_NOT_ALLOWED": lambda draft: replace(draft, age_band=AgeBand.FROM_14_TO_17, consents=draft.consents | {"marketing"}),
    "GUARDIAN_NEEDED": lambda draft: replace(draft, age_band=AgeBand.UNDER_14, phone_proof=""),
    "NOTICE_RETIRED": lambda draft: replace(draft, notice=replace(noticed(draft), version="2020-01")),
    "NOTICE_TEXT": lambda draft: replace(draft, notice=replace(noticed(draft), sha256="0" * 64)),
    "PURPOSE_NOT_CONSENTED": lambda draft: replace(draft, address=Address("330000", "330100", "330106", "文三路 1 号")),
    "PHONE_PROOF": lambda draft: replace(draft, phone_proof="otp.forged"),
    "REQUEST_MALFORMED": lambda draft: replace(draft, name="a" * 500),
}


async def test_each_manipulation_is_refused_with_its_reason_and_stores_nothing(
    counter: Counter, tells: Tells, keeps: Keeps, tmp_path: Path
) -> None:
    async with desk(counter, tmp_path) as kiosk:
        for reason, manipulate in MANIPULATED.items():
            with keeps(), pytest.raises(Refused) as refused:
                await kiosk.gateway.submit(kiosk.ids.new(), manipulate(kiosk.draft), Language.ZH_HANS)
            assert refused.value.reason == reason
            tells(reason)
        submitted = await kiosk.gateway.submit(kiosk.ids.new(), kiosk.draft, Language.ZH_HANS)
        assert submitted.issue_grant


async def test_a_request_id_cannot_be_used_for_something_else(counter: Counter, tells: Tells, keeps: Keeps, tmp_path: Path) -> None:
    async with desk(counter, tmp_path) as kiosk:
        request_id = kiosk.ids.new()
        first = await kiosk.gateway.submit(request_id, kiosk.draft, Language.ZH_HANS)
        again = await kiosk.gateway.submit(request_id, kiosk.draft, Language.ZH_HANS)
        assert again.application_number == first.application_number
        with keeps(), pytest.raises(Refused, match="REQUEST_ID_REUSED"):
            await kiosk.gateway.submit(request_id, replace(kiosk.draft, name="别人"), Language.ZH_HANS)
        tells("REQUEST_ID_REUSED")


async def test_what_was_given_up_is_never_carried_out(counter: Counter, tells: Tells, keeps: Keeps, tmp_path: Path) -> None:
    async with desk(counter, tmp_path) as kiosk:
        request_id = kiosk.ids.new()
        assert await kiosk.gateway.cancel_request(request_id) is False
        with keeps(), pytest.raises(Refused, match="REQUEST_CANCELLED"):
            await kiosk.gateway.submit(request_id, kiosk.draft, Language.ZH_HANS)
        tells("REQUEST_CANCELLED")
