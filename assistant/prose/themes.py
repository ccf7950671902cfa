"""What recurs: problems, improvements or what was applied for, of all reports in scope, grouped and counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer import Row
from assistant.answering.absence import no_reports
from assistant.answering.citations import markers
from assistant.answering.coverage import cover_found
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.report_rows import report_row
from assistant.prose.application_subjects import application_subjects
from assistant.prose.sections import admission_of, role_of, section_items
from assistant.prose.theme_groups import group_texts
from vectorstore.records import Report, SectionRole, Span

_GROUPS_NAMED = 8
_QUOTES_PER_GROUP = 3
APPLICATION_SUBJECTS = "application_subjects"


@dataclass(frozen=True, slots=True)
class _Item:
    report: Report
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class _Theme:
    """A group of items under a label that a reader understands."""

    label: str
    items: tuple[_Item, ...]

    @property
    def reports(self) -> int:
        """How many reports have an item in it."""
        return len({item.report.report_id for item in self.items})


def answer_themes(inquiry: Inquiry) -> Draft:
    """Groups of similar items, those of most reports first; one row an item, its label the group's."""
    wording = inquiry.wording
    if not inquiry.reports:
        return no_reports(inquiry)
    aspect = _aspect(inquiry)
    what = wording.phrase(f"themes.{aspect}")
    items = _items(inquiry, aspect)
    coverage = cover_found(inquiry.reports, {item.report.report_id for item in items})
    named = {"scope": inquiry.scope_name, "what": what, "looked": len(inquiry.reports)}
    if not items:
        return Draft("not_in_corpus", [wording.say("themes.nothing", **named)], coverage=coverage)
    themes = _themes(inquiry, items, aspect)
    several = [theme for theme in themes if theme.reports > 1] or themes
    single = [theme for theme in themes if theme not in several]
    lines = [wording.say("themes.head", count=coverage.stated, groups=len(several), **named)]
    lines += [_line(inquiry, n, theme) for n, theme in enumerate(several[:_GROUPS_NAMED], start=1)]
    if len(several) > _GROUPS_NAMED:
        lines.append(wording.say("themes.more_groups", count=len(several) - _GROUPS_NAMED))
    if single:
        quotes = [_quoted(inquiry, item) for theme in single for item in theme.items]
        lines.append(wording.say("themes.single", count=len(quotes), members=wording.members(quotes)))
    if coverage.without_value:
        names = wording.members([wording.body_year(w.body, w.year) for w in coverage.without_value])
        lines.append(wording.say("themes.without", what=what, count=coverage.silent, names=names))
    rows = [_row(inquiry, theme, item) for theme in (*several, *single) for item in theme.items]
    return Draft("answered", lines, rows=rows, coverage=coverage, separator="\n")


def _aspect(inquiry: Inquiry) -> str:
    aspect = inquiry.plan.aspect or "problems"
    if aspect == APPLICATION_SUBJECTS:
        return aspect
    return "improvement" if aspect.startswith("improvement") else "problems"


def _items(inquiry: Inquiry, aspect: str) -> list[_Item]:
    inquiry.citations.load(report.report_id for report in inquiry.reports)
    items = []
    for report in inquiry.reports:
        text = inquiry.citations.text(report.report_id)
        items += [_Item(report, span, span.of(text)) for span in _spans(report, text, aspect)]
    return items


def _spans(report: Report, text: str, aspect: str) -> list[Span]:
    if aspect == APPLICATION_SUBJECTS:
        return application_subjects(report, text)
    spans = section_items(report, text, role_of(aspect) or SectionRole.PROBLEMS, aspect)
    if aspect == "problems":
        return [admitted for span in spans if (admitted := admission_of(text, span)) is not None]
    return spans


def _themes(inquiry: Inquiry, items: Sequence[_Item], aspect: str) -> list[_Theme]:
    """The themes, those of most reports first, of equals by their labels."""
    wording, texts = inquiry.wording, [item.text for item in items]
    themes = [
        _Theme(
            wording.quote(group.label(texts, aspect, wording.language)),
            tuple(items[position] for position in group.members),
        )
        for group in group_texts(texts, known=aspect != APPLICATION_SUBJECTS)
    ]
    return sorted(themes, key=lambda theme: (-theme.reports, theme.label))


def _line(inquiry: Inquiry, number: int, theme: _Theme) -> str:
    wording = inquiry.wording
    first_of_report = {item.report.report_id: item for item in reversed(theme.items)}
    shown = [item for item in theme.items if first_of_report[item.report.report_id] is item][:_QUOTES_PER_GROUP]
    quotes = wording.join(_quoted(inquiry, item) for item in shown)
    return wording.say("themes.group", n=number, label=theme.label, count=theme.reports, quotes=quotes)


def _quoted(inquiry: Inquiry, item: _Item) -> str:
    wording = inquiry.wording
    return wording.phrase(
        "themes.quoted",
        body=item.report.body,
        year=wording.year(item.report.year),
        quote=wording.quote(item.text),
        cites=markers(inquiry.citations.cite(item.report.report_id, item.span)),
    )


def _row(inquiry: Inquiry, theme: _Theme, item: _Item) -> Row:
    cites = inquiry.citations.cite(item.report.report_id, item.span)
    return report_row(item.report, cites, label=theme.label, note=item.text)
