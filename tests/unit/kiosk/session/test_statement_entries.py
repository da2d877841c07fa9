"""What a statement asks the centre for: page after page, and not more than a statement has."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.flows.points.state import STATEMENT_ENTRIES
from kiosk.ports.points import EntriesPage, PointsEntry
from kiosk.ports.values import Language
from kiosk.session.points_effects import entries_of_statement


class Desk:
    """A centre with so many movements; a page's token is how many came before it."""

    def __init__(self, count: int) -> None:
        self.movements = tuple(PointsEntry("PURCHASE", 10, f"S{place}", "湖滨店", "2026-08-06 14:26", 10) for place in range(count))

    async def entries(self, visit_token: str, page: str, size: int, language: Language) -> EntriesPage:
        assert (visit_token, size <= 100) == ("visit", True), "the centre gives no larger page"
        assert language is Language.EN, "every page is in the same language"
        end = int(page or 0) + size
        return EntriesPage(self.movements[int(page or 0) : end], str(end) if end < len(self.movements) else "")


@pytest.mark.parametrize(
    ("there", "listed", "is_whole"), [(0, 0, True), (31, 31, True), (130, 130, True), (200, 200, True), (201, 200, False)]
)
async def test_a_statement_has_every_movement_up_to_its_most(there: int, listed: int, *, is_whole: bool) -> None:
    desk: Any = Desk(there)
    page = await entries_of_statement(desk, "visit", Language.EN)
    assert (page.entries, not page.next_page) == (desk.movements[:listed], is_whole)
    assert listed <= STATEMENT_ENTRIES
