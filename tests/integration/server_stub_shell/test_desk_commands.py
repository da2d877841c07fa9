"""`coupons` and `redemptions` as two people run them: what is refused is told to people and to programs, and nothing is done."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import subprocess

    from tests.support.service_process import Installation

MANAGER, SECOND, ADMIN = "dev-qian", "dev-sun", "dev-admin"


def together(installation: Installation, second: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs a command with two people at the terminal."""
    other = {key.replace("MEMBER_STAFF", "MEMBER_SECOND"): value for key, value in installation.proof(second).items()}
    return installation.command(*words, environment={**installation.proof(MANAGER), **other})


@pytest.mark.timeout(240)
def test_refusals_are_told_to_people_and_to_programs(installation: Installation) -> None:
    until = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    issue = ("coupons", "issue", "1", "--off", "500", "--until", until, "--reason", "SERVICE_FAILED", "--json")
    refused = together(installation, ADMIN, *issue)
    assert (refused.returncode, json.loads(refused.stdout)["reason"]) == (3, "NOT_PERMITTED"), refused.stderr
    assert "NOT_PERMITTED" in refused.stderr
    unknown = together(installation, SECOND, *issue)
    assert (unknown.returncode, json.loads(unknown.stdout)["reason"]) == (3, "MEMBER_UNKNOWN"), unknown.stderr
    reverse = ("redemptions", "reverse", "red_none", "--reason", "BROUGHT_BACK", "--request", "no id", "--json")
    malformed = together(installation, SECOND, *reverse)
    assert (malformed.returncode, json.loads(malformed.stdout)["reason"]) == (3, "REQUEST_MALFORMED"), malformed.stderr


@pytest.mark.timeout(240)
def test_reasons_are_a_closed_list_that_the_help_explains(installation: Installation) -> None:
    for words, word in (("coupons issue", "GOODS_FAULTY"), ("coupons void", "ABUSED"), ("redemptions reverse", "NOT_HANDED_OVER")):
        assert f"  {word} " in installation.command(*words.split(), "--help").stdout
    other = installation.command("coupons", "void", "cpn_none", "--reason", "BECAUSE")
    assert other.returncode == 2
    assert "invalid choice" in other.stderr
