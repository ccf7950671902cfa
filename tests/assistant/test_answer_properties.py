"""What must hold whatever the reports say."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vectorstore.records import Kind

NEW = "applications_new"
KINDS = (Kind.ZONE, Kind.TOWNSHIP, Kind.DEPARTMENT)

# What a body's report says: a number, a blank cell, nothing, or two numbers that contradict one another.
sayings = st.one_of(
    st.integers(0, 30),
    st.just("blank"),
    st.just("silent"),
    st.tuples(st.integers(0, 30), st.integers(0, 30)),
)
corpora = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(2021, 2023), sayings), min_size=1, max_size=8)
quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def drafts_of(draft: Any, corpus: list[Any]) -> list[Any]:
    drafts = []
    for number, (kind, year, saying) in enumerate(corpus):
        made = draft(f"第{number}号机关", year, kind)
        if isinstance(saying, int):
            made.says(NEW, saying, f"本年收到申请{saying}件。")
        elif isinstance(saying, tuple):
            made.says(NEW, saying[0], f"收到申请{saying[0]}件。").says(NEW, saying[1], f"共有申请{saying[1]}件。")
        elif saying == "blank":
            made.row(NEW, {"natural_person": 0, "total": None})
        drafts.append(made)
    return drafts


def units(answer: Any) -> set[tuple[str, int]]:
    return {(row.body, row.year) for row in answer.rows}


@quick
@given(corpora)
def test_zero_some_undecided_and_unknown_partition_the_scope(ask: Any, draft: Any, corpus: list[Any]) -> None:
    drafts = drafts_of(draft, corpus)
    plan = {"subject": "figures", "operation": "list", "metrics": [NEW]}
    zero = ask(drafts, criteria=[{"comparison": "=", "value": 0}], **plan)
    some = ask(drafts, criteria=[{"comparison": ">", "value": 0}], **plan)
    assert zero.coverage == some.coverage
    zeros, somes = (units(answer) if answer.value is not None else set() for answer in (zero, some))
    unknown = {(w.body, w.year) for w in zero.coverage.without_value}
    torn = {
        (f"第{n}号机关", year)
        for n, (_, year, saying) in enumerate(corpus)
        if isinstance(saying, tuple) and min(saying) == 0 and max(saying) > 0
    }
    parts = [zeros, somes, unknown, torn]
    assert sum(map(len, parts)) == len(corpus)
    assert set.union(*parts) == {(f"第{n}号机关", year) for n, (_, year, _) in enumerate(corpus)}


@quick
@given(corpora)
def test_the_sums_of_the_kinds_are_the_sum_and_its_rows(ask: Any, draft: Any, corpus: list[Any]) -> None:
    drafts = drafts_of(draft, corpus)
    plan = {"subject": "figures", "operation": "sum", "metrics": [NEW]}
    whole = ask(drafts, **plan)
    parts = [ask(drafts, scope={"kinds": [kind]}, **plan).value for kind in KINDS]
    known = [part for part in parts if part is not None]
    assert whole.value == (sum(known) if known else None)
    if whole.value is not None:
        assert whole.value == sum(row.value for row in whole.rows if row.value is not None)


@quick
@given(corpora, st.integers(1, 4))
def test_nobody_outside_the_top_has_more(ask: Any, draft: Any, corpus: list[Any], limit: int) -> None:
    drafts = drafts_of(draft, corpus)
    top = ask(drafts, subject="figures", operation="top", metrics=[NEW], limit=limit)
    everyone = ask(drafts, subject="figures", operation="list", metrics=[NEW])
    known = sorted((row.value for row in everyone.rows if row.value is not None), reverse=True)
    chosen = [row.value for row in top.rows if row.value is not None]
    assert chosen == known[: len(chosen)]
    assert len(chosen) >= min(limit, len(known))


@quick
@given(corpora)
def test_a_mean_is_the_sum_over_those_that_state_it(ask: Any, draft: Any, corpus: list[Any]) -> None:
    drafts = drafts_of(draft, corpus)
    plan = {"subject": "figures", "metrics": [NEW]}
    total, mean = ask(drafts, operation="sum", **plan), ask(drafts, operation="mean", **plan)
    if total.value is not None:
        stating = [row for row in total.rows if row.value is not None]
        assert abs(mean.value * len(stating) - total.value) < 1e-9


@quick
@given(corpora, st.sampled_from(["value", "list", "sum", "top", "rank", "compare", "trend", "breakdown", "share"]))
def test_no_operation_invents_a_value_for_the_silent(ask: Any, draft: Any, corpus: list[Any], operation: str) -> None:
    drafts = drafts_of(draft, [(kind, year, "silent") for kind, year, _ in corpus])
    answer = ask(
        drafts,
        subject="figures",
        operation=operation,
        metrics=[NEW],
        denominators=["result_total"] if operation == "share" else [],
        group_by=["column"] if operation == "breakdown" else [],
    )
    assert answer.status == "not_in_corpus"
    assert answer.value is None
    assert all(row.value is None for row in answer.rows)
