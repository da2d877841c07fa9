"""After a visit to the own pages nothing of the member is left at the kiosk, and of a payment code not even during one.

As test_residue for joining: everything is looked for in memory, files, logs and widgets, five seconds after the end.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hardware.emulation.pcscd import find_daemon, find_driver
from tests.e2e.test_guardian import approve
from tests.journey.guardian import JoinChildJourney
from tests.journey.own_pages import OwnPagesJourney
from tests.journey.script import Person
from tests.support.residue import Canary
from tests.support.residue_pages import Found, OwnPagesVisits
from tests.support.town import Town

pytestmark = [pytest.mark.long, pytest.mark.e2e, pytest.mark.emulator, pytest.mark.timeout(900)]
AFTER_S = 5.0
AT_ONCE_S = 0.5
CHILD = (("shangguan", "上官"), ("xiaoyu", "小雨"))
NAME = "".join(written for _, written in CHILD)
VISITS = ("redeem", "undo", "statement", "feedback", "campaign", "children", "member code", "payment code", "lost card")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    if find_daemon() is None or find_driver() is None:
        pytest.skip("pcscd with the virtual reader is not installed")
    with Town(tmp_path_factory.mktemp("pages")) as town:
        town.open()
        member, kept = town.neighbours[0], Found(town, set(), {}, [])
        hands = {"pass_time": town.wait, "lay": town.lay, "take": town.take_off}
        journey = OwnPagesJourney(world=town, person=Person(mobile=member.mobile), patience_s=40.0, **hands)
        assert JoinChildJourney(world=town, person=Person(CHILD, member.mobile), patience_s=40.0, **hands).play()[-1].state == "Attract"
        approve(town, town.owner.rows("SELECT number FROM application WHERE state = 'IN_REVIEW'")[0].number)
        visits = OwnPagesVisits(town, member, journey, kept.look, town.folder)
        plays: dict[str, Callable[[], list[Canary]]] = {
            "redeem": visits.redeem,
            "undo": visits.undo,
            "statement": visits.print_statement,
            "feedback": visits.say_something,
            "campaign": visits.take_part,
            "children": lambda: visits.look_at_children(NAME),
            "member code": visits.show_own_code,
            "payment code": visits.show_payment_code,
            "lost card": lambda: visits.lose_the_card("replacement"),
        }
        for visit, play in plays.items():
            planted = play()
            kept.gather(visit, planted, AT_ONCE_S if visit == "payment code" else AFTER_S)
            if visit == "payment code":
                journey.go("bar-end", "Attract")
    return kept


def test_everything_is_found_while_it_is_on_the_screen(found: Found) -> None:
    names = {"masked name of card-1", "pick-up code", "receipt", "masked number", "own words", "coupon", "child"}
    names |= {f"receipt {kind}" for kind in ("UNDONE", "CAMPAIGN", "LOST")}
    assert names | {"masked name of card-1, drawn", "pick-up code, drawn"} <= found.during


@pytest.mark.parametrize("visit", VISITS)
def test_nothing_is_left(found: Found, visit: str) -> None:
    assert found.after[visit] == []
