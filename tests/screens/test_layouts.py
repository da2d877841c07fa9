"""Every screen in every state, language and size of type is free of faults that a person would see."""

from __future__ import annotations

from dataclasses import replace

import pytest
from kivy.metrics import Metrics

from kiosk.flows.register.state import Consenting, ReadingNotice
from kiosk.ports.display import View
from kiosk.ports.values import AgeBand, Draft, Language, Notice, Purpose, StaffCall
from screens.previews import CHROME
from screens.widgets.checkrow import CheckRow
from screens.widgets.text import Text
from server_stub.domain.birthday import AgeBand as CentreAgeBand
from server_stub.domain.language import Language as CentreLanguage
from server_stub.domain.notices import load_notices
from tests.screens.lint import faults_of
from tests.screens.screen_views import standing, views
from tests.support.screen_driver import is_visible

SIZES = pytest.mark.parametrize("is_large", [False, True], ids=["normal", "large"])
LANGUAGES = pytest.mark.parametrize("language", list(Language), ids=str)


@SIZES
@LANGUAGES
def test_screens_have_no_fault(language: Language, is_large: bool) -> None:
    found = []
    with standing() as stand:
        for label, view in views(language, is_large=is_large).items():
            stand.show(view)
            found += [f"{label}: {fault}" for fault in faults_of(stand.router)]
    assert not found, "\n".join(found)


@SIZES
@LANGUAGES
def test_the_rows_of_the_notice_in_force_are_not_tight(language: Language, is_large: bool) -> None:
    notice = real_notice(language, AgeBand.ADULT)
    with standing() as stand:
        stand.show(View(Consenting(Draft(), notice), replace(CHROME, language=language, is_large=is_large)))
        rows = [widget for widget in stand.router.walk() if isinstance(widget, CheckRow) and is_visible(widget)]
        texts = [(row, text) for row in rows for text in row.walk(restrict=True) if isinstance(text, Text) and text.text]
        air = {text.text: (text.ink_pos[1] - row.y) / Metrics.dp for row, text in texts}
        summary = dict(notice.summary).values()
        drawn = [widget for widget in stand.router.walk() if isinstance(widget, Text) and is_visible(widget) and widget.text in summary]
        lines = {text.text: text.laid_text.count("\n") + 1 for text in drawn}
    assert rows
    assert min(air.values()) >= 8, air
    assert is_large or lines == dict.fromkeys(summary, 1)
    assert {widget.style for widget in drawn} <= {"body"}


AIR_BESIDE = {False: 36, True: 24}
"""Design px that a line of the notice keeps from both sides of its card."""


@SIZES
@LANGUAGES
def test_no_line_of_the_notice_in_force_stands_near_the_edge_of_its_card(language: Language, is_large: bool) -> None:
    notice = real_notice(language, AgeBand.ADULT)
    texts = {text for line in notice.summary for text in line}
    with standing() as stand:
        stand.show(View(Consenting(Draft(), notice), replace(CHROME, language=language, is_large=is_large)))
        summary = stand.router.page_of(stand.router.view.state).ids.summary
        drawn = [text for text in summary.walk(restrict=True) if isinstance(text, Text) and is_visible(text) and text.text]
        edges = {text.text: (summary.right - text.ink_pos[0] - text.texture_size[0]) / Metrics.dp for text in drawn}
    assert is_large or texts == set(edges)
    assert min(edges.values()) >= AIR_BESIDE[is_large], edges


LOCAL = [("menu", "bar-language"), ("issued", "issued.qr"), ("issued-taken", "issued.qr"), ("review", "review.show")]
"""What a touch shows without the session knowing."""


@SIZES
@LANGUAGES
def test_what_a_touch_alone_shows_has_no_fault(language: Language, is_large: bool) -> None:
    found = []
    with standing() as stand:
        for label, test_id in LOCAL:
            stand.preview(label, language, is_large=is_large)
            stand.tap(test_id)
            found += [f"{label} {test_id}: {fault}" for fault in faults_of(stand.router)]
            stand.settle()
        device = replace(CHROME.device, development_notice="开发环境，不是真的会员")
        view = views(language, is_large=is_large)["menu"]
        stand.show(replace(view, chrome=replace(view.chrome, device=device)))
        found += [f"development: {fault}" for fault in faults_of(stand.router)]
        stand.show(replace(view, chrome=replace(view.chrome, device=device, staff_call=StaffCall.UNREACHABLE)))
        found += [f"development and a call: {fault}" for fault in faults_of(stand.router)]
    assert not found, "\n".join(found)


def real_notice(language: Language, band: AgeBand) -> Notice:
    """The notice in force, as the centre would send it."""
    notice = load_notices().get(CentreLanguage(language.value), CentreAgeBand[band.name])
    purposes = tuple(Purpose(part.purpose, part.title, part.note, part.mandatory, part.allowed) for part in notice.purposes)
    summary = tuple((line.heading, line.text) for line in notice.summary)
    return Notice(notice.version, language, notice.text_sha256, summary, notice.full_text, purposes)


@SIZES
@LANGUAGES
def test_the_notice_in_force_fits(language: Language, is_large: bool) -> None:
    found = []
    chrome = replace(CHROME, language=language, is_large=is_large)
    with standing() as stand:
        for band in (AgeBand.ADULT, AgeBand.FROM_14_TO_17, AgeBand.UNDER_14):
            notice = real_notice(language, band)
            stand.show(View(Consenting(Draft(band, notice), notice), chrome))
            found += faults_of(stand.router)
            if is_large:
                stand.tap("consent.turn")
                found += faults_of(stand.router)
    assert not found, "\n".join(map(str, found))


def test_a_guardian_who_saw_the_own_choices_first_is_asked_for_the_child_alone() -> None:
    grown_up, child = (real_notice(Language.ZH_HANS, band) for band in (AgeBand.ADULT, AgeBand.UNDER_14))
    with standing() as stand:
        stand.show(View(Consenting(Draft(AgeBand.ADULT, grown_up), grown_up), CHROME))
        stand.show(View(Consenting(Draft(AgeBand.UNDER_14, child), child), CHROME))
        rows = [widget.title for widget in stand.router.walk() if isinstance(widget, CheckRow) and is_visible(widget)]
    assert sorted(rows) == sorted(purpose.title for purpose in child.purposes)


@SIZES
@LANGUAGES
def test_the_whole_notice_can_be_read_page_by_page(language: Language, is_large: bool) -> None:
    notice = real_notice(language, AgeBand.ADULT)
    chrome = replace(CHROME, language=language, is_large=is_large)
    read: list[str] = []
    with standing() as stand:
        view = View(ReadingNotice(Consenting(Draft(AgeBand.ADULT, notice), notice)), chrome)
        stand.show(view)
        page = stand.router.page_of(view.state)
        while True:
            read.append(page.text)
            assert not [str(fault) for fault in faults_of(stand.router)]
            if page.number == page.pages:
                break
            stand.tap("notice.next")
            stand.driver.wait(0.4)
    assert "".join("".join(read).split()) == "".join(notice.full_text.split())


@LANGUAGES
def test_every_choice_of_the_notice_can_be_reached_in_large_type(language: Language) -> None:
    notice = real_notice(language, AgeBand.ADULT)
    chrome = replace(CHROME, language=language, is_large=True)
    with standing() as stand:
        stand.show(View(Consenting(Draft(AgeBand.ADULT, notice), notice), chrome))
        first = {purpose.id for purpose in notice.purposes if stand.driver.is_seen(f"consent.{purpose.id}")}
        stand.tap("consent.turn")
        second = {purpose.id for purpose in notice.purposes if stand.driver.is_seen(f"consent.{purpose.id}")}
    assert first | second == {purpose.id for purpose in notice.purposes}
    assert not first & second
