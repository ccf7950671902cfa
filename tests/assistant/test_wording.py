"""How answers read, in both languages."""

from __future__ import annotations

import string
import subprocess
import sys
import tomllib
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files
from typing import Any

import pytest

from assistant.answering.wording import Wording, as_number
from assistant.plan import Condition, PlanScope
from vectorstore.records import Kind

NEW = "applications_new"
ZERO = {"comparison": "=", "value": 0}


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_sentence_is_there_in_both_languages_with_the_same_braces() -> None:
    loaded = tomllib.loads((files("assistant.lexicons") / "wording.toml").read_text(encoding="utf-8"))
    for section, sentences in loaded.items():
        for key, sentence in sentences.items():
            assert sentence.keys() == {"zh", "en"}, f"{section}.{key}"
            # English drops the counting word, and says of a check what its Chinese sides' labels say.
            dropped = {"unit", "rule", "subject"} if section == "checks" else {"unit"}
            assert fields(sentence["zh"]) - dropped == fields(sentence["en"]) - dropped, f"{section}.{key}"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Decimal("59237.2449"), "59237.2449"),
        (Decimal("10.50"), "10.5"),
        (Decimal("1E+3"), "1000"),
        (Fraction(1, 3), "0.33"),
        (Fraction(1, 8), "0.125"),
        (0, "0"),
    ],
)
def test_numbers_read_as_they_are(value: Any, words: str) -> None:
    assert Wording("zh").number(value) == words


def test_quantities_keep_their_qualifier_on_its_side() -> None:
    zh, en = Wording("zh"), Wording("en")
    assert zh.quantity(20, "条", "余") == "20余条"
    assert zh.quantity(20, "条", "约") == "约20条"
    assert zh.quantity(Fraction(1, 3), "件") == "约0.33件"
    assert en.quantity(20, "条", "余") == "over 20"
    assert en.quantity(2950, "元") == "2950 yuan"


def test_values_are_ints_where_they_are_whole() -> None:
    assert as_number(Decimal("3.0")) == 3
    assert isinstance(as_number(Decimal("3.0")), int)
    assert as_number(Decimal("0.1")) == 0.1
    assert as_number(None) is None


@pytest.mark.parametrize(
    ("scope", "zh", "en"),
    [
        (PlanScope(), "全部报告", "all reports"),
        (PlanScope(years=(2023,)), "2023年各机关", "bodies in 2023"),
        (PlanScope(years=(2021, 2022, 2023), kinds=(Kind.TOWNSHIP,)), "2021—2023年乡镇", "townships in 2021—2023"),
        (
            PlanScope(regions=("云江省/青川市",), kinds=(Kind.ZONE,)),
            "云江省青川市开发区",
            "zones in 云江省/青川市",
        ),
        (PlanScope(names=("高新",), kinds=(Kind.ZONE,)), "名称含“高新”的开发区", "zones named “高新”"),
    ],
)
def test_scopes_are_named(scope: PlanScope, zh: str, en: str) -> None:
    assert Wording("zh").scope(scope) == zh
    assert Wording("en").scope(scope) == en


@pytest.mark.parametrize(
    ("condition", "zh", "en"),
    [
        (Condition(comparison="=", value=Decimal(0)), "为0", "at zero"),
        (Condition(comparison=">", value=Decimal(0)), "大于0", "above zero"),
        (Condition(comparison=">=", value=Decimal(2)), "不少于2件", "of at least 2"),
        (Condition(comparison="between", value=Decimal(1), upper=Decimal(5)), "在1到5件之间", "between 1 and 5"),
    ],
)
def test_conditions_are_worded(condition: Condition, zh: str, en: str) -> None:
    assert Wording("zh").condition(condition, "件") == zh
    assert Wording("en").condition(condition, "件") == en


@pytest.fixture
def corpus(draft: Any) -> list[Any]:
    return [
        draft("白石开发区", 2023).says(NEW, 0, "本年未收到申请。"),
        draft("青川开发区", 2023).says(NEW, 3),
        draft("临溪开发区", 2023),
    ]


@pytest.mark.parametrize(
    ("plan", "zh", "en"),
    [
        (
            {"operation": "list", "criteria": [ZERO]},
            "2023年有1个开发区未收到政府信息公开申请：白石开发区[1]。"
            "范围：2023年开发区，共3份报告，其中2份说明，1份没有数字：临溪开发区（2023年，报告未提及）。",
            "1 zone received no applications in 2023: 白石开发区 [1]. "
            "Scope: zones in 2023, 3 reports; 2 state it, 1 does not: 临溪开发区 (2023, not mentioned).",
        ),
        (
            {"operation": "sum"},
            "2023年开发区新收政府信息公开申请合计3件，由2份报告的数字算出：白石开发区0件[1]、青川开发区3件[2]。"
            "范围：2023年开发区，共3份报告，其中2份说明，1份没有数字：临溪开发区（2023年，报告未提及）。",
            "New applications received, zones in 2023: 3 in total, from 2 reports that state it: "
            "白石开发区 0 [1], 青川开发区 3 [2]. "
            "Scope: zones in 2023, 3 reports; 2 state it, 1 does not: 临溪开发区 (2023, not mentioned).",
        ),
        (
            {"operation": "top"},
            "2023年开发区中新收政府信息公开申请最多的是青川开发区3件[1]。"
            "范围：2023年开发区，共3份报告，其中2份说明，1份没有数字：临溪开发区（2023年，报告未提及）。",
            "The most new applications received, of zones in 2023, are stated by 青川开发区 3 [1]. "
            "Scope: zones in 2023, 3 reports; 2 state it, 1 does not: 临溪开发区 (2023, not mentioned).",
        ),
    ],
)
def test_an_answer_reads_as_agreed(ask: Any, corpus: list[Any], plan: dict[str, Any], zh: str, en: str) -> None:
    common = {"subject": "figures", "metrics": [NEW], "scope": {"kinds": ["zone"], "years": [2023]}}
    assert ask(corpus, **common, **plan).text == zh
    assert ask(corpus, language="en", **common, **plan).text == en


def test_a_total_of_many_shows_only_the_first_markers(ask: Any, draft: Any) -> None:
    drafts = [draft(f"第{n}镇", 2023, Kind.TOWNSHIP).says(NEW, n) for n in range(1, 12)]
    answer = ask(drafts, subject="figures", operation="breakdown", metrics=[NEW], group_by=["kind"])
    assert "66件[1][2][3]…" in answer.text
    assert len(answer.rows[0].citations) == 11


@pytest.mark.integration
def test_importing_execution_loads_no_heavy_library() -> None:
    heavy = ["torch", "sentence_transformers", "gradio", "chromadb", "llama_index", "tiktoken", "opencc", "jieba"]
    code = f"import sys, assistant.execution; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
