"""From a Plan to an Answer: dispatch to what answers it, and the citations and coverage written out."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.answer import Answer, Corpus
from assistant.answering.absence import holdings
from assistant.answering.addends import metrics_apart
from assistant.answering.citations import Numbering
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.missing import add_missing
from assistant.answering.uncollected import uncollected
from assistant.corpus.checks import answer_checks
from assistant.corpus.reports import answer_reports
from assistant.figures.aggregates import answer_aggregate
from assistant.figures.apart import answer_apart
from assistant.figures.breakdowns import answer_breakdown, answer_split
from assistant.figures.channels import with_channels
from assistant.figures.comparisons import answer_compare
from assistant.figures.compositions import answer_composition
from assistant.figures.members import answer_list
from assistant.figures.membership import metric_ids_of_all
from assistant.figures.rankings import answer_rank
from assistant.figures.ratios import answer_share, answer_share_of_members, asks_for_members
from assistant.figures.top import answer_top
from assistant.figures.trends import answer_trend
from assistant.figures.values import answer_value
from assistant.figures.yes_or_no import with_yes_or_no
from assistant.plan import Operation, Plan, Subject
from assistant.prose.definitions import answer_definition
from assistant.prose.evidence import with_evidence, with_reasons
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
    "share": answer_value,
    "breakdown": answer_breakdown,
}


_SHOWN: dict[str, Callable[[Inquiry, Draft], Draft]] = {
    "answer": lambda _, draft: draft,
    "evidence": with_evidence,
    "reasons": with_reasons,
}


@uncollected()
def execute(plan: Plan, index: Index, *, question: str, today: date) -> Answer:
    """Compute the answer to a plan.

    Args:
        question: As it was asked; kept in the answer.
        today: The reference date, for what is said about today.

    Raises:
        KeyError: The plan names a metric that the catalogue doesn't hold.
    """
    inquiry = Inquiry(plan, index, question, today)
    draft = _SHOWN[plan.shows](inquiry, _answer(inquiry))
    add_missing(inquiry, draft)
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
    numbered = Numbering(text, draft.rows, inquiry.citations)
    text = numbered.text
    if plan.language == "en":
        text = _GLUED_MARKER.sub(" [", text)
    return Answer(
        question=question,
        language=plan.language,
        status=status,
        text=text,
        value=draft.value,
        unit=draft.unit,
        rows=numbered.rows,
        citations=numbered.citations,
        coverage=draft.coverage,
        plan=plan_as_json(plan),
        warnings=tuple(dict.fromkeys(warnings)),
        chart=draft.chart,
        corpus=Corpus(reports=len(index.reports()), fingerprint=index.fingerprint),
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
        "definition": _define,
        "out_of_scope": _refuse,
    }
    return subjects[inquiry.plan.subject](inquiry)


def _answer_figures(inquiry: Inquiry) -> Draft:
    plan = inquiry.plan
    measures_outcomes = "outcome" in plan.group_by
    if plan.aspect == "silent" and plan.metrics:
        return answer_reports(inquiry)
    if not metric_ids_of_all(plan) and not measures_outcomes:
        # No metric means that the question is about the reports as such.
        return answer_reports(inquiry)
    parts = metrics_apart(plan)
    if len(parts) > 1:
        return answer_apart(inquiry, parts, _answer_figures)
    inquiry = inquiry.with_plan(_dated(plan))
    draft = _figure_answer(inquiry.plan)(inquiry)
    if draft.status == "not_in_corpus" and plan.operation == "value":
        draft = with_channels(inquiry, draft, plan.metrics)
    return with_yes_or_no(inquiry, draft) if inquiry.plan.asks_whether else draft


def _figure_answer(plan: Plan) -> Callable[[Inquiry], Draft]:
    """What answers a plan over figures: by its groups, else by its measure, else by its operation."""
    if plan.group_by:
        return answer_split
    if plan.operation == "share" and asks_for_members(plan):
        return answer_share_of_members
    if plan.change is None and plan.denominators and plan.operation in ("share", "value", "sum"):
        return answer_share if len(plan.scope.bodies) < 2 else answer_list
    if plan.operation == "value" and plan.criteria and not plan.scope.bodies:
        return answer_list
    return _FIGURES[plan.operation]


def _dated(plan: Plan) -> Plan:
    """The plan with the years that it leaves open: of a change each body's latest, of a run of years all of it.

    Where criteria name years, a member is of the one year that is left beside them, else of their last.
    """
    scope, run = plan.scope, plan.years_running
    changes = plan.change is not None or any(criterion.change for criterion in plan.criteria)
    named = {criterion.year for criterion in plan.criteria if criterion.year is not None}
    if named:
        left = tuple(year for year in scope.years if year not in named)
        years = left or (max(named),)
        # A criterion on the members' own year is one on their figures themselves.
        own = [c.model_copy(update={"year": None}) if (c.year,) == years else c for c in plan.criteria]
        update = {"scope": scope.model_copy(update={"years": years, "latest": False}), "criteria": tuple(own)}
        return plan.model_copy(update=update)
    if run and len(scope.years) == 1:
        last = scope.years[0]
        return plan.model_copy(
            update={"scope": scope.model_copy(update={"years": tuple(range(last - run + 1, last + 1))})}
        )
    if changes and run is None and not scope.years and plan.operation != "trend" and "year" not in plan.group_by:
        return plan.model_copy(update={"scope": scope.model_copy(update={"latest": True})})
    return plan


_REFUSALS = ("prediction", "personal", "opinion", "task", "whole_country")


def _define(inquiry: Inquiry) -> Draft:
    return answer_composition(inquiry) if inquiry.plan.aspect == "composition" else answer_definition(inquiry)


def _refuse(inquiry: Inquiry) -> Draft:
    aspect = inquiry.plan.aspect if inquiry.plan.aspect in _REFUSALS else "other"
    sentences = [inquiry.wording.say(f"out_of_scope.{aspect}")]
    if aspect == "whole_country" and (reports := inquiry.index.reports()):
        sentences.append(holdings(inquiry, reports))
    return Draft("not_in_corpus", sentences)
