"""Whatever a plan asks of figures, its answer is well formed: cited, covered, and in words without gaps."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vectorstore.records import Kind

METRICS = ("applications_new", "review_total", "result_granted", "result_total", "unable_subtotal", "proactive_total")
KINDS = (Kind.ZONE, Kind.TOWNSHIP, Kind.COUNTY)
PLACES = ("云江省/青川市/白石县", "云江省/青川市", "远山省/临溪市", None)

metric_lists = st.lists(st.sampled_from(METRICS), min_size=1, max_size=2, unique=True)
denominators = st.one_of(st.just([]), st.just(["result_total"]))
changes = st.sampled_from([None, None, "difference", "percent"])
conditions = st.builds(
    lambda comparison, value, width: (
        {"comparison": comparison, "value": value} | ({"upper": value + width} if comparison == "between" else {})
    ),
    st.sampled_from(["=", "!=", ">", ">=", "<", "<=", "between"]),
    st.integers(-3, 5),
    st.integers(0, 3),
)
years = st.sampled_from([None, None, 2021, 2022])
held_against = st.fixed_dictionaries(
    {},
    optional={
        "metrics": metric_lists,
        "than": metric_lists,
        "since": years,
        "year": years,
        "change": changes,
        "against": st.sampled_from(["mean", "median"]),
        "top": st.integers(1, 3),
        "order": st.sampled_from(["ascending", "descending"]),
    },
)
criteria = st.lists(
    st.one_of(
        conditions,
        st.builds(lambda condition, others: condition | others, conditions, held_against),
        st.builds(
            lambda condition, metrics, bases, change: (
                condition | {"metrics": metrics, "denominators": bases, "change": change}
            ),
            conditions,
            metric_lists,
            denominators,
            changes,
        ),
    ),
    max_size=2,
)
narrow = st.fixed_dictionaries(
    {},
    optional={
        "kinds": st.lists(st.sampled_from(KINDS), max_size=2, unique=True),
        "years": st.lists(st.integers(2021, 2023), max_size=2, unique=True),
        "regions": st.just(["云江省"]),
        "names": st.just(["1"]),
    },
)
plans = st.fixed_dictionaries(
    {
        "operation": st.sampled_from(["value", "list", "count", "sum", "mean", "median", "top", "rank", "share"]),
        "metrics": metric_lists,
        "denominators": denominators,
        "change": changes,
        "criteria": criteria,
        "combine": st.sampled_from(["all", "any"]),
        "order": st.sampled_from(["ascending", "descending", "both"]),
        "since": years,
        "times": st.booleans(),
        "within": st.sampled_from([[], [], ["region"], ["year"], ["kind", "body"]]),
        "limit": st.sampled_from([None, 1, 3]),
        "years_running": st.sampled_from([None, None, 0, 2]),
        "language": st.sampled_from(["zh", "en"]),
    }
)
sayings = st.lists(st.integers(0, 4), max_size=2, unique=True)
reports = st.tuples(
    st.integers(0, 2),
    st.integers(2021, 2023),
    st.sampled_from(KINDS),
    st.sampled_from(PLACES),
    st.lists(sayings, min_size=6, max_size=6),
)
corpora = st.lists(reports, min_size=1, max_size=6, unique_by=lambda report: report[:2])


def drafts_of(draft: Any, corpus: list[Any]) -> list[Any]:
    drafts, bodies = [], {}
    for number, year, kind, place, said in corpus:
        # A body is of one kind and place whatever the year.
        kind, place = bodies.setdefault(number, (kind, place))
        made = draft(f"第{number}号机关", year, kind, place)
        for metric, readings in zip(METRICS, said, strict=True):
            for reading in readings:
                made.says(metric, reading, f"{year}年{metric}有{reading}。")
        drafts.append(made)
    return drafts


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(corpora, plans, narrow, st.lists(narrow, max_size=1), st.booleans(), st.integers(0, 2))
def test_every_answer_is_well_formed(
    ask: Any,
    draft: Any,
    corpus: list[Any],
    plan: dict[str, Any],
    scope: dict[str, Any],
    excluded: list[dict[str, Any]],
    latest: bool,
    named: int,
) -> None:
    drafts = drafts_of(draft, corpus)
    bodies = [made.body.body_id for made in drafts[:named]]
    whole = {**scope, "excluded": excluded, "latest": latest, "bodies": list(dict.fromkeys(bodies))}
    answer = ask(drafts, subject="figures", scope=whole, **plan)
    assert answer.text
    assert "None" not in answer.text.replace("None of", "")
    if plan["operation"] == "sum" and answer.value is not None and not (plan["denominators"] or plan["change"]):
        known = [row.value for row in answer.rows if row.value is not None]
        assert answer.value == sum(known) or (answer.value == 0 and not known)
    if plan["operation"] in ("list", "count") and plan["years_running"] is None and answer.value is not None:
        members = {(row.body, row.year) for row in answer.rows}
        assert answer.value <= len(members) if answer.value else not members
