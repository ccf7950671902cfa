"""One failed check as HTML: the rule, both sides with what the report says, and what people found."""

from __future__ import annotations

from decimal import Decimal

from assistant.export.characters import number_text
from ui.texts import Texts
from ui.web.checks.check_evidence import Evidence
from ui.web.markup import escape, report_link
from ui.web.numbers import number
from ui.web.site import data
from vectorstore.catalogue import catalogue
from vectorstore.check_rules import FAULT, rule_of
from vectorstore.records import Check, CheckSide, Finding, Report
from vectorstore.verdicts import Judgement, stated

LAYOUT = "layout"
_FIRST_YEAR = 1000
_OF_TWO_NUMBERS = ("identity", "comparison", "year")
"""Sorts of rules whose sides are numbers of the same thing, so that it says something how far they are apart."""


def capitalized(name: str) -> str:
    """A rule's name, which the data has as it stands in a sentence, to begin a line."""
    return name[:1].upper() + name[1:]


def year_name(year: int | None, words: Texts) -> str:
    """The year of a report, or that it isn't known."""
    return words("checks.no_year") if year is None else words("reports.of_year", year=year)


def subject_name(check: Check, words: Texts) -> str:
    """The metric that the check is about; empty for the layout."""
    rule = rule_of(check.rule)
    return "" if rule.sort in (LAYOUT, "") else catalogue().name_or_id(check.subject, words.language)


def difference(check: Check) -> Decimal | None:
    """How far the sides are apart, where that means something."""
    left, right = check.left.value, check.right.value
    if rule_of(check.rule).sort not in _OF_TWO_NUMBERS or left is None or right is None:
        return None
    return abs(left - right)


def value_of(check: Check, side: CheckSide) -> str:
    """The number that a side states; empty where it has none, or its words say all.

    The number of a heading is in its words; so is a year, but for that of the report.
    """
    if side.value is None:
        return ""
    if rule_of(check.rule).sort != LAYOUT:
        return number(side.value)
    year = number_text(side.value)
    return year if side.value >= _FIRST_YEAR and year not in side.label else ""


def name_of(check: Check) -> dict[str, str]:
    """What tells a check and its values from all others, as the page's script hands it back."""
    return {
        "report": check.report_id,
        "rule": check.rule,
        "subject": check.subject,
        "left": stated(check.left),
        "right": stated(check.right),
    }


def render_check(
    check: Check, report: Report, judgement: Judgement, evidence: Evidence, words: Texts, *, can_judge: bool = True
) -> str:
    """A failed check as an ``article``; with buttons for a verdict, unless it can't be judged where it is shown."""
    rule = rule_of(check.rule)
    subject = subject_name(check, words)
    named = capitalized(" · ".join(part for part in (rule.name(words.language), subject) if part))
    tone = "nb-bad" if rule.severity == FAULT else "nb-warn"
    year = year_name(report.year, words)
    whose = ""
    if can_judge:
        address = report_link(report.report_id)
        whose = f'<span class="nb-check-whose"><a href="{address}">{escape(report.body)}</a> {escape(year)}</span> '
    apart = difference(check)
    between = "" if apart is None else f"<span>{escape(words('checks.apart', n=number(apart)))}</span>"
    sign = "" if rule.sort == LAYOUT else f'<b aria-label="{escape(words("checks.not_equal"))}">≠</b>'
    name = f' data-check="{data(name_of(check))}"' if can_judge else ""
    return (
        f'<article class="nb-check" data-standing="{judgement.standing}"{name} tabindex="-1" '
        f'aria-label="{escape(f"{report.body} {year} {named}")}">'
        f'<header>{whose}<span class="nb-tag {tone}">{escape(words(f"checks.{rule.severity}"))}</span></header>'
        f'<h3>{escape(named)}</h3><p class="nb-check-should">{escape(rule.text(words.language))}</p>'
        f'<div class="nb-check-sides">{_side(check, check.left, evidence, words)}'
        f'<p class="nb-check-apart">{sign}{between}</p>'
        f"{_side(check, check.right, evidence, words)}</div>"
        f"{_verdict(judgement, words, can_judge=can_judge)}</article>"
    )


def _side(check: Check, side: CheckSide, evidence: Evidence, words: Texts) -> str:
    elsewhere = ""
    if side.report_id and side.report_id != check.report_id:
        elsewhere = f'<p class="nb-tag">{escape(words("checks.other_report"))}</p>'
    value = value_of(check, side)
    if value:
        value = f'<p class="nb-check-value">{escape(value)}</p>'
        said = f'<p class="nb-check-label">{escape(side.label)}</p>{value}'
    else:
        said = f'<p class="nb-check-words">{escape(side.label)}</p>'
    return f'<div class="nb-check-side">{elsewhere}{said}{evidence.render(check, side)}</div>'


def _verdict(judgement: Judgement, words: Texts, *, can_judge: bool) -> str:
    made = judgement.verdict
    if made is not None and judgement.is_current:
        tone = "nb-bad" if made.finding is Finding.CONFIRMED else "nb-good"
        undo = ""
        if can_judge:
            undo = f'<button type="button" class="nb-quiet" data-undo>{escape(words("checks.undo"))}</button>'
        found = f'<span class="nb-tag {tone}">{escape(words(f"checks.{made.finding.value}"))}</span>'
        return f'<div class="nb-check-judged">{found}{_said(made.note, made.made_by, made.made_on)}{undo}</div>'
    former = ""
    if made is not None:
        sentence = words(
            "checks.former", finding=words(f"checks.{made.finding.value}"), left=made.left, right=made.right
        )
        former = f'<p class="nb-check-former">{escape(sentence)} {_said(made.note, made.made_by, made.made_on)}</p>'
    if not can_judge:
        return f'<div class="nb-check-judging">{former}</div>' if former else ""
    buttons = "".join(
        f'<button type="button" class="nb-button" data-finding="{finding.value}">'
        f"{escape(words(f'checks.{finding.value}'))}</button>"
        for finding in Finding
    )
    return (
        f'<div class="nb-check-judging">{former}<div class="nb-check-buttons">{buttons}'
        f'<input class="nb-control nb-check-note" type="text" maxlength="500" autocomplete="off" '
        f'aria-label="{escape(words("checks.note"))}" placeholder="{escape(words("checks.note"))}"></div></div>'
    )


def _said(note: str, made_by: str, made_on: str) -> str:
    who = " · ".join(part for part in (made_by, made_on) if part)
    noted = f'<span class="nb-check-noted">{escape(note)}</span>' if note else ""
    return f'{noted}<span class="nb-soft">{escape(who)}</span>'
