"""Where a case stands, what was replied, and whether that helped. Replies are turned over one by one, the newest first."""

from __future__ import annotations

from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.flows.feedback.state import FollowUpChosen, ShowingCase, VerdictGiven
from kiosk.flows.step import Back, Continued
from kiosk.ports.display import Chrome
from kiosk.ports.feedback import Case, CaseState, Verdict
from kiosk.texts.days import say_day
from screens.feedback.sent import in_groups
from screens.frame.page import Page
from screens.widgets.kv import load_beside

_LOOKS = {
    CaseState.RECEIVED: ("tray", "blue"),
    CaseState.CLASSIFIED: ("tray", "blue"),
    CaseState.ASSIGNED: ("user-circle", "gold"),
    CaseState.REPLIED: ("chat-centered-text", "green"),
    CaseState.CLOSED: ("check-circle", "green"),
    CaseState.REOPENED: ("arrow-counter-clockwise", "warn"),
}


class CasePage(Page):
    """The page.

    Attributes:
        number: Case number, in words.
        status: Where it stands, in a word.
        dates: When it came and by when there is a reply.
        icon: Icon of the state.
        hue: Its colour.
        heading: Over the reply.
        reply: What is seen of the replies.
        said: The member's verdict, in words, or the question.
        may_judge: The verdict can be given.
        leaf: Page of replies, from 0.
        leaves: How many there are.
    """

    touches = {
        "done": Continued,
        "back": Back,
        "another": FollowUpChosen,
        "helped": lambda: VerdictGiven(Verdict.HELPED),
        "not_helped": lambda: VerdictGiven(Verdict.NOT_HELPED),
    }

    number = StringProperty("")
    status = StringProperty("")
    dates = StringProperty("")
    icon = StringProperty("tray")
    hue = StringProperty("blue")
    heading = StringProperty("")
    reply = StringProperty("")
    said = StringProperty("")
    may_judge = BooleanProperty(False)
    leaf = NumericProperty(0)
    leaves = NumericProperty(1)

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Know no case yet."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._case: Case | None = None
        # How much goes on a page is known once the text has its place.
        self.ids.words.fbind("size", self._show_leaf)

    def render(self, state: ShowingCase, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show the case."""
        case = self._case = state.case
        self.number = self.tr("feedback.case.number", number=in_groups(case.number))
        self.status = self.tr(f"feedback.state.{case.state}")
        self.dates = self.tr("feedback.case.dates", received=say_day(self.tr, case.received_on), reply=say_day(self.tr, case.reply_by))
        self.icon, self.hue = _LOOKS[case.state]
        self.may_judge = case.may_judge
        self.said = self._verdict(case)
        self._show_leaf()

    def enter(self) -> None:
        """The newest reply comes first."""
        self.leaf = 0

    def turn(self, step: int) -> None:
        """Another part of the replies."""
        self.leaf = min(max(0, self.leaf + step), self.leaves - 1)
        self._show_leaf()

    def wipe(self) -> None:
        """Forget the case and its replies."""
        self._case = None
        self.number = self.dates = self.heading = self.reply = self.said = ""

    def _verdict(self, case: Case) -> str:
        if case.may_judge:
            return str(self.tr("feedback.case.helped.question"))
        return str(self.tr(f"feedback.case.said.{case.verdict}")) if case.verdict else ""

    def _show_leaf(self, *_args: object) -> None:
        case = self._case
        if case is None:
            return
        pages = [(reply.on, page) for reply in reversed(case.replies) for page in self.ids.words.pages_of(reply.text)]
        self.leaves = max(1, len(pages))
        self.leaf = min(self.leaf, self.leaves - 1)
        if not pages:
            self.heading, self.reply = self.tr("feedback.case.no_reply"), self.tr("feedback.case.no_reply.note")
            return
        day, self.reply = pages[int(self.leaf)]
        self.heading = self.tr("feedback.case.reply", date=say_day(self.tr, day))


load_beside(__file__)
