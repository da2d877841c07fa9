"""The longest names of tiers that lint lets through stand whole on every page that shows them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from kivy.metrics import Metrics

from kiosk.ports.values import Language, TierName
from screens.previews import DEVICE, TIERS
from screens.widgets.pill import Pill
from tests.screens.lint import faults_of
from tests.screens.screen_views import Stand, told, views
from tests.support.screen_driver import is_visible

LONGEST = {Language.ZH_HANS: "至尊铂金钻石", Language.ZH_HANT: "至尊鉑金鑽石", Language.EN: "PLATINUM BLACK"}
SHOWING = ("member", "reward", "benefits")


@pytest.mark.parametrize("is_large", [False, True], ids=["normal", "large"])
@pytest.mark.parametrize("language", list(Language), ids=str)
def test_the_longest_names_of_tiers_stand_whole(stand: Stand, language: Language, *, is_large: bool) -> None:
    tiers = tuple(TierName(one.tier, *LONGEST.values()) for one in TIERS)
    found, saying = [], set()
    shown = views(language, is_large=is_large)
    if is_large:
        # Two on a page, in normal type six: the page with the one that takes a tier.
        shown["rewards"] = replace(shown["rewards"], state=replace(shown["rewards"].state, first=4))
    for label, view in shown.items():
        if label.startswith(SHOWING):
            stand.show(replace(view, chrome=replace(view.chrome, device=replace(DEVICE, tiers=tiers))))
            found += [f"{label}: {fault}" for fault in faults_of(stand.router)]
            said = told(stand)
            saying |= {label for text in said if LONGEST[language] in text}
            pills = [one for one in stand.router.walk(restrict=True) if isinstance(one, Pill) and is_visible(one)]
            found += [f"{label}: {pill.text} leaves its card" for pill in pills if pill.right > pill.parent.right - 8 * Metrics.dp]
            found += [f"{label}: {text}" for text in said if text.endswith("…") and LONGEST[language][:4] in text]
    assert not found, "\n".join(found)
    assert {"member", "member-climbing", "rewards", "reward-refused-cooker"} <= saying
