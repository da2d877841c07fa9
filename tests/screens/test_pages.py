"""What single screens promise: seconds that run, sides that turn, masks, words for things that are not known yet."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from kivy.metrics import Metrics
from kivy.uix.widget import Widget

from kiosk.flows.issue_card.state import CardIssued
from kiosk.flows.member.errands import Errand
from kiosk.flows.member.state import ErrandChosen, MemberHome
from kiosk.flows.register.state import NotAccepted
from kiosk.flows.rewards.state import CannotHave
from kiosk.flows.step import Back
from kiosk.ports.campaigns import Words
from kiosk.ports.display import View
from kiosk.ports.values import Benefit, Language, Reason, StaffCall, TierName
from screens.preview_campaigns import BAKING
from screens.previews import CHROME, DEVICE
from screens.widgets.stat import StatCard
from screens.widgets.text import Text
from screens.widgets.tile import Tile
from tests.screens.lint import faults_of
from tests.screens.screen_views import Stand, told, views
from tests.support.screen_driver import is_visible

ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@pytest.mark.parametrize(("label", "key"), [("code-empty", "code.change"), ("reward-code-typing", "code.back")])
def test_only_who_may_choose_the_number_is_offered_another(stand: Stand, label: str, key: str) -> None:
    """What is spent or cut is proved by the member's own number, which nobody types."""
    page = stand.router.page_of(stand.preview(label).state)
    assert page.back_text == page.tr(key)


def test_seconds_until_another_code_run_and_begin_anew_with_the_next_code(stand: Stand) -> None:
    view = stand.preview("code-empty")
    page = stand.router.page_of(view.state)
    stand.driver.wait(5.1, 0.1)
    assert page.wait_s == 55
    stand.show(view)
    assert page.wait_s == 55
    stand.show(replace(view, state=replace(view.state, challenge=replace(view.state.challenge, id="another"))))
    assert page.wait_s == 60


def test_the_last_page_runs_down_and_a_touch_gives_it_its_time_again(stand: Stand) -> None:
    view = stand.preview("issued")
    page = stand.router.page_of(view.state)
    stand.driver.wait(4.1, 0.1)
    assert page.left == 11
    stand.tap("issued.qr")
    assert page.left == 15


def test_the_last_page_has_twice_the_time_in_large_type(stand: Stand) -> None:
    view = stand.preview("issued", is_large=True)
    page = stand.router.page_of(view.state)
    assert (page.whole, page.left) == (30, 30)


def test_the_receipt_can_be_shown_as_a_code(stand: Stand) -> None:
    view = stand.preview("issued")
    page = stand.router.page_of(view.state)
    stand.tap("issued.qr")
    assert page.shows_code
    assert page.ids.qr.text == view.state.issued.receipt.code
    assert page.ids.qr.side > 0


def test_a_code_has_whole_px_for_each_module(stand: Stand) -> None:
    view = stand.preview("in-review")
    code = stand.router.page_of(view.state).ids.qr
    assert code.side % code.texture.width == 0


def test_the_last_page_greets_by_the_masked_name_and_an_older_centres_member_without(stand: Stand) -> None:
    view = stand.preview("issued")
    page = stand.router.page_of(view.state)
    assert page.title == "欢迎您，欧阳**"
    stand.show(replace(view, state=CardIssued(replace(view.state.issued, name_masked=""))))
    assert page.title == "欢迎您成为会员"
    stand.preview("menu")
    assert page.title == ""


def test_a_benefit_that_is_not_known_yet_has_words(stand: Stand) -> None:
    state = views()["issued"].state
    issued = replace(state.issued, benefits=(Benefit("benefit.future.thing", 3, ""),))
    stand.show(View(CardIssued(issued), CHROME))
    assert any(getattr(part, "title", "") == "迎新权益" for part in stand.router.walk(restrict=True))


def test_a_tier_and_a_reason_that_are_not_known_yet_have_words(stand: Stand) -> None:
    state = views()["member"].state
    stand.show(View(MemberHome(state.visitor, replace(state.membership, tier="diamond")), CHROME))
    assert stand.router.page_of(state).tier == "会员"
    named = replace(DEVICE, tiers=(TierName("diamond", "钻石", "鑽石", "Diamond"),))
    stand.show(View(MemberHome(state.visitor, replace(state.membership, tier="diamond")), replace(CHROME, device=named)))
    assert stand.router.page_of(state).tier == "钻石会员"
    refused = NotAccepted(Reason("FROM_THE_FUTURE"))
    stand.show(View(refused, CHROME))
    assert stand.router.page_of(refused).title == "这次没有办成"


def test_points_that_expire_in_another_year_name_the_year(stand: Stand) -> None:
    state = views()["member"].state
    page = stand.router.page_of(state)
    said = []
    for last_day in ("2026-12-30", "2027-11-23", ""):
        stand.show(View(MemberHome(state.visitor, replace(state.membership, points_expire_on=last_day)), CHROME))
        said.append(page.expire_on)
    assert said == ["12月30日到期", "2027年到期", "近期不到期"]


def test_the_review_is_masked_until_it_is_asked_for_and_again_for_the_next_person(stand: Stand) -> None:
    view = stand.preview("review")
    values = [part for part in stand.router.walk(restrict=True) if type(part).__name__ == "ReviewValue"]
    shown = {part.value for part in values}
    assert {"欧阳**", "****002X", "o***@example.com"} <= shown
    stand.tap("review.show")
    assert "欧阳小满" in {part.value for part in values}
    stand.preview("menu")
    stand.show(view)
    assert "欧阳小满" not in {part.value for part in values}


def test_ending_is_the_next_step_only_where_there_is_no_other(stand: Stand) -> None:
    for label, is_primary in (("member", True), ("member-card-pending", False), ("menu", False)):
        stand.preview(label)
        assert (stand.driver.find("bar-end").kind == "primary") is is_primary


def test_a_call_for_staff_is_answered_on_the_screen(stand: Stand) -> None:
    said = {}
    for call in StaffCall:
        stand.show(replace(views()["menu"], chrome=replace(CHROME, staff_call=call)))
        frame = next(part for part in stand.router.walk(restrict=True) if type(part).__name__ == "Frame")
        said[call] = frame.news
    assert said == {
        StaffCall.NONE: "",
        StaffCall.WAITING: "waiting",
        StaffCall.ANSWERED: "answered",
        StaffCall.CLOSED: "",
        StaffCall.UNREACHABLE: "unreachable",
    }


def test_slides_take_turns_only_while_they_are_seen(stand: Stand) -> None:
    view = stand.preview("attract")
    page = stand.router.page_of(view.state)
    stand.driver.wait(5.2, 0.1)
    assert page.slide == 1
    stand.preview("menu")
    stand.driver.wait(11, 0.2)
    assert page.slide == 1


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("label", "count"), [("attract", 3), ("attract-no-cards", 3), ("attract-offline", 2)])
def test_a_card_at_once_is_promised_only_while_it_can_be_had(stand: Stand, language: Language, label: str, count: int) -> None:
    view = stand.preview(label, language)
    page = stand.router.page_of(view.state)
    said = []
    for _ in range(page.ids.slide.count):
        words = page.ids.slide.words
        said += [words.title, words.line]
        page._next_slide(0)
    stand.driver.frames(2)
    at_once = [page.tr(f"attract.slide.1.{part}") for part in ("title", "line")]
    assert (page.ids.slide.count, set(at_once) <= set(said)) == (count, label == "attract")
    assert set(at_once).isdisjoint(said) or label == "attract"
    notes = {page.tr("attract.card.note"): label == "attract", page.tr("attract.phone.note"): label != "attract-offline"}
    shown = {text.text for text in page.walk() if isinstance(text, Text)}
    assert {note: note in shown for note in notes} == notes


def test_the_slide_under_way_changes_when_the_link_goes(stand: Stand) -> None:
    view = stand.preview("attract")
    slide = stand.router.page_of(view.state).ids.slide
    before = slide.words.title
    stand.show(replace(view, chrome=replace(view.chrome, is_linked=False)))
    assert slide.words.title != before


def test_campaigns_come_first_among_the_slides_and_drop_out_by_their_dates(stand: Stand) -> None:
    view = stand.preview("attract-campaign")
    slide = stand.router.page_of(view.state).ids.slide
    # By place: on a slow machine the second slide may be there before the first was looked at.
    said = {slide.place: slide.words.title}
    for _ in range(4):
        stand.driver.wait(5.1, 0.1)
        said[slide.place] = slide.words.title
    assert (said[0], said[1], slide.count) == ("亲子烘焙课", "迎新年满减券", 5)
    over = replace(view.chrome.campaigns[0], shown_until=view.chrome.campaigns[0].shown_from)
    stand.show(replace(view, chrome=replace(view.chrome, campaigns=(over,))))
    assert slide.count == 3


def test_each_of_many_campaigns_has_its_turn_on_the_slides_also_where_visitors_come_between(stand: Stand) -> None:
    view = stand.preview("attract-campaigns-many")
    many = tuple(replace(BAKING, campaign_id=str(place), words={Language.ZH_HANS: Words(str(place), "", "")}) for place in range(14))
    view = replace(view, chrome=replace(view.chrome, campaigns=many))
    page = stand.router.page_of(view.state)
    said = []
    for _ in range(3):
        stand.preview("menu")
        stand.show(view)
        # The slides' own clock stands still: on a slow machine it would turn one in between.
        page.leave()
        page.enter()
        page.leave()
        for _ in range(page.ids.slide.count):
            said.append(page.ids.slide.words.title)
            page._next_slide(0)
        assert (page.ids.slide.count, len([dot for dot in page.ids.slide._dots if dot.is_shown])) == (8, 8)
    assert {str(place) for place in range(14)} <= set(said)


def test_the_pager_of_the_consents_counts_the_page_that_is_shown(stand: Stand) -> None:
    stand.preview("consent-none", is_large=True)
    assert stand.driver.find("consent.turn").text.endswith("1/2")


def test_the_comma_of_the_points_keeps_clear_of_the_line_below(stand: Stand) -> None:
    view = stand.preview("member", is_large=True)
    drawn = [part for part in stand.router.walk(restrict=True) if isinstance(part, Text) and is_visible(part)]
    page = stand.router.page_of(view.state)
    points, below = (next(part for part in drawn if part.text == words) for words in (page.points, page.climb or page.pending))
    assert ink_of(points)[0] - ink_of(below)[1] >= 12 * Metrics.dp


@pytest.mark.parametrize("is_large", [False, True], ids=["normal", "large"])
def test_points_to_come_are_told_to_a_member_who_has_a_next_tier(stand: Stand, *, is_large: bool) -> None:
    stand.preview("member-climbing", is_large=is_large)
    assert {"另有 300 分待生效", "再积 2,520 分，升为铂金会员"} <= told(stand)


def test_a_birthday_gift_hides_neither_coupons_nor_expiring_points(stand: Stand) -> None:
    stand.preview("member-birthday")
    assert {"1", "张", "可用优惠券", "800", "分", "12月30日到期", "已激活", "生日礼：50 元优惠券", "2 条新"} <= told(stand)


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("member-birthday", {"生日礼：50 元优惠券，2 条权益变化", "800 分，12月30日到期", "另有 300 分待生效"}),
        ("member-birthday-climbing", {"生日礼：50 元优惠券，1 条权益变化", "800 分，12月30日到期", "另有 300 分待生效"}),
        ("member-news", {"权益有 2 条新变化", "800 分，12月30日到期"}),
        ("member-news-climbing", {"权益有 1 条新变化", "另有 12,345 分待生效"}),
        ("member-card-pending-birthday", {"生日礼：50 元优惠券"}),
    ],
)
def test_large_type_hides_neither_gift_nor_news_nor_expiring_points(stand: Stand, label: str, lines: set[str]) -> None:
    stand.preview(label, is_large=True)
    assert lines <= told(stand)
    assert stand.tap("member.headline") == [ErrandChosen(Errand.BENEFITS)]


def test_siblings_whose_masked_names_are_the_same_can_be_told_apart(stand: Stand) -> None:
    stand.preview("children")
    rows = [stand.driver.find(f"children.{place}").title for place in range(1, 6)]
    assert len(set(rows)) == 5
    assert rows[0] == "欧阳**（申请尾号 8905）"
    stand.preview("child-withdraw")
    assert any("8905" in text for text in told(stand))


def test_large_type_tells_the_day_on_which_points_will_do(stand: Stand) -> None:
    view = next(view for view in views().values() if isinstance(view.state, CannotHave) and view.state.frees_on)
    stand.show(View(view.state, CHROME))
    day = stand.router.page_of(view.state).ids.wanted.second
    stand.show(View(view.state, replace(CHROME, is_large=True)))
    assert day
    assert day in told(stand)


@pytest.mark.parametrize("label", ["campaign-not-eligible", "campaign-eligible", "campaign-claimed"])
@pytest.mark.parametrize("is_large", [False, True], ids=["normal", "large"])
def test_a_campaign_tells_its_words_and_its_small_print_whoever_asks(stand: Stand, label: str, *, is_large: bool) -> None:
    view = stand.preview(label, is_large=is_large)
    page = stand.router.page_of(view.state)
    if stand.driver.is_seen("campaign.about"):
        assert stand.tap("campaign.about") == []
        assert not faults_of(stand.router)
    said = " ".join(told(stand))
    assert page.body in said
    assert page.small in said


def test_large_type_turns_from_the_words_of_a_campaign_back_to_its_conditions(stand: Stand) -> None:
    stand.preview("campaign-longest-not-eligible", is_large=True)
    stand.tap("campaign.about")
    assert not faults_of(stand.router)
    assert stand.driver.is_seen("campaign.feedback")
    assert stand.tap("campaign.back") == []
    stand.driver.wait(0.4)
    assert stand.driver.is_seen("campaign.about")
    assert stand.tap("campaign.back") == [Back()]


@pytest.mark.parametrize("is_large", [False, True], ids=["normal", "large"])
def test_a_campaign_tells_its_days_and_its_place(stand: Stand, *, is_large: bool) -> None:
    stand.preview("campaign-not-eligible", is_large=is_large)
    said = " ".join(told(stand))
    assert "2026年1月1日 至 2098年12月31日" in said
    assert "本店参加" in said


def test_the_slide_of_a_campaign_tells_its_days_in_large_type(stand: Stand) -> None:
    stand.preview("attract-campaign", is_large=True)
    assert "2026年1月1日 至 2098年12月31日" in told(stand)


@pytest.mark.parametrize("is_large", [False, True], ids=["normal", "large"])
def test_the_page_of_own_words_says_how_many_there_may_be_and_when_it_is_full(stand: Stand, *, is_large: bool) -> None:
    view = stand.preview("feedback-text", is_large=is_large)
    assert "最多 200 字；请不要写手机号和证件号" in told(stand)
    written = view.state.said
    page = stand.router.page_of(view.state)
    stand.show(replace(view, state=replace(view.state, said=replace(written, text="好" * 200))))
    assert "200 / 200" in told(stand)
    assert page.is_full
    stand.show(replace(view, state=replace(view.state, said=replace(written, text="好" * 199))))
    assert not page.is_full


@pytest.mark.parametrize("label", ["feedback-flood", "case-locked"])
def test_who_has_to_wait_is_not_asked_to_try_again_at_once(stand: Stand, label: str) -> None:
    stand.preview(label)
    assert not stand.driver.is_seen("message.retry")
    assert stand.tap("message.back") == [Back()]


def test_a_guest_reads_why_no_name_can_go_along(stand: Stand) -> None:
    stand.preview("feedback-face-2")
    assert "没有登录，不记姓名" in told(stand)
    assert stand.tap("feedback.anonymous") == []


def test_a_member_looks_at_campaigns_without_the_link_as_a_guest_does(stand: Stand) -> None:
    stand.preview("member-offline")
    assert "可看，暂不能报名" in told(stand)
    assert stand.tap("member.campaigns") == [ErrandChosen(Errand.CAMPAIGNS)]
    assert stand.tap("member.points") == []


@pytest.mark.parametrize("field", ["birthday", "email"])
def test_what_is_beside_a_label_of_the_form_keeps_clear_of_icon_and_edge(stand: Stand, field: str) -> None:
    view = stand.preview("form-empty", Language.EN)
    entry = stand.router.page_of(view.state).ids[field]
    right = (88 if entry.icon else 30) * Metrics.dp
    drawn = [part for part in entry.walk(restrict=True) if isinstance(part, Text) and is_visible(part) and part.text and len(part.text) > 1]
    assert entry.remark in {part.text for part in drawn}
    for part in drawn:
        assert part.ink_pos[0] + part.texture_size[0] <= entry.right - right, part.text


def ink_of(text: Text) -> tuple[float, float]:
    """Lowest and highest y of what is drawn."""
    width, height = text.texture.size
    alpha = text.texture.pixels[3::4]
    rows = [row for row in range(height) if any(alpha[row * width : (row + 1) * width])]
    top = text.ink_pos[1] + height
    return top - rows[-1] - 1, top - rows[0]


def test_no_screen_shows_a_day_as_machines_write_it(stand: Stand) -> None:
    shown = []
    for label, view in views().items():
        stand.show(view)
        shown += [f"{label}: {text}" for part in stand.router.walk(restrict=True) if ISO_DAY.search(text := str(getattr(part, "text", "")))]
    assert shown == []


def test_a_reward_for_a_higher_tier_says_which_tier_and_what_is_missing_to_it(stand: Stand) -> None:
    page = stand.router.page_of(stand.preview("reward-refused-cooker").state)
    assert (page.ids.wanted.fact, page.ids.wanted.second) == ("再积 2,520 分可升级", "需要铂金会员")
    stand.preview("reward-refused-umbrella")
    assert (page.ids.wanted.fact, page.ids.wanted.second) == ("", "")


def test_why_stands_in_the_place_of_the_code_and_the_code_is_not_shown_meanwhile(stand: Stand) -> None:
    page = stand.router.page_of(stand.preview("coupon-code-why").state)
    assert page.why.splitlines()[0] == "2026年12月31日 参加活动所得（规则 welcome-2026-11）"
    assert (page.code, page.code_lines) == ("", "")
    stand.preview("coupon-code")
    assert (page.why, bool(page.code)) == ("", True)
    page = stand.router.page_of(stand.preview("redemption-why").state)
    assert (page.why.count("\n"), page.ids.ticket.is_shown) == (2, False)
    stand.preview("redemption-why-loading")
    assert page.why == "正在查询…"


@pytest.mark.parametrize("is_large", [False, True])
def test_a_short_title_of_a_campaign_is_not_broken_within_a_word(stand: Stand, is_large: bool) -> None:
    stand.preview("attract-campaign", is_large=is_large)
    titles = [one for one in stand.router.walk() if isinstance(one, Text) and one.text == "亲子烘焙课" and is_visible(one)]
    assert [one.laid_text for one in titles] == ["亲子烘焙课"]


def test_large_type_tells_points_to_come_and_what_other_pages_hold(stand: Stand) -> None:
    page = stand.router.page_of(stand.preview("points", is_large=True).state)
    assert page.available_note == "另有 320 分待入账"
    assert page.heading_large.splitlines()[0] == "第 1 页，共 5 页"
    assert page.heading_large.splitlines()[1].startswith("其余")


def test_until_when_a_reward_is_to_be_picked_up_stands_on_the_page_before_confirming(stand: Stand) -> None:
    page = stand.router.page_of(stand.preview("reward").state)
    assert page.pickup == "2027年12月10日前取，到期积分退回"
    stand.preview("reward-checking")
    assert page.pickup == "到期未取，积分自动退回"


def stands_at(page: Widget, *kinds: type[Widget]) -> list[tuple[float, ...]]:
    return [(*one.pos, *one.size) for one in page.walk() if isinstance(one, kinds) and getattr(one, "is_shown", True)]


@pytest.mark.parametrize(("is_large", "test_id"), [(False, "member.gift"), (True, "member.headline")])
@pytest.mark.parametrize(("told", "untold"), [("member-birthday", "member"), ("member-card-pending-birthday", "member-card-pending")])
def test_a_birthday_gift_can_be_reached_from_a_wheelchair_and_moves_nothing(
    stand: Stand, told: str, untold: str, test_id: str, *, is_large: bool
) -> None:
    page = stand.router.page_of(stand.preview(told, is_large=is_large).state)
    button = next(one for one in page.walk() if getattr(one, "test_id", "") == test_id)
    below = Metrics.dp * (1920 - 1000) - button.to_window(*button.pos)[1]
    assert below / Metrics.dp >= 88
    # News come a moment after the page, when a finger may be on its way.
    before = stands_at(page, StatCard, Tile)
    stand.preview(untold, is_large=is_large)
    assert before
    assert stands_at(page, StatCard, Tile) == before
