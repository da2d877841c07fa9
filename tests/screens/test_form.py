"""The form: what is typed and picked arrives as events, in order and whole, and what is under work is never lost or kept too long."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import pytest

from kiosk.flows.register.flow import REGISTER
from kiosk.flows.register.state import AddressEntered, Field, FillingForm, Returned, TextEntered
from kiosk.flows.step import Continued
from kiosk.ports.display import NeedMoreTime, View
from kiosk.ports.values import Address, AgeBand, Finding, Language, Reason
from kiosk.texts import load_catalogue
from screens import routes
from screens.previews import CHROME, RECEIPT
from screens.register.form import allowed_fields
from screens.widgets.text import Text
from server_stub.domain.mendable import CHILD_FIELDS, MENDABLE
from tests.screens.lint import faults_of
from tests.screens.screen_views import Stand, views
from tests.support.screen_driver import is_visible


class Following:
    """A form that answers as the journey would: every event is stepped and shown."""

    def __init__(self, stand: Stand, label: str) -> None:
        self.stand = stand
        self.state: Any = views()[label].state
        self.chrome = CHROME
        stand.show(View(self.state, CHROME))
        stand.router.on_event(self.take)
        self.seen: list[Any] = []

    def take(self, event: Any) -> None:
        if type(event) in REGISTER.events:
            self.seen.append(event)
            self.state = REGISTER.step(self.state, event).state
            if isinstance(self.state, FillingForm):
                self.stand.show(View(self.state, self.chrome))

    def type(self, *test_ids: str) -> None:
        for test_id in test_ids:
            self.stand.driver.tap(test_id)

    def leave(self) -> None:
        self.stand.router.on_event(self.stand.sent.append)


def with_all_consents(stand: Stand, focus: Field) -> Following:
    form = Following(stand, "form-email")
    empty = replace(form.state.draft, name="", address=Address(), birthday="", id_number="", email="", referral_code="")
    form.state = FillingForm(empty, focus)
    stand.show(View(form.state, CHROME))
    return form


def test_a_name_is_typed_in_pinyin(stand: Stand) -> None:
    form = with_all_consents(stand, Field.NAME)
    form.type(*(f"key-{letter}" for letter in "ouyang"))
    entry = stand.driver.find("form.name")
    assert entry.composing.replace(" ", "") == "ouyang"
    assert entry.value == ""
    stand.driver.tap("candidate-0")
    form.leave()
    assert form.state.draft.name == "欧阳"
    assert entry.composing == ""


def test_an_english_name_is_typed_with_capitals_and_a_mail_address_without(stand: Stand) -> None:
    form = Following(stand, "form-email")
    form.chrome = replace(CHROME, language=Language.EN)
    form.state = FillingForm(replace(form.state.draft, name="", email=""), Field.NAME)
    stand.show(View(form.state, form.chrome))
    form.type("key-A", "key-n", "key-n", "key-space", "key-L", "key-i")
    form.type("form.email", "key-a", "key-n")
    form.leave()
    assert (form.state.draft.name, form.state.draft.email) == ("Ann Li", "an")


def test_a_referral_code_is_typed_with_letters_and_digits_and_shown_in_threes(stand: Stand) -> None:
    form = with_all_consents(stand, Field.REFERRAL_CODE)
    form.type("key-r", "key-digits", "key-7", "key-digits", "key-k", "key-digits", "key-2", "key-digits", "key-m")
    entry = stand.driver.find("form.referral_code")
    form.leave()
    assert (form.state.draft.referral_code, entry.value) == ("R7K2M", "R7K 2M")


def test_two_quick_touches_both_count(stand: Stand) -> None:
    view = views()["form-email"]
    stand.show(view)
    stand.sent.clear()
    for test_id in ("key-a", "key-b"):
        stand.driver.tap(test_id)  # the journey has not answered yet
    typed = [event.text for event in stand.sent if isinstance(event, TextEntered)]
    assert typed == ["ouyang@example.coma", "ouyang@example.comab"]


def test_a_district_near_the_store_is_one_touch_away(stand: Stand) -> None:
    form = with_all_consents(stand, Field.ADDRESS)
    stand.driver.tap("choice-330106")
    assert form.seen[-1] == AddressEntered(Address("330000", "330100", "330106", ""))
    assert stand.driver.is_seen("key-q")
    form.leave()


def test_backspace_in_an_empty_street_takes_the_district_back(stand: Stand) -> None:
    form = with_all_consents(stand, Field.ADDRESS)
    stand.driver.tap("choice-330106")
    stand.driver.wait(0.4)
    stand.driver.tap("key-backspace")
    form.leave()
    assert form.state.draft.address == Address()
    assert stand.driver.is_seen("choice-330106")


def test_another_district_is_picked_by_touching_the_field_again(stand: Stand) -> None:
    form = Following(stand, "form-address-street")
    stand.driver.tap("form.address")
    stand.driver.tap("choice-330108")
    form.leave()
    assert form.state.draft.address.district_code == "330108"
    assert form.state.draft.address.detail == "文一西路 99 号 3 幢 501 室"


def test_another_district_leaves_the_postcode_that_was_typed(stand: Stand) -> None:
    form = with_all_consents(stand, Field.POSTCODE)
    assert not stand.driver.is_seen("id-X")
    form.type(*(f"id-{digit}" for digit in "310012"), "form.address", "choice-330106")
    stand.driver.wait(0.4)
    form.type("key-backspace")
    form.leave()
    assert form.state.draft.address == Address(postcode="310012")


def test_a_city_without_districts_is_its_own_district(stand: Stand) -> None:
    form = with_all_consents(stand, Field.ADDRESS)
    page = stand.router.page_of(form.state)
    page.take_place(("440000", "441900"))
    form.leave()
    assert form.seen[-1] == AddressEntered(Address("440000", "441900", "441900", ""))


def test_a_birthday_is_picked_in_four_touches_and_taken_back_in_one(stand: Stand) -> None:
    form = with_all_consents(stand, Field.BIRTHDAY)
    for test_id in ("choice-1980", "choice-1988", "choice-05", "choice-06"):
        stand.driver.tap(test_id)
        stand.driver.wait(0.4)
    assert form.state.draft.birthday == "1988-05-06"
    stand.driver.tap("form.birthday")
    form.leave()
    assert form.state.draft.birthday == ""


def test_a_kiosk_that_runs_past_midnight_offers_the_years_of_the_new_day(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)  # a second before the new year in Asia/Shanghai

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return clock.astimezone(tz)

    monkeypatch.setattr(routes, "datetime", Clock)
    stand.today = routes.local_today
    form = with_all_consents(stand, Field.BIRTHDAY)
    stand.driver.tap("choice-2010")
    assert (stand.driver.is_seen("choice-2012"), stand.driver.is_seen("choice-2013")) == (True, False)
    clock += timedelta(seconds=1)
    form.type("form.address", "form.birthday", "choice-2010")
    form.leave()
    assert stand.driver.is_seen("choice-2013")


@pytest.mark.parametrize("is_large", [False, True], ids=["normal", "large"])
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("label", ["form-empty", "form-email"])
def test_optional_fields_say_why_they_are_asked_also_where_nobody_types(
    stand: Stand, label: str, language: Language, is_large: bool
) -> None:
    stand.preview(label, language, is_large=is_large)
    tr = load_catalogue().in_language(language)
    shown = {widget.text for widget in stand.router.walk() if isinstance(widget, Text) and is_visible(widget)}
    seen = [field for field in set(Field) - {Field.NAME} if is_visible(stand.router.page_of(views()[label].state).ids[field.value])]
    assert seen if is_large else len(seen) == len(Field) - 1
    assert {tr(f"form.{field.value}.optional") for field in seen} <= shown
    assert faults_of(stand.router) == []


def test_what_is_under_work_survives_a_dialog(stand: Stand) -> None:
    form = with_all_consents(stand, Field.NAME)
    form.type(*(f"key-{letter}" for letter in "ouy"))
    stand.show(View(form.state, CHROME, NeedMoreTime(20)))
    entry = stand.router.page_of(form.state).ids.name
    assert entry.composing == ""
    stand.show(View(form.state, CHROME))
    form.leave()
    assert entry.composing.replace(" ", "") == "ouy"


def test_a_wipe_drops_what_is_under_work(stand: Stand) -> None:
    form = with_all_consents(stand, Field.NAME)
    form.type(*(f"key-{letter}" for letter in "ouy"))
    stand.router.wipe()
    form.leave()
    page = stand.router.page_of(form.state)
    assert page.ids.keyboard.composition == ""
    assert not stand.driver.is_seen("candidate-0")


def test_a_new_member_finds_the_form_empty_after_a_wipe(stand: Stand) -> None:
    stand.show(views()["form-email"])
    stand.router.wipe()
    form = with_all_consents(stand, Field.NAME)
    form.leave()
    page = stand.router.page_of(form.state)
    assert [page.ids[field].value for field in Field] == [""] * len(Field)
    assert stand.driver.is_seen("key-q")


def test_a_finding_is_said_at_its_field_and_at_the_top(stand: Stand) -> None:
    stand.preview("form-findings")
    page = stand.router.page_of(views()["form-findings"].state)
    assert page.title == "姓名里不能有数字"
    assert page.ids.name.is_wrong
    assert page.ids.id_number.is_wrong
    assert not page.ids.email.is_wrong
    assert page.ids.name.edge == "red", "it stays red while it is typed into"


DISTRICT = ("form.address", "choice-330108")
CHANGES = {
    "name": ("key-backspace",),
    "birthday": ("form.birthday",),
    "id_number": ("id-backspace",),
    "email": ("key-backspace",),
    "address.province_code": DISTRICT,
    "address.city_code": DISTRICT,
    "address.district_code": DISTRICT,
    "address.detail": ("key-backspace",),
    "address.postcode": ("id-backspace",),
}
"""What is touched to change a field."""


@pytest.mark.parametrize("is_large", [False, True], ids=["normal", "large"])
@pytest.mark.parametrize("name", MENDABLE)
def test_whatever_a_reviewer_may_ask_to_be_mended_is_focused_and_can_be_changed(stand: Stand, name: str, is_large: bool) -> None:
    draft = views()["review"].state.draft
    found = (Finding(name, Reason(min(MENDABLE[name]))),)
    form = Following(stand, "form-empty")
    form.chrome = replace(CHROME, is_large=is_large)
    form.state = REGISTER.step(Returned(draft, "A012345678905", found, RECEIPT), Continued()).state
    stand.show(View(form.state, form.chrome))
    entry = stand.router.page_of(form.state).ids[form.state.focus]
    assert (entry.is_wrong, entry.is_focused, entry.disabled, is_visible(entry)) == (True, True, False, True)
    for test_id in CHANGES[name]:
        form.type(test_id)
        stand.driver.wait(0.4)
    form.leave()
    part = name.partition(".")[0]
    assert getattr(form.state.draft, part) != getattr(draft, part)
    assert (form.state.findings, form.state.draft.corrections, entry.is_wrong) == ((), (), False)


def test_of_a_child_nothing_is_to_be_mended_but_what_was_asked() -> None:
    child = replace(views()["review"].state.draft, age_band=AgeBand.UNDER_14)
    assert {field.value for field in allowed_fields(child)} == CHILD_FIELDS


def test_a_receipt_number_begins_with_digits_and_is_offered_no_signs(stand: Stand) -> None:
    stand.preview("feedback-receipt")
    assert stand.driver.is_seen("key-7")
    keyboard = stand.router.page_of(views()["feedback-receipt"].state).ids.keyboard
    assert keyboard._quick() == ()
    stand.preview("feedback-text")
    assert stand.driver.is_seen("key-q")


def shown_letters(stand: Stand) -> str:
    return "|".join(part.text.replace(" ", "") for part in stand.router.walk(restrict=True) if isinstance(part, Text) and is_visible(part))


def test_an_id_number_is_whole_only_while_its_field_is_typed_in(stand: Stand) -> None:
    whole = "11010519491231002X"
    view = stand.preview("form-id-number")
    assert whole in shown_letters(stand)
    for field in Field:
        stand.show(replace(view, state=replace(view.state, focus=field)))
        assert (whole in shown_letters(stand)) is (field is Field.ID_NUMBER)
        assert (whole[:6] in shown_letters(stand)) is (field is Field.ID_NUMBER)
        assert "002X" in shown_letters(stand)


@pytest.mark.parametrize("is_large", [False, True], ids=["normal", "large"])
def test_an_id_number_is_not_whole_on_the_review_that_shows_everything_else(stand: Stand, is_large: bool) -> None:
    stand.preview("review", is_large=is_large)
    stand.tap("review.show")
    stand.driver.wait(0.4)
    assert "欧阳小满" in shown_letters(stand)
    assert "****002X" in shown_letters(stand)
    assert "110105" not in shown_letters(stand)
