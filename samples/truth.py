"""What a draft states, as a line of gold: figures, contradictions, and what it leaves unsaid.

Computed from the draft's statements, never from the printed text. The format is that of the project's evaluation set
with five keys more: ``readings`` (every value of a contradicted metric, with its origin), ``if_read`` (values whose
labels are lost: a reader may leave them, but must not misread them), ``implied`` (what a report says of other years),
``evidence`` (the clauses of the prose that state a metric) and ``deviations``.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from samples.composition import Subject
from samples.draft import Draft, FormTable, Number, Paragraph, holds_number
from vectorstore.catalogue import catalogue


def _plain(value: Number) -> int | float:
    return int(value) if value == int(value) else float(value)


def _readings(draft: Draft) -> Iterator[tuple[str, Number, str]]:
    """Metric, value and origin of everything stated, in the report's order."""
    for block in draft.blocks:
        if isinstance(block, FormTable):
            yield from ((metric, value, "table") for metric, value in block.readings())
        elif isinstance(block, Paragraph):
            for sentence in block.sentences:
                yield from ((metric, value, "narrative") for metric, value in sentence.readings())


def _evidence(draft: Draft) -> dict[str, list[str]]:
    evidence: dict[str, list[str]] = {}
    for sentence in draft.sentences():
        for metric, clause in sentence.evidence():
            evidence.setdefault(metric, []).append(clause)
    return evidence


def _values(draft: Draft) -> dict[str, dict[Number, str]]:
    """By metric: each different value that is stated, with the origin of its first statement."""
    values: dict[str, dict[Number, str]] = {}
    for metric, value, origin in _readings(draft):
        if metric.partition("__")[0] in catalogue().metrics:
            values.setdefault(metric, {}).setdefault(value, origin)
    lawsuits = [list(values.get(f"lit_{part}_total", {})) for part in ("direct", "post_review")]
    if "litigation_total" not in values and all(len(known) == 1 for known in lawsuits):
        values["litigation_total"] = {sum(known[0] for known in lawsuits): "derived"}
    return values


def state_truth(draft: Draft, subject: Subject, file: str, deviations: tuple[str, ...]) -> dict[str, Any]:
    """The gold line of one report."""
    metrics = catalogue().metrics
    values = _values(draft)
    lost = sorted({row for block in draft.blocks if isinstance(block, FormTable) for row in block.lost})
    if_read = {
        metric: _plain(Decimal(printed))
        for block in draft.blocks
        if isinstance(block, FormTable)
        for metric, printed in block.cells.items()
        if metric.partition("__")[0] in lost and holds_number(printed)
    }
    derived = {metric.id for metric in metrics.values() if metric.sum_of}
    absent = [m for m in metrics if m not in values and m not in lost and m not in derived]
    body = subject.body
    names = list(dict.fromkeys((body.name, body.title_name, body.name.removesuffix("管理委员会"))))
    return {
        "file": file,
        "body": names,
        "kind": body.kind.value,
        "region": subject.territory.region,
        "year": subject.year,
        "figures": {metric: _plain(*known) for metric, known in values.items() if len(known) == 1},
        "absent": absent,
        "conflicting": [metric for metric, known in values.items() if len(known) > 1],
        "complete": True,
        "allowed": lost,
        "readings": {
            metric: [{"value": _plain(value), "origin": origin} for value, origin in known.items()]
            for metric, known in values.items()
            if len(known) > 1
        },
        "if_read": if_read,
        "implied": [{"metric": m, "year": y, "value": _plain(v)} for m, y, v in draft.implied],
        "evidence": _evidence(draft),
        "deviations": list(deviations),
    }
