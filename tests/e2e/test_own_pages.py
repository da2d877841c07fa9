"""A member's own pages end to end by touches: the statement on paper, a lost card, a visit that was left, an answer that is lost.

One installation for all of them, whose clock goes forward where somebody waits.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from hardware.card.layout.files import Snapshot
from hardware.codes.zbar import ZbarReader
from hardware.emulation.card.memory import load as load_card
from hardware.emulation.pcscd import find_daemon, find_driver
from server_stub.keys.cards import CardSigner
from tests.journey.own_pages import LeftVisitJourney, LostCardJourney, OwnPagesJourney, StatementJourney, TakenUpJourney
from tests.journey.panel import drawn
from tests.journey.script import Person
from tests.support.cut_link import Cut, Way
from tests.support.printed_receipts import kind_on
from tests.support.second_kiosk import SecondKiosk
from tests.support.town import Neighbour, Town

pytestmark = [pytest.mark.long, pytest.mark.e2e, pytest.mark.emulator, pytest.mark.timeout(400)]
WELCOME = 200
TOWEL_POINTS = 100
RICH = WELCOME + 6_000


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    if find_daemon() is None or find_driver() is None:
        pytest.skip("pcscd with the virtual reader is not installed")
    with Town(tmp_path_factory.mktemp("town"), has_link=True) as running:
        running.open()
        yield running


@pytest.fixture(scope="module")
def second(town: Town) -> Iterator[SecondKiosk]:
    with SecondKiosk(town) as running:
        yield running


@pytest.fixture
def rich(town: Town) -> Neighbour:
    return town.neighbours[0]


@pytest.fixture
def poor(town: Town) -> Neighbour:
    return town.neighbours[1]


def hands(town: Town, member: Neighbour, out: Path) -> dict[str, Any]:
    """What every journey of a member needs."""
    person = Person(mobile=member.mobile)
    more = {"out": out / "pictures", "patience_s": 40.0, "pass_time": town.wait, "lay": town.lay, "take": town.take_off}
    return {"world": town, "person": person, **more}


def available(town: Town, member: Neighbour) -> int:
    query = "SELECT p.available FROM points_account p JOIN member m USING (member_id) WHERE m.number = ?"
    return int(town.owner.rows(query, member.number)[0].available)


def told_by(town: Town, card: str) -> int:
    """Points that a card tells, its signature checked."""
    file = load_card(town.folder / "cards" / "cards" / f"{card}.json").applications[0].files[1]
    return Snapshot.verified(file.content, CardSigner(town.parts.keys).public_keys).points


def test_a_statement_comes_on_paper_after_a_code_to_the_phone(town: Town, rich: Neighbour, tmp_path: Path) -> None:
    assert StatementJourney(**hands(town, rich, tmp_path)).play()[-1].state == "Attract"
    pages = PdfReader(town.slips()[-1]).pages
    words = "".join("".join(page.extract_text().split()) for page in pages)
    assert f"{available(town, rich):,}" in words
    assert rich.name not in words
    assert rich.number not in words
    assert "200" in words
    assert "6,000" in words


def test_a_lost_card_is_reported_and_replaced_and_the_old_one_says_why(town: Town, poor: Neighbour, tmp_path: Path) -> None:
    before = available(town, poor)
    journey = LostCardJourney(**hands(town, poor, tmp_path), old=poor.card, new="replacement")
    journey.before = {"the old one away": lambda: is_told(town, "这张卡已挂失")}
    assert journey.play()[-1].state == "Attract"
    query = "SELECT c.state FROM card c JOIN member m USING (member_id) WHERE m.number = ? ORDER BY c.issue_number"
    assert [row.state for row in town.owner.rows(query, poor.number)] == ["LOST", "ACTIVE"]
    assert available(town, poor) == before == told_by(town, "replacement")
    assert town.owner.check_card("replacement") == "ACTIVE"
    assert [kind_on(town, slip) for slip in town.slips()[-2:]] == ["lost", "membership"]


@pytest.mark.parametrize(("kind", "left_before"), [(LeftVisitJourney, "elsewhere: menu"), (TakenUpJourney, "elsewhere: end")])
def test_a_visit_that_was_left_goes_on_elsewhere_by_its_receipt_once(
    town: Town, rich: Neighbour, second: SecondKiosk, tmp_path: Path, kind: type[LeftVisitJourney], left_before: str
) -> None:
    def show() -> None:
        (code,) = [code.text for code in ZbarReader().read_file(town.slips()[-1]) if code.text.startswith("HR1:")]
        second.camera.show(drawn(code))

    def refused() -> int:
        log = (town.folder / "logs" / "kiosk-2.log").read_text(encoding="utf-8")
        return log.count("CheckingCode -> Scanning on DeskRefused")

    before = refused()
    ways = {"show": show, "show_nothing": second.camera.clear, "refused": refused}
    journey = kind(**hands(town, rich, tmp_path), card=rich.card, elsewhere=second.glass, **ways)
    journey.before = {left_before: lambda: nothing_is_left(town, rich)}
    steps = journey.play()
    assert steps[-1].state == "Attract"
    resumed = town.owner.rows("SELECT device_id FROM visit WHERE identified_by = 'RECEIPT' ORDER BY began_at DESC")[0]
    assert resumed.device_id == "K04"
    assert refused() - before == ("elsewhere: used" in [step.name for step in steps])


def is_told(town: Town, words: str) -> None:
    """The page says so."""
    texts = town.report()["texts"]
    assert any(words in text for text in texts), texts


def nothing_is_left(town: Town, member: Neighbour) -> None:
    """Nothing personal stays at the kiosk that was left."""
    report = town.report()
    assert not [str(hit) for hit in town.in_texts(report, member.canaries())]
    assert not [str(hit) for hit in town.in_memory(member.canaries())]


@pytest.mark.parametrize("after", [0, 40, 120])
def test_an_answer_that_is_lost_is_found_out_by_the_same_request_and_spends_once(
    town: Town, rich: Neighbour, tmp_path: Path, after: int
) -> None:
    """The link ends after so many bytes of what comes down once the request is sent."""
    assert town.link is not None
    before = available(town, rich)
    journey = OwnPagesJourney(**hands(town, rich, tmp_path))
    journey.begin()
    journey.lay_and_see(rich.card, "MemberHome")
    journey.go("member.redeem", "RewardList")
    journey.choose_reward("rewards.0")
    town.link.arm(Cut(Way.DOWN, after))
    journey.go("reward.confirm", "RedeemUncertain")
    is_carried_out = available(town, rich) < before
    town.link.arm(None)
    journey.glass.wait("RedemptionShown", wait_s=60)
    print(f"cut after {after} bytes: carried out by then: {is_carried_out}")
    assert available(town, rich) == before - TOWEL_POINTS
    newest = town.owner.rows("SELECT request_id FROM redemption ORDER BY redemption_id DESC LIMIT 1")[0].request_id
    assert town.owner.rows("SELECT count(*) AS n FROM request_log WHERE request_id = ?", newest)[0].n == 1
    journey.take_and_end()
    town.run_service_command("ledger", "prove")
