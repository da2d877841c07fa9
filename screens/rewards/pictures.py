"""Which drawing shows a reward, and on what ground. A picture that this kiosk does not have is drawn as a present."""

from __future__ import annotations

from functools import lru_cache

from screens.assets import ART

NEUTRAL = "reward-other.png"
_GROUNDS = {
    "reward-rice": "rewardGreen",
    "reward-eggs": "rewardGreen",
    "reward-oil": "rewardGold",
    "reward-tissue": "rewardGold",
    "reward-ricecooker": "rewardRed",
    "reward-umbrella": "rewardRed",
}
_USUAL_GROUND = "rewardBlue"


@lru_cache(maxsize=128)
def drawing_of(picture: str) -> str:
    """Return the file of a reward's picture in screens/assets/art."""
    # A key comes from the centre: only a plain name can be a file of ours.
    is_plain = picture.replace("-", "").isalnum() and picture.isascii()
    return f"{picture}.png" if is_plain and (ART / f"{picture}.png").is_file() else NEUTRAL


def ground_of(picture: str) -> str:
    """Return the colour behind a picture."""
    return _GROUNDS.get(picture, _USUAL_GROUND)
