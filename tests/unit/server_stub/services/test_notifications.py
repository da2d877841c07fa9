"""The outbox: one message for each event, claimed with its try counted, wiped when it is over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server_stub.domain.language import Language
from server_stub.messages.delivery import Pending
from server_stub.messages.message import Way
from server_stub.services.notifications import Notification
from server_stub.storage.outbox import Outbox
from tests.support.central_service import Central

MAIL = Notification("welcome:1", "welcome", Language.EN, "+8613800138000", "o@example.com", variables={"name": "Ou"})


def minute(_tries: int) -> timedelta:
    return timedelta(minutes=1)


def send(central: Central, message: Notification = MAIL) -> None:
    central.database.write(lambda tx: central.core.notifications.send(tx, message))


def claim(central: Central) -> tuple[Pending, ...]:
    return central.core.delivery_queue.claim(10, minute)


def test_one_event_is_one_message(central: Central) -> None:
    send(central)
    send(central)
    assert central.count("outbox_message") == 1


def test_a_claimed_message_is_not_claimed_again_before_its_next_try(central: Central) -> None:
    send(central)
    (pending,) = claim(central)
    assert (pending.way, pending.recipient, pending.fallback_mobile, pending.tries) == (Way.MAIL, "o@example.com", "+8613800138000", 1)
    assert claim(central) == ()
    central.clock.advance(minutes=1)
    assert [again.tries for again in claim(central)] == [2]


@pytest.mark.parametrize("end", ["handed_over", "failed", "suppressed"])
def test_the_content_is_wiped_when_a_message_is_over(central: Central, end: str) -> None:
    send(central)
    (pending,) = claim(central)
    getattr(central.core.delivery_queue, end)(pending, "reference")
    row = central.rows("outbox_message")[0]
    assert (row["state"], row["payload"], row["wrapped_key"]) == (end.upper(), None, None)
    central.clock.advance(days=1)
    assert claim(central) == ()
    with pytest.raises(ValueError, match="no payload"):
        Outbox(central.base.sealer).payload(central.database.read(lambda tx: Outbox(central.base.sealer).find(tx, row["message_id"])))


def test_mail_that_fails_goes_by_sms_with_the_same_key(central: Central) -> None:
    send(central)
    (pending,) = claim(central)
    central.core.delivery_queue.redirected_to_sms(pending, "refused")
    (sms,) = claim(central)
    assert (sms.way, sms.recipient, sms.fallback_mobile, sms.tries) == (Way.SMS, "+8613800138000", "", 1)
    assert (sms.dedupe_key, sms.variables) == (pending.dedupe_key, {"name": "Ou"})


def test_the_reason_of_a_failed_try_is_noted(central: Central) -> None:
    send(central)
    central.core.delivery_queue.noted(claim(central)[0], "UNAVAILABLE")
    assert central.rows("outbox_message")[0]["failure"] == "UNAVAILABLE"


def test_a_code_is_late_when_it_has_ended(central: Central) -> None:
    central.send_code()
    central.clock.advance(minutes=5)
    assert [pending.is_late for pending in claim(central)] == [True]


def test_a_message_is_not_queued_when_its_transaction_fails(central: Central) -> None:
    def transaction(tx: object) -> None:
        central.core.notifications.send(tx, MAIL)
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        central.database.write(transaction)
    assert central.count("outbox_message") == 0
