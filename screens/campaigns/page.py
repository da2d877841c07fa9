"""One campaign: what it is, whether the one who is here can take part, why not, and how to become able to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from kiosk.flows.campaigns.state import CampaignFeedbackChosen, CampaignShown, JoinChosen, OwnCouponsChosen, ReminderChosen
from kiosk.flows.step import Back, RetryChosen
from kiosk.ports.campaigns import CLAIMED, Condition, PublicCampaign
from kiosk.ports.display import Chrome
from kiosk.texts import Texts
from screens.campaigns.condition_row import ConditionRow
from screens.campaigns.words import picture_of, say_gives, say_left, say_line, say_where, say_window, width_of, words_of
from screens.frame.message import reason_title
from screens.frame.page import Page, Send
from screens.widgets.kv import load_beside

MOST = 3
_WIDE_STEP, _WIDE_TITLE = 38, 14
_NO_STEPS = frozenset({"explain.campaign.how.till", "explain.campaign.how.basis"})
_SIGNS = {True: ("check-circle", "green", "campaign.met"), False: ("x-circle", "warn", "campaign.unmet"), None: ("info", "blue", "")}


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What the band says: words, sign and colour, and what the red button does; "" for no button."""

    words: str
    note: str
    icon: str
    tone: str
    action: str


class CampaignPage(Page):
    """The page.

    Attributes:
        picture: File of the picture.
        tone: Colour of the verdict.
        action: What the red button does: join, sign_in, remind, coupons, retry, or "".
        has_conditions: There are conditions to be shown; the words of the campaign take their place where there are none.
        is_step_long: The first line of the way takes two lines, and what helps with it is left out.
        is_title_long: The title is set smaller.
        has_steps: The way has several steps, each as important as the others.
        has_way: How to become able to is shown; the words take its place otherwise.
        is_about: In large type the words have taken the place of the conditions, by a touch.
    """

    touches = {
        "back": Back,
        "join": JoinChosen,
        "sign_in": JoinChosen,
        "remind": ReminderChosen,
        "coupons": OwnCouponsChosen,
        "retry": RetryChosen,
        "feedback": CampaignFeedbackChosen,
    }

    picture = StringProperty("")
    title = StringProperty("")
    window = StringProperty("")
    where = StringProperty("")
    left = StringProperty("")
    gives = StringProperty("")
    verdict = StringProperty("")
    verdict_note = StringProperty("")
    icon = StringProperty("")
    tone = StringProperty("green")
    action = StringProperty("")
    body = StringProperty("")
    small = StringProperty("")
    step_line = StringProperty("")
    helping = StringProperty("")
    basis = StringProperty("")
    has_conditions = BooleanProperty(False)
    has_steps = BooleanProperty(False)
    has_way = BooleanProperty(False)
    is_step_long = BooleanProperty(False)
    is_title_long = BooleanProperty(False)
    is_about = BooleanProperty(False)

    def __init__(self, send: Send, **kwargs: Any) -> None:
        """Build the rows once."""
        super().__init__(send, **kwargs)
        self._rows = [ConditionRow(box=[0, 124 * place, 984, 124], box_large=[0, 148 * place, 984, 148]) for place in range(MOST)]
        for row in self._rows:
            self.ids.conditions.add_widget(row)

    def render(self, state: CampaignShown, chrome: Chrome) -> None:
        """Show the campaign as it stands."""
        tr, look, campaign = self.tr, state.look, state.look.campaign
        words = words_of(campaign, chrome.language)
        self.picture, self.title = picture_of(campaign), words.title
        self.window, self.where, self.gives = say_window(tr, campaign).replace("\n", " "), say_where(tr, campaign), say_gives(tr, campaign)
        self.left = say_left(tr, look, is_from_memory=state.is_from_memory)
        self.body, self.small = words.body, words.conditions
        verdict = _verdict(tr, state)
        self.verdict, self.verdict_note, self.icon = verdict.words, verdict.note, verdict.icon
        self.tone, self.action = verdict.tone, verdict.action
        self.is_end_primary = not verdict.action
        self._show_conditions(look.conditions)
        self.is_about = self.is_about and self.is_large and self.has_conditions
        # Whoever has taken part needs no way to it.
        lines = [said for said in (say_line(tr, line) for line in look.way) if said and look.refusal != CLAIMED]
        self.has_way = bool(lines)
        self.step_line, self.helping, self.basis = (*lines, "", "", "")[:3]
        self.has_steps = sum(line.key not in _NO_STEPS for line in look.way) > 1
        self.is_step_long, self.is_title_long = width_of(self.step_line) > _WIDE_STEP, width_of(self.title) > _WIDE_TITLE

    def enter(self) -> None:
        """The conditions come first."""
        self.is_about = False

    def tell_about(self) -> None:
        """The words in place of the conditions; normal type has room for both."""
        self.is_about = True

    def go_back(self) -> None:
        """From the words to the conditions, from there to the list."""
        if self.is_about:
            self.is_about = False
        else:
            self.act("back")

    def wipe(self) -> None:
        """Forget how it stands with the member."""
        for name in ("verdict", "verdict_note", "step_line", "helping", "basis"):
            setattr(self, name, "")
        for row in self._rows:
            row.standing = row.verdict = ""

    def _show_conditions(self, conditions: tuple[Condition, ...]) -> None:
        self.has_conditions = bool(conditions)
        for place, row in enumerate(self._rows):
            row.is_shown = place < len(conditions)
            if row.is_shown:
                self._fill(row, conditions[place], is_first=place == 0)

    def _fill(self, row: ConditionRow, condition: Condition, *, is_first: bool) -> None:
        row.icon, row.tone, verdict = _SIGNS[condition.is_met]
        row.what = say_line(self.tr, condition.what)
        row.standing = say_line(self.tr, condition.standing) if condition.standing else ""
        row.verdict = self.tr(verdict) if verdict else ""
        row.is_first, row.is_roomy = is_first, self.is_large


def _verdict(tr: Texts, state: CampaignShown) -> _Verdict:
    look = state.look
    if state.is_from_memory:
        return _Verdict(tr("campaign.verdict.memory"), tr("campaign.verdict.memory.note"), "cloud-slash", "warn", "retry")
    if look.refusal is not None:
        return _refused(tr, state)
    if state.visitor is None:
        asked = tr("campaign.verdict.guest.note" if look.conditions else "campaign.verdict.guest.free")
        return _Verdict(tr("campaign.verdict.guest"), asked, "info", "blue", "sign_in")
    note = tr("campaign.verdict.open.note") if look.conditions else say_gives(tr, look.campaign)
    return _Verdict(tr("campaign.verdict.open"), note, "check-circle", "green", "join")


def _refused(tr: Texts, state: CampaignShown) -> _Verdict:
    look = state.look
    why = reason_title(tr, look.refusal) if look.refusal else ""
    if look.refusal == CLAIMED:
        return _Verdict(why, _where_it_is(tr, look.campaign), "check-circle", "green", "coupons" if look.gave_coupon else "")
    met = sum(condition.is_met is True for condition in look.conditions)
    unmet = sum(condition.is_met is False for condition in look.conditions)
    note = tr("campaign.verdict.remind" if look.may_wish else "campaign.verdict.others")
    if look.has_wished:
        note = tr("campaign.has_wished")
    elif unmet:
        note = tr("campaign.verdict.missing", total=len(look.conditions), met=met, missing=unmet)
    return _Verdict(why, note, "warning-circle", "warn", "remind" if look.may_wish else "")


def _where_it_is(tr: Texts, campaign: PublicCampaign) -> str:
    """Return where the member finds what taking part gave."""
    if campaign.value_fen:
        return tr("campaign.claimed.coupon")
    return tr("campaign.claimed.points" if campaign.points else "campaign.claimed.part")


load_beside(__file__)
