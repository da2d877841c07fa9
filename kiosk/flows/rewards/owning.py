"""What was redeemed: the page with its code, receipt and paper, giving it back, and the list of all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kiosk.flows.register.state import SlipFailed, SlipPrinted
from kiosk.flows.rewards.answers import CardUpdated, ReceiptFetched, RedemptionExplained, RedemptionsLoaded, RedemptionUndone
from kiosk.flows.rewards.choosing import UNREACHABLE, home, load, unavailable
from kiosk.flows.rewards.effects import ExplainRedemption, FetchReceipt, LoadRedemptions, PrintRedemption, UndoRedemption, UpdateCard
from kiosk.flows.rewards.state import (
    AskingUndo,
    CardStanding,
    Choosing,
    LoadingRedemptions,
    RedemptionChosen,
    RedemptionList,
    RedemptionShown,
    Undoing,
    Undone,
    UndoRefused,
)
from kiosk.flows.slips import prove
from kiosk.flows.step import DeskRefused, Step
from kiosk.ports.rewards import OwnRedemption, Redemption
from kiosk.ports.values import Visitor


def bought(choice: Choosing, redemption: Redemption) -> Step:
    """Return the step to what was bought just now; the card is written while the member looks at the code."""
    reward, waits = choice.reward, bool(redemption.pickup_code)
    own = OwnRedemption(redemption, reward.title, reward.picture, choice.qty, "", "", is_here=True, can_be_undone=waits)
    standing, effects = card_follows(choice.visitor)
    shown = RedemptionShown(choice.visitor, own, card=standing)
    return Step(shown, (FetchReceipt(choice.visitor.visit_token, redemption.redemption_id), *effects))


def card_follows(visitor: Visitor) -> tuple[CardStanding, tuple[Any, ...]]:
    """Return how a card stands after points changed: who came without one is asked for none."""
    return (CardStanding.NONE, ()) if visitor.card is None else (CardStanding.WRITING, (UpdateCard(visitor),))


# The list.


def list_redemptions(state: Any, _event: Any) -> Step:
    """Ask for what was redeemed."""
    return Step(LoadingRedemptions(state.visitor), (LoadRedemptions(state.visitor.visit_token),))


def listed(state: LoadingRedemptions, event: RedemptionsLoaded) -> Step:
    """The list is here."""
    return Step(RedemptionList(state.visitor, event.redemptions))


def not_listed(state: LoadingRedemptions, event: Any) -> Step:
    """The list did not come."""
    reason = event.reason if isinstance(event, DeskRefused) else UNREACHABLE
    return unavailable(state, reason, LoadRedemptions(state.visitor.visit_token))


def catalogue(state: Any, _event: Any) -> Step:
    """The catalogue, as it is now."""
    return load(state.visitor)


def redemption_chosen(state: RedemptionList, event: RedemptionChosen) -> Step:
    """One of the list; its receipt is fetched where it can be had."""
    own = next((one for one in state.redemptions if one.redemption.redemption_id == event.redemption_id), None)
    if own is None:
        return Step(state)
    has_receipt = own.is_here and not own.is_masked
    effects = (FetchReceipt(state.visitor.visit_token, event.redemption_id),) if has_receipt else ()
    return Step(RedemptionShown(state.visitor, own, state, is_receipt_missing=not has_receipt), effects)


# One of them.


def fetched(state: RedemptionShown, event: ReceiptFetched) -> Step:
    """The receipt is here, or is not to be had now."""
    if event.redemption_id != state.own.redemption.redemption_id:
        return Step(state)
    return Step(replace(state, receipt=event.receipt or state.receipt, is_receipt_missing=event.receipt is None))


def card_updated(state: RedemptionShown | Undone, event: CardUpdated) -> Step:
    """What became of the card."""
    standing = CardStanding.DONE if event.is_done else CardStanding.LATER
    return Step(replace(state, card=standing))


def card_updated_behind(state: AskingUndo | Undoing | UndoRefused, event: CardUpdated) -> Step:
    """The same, for the page to which this one leads back."""
    return Step(replace(state, shown=card_updated(state.shown, event).state))


def why_chosen(state: RedemptionShown, _event: Any) -> Step:
    """Why, or back to the code; the centre is asked where it has not said so yet."""
    asks = ExplainRedemption(state.visitor.visit_token, state.own.redemption.redemption_id)
    return Step(replace(state, is_why=not state.is_why), () if state.is_why or state.why else (asks,))


def explained(state: RedemptionShown, event: RedemptionExplained) -> Step:
    """Why is here, or is not to be had now."""
    is_of_it = event.redemption_id == state.own.redemption.redemption_id
    return Step(replace(state, why=event.lines) if is_of_it else state)


def in_words(state: RedemptionShown, _event: Any) -> Step:
    """What was redeemed is called otherwise in another language; the page stays while it is asked for."""
    return Step(state, (LoadRedemptions(state.visitor.visit_token),))


def said_anew(state: RedemptionShown, event: RedemptionsLoaded) -> Step:
    """The title in the language of now, and the list that it was chosen from."""
    own = next((one for one in event.redemptions if one.redemption.redemption_id == state.own.redemption.redemption_id), state.own)
    among = None if state.back is None else replace(state.back, redemptions=event.redemptions)
    return Step(replace(state, own=replace(state.own, title=own.title), back=among))


def slip_chosen(state: RedemptionShown, _event: Any) -> Step:
    """What failed is printed anew; what came out, or may have, is printed once more as a copy; a receipt that is missing is fetched."""
    if state.slip == "printing" or (state.slip == "printed" and state.is_copy):
        return Step(state)
    if state.receipt is None:
        asks = FetchReceipt(state.visitor.visit_token, state.own.redemption.redemption_id)
        return Step(replace(state, is_receipt_missing=False), (asks,)) if state.own.is_here and not state.own.is_masked else Step(state)
    # A receipt that was chosen from the list may have been printed before, in this visit or another.
    is_copy = state.is_copy or state.slip in {"printed", "unknown"} or (state.slip == "none" and state.back is not None)
    prints = PrintRedemption(state.receipt, state.visitor.name_masked, is_copy)
    return Step(replace(state, slip="printing", is_copy=is_copy, slip_reason=None), (prints,))


def printed(state: RedemptionShown, _event: SlipPrinted) -> Step:
    """It came out."""
    return Step(replace(state, slip="printed", slip_reason=None))


def not_printed(state: RedemptionShown, event: SlipFailed) -> Step:
    """It did not, or nobody knows."""
    return Step(replace(state, slip="unknown" if event.is_unknown else "failed", slip_reason=event.reason))


def done(state: RedemptionShown, _event: Any) -> Step:
    """On to the catalogue; where it was chosen from the list, back to that."""
    return load(state.visitor) if state.back is None else Step(state.back)


def back(state: RedemptionShown, event: Any) -> Step:
    """Back to where it came from."""
    if state.is_why:
        return why_chosen(state, event)
    return home(state, event) if state.back is None else Step(state.back)


# Giving it back.


def ask_undo(state: RedemptionShown, _event: Any) -> Step:
    """Ask first: a reward goes back to the shelf."""
    return Step(AskingUndo(state.visitor, state)) if state.own.can_be_undone else Step(state)


def keep(state: AskingUndo | UndoRefused, _event: Any) -> Step:
    """Nothing is given back."""
    return Step(state.shown)


def undo(state: AskingUndo | UndoRefused, _event: Any) -> Step:
    """Give it back; a second try is the same request."""
    asks = UndoRedemption(state.visitor.visit_token, state.shown.own.redemption.redemption_id)
    return Step(Undoing(state.visitor, state.shown), (asks,))


def undone(state: Undoing, event: RedemptionUndone) -> Step:
    """It is given back; the card is told, and what proves it is printed."""
    standing, effects = card_follows(state.visitor)
    proved = prove(Undone(state.visitor, event.redemption, standing), event.receipt)
    return Step(proved.state, (*effects, *proved.effects))


def not_undone(state: Undoing, event: Any) -> Step:
    """It is not, or nobody knows."""
    reason = event.reason if isinstance(event, DeskRefused) else UNREACHABLE
    return Step(UndoRefused(state.visitor, state.shown, reason))
