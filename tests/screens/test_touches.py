"""What each touch sends: a table of preview, target and event. Nothing else is sent, and disabled targets send nothing."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.flows.home.state import Journey, JourneyChosen, Started
from kiosk.flows.issue_card.state import HomeChosen, PrintChosen
from kiosk.flows.member.state import TakeCardChosen
from kiosk.flows.phone_proof.state import CodeTyped, MobileEntered, MobileTyped, ResendChosen
from kiosk.flows.register.state import AgeBandChosen, ConsentToggled, Field, FieldChosen, FieldFocused, FullTextChosen, TextEntered
from kiosk.flows.sign_in.state import PhoneChosen
from kiosk.flows.status.state import NumberTyped, WithdrawChosen
from kiosk.flows.step import Back, Continued, RetryChosen
from kiosk.ports.values import AgeBand, Language
from kiosk.session.events import LanguageChosen, StaffCalled
from tests.screens.screen_views import Stand

TOUCHES: list[tuple[str, str, Any]] = [
    ("attract", "attract.start", Started()),
    ("attract", "attract.language.zh-Hans", LanguageChosen(Language.ZH_HANS)),
    ("attract", "attract.language.zh-Hant", LanguageChosen(Language.ZH_HANT)),
    ("attract", "attract.language.en", LanguageChosen(Language.EN)),
    ("menu", "menu.join", JourneyChosen(Journey.JOIN)),
    ("menu", "menu.sign_in", JourneyChosen(Journey.SIGN_IN)),
    ("menu", "menu.status", JourneyChosen(Journey.STATUS)),
    ("menu-offline", "menu.join", None),
    ("menu-offline", "menu.sign_in", None),
    ("menu-offline", "menu.status", None),
    ("out-of-service", "oos.call", StaffCalled()),
    ("age", "age.adult", AgeBandChosen(AgeBand.ADULT)),
    ("age", "age.14_to_17", AgeBandChosen(AgeBand.FROM_14_TO_17)),
    ("age", "age.under_14", AgeBandChosen(AgeBand.UNDER_14)),
    ("age", "age.back", Back()),
    ("guardian", "message.home", Continued()),
    ("guardian", "guardian.back", Back()),
    ("notice-loading", "message.back", Back()),
    ("notice-unavailable", "message.retry", RetryChosen()),
    ("notice-unavailable", "message.back", Back()),
    ("consent-none", "consent.membership", ConsentToggled("membership")),
    ("consent-none", "consent.marketing", ConsentToggled("marketing")),
    ("consent-minor", "consent.marketing", None),
    ("consent-none", "consent.full", FullTextChosen()),
    ("consent-none", "consent.back", Back()),
    ("consent-none", "consent.next", None),
    ("consent-ticked", "consent.next", Continued()),
    ("notice", "notice.back", Back()),
    ("mobile-empty", "phone.next", None),
    ("mobile-empty", "num-7", MobileTyped("7")),
    ("mobile-limit", "num-backspace", MobileTyped("1380013800")),
    ("mobile-limit", "num-clear", MobileTyped("")),
    ("mobile-limit", "phone.next", MobileEntered()),
    ("mobile-limit", "phone.back", Back()),
    ("mobile-sending", "phone.next", None),
    ("mobile-sending", "phone.back", None),
    ("code-typing", "num-9", CodeTyped("6039")),
    ("code-typing", "num-backspace", CodeTyped("60")),
    ("code-typing", "num-clear", CodeTyped("")),
    ("code-empty", "code.resend", None),
    ("code-expired", "code.resend", ResendChosen()),
    ("code-empty", "code.back", Back()),
    ("code-checking", "num-1", None),
    ("form-empty", "form.email", FieldFocused(Field.EMAIL)),
    ("form-empty", "form.birthday", FieldFocused(Field.BIRTHDAY)),
    ("form-empty", "form.id_number", None),
    ("form-empty", "form.address", None),
    ("form-empty", "key-next", FieldFocused(Field.BIRTHDAY)),
    ("form-empty", "key-previous", FieldFocused(Field.EMAIL)),
    ("form-empty", "form.next", Continued()),
    ("form-empty", "form.back", Back()),
    ("form-email", "key-backspace", TextEntered(Field.EMAIL, "ouyang@example.co")),
    ("form-email", "key-n", TextEntered(Field.EMAIL, "ouyang@example.comn")),
    ("form-id-number", "id-7", TextEntered(Field.ID_NUMBER, "11010519491231002X7")),
    ("form-id-number", "id-X", TextEntered(Field.ID_NUMBER, "11010519491231002XX")),
    ("form-id-number", "id-backspace", TextEntered(Field.ID_NUMBER, "11010519491231002")),
    ("form-id-number", "id-clear", TextEntered(Field.ID_NUMBER, "")),
    ("form-id-number", "id-next", FieldFocused(Field.EMAIL)),
    ("form-id-number", "id-previous", FieldFocused(Field.BIRTHDAY)),
    *(("review", f"review.edit.{field}", FieldChosen(field)) for field in Field),
    ("review-short", "review.edit.id_number", None),
    ("review-short", "review.edit.address", None),
    ("review", "review.submit", Continued()),
    ("review", "review.back", Back()),
    ("review", "review.show", None),
    ("submit-uncertain", "message.retry", RetryChosen()),
    ("submit-uncertain", "uncertain.give_up", Back()),
    ("returned", "returned.mend", Continued()),
    ("returned", "returned.later", Back()),
    ("in-review", "in_review.home", Continued()),
    ("not-accepted", "message.home", Continued()),
    ("not-accepted", "message.back", Back()),
    ("blank", "blank.later", Back()),
    ("card-pulled", "pulled.give_up", Back()),
    ("wrong-card", "blank.later", Back()),
    ("activation-uncertain", "message.retry", RetryChosen()),
    ("activation-uncertain", "blank.later", Back()),
    ("interrupted", "message.retry", RetryChosen()),
    ("interrupted", "interrupted.give_up", Back()),
    ("spoiled", "spoiled.again", Continued()),
    ("spoiled", "spoiled.later", Back()),
    ("issue-refused", "message.home", Continued()),
    ("issued", "issued.print", None),
    ("issued-taken", "issued.print", PrintChosen()),
    ("issued-not-printed", "issued.print", PrintChosen()),
    ("issued", "issued.qr", None),
    ("issued", "issued.home", HomeChosen()),
    ("sign-in", "sign_in.phone", PhoneChosen()),
    ("sign-in", "message.back", Back()),
    ("not-identified-card", "sign_in.by_phone", PhoneChosen()),
    ("not-identified-phone", "message.retry", RetryChosen()),
    ("not-identified-phone", "message.back", Back()),
    ("member", "member.home", Back()),
    ("member-card-pending", "member.take_card", TakeCardChosen()),
    ("member-many-coupons", "member.coupons.next", None),
    ("member-unavailable", "message.retry", RetryChosen()),
    ("member-unavailable", "message.home", Continued()),
    ("number-empty", "num-4", NumberTyped("A4")),
    ("number-typed", "num-backspace", NumberTyped("A0123456")),
    ("number-typed", "num-clear", NumberTyped("")),
    ("number-empty", "status.next", Continued()),
    ("number-empty", "status.back", Back()),
    ("status-in_review", "status.withdraw", WithdrawChosen()),
    ("status-active", "status.home", Continued()),
    ("status-card_pending", "status.take_card", Continued()),
    ("status-card_pending", "status.later", Back()),
    ("status-unavailable", "message.retry", RetryChosen()),
    ("status-unavailable", "message.back", Back()),
]


@pytest.mark.parametrize(("label", "test_id", "event"), TOUCHES, ids=[f"{label}-{test_id}" for label, test_id, _ in TOUCHES])
def test_a_touch_sends_its_event(stand: Stand, label: str, test_id: str, event: Any) -> None:
    stand.preview(label)
    assert stand.tap(test_id) == ([] if event is None else [event])
