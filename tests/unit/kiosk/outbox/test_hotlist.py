"""The list of lost cards on disk: what was fetched is there after a restart, and what is damaged is fetched anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.outbox.hotlist import SqliteHotlist
from kiosk.ports.errors import Unreachable
from kiosk.ports.own_card import HotlistChange, HotlistDelta
from kiosk.session.hotlist_sync import fetch_hotlist

UID, OTHER = bytes.fromhex("04a1b2c3d4e5f6"), bytes.fromhex("04aabbccddeeff")


def listed(version: int, uid: bytes = UID, *, has_more: bool = False) -> HotlistDelta:
    return HotlistDelta(version, (HotlistChange(uid, is_listed=True, lost_on="2026-11-25"),), has_more)


class Desk:
    """A centre with pages of changes by the version that is known."""

    def __init__(self, pages: dict[int, HotlistDelta]) -> None:
        self._pages = pages

    async def hotlist(self, known_version: int) -> HotlistDelta:
        if known_version not in self._pages:
            raise Unreachable("gone")
        return self._pages[known_version]


@pytest.mark.parametrize("damage", [b"", b"no database", b"SQLite format 3\x00" + bytes(4080)])
def test_a_damaged_list_begins_anew_instead_of_stopping_the_kiosk(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "lost-cards.db"
    path.write_bytes(damage)
    hotlist = SqliteHotlist(path)
    assert hotlist.version() == 0
    hotlist.apply(listed(1))
    assert hotlist.lost_on(UID) == "2026-11-25"
    hotlist.close()


def test_a_lost_card_is_known_after_a_restart_and_forgotten_when_its_report_is_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "lost-cards.db"
    hotlist = SqliteHotlist(path)
    assert (hotlist.version(), hotlist.lost_on(UID)) == (0, "")
    hotlist.apply(listed(3))
    hotlist.close()
    hotlist = SqliteHotlist(path)
    assert (hotlist.version(), hotlist.lost_on(UID), hotlist.lost_on(OTHER)) == (3, "2026-11-25", "")
    hotlist.apply(HotlistDelta(4, (HotlistChange(UID, is_listed=False, lost_on="2026-11-25"),), has_more=False))
    assert (hotlist.version(), hotlist.lost_on(UID)) == (4, "")
    hotlist.close()


async def test_everything_that_is_new_is_fetched_page_by_page(tmp_path: Path) -> None:
    hotlist = SqliteHotlist(tmp_path / "lost-cards.db")
    await fetch_hotlist(Desk({0: listed(1, has_more=True), 1: listed(2, OTHER), 2: HotlistDelta(2, (), has_more=False)}), hotlist)
    assert (hotlist.version(), hotlist.lost_on(UID), hotlist.lost_on(OTHER)) == (2, "2026-11-25", "2026-11-25")
    hotlist.close()


async def test_what_came_before_the_link_broke_is_kept(tmp_path: Path) -> None:
    hotlist = SqliteHotlist(tmp_path / "lost-cards.db")
    with pytest.raises(Unreachable):
        await fetch_hotlist(Desk({0: listed(1, has_more=True)}), hotlist)
    assert (hotlist.version(), hotlist.lost_on(UID)) == (1, "2026-11-25")
    hotlist.close()
