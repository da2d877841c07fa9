"""What the pages of a member's own matters say, and that they stay whole whatever others wrote."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.ports.feedback import CaseReply
from kiosk.ports.values import Language
from tests.screens.lint import faults_of
from tests.screens.screen_views import Stand, views

SIZES = pytest.mark.parametrize("is_large", [False, True], ids=["normal", "large"])
REPLIES = {
    "lines": "您好！\n您反映的问题：\n\n一、收银台\n二、排队\n三、价签\n\n" + "\n".join(f"{n}. 加开" for n in range(1, 30)),
    "english": "We open two more tills from Monday on, and staff at the entrance will tell which queue is the shortest of all. " * 9,
    "one word": "https://member.example/" + "ab-" * 160,
}


@SIZES
@pytest.mark.parametrize("text", REPLIES.values(), ids=REPLIES)
def test_a_reply_is_read_whole_page_by_page_and_none_leaves_its_card(stand: Stand, text: str, *, is_large: bool) -> None:
    view = views(Language.EN, is_large=is_large)["case-replied"]
    case = replace(view.state.case, replies=(CaseReply(text, "2026-11-24"),))
    stand.show(replace(view, state=replace(view.state, case=case)))
    page = stand.router.page_of(view.state)
    read = []
    for leaf in range(int(page.leaves)):
        if leaf:
            stand.tap("feedback.case.next")
            stand.driver.wait(0.4)
        read.append(page.reply)
        words = page.ids.words
        assert words.texture_size[1] <= words.height + 3
        assert faults_of(stand.router) == []
    assert len(read) > 1
    assert "".join("".join(read).split()) == "".join(text.split())
