"""One report in several formats gives the same figures, and each has a place that shows it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import pytest

from ingest.pipeline import read_report
from samples.comparison import compare
from samples.formats import FORMATS, extension
from samples.generator import GeneratedReport, generate
from vectorstore.records import Figure, Origin, ReportContents, State

# A scan is read by recognition, which takes seconds a page: benchmarks/reading.py measures it.
NAMES = tuple(name for name in FORMATS if name != "scan")
REPORTS = 12
_DENIAL = re.compile(r"[未无没不零0]")
_NUMERALS = re.compile(r"[零一二两三四五六七八九十百千万]")


@pytest.fixture(scope="module", params=range(REPORTS))
def written(request: pytest.FixtureRequest) -> dict[str, GeneratedReport]:
    """One report in every format."""
    return {name: _nth(request.param, name) for name in NAMES}


def _nth(number: int, name: str) -> GeneratedReport:
    return list(generate(number + 1, seed=19, formats=(name,)))[number]


@pytest.fixture(scope="module")
def read(written: dict[str, GeneratedReport]) -> dict[str, ReportContents]:
    return {name: read_report(report.data, report.file) for name, report in written.items()}


Written = dict[str, GeneratedReport]
Read = dict[str, ReportContents]


def _stated(contents: ReportContents) -> set[tuple[str, int | None, str, str]]:
    return {
        (figure.metric_id, figure.year, figure.state.value, str(figure.value))
        for figure in contents.figures
        if figure.origin is not Origin.IMAGE
    }


def test_every_format_gives_the_truth(written: Written, read: Read) -> None:
    for name, report in written.items():
        found = compare(report.truth, read[name])
        assert not (found.wrong or found.invented or found.missed or found.identity), (report.file, found)


def test_all_formats_give_the_same_figures(written: Written, read: Read) -> None:
    same = set(NAMES)
    # Some deviations only flattened text can have.
    if written["txt"].truth["deviations"] != written["html"].truth["deviations"]:
        same.remove("txt")
    differing = {name: _stated(read[name]) ^ _stated(read["html"]) for name in same}
    assert not any(differing.values()), differing


def test_every_value_stands_in_the_place_it_is_quoted_from(read: Read) -> None:
    for name, contents in read.items():
        for figure in _valued(contents.figures):
            place = figure.cell or figure
            quote = unicodedata.normalize("NFKC", contents.text[place.start : place.end]).replace(",", "")
            digits = {float(number) for number in re.findall(r"\d+(?:\.\d+)?", quote)}
            shown = _is_shown(float(figure.value or 0), digits) or _NUMERALS.search(quote)
            assert shown or (figure.value == 0 and _DENIAL.search(quote)), (name, figure, quote)


def _is_shown(value: float, digits: set[float]) -> bool:
    return any(value * factor in digits or abs(value) * factor in digits for factor in (1, 10_000, 1 / 10_000))


def _valued(figures: tuple[Figure, ...]) -> Iterator[Figure]:
    return (f for f in figures if f.value is not None and f.state is State.STATED and f.origin is not Origin.IMAGE)


def test_a_file_is_named_after_its_format(written: Written) -> None:
    assert all(report.file.endswith(extension(name)) for name, report in written.items())
