"""Points and purchases as a table. Every answer that does not come can be asked for again; back leads to the page before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from kiosk.flows.phone_proof.flow import UNREACHABLE
from kiosk.flows.places import ToMember, ToMenu
from kiosk.flows.points.state import (
    AccountLoaded,
    EntriesChosen,
    EntriesLoaded,
    ExplainPurchase,
    LoadAccount,
    LoadEntries,
    LoadingEntries,
    LoadingPoints,
    LoadingPurchase,
    LoadingPurchases,
    LoadPurchase,
    LoadPurchases,
    LoadStatement,
    MoreChosen,
    PointsByEntry,
    PointsByLot,
    PointsUnavailable,
    PreparingStatement,
    PrintAgainChosen,
    PrintStatement,
    PurchaseChosen,
    PurchaseExplained,
    PurchaseList,
    PurchaseLoaded,
    PurchaseNotExplained,
    PurchaseShown,
    PurchasesLoaded,
    StatementChosen,
    StatementReady,
)
from kiosk.flows.register.state import SlipFailed, SlipPrinted
from kiosk.flows.step import (
    COMMON_EVENTS,
    Back,
    Continued,
    DeskRefused,
    DeskUnreachable,
    Flow,
    Go,
    LanguageSwitched,
    RetryChosen,
    Rule,
    Step,
)
from kiosk.ports.points import Statement
from kiosk.ports.values import Reason

VISIT_OVER = Reason("VISIT_OVER")


_ASKED: Mapping[type, Callable[[Any, str], Any]] = {
    LoadingPoints: lambda _state, token: LoadAccount(token),
    LoadingEntries: lambda _state, token: LoadEntries(token),
    PreparingStatement: lambda _state, token: LoadStatement(token),
    PointsByEntry: lambda state, token: LoadEntries(token, state.next_page),
    LoadingPurchases: lambda _state, token: LoadPurchases(token),
    PurchaseList: lambda state, token: LoadPurchases(token, state.next_page),
    LoadingPurchase: lambda state, token: LoadPurchase(token, state.sale_id),
}


def asked_in(state: Any) -> Any:
    """Return what is asked for in a state that waits for an answer."""
    return _ASKED[type(state)](state, state.visitor.visit_token)


def asking(state: Any) -> Step:
    """Return the step into a state that waits for an answer."""
    return Step(state, (asked_in(state),))


# Points.


def _by_lot(state: LoadingPoints, event: AccountLoaded) -> Step:
    return Step(PointsByLot(state.visitor, state.number, event.account))


def _entries(state: PointsByLot, _event: EntriesChosen) -> Step:
    return asking(LoadingEntries(state.visitor, state.number, state.account))


def _by_entry(state: LoadingEntries, event: EntriesLoaded) -> Step:
    if event.asked:
        return Step(state)
    return Step(PointsByEntry(state.visitor, state.number, state.account, event.page.entries, event.page.next_page))


def _more(state: PointsByEntry | PurchaseList, _event: MoreChosen) -> Step:
    return asking(replace(state, is_loading=True)) if state.next_page and not state.is_loading else Step(state)


def _more_entries(state: PointsByEntry, event: EntriesLoaded) -> Step:
    if not state.is_loading or event.asked != state.next_page:
        return Step(state)
    page = event.page
    return Step(replace(state, entries=state.entries + page.entries, next_page=page.next_page, is_loading=False))


def _lots_again(state: LoadingEntries | PointsByEntry | PreparingStatement, _event: Back) -> Step:
    return Step(PointsByLot(state.visitor, state.number, state.account))


# Another language: campaigns are called by the centre, in the language in which it was asked. Pages stay while it is asked.


def _lots_in_words(state: PointsByLot, _event: LanguageSwitched) -> Step:
    return Step(state, (LoadAccount(state.visitor.visit_token),))


def _entries_in_words(state: PointsByEntry, _event: LanguageSwitched) -> Step:
    """The newest page again: an older one in another language would not go with it."""
    token = state.visitor.visit_token
    return Step(LoadingEntries(state.visitor, state.number, state.account), (LoadAccount(token), LoadEntries(token)))


def _statement_in_words(state: StatementReady, _event: LanguageSwitched) -> Step:
    token = state.visitor.visit_token
    return Step(state, (LoadAccount(token), LoadStatement(token)))


def _lots_said_anew(state: PointsByLot | LoadingEntries | PointsByEntry | PreparingStatement, event: AccountLoaded) -> Step:
    return Step(replace(state, account=event.account))


def _statement_lots_said_anew(state: StatementReady, event: AccountLoaded) -> Step:
    return Step(replace(state, statement=replace(state.statement, account=event.account)))


def _statement_said_anew(state: StatementReady, event: EntriesLoaded) -> Step:
    if event.asked:
        return Step(state)
    page = event.page
    return Step(replace(state, statement=replace(state.statement, entries=page.entries, is_whole=not page.next_page)))


# The statement.


def _prepare(state: PointsByLot | PointsByEntry, _event: StatementChosen) -> Step:
    return asking(PreparingStatement(state.visitor, state.number, state.account))


def _statement(state: PreparingStatement, event: EntriesLoaded) -> Step:
    page = event.page
    if event.asked:
        return Step(state)
    statement = Statement(state.visitor.name_masked, state.number, state.account, page.entries, is_whole=not page.next_page)
    return Step(StatementReady(state.visitor, state.number, statement), (PrintStatement(statement, is_copy=False),))


def _printed(state: StatementReady, _event: SlipPrinted) -> Step:
    return Step(replace(state, slip="printed", reason=None))


def _not_printed(state: StatementReady, event: SlipFailed) -> Step:
    return Step(replace(state, slip="unknown" if event.is_unknown else "failed", reason=event.reason))


def _print_again(state: StatementReady, _event: PrintAgainChosen) -> Step:
    """What failed is printed anew; what came out, or may have, is printed once more as a copy."""
    if state.slip == "printing" or (state.slip == "printed" and state.is_copy):
        return Step(state)
    is_copy = state.is_copy or state.slip != "failed"
    return Step(replace(state, slip="printing", is_copy=is_copy, reason=None), (PrintStatement(state.statement, is_copy),))


def _lots_after_statement(state: StatementReady, _event: Any) -> Step:
    return Step(PointsByLot(state.visitor, state.number, state.statement.account))


# Purchases.


def _listed(state: LoadingPurchases, event: PurchasesLoaded) -> Step:
    page = event.page
    if event.asked:
        return Step(state)
    return Step(PurchaseList(state.visitor, state.number, page.purchases, page.total, page.next_page))


def _more_purchases(state: PurchaseList, event: PurchasesLoaded) -> Step:
    if not state.is_loading or event.asked != state.next_page:
        return Step(state)
    page = event.page
    return Step(replace(state, purchases=state.purchases + page.purchases, total=page.total, next_page=page.next_page, is_loading=False))


def _purchase(state: PurchaseList, event: PurchaseChosen) -> Step:
    # An older page that is on its way must not come to another state: the list waits for it first.
    return Step(state) if state.is_loading else asking(LoadingPurchase(state.visitor, state, event.sale_id))


def _shown(state: LoadingPurchase, event: PurchaseLoaded) -> Step:
    if event.detail.purchase.sale_id != state.sale_id:
        return Step(state)
    return _ask_why(PurchaseShown(state.visitor, state.listed, event.detail))


def _ask_why(state: PurchaseShown) -> Step:
    """The page does not wait for the explanation: what was bought and paid is there already."""
    sale_id = state.detail.purchase.sale_id
    return Step(replace(state, why=None, why_not=None), (ExplainPurchase(state.visitor.visit_token, sale_id),))


def _explained(state: PurchaseShown, event: PurchaseExplained) -> Step:
    if event.sale_id != state.detail.purchase.sale_id:
        return Step(state)
    return Step(replace(state, why=event.lines, why_not=None))


def _not_explained(state: PurchaseShown, event: PurchaseNotExplained) -> Step:
    if state.why is not None or event.sale_id != state.detail.purchase.sale_id:
        return Step(state)
    return Step(replace(state, why_not=event.reason))


def _why_again(state: PurchaseShown, _event: RetryChosen) -> Step:
    return _ask_why(state) if state.why_not is not None else Step(state)


def _why_in_words(state: PurchaseShown, _event: LanguageSwitched) -> Step:
    """Names in the explanation are the centre's, in the language in which it was asked."""
    return _ask_why(state)


def _list_again(state: LoadingPurchase | PurchaseShown, _event: Back) -> Step:
    return Step(state.listed)


# What every page has.


def _refused(state: Any, event: DeskRefused) -> Step:
    return Step(PointsUnavailable(state.visitor, event.reason, state, asked_in(state)))


def _unreachable(state: Any, _event: DeskUnreachable) -> Step:
    return Step(PointsUnavailable(state.visitor, UNREACHABLE, state, asked_in(state)))


def _again(state: PointsUnavailable, _event: RetryChosen) -> Step:
    return Step(state.again, (state.asks,))


def _home(state: Any, _event: Any) -> Step:
    return Step(state, (Go(ToMember(state.visitor)),))


def _leave(state: PointsUnavailable, _event: Any) -> Step:
    return Step(state, (Go(ToMenu() if state.reason == VISIT_OVER else ToMember(state.visitor)),))


def _if_loading(rule: Rule) -> Rule:
    return lambda state, event: rule(state, event) if state.is_loading else Step(state)


_WAITING = (LoadingPoints, LoadingEntries, PreparingStatement, LoadingPurchases, LoadingPurchase)
_PAGED = (PointsByEntry, PurchaseList)

POINTS = Flow(
    name="points",
    states=(*_WAITING, PointsByLot, *_PAGED, StatementReady, PurchaseShown, PointsUnavailable),
    events=(
        *COMMON_EVENTS,
        AccountLoaded,
        EntriesLoaded,
        PurchasesLoaded,
        PurchaseLoaded,
        PurchaseExplained,
        PurchaseNotExplained,
        EntriesChosen,
        MoreChosen,
        StatementChosen,
        PrintAgainChosen,
        PurchaseChosen,
        SlipPrinted,
        SlipFailed,
    ),
    rules={
        **{(state, DeskRefused): _refused for state in _WAITING},
        **{(state, DeskUnreachable): _unreachable for state in _WAITING},
        **{(state, DeskRefused): _if_loading(_refused) for state in _PAGED},
        **{(state, DeskUnreachable): _if_loading(_unreachable) for state in _PAGED},
        **{(state, Back): _home for state in (LoadingPoints, PointsByLot, LoadingPurchases, PurchaseList)},
        (LoadingPoints, AccountLoaded): _by_lot,
        **{(state, AccountLoaded): _lots_said_anew for state in (PointsByLot, LoadingEntries, PointsByEntry, PreparingStatement)},
        (PointsByLot, LanguageSwitched): _lots_in_words,
        (PointsByEntry, LanguageSwitched): _entries_in_words,
        (StatementReady, LanguageSwitched): _statement_in_words,
        (StatementReady, AccountLoaded): _statement_lots_said_anew,
        (StatementReady, EntriesLoaded): _statement_said_anew,
        (PointsByLot, EntriesChosen): _entries,
        (PointsByLot, StatementChosen): _prepare,
        (LoadingEntries, EntriesLoaded): _by_entry,
        (LoadingEntries, Back): _lots_again,
        (PointsByEntry, EntriesLoaded): _more_entries,
        (PointsByEntry, MoreChosen): _more,
        (PointsByEntry, StatementChosen): _prepare,
        (PointsByEntry, Back): _lots_again,
        (PreparingStatement, EntriesLoaded): _statement,
        (PreparingStatement, Back): _lots_again,
        (StatementReady, SlipPrinted): _printed,
        (StatementReady, SlipFailed): _not_printed,
        (StatementReady, PrintAgainChosen): _print_again,
        (StatementReady, Back): _lots_after_statement,
        (StatementReady, Continued): _lots_after_statement,
        (LoadingPurchases, PurchasesLoaded): _listed,
        (PurchaseList, PurchasesLoaded): _more_purchases,
        (PurchaseList, MoreChosen): _more,
        (PurchaseList, PurchaseChosen): _purchase,
        (LoadingPurchase, PurchaseLoaded): _shown,
        (LoadingPurchase, Back): _list_again,
        (PurchaseShown, Back): _list_again,
        (PurchaseShown, PurchaseExplained): _explained,
        (PurchaseShown, PurchaseNotExplained): _not_explained,
        (PurchaseShown, RetryChosen): _why_again,
        (PurchaseShown, LanguageSwitched): _why_in_words,
        (PointsUnavailable, RetryChosen): _again,
        (PointsUnavailable, Continued): _leave,
        (PointsUnavailable, Back): _leave,
    },
)
