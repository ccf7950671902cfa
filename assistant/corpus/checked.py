"""Which checks a question is about, and how many of them there are: those that hold, fail and can't be judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from assistant.answering.inquiry import Inquiry, stored_scope
from vectorstore.catalogue import COLUMN_SEPARATOR
from vectorstore.check_rules import rule_of
from vectorstore.records import Scope
from vectorstore.tallies import CheckTally

IsAsked = Callable[[str, str], bool]
"""Whether a check of this rule and subject is asked for."""

_SORTS = {
    "failed_checks": "identity",
    "years_disagree": "year",
    "implausible": "value",
    "heading": "layout",
    "copied": "layout",
}
_RULES = {
    "channels": {"channel_sum", "part_over_whole"},
    "prose_against_table": {"narrative_against_table", "handled_total"},
}
_SUBJECTS = {"channels": "proactive_total"}
_MOST_IDS = 900
"""More ids than this are slower to look up than the scope is to search."""


def checks_asked_for(inquiry: Inquiry, aspect: str) -> IsAsked:
    """By the aspect, and by the metrics that the plan names, whatever of them is counted: rules issued, in force."""
    families = {_family(metric_id) for metric_id in inquiry.plan.metrics}

    def is_asked(rule: str, subject: str) -> bool:
        sort, rules = _SORTS.get(aspect), _RULES.get(aspect)
        return (
            (sort is None or rule_of(rule).sort == sort)
            and (rules is None or rule in rules)
            and subject == _SUBJECTS.get(aspect, subject)
            and (not families or _family(subject) in families)
        )

    return is_asked


def _family(metric_id: str) -> str:
    """What is counted, without what became of it: rules of rules_in_force, applications of applications_new."""
    base = metric_id.partition(COLUMN_SEPARATOR)[0]
    for ending in ("_issued", "_repealed", "_in_force", "_disclosed", "_disclosed_total"):
        base = base.removesuffix(ending)
    return base


def checked_scope(inquiry: Inquiry) -> Scope:
    """The reports in scope as the index takes them."""
    scope, reports = inquiry.plan.scope, inquiry.reports
    if scope.latest or scope.excluded or 0 < len(reports) <= _MOST_IDS:
        return Scope(report_ids=tuple(report.report_id for report in reports))
    return stored_scope(scope)


def tally_in_words(inquiry: Inquiry, tally: CheckTally, is_asked: IsAsked, key: str = "tally") -> str:
    """The sentence ``checks.{key}``: how many were looked at, and what came out; empty if there was nothing."""
    outcomes = outcomes_of(tally, is_asked)
    if not outcomes:
        return ""
    return inquiry.wording.say(
        f"checks.{key}",
        all=sum(outcomes.values()),
        holds=outcomes[True],
        fails=outcomes[False],
        unknown=outcomes[None],
    )


def outcomes_of(tally: CheckTally, is_asked: IsAsked) -> Mapping[bool | None, int]:
    """How many checks hold, fail and can't be judged."""
    outcomes: Counter[bool | None] = Counter()
    for (rule, subject, holds), number in tally.items():
        if is_asked(rule, subject):
            outcomes[holds] += number
    return outcomes
