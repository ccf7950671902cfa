from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from ingest.pipeline import read_report
from ingest.understanding import report_id_of
from vectorstore.records import Origin, State
from vectorstore.resolution import failed_cells, resolve


def contents(forms: Any, **parts: str) -> Any:
    return read_report(forms.report_text(**parts).encode("utf-8"), "云溪/白石镇.txt")


def test_a_report_is_known_by_its_characters_and_not_by_its_layout() -> None:
    assert report_id_of("甲 乙\n丙") == report_id_of("甲乙丙\n") != report_id_of("甲乙丁")
    assert len(report_id_of("甲")) == 16


def test_the_parts_are_joined_under_one_id_and_body(forms: Any) -> None:
    read = contents(
        forms,
        application=forms.flatten(forms.application_rows({"applications_new": ["2", *"00000", "2"]})),
        overview="（一）依申请公开。2023年，我镇共收到政府信息公开申请2件。",
    )
    report = read.report
    assert (report.year, report.body, report.source) == (2023, "云溪县白石镇人民政府", "云溪/白石镇.txt")
    assert report.tables == ("application_table",) and report.sources == (report.source,)
    assert report.characters == len("".join(read.text.split()))
    for record in (*read.figures, *read.mentions, *read.passages, *read.checks):
        assert record.report_id == report.report_id
    assert {figure.body_id for figure in read.figures} == {read.body.body_id} == {report.body_id}
    origins = {f.origin for f in read.figures if f.metric_id == "applications_new" and f.value == Decimal(2)}
    assert origins == {Origin.TABLE, Origin.NARRATIVE}
    assert any(c.rule == "narrative_against_table" and c.holds for c in read.checks)


def test_what_came_by_one_way_is_no_contradiction_of_the_table(forms: Any) -> None:
    read = contents(
        forms,
        application=forms.flatten(forms.application_rows({"applications_new": ["9", *"00000", "9"]})),
        overview="（二）依申请公开。通过网上平台收到申请6件。",
    )
    (new,) = [
        r
        for r in resolve(read.figures, failed_cells(read.checks))
        if (r.metric, r.column) == ("applications_new", None)
    ]
    assert (new.value, new.state) == (9, State.STATED)
    assert Decimal(6) in {mention.value for mention in read.mentions}


def test_figures_are_in_the_order_of_the_text_and_inside_it(forms: Any) -> None:
    read = contents(forms, dispute=forms.flatten(forms.dispute_rows(["0"] * 15)))
    starts = [figure.start for figure in read.figures]
    assert starts == sorted(starts)
    assert all(0 <= f.start < f.end <= len(read.text) for f in read.figures)


def test_pictures_are_counted_and_not_read(forms: Any) -> None:
    read = contents(forms, application="[image: t3]")
    assert read.report.pictures == 1 and read.report.tables == ()
    assert {f.state for f in read.figures if f.origin is Origin.IMAGE} == {State.UNREADABLE}


def test_reading_twice_gives_the_same(forms: Any) -> None:
    assert contents(forms, proactive="[image: x]") == contents(forms, proactive="[image: x]")


def test_the_real_reports_give_their_gold_figures(shared: Any) -> None:
    for line in (shared / "eval" / "seeds.gold.jsonl").read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        read = read_report((shared / "reports" / gold["file"]).read_bytes(), gold["file"])
        assert (read.report.kind, read.report.year) == (gold["kind"], gold["year"])
        have = {
            r.metric if r.column is None else f"{r.metric}__{r.column}": r
            for r in resolve(read.figures, failed_cells(read.checks))
            if (r.body_id, r.year) == (read.report.body_id, read.report.year)
        }
        for metric, value in gold["figures"].items():
            assert metric in have and have[metric].value == value, (gold["file"], metric)
        assert [m for m in gold["absent"] if m in have and have[m].value is not None] == []
        assert {have[m].state for m in gold["conflicting"]} <= {State.CONFLICTING}
