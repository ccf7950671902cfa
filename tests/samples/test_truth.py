"""The truth keeps the form's identities, is in the text, and tells unknown from zero."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from samples.generator import GeneratedReport
from vectorstore.catalogue import catalogue

COLUMNS = [column.id for column in catalogue().applicant_columns]


def _complete(reports: list[GeneratedReport]) -> list[dict[str, Any]]:
    """Truths of the reports whose application table has every cell, with what the prose contradicts put right."""
    truths = []
    for report in reports:
        if "identity_broken" in report.truth["deviations"]:
            continue
        figures = dict(report.truth["figures"])
        for metric, readings in report.truth["readings"].items():
            figures.update((metric, r["value"]) for r in readings if r["origin"] == "table")
        rows = [row.id for row in catalogue().application_rows]
        if all(f"{row}__{column}" in figures for row in rows for column in COLUMNS):
            truths.append(report.truth | {"figures": figures})
    return truths


def test_the_six_columns_of_a_row_make_its_total(bundled: list[GeneratedReport], batch: list[GeneratedReport]) -> None:
    for truth in _complete(bundled + batch):
        figures = truth["figures"]
        for row in catalogue().application_rows:
            assert figures[row.id] == sum(figures[f"{row.id}__{column}"] for column in COLUMNS), truth["file"]


def test_what_comes_in_is_decided_or_carried_out(bundled: list[GeneratedReport], batch: list[GeneratedReport]) -> None:
    outcomes = [row.id for row in catalogue().application_rows if row.part == "outcome"]
    for truth in _complete(bundled + batch):
        for suffix in ("", *(f"__{column}" for column in COLUMNS)):
            cell = {row.id: truth["figures"][row.id + suffix] for row in catalogue().application_rows}
            total = cell["result_total"]
            assert total == sum(cell[row] for row in outcomes)
            assert (
                cell["applications_new"] + cell["applications_carried_in"] == total + cell["applications_carried_out"]
            )


def test_a_dispute_group_adds_up(bundled: list[GeneratedReport], batch: list[GeneratedReport]) -> None:
    for truth in _complete(bundled + batch):
        figures = truth["figures"]
        for group in ("review", "lit_direct", "lit_post_review"):
            results = ("upheld", "corrected", "other", "pending")
            assert figures[f"{group}_total"] == sum(figures[f"{group}_{result}"] for result in results)
        assert figures["litigation_total"] == figures["lit_direct_total"] + figures["lit_post_review_total"]


def test_what_one_year_carries_out_the_next_carries_in(
    bundled: list[GeneratedReport], batch: list[GeneratedReport]
) -> None:
    truths = {(t["body"][0], t["region"], t["year"]): t["figures"] for t in _complete(bundled + batch)}
    pairs = 0
    for (body, region, year), figures in truths.items():
        if later := truths.get((body, region, year + 1)):
            assert later["applications_carried_in"] == figures["applications_carried_out"], (body, year)
            in_force = figures["normative_docs_in_force"] + later["normative_docs_issued"]
            if "normative_docs_in_force" in later:
                assert later["normative_docs_in_force"] == in_force - later["normative_docs_repealed"]
            pairs += 1
    assert pairs > 100


def test_channels_add_up_to_what_was_disclosed(bundled: list[GeneratedReport], batch: list[GeneratedReport]) -> None:
    for report in bundled + batch:
        figures = report.truth["figures"]
        if {"proactive_total", "proactive_website", "proactive_wechat"} <= set(figures):
            assert figures["proactive_website"] + figures["proactive_wechat"] < figures["proactive_total"]


def test_every_figure_is_in_the_text(bundled: list[GeneratedReport], batch: list[GeneratedReport]) -> None:
    for report in bundled + batch:
        plain = unicodedata.normalize("NFKC", report.text).replace(",", "")
        numbers = {float(number) for number in re.findall(r"\d+(?:\.\d+)?", plain)}
        numbers |= {float(number) * 10_000 for number in re.findall(r"(\d+(?:\.\d+)?)万条", plain)}
        numbers |= {float(number) / 10_000 for number in re.findall(r"(\d+)元", plain)}
        stated = {m: v for m, v in report.truth["figures"].items() if m != "litigation_total"}
        for metric, value in stated.items():
            in_words = metric in report.truth["evidence"] and value < 20
            assert value == 0 or abs(value) in numbers or in_words, (report.file, metric, value)
        for clauses in report.truth["evidence"].values():
            assert all(clause in report.text for clause in clauses), report.file


def test_a_metric_is_known_contradicted_or_absent(bundled: list[GeneratedReport], batch: list[GeneratedReport]) -> None:
    for report in bundled + batch:
        truth = report.truth
        parts = [set(truth["figures"]), set(truth["conflicting"]), set(truth["absent"])]
        assert sum(map(len, parts)) == len(set().union(*parts)), report.file
        bare = {metric.id for metric in catalogue().metrics.values() if not metric.sum_of}
        assert bare <= set().union(*parts, truth["allowed"]), report.file


def test_the_silent_report_states_no_applications(bundled: list[GeneratedReport]) -> None:
    (silent,) = [r for r in bundled if "silent_on_applications" in r.truth["deviations"]]
    assert "applications_new" in silent.truth["absent"]
    assert not any(metric.startswith("applications_new") for metric in silent.truth["figures"])
    assert "一、本年新收" not in silent.text


def test_a_blank_cell_is_not_zero(bundled: list[GeneratedReport]) -> None:
    (report,) = [r for r in bundled if "blank_cells" in r.truth["deviations"]]
    assert "normative_docs_in_force" in report.truth["absent"]
    assert "rules_issued" in report.truth["absent"]
    assert report.truth["figures"]["normative_docs_issued"] == 0


def test_pictures_hide_what_only_the_tables_state(bundled: list[GeneratedReport]) -> None:
    (report,) = [r for r in bundled if "pictures_for_tables" in r.truth["deviations"]]
    assert report.text.count("[image: ") == 3
    assert {"licence_decisions", "applications_carried_in", "result_total"} <= set(report.truth["absent"])
    assert report.truth["figures"]["applications_new"] == 0


def test_contradictions_keep_both_values(bundled: list[GeneratedReport]) -> None:
    contradictory = {r.file: r.truth["readings"] for r in bundled if r.truth["conflicting"]}
    assert set(contradictory) == {"hightech-zone-2022.txt", "songying-town-2022.txt"}
    origins = [reading["origin"] for reading in contradictory["songying-town-2022.txt"]["applications_new"]]
    assert origins == ["narrative", "table"]
    assert len(contradictory["hightech-zone-2022.txt"]["proactive_total"]) == 2


def test_numbers_without_their_labels_are_not_stated(bundled: list[GeneratedReport]) -> None:
    (report,) = [r for r in bundled if "lost_labels" in r.truth["deviations"]]
    assert report.truth["allowed"]
    assert not set(report.truth["if_read"]) & set(report.truth["figures"])


def test_a_change_implies_the_year_before(bundled: list[GeneratedReport]) -> None:
    by_body = {(r.truth["body"][0], r.truth["year"]): r.truth for r in bundled}
    office = by_body["栖澜县人民政府办公室", 2022]
    (implied,) = office["implied"]
    assert implied == {"metric": "applications_new", "year": 2021, "value": 27}
    assert by_body["栖澜县人民政府办公室", 2021]["figures"]["applications_new"] == 27
    assert ("栖澜县农业农村局", 2021) not in by_body
    assert by_body["栖澜县农业农村局", 2022]["implied"][0]["value"] == 11
