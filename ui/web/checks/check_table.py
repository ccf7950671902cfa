"""The list of checks as a table to export: what is wanted, all pages of it, with verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

from assistant.answering.deferred import Deferred
from assistant.export.document import Cell, Column, ExportTable
from ui.texts import Texts
from ui.web.checks.check_evidence import Evidence
from ui.web.checks.check_view import difference, subject_name
from ui.web.checks.work_list import Item, list_checks, read_wanted
from vectorstore.catalogue import kind_name
from vectorstore.records import CheckSide
from vectorstore.verdicts import Judgement

if TYPE_CHECKING:
    from vectorstore.index import Index

_AT_ONCE = 200
"""Checks whose reports' texts are read together: of ten thousand, the texts would fill the memory."""
_NUMBERS = ("year", "left_value", "right_value", "apart")
_STATES = ("verdict",)
_COLUMNS = (
    "body", "region", "kind", "year", "sort", "rule", "should", "severity", "subject", "left", "left_value",
    "left_quote", "right", "right_value", "right_quote", "apart", "verdict", "note", "made_by", "made_on", "report_id",
)  # fmt: skip


def checks_table(index: Index, query: Mapping[str, Any], words: Texts) -> ExportTable:
    """The checks that an address of the page asks for, in its order, on whatever page of it."""
    items = list_checks(index, read_wanted(query)).items
    columns = tuple(
        Column(
            words(f"check_column.{name}"),
            "number" if name in _NUMBERS else "state" if name in _STATES else "text",
            is_id=name in ("year", "report_id"),
        )
        for name in _COLUMNS
    )
    return ExportTable(words("checks.heading"), columns, Deferred(_rows(index, items, words), len(items)))


def _rows(index: Index, items: Sequence[tuple[Item, Judgement]], words: Texts) -> Iterator[tuple[Cell, ...]]:
    coming = iter(items)
    while some := list(islice(coming, _AT_ONCE)):
        evidence = Evidence(index, (item.check for item, _ in some), words)
        for item, judgement in some:
            yield _row(item, judgement, evidence, words)


def _row(item: Item, judgement: Judgement, evidence: Evidence, words: Texts) -> tuple[Cell, ...]:
    check, report, rule = item.check, item.report, item.rule
    verdict = judgement.verdict if judgement.is_current else None

    def side(of: CheckSide) -> tuple[str, Decimal | None, str]:
        return of.label, of.value, " … ".join(evidence.quotes(check, of))

    return (
        report.body,
        report.region,
        kind_name(report.kind, words.language),
        report.year,
        words(f"check_sort.{rule.sort}") if rule.sort else "",
        rule.name(words.language),
        rule.text(words.language),
        words(f"checks.{rule.severity}"),
        subject_name(check, words),
        *side(check.left),
        *side(check.right),
        difference(check),
        words(f"checks.{judgement.standing}"),
        verdict.note if verdict else "",
        verdict.made_by if verdict else "",
        verdict.made_on if verdict else "",
        report.report_id,
    )
