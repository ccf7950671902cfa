"""What recurs: items of the problems sections of all reports in scope, grouped by what they share."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from assistant.answer import Row
from assistant.answering.absence import no_reports
from assistant.answering.citations import markers
from assistant.answering.coverage import cover_found
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.report_rows import report_row
from assistant.prose.passages import section_items
from assistant.prose.sections import admission_of, mark_of, role_of
from vectorstore.records import Report, SectionRole, Span
from vectorstore.terms import terms_of

_GROUPS_NAMED = 8
_QUOTES_PER_GROUP = 3
_LEAST_OVERLAP = 0.22
"""Share of the shorter item's bigrams that two items of one group have in common; common ones don't count."""
_COMMON = 0.5
"""A bigram in more than this share of all items says nothing of what an item is about: 公开, 信息, 工作."""


@dataclass
class _Item:
    report: Report
    span: Span
    text: str
    bigrams: frozenset[str]


@dataclass
class _Theme:
    items: list[_Item] = field(default_factory=list)

    @property
    def reports(self) -> int:
        """How many reports have an item in it."""
        return len({item.report.report_id for item in self.items})


def answer_themes(inquiry: Inquiry) -> Draft:
    """Groups of similar items, those of most reports first; one row a group's item, its label the group's."""
    plan, wording = inquiry.plan, inquiry.wording
    if not inquiry.reports:
        return no_reports(inquiry)
    role = role_of(plan.aspect) or SectionRole.PROBLEMS
    aspect = plan.aspect or "problems"
    what = wording.phrase("themes.improvement" if aspect.startswith("improvement") else "themes.problems")
    items = [item for report in inquiry.reports for item in _items(inquiry, report, role, aspect)]
    coverage = cover_found(inquiry.reports, {item.report.report_id for item in items})
    if not items:
        nothing = wording.say("themes.nothing", scope=inquiry.scope_name, what=what)
        return Draft("not_in_corpus", [nothing], coverage=coverage)
    themes = group(items)
    lines = [wording.say("themes.head", scope=inquiry.scope_name, count=coverage.stated, what=what, groups=len(themes))]
    rows: list[Row] = []
    for position, theme in enumerate(themes, start=1):
        label = wording.quote(label_of(theme))
        quotes = []
        for item in theme.items:
            cites = inquiry.citations.cite(item.report.report_id, item.span)
            rows.append(report_row(item.report, cites, label=label))
            quotes.append(f"{item.report.body}“{wording.quote(item.text)}”{markers(cites)}")
        if position <= _GROUPS_NAMED:
            shown = wording.join(quotes[:_QUOTES_PER_GROUP])
            lines.append(wording.say("themes.group", n=position, label=label, count=theme.reports, quotes=shown))
    return Draft("answered", lines, rows=rows, coverage=coverage, separator="\n")


def _items(inquiry: Inquiry, report: Report, role: SectionRole, aspect: str) -> list[_Item]:
    text = inquiry.citations.text(report.report_id)
    spans = section_items(report, text, role, aspect)
    if aspect.startswith("problem"):
        spans = [admitted for span in spans if (admitted := admission_of(text, span)) is not None]
    return [
        _Item(report, span, span.of(text), frozenset(t for t in terms_of(span.of(text)) if len(t) == 2))
        for span in spans
    ]


def group(items: list[_Item]) -> list[_Theme]:
    """Greedy: each item joins the group it shares most with, or begins one. Groups by reports, then by first item."""
    held = Counter(bigram for item in items for bigram in item.bigrams)
    common = {b for b, n in held.items() if len(items) > 3 and n > max(2, _COMMON * len(items))}
    themes: list[_Theme] = []
    for item in items:
        best, overlap = None, _LEAST_OVERLAP
        for theme in themes:
            shared = max(_overlap(item, other, common) for other in theme.items)
            if shared >= overlap:
                best, overlap = theme, shared
        if best is None:
            best = _Theme()
            themes.append(best)
        best.items.append(item)
    return sorted(themes, key=lambda theme: -theme.reports)


def _overlap(a: _Item, b: _Item, common: set[str]) -> float:
    left, right = a.bigrams - common, b.bigrams - common
    return len(left & right) / max(1, min(len(left), len(right)))


def label_of(theme: _Theme) -> str:
    """The shortest first clause among the items: what the group is about, in a report's own words."""
    clauses = [_first_clause(item.text) for item in theme.items]
    return min(clauses, key=len)


def _first_clause(text: str) -> str:
    clause = text
    for mark in "。；;，,":
        clause = clause.split(mark)[0]
    return clause[len(mark_of(clause)) :].strip() or text[:20]
