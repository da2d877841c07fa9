"""Statements by the desk: who may, what is refused, that each is recorded, and that lines and balances are those of the entries."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from server_stub.domain.actors import Role, StaffActor
from server_stub.domain.clock import business_day
from server_stub.domain.desk_reasons import StatementMadeFor
from server_stub.domain.points_origin import PointsOrigin
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.domain.statement import Statement
from server_stub.paper.faces import register_faces
from server_stub.paper.statement.document import Made, pdf
from server_stub.paper.statement.words import all_characters, load_words
from tests.support.campaign_stand import CampaignStand, campaign, words
from tests.support.central_service import LI, Central
from tests.support.ledger_desk import Counter

ZHAO = StaffActor("zhao", frozenset({Role.MANAGER}))


@pytest.fixture
def counter(central: Central) -> Counter:
    """A member who got points on three days one after another: 300, 50 less, 20."""
    made = Counter(central).rules().join("m1")
    for points in (300, -50, 20):
        made.adjust(points, "m1")
        central.clock.advance(days=1)
    return made


def statement(central: Central, first: date, last: date, actor: StaffActor = ZHAO, number: str = "") -> Statement:
    known = number or next(row["number"] for row in central.rows("member") if row["member_id"] == "m1")
    return central.core.desks.statements.make(actor, known, (first, last), StatementMadeFor.COMPLAINT)


def made(central: Central) -> list[tuple[str, str]]:
    return [(row["actor"], row["detail"]["reason"]) for row in central.rows("audit_event") if row["action"] == "statement.made"]


def test_who_may_not_and_what_is_too_much_makes_none(central: Central, counter: Counter) -> None:
    today = business_day(counter.central.clock.now())
    for actor, number, days, expected in (
        (LI, "", (today, today), Reason.NOT_PERMITTED),
        (ZHAO, "0", (today, today), Reason.MEMBER_UNKNOWN),
        (ZHAO, "", (today, today - timedelta(days=1)), Reason.REQUEST_MALFORMED),
        (ZHAO, "", (today - timedelta(days=366), today), Reason.REQUEST_MALFORMED),
    ):
        with pytest.raises(Refusal) as refused:
            statement(central, *days, actor, number)
        assert refused.value.reason is expected
    assert made(central) == []


def test_it_tells_the_days_that_are_asked_for_and_is_recorded(central: Central, counter: Counter) -> None:
    today = business_day(counter.central.clock.now())
    whole = statement(central, today - timedelta(days=3), today)
    assert [(line.points, line.balance) for line in whole.lines] == [(300, 300), (-50, 250), (20, 270)]
    assert {line.origin for line in whole.lines} == {PointsOrigin.CORRECTION}
    assert (whole.opening, whole.closing) == (0, 270)
    second = statement(central, today - timedelta(days=2), today - timedelta(days=2))
    assert (second.opening, second.closing, [line.points for line in second.lines]) == (300, 250, [-50])
    number = next(row["number"] for row in central.rows("member") if row["member_id"] == "m1")
    assert number not in repr(whole)
    assert made(central) == [("staff:zhao", "COMPLAINT")] * 2


def test_points_of_a_campaign_are_called_by_its_title_in_both_languages_of_the_paper(central: Central) -> None:
    stand = CampaignStand(central)
    drawn, lacking = {"zh-Hans": "入会活动", "zh-Hant": "入會活動", "en": "Joining week"}, words("亲子烘焙课", "Family baking")
    gives = {"points": {"points": 50, "valid_days": 90}}
    stand.announce(campaign("week", title=drawn, grant=gives), campaign("baking", title=lacking, grant=gives))
    member = stand.member()
    visit = stand.visit(member)
    for campaign_id in ("week", "baking"):
        stand.join(visit, campaign_id)
    today = business_day(central.clock.now())
    number = next(row["number"] for row in central.rows("member") if row["member_id"] == member)
    found = statement(central, today, today, number=number)
    titles = [line.campaign_titles for line in found.lines if line.origin is PointsOrigin.CAMPAIGN]
    assert titles == [("入会活动", "Joining week"), ("亲子烘焙课", "Family baking")]
    assert {line.campaign_titles for line in found.lines if line.origin is not PointsOrigin.CAMPAIGN} <= {()}
    paper = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf(found, Made("zhao", central.clock.now())))).pages)
    # What the paper's faces lack is told in the other language, instead of by marks.
    assert [title in paper for title in ("入会活动", "Joining week", "Family baking", "烘焙", "?")] == [True, True, True, False, False]
    assert paper.count(load_words()["origin.CAMPAIGN"].en) == 2


def test_the_paper_is_the_same_for_the_same_statement_and_draws_what_it_can(central: Central, counter: Counter) -> None:
    today = business_day(counter.central.clock.now())
    found = statement(central, today - timedelta(days=3), today)
    paper = pdf(found, Made("zhao", central.clock.now()))
    assert paper == pdf(found, Made("zhao", central.clock.now()))
    assert paper.startswith(b"%PDF-")
    assert pdf(statement(central, today, today), Made("zhao", central.clock.now())) != paper


def test_every_origin_has_its_words_and_the_faces_have_their_characters() -> None:
    assert {f"origin.{origin.value}" for origin in PointsOrigin} <= set(load_words())
    assert {ord(character) for character in all_characters()} <= register_faces()
