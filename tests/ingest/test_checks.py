from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from ingest.checking.checks import derive, run_checks
from vectorstore.records import Check, Figure, Origin, State


def checks(figures: Any) -> dict[tuple[str, str], Check]:
    return {(check.rule, check.subject): check for check in run_checks(list(figures), "r")}


def read(forms: Any, values: dict[str, list[str]]) -> list[Figure]:
    text = forms.report_text(application=forms.flatten(forms.application_rows(values)))
    return list(forms.read_form(text).reading.figures)


def prose(metric: str, value: int, start: int, **changes: Any) -> Figure:
    figure = Figure(
        "r", "b", metric, None, 2023, Decimal(value), State.STATED, "件", Origin.NARRATIVE, start, start + 9
    )
    return replace(figure, **changes)


CONSISTENT = {
    "applications_new": ["3", "1", "0", "0", "0", "0", "4"],
    "result_granted": ["2", "1", "0", "0", "0", "0", "3"],
    "result_total": ["2", "1", "0", "0", "0", "0", "3"],
    "applications_carried_out": ["1", "0", "0", "0", "0", "0", "1"],
}


def test_a_consistent_table_satisfies_every_identity(forms: Any) -> None:
    found = checks(read(forms, CONSISTENT))
    assert {c.holds for c in found.values()} == {True}
    assert len([c for c in found if c[0] == "row_total"]) == 25
    assert len([c for c in found if c[0] == "outcome_total"]) == len([c for c in found if c[0] == "balance"]) == 7


def test_a_wrong_row_total_fails_with_both_sides(forms: Any) -> None:
    found = checks(read(forms, CONSISTENT | {"applications_new": ["3", "1", "0", "0", "0", "0", "5"]}))
    check = found["row_total", "applications_new"]
    assert (check.holds, check.left.value, check.right.value) == (False, 4, 5)
    assert found["balance", "applications_new"].holds is False
    assert found["balance", "applications_new__natural_person"].holds is True


def test_a_wrong_outcome_total_fails_in_its_column_alone(forms: Any) -> None:
    found = checks(read(forms, CONSISTENT | {"result_total": ["2", "2", "0", "0", "0", "0", "4"]}))
    assert found["outcome_total", "result_total__enterprise"].holds is False
    assert found["outcome_total", "result_total__natural_person"].holds is True


def test_the_sides_point_at_the_cells(forms: Any) -> None:
    figures = read(forms, CONSISTENT)
    check = checks(figures)["row_total", "applications_new"]
    cells = {(f.cell.start, f.cell.end) for f in figures if f.metric == "applications_new" and f.cell}
    assert {(s.start, s.end) for s in (*check.left.spans, *check.right.spans)} == cells


def test_a_blank_cell_is_not_zero_to_an_identity(forms: Any) -> None:
    found = checks(read(forms, CONSISTENT | {"applications_new": ["3", "1", "", "0", "0", "0", "4"]}))
    assert found["row_total", "applications_new"].holds is None
    assert found["balance", "applications_new__research_institution"].holds is None
    assert found["balance", "applications_new"].holds is True


def test_a_pictured_table_gives_no_checks(forms: Any) -> None:
    assert checks(forms.read_form(forms.report_text(application="[image: x]")).reading.figures) == {}


def test_dispute_groups_must_add_up(forms: Any) -> None:
    values = ["1", "0", "0", "0", "1", "1", "0", "0", "0", "2", "0", "0", "0", "", "0"]
    figures = forms.read_form(forms.report_text(dispute=forms.flatten(forms.dispute_rows(values)))).reading.figures
    found = checks(figures)
    assert [found["dispute_total", f"{g}_total"].holds for g in ("review", "lit_direct", "lit_post_review")] == [
        True,
        False,
        None,
    ]


def test_prose_is_held_against_the_table(forms: Any) -> None:
    figures = read(forms, CONSISTENT)
    assert checks([*figures, prose("applications_new", 4, 5)])["narrative_against_table", "applications_new"].holds
    check = checks([*figures, prose("applications_new", 9, 5)])["narrative_against_table", "applications_new"]
    assert (check.holds, check.left.value, check.right.value) == (False, 9, 4)


def test_an_approximate_number_is_held_against_nothing(forms: Any) -> None:
    figures = [*read(forms, CONSISTENT), prose("applications_new", 9, 5, qualifier="余")]
    assert ("narrative_against_table", "applications_new") not in checks(figures)


def test_prose_is_held_against_prose() -> None:
    found = checks([prose("proactive_total", 153, 10), prose("proactive_total", 9, 500)])
    assert found["narrative_against_narrative", "proactive_total"].holds is False
    assert checks([prose("training_sessions", 2, 1), prose("training_sessions", 2, 9)])[
        "narrative_against_narrative", "training_sessions"
    ].holds


def test_prose_of_another_year_or_body_contradicts_nothing() -> None:
    first = prose("proactive_total", 153, 10)
    assert checks([first, prose("proactive_total", 9, 50, year=2022)]) == {}
    assert checks([first, prose("proactive_total", 9, 50, body_id="other")]) == {}


def channels(total: int, website: int, wechat: int) -> Check:
    figures = [
        prose("proactive_total", total, 10),
        prose("proactive_website", website, 10),
        prose("proactive_wechat", wechat, 30),
    ]
    return checks(figures)["channel_sum", "proactive_total"]


def test_channels_must_not_exceed_their_total() -> None:
    assert channels(10, 6, 4).holds is True
    assert channels(10, 6, 5).holds is False


def test_channels_short_of_the_total_leave_room_for_others() -> None:
    assert channels(10, 6, 3).holds is None


def test_sums_are_derived_only_where_every_addend_is_known(forms: Any) -> None:
    values = {"denied_third_party": ["1", "2", "0", "0", "0", "0", "3"], "unable_unclear": ["", *"000000"]}
    derived = {f.metric_id: f for f in derive(read(forms, values))}
    assert derived["denied_subtotal"].value == 3 and derived["denied_subtotal__enterprise"].value == 2
    assert "unable_subtotal__natural_person" not in derived
    assert derived["unable_subtotal"].value == 0


def test_a_derived_sum_says_what_was_added(forms: Any) -> None:
    values = ["0"] * 9 + ["2", "0", "0", "0", "0", "1"]
    figures = forms.read_form(forms.report_text(dispute=forms.flatten(forms.dispute_rows(values)))).reading.figures
    (total,) = derive(figures)
    assert (total.metric, total.value, total.state, total.origin) == (
        "litigation_total",
        3,
        State.DERIVED,
        Origin.DERIVED,
    )
    assert total.note and "2" in total.note and total.note.startswith("由")


def test_nothing_is_derived_from_prose() -> None:
    assert derive([prose("lit_direct_total", 1, 2), prose("lit_post_review_total", 1, 2)]) == ()
