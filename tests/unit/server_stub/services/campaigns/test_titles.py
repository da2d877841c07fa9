"""What campaigns are called: in each language by its own words, by the newest ones, and also when they are over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from server_stub.domain.language import Language
from server_stub.services.campaigns.titles import titles_of
from tests.support.campaign_stand import campaign

if TYPE_CHECKING:
    from tests.support.campaign_stand import CampaignStand

BAKING = {"zh-Hans": "亲子烘焙课", "zh-Hant": "親子烘焙課", "en": "Family baking"}
PIANO = {"zh-Hans": "钢琴体验课", "zh-Hant": "鋼琴體驗課", "en": "First piano lesson"}
OVER = {"starts": "2026-11-01T00:00:00", "ends": "2026-11-05T00:00:00"}


def titles(stand: CampaignStand, language: Language, *campaign_ids: str) -> dict[str, str]:
    return stand.central.database.read(lambda tx: titles_of(tx, campaign_ids, language))


def test_a_campaign_that_is_not_known_has_no_title(stand: CampaignStand) -> None:
    stand.announce(campaign(title=BAKING))
    assert titles(stand, Language.EN, "nothing", "baking") == {"baking": "Family baking"}
    assert titles(stand, Language.EN) == {}


@pytest.mark.parametrize("language", list(Language))
def test_each_campaign_is_called_in_the_language_that_is_asked_for(stand: CampaignStand, language: Language) -> None:
    stand.announce(campaign(title=BAKING), campaign("piano", title=PIANO, **OVER))
    assert titles(stand, language, "baking", "piano") == {"baking": BAKING[language.value], "piano": PIANO[language.value]}


@pytest.mark.parametrize("language", list(Language))
def test_a_campaign_that_was_renamed_is_called_by_its_newest_title(stand: CampaignStand, language: Language) -> None:
    for title in (BAKING, PIANO):
        stand.announce(campaign(title=title))
    assert titles(stand, language, "baking") == {"baking": PIANO[language.value]}
