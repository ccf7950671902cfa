"""Several metrics that aren't added: each is answered by itself, one after the other, with the same citations.

Cases and items make no sum: 2 lawsuits and 300 published items are 302 of nothing. So metrics of different units are
never put together, whoever made the plan.
"""

from __future__ import annotations

from collections.abc import Callable

from assistant.answer import Coverage
from assistant.answering.inquiry import Draft, Inquiry


def answer_apart(inquiry: Inquiry, parts: list[tuple[str, ...]], answer: Callable[[Inquiry], Draft]) -> Draft:
    """The answers for the parts of a plan's metrics as one; no ``value``, since there are several."""
    plan = inquiry.plan
    drafts = [
        answer(inquiry.with_plan(plan.model_copy(update={"metrics": metrics, "apart": False}))) for metrics in parts
    ]
    named = inquiry.wording.metrics_listed(plan.metrics)
    if not plan.apart and plan.operation in ("sum", "mean", "median", "top", "rank"):
        drafts[0].sentences.insert(0, inquiry.wording.say("aggregate.units_apart", metrics=named))
    statuses = {draft.status for draft in drafts}
    known = [draft for draft in drafts if draft.status != "not_in_corpus"]
    sentences = [sentence for draft in drafts for sentence in draft.sentences]
    return Draft(
        statuses.pop() if len(statuses) == 1 else "partial",
        list(dict.fromkeys(sentences)),
        rows=[row for draft in drafts for row in draft.rows],
        coverage=min((draft.coverage for draft in known or drafts), key=_stating),
        warnings=list(dict.fromkeys(warning for draft in drafts for warning in draft.warnings)),
        separator=next((draft.separator for draft in drafts if draft.separator), ""),
    )


def _stating(coverage: Coverage) -> int:
    """The reports that state it: of several metrics the coverage told is that of the one that fewest state."""
    return coverage.stated + coverage.derived
