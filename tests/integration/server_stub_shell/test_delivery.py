"""Messages over real gateway processes: delivered once, again after failures, another way when one fails for good, never half."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from dataclasses import replace
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest

from proto.member.v1 import common_pb2
from proto.member.v1.enrollment_pb2_grpc import EnrollmentServiceStub
from server_stub.config import MailSettings, OutboxSettings, SmsSettings
from server_stub.domain.language import Language
from server_stub.messages.delivery import Delivery
from server_stub.messages.mail import SmtpGateway
from server_stub.messages.message import GatewayRefused, GatewayUnavailable, Rendered, Way
from server_stub.messages.sms_http import HttpSmsGateway
from server_stub.messages.wording import Wording
from server_stub.services.notifications import Notification
from server_stub.storage.outbox import MessageState
from tests.support.central_service import Central, central_service
from tests.support.service_process import Installation
from tests.support.wire_calls import E164, code_order

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOBODY_LISTENS = 9
WELCOME = {"name": "欧阳<b>晓明", "membership_number": "8800 •••• 9012", "benefits": "200 积分\n10 元优惠券"}


@pytest.fixture
def central(tmp_path: Path) -> Iterator[Central]:
    with central_service(tmp_path) as made:
        yield made


@pytest.fixture
def gateways(tmp_path: Path) -> Iterator[Installation]:
    """SMS gateway and mail server; no service."""
    made = Installation(tmp_path / "gateways")
    made.folder.mkdir()
    made.start_sms()
    made.start_mail()
    yield made
    made.stop()


def delivery(central: Central, gateways: Installation, **changed: Any) -> Delivery:
    settings = OutboxSettings(first_retry_s=1.0, tries_per_channel=3)
    sms = SmsSettings(url=f"http://127.0.0.1:{gateways.sms_port}/messages", timeout_s=0.5)
    mail = MailSettings(port=gateways.mail_port, timeout_s=2.0)
    ways = {Way.SMS: HttpSmsGateway(changed.get("sms", sms)), Way.MAIL: SmtpGateway(changed.get("mail", mail))}
    return Delivery(central.core.delivery_queue, ways, Wording(), settings)


def queue(central: Central, **changed: Any) -> None:
    message = Notification(
        event_key="welcome:1", template="welcome", language=Language.ZH_HANS, mobile=E164, email="o@example.com", variables=WELCOME
    )
    central.database.write(lambda tx: central.core.notifications.send(tx, replace(message, **changed)))


def row(central: Central) -> dict[str, Any]:
    return central.rows("outbox_message")[0]


def phone(gateways: Installation) -> list[dict[str, Any]]:
    return list(gateways.gateway(f"/messages?to=%2B{E164[1:]}"))


def mails(gateways: Installation) -> list[Any]:
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(gateways.mails.glob("*.eml"))]


async def test_nothing_is_sent_where_a_value_is_missing(central: Central, gateways: Installation, caplog: pytest.LogCaptureFixture) -> None:
    queue(central, variables={"name": "欧阳晓明", "membership_number": "8800"})
    with caplog.at_level(logging.ERROR):
        await delivery(central, gateways).deliver_due()
    assert (row(central)["state"], row(central)["payload"]) == (MessageState.SUPPRESSED, None)
    assert "benefits" in row(central)["failure"]
    assert "ALERT" in caplog.text
    assert "欧阳" not in caplog.text
    assert mails(gateways) == []
    assert phone(gateways) == []


async def test_a_message_that_came_too_late_is_not_sent(central: Central, gateways: Installation) -> None:
    queue(central)
    central.clock.advance(days=3)
    await delivery(central, gateways).deliver_due()
    assert (row(central)["state"], row(central)["failure"]) == (MessageState.FAILED, "TOO_LATE")
    assert mails(gateways) == []


async def test_a_mail_arrives_once_in_text_and_html(central: Central, gateways: Installation) -> None:
    queue(central)
    queue(central)
    worker = delivery(central, gateways)
    assert await worker.deliver_due() == 1
    assert await worker.deliver_due() == 0
    (mail,) = mails(gateways)
    assert mail["To"] == "o@example.com"
    assert mail["Subject"] == "欢迎加入悦邻超市会员"
    assert mail["X-Dedupe-Key"] == "welcome:1"
    assert "欧阳<b>晓明" in mail.get_body(("plain",)).get_content()
    assert "欧阳&lt;b&gt;晓明" in mail.get_body(("html",)).get_content()
    found = row(central)
    assert (found["state"], found["payload"], found["wrapped_key"]) == (MessageState.HANDED_OVER, None, None)
    assert found["gateway_reference"] == mail["Message-ID"]


async def test_a_dead_mail_server_leads_to_an_sms(central: Central, gateways: Installation) -> None:
    worker = delivery(central, gateways, mail=MailSettings(port=NOBODY_LISTENS, timeout_s=1))
    queue(central)
    for tries in (1, 2):
        await worker.deliver_due()
        assert (row(central)["state"], row(central)["tries"], row(central)["channel"]) == (MessageState.QUEUED, tries, "MAIL")
        assert row(central)["failure"].startswith("MAIL_")
        assert await worker.deliver_due() == 0
        central.clock.advance(seconds=2**tries)
    await worker.deliver_due()
    assert row(central)["channel"] == "SMS"
    await worker.deliver_due()
    assert row(central)["state"] == MessageState.HANDED_OVER
    assert "欢迎加入" in phone(gateways)[0]["text"]


async def test_a_refusal_for_good_is_not_tried_again(central: Central, gateways: Installation) -> None:
    gateways.gateway("/faults", {"mode": "refuse"})
    queue(central, email="")
    await delivery(central, gateways).deliver_due()
    assert (row(central)["state"], row(central)["failure"], row(central)["payload"]) == (MessageState.FAILED, "SMS_403", None)


async def test_a_lost_answer_delivers_no_second_message(central: Central, gateways: Installation) -> None:
    queue(central, email="")
    worker = delivery(central, gateways)
    gateways.gateway("/faults", {"mode": "lost_answer"})
    await worker.deliver_due()
    assert row(central)["state"] == MessageState.QUEUED
    gateways.gateway("/faults", {"mode": "none"})
    central.clock.advance(seconds=5)
    await worker.deliver_due()
    assert row(central)["state"] == MessageState.HANDED_OVER
    assert [message["tries"] for message in phone(gateways)] == [2]


async def test_busy_and_silent_gateways_are_tried_again(central: Central, gateways: Installation) -> None:
    queue(central, email="")
    worker = delivery(central, gateways)
    for mode, failure in (("busy", "SMS_503"), ("silent", "SMS_TimeoutError")):
        gateways.gateway("/faults", {"mode": mode})
        await worker.deliver_due()
        assert (row(central)["state"], row(central)["failure"]) == (MessageState.QUEUED, failure)
        central.clock.advance(seconds=10)
    gateways.gateway("/faults", {"mode": "none"})
    await worker.deliver_due()
    assert row(central)["state"] == MessageState.HANDED_OVER


async def test_an_address_that_is_none_never_reaches_the_wire(gateways: Installation) -> None:
    gateway = SmtpGateway(MailSettings(port=gateways.mail_port))
    for address in ("nobody", "a@b\r\nBcc: c@d.example", ""):
        with pytest.raises(GatewayRefused):
            await gateway.hand_over(Rendered(address, "s", "t", "<p>t</p>", "k"))
    assert mails(gateways) == []


async def test_a_gateway_that_answers_nonsense_is_unavailable(tmp_path: Path) -> None:
    async def nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n<html/>")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(nonsense, "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/messages"
        with pytest.raises(GatewayUnavailable, match="SMS_ANSWER"):
            await HttpSmsGateway(SmsSettings(url=url, timeout_s=2)).hand_over(Rendered(E164, "", "t", "", "k"))


async def test_the_worker_wakes_and_ends(central: Central, gateways: Installation) -> None:
    worker = delivery(central, gateways)
    task = asyncio.create_task(worker.run())
    await asyncio.sleep(0.2)
    queue(central)
    worker.wake()
    for _ in range(100):
        await asyncio.sleep(0.05)
        if row(central)["state"] == MessageState.HANDED_OVER:
            break
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(mails(gateways)) == 1


def ask_for_code(installation: Installation) -> None:
    with installation.channel() as channel:
        EnrollmentServiceStub(channel).SendOwnershipCode(code_order(language=common_pb2.LANGUAGE_EN), timeout=5)


def wait_for(found: Any, limit_s: float = 10.0) -> Any:
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        value = found()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError("it did not come")


def test_killed_between_the_gateways_yes_and_our_note_the_message_arrives_once(installation: Installation) -> None:
    """The gateway takes the message and says nothing; the service dies waiting, comes back, and hands it over again by the same key."""
    installation.start_sms()
    service = installation.start()
    installation.gateway("/faults", {"mode": "lost_answer"})
    ask_for_code(installation)
    wait_for(lambda: phone(installation))
    service.stop(signal.SIGKILL)
    installation.gateway("/faults", {"mode": "none"})
    installation.start()
    (message,) = wait_for(lambda: [m for m in phone(installation) if m["tries"] > 1])
    assert message["text"].count("Your code is") == 1
    time.sleep(0.5)
    assert len(phone(installation)) == 1


def test_killed_before_the_gateway_heard_the_message_is_not_lost(installation: Installation) -> None:
    service = installation.start()
    ask_for_code(installation)
    service.stop(signal.SIGKILL)
    installation.start_sms()
    installation.start()
    assert len(wait_for(lambda: phone(installation))) == 1


def test_a_gateway_that_comes_back_still_knows_its_messages(gateways: Installation) -> None:
    body = {"to": E164, "text": "123456", "dedupe_key": "k"}
    first = gateways.gateway("/messages", body)
    gateways.running[0].stop(signal.SIGKILL)
    gateways.start_sms()
    assert gateways.gateway("/messages", body)["reference"] == first["reference"]
    assert len(phone(gateways)) == 1
