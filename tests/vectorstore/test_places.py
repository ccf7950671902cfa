"""The gazetteer: which places a text names, and which of several of one name it means."""

from __future__ import annotations

from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.places import common_path, gazetteer


@pytest.mark.parametrize(
    ("phrase", "path"),
    [
        ("威海市文登区", "山东省/威海市/文登区"),
        ("山东张店", "山东省/淄博市/张店区"),
        ("定襄县", "山西省/忻州市/定襄县"),
        ("重庆市大足区", "重庆市/大足区"),
        ("琼海市", "海南省/琼海市"),
        ("文登区（威海市）", "山东省/威海市/文登区"),
        ("朝阳市北票市", "辽宁省/朝阳市/北票市"),
    ],
)
def test_nested_names_mean_one_place(phrase: str, path: str) -> None:
    assert gazetteer().resolve(phrase) == path


def test_a_name_of_several_districts_is_not_guessed() -> None:
    assert gazetteer().resolve("鼓楼区") is None


def test_the_context_decides_between_places_of_one_name() -> None:
    assert gazetteer().resolve("鼓楼区", "南京市玄武区的邻区") == "江苏省/南京市/鼓楼区"
    assert gazetteer().resolve("鼓楼区", "开封市") == "河南省/开封市/鼓楼区"


def test_a_province_and_a_city_of_one_name_share_the_province() -> None:
    assert gazetteer().resolve("吉林") == "吉林省"


@pytest.mark.parametrize(
    ("word", "path"),
    [
        ("山东", "山东省"),
        ("威海", "山东省/威海市"),
        ("文登", "山东省/威海市/文登区"),
        ("Wendeng", "山东省/威海市/文登区"),
        ("wendeng district", "山东省/威海市/文登区"),
        ("Shandong", "山东省"),
        ("Shaanxi", "陕西省"),
        ("Shanxi", "山西省"),
        ("Inner Mongolia", "内蒙古自治区"),
        ("Tibet", "西藏自治区"),
        ("Hong Kong", "香港特别行政区"),
        ("Weihai City", "山东省/威海市"),
        ("文登市", "山东省/威海市/文登区"),
        ("崇明县", "上海市/崇明区"),
        ("萬州區", "重庆市/万州区"),
    ],
)
def test_a_place_word_of_a_question_expands_to_its_path(word: str, path: str) -> None:
    assert gazetteer().expand(word) == [path]


def test_a_name_of_several_places_expands_to_all_of_them_the_higher_first() -> None:
    assert gazetteer().expand("吉林") == ["吉林省", "吉林省/吉林市"]
    assert gazetteer().expand("Chaoyang")[0] == "辽宁省/朝阳市"
    assert gazetteer().expand("开发区") == []


@pytest.mark.parametrize(
    "sentence", ["加强公开平台建设", "推动和平发展与资源共享", "建设宜居新城区", "a guide to the mile"]
)
def test_ordinary_words_are_no_places(sentence: str) -> None:
    assert gazetteer().find(sentence) == []


def test_an_ordinary_word_is_a_place_behind_the_name_of_where_it_lies() -> None:
    mentions = gazetteer().find("天津市和平区与桂林市资源县")
    assert [m.candidates[0].path for m in mentions][-1] == "广西壮族自治区/桂林市/资源县"


def test_places_are_found_in_english_questions() -> None:
    mentions = gazetteer().find("How many did the towns of Inner Mongolia and Weihai City get?")
    assert [m.candidates[0].path for m in mentions] == ["内蒙古自治区", "山东省/威海市"]


def test_a_township_leads_to_its_county() -> None:
    assert "山东省/威海市/文登区" in {place.path for place in gazetteer().above_township("界石镇")}
    assert gazetteer().above_township("无此镇名镇") == ()


def test_every_parent_is_a_place_and_no_level_is_missing() -> None:
    places = gazetteer()
    assert len({place.path for place in places.places}) == len(places.places)
    for place in places.places:
        if "/" in place.path:
            assert places.place(place.path.rpartition("/")[0]).level in ("province", "city")
        assert "市辖区" not in place.path and "直辖" not in place.path


def test_every_full_path_resolves_to_itself() -> None:
    places = gazetteer()
    wrong = [p.path for p in places.places if places.resolve(p.path.replace("/", "")) != p.path]
    assert wrong == []


@given(st.text(alphabet="山东省威海市文登区张店淄博的和在 Weihai,，abc鼓楼", max_size=40))
def test_mentions_lie_in_order_inside_the_text_and_do_not_overlap(text: str) -> None:
    mentions = [m for m in gazetteer().find(text) if not m.span.of(text).isascii()]
    assert all(0 <= m.span.start < m.span.end <= len(text) and m.candidates for m in mentions)
    assert all(a.span.end <= b.span.start for a, b in pairwise(mentions))


def test_paths_share_what_they_begin_with() -> None:
    assert common_path(["甲省/乙市/丙县", "甲省/乙市"]) == "甲省/乙市"
    assert common_path(["甲省", "丁省"]) is None


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("凉山州", "四川省/凉山彝族自治州"),
        ("耿马县", "云南省/临沧市/耿马傣族佤族自治县"),
        ("耿马自治县", "云南省/临沧市/耿马傣族佤族自治县"),
        ("西乌旗", "内蒙古自治区/锡林郭勒盟/西乌珠穆沁旗"),
        ("第八师", "新疆维吾尔自治区/石河子市"),
        ("江干区", "浙江省/杭州市/上城区"),
    ],
)
def test_a_place_goes_by_its_shortened_and_former_names(name: str, path: str) -> None:
    assert [place.path for place in gazetteer().named(name)] == [path]


def test_an_area_code_names_its_cities() -> None:
    assert [place.path for place in gazetteer().of_area_code("0631")] == ["山东省/威海市"]
    assert {place.name for place in gazetteer().of_area_code("029")} == {"西安市", "咸阳市"}
    assert gazetteer().of_area_code("0999999") == ()


def test_every_area_code_is_one_and_every_city_has_one() -> None:
    """Of Hainan all cities share one, which stands for the province."""
    listed = [line.split("\t")[0] for line in _lines("area_codes.tsv")]
    assert len(listed) == len(set(listed))
    covered = {place.path for code in listed for place in gazetteer().of_area_code(code)}
    cities = {place.path for place in gazetteer().places if place.level == "city"}
    assert {path for path in cities - covered if not path.startswith("海南省/")} == set()


@pytest.mark.parametrize("table", ["former_places.tsv", "place_nicknames.tsv"])
def test_other_names_lead_to_places_that_there_are(table: str) -> None:
    rows = [line.split("\t") for line in _lines(table)]
    assert all(gazetteer().known(path) for _, path in rows)
    assert len(rows) == len({tuple(row) for row in rows})


def _lines(table: str) -> list[str]:
    text = (files("vectorstore.data") / table).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
