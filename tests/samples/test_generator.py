"""The generator gives the same bytes for the same seed, and the committed corpus is what it gives now."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from samples.generator import GeneratedReport, generate, main, sample_corpus

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def test_the_committed_corpus_is_what_the_generator_writes_now(tmp_path: Path) -> None:
    main([str(tmp_path)])
    written = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    reports = [path.name for path in (SAMPLES / "reports").glob("*.txt")]
    assert sorted(reports) == sorted(path.name for path in written if path.suffix == ".txt")
    stale = [str(path) for path, content in written.items() if (SAMPLES / path).read_bytes() != content]
    assert not stale, "run `python -m samples.generator samples` and look at what changed"


def test_a_seed_determines_every_byte(batch: list[GeneratedReport]) -> None:
    again = list(itertools.islice(generate(300, seed=5), 40))
    assert again == batch[:40]


def test_asking_for_more_reports_does_not_change_the_first(batch: list[GeneratedReport]) -> None:
    assert next(generate(1, seed=5)) == batch[0]


def test_another_seed_gives_other_reports(batch: list[GeneratedReport], bundled: list[GeneratedReport]) -> None:
    assert next(generate(1, seed=6)).text != batch[0].text
    assert next(sample_corpus(seed=6)).text != bundled[0].text


def test_reports_come_one_at_a_time() -> None:
    assert next(generate(10**9)).text


def test_asking_for_more_than_there_are_names_for_says_so() -> None:
    with pytest.raises(ValueError, match="Place names suffice for 0 reports"):
        list(generate(1, years=()))


def test_file_names_are_unique(batch: list[GeneratedReport], bundled: list[GeneratedReport]) -> None:
    files = [report.file for report in (*batch, *bundled)]
    assert len(set(files)) == len(files)


def test_the_line_of_truth_survives_json(bundled: list[GeneratedReport]) -> None:
    assert [json.loads(json.dumps(report.truth)) for report in bundled] == [report.truth for report in bundled]


def test_a_deviation_that_changes_nothing_is_not_reported(batch: list[GeneratedReport]) -> None:
    for report in batch:
        deviations = set(report.truth["deviations"])
        assert not {"pictures_for_tables", "tables_left_out"} <= deviations
        if report.truth["deviations"] == ["tables_left_out"]:
            assert "\t" not in report.text


def test_every_deviation_occurs_among_a_thousand_reports() -> None:
    from samples.deviations import DEVIATIONS, RATES

    occurring = {name for report in generate(1000, seed=3) for name in report.truth["deviations"]}
    assert set(DEVIATIONS) == set(RATES) == occurring
