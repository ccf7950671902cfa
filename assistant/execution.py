"""From a Plan to an Answer: dispatch to what answers it, and the citations and coverage written out."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.answer import Answer, Corpus
from assistant.answering.absence import holdings
from assistant.answering.citations import renumber
from assistant.answering.inquiry import Draft, Inquiry
from assistant.corpus.checks import answer_checks
from assistant.corpus.reports import answer_reports
from assistant.figures.aggregates import answer_aggregate, answer_groups, answer_share
from assistant.figures.breakdowns import answer_breakdown
from assistant.figures.comparisons import answer_compare, answer_trend
from assistant.figures.members import answer_list, answer_value
from assistant.figures.rankings import answer_rank, answer_top
from assistant.figures.ratios import answer_ratios
from assistant.plan import Operation, Plan, Subject
from assistant.prose.definitions import answer_definition
from assistant.prose.mentions import answer_mentions, answer_words
from assistant.prose.themes import answer_themes

if TYPE_CHECKING:
    from vectorstore.index import Index

_GLUED_MARKER = re.compile(r"(?<=[^\s\]])\[(?=\d+\])")

_FIGURES: dict[Operation, Callable[[Inquiry], Draft]] = {
    "value": answer_value,
    "list": answer_list,
    "count": answer_list,
    "sum": answer_aggregate,
    "mean": answer_aggregate,
    "median": answer_aggregate,
    "top": answer_top,
    "rank": answer_rank,
    "compare": answer_compare,
    "trend": answer_trend,
    "share": answer_share,
    "breakdown": answer_breakdown,
}


def execute(plan: Plan, index: Index, *, question: str, today: date, resolved: str | None = None) -> Answer:
    """Compute the answer to a plan.

    Args:
        question: As it was asked; kept in the answer.
        today: The reference date, for what is said about today.
        resolved: The question that was answered, where a follow-up was completed.

    Raises:
        KeyError: The plan names a metric that the catalogue doesn't hold.
    """
    inquiry = Inquiry(plan, index, question, today)
    draft = _answer(inquiry)
    warnings = list(draft.warnings)
    status = draft.status
    if plan.unplaced:
        # An answer to less than was asked says so before anything else.
        unplaced = inquiry.wording.say("warning.unplaced", words=inquiry.wording.quoted(plan.unplaced))
        draft.sentences.insert(0, unplaced)
        warnings.append(unplaced)
        status = "partial" if status == "answered" else status
    separator = draft.separator or (" " if plan.language == "en" else "")
    text = separator.join(sentence for sentence in draft.sentences if sentence)
    text, rows, citations = renumber(text, draft.rows, inquiry.citations.written_out())
    if plan.language == "en":
        text = _GLUED_MARKER.sub(" [", text)
    return Answer(
        question=question,
        language=plan.language,
        status=status,
        text=text,
        value=draft.value,
        unit=draft.unit,
        rows=tuple(rows),
        citations=tuple(citations),
        coverage=draft.coverage,
        plan=plan_as_json(plan),
        warnings=tuple(dict.fromkeys(warnings)),
        chart=draft.chart,
        corpus=Corpus(reports=len(index.reports()), fingerprint=index.fingerprint),
        resolved=resolved,
    )


def plan_as_json(plan: Plan) -> dict[str, Any]:
    """The plan as JSON takes it, without what it leaves open; `Plan.model_validate` reads it back."""
    return plan.model_dump(mode="json", exclude_defaults=True) | {"subject": plan.subject, "operation": plan.operation}


def _answer(inquiry: Inquiry) -> Draft:
    subjects: dict[Subject, Callable[[Inquiry], Draft]] = {
        "figures": _answer_figures,
        "mentions": answer_mentions,
        "passages": answer_words,
        "reports": answer_reports,
        "bodies": answer_reports,
        "checks": answer_checks,
        "themes": answer_themes,
        "definition": answer_definition,
        "out_of_scope": _refuse,
    }
    return subjects[inquiry.plan.subject](inquiry)


def _answer_figures(inquiry: Inquiry) -> Draft:
    plan = inquiry.plan
    if plan.aspect == "silent" and plan.metrics:
        return answer_reports(inquiry)
    if not plan.metrics and not (plan.operation == "breakdown" and plan.grouping == "outcome"):
        # No metric means that the question is about the reports as such.
        return answer_reports(inquiry)
    if plan.operation in ("sum", "mean", "median", "count", "value") and plan.grouping in ("kind", "region", "year"):
        return answer_groups(inquiry) if plan.condition is None else _FIGURES[plan.operation](inquiry)
    if plan.operation == "value" and plan.grouping in ("column", "outcome"):
        return answer_breakdown(inquiry)
    if plan.denominators:
        together = plan.operation in ("share", "value", "sum") and plan.condition is None
        return answer_share(inquiry) if together else answer_ratios(inquiry)
    return _FIGURES[plan.operation](inquiry)


_REFUSALS = ("prediction", "personal", "opinion", "task", "whole_country")


def _refuse(inquiry: Inquiry) -> Draft:
    aspect = inquiry.plan.aspect if inquiry.plan.aspect in _REFUSALS else "other"
    sentences = [inquiry.wording.say(f"out_of_scope.{aspect}")]
    if aspect == "whole_country" and (reports := inquiry.index.reports()):
        sentences.append(holdings(inquiry, reports))
    return Draft("not_in_corpus", sentences)
