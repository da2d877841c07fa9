"""Refusals before there is an application: age, phone, code, notice. Each is seen where the member sees it, with its texts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from kiosk.flows.home.state import Journey
from kiosk.flows.phone_proof.state import AskingCode, AskingMobile, CodeTyped, MobileEntered, MobileTyped, ResendChosen
from kiosk.flows.register.state import (
    AgeBandChosen,
    AskingAgeBand,
    Consenting,
    FillingForm,
    GuardianNeeded,
    GuardianRefused,
    NoticeUnavailable,
)
from kiosk.flows.status.state import EnteringNumber
from kiosk.flows.step import Continued, RetryChosen
from kiosk.ports.values import AgeBand
from tests.support.counter import Counter

pytestmark = [pytest.mark.e2e, pytest.mark.emulator]
Tells = Callable[[str | None], None]
Keeps = Callable[[], AbstractContextManager[None]]
TRIES = 5


def wrong(code: str, number: int) -> str:
    """Return one of the codes that are not the right one."""
    return f"{(int(code) + number) % 1_000_000:06d}"


def test_who_is_under_14_is_joined_by_a_guardian_who_is_a_member(counter: Counter, tells: Tells) -> None:
    counter.choose(Journey.JOIN)
    counter.state(AskingAgeBand)
    counter.touch(AgeBandChosen(AgeBand.UNDER_14))
    counter.state(GuardianNeeded)
    counter.touch(Continued())
    mobile = counter.next_mobile()
    counter.touch(MobileTyped(mobile), MobileEntered())
    counter.state(AskingCode)
    counter.touch(CodeTyped(counter.code(mobile)))
    counter.state(GuardianRefused, reason="GUARDIAN_NOT_MEMBER")
    tells("GUARDIAN_NOT_MEMBER")


@pytest.mark.parametrize(
    ("mobile", "reason"),
    [
        ("", "FIELD_REQUIRED"),
        ("1380013", "PHONE_INVALID"),
        ("057187654321", "PHONE_NOT_MOBILE"),
        ("00447911123456", "PHONE_REGION"),
    ],
)
def test_a_number_that_is_no_mobile_of_ours_is_refused(counter: Counter, tells: Tells, keeps: Keeps, mobile: str, reason: str) -> None:
    with keeps():
        counter.to_phone()
        counter.touch(MobileTyped(mobile), MobileEntered())
        assert counter.state(AskingMobile, reason=reason).mobile == mobile
    tells(reason)


def test_a_code_is_wrong_five_times_and_then_worth_nothing(counter: Counter, tells: Tells, keeps: Keeps) -> None:
    mobile = counter.next_mobile()
    with keeps():
        counter.to_phone()
        counter.touch(MobileTyped(mobile), MobileEntered())
        counter.state(AskingCode)
        code = counter.code(mobile)
        for number in range(1, TRIES):
            counter.touch(CodeTyped(wrong(code, number)))
            counter.state(AskingCode, reason="CODE_WRONG", tries_left=TRIES - number)
        counter.touch(CodeTyped(wrong(code, TRIES)))
        counter.state(AskingMobile, reason="CODE_TRIES_EXHAUSTED")
    tells("CODE_WRONG")
    tells("CODE_TRIES_EXHAUSTED")


def test_an_expired_code_is_refused_and_another_one_is_good(counter: Counter, tells: Tells, keeps: Keeps) -> None:
    mobile = counter.next_mobile()
    with keeps():
        counter.to_phone()
        counter.touch(MobileTyped(mobile), MobileEntered())
        counter.state(AskingCode)
        expired = counter.code(mobile)
        counter.wait(301)
        counter.touch(CodeTyped(expired))
        counter.state(AskingCode, reason="CODE_EXPIRED", may_resend=True)
    tells("CODE_EXPIRED")
    counter.touch(ResendChosen())
    counter.state(AskingCode, attempt=2)
    counter.touch(CodeTyped(counter.code(mobile)))
    counter.state(FillingForm)


def test_who_asks_for_a_code_too_soon_is_told_how_long_to_wait(counter: Counter, tells: Tells, keeps: Keeps) -> None:
    mobile = counter.next_mobile()
    with keeps():
        counter.to_phone()
        counter.touch(MobileTyped(mobile), MobileEntered())
        counter.state(AskingCode)
        counter.open()
        counter.choose(Journey.STATUS)
        counter.state(EnteringNumber)
        counter.touch(Continued())
        counter.state(AskingMobile)
        counter.touch(MobileTyped(mobile), MobileEntered())
        assert 1 <= counter.state(AskingMobile, reason="CODE_TOO_SOON").wait_s <= 60
    tells("CODE_TOO_SOON")


def test_without_the_service_nobody_can_agree_to_anything(counter: Counter, tells: Tells, keeps: Keeps) -> None:
    with keeps():
        counter.choose(Journey.JOIN)
        counter.state(AskingAgeBand)
        counter.kill_service()
        counter.touch(AgeBandChosen(AgeBand.ADULT))
        counter.state(NoticeUnavailable, reason="UNREACHABLE")
    tells("UNREACHABLE")
    counter.start_service()
    counter.touch(RetryChosen())
    counter.state(Consenting)
