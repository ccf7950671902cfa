"""Made-up reports for the store's tests. No place, body or number in them is real."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from vectorstore.records import (
    Body,
    Check,
    CheckSide,
    Figure,
    Kind,
    Mention,
    Origin,
    Passage,
    Report,
    ReportContents,
    Section,
    SectionRole,
    Span,
    State,
)

MakeContents = Callable[..., ReportContents]


def _figure(report_id: str, body_id: str, metric: str, value: int | None, **changes: Any) -> Figure:
    values: dict[str, Any] = {
        "column": None,
        "year": 2023,
        "value": None if value is None else Decimal(value),
        "state": State.STATED if value is not None else State.BLANK,
        "unit": "件",
        "origin": Origin.NARRATIVE,
        "start": 0,
        "end": 4,
    }
    return Figure(report_id=report_id, body_id=body_id, metric=metric, **(values | changes))


@pytest.fixture
def make_figure() -> Callable[..., Figure]:
    """Makes a narrative figure of body ``b`` in report ``r``: ``make_figure("applications_new", 3, start=9, …)``."""

    def make(metric: str, value: int | None, **changes: Any) -> Figure:
        return _figure(changes.pop("report_id", "r"), changes.pop("body_id", "b"), metric, value, **changes)

    return make


def _passages(report_id: str, sentences: Sequence[str]) -> tuple[Passage, ...]:
    """One for each sentence; they stand line by line."""
    passages = []
    at = 0
    for sentence in sentences:
        end = at + len(sentence)
        role = SectionRole.PROBLEMS if "问题" in sentence else SectionRole.OVERVIEW
        passages.append(
            Passage(f"{report_id}:{at}-{end}", report_id, "总体情况", role, sentence, at, end, len(sentence))
        )
        at = end + 1
    return tuple(passages)


def _checks(report_id: str) -> tuple[Check, ...]:
    """One that holds, and one that can't be judged."""
    row = CheckSide("各类申请人之和", Decimal(3), (Span(0, 2), Span(3, 5)))
    total = CheckSide("总计", Decimal(3), (Span(6, 7),))
    unknown, known = CheckSide("左", None), CheckSide("右", Decimal("1.50"))
    return (
        Check(report_id, "row_total", "applications_new", True, row, total),
        Check(report_id, "balance", "result_total", None, unknown, known),
    )


@pytest.fixture
def make_contents() -> MakeContents:
    """Makes a report: one passage for each of the sentences, one figure for each item of ``figures``."""

    def make(
        name: str = "青禾经济开发区管理委员会",
        *,
        kind: Kind = Kind.ZONE,
        region: str | None = "云岭省/青禾市/松溪区",
        year: int | None = 2023,
        aliases: tuple[str, ...] = (),
        sentences: Sequence[str] = ("本年度收到政府信息公开申请3件。", "组织业务培训2场。"),
        figures: dict[str, int | None] | None = None,
        other_bodies: tuple[Body, ...] = (),
    ) -> ReportContents:
        text = "\n".join(sentences)
        report_id = hashlib.sha256(f"{name}{year}{region}{text}".encode()).hexdigest()[:16]
        body = Body(f"body-{name}", name, kind, region, aliases)
        report = Report(
            report_id=report_id,
            title=f"{name}{year}年政府信息公开工作年度报告",
            body_id=body.body_id,
            body=name,
            kind=kind,
            region=region,
            year=year,
            period=("2023-01-01", "2023-12-31"),
            issued_on="2024-01-20",
            source=f"{name}.txt",
            sources=(f"{name}.txt", "又一份.txt"),
            retrieved_on=None,
            sections=(Section("一、总体情况", 1, SectionRole.OVERVIEW, 0, len(text)),),
            pictures=1,
            tables=("application_table",),
            characters=len(text),
        )
        return ReportContents(
            report=report,
            text=text,
            body=body,
            other_bodies=other_bodies,
            passages=_passages(report_id, sentences),
            figures=tuple(
                _figure(report_id, body.body_id, metric, value, year=year, start=number, end=number + 5)
                for number, (metric, value) in enumerate((figures or {"applications_new": 3}).items())
            ),
            mentions=(Mention(report_id, body.body_id, year, Decimal(2), "场", "业务培训", None, 0, 9),),
            checks=_checks(report_id),
        )

    return make


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a test's index goes; not made yet."""
    return tmp_path / "index"
