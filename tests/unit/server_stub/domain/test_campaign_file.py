"""Campaigns as a file says them: all that is wrong is named, by line and field; what must not be asked about a person is named first."""

from __future__ import annotations

import json
import tomllib
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.campaigns.campaign import CouponGrant, PointsGrant
from server_stub.domain.campaigns.campaign_file import BadCampaigns, CampaignFlaw, line_of, parse_campaigns, read_campaign, read_campaigns
from server_stub.domain.language import Language
from tests.support.campaign_stand import campaign, words


def flaws(document: Any) -> list[str]:
    with pytest.raises(BadCampaigns) as caught:
        read_campaigns(document)
    return [f"{flawed.field} {flawed.flaw.value}" for flawed in caught.value.flaws]


def one(**more: Any) -> dict[str, Any]:
    return {"campaign": [campaign(**more)]}


@pytest.mark.parametrize(
    ("document", "wrong"),
    [
        ([], "file BAD_FIELD"),
        ({"campaign": []}, "campaign BAD_FIELD"),
        ({"campaign": ["baking"]}, "campaign[1] BAD_FIELD"),
        ({"campaign": [campaign(), campaign()]}, "campaign[2].id DUPLICATE_ID"),
        (one(campaign_id="c" * 41), "campaign[1].id BAD_FIELD"),
        (one(budget=5), "campaign[1].budget UNKNOWN_FIELD"),
        (one(title={"zh-Hans": "课", "en": "class"}), "campaign[1].title.zh-Hant MISSING_FIELD"),
        (one(title=words("课" * 13, "class")), "campaign[1].title.zh-Hans BAD_FIELD"),
        (one(title=words("课" * 12, "c" * 25)), "campaign[1].title.en BAD_FIELD"),
        (one(title=words("课", "烘焙课")), "campaign[1].title.en WRONG_LANGUAGE"),
        (one(line=words("class", "class")), "campaign[1].line.zh-Hans WRONG_LANGUAGE"),
        (one(picture="../x.png"), "campaign[1].picture BAD_FIELD"),
        (one(title=words("🎉会员日", "day")), "campaign[1].title.zh-Hans CANNOT_BE_DRAWN"),
        (one(title=words("会员日", "วันสมาชิก")), "campaign[1].title.en CANNOT_BE_DRAWN"),
        (one(starts="tomorrow"), "campaign[1].starts BAD_FIELD"),
        (one(starts="0001-01-01T00:00:00"), "campaign[1].starts BAD_FIELD"),
        (one(ends="9999-12-31T23:59:59Z"), "campaign[1].ends BAD_FIELD"),
        (one(starts="2026-12-01T00:00:00", ends="2026-12-01T00:00:00"), "campaign[1].ends OUT_OF_ORDER"),
        (one(shown_until="2026-12-02T00:00:00"), "campaign[1].shown_until OUT_OF_ORDER"),
        (one(stores=[]), "campaign[1].stores BAD_FIELD"),
        (one(segment={"sex": "female"}), "campaign[1].segment.sex FORBIDDEN_ATTRIBUTE"),
        (one(segment={"age_band": "ADULT"}), "campaign[1].segment.age_band FORBIDDEN_ATTRIBUTE"),
        (one(segment={"district": "330102"}), "campaign[1].segment.district FORBIDDEN_ATTRIBUTE"),
        (one(segment={"price_sensitivity": 3}), "campaign[1].segment.price_sensitivity FORBIDDEN_ATTRIBUTE"),
        (one(segment={"性别": "女"}), "campaign[1].segment.性别 FORBIDDEN_ATTRIBUTE"),
        (one(segment={"min_tier": "senior"}), "campaign[1].segment.min_tier FORBIDDEN_ATTRIBUTE"),
        (one(segment={"points": 3}), "campaign[1].segment.points UNKNOWN_FIELD"),
        (one(segment={"purchases": {"count": 3}}), "campaign[1].segment.purchases.days MISSING_FIELD"),
        (one(segment={"joined_from": "2026-02-01", "joined_until": "2026-01-01"}), "campaign[1].segment.joined_until OUT_OF_ORDER"),
        (
            one(segment={"min_tier": "gold", "adult_only": True, "marketing_consent": True, "joined_from": "2026-01-01"}),
            "campaign[1].segment TOO_MANY_CONDITIONS",
        ),
        (one(quota={"total": 0}), "campaign[1].quota.total BAD_FIELD"),
        (one(stores=["S1"], quota={"stores": {"S2": 1}}), "campaign[1].quota.stores.S2 BAD_FIELD"),
        (one(per_member=0), "campaign[1].per_member BAD_FIELD"),
        (one(grant={}), "campaign[1].grant MISSING_FIELD"),
        (one(grant={"coupon": {"value_fen": 0, "valid_days": 3}}), "campaign[1].grant.coupon.value_fen BAD_FIELD"),
        (
            one(grant={"coupon": {"value_fen": 100, "valid_days": 3}, "points": {"points": 5, "valid_days": 3}}),
            "campaign[1].grant TWO_GRANTS",
        ),
    ],
)
def test_what_is_wrong_is_named(document: Any, wrong: str) -> None:
    assert flaws(document)[0] == wrong


def test_everything_that_is_wrong_is_named_at_once() -> None:
    assert flaws({"campaign": [campaign(segment={"sex": "f"}), campaign("b", picture="", per_member=True)]}) == [
        "campaign[1].segment.sex FORBIDDEN_ATTRIBUTE",
        "campaign[2].picture BAD_FIELD",
        "campaign[2].per_member BAD_FIELD",
    ]


def test_three_things_may_be_asked_and_what_is_not_asked_does_not_count() -> None:
    segment = {"min_tier": "gold", "adult_only": True, "marketing_consent": False, "joined_from": "2026-01-01"}
    assert len(read_campaigns(one(segment=segment))) == 1


def test_lines_of_a_file_are_found() -> None:
    source = '# campaigns\n[[campaign]]\nid = "a"\n\n[[campaign]]\nid = "b"\ntitle = {en = "x"}\n\n[campaign.segment]\nsex = "f"\n'
    assert [line_of(source, f"campaign[{field}") for field in ("1].id", "2].id", "2].title.en", "2].segment.sex", "2].ends")] == [
        3,
        6,
        7,
        10,
        5,
    ]
    assert (line_of(source, "file"), line_of(source, "campaign[9].id")) == (0, 0)


def test_a_file_that_is_no_toml_says_the_line() -> None:
    with pytest.raises(BadCampaigns) as caught:
        parse_campaigns(b"[[campaign]]\nid = \n", is_json=False)
    assert "line 2" in caught.value.flaws[0].field
    for raw in (b"\xff", b"[" * 100_000):
        with pytest.raises(BadCampaigns):
            parse_campaigns(raw, is_json=True)


def test_the_sample_can_be_loaded_and_says_the_same_as_json(project_root: Path) -> None:
    documents = parse_campaigns((project_root / "deploy" / "campaigns.sample.toml").read_bytes(), is_json=False)
    assert parse_campaigns(json.dumps({"campaign": documents}).encode(), is_json=True) == documents
    coupon, baking, bag = (read_campaign(document) for document in documents)
    assert coupon.grant == CouponGrant(1000, 5000, 30)
    assert bag.grant == PointsGrant(50, 90)
    assert (baking.grant, baking.stores, baking.quota.per_store, baking.has_reminder) == (None, ("S001",), {"S001": 12}, True)
    assert baking.words[Language.EN].title == "Family baking"


def test_every_flaw_has_its_words_in_three_languages(project_root: Path) -> None:
    words = tomllib.loads((project_root / "server_stub/cli/campaign_flaws.toml").read_text("utf-8"))
    assert set(words) == {flaw.value for flaw in CampaignFlaw}
    assert all(set(texts) == {"zh-Hans", "zh-Hant", "en"} and all(texts.values()) for texts in words.values())


def test_a_moment_without_a_zone_is_of_the_stores() -> None:
    found = read_campaign(campaign(ends="2026-12-01T00:00:00", shown_from="2026-11-19T16:00:00+00:00"))
    assert found.ends == datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert found.shown_from == found.starts
    assert found.last_day.isoformat() == "2026-11-30"


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda part: st.lists(part) | st.dictionaries(st.text(), part)))
def test_any_document_is_read_or_refused(document: Any) -> None:
    with suppress(BadCampaigns):
        read_campaigns(document)
    for name in campaign():
        with suppress(BadCampaigns):
            read_campaigns({"campaign": [{**campaign(), name: document, "segment": document, "quota": document, "grant": document}]})
