"""The sentences of ``narrative_statements.tsv``: what each states, and that it states nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from ingest.documents import Document, Line
from ingest.identity.body_names import kind_of
from ingest.identity.identity import body_id, identify
from ingest.identity.regions import region_of
from ingest.narrative.narrative import Narrative, read_narrative
from ingest.narrative.other_bodies import OtherBodies
from ingest.text.flattened_text import read_flattened_text
from vectorstore.catalogue import catalogue
from vectorstore.folding import fold
from vectorstore.numerals import find_numbers
from vectorstore.records import Body, Section, SectionRole, Span, State

YEAR = 2023
SOME_BUREAU = "云溪县发展和改革局"
HEADINGS = {
    "overview": "一、总体情况",
    "proactive": "（一）主动公开情况",
    "applications": "（二）依申请公开情况",
    "management": "（三）政府信息管理情况",
    "supervision": "（五）监督保障情况",
    "platform": "（四）平台建设情况",
    "dispute_table": "四、政府信息公开行政复议、行政诉讼情况",
    "problems": "五、存在的主要问题及改进情况",
    "other": "六、其他需要报告的事项",
}
Stated = tuple[str, str, int, Decimal, str]


@dataclass(frozen=True)
class Case:
    part: str
    issuer: str
    states: frozenset[Stated]
    sentence: str


def cases() -> Iterator[Case]:
    for line in (Path(__file__).parent / "narrative_statements.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            part, issuer, states, sentence = line.split("\t")
            items = () if states == "-" else states.split(" ")
            yield Case(part, SOME_BUREAU if issuer == "-" else issuer, frozenset(map(parse, items)), sentence)


def parse(item: str) -> Stated:
    match = re.fullmatch(
        r"(?:(?P<body>[^>]+)>)?(?P<metric>\w+)(?:@(?P<year>\d+))?=(?P<value>[\d.]+)(?P<about>\D*)", item
    )
    assert match, item
    year = int(match["year"] or YEAR)
    return match["body"] or "", match["metric"], year, Decimal(match["value"]).normalize(), match["about"]


@cache
def body(name: str) -> Body:
    kind = kind_of(name)
    region = region_of(name, kind, "山东省威海市文登区" if name.startswith("界石镇") else "")
    return Body(body_id(name, kind, region), name, kind, region)


def narrate(case: Case) -> Narrative:
    heading = HEADINGS[case.part]
    text = f"{heading}\n{case.sentence}"
    lines = (Line(Span(0, len(heading))), Line(Span(len(heading) + 1, len(text))))
    section = Section(heading, 1 if heading[0] != "（" else 2, SectionRole(case.part), 0, len(text))
    return read_narrative(
        Document(text, lines, "made-up.txt"), (section,), report_id="r", issuer=body(case.issuer), year=YEAR
    )


@pytest.mark.parametrize("case", [pytest.param(case, id=case.sentence[:40]) for case in cases()])
def test_a_sentence_states_its_figures_and_no_others(case: Case) -> None:
    narrative = narrate(case)
    names = {other.body_id: other.name for other in narrative.other_bodies}
    stated = {
        (names.get(f.body_id, ""), f.metric_id, f.year, f.value.normalize(), f.qualifier or "")
        for f in narrative.figures
        if f.value is not None
    }
    assert stated == case.states


def test_every_metric_of_the_sentences_is_in_the_catalogue() -> None:
    for case in cases():
        for _, metric, *_ in case.states:
            catalogue().split(metric)


@pytest.mark.parametrize("case", [pytest.param(case, id=case.sentence[:40]) for case in cases()])
def test_a_quote_holds_what_it_is_quoted_for(case: Case) -> None:
    text = f"{HEADINGS[case.part]}\n{case.sentence}"
    for figure in narrate(case).figures:
        quote = fold(text[figure.start : figure.end], drop_spaces=True).text
        assert quote in fold(case.sentence, drop_spaces=True).text
        numbers = {number.value for number in find_numbers(quote)}
        if figure.state is State.STATED and figure.value is not None:
            printed = figure.value * 10_000 if figure.unit == "万元" else figure.value
            assert printed in numbers or (figure.value == 0 and re.search(r"未|无|没|不|零|免费", quote)), quote
        else:
            assert figure.note


@pytest.mark.parametrize(
    ("issuer", "said", "own"),
    [
        ("宿迁市人民政府", "湖滨新区", "宿迁市湖滨新区管理委员会"),
        ("宿迁市人民政府", "宿迁经开区", "宿迁经济技术开发区管理委员会"),
        ("泰州市人民政府", "海陵区", "泰州市海陵区人民政府"),
        ("泰州市人民政府", "兴化市", "兴化市人民政府"),
        ("泰州市人民政府", "市公安局", "泰州市公安局"),
        ("泰州市人民政府", "市住建局", "泰州市住房和城乡建设局"),
        ("泰州市人民政府", "海陵区公安局", "泰州市海陵区公安局"),
        ("泰州市人民政府", "市政府办公室", "泰州市人民政府办公室"),
        ("威海市文登区人民政府", "界石镇", "威海市文登区界石镇人民政府"),
        ("威海市文登区人民政府", "天福街道", "威海市文登区天福街道办事处"),
        ("泗阳县人民政府", "县教育局", "泗阳县教育局"),
        ("山东省人民政府", "省教育厅", "山东省教育厅"),
        ("山东省人民政府", "威海市", "威海市人民政府"),
    ],
)
def test_another_body_has_the_id_that_its_own_report_gives_it(issuer: str, said: str, own: str) -> None:
    text = f"{own}\n2023年政府信息公开工作年度报告\n\n一、总体情况\n2023年，共收到政府信息公开申请2件。\n"
    identity = identify(read_flattened_text(text.encode(), "made-up.txt"))
    other = OtherBodies(body(issuer), "").find(said, "applications_new")
    assert other is not None and other.body_id == identity.body_id


@pytest.mark.parametrize(
    ("issuer", "said"),
    [
        ("泰州市人民政府", "各市（区）"),
        ("泰州市人民政府", "市直部门"),
        ("泰州市人民政府", "朝阳区"),
        ("泰州市人民政府", "某某镇"),
        ("泰州市公安局", "市财政局"),
        ("界石镇人民政府", "县财政局"),
    ],
)
def test_a_name_that_may_mean_several_bodies_or_none_below_the_issuer_is_not_taken(issuer: str, said: str) -> None:
    assert OtherBodies(body(issuer), "").find(said, "applications_new") is None
