"""What must hold of everything that is split, whatever the reports say."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vectorstore.records import Kind

NEW = "applications_new"
KINDS = (Kind.ZONE, Kind.TOWNSHIP, Kind.DEPARTMENT)
REGIONS = ("云江省/青川市/白石县", "云江省/墨溪市/黑石县", "霞山省/北渡市/石桥区", None)
GROUPINGS = ("body", "kind", "region", "year")

sayings = st.one_of(
    st.integers(0, 30), st.just("blank"), st.just("silent"), st.tuples(st.integers(0, 30), st.integers(0, 30))
)
corpora = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from(KINDS), st.sampled_from(REGIONS), st.integers(2021, 2023), sayings),
    min_size=1,
    max_size=9,
    unique_by=lambda made: (made[:3], made[3]),
)
quick = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))


def drafts_of(draft: Any, corpus: list[Any]) -> list[Any]:
    drafts = []
    for number, kind, region, year, saying in corpus:
        made = draft(f"{region or '某地'}{kind}第{number}号机关", year, kind, region)
        if isinstance(saying, int):
            made.says(NEW, saying, f"本年收到申请{saying}件。")
        elif isinstance(saying, tuple):
            made.says(NEW, saying[0], f"收到申请{saying[0]}件。").says(NEW, saying[1], f"共有申请{saying[1]}件。")
        elif saying == "blank":
            made.row(NEW, {"natural_person": 0, "total": None})
        drafts.append(made)
    return drafts


def known(rows: Any) -> list[Any]:
    return [row.value for row in rows if row.value is not None]


@quick
@given(corpora, st.sampled_from(GROUPINGS))
def test_the_sums_of_the_groups_are_the_sum(ask: Any, draft: Any, corpus: list[Any], grouping: str) -> None:
    drafts = drafts_of(draft, corpus)
    plan = {"subject": "figures", "operation": "sum", "metrics": [NEW]}
    whole, groups = ask(drafts, **plan), ask(drafts, group_by=[grouping], **plan)
    assert (sum(known(groups.rows)) if known(groups.rows) else None) == whole.value


@quick
@given(corpora, st.permutations(GROUPINGS))
def test_the_cells_of_a_table_add_up_to_its_margins(ask: Any, draft: Any, corpus: list[Any], order: list[str]) -> None:
    drafts = drafts_of(draft, corpus)
    plan = {"subject": "figures", "operation": "sum", "metrics": [NEW]}
    table, margins = ask(drafts, group_by=order[:2], **plan), ask(drafts, group_by=order[:1], **plan)
    if not known(margins.rows):
        assert not known(table.rows)
        return
    for margin in margins.rows:
        cells = [row for row in table.rows if row.label.startswith(f"{margin.label} × ")]
        assert (sum(known(cells)) if known(cells) else None) == margin.value


@quick
@given(corpora, st.sampled_from(GROUPINGS), st.randoms(use_true_random=False))
def test_the_order_of_ingestion_does_not_matter(
    ask: Any, draft: Any, corpus: list[Any], grouping: str, chance: random.Random
) -> None:
    plan = {"subject": "figures", "operation": "sum", "metrics": [NEW], "group_by": [grouping]}
    shuffled = list(corpus)
    chance.shuffle(shuffled)
    answers = [ask(drafts_of(draft, reports), **plan) for reports in (corpus, shuffled)]
    assert answers[0] == answers[1]


@quick
@given(corpora, st.sampled_from(GROUPINGS), st.sampled_from(["sum", "mean", "median", "count", "share"]))
def test_a_group_of_which_nothing_is_known_has_no_value(
    ask: Any, draft: Any, corpus: list[Any], grouping: str, statistic: str
) -> None:
    drafts = drafts_of(draft, corpus)
    criteria = [{"comparison": "=", "value": 0}] if statistic in ("count", "share") else []
    plan = {"subject": "figures", "operation": statistic, "metrics": [NEW], "criteria": criteria}
    answer = ask(drafts, group_by=[grouping], **plan)
    unknown = {(w.body, w.year) for w in answer.coverage.without_value}
    for row in answer.rows:
        if grouping == "year" and row.year is not None:
            of_row = {(d.body.name, d.year) for d in drafts if d.year == row.year}
            assert not of_row <= unknown or row.value is None


@quick
@given(corpora, st.sampled_from(GROUPINGS), st.integers(1, 3))
def test_no_group_outside_the_top_has_more(ask: Any, draft: Any, corpus: list[Any], grouping: str, limit: int) -> None:
    drafts = drafts_of(draft, corpus)
    plan = {"subject": "figures", "metrics": [NEW], "group_by": [grouping]}
    top, everyone = ask(drafts, operation="top", limit=limit, **plan), ask(drafts, operation="sum", **plan)
    if top.status != "not_in_corpus":
        named = [row for row in everyone.rows if "不详" not in (row.label or "")]
        ranked = sorted(known(named) or known(everyone.rows), reverse=True)
        assert known(top.rows) == ranked[: len(known(top.rows))]


@quick
@given(corpora, st.sampled_from(["sum", "trend", "top", "compare"]), st.sampled_from(GROUPINGS))
def test_charts_show_the_values_of_the_rows(
    ask: Any, draft: Any, corpus: list[Any], operation: str, grouping: str
) -> None:
    answer = ask(
        drafts_of(draft, corpus), subject="figures", operation=operation, metrics=[NEW], group_by=[grouping], limit=3
    )
    if answer.chart is None:
        return
    series = answer.chart.get("series") or [{"y": answer.chart["y"]}]
    drawn = sorted(value for one in series for value in one["y"] if value is not None)
    assert drawn == sorted(known(answer.rows))
