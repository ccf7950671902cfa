"""The clauses of the prose that state a number outside the form, each report's own, judged one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.answering.inquiry import Inquiry, stored_scope
from assistant.prose.counted_topics import CountedTopic, is_part, unit_sort
from vectorstore.folding import fold_text
from vectorstore.records import Mention, Report, Span


@dataclass(frozen=True, slots=True)
class Statement:
    """A number that a report states of what is asked for.

    Attributes:
        is_part: The clause says that it is a part of another number: 其中.
        places: Every clause of the report that states it, in order.
    """

    report: Report
    mention: Mention
    clause: str
    is_part: bool
    places: tuple[Span, ...]

    @property
    def value(self) -> Decimal:
        """The number."""
        return self.mention.value

    def cite(self, inquiry: Inquiry) -> tuple[int, ...]:
        """The numbers of its places."""
        return tuple(n for span in self.places for n in inquiry.citations.cite(self.report.report_id, span))


def find_statements(inquiry: Inquiry, topic: CountedTopic) -> list[Statement]:
    """What the reports in scope state of themselves about a topic, in their order and in the order of each text."""
    reports = {report.report_id: report for report in inquiry.reports}
    found: dict[str, list[tuple[Mention, str]]] = defaultdict(list)
    for mention, clause in _near(inquiry, topic):
        report = reports.get(mention.report_id)
        if report is not None and (mention.body_id, mention.year) == (report.body_id, report.year):
            folded = fold_text(clause)
            if topic.is_counted_by(mention, folded):
                found[mention.report_id].append((mention, clause))
    return [
        statement
        for report in inquiry.reports
        if report.report_id in found
        for statement in _merged(report, _meant(topic, found[report.report_id]))
    ]


def _near(inquiry: Inquiry, topic: CountedTopic) -> list[tuple[Mention, str]]:
    scope = stored_scope(inquiry.plan.scope)
    requirement = topic.requirement
    if requirement is not None:

        def accepts(_: str, clause: str) -> bool:
            return topic.is_named_in(fold_text(clause))

        return inquiry.index.mentions_near(requirement, accepts, scope)
    mentions = inquiry.index.mentions(scope)
    inquiry.citations.load(mention.report_id for mention in mentions)
    return [(m, inquiry.citations.text(m.report_id)[m.start : m.end]) for m in mentions]


def _meant(topic: CountedTopic, found: Sequence[tuple[Mention, str]]) -> Sequence[tuple[Mention, str]]:
    """Of a report's numbers those with the counting word, the name and the verb asked for, where any has them."""
    for test in (
        lambda m, _: m.unit == topic.unit,
        lambda m, _: unit_sort(m.unit) == (unit_sort(topic.unit) or unit_sort(m.unit)),
        lambda m, clause: topic.is_called_so(m, fold_text(clause)),
        lambda _, clause: bool(topic.verbs) and any(verb in clause for verb in topic.verbs),
    ):
        found = [(m, clause) for m, clause in found if test(m, clause)] or found
    return found


def _merged(report: Report, found: Sequence[tuple[Mention, str]]) -> list[Statement]:
    """One statement a number: what a report says twice is one, with both places."""
    of_value: dict[tuple[Decimal, str, str], list[tuple[Mention, str]]] = defaultdict(list)
    for mention, clause in found:
        of_value[mention.value, mention.unit, mention.counted[-2:]].append((mention, clause))
    statements = []
    for places in of_value.values():
        mention, clause = places[0]
        part = all(is_part(m, fold_text(c)) for m, c in places)
        spans = tuple(dict.fromkeys(Span(m.start, m.end) for m, _ in places))
        statements.append(Statement(report, mention, clause, part, spans))
    return statements
