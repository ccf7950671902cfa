"""What the model is given: the answer as computed, its rows, and the places that it may cite."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assistant.answer import Answer, Citation
from assistant.answering.citations import CitationList
from assistant.answering.inquiry import stored_scope
from assistant.language_models.instructions import WITHHELD, is_instruction, without_instructions
from assistant.plan import Plan
from assistant.understanding.two_questions import questions_in
from vectorstore.catalogue import catalogue
from vectorstore.errors import NianbaoError
from vectorstore.records import Scope, Span
from vectorstore.retrieval.confidence import ANSWERS

if TYPE_CHECKING:
    from assistant.assistant import Assistant

MOST_ROWS = 24
MOST_CITATIONS = 60
MOST_FOUND = 8
"""Sentences that search adds to what an answer of passages quotes."""
LONGEST_QUOTE = 600
WORDED = ("figures", "mentions", "passages", "themes")
_PROSE = ("mentions", "passages", "themes")


def is_worded(answer: Answer) -> bool:
    """Whether a model may word the answer.

    Not where a question is put back, where nothing was found or could be cited, in definitions, lists of reports and of
    checks (each says which number stands against which), where the reports' own words were asked for, of two questions
    in one, or where the rows are too many to be read as prose.
    """
    plan = answer.plan
    if answer.status not in ("answered", "partial") or answer.options or plan.get("subject") not in WORDED:
        return False
    if plan.get("shows", "answer") != "answer" or len(answer.rows) > MOST_ROWS:
        return False
    if len(questions_in(answer.question)) > 1:
        return False
    return 0 < len(answer.citations) <= MOST_CITATIONS


def is_prose(answer: Answer) -> bool:
    """Whether the answer is in the reports' words, and its wording is held against them."""
    return answer.plan.get("subject") in _PROSE


def found_besides(assistant: Assistant, answer: Answer) -> list[Citation]:
    """Further sentences that a search finds for a question answered in words, numbered on; none speaks to a machine."""
    plan = Plan.model_validate(answer.plan)
    if plan.subject != "passages" or not plan.words.strip() or plan.quoted or plan.aspect:
        return []
    rows = tuple(dict.fromkeys(row.report_id for row in answer.rows if row.report_id))
    scope = Scope(report_ids=rows) if plan.scope.latest and rows else stored_scope(plan.scope)
    cited = [(c.report_id, c.start, c.end) for c in answer.citations]
    places = CitationList(assistant.index)
    try:
        hits = assistant.index.search(plan.words, scope, k=MOST_FOUND)
    except NianbaoError:
        return []  # what the answer quotes has to do
    for hit in hits if hits and hits[0].likelihood >= ANSWERS else ():
        for span in hit.sentences:
            is_cited = any(r == hit.report.report_id and span.start < e and s < span.end for r, s, e in cited)
            if len(places) < MOST_FOUND and not is_cited and not is_instruction(hit.passage.quote(span)):
                places.cite(hit.report.report_id, Span(span.start, span.end))
    return list(places.written_out(range(1, len(places) + 1), len(answer.citations) + 1))


def material(answer: Answer, besides: list[Citation], question: str) -> dict[str, Any]:
    """The prompt's data, as JSON takes it; what speaks to a machine is left out of every text."""
    return {
        "question": question,
        "answer": without_instructions(answer.text),
        "value": answer.value,
        "unit": answer.unit,
        "rows": list(_rows(answer)),
        "coverage": answer.coverage.parts | {"in_scope": answer.coverage.in_scope},
        "warnings": [without_instructions(warning) for warning in answer.warnings],
        "evidence": [
            {
                "n": c.n,
                "body": without_instructions(c.body),
                "year": c.year,
                "section": _short(c.section),
                "text": _short(c.quote),
            }
            for c in (*answer.citations, *besides)
        ],
    }


def _short(text: str) -> str:
    kept = " ".join(without_instructions(text).split())
    return kept if len(kept) <= LONGEST_QUOTE else f"{kept[:LONGEST_QUOTE]}{WITHHELD}"


def _rows(answer: Answer) -> Iterator[dict[str, Any]]:
    for row in answer.rows:
        told = {
            "body": without_instructions(row.body),
            "label": without_instructions(row.label) if row.label else None,
            "year": row.year,
            "metric": _metric(row.metric, answer.language),
            "value": row.value,
            "readings": list(row.readings) or None,
            "unit": row.unit,
            "state": row.state,
            "note": without_instructions(row.note) if row.note else None,
            "evidence": list(row.citations),
        }
        yield {name: value for name, value in told.items() if value is not None}


def _metric(metric_id: str | None, language: str) -> str | None:
    try:
        return catalogue().name(metric_id, "zh" if language == "zh" else "en") if metric_id else None
    except KeyError:
        return metric_id
