"""Accounts of staff: a name is no identity, a code works once, and who errs too often waits."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest

from server_stub.domain.actors import DeviceActor, Role, StaffActor, SystemActor
from server_stub.domain.id_number import check_character
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.services.staff_accounts import BOOTSTRAP, LOCKED_FOR, MOST_FAILURES, NewAccount, Proof, StaffAccounts, roles_from
from tests.support.central_service import Central, KeysOfTheTest, consenting

UNKNOWN_REGION = "12345619850307001" + check_character("12345619850307001")
PASSPHRASE = "correct horse battery"
ADMIN_ROLES = frozenset({Role.ADMINISTRATOR})


@pytest.fixture
def accounts(central: Central) -> StaffAccounts:
    return StaffAccounts(central.base, KeysOfTheTest(), is_development=False)


def account(name: str = "zhou", **changed: object) -> NewAccount:
    values = {"name": name, "display_name": "周敏", "roles": ADMIN_ROLES, "passphrase": PASSPHRASE, **changed}
    return NewAccount(**values)


def code(central: Central, secret: str, step: int = 0) -> str:
    return pyotp.TOTP(secret).at(central.clock.now() + timedelta(seconds=30 * step))


def refused(accounts: StaffAccounts, proof: Proof) -> Refusal:
    with pytest.raises(Refusal) as caught:
        accounts.sign_in(proof)
    assert caught.value.reason is Reason.NOT_PERMITTED
    return caught.value


def test_only_the_first_account_needs_nobody_and_it_is_an_administrator(accounts: StaffAccounts) -> None:
    with pytest.raises(Refusal):
        accounts.open(BOOTSTRAP, account(roles=frozenset({Role.REVIEWER})))
    assert accounts.is_empty()
    accounts.open(BOOTSTRAP, account())
    for actor in (BOOTSTRAP, SystemActor(), DeviceActor("K03", "S001"), StaffActor("li", frozenset({Role.REVIEWER}))):
        with pytest.raises(Refusal) as caught:
            accounts.open(actor, account("mallory"))
        assert caught.value.reason is Reason.NOT_PERMITTED
        with pytest.raises(Refusal):
            accounts.list(actor)
        with pytest.raises(Refusal):
            accounts.reset(actor, "zhou", "another long passphrase")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "Zhou"}, "name"),
        ({"name": "z"}, "name"),
        ({"name": "zhou; rm"}, "name"),
        ({"roles": frozenset()}, "roles"),
        ({"roles": frozenset({Role.SYSTEM})}, "roles"),
        ({"roles": frozenset({Role.KIOSK})}, "roles"),
        ({"roles": ADMIN_ROLES | {Role.REVIEWER}}, "mobile"),
        ({"mobile": "02012345678"}, "mobile"),
        ({"passphrase": "short"}, "passphrase"),
        ({"passphrase": "x" * 129}, "passphrase"),
        ({"passphrase": "my name is ZHOU indeed"}, "passphrase"),
    ],
)
def test_an_account_that_cannot_be_is_refused_by_field(accounts: StaffAccounts, changed: dict[str, object], field: str) -> None:
    with pytest.raises(Refusal) as caught:
        accounts.open(BOOTSTRAP, account(**changed))
    assert [f.field for f in caught.value.refused.findings] == [field]
    assert accounts.is_empty()


@pytest.mark.parametrize("typed", ["138 0013 8000", "+8613800138000", "１３８００１３８０００"])
def test_a_reviewer_is_kept_from_the_own_application_however_the_number_was_typed(
    central: Central, accounts: StaffAccounts, typed: str
) -> None:
    number = central.join(id_number=UNKNOWN_REGION, consents=consenting("id_number")).application_number
    secret = accounts.open(BOOTSTRAP, account("ou", roles=ADMIN_ROLES | {Role.REVIEWER}, mobile=typed)).totp_secret
    person = accounts.sign_in(Proof("ou", PASSPHRASE, code(central, secret))).actor
    with pytest.raises(Refusal) as caught:
        central.core.reviews.claim(person, number)
    assert caught.value.reason is Reason.OWN_APPLICATION


def test_a_development_account_is_of_the_development_profile(central: Central, accounts: StaffAccounts) -> None:
    with pytest.raises(Refusal):
        accounts.open(BOOTSTRAP, account(is_development=True))
    development = StaffAccounts(central.base, KeysOfTheTest(), is_development=True)
    secret = development.open(BOOTSTRAP, account(is_development=True)).totp_secret
    assert development.sign_in(Proof("zhou", PASSPHRASE, code(central, secret))).is_development
    # The same database under the production profile: the account does not sign in.
    refused(accounts, Proof("zhou", PASSPHRASE, code(central, secret, 1)))


def test_passphrase_and_code_are_both_needed_and_it_is_not_said_which_was_wrong(central: Central, accounts: StaffAccounts) -> None:
    secret = accounts.open(BOOTSTRAP, account()).totp_secret
    right = code(central, secret)
    proofs = [
        Proof("nobody", PASSPHRASE, right),
        Proof("zhou", "wrong horse battery", right),
        Proof("zhou", PASSPHRASE, f"{(int(right) + 1) % 1_000_000:06d}"),
        Proof("zhou", PASSPHRASE, ""),
    ]
    assert len({str(refused(accounts, proof).refused) for proof in proofs}) == 1
    found = accounts.sign_in(Proof("zhou", PASSPHRASE, right))
    assert (found.actor, found.display_name, found.is_development) == (StaffActor("zhou", ADMIN_ROLES), "周敏", False)


def test_a_code_works_once_and_never_after_a_later_one(central: Central, accounts: StaffAccounts) -> None:
    secret = accounts.open(BOOTSTRAP, account()).totp_secret
    accounts.sign_in(Proof("zhou", PASSPHRASE, code(central, secret)))
    for step in (0, -1):
        assert refused(accounts, Proof("zhou", PASSPHRASE, code(central, secret, step))).reason is Reason.NOT_PERMITTED
    assert accounts.sign_in(Proof("zhou", PASSPHRASE, code(central, secret, 1))).actor.name == "zhou"


def test_codes_outside_the_drift_do_not_count(central: Central, accounts: StaffAccounts) -> None:
    secret = accounts.open(BOOTSTRAP, account()).totp_secret
    for step in (-2, 2):
        assert refused(accounts, Proof("zhou", PASSPHRASE, code(central, secret, step))).reason is Reason.NOT_PERMITTED


def test_who_errs_too_often_waits_though_the_next_try_were_right(central: Central, accounts: StaffAccounts) -> None:
    secret = accounts.open(BOOTSTRAP, account()).totp_secret
    for _ in range(MOST_FAILURES - 1):
        assert refused(accounts, Proof("zhou", "wrong", "000000")).refused.retry_after_s == 0
    assert refused(accounts, Proof("zhou", "wrong", "000000")).refused.retry_after_s == LOCKED_FOR.total_seconds()
    central.clock.advance(minutes=14)
    assert refused(accounts, Proof("zhou", PASSPHRASE, code(central, secret))).refused.retry_after_s > 0
    assert [entry.is_locked for entry in accounts.list(StaffActor("x", ADMIN_ROLES))] == [True]
    central.clock.advance(minutes=2)
    accounts.sign_in(Proof("zhou", PASSPHRASE, code(central, secret)))


def test_a_reset_voids_what_was_and_nobody_resets_the_own_account(central: Central, accounts: StaffAccounts) -> None:
    first = accounts.open(BOOTSTRAP, account()).totp_secret
    administrator = accounts.sign_in(Proof("zhou", PASSPHRASE, code(central, first))).actor
    old = accounts.open(administrator, account("li", roles=frozenset({Role.REVIEWER}), mobile="13700137000")).totp_secret
    with pytest.raises(Refusal):
        accounts.reset(administrator, "zhou", "another long passphrase")
    with pytest.raises(Refusal):
        accounts.reset(administrator, "nobody", "another long passphrase")
    new = accounts.reset(administrator, "li", "another long passphrase").totp_secret
    refused(accounts, Proof("li", PASSPHRASE, code(central, old)))
    assert accounts.sign_in(Proof("li", "another long passphrase", code(central, new))).actor.roles == {Role.REVIEWER}


def test_a_closed_account_signs_in_no_more_and_nobody_closes_the_own(central: Central, accounts: StaffAccounts) -> None:
    first = accounts.open(BOOTSTRAP, account()).totp_secret
    administrator = accounts.sign_in(Proof("zhou", PASSPHRASE, code(central, first))).actor
    secret = accounts.open(administrator, account("li", roles=frozenset({Role.REVIEWER}), mobile="13700137000")).totp_secret
    for actor, name in ((administrator, "zhou"), (administrator, "nobody"), (StaffActor("li", frozenset({Role.REVIEWER})), "zhou")):
        with pytest.raises(Refusal):
            accounts.close(actor, name)
    accounts.close(administrator, "li")
    refused(accounts, Proof("li", PASSPHRASE, code(central, secret)))
    row = central.rows("staff")[0]
    assert (row["name"], row["state"]) == ("li", "CLOSED")
    assert row["passphrase_argon2"] is row["totp_secret"] is row["own_mobile_token"] is None
    # Neither opened again nor taken by somebody else: the records name it.
    for again in (
        lambda: accounts.close(administrator, "li"),
        lambda: accounts.reset(administrator, "li", "another long passphrase"),
        lambda: accounts.assign(administrator, "li", ""),
        lambda: accounts.note_mobile(administrator, "li", "13700137000"),
        lambda: accounts.open(administrator, account("li")),
    ):
        with pytest.raises(Refusal):
            again()
    assert central.rows("staff")[0] == row


def test_a_number_that_is_noted_later_keeps_a_reviewer_from_the_own_application(central: Central, accounts: StaffAccounts) -> None:
    number = central.join(id_number=UNKNOWN_REGION, consents=consenting("id_number")).application_number
    first = accounts.open(BOOTSTRAP, account()).totp_secret
    administrator = accounts.sign_in(Proof("zhou", PASSPHRASE, code(central, first))).actor
    secret = accounts.open(administrator, account("ou", roles=frozenset({Role.REVIEWER}), mobile="13700137000")).totp_secret
    for actor, name, typed in ((administrator, "ou", "12"), (administrator, "zhou", "13800138000"), (BOOTSTRAP, "ou", "13800138000")):
        with pytest.raises(Refusal):
            accounts.note_mobile(actor, name, typed)
    accounts.note_mobile(administrator, "ou", "138 0013 8000")
    person = accounts.sign_in(Proof("ou", PASSPHRASE, code(central, secret))).actor
    with pytest.raises(Refusal) as caught:
        central.core.reviews.claim(person, number)
    assert caught.value.reason is Reason.OWN_APPLICATION


def test_a_taken_name_is_refused(central: Central, accounts: StaffAccounts) -> None:
    accounts.open(BOOTSTRAP, account())
    with pytest.raises(Refusal) as caught:
        accounts.open(StaffActor("x", ADMIN_ROLES), account())
    assert caught.value.reason is Reason.STALE_VERSION


def test_neither_passphrase_nor_secret_stands_in_the_database_or_the_trail(central: Central, accounts: StaffAccounts) -> None:
    secret = accounts.open(BOOTSTRAP, account(mobile="+8613800138000"))
    assert PASSPHRASE not in repr(account())
    assert secret.totp_secret not in repr(secret)
    stored = str(central.rows("staff")) + str(central.rows("audit_event"))
    for value in (PASSPHRASE, secret.totp_secret, "13800138000"):
        assert value not in stored
    assert central.rows("staff")[0]["own_mobile_token"] == central.base.tokens.mobile("+8613800138000")


def test_every_sign_in_is_in_the_trail(central: Central, accounts: StaffAccounts) -> None:
    secret = accounts.open(BOOTSTRAP, account()).totp_secret
    refused(accounts, Proof("zhou", "wrong", "000000"))
    accounts.sign_in(Proof("zhou", PASSPHRASE, code(central, secret)))
    assert [row["action"] for row in central.rows("audit_event")] == ["staff.opened", "staff.refused", "staff.signed_in"]


@pytest.mark.parametrize("names", [[], ["kiosk"], ["boss"], ["reviewer", "system"]])
def test_roles_that_are_none_are_refused(names: list[str]) -> None:
    with pytest.raises(Refusal):
        roles_from(names)
    assert roles_from(["reviewer", "ADMINISTRATOR"]) == {Role.REVIEWER, Role.ADMINISTRATOR}
