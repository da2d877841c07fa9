"""What happens when an application is sent: service away, another notice, a member already, and a welcome that finds no mail server."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest

from kiosk.flows.home.state import Menu
from kiosk.flows.issue_card.state import CardIssued, WaitingForBlank
from kiosk.flows.phone_proof.state import AskingCode, AskingMobile, CodeTyped, MobileEntered
from kiosk.flows.register.state import Consenting, ConsentToggled, FillingForm, Reviewing, SubmitUncertain
from kiosk.flows.step import Back, Continued, RetryChosen
from kiosk.ports.values import Language
from kiosk.session.events import LanguageChosen
from tests.support.announced_service import NOTICE
from tests.support.counter import Counter

pytestmark = [pytest.mark.e2e, pytest.mark.emulator]
Tells = Callable[[str | None], None]
Keeps = Callable[[], AbstractContextManager[None]]
WAIT_S = 15.0


def submissions(counter: Counter) -> int:
    """Return how many submissions the centre has accepted."""
    query = "SELECT count(*) FROM request_log WHERE operation = 'SUBMIT_APPLICATION' AND state = 'APPLIED'"
    return int(counter.owner.rows(query)[0][0])


def welcome(counter: Counter, mobile: str) -> Any:
    """Return the row of a member's welcome message."""
    query = (
        "SELECT o.state, o.channel, o.tries FROM outbox_message o JOIN person p USING (person_id)"
        " WHERE p.mobile_token = ? AND o.template = 'welcome'"
    )
    rows = counter.owner.rows(query, counter.parts.foundation.tokens.mobile(f"+86{mobile}"))
    assert len(rows) == 1
    return rows[0]


def until(is_so: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + WAIT_S
    while not is_so():
        assert time.monotonic() < end, what
        time.sleep(0.05)


@pytest.fixture
def service_comes_back(counter: Counter) -> Iterator[None]:
    """Whatever the test did, the next one finds the service as it was."""
    yield
    counter.service_settings.clear()
    counter.kill_service()
    counter.start_service()


# The answer does not come.


@pytest.fixture
def uncertain(counter: Counter) -> str:
    """The number of a member who sent the application while the service was away."""
    mobile = counter.next_mobile()
    counter.to_review(mobile)
    counter.kill_service()
    counter.touch(Continued())
    counter.state(SubmitUncertain)
    counter.start_service()
    return mobile


def test_trying_again_sends_the_same_request_and_makes_one_member(counter: Counter, uncertain: str, tells: Tells) -> None:
    before = submissions(counter)
    tells("UNREACHABLE")
    counter.touch(RetryChosen())
    counter.state(WaitingForBlank)
    counter.lay(f"late-{uncertain}")
    counter.state(CardIssued)
    counter.owner.check_member(f"+86{uncertain}", f"late-{uncertain}")
    assert submissions(counter) == before + 1


def test_trying_again_in_another_language_is_still_the_same_request(counter: Counter, uncertain: str) -> None:
    counter.touch(LanguageChosen(Language.EN))
    counter.see(lambda view: view.chrome.language is Language.EN, "English")
    counter.touch(RetryChosen())
    counter.state(WaitingForBlank)


def test_who_gives_up_has_sent_nothing_and_may_join_later(counter: Counter, uncertain: str, keeps: Keeps) -> None:
    before = submissions(counter)
    with keeps():
        counter.touch(Back())
        counter.state(Menu)
    assert submissions(counter) == before
    counter.wait(61)
    counter.join(f"later-{uncertain}", uncertain)
    counter.owner.check_member(f"+86{uncertain}", f"later-{uncertain}")


# The centre says no.


def test_a_member_already_is_told_so_under_the_number(counter: Counter, tells: Tells, keeps: Keeps) -> None:
    mobile = counter.join(f"first-{counter.next_mobile()}")
    counter.open()
    counter.wait(61)
    counter.to_review(mobile)
    with keeps():
        counter.touch(Continued())
        assert counter.state(AskingMobile, reason="MEMBER_EXISTS").mobile == mobile
    tells("MEMBER_EXISTS")


def test_an_older_proof_of_the_phone_is_asked_for_again_with_another_code(counter: Counter, tells: Tells, keeps: Keeps) -> None:
    mobile = counter.next_mobile()
    counter.to_review(mobile)
    counter.wait(31 * 60)
    with keeps():
        counter.touch(Continued())
        counter.state(AskingMobile, reason="PHONE_PROOF")
    tells("PHONE_PROOF")
    counter.touch(MobileEntered())
    counter.state(AskingCode)
    counter.touch(CodeTyped(counter.code(mobile)))
    counter.state(FillingForm)
    counter.touch(Continued())
    counter.state(Reviewing)
    counter.touch(Continued())
    counter.state(WaitingForBlank)


def test_another_language_after_consent_sends_what_was_read_and_keeps_all(counter: Counter) -> None:
    mobile = counter.next_mobile()
    counter.to_review(mobile)
    counter.touch(LanguageChosen(Language.EN), Continued())
    counter.state(WaitingForBlank)
    query = "SELECT DISTINCT c.language FROM consent c JOIN person p USING (person_id) WHERE p.mobile_token = ?"
    rows = counter.owner.rows(query, counter.parts.foundation.tokens.mobile(f"+86{mobile}"))
    assert [row[0] for row in rows] == ["zh-Hans"]


@pytest.mark.usefixtures("service_comes_back")
def test_what_was_agreed_to_under_a_retired_notice_is_asked_anew(counter: Counter, tells: Tells, keeps: Keeps) -> None:
    before = submissions(counter)
    counter.to_review(counter.next_mobile())
    counter.kill_service()
    counter.service_settings[NOTICE] = "2099-01"
    counter.start_service()
    with keeps():
        counter.touch(Continued())
        consenting = counter.state(Consenting)
    assert consenting.notice.version == "2099-01"
    assert consenting.again == "NOTICE_RETIRED"
    assert not consenting.draft.consents
    assert consenting.draft.name
    assert submissions(counter) == before
    tells("NOTICE_RETIRED")
    counter.touch(Continued())
    counter.next_view()
    assert counter.state(Consenting) == consenting
    counter.touch(ConsentToggled("membership"), Continued())
    counter.state(FillingForm)
    counter.touch(Continued())
    counter.state(Reviewing)
    counter.touch(Continued())
    counter.state(WaitingForBlank)


# The welcome.


@pytest.mark.usefixtures("service_comes_back")
def test_without_a_mail_server_the_welcome_waits_and_comes_later(counter: Counter) -> None:
    counter.world.mail.kill()
    mobile = counter.next_mobile()
    counter.join(f"mail-{mobile}", mobile, f"m{mobile}@example.cn")
    until(lambda: welcome(counter, mobile).tries >= 1, "no try to deliver the welcome")
    assert welcome(counter, mobile).state == "QUEUED"
    counter.start_mail()
    counter.wait(600)
    assert counter.world.wait_for_welcome(f"m{mobile}@example.cn")
    until(lambda: tuple(welcome(counter, mobile))[:2] == ("HANDED_OVER", "MAIL"), "the welcome is not noted as handed over")


@pytest.mark.usefixtures("service_comes_back")
def test_where_mail_never_works_the_welcome_comes_by_sms(counter: Counter) -> None:
    counter.world.mail.kill()
    mobile = counter.next_mobile()
    counter.join(f"sms-{mobile}", mobile, f"m{mobile}@example.cn")
    for tries in range(1, 6):
        until(lambda tries=tries: welcome(counter, mobile).tries >= tries or welcome(counter, mobile).channel == "SMS", "no further try")
        counter.wait(400)
    until(lambda: tuple(welcome(counter, mobile))[:2] == ("HANDED_OVER", "SMS"), "the welcome does not come by SMS")
    texts = [message["text"] for message in counter.world.messages_for(f"+86{mobile}")]
    assert any("8800" in text for text in texts)
    counter.start_mail()
