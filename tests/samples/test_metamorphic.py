"""What must hold between answers, whatever they are: asked otherwise, in another language, over another order of files.

Over a real index of the bank's corpus, so that reading, storing, understanding and computing are all in it.
"""

from __future__ import annotations

import random
import shutil
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.execution import execute
from assistant.plan import Criterion, Plan, PlanScope
from ingest.pipeline import ingest
from samples.questions.bank import paraphrases
from samples.questions.corpus import bank_corpus, write_bank_corpus
from samples.questions.forms import Form
from vectorstore.catalogue import catalogue
from vectorstore.index import Index
from vectorstore.records import Kind

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
KNOWN = SAMPLES / "questions" / "known_misses.toml"
TODAY = date(2025, 6, 1)
PARTS = (Kind.ZONE, Kind.TOWNSHIP, Kind.SUBDISTRICT, Kind.DEPARTMENT, Kind.GOVERNMENT_OFFICE)
"""Bodies none of which contains another."""
ADDABLE = (
    "applications_new",
    "licence_decisions",
    "result_granted",
    "review_total",
    "proactive_total",
    "npc_proposals",
)
YEARS = (2022, 2023, 2024)
TABLES = ("trend", "breakdown", "each", "sides")

pytestmark = pytest.mark.integration


def ask_plan(bank: Any, operation: str, metric: str, scope: PlanScope, **fields: Any) -> Answer:
    plan = Plan(subject="figures", operation=operation, metrics=(metric,), scope=scope, **fields)
    return execute(plan, bank.assistant.index, question="?", today=TODAY)


def what(answer: Answer, form: Form) -> Any:
    """Of an answer, what a paraphrase must not change.

    A group's name is in the question's language, and left out; so is the number of an answer that is a table.
    """
    rows = [(row.body if row.report_id else "", row.kind, row.year, row.metric, row.value) for row in answer.rows]
    return None if form.operation in TABLES else answer.value, tuple(sorted(map(str, rows)))


def units(answer: Answer) -> list[tuple[str, int | None]]:
    return [(row.body, row.year) for row in answer.rows]


def none(metric: str) -> dict[str, Any]:
    return {"criteria": (Criterion(comparison="=", value=0),)}


def some(metric: str) -> dict[str, Any]:
    return {"criteria": (Criterion(comparison="!=", value=0),)}


# The same question in other words.


@pytest.fixture(scope="module")
def differing(bank: Any) -> dict[str, str]:
    """Wordings whose answers differ from that of most wordings of their meaning, with the question asked."""
    found = {}
    for first, wordings in paraphrases(bank.rows):
        shown = [what(bank.assistant.ask(question, history=history), first) for _, question, history in wordings]
        usual, _ = Counter(shown).most_common(1)[0]
        found |= {
            form.wording: question
            for (form, question, _), answer in zip(wordings, shown, strict=True)
            if answer != usual
        }
    return found


def test_there_are_many_paraphrases_in_both_languages(bank: Any) -> None:
    groups = [wordings for _, wordings in paraphrases(bank.rows)]
    assert sum(len(wordings) >= 3 for wordings in groups) >= 40
    assert sum(len({form.language for form, _, _ in wordings}) == 2 for wordings in groups) >= 40


def test_the_same_question_in_other_words_or_in_english_has_the_same_answer(differing: dict[str, str]) -> None:
    known = tomllib.loads(KNOWN.read_text(encoding="utf-8"))["paraphrases"]
    assert {wording: found for wording, found in differing.items() if wording not in known} == {}


def test_wordings_that_were_understood_otherwise_still_are_or_leave_the_list(differing: dict[str, str]) -> None:
    known = tomllib.loads(KNOWN.read_text(encoding="utf-8"))["paraphrases"]
    assert set(known) - set(differing) == set()


def test_the_same_question_has_the_same_answer_each_time(bank: Any) -> None:
    for question in bank.questions[::25]:
        first, second = (
            bank.assistant.ask(question["question"], history=question.get("history", [])).model_dump_json()
            for _ in range(2)
        )
        assert first == second, question["question"]


# The same reports in another order, and others beside them.

QUESTIONS = (
    "哪些开发区2023年没有收到申请",
    "2023年申请超过5件的单位",
    "2022年没有行政复议也没有行政诉讼的乡镇",
    "2023年一共收到多少件申请",
    "2022年平均每个乡镇收到几件申请",
    "2023年申请最多的5家单位",
    "枫屿镇2023年主动公开多少条",
    "枫屿镇2023年主动公开排第几",
    "栖澜经开区和栖澜高新区2021年谁主动公开的多",
    "栖澜县自然资源局2023年予以公开占办理结果总数的比例",
    "2023年各类机关分别收到多少件申请",
    "2023年部门的申请按申请人类型列一下",
    "栖澜高新区2022年主动公开政府信息多少条",
    "苔溪镇2022年收到几件申请",
    "2023年哪些报告的表格是图片",
    "2023年申请比上年增加的部门",
    "枫屿镇2023年存在什么问题",
    "Which zones received no applications in 2022?",
    "2022年一共有多少份报告",
)


def index_of(folder: Path, *batches: Iterable[Path]) -> Path:
    """An index that read the batches of files one after the other."""
    with Index.open(folder / "index", create=True) as index:
        for number, files in enumerate(batches):
            part = folder / f"batch-{number}"
            part.mkdir()
            for file in files:
                shutil.copy(file, part / file.name)
            ingest([part], index)
    return folder / "index"


def answers(index: Path) -> Iterator[Any]:
    with Assistant.open(index, today=date(2024, 6, 1)) as assistant:
        for question in QUESTIONS:
            answer = assistant.ask(question).model_dump()
            answer.pop("corpus")
            for citation in answer["citations"]:
                citation.pop("passage_id")
            yield answer


@pytest.fixture(scope="module")
def in_order(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    files = sorted((SAMPLES / "reports").iterdir())
    return list(answers(index_of(tmp_path_factory.mktemp("in_order"), files)))


def test_another_order_of_reading_leaves_every_answer_as_it_was(tmp_path: Path, in_order: list[Any]) -> None:
    files = sorted((SAMPLES / "reports").iterdir())
    random.Random(7).shuffle(files)
    assert list(answers(index_of(tmp_path, files[:9], files[9:23], files[23:]))) == in_order


def test_reports_of_another_place_and_year_leave_every_answer_as_it_was(tmp_path: Path, in_order: list[Any]) -> None:
    others = tmp_path / "others"
    write_bank_corpus(bank_corpus(seed=3, years=(2031,), counties=1), others)
    files = sorted((SAMPLES / "reports").iterdir())
    assert list(answers(index_of(tmp_path, (others / "reports").iterdir(), files))) == in_order


# Parts and wholes.


@pytest.mark.parametrize("kind", [None, *PARTS])
def test_none_some_and_unknown_partition_the_scope_for_every_metric(bank: Any, kind: Kind | None) -> None:
    scope = PlanScope(kinds=(kind,) if kind else (), years=(2023,))
    for metric in catalogue().metrics:
        zero, more = (ask_plan(bank, "list", metric, scope, **having(metric)) for having in (none, some))
        assert zero.coverage == more.coverage, metric
        zeros, mores = (units(answer) if answer.value is not None else [] for answer in (zero, more))
        unknown = [(report.body, report.year) for report in zero.coverage.without_value]
        parts = [*zeros, *mores, *(unit for unit in unknown if unit not in zeros + mores)]
        assert len(set(parts)) == len(zeros) + len(mores) + len(unknown), metric
        torn = zero.coverage.in_scope - len(parts)
        assert 0 <= torn <= zero.coverage.conflicting, metric


@pytest.mark.parametrize("metric", ADDABLE)
def test_the_parts_of_a_sum_add_up_to_it(bank: Any, metric: str) -> None:
    def total(**fields: Any) -> Fraction:
        answer = ask_plan(bank, "sum", metric, PlanScope(**({"kinds": PARTS, "years": YEARS} | fields)))
        return Fraction(str(answer.value or 0))

    regions = {report.region for report in bank.assistant.index.reports()}
    assert len(regions) == 3
    whole = total()
    assert whole > 0
    assert whole == sum(total(kinds=(kind,)) for kind in PARTS)
    assert whole == sum(total(years=(year,)) for year in YEARS)
    assert whole == sum(total(regions=(region,)) for region in regions)


@pytest.mark.parametrize("metric", ADDABLE)
def test_a_breakdown_shows_the_sums_of_its_parts(bank: Any, metric: str) -> None:
    shown = ask_plan(bank, "breakdown", metric, PlanScope(kinds=PARTS, years=(2023,)), group_by=("kind",))
    for row in shown.rows:
        alone = ask_plan(bank, "sum", metric, PlanScope(kinds=(row.kind,), years=(2023,)))
        assert (row.value or 0) == (alone.value or 0), row.label
    assert {row.kind for row in shown.rows} == set(PARTS)


def test_the_kinds_of_applicants_add_up_to_the_total(bank: Any) -> None:
    for body in bank.assistant.index.bodies():
        scope = PlanScope(bodies=(body.body_id,), years=(2023,))
        split = ask_plan(bank, "breakdown", "applications_new", scope, group_by=("column",))
        total = ask_plan(bank, "value", "applications_new", scope)
        if total.value is not None and split.rows and all(row.value is not None for row in split.rows):
            assert sum(row.value or 0 for row in split.rows) == total.value, body.name


@pytest.mark.parametrize("metric", ADDABLE)
@pytest.mark.parametrize("having", [none, some])
def test_a_count_is_the_length_of_its_list(bank: Any, metric: str, having: Any) -> None:
    for kind in PARTS:
        scope = PlanScope(kinds=(kind,), years=(2023,))
        listed, counted = (
            ask_plan(bank, operation, metric, scope, **having(metric)) for operation in ("list", "count")
        )
        assert listed.value == counted.value
        assert listed.value is None or listed.value == len(listed.rows)


# Order.


@pytest.mark.parametrize("metric", ADDABLE)
def test_the_first_has_the_largest_value_of_the_list(bank: Any, metric: str) -> None:
    scope = PlanScope(kinds=PARTS, years=(2023,))
    first = ask_plan(bank, "top", metric, scope, limit=1)
    listed = ask_plan(bank, "list", metric, scope, **some(metric))
    largest = max(row.value for row in listed.rows if row.value is not None)
    assert {row.value for row in first.rows} == {largest}
    assert set(units(first)) == {(row.body, row.year) for row in listed.rows if row.value == largest}


@pytest.mark.parametrize("metric", ADDABLE)
def test_a_rank_is_the_place_among_the_first(bank: Any, metric: str) -> None:
    scope = PlanScope(kinds=(Kind.DEPARTMENT,), years=(2023,))
    first = ask_plan(bank, "top", metric, scope, limit=6)
    values = [row.value for row in first.rows]
    assert values == sorted(values, reverse=True)
    ids = {body.name: body.body_id for body in bank.assistant.index.bodies()}
    reported = {report.report_id: report.body_id for report in bank.assistant.index.reports()}
    for row in first.rows:
        body = reported[row.report_id] if row.report_id else ids[row.body]
        ranked = ask_plan(bank, "rank", metric, scope.model_copy(update={"bodies": (body,)}))
        assert ranked.value == 1 + sum(value > row.value for value in values), row.body


@pytest.mark.parametrize("part", ["result_granted", "denied_subtotal", "unable_subtotal"])
def test_a_share_is_its_numerator_over_its_denominator(bank: Any, part: str) -> None:
    for body in bank.assistant.index.bodies():
        scope = PlanScope(bodies=(body.body_id,), years=(2024,))
        share = ask_plan(bank, "share", part, scope, denominators=("result_total",))
        values = [ask_plan(bank, "value", metric, scope).value for metric in (part, "result_total")]
        if share.value is not None:
            assert None not in values
            assert share.value == pytest.approx(float(values[0] / values[1]))
            assert 0 <= share.value <= 1
