"""Reading the bundled corpus gives its truth: every figure, no figure more, every contradiction."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ingest.pipeline import read_report
from samples.generator import GeneratedReport, sample_corpus
from vectorstore.records import ReportContents, State
from vectorstore.resolution import Resolution, failed_cells, resolve

CORPUS = {report.file: report for report in sample_corpus()}


def _resolved(contents: ReportContents) -> Iterator[tuple[str, Resolution]]:
    """What the report says of its own body and year, by full metric id."""
    for resolution in resolve(contents.figures, failed_cells(contents.checks)):
        if (resolution.body_id, resolution.year) == (contents.report.body_id, contents.report.year):
            column = f"__{resolution.column}" if resolution.column else ""
            yield resolution.metric + column, resolution


@pytest.fixture(scope="module", params=CORPUS)
def read(request: pytest.FixtureRequest) -> tuple[GeneratedReport, ReportContents, dict[str, Resolution]]:
    made = CORPUS[request.param]
    contents = read_report(made.text.encode("utf-8"), made.file)
    return made, contents, dict(_resolved(contents))


Read = tuple[GeneratedReport, ReportContents, dict[str, Resolution]]


def test_body_kind_region_and_year_are_read(read: Read) -> None:
    made, contents, _ = read
    report, truth = contents.report, made.truth
    assert (report.body, report.kind, report.region, report.year) == (
        truth["body"][0],
        truth["kind"],
        truth["region"],
        truth["year"],
    )


def test_every_figure_is_read_and_none_invented(read: Read) -> None:
    made, _, figures = read
    truth = made.truth
    stated = {
        metric: float(figure.value)
        for metric, figure in figures.items()
        if figure.value is not None and figure.state is State.STATED and metric not in truth["conflicting"]
    }
    expected = {metric: value for metric, value in truth["figures"].items() if metric != "litigation_total"}
    lost = {metric: value for metric, value in stated.items() if metric in truth["if_read"]}
    assert {m: v for m, v in stated.items() if m not in lost and m != "litigation_total"} == expected
    assert lost.items() <= truth["if_read"].items()


def test_what_is_not_stated_has_no_value(read: Read) -> None:
    made, _, figures = read
    assert not [metric for metric in made.truth["absent"] if metric in figures and figures[metric].value is not None]


def test_contradictions_are_kept_with_both_values(read: Read) -> None:
    made, _, figures = read
    conflicting = {metric for metric, figure in figures.items() if figure.state is State.CONFLICTING}
    assert conflicting == set(made.truth["conflicting"])
    for metric, readings in made.truth["readings"].items():
        values = {float(reading.value) for reading in figures[metric].readings if reading.value is not None}
        assert values == {reading["value"] for reading in readings}
