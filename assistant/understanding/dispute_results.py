"""What became of disputes: 复议结果怎么分布 asks for the four results of the total that it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.understanding.metric_words import NamedMetric, whole_of
from assistant.understanding.reading import QuestionReading
from vectorstore.catalogue import catalogue

_TOTALS = {
    "review_total": ("review_total",),
    "litigation_total": ("lit_direct_total", "lit_post_review_total"),
    "lit_direct_total": ("lit_direct_total",),
    "lit_post_review_total": ("lit_post_review_total",),
}


def asks_for_results(reading: QuestionReading, metrics: Sequence[NamedMetric]) -> bool:
    """Whether a question asks what became of disputes, and names no result of its own."""
    by_body = reading.has("group", "body", "kind", "region", "year")
    asks = reading.has("group", "outcome") and not by_body
    return bool(metrics) and asks and all(metric.metric_id in _TOTALS for metric in metrics)


def results_of(metrics: Sequence[NamedMetric]) -> list[NamedMetric]:
    """The results that make up the totals, in the order of the form."""
    wholes = [total for metric in metrics for total in _TOTALS[metric.metric_id]]
    by_whole = {
        whole: [metric_id for metric_id in catalogue().metrics if whole_of(metric_id) == whole] for whole in wholes
    }
    return [
        replace(metric, metric_id=result)
        for metric in metrics
        for total in _TOTALS[metric.metric_id]
        for result in by_whole[total]
    ]
