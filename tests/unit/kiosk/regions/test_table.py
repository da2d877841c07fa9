"""The table of places: refusals, the shapes that are no tree of three levels, and that every place is reached by the picker."""

from __future__ import annotations

import re
import time

import pytest

from kiosk.regions.table import Region, Regions


@pytest.fixture(scope="module")
def regions() -> Regions:
    return Regions.load()


@pytest.mark.parametrize("code", ["", "990000", "33", "330106000", "３３００００"])
def test_an_unknown_code_is_refused_at_every_level(regions: Regions, code: str) -> None:
    for look_up in (regions.cities, regions.districts, regions.names):
        with pytest.raises(KeyError):
            look_up(code)


def test_a_code_of_another_level_is_refused(regions: Regions) -> None:
    with pytest.raises(KeyError):
        regions.cities("330100")
    for code in ("330000", "330106"):
        with pytest.raises(KeyError):
            regions.districts(code)


def test_the_stores_own_district_is_found_by_its_three_levels(regions: Regions) -> None:
    assert Region("330000", "浙江省") in regions.provinces()
    assert Region("330100", "杭州市") in regions.cities("330000")
    assert Region("330106", "西湖区") in regions.districts("330100")
    assert regions.names("330106") == ("浙江省", "杭州市", "西湖区")


@pytest.mark.parametrize(("province", "name"), [("110000", "北京市"), ("120000", "天津市"), ("310000", "上海市"), ("500000", "重庆市")])
def test_a_municipality_is_its_own_only_city(regions: Regions, province: str, name: str) -> None:
    (city,) = regions.cities(province)
    assert city.name == name
    assert len(regions.districts(city.code)) >= 16


def test_the_counties_of_chongqing_stand_beside_its_districts(regions: Regions) -> None:
    districts = regions.districts("500100")
    assert Region("500112", "渝北区") in districts
    assert Region("500230", "丰都县") in districts
    assert regions.names("500230") == ("重庆市", "丰都县")


@pytest.mark.parametrize(
    ("bracket", "code", "address"),
    [
        ("419000", "419001", ("河南省", "济源市")),
        ("429000", "429021", ("湖北省", "神农架林区")),
        ("469000", "469005", ("海南省", "文昌市")),
        ("659000", "659001", ("新疆维吾尔自治区", "石河子市")),
    ],
)
def test_counties_under_a_province_are_listed_and_addressed_without_a_city(
    regions: Regions, bracket: str, code: str, address: tuple[str, ...]
) -> None:
    assert code in {district.code for district in regions.districts(bracket)}
    assert regions.names(code) == address


@pytest.mark.parametrize(("code", "name"), [("441900", "东莞市"), ("442000", "中山市"), ("460400", "儋州市"), ("620200", "嘉峪关市")])
def test_a_city_without_districts_ends_the_cascade(regions: Regions, code: str, name: str) -> None:
    assert regions.districts(code) == ()
    assert regions.names(code)[-1] == name


@pytest.mark.parametrize("code", ["710000", "810000", "820000"])
def test_hong_kong_macao_and_taiwan_end_the_cascade(regions: Regions, code: str) -> None:
    assert code in {province.code for province in regions.provinces()}
    assert regions.cities(code) == ()


def test_every_place_is_reached_once_and_named_for_people(regions: Regions) -> None:
    reached: list[Region] = []
    for province in regions.provinces():
        for city in regions.cities(province.code):
            reached += regions.districts(city.code) or (city,)
    assert len({place.code for place in reached}) == len(reached)
    assert 2800 <= len(reached) <= 2900
    for place in reached:
        assert re.fullmatch(r"\d{6}", place.code)
        assert place.code[4] != "7", "a zone of the statistics bureau is no code of GB/T 2260"
        address = regions.names(place.code)
        assert 2 <= len(address) <= 3
        assert not {"市辖区", "县"} & set(address)


def test_the_table_loads_within_a_frame_of_the_splash() -> None:
    start = time.process_time()
    Regions.load()
    assert time.process_time() - start < 0.1
