"""Rule files: preliminary verdicts, similarity, welcome benefits, notices."""

from __future__ import annotations

import copy
import hashlib
import tomllib
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.birthday import AgeBand
from server_stub.domain.language import Language
from server_stub.domain.notices import load_notices
from server_stub.domain.preliminary import Judgement, Outcome, PreliminaryRules, load_preliminary_rules
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding
from server_stub.domain.similarity import Likeness, Weights, folded, score
from server_stub.domain.welcome import WelcomeRules, WordedCoupon, load_welcome_rules

TODAY = date(2026, 11, 23)
WEIGHTS = Weights(40, 35, 25, 60)
OUYANG = Likeness("欧阳建国", date(1985, 3, 7), "330102", "湖滨路 1 号 2 幢")


def _file(name: str) -> dict[str, Any]:
    return tomllib.loads(files("server_stub.domain.rules").joinpath(name).read_text("utf-8"))


def test_what_must_be_mended_weighs_more_than_what_must_be_looked_at() -> None:
    to_mend, to_look_at = Finding("name", Reason.NAME_DIGITS), Finding("mobile", Reason.BLOCKLISTED)
    assert load_preliminary_rules().judge([to_look_at, to_mend]) == Judgement(Outcome.RETURNED, 0, (to_mend,))


@pytest.mark.parametrize(
    ("reasons", "people"),
    [
        ([Reason.ID_REGION_UNKNOWN], 1),
        ([Reason.ADDRESS_CODE_UNKNOWN], 1),
        ([Reason.SIMILAR_MEMBER], 2),
        ([Reason.BLOCKLISTED], 2),
        ([Reason.GUARDIAN_NEEDED], 2),
        ([Reason.ID_REGION_UNKNOWN, Reason.BLOCKLISTED], 2),
    ],
)
def test_how_many_people_must_approve(reasons: list[Reason], people: int) -> None:
    findings = tuple(Finding("x", reason) for reason in reasons)
    assert load_preliminary_rules().judge(findings) == Judgement(Outcome.IN_REVIEW, people, findings)


def test_where_all_is_clear_nobody_is_needed() -> None:
    assert load_preliminary_rules().judge([]) == Judgement(Outcome.APPROVED, 0, ())


@pytest.mark.parametrize("people", [0, 3])
def test_a_rule_with_another_number_of_people_is_no_rule(people: int) -> None:
    rules = _file("preliminary-2026-11.toml")
    rules["review"]["BLOCKLISTED"] = people
    with pytest.raises(ValueError, match="one or two"):
        PreliminaryRules(rules)


@pytest.mark.parametrize(
    ("other", "at_least", "at_most"),
    [
        (OUYANG, 100, 100),
        (Likeness("欧阳建国", date(1985, 3, 7)), 100, 100),
        (Likeness("欧阳建囯", date(1985, 3, 7), "330102", "湖滨路 1 号 2 幢"), 80, 95),
        (Likeness("欧阳建国", date(1985, 7, 3), "330102", "湖滨路1号2幢"), 80, 90),
        (Likeness("欧阳建国"), 0, 0),
        (Likeness("王五", date(1985, 3, 7)), 0, 60),
        (Likeness("欧阳建国", date(1990, 12, 30), "110105", "建国路 1 号院"), 0, 50),
    ],
)
def test_likeness(other: Likeness, at_least: int, at_most: int) -> None:
    assert at_least <= score(OUYANG, other, WEIGHTS) <= at_most


@given(st.text(max_size=10), st.text(max_size=10), st.dates(), st.dates())
def test_likeness_is_between_0_and_100(one: str, other: str, day: date, night: date) -> None:
    assert 0 <= score(Likeness(one, day), Likeness(other, night), WEIGHTS) <= 100


def test_spaces_case_and_width_do_not_count() -> None:
    assert folded("Mary Ann·Smith") == folded("ｍａｒｙ　ann smith")


def test_welcome_of_a_store_that_is_not_named_is_the_default() -> None:
    welcome = load_welcome_rules().for_store("lakeside", TODAY)
    assert (welcome.tier, welcome.points, welcome.points_expire_on, welcome.set_is_missing) == ("basic", 200, date(2027, 11, 22), False)
    assert {c.definition: c.valid_until for c in welcome.coupons} == {
        "welcome_10": date(2027, 1, 21),
        "welcome_fresh_5": date(2026, 12, 22),
    }


def test_a_missing_set_gives_the_default_and_an_alert() -> None:
    rules = _file("welcome-2026-11.toml")
    rules["stores"]["lakeside"] = "gone"
    welcome = WelcomeRules(rules).for_store("lakeside", TODAY)
    assert welcome.set_is_missing
    assert welcome.points == 200


@pytest.mark.parametrize("path", [("points",), ("points_valid_days",), ("coupons", 0, "value_fen"), ("coupons", 1, "valid_days")])
def test_nothing_worth_nothing_is_given(path: tuple[Any, ...]) -> None:
    rules = copy.deepcopy(_file("welcome-2026-11.toml"))
    part: Any = rules["sets"]["default"]
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = 0
    with pytest.raises(ValueError, match="positive"):
        WelcomeRules(rules)


def test_rules_without_a_default_are_no_rules() -> None:
    rules = _file("welcome-2026-11.toml")
    del rules["sets"]["default"]
    with pytest.raises(ValueError, match="default"):
        WelcomeRules(rules)


@pytest.mark.parametrize("language", list(Language))
def test_the_welcome_is_worded_in_every_language(language: Language) -> None:
    worded = load_welcome_rules().worded(language, 200, [WordedCoupon(1000, 5000, TODAY), WordedCoupon(550, 0, TODAY)])
    assert worded.count("\n") == 2
    assert "200" in worded
    assert "5.50" in worded
    _points, first, second = worded.splitlines()
    condition = {Language.ZH_HANS: "满 50 元可用", Language.ZH_HANT: "滿 50 元可用", Language.EN: "a purchase of ¥50.00"}[language]
    assert condition in first
    assert "元可用" not in second
    assert "purchase" not in second


@pytest.mark.parametrize("language", list(Language))
def test_a_notice_has_six_lines_and_its_digest_covers_what_is_shown(language: Language) -> None:
    notice = load_notices().get(language, AgeBand.ADULT)
    assert len(notice.summary) <= 6
    assert [(p.purpose, p.mandatory) for p in notice.purposes] == [
        ("membership", True),
        ("id_number", False),
        ("mail", False),
        ("marketing", False),
    ]
    assert notice.text_sha256 == hashlib.sha256(notice.full_text.encode()).hexdigest()
    shown = [line.text for line in notice.summary] + [p.title for p in notice.purposes] + [p.note for p in notice.purposes]
    assert all(text in notice.full_text for text in shown)


@pytest.mark.parametrize("language", list(Language))
def test_minors_are_not_asked_about_marketing_and_told_why(language: Language) -> None:
    adult, minor = (load_notices().get(language, band) for band in (AgeBand.ADULT, AgeBand.FROM_14_TO_17))
    assert [p.allowed for p in minor.purposes] == [True, True, True, False]
    assert minor.purpose("marketing").note != adult.purpose("marketing").note
    assert minor.text_sha256 == adult.text_sha256


def test_a_published_notice_is_never_edited() -> None:
    """A changed text needs a new version: these digests are what people agreed to."""
    digests = {language.value: load_notices().get(language, AgeBand.ADULT).text_sha256[:16] for language in Language}
    assert (load_notices().in_force, digests) == PUBLISHED
    for_children = {language.value: load_notices().get(language, AgeBand.UNDER_14).text_sha256[:16] for language in Language}
    assert for_children == PUBLISHED_FOR_CHILDREN


@pytest.mark.parametrize("language", list(Language))
def test_a_guardian_reads_a_notice_of_its_own_and_is_asked_for_nothing_but_the_membership(language: Language) -> None:
    child = load_notices().get(language, AgeBand.UNDER_14)
    assert [(p.purpose, p.mandatory, p.allowed) for p in child.purposes] == [("membership", True, True), ("marketing", False, False)]
    assert child.text_sha256 != load_notices().get(language, AgeBand.ADULT).text_sha256
    assert child.text_sha256 == hashlib.sha256(child.full_text.encode()).hexdigest()


PUBLISHED = ("2026-12", {"zh-Hans": "c4152633f077a39b", "zh-Hant": "bb2f0cef89b6952b", "en": "8e976129d918cdff"})
PUBLISHED_FOR_CHILDREN = {"zh-Hans": "8384dd2543dcb1f5", "zh-Hant": "dee09a5b399d4add", "en": "926b35a4e9aa468d"}
