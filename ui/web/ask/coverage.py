"""What an answer rests on: how many reports it looked at, what they say of it, and which of them gave no value."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from assistant.plan import SURVEY
from ui.texts import Texts
from ui.web.markup import escape, report_link

if TYPE_CHECKING:
    from assistant.answer import Answer, WithoutValue

FIRST_NAMED = 40
NAMED_A_CALL = 2000


def sentence(answer: Answer, words: Texts) -> str:
    """The partition in words."""
    coverage = answer.coverage
    if answer.plan.get("aspect") == SURVEY:
        counts = {"yes": coverage.stated, "no": coverage.silent, "rest": coverage.unreadable}
        return words("survey.covered", n=coverage.in_scope, **counts)
    if not answer.is_of_figures:
        found = coverage.in_scope - coverage.silent
        key = "searched" if coverage.silent or answer.plan.get("subject") != "checks" else "looked_at"
        return words(f"answer.{key}", n=coverage.in_scope, found=found)
    parts = words("answer.comma").join(words(f"answer.n_{part}", n=n) for part, n in coverage.parts.items())
    said = words("answer.coverage", n=coverage.in_scope, parts=parts)
    if coverage.missing:
        said += words("answer.missing", n=coverage.missing)
    return said


def render_coverage(answer: Answer, words: Texts) -> str:
    """A bar, its words, and folded behind them the reports that gave no value."""
    coverage = answer.coverage
    if not coverage.in_scope:
        return ""
    said = escape(sentence(answer, words))
    without = coverage.without_value if answer.is_of_figures else ()
    pieces = "".join(f'<i class="nb-of-{part}" style="flex-grow:{n}"></i>' for part, n in coverage.parts.items())
    bar = f'<span class="nb-partition" aria-hidden="true">{pieces}</span>' if answer.is_of_figures else ""
    if not without:
        return f'<div class="nb-coverage">{bar}<p>{said}</p></div>'
    first = sorted(without, key=lambda report: report.state)[:FIRST_NAMED]
    more = ""
    if len(without) > len(first):
        more = (
            f'<p class="nb-rest"><button type="button" class="nb-quiet nb-all-without">'
            f"{escape(words('answer.all_without', n=len(without)))}</button></p>"
        )
    return (
        f'<details class="nb-coverage"><summary>{bar}<span class="nb-said">{said}</span> '
        f'<span class="nb-which">{escape(words("answer.which"))}</span></summary>'
        f'<div class="nb-without">{render_without(first, words)}{more}</div></details>'
    )


def render_without(reports: Sequence[WithoutValue], words: Texts) -> str:
    """The reports that gave no value, by what they say instead; each leads to its page."""
    parts = []
    for state, group in groupby(sorted(reports, key=lambda report: report.state), key=lambda report: report.state):
        items = "".join(f"<li>{_named(report, words)}</li>" for report in group)
        parts.append(f"<h4>{escape(words(f'state.{state}'))}</h4><ul>{items}</ul>")
    return "".join(parts)


def _named(report: WithoutValue, words: Texts) -> str:
    name = " ".join(str(part) for part in (report.body, report.year) if part)
    if not report.report_id or report.state == "missing":
        return escape(name)
    return f'<a href="{report_link(report.report_id)}">{escape(name)}</a>'
