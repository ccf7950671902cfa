"""The checks that a list shows: those that fail, or all, by what they are and by what people found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ui.listing import check_record, judgement_record
from vectorstore.check_rules import rule_of
from vectorstore.verdicts import Verdicts
from vectorstore.year_comparisons import check_years

if TYPE_CHECKING:
    from ui.listing import ReadText
    from vectorstore.index import Index
    from vectorstore.records import Check, Report, Scope
    from vectorstore.verdicts import Judgement


@dataclass(frozen=True, slots=True)
class ListedCheck:
    """A check, the report that it is of, and what people found."""

    check: Check
    report: Report
    judgement: Judgement

    def record(self, read_text: ReadText) -> dict[str, Any]:
        """One element of ``checks --json``, with its verdict."""
        return check_record(self.check, self.report, read_text) | {"verdict": judgement_record(self.judgement)}


def listed_checks(
    index: Index,
    scope: Scope,
    *,
    everything: bool = False,
    rule: str | None = None,
    severity: str | None = None,
    verdict: str | None = None,
) -> list[ListedCheck]:
    """The checks of the reports in scope that fail; what isn't given doesn't narrow.

    Args:
        everything: Those that hold or can't be judged as well.
        verdict: ``open``, or what people found: only of those that fail.
    """
    by_id = {report.report_id: report for report in index.reports(scope)}
    verdicts = Verdicts(index.verdicts())
    found = [*index.checks(scope), *check_years(index, scope)] if everything else index.failed_checks(scope)
    return [
        ListedCheck(check, by_id[check.report_id], verdicts.on(check))
        for check in found
        if check.report_id in by_id
        and (rule is None or check.rule == rule)
        and (severity is None or rule_of(check.rule).severity == severity)
        and (verdict is None or (check.holds is False and verdicts.on(check).standing == verdict))
    ]
