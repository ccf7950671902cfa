"""Which reports a question is about. Bodies are made up, or of counties whose names alone are used."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.plan import PlanScope
from assistant.understanding.lexicon import lexicon
from assistant.understanding.linking import Linker
from assistant.understanding.reading import QuestionReading, read_question
from assistant.understanding.scoping import ScopeReading, read_scope
from vectorstore.body_names import short_names
from vectorstore.records import Body, Kind

TODAY, YEARS = date(2024, 5, 1), {2021, 2022, 2023}
WENDENG, ZHANGDIAN, DAZU = "山东省/威海市/文登区", "山东省/淄博市/张店区", "重庆市/大足区"
NAMES: dict[str, tuple[str, Kind, str]] = {
    "office": ("威海市文登区人民政府办公室", Kind.GOVERNMENT_OFFICE, WENDENG),
    "zone": ("文登经济开发区管理委员会", Kind.ZONE, WENDENG),
    "hightech": ("文登高新技术产业开发区管理委员会", Kind.ZONE, WENDENG),
    "willow": ("威海市文登区柳浪镇人民政府", Kind.TOWNSHIP, WENDENG),
    "maple": ("威海市文登区枫桥镇人民政府", Kind.TOWNSHIP, WENDENG),
    "street": ("威海市文登区天河街道办事处", Kind.SUBDISTRICT, WENDENG),
    "other_zone": ("山东张店经济开发区管理委员会", Kind.ZONE, ZHANGDIAN),
    "finance": ("张店区财政局", Kind.DEPARTMENT, ZHANGDIAN),
    "dazu": ("重庆市大足区人民政府", Kind.COUNTY, DAZU),
    "dazu_town": ("重庆市大足区乙水镇人民政府", Kind.TOWNSHIP, DAZU),
}
BODIES = [Body(key, name, kind, region, short_names(name, kind, region)) for key, (name, kind, region) in NAMES.items()]


def generic_terms() -> set[str]:
    words = lexicon()
    categories = {"kind", "designation", "body"}
    return {term for term in words.terms() if any(c in categories for c, _ in words.meanings(term))}


LINKER = Linker(BODIES, generic_terms())


def reading_of(question: str) -> QuestionReading:
    return read_question(question, lexicon(), LINKER, TODAY, YEARS)


def scope_of(question: str, *, wants_group: bool = False) -> ScopeReading:
    return read_scope(reading_of(question), LINKER, lexicon(), wants_group=wants_group)


TOWN, STREET, ZONE = (
    PlanScope(kinds=(Kind.TOWNSHIP,)),
    PlanScope(kinds=(Kind.SUBDISTRICT,)),
    PlanScope(kinds=(Kind.ZONE,)),
)
SHANDONG, CHONGQING = PlanScope(regions=("山东省",)), PlanScope(regions=("重庆市",))
WILLOW = PlanScope(bodies=("willow",))


@pytest.mark.parametrize(
    ("question", "excluded"),
    [
        ("除了柳浪镇，哪个镇申请最多", (WILLOW,)),
        ("除了柳浪镇2023年申请最多的是谁", (WILLOW,)),
        ("除柳浪镇外各镇收到多少件", (WILLOW,)),
        ("柳浪镇以外的镇收到多少件", (WILLOW,)),
        ("各镇收到多少件，柳浪镇除外", (WILLOW,)),
        ("各单位（不含柳浪镇）收到多少件", (WILLOW,)),
        ("各镇收到多少件，不算柳浪镇", (WILLOW,)),
        ("撇开柳浪镇，各镇收到多少件", (WILLOW,)),
        ("剔除柳浪镇和枫桥镇后各镇收到多少件", (WILLOW, PlanScope(bodies=("maple",)))),
        ("除了镇和街道，哪些单位没收到申请", (TOWN, STREET)),
        ("山东以外的开发区", (SHANDONG,)),
        ("除了山东和重庆，哪些单位没收到申请", (SHANDONG, CHONGQING)),
        ("非山东的开发区", (SHANDONG,)),
        ("不在山东的开发区", (SHANDONG,)),
        ("非开发区单位收到多少件", (ZONE,)),
        ("除了山东的镇，哪些单位没收到申请", (PlanScope(kinds=(Kind.TOWNSHIP,), regions=("山东省",)),)),
        ("除2022年外哪些镇没收到申请", (PlanScope(years=(2022,)),)),
        ("除去年外哪些镇没收到申请", (PlanScope(years=(2023,)),)),
        ("2023年，撇开柳浪镇不谈，谁公开最多", (WILLOW,)),
        ("不是镇的单位", (TOWN,)),
        ("every town except Liulang", (WILLOW,)),
        ("everyone but Liulang Town", (WILLOW,)),
        ("bodies that are not zones", (ZONE,)),
        ("Liulang Town aside, which towns received most", (WILLOW,)),
        ("which towns other than Liulang Town received most", (WILLOW,)),
        ("Excluding Liulang, which towns received most", (WILLOW,)),
        ("bodies outside Shandong", (SHANDONG,)),
        ("zones not in Shandong", (SHANDONG,)),
        ("non-zone bodies", (ZONE,)),
        ("all towns, not counting Liulang Town", (WILLOW,)),
        ("all bodies apart from Shandong and Chongqing", (SHANDONG, CHONGQING)),
    ],
)
def test_what_is_left_out_is_linked(question: str, excluded: tuple[PlanScope, ...]) -> None:
    scope = scope_of(question, wants_group=True)
    assert scope.scope.excluded == excluded
    assert (scope.scope.bodies, scope.scope.regions, scope.unplaced) == ((), (), ())


def test_what_cannot_be_linked_is_owned_up_to() -> None:
    assert scope_of("除了霞屿以外的开发区").unplaced == ("霞屿",)
    assert scope_of("不含结转收到几件").unplaced == ("结转",)


@pytest.mark.parametrize("question", ["废除了几件规范性文件", "是不是开发区", "哪些单位除了申请还有复议", "解除合同"])
def test_words_that_look_like_exclusions_leave_nothing_out(question: str) -> None:
    scope = scope_of(question)
    assert (scope.scope.excluded, scope.unplaced) == ((), ())


def in_regions(scope: PlanScope, *regions: str) -> PlanScope:
    return scope.model_copy(update={"regions": regions})


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("镇和街道哪个申请多", (TOWN, STREET)),
        ("镇收到的申请比街道多吗", (TOWN, STREET)),
        ("乡镇街道谁公开得多", (TOWN, STREET)),
        ("towns and subdistricts, which received more", (TOWN, STREET)),
        ("compare towns with subdistricts", (TOWN, STREET)),
        ("山东和重庆谁多", (SHANDONG.model_copy(update={"whole": True}), CHONGQING.model_copy(update={"whole": True}))),
        ("山东的镇和重庆的镇谁多", (in_regions(TOWN, "山东省"), in_regions(TOWN, "重庆市"))),
        ("山东和重庆的镇谁多", (in_regions(TOWN, "山东省"), in_regions(TOWN, "重庆市"))),
        ("Shandong towns versus Chongqing towns", (in_regions(TOWN, "山东省"), in_regions(TOWN, "重庆市"))),
        ("文登的镇和街道谁多", (in_regions(TOWN, WENDENG), in_regions(STREET, WENDENG))),
        ("文登各镇与张店的开发区", (in_regions(TOWN, WENDENG), in_regions(ZONE, ZHANGDIAN))),
        ("柳浪镇跟其他镇比", (WILLOW, TOWN.model_copy(update={"excluded": (WILLOW,)}))),
        ("Did Liulang receive more than other towns", (WILLOW, TOWN.model_copy(update={"excluded": (WILLOW,)}))),
        ("柳浪镇的申请和各街道的平均比", (WILLOW, STREET)),
        ("Is Liulang above the other towns' average", (WILLOW, TOWN.model_copy(update={"excluded": (WILLOW,)}))),
        ("山东跟其他省份比谁多", (SHANDONG, PlanScope(excluded=(SHANDONG,)))),
    ],
)
def test_groups_side_by_side_are_sides(question: str, sides: tuple[PlanScope, ...]) -> None:
    scope = scope_of(question)
    assert scope.sides == sides
    for side in sides:
        inside = {body.body_id for body in LINKER.fitting(side)}
        assert inside <= {body.body_id for body in LINKER.fitting(scope.scope)}


@pytest.mark.parametrize(
    "question", ["柳浪镇在各镇里排第几", "2022年和2023年的镇", "柳浪镇和枫桥镇谁多", "除了镇和街道"]
)
def test_one_group_and_named_bodies_are_no_sides(question: str) -> None:
    assert scope_of(question).sides == ()


def test_bodies_set_against_one_another_are_the_scopes_bodies() -> None:
    assert scope_of("柳浪镇和枫桥镇谁多").scope.bodies == ("willow", "maple")


def test_a_place_means_its_government_if_that_reports() -> None:
    assert scope_of("大足收到几件").scope.bodies == ("dazu",)
    assert scope_of("大足的镇", wants_group=True).scope == in_regions(TOWN, DAZU)


def test_a_place_without_a_government_is_any_of_its_bodies() -> None:
    scope = scope_of("文登2023年公开多少条")
    assert {choice.scope.bodies for choice in scope.choices} == {
        (key,) for key in ("office", "zone", "hightech", "willow", "maple", "street")
    }
    for choice in scope.choices:
        assert scope_of(choice.question).scope.bodies == choice.scope.bodies


def test_another_countys_bureau_is_owned_up_to() -> None:
    assert scope_of("环翠区财政局收到几件").scope == PlanScope(
        regions=("山东省/威海市/环翠区",), names=("财政局",), latest=False
    )
    both = scope_of("环翠区财政局和柳浪镇谁多")
    assert (both.scope.bodies, both.unplaced) == (("willow",), ("财政局",))


def test_a_generic_name_is_asked_back_with_each() -> None:
    scope = scope_of("经开区收到几件")
    assert [choice.scope.bodies for choice in scope.choices] == [("other_zone",), ("zone",)]


def test_towns_of_one_name_are_told_apart_by_their_county() -> None:
    bodies = [
        Body(f"t{i}", "城关镇人民政府", Kind.TOWNSHIP, f"云江省/青川市/{c}") for i, c in enumerate(("白石县", "丙原县"))
    ]
    linker = Linker([*bodies, *BODIES], generic_terms())
    reading = read_question("城关镇收到几件", lexicon(), linker, TODAY, YEARS)
    choices = read_scope(reading, linker, lexicon(), wants_group=False).choices
    assert [choice.question for choice in choices] == ["丙原县城关镇人民政府收到几件", "白石县城关镇人民政府收到几件"]
    for choice in choices:
        again = read_question(choice.question, lexicon(), linker, TODAY, YEARS)
        assert read_scope(again, linker, lexicon(), wants_group=False).scope.bodies == choice.scope.bodies


def test_too_many_bodies_to_choose_from_are_taken_together() -> None:
    towns = [
        Body(f"t{i}", f"文登区{name}镇人民政府", Kind.TOWNSHIP, WENDENG)
        for i, name in enumerate("甲乙丙丁戊己庚辛壬癸子丑寅")
    ]
    linker = Linker(towns, generic_terms())
    reading = read_question("文登收到几件", lexicon(), linker, TODAY, YEARS)
    scope = read_scope(reading, linker, lexicon(), wants_group=False)
    assert (scope.choices, scope.together, scope.scope.regions) == ((), 13, (WENDENG,))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("开发去", "开发区"),
        ("高新取", "高新区"),
        ("申情", "申请"),
        ("申清", "申请"),
        ("复义", "复议"),
        ("行攻复议", "行政复议"),
        ("主动公公开", "主动公开"),
        ("主动工开", "主动公开"),
        ("柳朗镇", "柳浪镇"),
        ("流浪镇", "柳浪镇"),
        ("文蹬经开区", "文登经开区"),
        ("经济开发曲", "经济开发区"),
    ],
)
def test_typos_are_read_and_told(typed: str, read: str) -> None:
    reading = reading_of(f"{typed}2023年有几件")
    assert reading.text == f"{read}2023年有几件"
    assert reading.corrections == ((typed, read),)
    assert reading.question == f"{typed}2023年有几件"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How many aplications in 2023", "how many application in 2023"),
        ("Wendneg zone", "wendeng zone"),
        ("Liulagn town", "liulang town"),
    ],
)
def test_latin_typos_are_read_and_told(question: str, text: str) -> None:
    reading = reading_of(question)
    assert reading.text.lower() == text
    assert len(reading.corrections) == 1


@pytest.mark.parametrize(
    "question",
    [
        "文登经开区跟其他开发区比谁多",
        "土地征收有关的申请",
        "枫林镇收到几件",
        "公证处收到几件",
        "哪些单位提到社会监督员",
        "乡村振兴方面公开了什么",
        "zones that planted trees",
        "开發區２０２３年收到幾件申請",
    ],
)
def test_what_is_right_as_it_stands_is_not_corrected(question: str) -> None:
    assert reading_of(question).corrections == ()


def test_traditional_and_full_width_characters_are_read() -> None:
    scope = scope_of("文登經開區２０２３年收到幾件")
    assert (scope.scope.bodies, scope.scope.years) == (("zone",), (2023,))


def test_tone_marks_are_read() -> None:
    assert scope_of("Wéndēng economic development zone").scope.bodies == ("zone",)


@given(st.text(alphabet="除了不含以外和与的镇街道山东文登柳浪其他比,2023年非exclud ", max_size=40))
def test_any_text_has_a_scope_and_linked_exclusions_lie_in_it(text: str) -> None:
    reading = reading_of(text)
    scope = read_scope(reading, LINKER, lexicon(), wants_group=False)
    assert all(excluded != PlanScope() for excluded in scope.scope.excluded)
    for exclusion in reading.exclusions:
        assert reading.text[exclusion.start : exclusion.end]
        assert exclusion.words in reading.text[exclusion.start : exclusion.end]
    assert len(scope.sides) != 1


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("威海2023年一共收到多少件申请", True),
        ("山东2023年的申请按申请人类型分", True),
        ("How many applications did Shandong receive in total in 2023?", True),
        ("威海各单位2023年一共收到多少件申请", False),
        ("山东2023年平均收到几件申请", False),
        ("山东哪个单位申请最多", False),
        ("山东的镇一共收到多少件申请", False),
    ],
)
def test_a_place_without_a_word_for_bodies_stands_for_itself(question: str, whole: bool) -> None:
    assert scope_of(question, wants_group=True).scope.whole is whole
