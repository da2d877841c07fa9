"""The pictures that kiosks have for campaigns, by key. A test holds the list against the files of the kiosk."""

from __future__ import annotations

PICTURES = frozenset(
    {
        "attract-groceries",
        "campaign-baking",
        "reward-bowl",
        "reward-eggs",
        "reward-oil",
        "reward-other",
        "reward-rice",
        "reward-ricecooker",
        "reward-tissue",
        "reward-towel",
        "reward-umbrella",
    }
)
