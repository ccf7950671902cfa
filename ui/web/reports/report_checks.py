"""The checks of a report: what fails first, as on the page of checks with what was found; then the others, folded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from ui.texts import Texts
from ui.web.checks.check_evidence import Evidence
from ui.web.checks.check_view import LAYOUT, render_check, value_of
from ui.web.markup import escape, link, report_link
from ui.web.reports.readings import quote_of
from vectorstore.catalogue import catalogue
from vectorstore.check_rules import FAULT, check_rules, rule_of
from vectorstore.records import Check, CheckSide, Report
from vectorstore.verdicts import OPEN, Verdicts

if TYPE_CHECKING:
    from vectorstore.index import Index

_MOST_PLACES = 8
_EMPTY = "□"  # an empty cell, which can still be looked at


def render_checks(
    index: Index,
    report: Report,
    failing: Sequence[Check],
    others: Sequence[Check],
    texts: Mapping[str, str],
    words: Texts,
) -> str:
    """The checks of one report.

    Args:
        failing: Those that fail, also those between two years.
        others: Those that hold or can't be judged.
        texts: Of the reports that the sides of ``others`` stand in, by id.
    """
    if not failing and not others:
        return f'<p class="nb-nothing">{escape(words("reports.checks_none"))}</p>'
    parts = [f'<p class="nb-lead">{escape(words("reports.checks_all", n=len(failing) + len(others)))}</p>']
    parts.append(
        _failing(index, report, failing, words)
        if failing
        else f'<p class="nb-good-news">{escape(words("reports.checks_no_failure"))}</p>'
    )
    for name, holds in (("null", None), ("true", True)):
        these = [check for check in others if check.holds is holds]
        if these:
            label = words(f"reports.checks_{name}", n=len(these))
            table = _table(these, texts, words)
            parts.append(f'<details class="nb-more-of-it"><summary>{escape(label)}</summary>{table}</details>')
    return "".join(parts)


def _failing(index: Index, report: Report, failing: Sequence[Check], words: Texts) -> str:
    """What fails, with the verdicts on it; these are given on the page of checks, which it links to."""
    verdicts = Verdicts(index.verdicts((report.report_id,)))
    evidence = Evidence(index, failing, words)
    # What is surely wrong comes first, as on the page of checks.
    gravest = sorted(failing, key=lambda check: rule_of(check.rule).severity != FAULT)
    judged = [(check, verdicts.on(check)) for check in gravest]
    still = sum(judgement.standing == OPEN for _, judgement in judged)
    way = ""
    if not report.superseded_by:  # the page of checks lists what counts
        address = link("checks", report=report.report_id, verdict="all")
        way = f'<p><a href="{address}">{escape(words("checks.judge_there", n=still))}</a></p>'
    return way + "".join(
        render_check(check, report, judgement, evidence, words, can_judge=False) for check, judgement in judged
    )


def _subject(check: Check, words: Texts) -> str:
    name = catalogue().name_or_id(check.subject, words.language)
    return "" if name == check.subject else name


def _side(check: Check, side: CheckSide, texts: Mapping[str, str], words: Texts) -> str:
    value = value_of(check, side)
    if not value and side.value is None and rule_of(check.rule).sort != LAYOUT:
        value = words("reports.unknown")
    told = f" <strong>{escape(value)}</strong>" if value else ""
    return (
        f'<div class="nb-side-of"><p><span lang="zh">{escape(side.label)}</span>{told}</p>'
        f"{_places(check, side, texts, words)}</div>"
    )


def _places(check: Check, side: CheckSide, texts: Mapping[str, str], words: Texts) -> str:
    report_id = side.report_id or check.report_id
    text = texts.get(report_id)
    if text is None or not side.spans:
        return ""
    shown = side.spans[:_MOST_PLACES]
    quotes = [escape(quote_of(text, span.start, span.end)) or _EMPTY for span in shown]
    links = [
        f'<a href="{report_link(report_id, span.start, span.end)}">{quote}</a>'
        for span, quote in zip(shown, quotes, strict=True)
    ]
    if len(side.spans) > _MOST_PLACES:
        links.append("…")
    other = (
        f' <span class="nb-soft">{escape(words("reports.other_report"))}</span>' if report_id != check.report_id else ""
    )
    return f'<p class="nb-places" lang="zh">{" ".join(links)}{other}</p>'


def _table(checks: Iterable[Check], texts: Mapping[str, str], words: Texts) -> str:
    order = {rule: position for position, rule in enumerate(check_rules())}
    ordered = sorted(checks, key=lambda check: order.get(check.rule, len(order)))
    lines = []
    for rule, of in groupby(ordered, lambda check: check.rule):
        known = rule_of(rule)
        lines.append(
            f'<tr class="nb-rule"><th colspan="3" scope="rowgroup">{escape(known.name(words.language))}</th></tr>'
        )
        for check in of:
            sides = "".join(f"<td>{_side(check, side, texts, words)}</td>" for side in (check.left, check.right))
            lines.append(f"<tr><td>{escape(_subject(check, words))}</td>{sides}</tr>")
    return f'<div class="nb-scroll" tabindex="0"><table class="nb-grid"><tbody>{"".join(lines)}</tbody></table></div>'
