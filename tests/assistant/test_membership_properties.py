"""What holds of members whatever reports say and criteria ask, judged by trying every reading there is."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answering.inquiry import Inquiry
from assistant.answering.observations import observe
from assistant.figures.membership import Membership, candidates_of, metric_ids_of_all, sort_members
from assistant.plan import Condition, Criterion, Plan
from vectorstore.records import Kind

from .conftest import MemoryIndex

METRICS = ("applications_new", "review_total", "proactive_total")
NEGATED = {"=": "!=", "!=": "=", ">": "<=", "<=": ">", "<": ">=", ">=": "<"}
quick = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))

# What a report says of one metric: the readings, of which there may be none, or two that differ.
sayings = st.lists(st.integers(0, 6), max_size=2, unique=True)
corpora = st.lists(st.tuples(*(sayings for _ in METRICS)), min_size=1, max_size=7)
conditions = st.tuples(st.sampled_from(sorted(NEGATED)), st.integers(0, 6)).map(
    lambda asked: Condition(comparison=asked[0], value=Decimal(asked[1]))  # type: ignore[arg-type]
)


@st.composite
def criteria(draw: st.DrawFn) -> list[Criterion]:
    """One to three conditions, each on a metric of its own."""
    metrics = draw(st.lists(st.sampled_from(METRICS), min_size=1, max_size=3, unique=True))
    return [Criterion(metrics=(metric,), **draw(conditions).model_dump()) for metric in metrics]


def drafts_of(draft: Any, corpus: list[Any]) -> list[Any]:
    drafts = []
    for number, sayings_of_body in enumerate(corpus):
        made = draft(f"第{number}号机关", 2023, Kind.ZONE)
        for metric, readings in zip(METRICS, sayings_of_body, strict=True):
            for reading in readings:
                made.says(metric, reading, f"{metric}有{reading}。")
        drafts.append(made)
    return drafts


def membership_of(drafts: list[Any], plan: Plan) -> Membership:
    index: Any = MemoryIndex([made.finished() for made in drafts])
    inquiry = Inquiry(plan, index, "问题", date(2024, 6, 1))
    return sort_members(plan, candidates_of(inquiry, observe(inquiry, metric_ids_of_all(plan)), each=True))


def worlds(said: Any, asked: list[Criterion]) -> Iterator[list[bool]]:
    """The verdicts of the criteria for every way in which the readings, and what isn't said, may turn out."""
    outcomes = []
    for criterion in asked:
        readings = said[METRICS.index(criterion.metrics[0])]
        outcomes.append({criterion.holds(Decimal(r)) for r in readings} if readings else {True, False})
    yield from map(list, itertools.product(*outcomes))


@quick
@given(corpora, criteria(), st.sampled_from(["all", "any"]))
def test_a_member_satisfies_the_criteria_however_it_turns_out(
    draft: Any, corpus: list[Any], asked: list[Criterion], combine: str
) -> None:
    plan = Plan(subject="figures", operation="list", criteria=tuple(asked), combine=combine)  # type: ignore[arg-type]
    found = membership_of(drafts_of(draft, corpus), plan)
    joined = all if combine == "all" else any
    for number, said in enumerate(corpus):
        turns = {joined(verdicts) for verdicts in worlds(said, asked)}
        name = f"第{number}号机关"
        where = [
            part
            for part in ("members", "others", "unknown", "undecided")
            if any(candidate.first.body == name for candidate in getattr(found, part))
        ]
        assert len(where) == 1, "members, others, unknown and undecided partition the scope"
        expected = {(True,): ["members"], (False,): ["others"]}.get(tuple(turns), ["unknown", "undecided"])
        assert where[0] in expected
        if where == ["undecided"]:
            assert any(len(readings) == 2 for readings in said)


@quick
@given(corpora, conditions, st.sampled_from(METRICS))
def test_nobody_satisfies_a_condition_and_its_contrary(
    ask: Any, draft: Any, corpus: list[Any], condition: Condition, metric: str
) -> None:
    drafts = drafts_of(draft, corpus)
    contrary = condition.model_copy(update={"comparison": NEGATED[condition.comparison]})
    plan = {"subject": "figures", "operation": "list", "metrics": [metric]}
    members, contraries = (
        {row.body for row in ask(drafts, criteria=[asked.model_dump()], **plan).rows if row.value is not None}
        if any(made.figures for made in drafts)
        else set()
        for asked in (condition, contrary)
    )
    everyone = ask(drafts, **plan)
    if everyone.value is not None:
        torn = {
            f"第{n}号机关"
            for n, said in enumerate(corpus)
            if len({condition.holds(Decimal(r)) for r in said[METRICS.index(metric)]}) > 1
        }
        assert not members & contraries - torn
        assert members | contraries | torn >= {row.body for row in everyone.rows if row.value is not None}


@quick
@given(
    corpora,
    criteria(),
    st.sampled_from(["list", "count", "sum", "mean", "median", "top", "share"]),
    st.sampled_from([None, "difference"]),
)
def test_an_unrelated_report_changes_nothing(
    ask: Any, draft: Any, corpus: list[Any], asked: list[Criterion], operation: str, change: str | None
) -> None:
    drafts = drafts_of(draft, corpus)
    plan = {
        "subject": "figures",
        "operation": operation,
        "metrics": [METRICS[0]],
        "criteria": [criterion.model_dump() for criterion in asked],
        "change": change,
        "scope": {"kinds": ["zone"], "years": [2023]},
    }
    before = ask(drafts, **plan)
    elsewhere = draft("远山镇", 2023, Kind.TOWNSHIP, "远山省").says(METRICS[0], 3)
    earlier = draft("第0号机关", 2020, Kind.ZONE).says(METRICS[0], 3)
    after = ask([elsewhere, *drafts, earlier], **plan)
    if before.status != "not_in_corpus":
        assert (after.text, after.rows, after.value) == (before.text, before.rows, before.value)
        assert after.coverage == before.coverage


@quick
@given(corpora, criteria())
def test_a_sum_over_members_and_one_over_the_others_are_the_sum(
    ask: Any, draft: Any, corpus: list[Any], asked: list[Criterion]
) -> None:
    single = [Criterion.model_validate(asked[0].model_dump())]
    contrary = [single[0].model_copy(update={"comparison": NEGATED[single[0].comparison]})]
    settled = [said for said in corpus if len(said[METRICS.index(single[0].metrics[0])]) == 1]
    drafts = drafts_of(draft, settled)
    plan = {"subject": "figures", "operation": "sum", "metrics": [METRICS[0]]}
    whole = ask(drafts, **plan).value if drafts else None
    parts = [
        answer.value
        for part in (single, contrary)
        if drafts
        and (answer := ask(drafts, criteria=[c.model_dump() for c in part], **plan)).rows
        and all(row.metric == METRICS[0] for row in answer.rows)
        and answer.value is not None
    ]
    if whole is not None:
        assert sum(parts) == whole
