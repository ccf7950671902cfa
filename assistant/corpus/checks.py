"""What was checked of the reports and doesn't hold: identities, years, channels, impossible values, headings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.absence import no_reports
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.report_rows import all_stated, say_looked_at
from assistant.answering.wording import MEMBERS_NAMED
from assistant.corpus.check_sides import CheckCitations
from assistant.corpus.checked import IsAsked, checked_scope, checks_asked_for, outcomes_of, tally_in_words
from assistant.corpus.conflicts import answer_conflicts
from vectorstore.catalogue import COLUMN_SEPARATOR
from vectorstore.check_rules import WARNING, rule_of
from vectorstore.records import Check
from vectorstore.tallies import CheckTally
from vectorstore.year_comparisons import check_years

_EVERYTHING = "all"
_YEARS = "years_disagree"
_COPIED, _HEADING = "copied", "heading"
_AGREEMENT = ("years_disagree", "channels", "prose_against_table", "failed_checks")
"""Aspects that ask whether numbers agree, so that of one body the answer is yes or no."""
_TOLD_BY_FAILING = ("implausible", "heading")
"""Of these a check is mostly kept only where it fails: that there is none is no want of numbers."""
_MOST_HOLDING = 12
"""Of one body, so many checks that hold are shown as well: both figures answer whether they agree."""


@dataclass(frozen=True, slots=True)
class _Findings:
    """The checks asked for.

    Attributes:
        failed: In the order of reports.
        holding: Those that hold, of totals, where few enough to show.
        tally: Of all checks of the scope.
    """

    aspect: str
    failed: Sequence[Check]
    holding: Sequence[Check]
    tally: CheckTally
    is_asked: IsAsked


def answer_checks(inquiry: Inquiry) -> Draft:
    """Contradictory figures, or checks that fail, by the plan's aspect; ``value`` counts the reports.

    A question about a body's faults is about all its reports unless it names a year.
    """
    inquiry = inquiry.of_any_year()
    if not inquiry.reports:
        return no_reports(inquiry)
    aspect = inquiry.plan.aspect or "conflicts"
    if aspect == "conflicts":
        return answer_conflicts(inquiry)
    if aspect != _COPIED:
        return _answer_findings(inquiry, _find(inquiry, aspect))
    draft = _answer_findings(inquiry, _find(inquiry, _HEADING))
    draft.status = "partial"
    draft.sentences.insert(0, inquiry.wording.say("checks.copied"))
    return draft


def _find(inquiry: Inquiry, aspect: str) -> _Findings:
    is_asked = checks_asked_for(inquiry, aspect)
    scope = checked_scope(inquiry)
    known = {report.report_id for report in inquiry.reports}
    tally: Counter[tuple[str, str, bool | None]] = Counter()
    found: list[Check] = []
    few = len({report.body_id for report in inquiry.reports}) == 1
    if aspect != _YEARS:
        tally.update(inquiry.index.tally_checks(scope))
        found += inquiry.index.checks(scope, False)
        found += inquiry.index.checks(scope, True) if few else []
    if aspect in (_YEARS, _EVERYTHING):
        between = [check for check in check_years(inquiry.index, scope) if check.report_id in known]
        tally.update(Counter((check.rule, check.subject, check.holds) for check in between))
        found += between
    asked = [check for check in found if is_asked(check.rule, check.subject)]
    holding = [check for check in asked if check.holds is True and COLUMN_SEPARATOR not in check.subject]
    return _Findings(
        aspect,
        [check for check in asked if check.holds is False],
        holding if few and aspect != _EVERYTHING and len(holding) <= _MOST_HOLDING else [],
        tally,
        is_asked,
    )


def _answer_findings(inquiry: Inquiry, findings: _Findings) -> Draft:
    wording, aspect, failed = inquiry.wording, findings.aspect, findings.failed
    outcomes = outcomes_of(findings.tally, findings.is_asked)
    looked = say_looked_at(inquiry)
    if not outcomes:
        return _nothing_found(inquiry, aspect, looked)
    shown = CheckCitations(inquiry, [*failed, *findings.holding])
    clauses = [shown.in_words(check) for check in failed[:MEMBERS_NAMED]]
    if len(failed) > MEMBERS_NAMED:
        clauses[-1] += wording.phrase("checks.more", count=len(failed))
    count = len({check.report_id for check in failed})
    is_known = bool(outcomes.get(True) or outcomes.get(False))
    words = {
        "scope": inquiry.scope_name,
        "count": count,
        "fails": len(failed),
        "rules": _by_rule(inquiry, failed),
        "members": wording.semicolons(clauses),
    }
    if failed:
        first = wording.say(f"checks_found.{aspect}", **words)
    else:
        first = wording.say(f"checks_none.{aspect}" if is_known else "checks.unjudged", **words)
    agreeing = [wording.clauses(shown.in_words(check) for check in findings.holding)] if findings.holding else []
    return Draft(
        "answered",
        [
            _verdict(inquiry, bool(failed), is_known),
            first,
            *agreeing,
            tally_in_words(inquiry, findings.tally, findings.is_asked),
            _warnings_among(inquiry, failed),
            looked,
        ],
        value=count if is_known else None,
        unit=wording.phrase("unit.reports"),
        rows=[shown.row(check) for check in (*failed, *findings.holding)],
        coverage=all_stated(inquiry.reports),
    )


def _nothing_found(inquiry: Inquiry, aspect: str, looked: str) -> Draft:
    """No check is kept: the numbers that it needs are wanting, or all is well where only failures are kept."""
    wording, coverage = inquiry.wording, all_stated(inquiry.reports)
    if aspect in _TOLD_BY_FAILING:
        words = [wording.say(f"checks_none.{aspect}", scope=inquiry.scope_name), wording.say("checks.as_read"), looked]
        return Draft("answered", words, value=0, unit=wording.phrase("unit.reports"), coverage=coverage)
    key = "nothing_of_years" if aspect == _YEARS else "nothing"
    words = [wording.say(f"checks.{key}", scope=inquiry.scope_name)]
    if aspect == _YEARS:
        tally = inquiry.index.tally_checks(checked_scope(inquiry))
        words.append(tally_in_words(inquiry, tally, lambda rule, _: rule == "balance", "within"))
    return Draft("not_in_corpus", [*words, looked], coverage=coverage)


def _verdict(inquiry: Inquiry, fails: bool, is_known: bool) -> str:
    """Of one body, yes or no before all else."""
    if len({report.body_id for report in inquiry.reports}) != 1 or inquiry.plan.aspect not in _AGREEMENT:
        return ""
    return inquiry.wording.say(f"checks.verdict_{'no' if fails else 'yes' if is_known else 'unknown'}")


def _by_rule(inquiry: Inquiry, failed: Sequence[Check]) -> str:
    """The rules that are broken, most often first, each with the number of its failures."""
    wording = inquiry.wording
    counted = Counter(check.rule for check in failed).most_common()
    return wording.join(
        wording.phrase("checks.of_rule", rule=rule_of(rule).name(wording.language), count=count)
        for rule, count in counted
    )


def _warnings_among(inquiry: Inquiry, failed: Sequence[Check]) -> str:
    """How many of the failures may have a good reason, and which rules' they are."""
    doubtful = [check for check in failed if rule_of(check.rule).severity == WARNING]
    if not doubtful:
        return ""
    return inquiry.wording.say("checks.warnings", count=len(doubtful), rules=_by_rule(inquiry, doubtful))
