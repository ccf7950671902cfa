"""A report's own page: what it is, its text, its figures as the official form, its checks, its other years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from assistant.export.gbt7714 import gbt7714
from assistant.export.references import refer_to
from ui.texts import Texts
from ui.web.citing import reference_links
from ui.web.header import PAGES
from ui.web.markup import escape, link, place_in_address, place_name, report_link
from ui.web.numbers import number
from ui.web.originals import original_link, page_link
from ui.web.reports.compare_view import compare_link
from ui.web.reports.corrections_view import render_corrections
from ui.web.reports.official_form import OfficialForm
from ui.web.reports.pictures import pictured
from ui.web.reports.readings import quote_of, reading_link, value_in_words
from ui.web.reports.report_checks import render_checks
from ui.web.reports.report_text import Highlight, anchor, render_text, table_spans
from ui.web.reports.report_years import render_years, reports_of_body
from ui.web.site import Site
from vectorstore.catalogue import catalogue, kind_name
from vectorstore.check_rules import FAULT, rule_of
from vectorstore.records import Figure, Mention, Origin, Report, ResolvedFigure, Scope, Section, Span, State

if TYPE_CHECKING:
    from vectorstore.index import Index

VIEWS = ("text", "figures", "checks", "years", "corrections", "about")
MOST_CHOICES = 20
MOST_QUESTIONS = 2


def render_report_page(site: Site, query: Mapping[str, str], words: Texts) -> str:
    """The page of the report that an address names, or words that say why there is none."""
    index = site.assistant.index
    wanted = query.get("id", "").strip()
    try:
        report = index.report(wanted)
        text = index.text(report.report_id)
    except KeyError:
        return _no_such_report(index, wanted, words)
    place, cell = _span(query.get("at"), text), _span(query.get("cell"), text)
    view = query.get("view", "text")
    lost = bool(query.get("at")) and place is None
    return _Page(site, report, text, words).render(view if view in VIEWS else "text", place, cell, is_lost=lost)


def _span(written: str | None, text: str) -> Span | None:
    """A place of an address, where the text has such a one."""
    place = place_in_address(written)
    return Span(*place) if place is not None and place[1] <= len(text) else None


def _no_such_report(index: Index, wanted: str, words: Texts) -> str:
    everything = index.reports(Scope(superseded=True))
    beginning = [one for one in everything if wanted and one.report_id.startswith(wanted)]
    if len(beginning) > 1:
        items = "".join(
            f'<li><a href="{report_link(one.report_id)}" lang="zh">{escape(one.title)}</a></li>'
            for one in beginning[:MOST_CHOICES]
        )
        said = f"<p>{escape(words('reports.ambiguous', id=wanted, n=len(beginning)))}</p><ul>{items}</ul>"
    elif not everything:
        said = (
            f"<p>{escape(words('reports.empty'))}</p>"
            f'<p><a class="nb-button nb-primary" href="{PAGES["adding"]}">{escape(words("reports.empty_add"))}</a></p>'
        )
    else:
        said = f"<p>{escape(words('reports.gone', id=wanted[:80]))}</p>"
    back = f'<p><a href="reports">{escape(words("reports.to_list"))}</a></p>'
    return (
        f'<div class="nb-main"><h1>{escape(words("reports.no_report"))}</h1>'
        f'<div class="nb-nothing" role="alert">{said}{back}</div></div>'
    )


def marks_of(place: Span | None, cell: Span | None) -> list[Highlight]:
    """What is marked for a place of the address, and the cell in it."""
    if place is None:
        return []
    if cell is None or cell.start < place.start or cell.end > place.end:
        return [Highlight(place.start, place.end, "cited")]
    marks = [
        Highlight(place.start, cell.start, "cited"),
        Highlight(cell.start, cell.end, "cell"),
        Highlight(cell.end, place.end, "cited"),
    ]
    return [mark for mark in marks if mark.start < mark.end]


class _Page:
    def __init__(self, site: Site, report: Report, text: str, words: Texts) -> None:
        self._site = site
        self._index = site.assistant.index
        self._report = report
        self._text = text
        self._words = words
        scope = Scope(report_ids=(report.report_id,))
        self._figures = self._index.figures(scope)
        self._failing = self._index.failed_checks(scope)
        self._checks = [check for check in self._index.checks(scope) if check.holds is not False]
        self._mentions = self._index.mentions(scope)

    def render(self, view: str, place: Span | None, cell: Span | None, *, is_lost: bool) -> str:
        report, words = self._report, self._words
        panels = {
            "text": self._text_panel(place, cell, is_lost=is_lost),
            "figures": self._figures_panel(),
            "checks": render_checks(self._index, report, self._failing, self._checks, self._texts_checked(), words),
            "years": render_years(self._index, report, words),
            "corrections": render_corrections(self._site, report, words),
            "about": self._about(),
        }
        # A report's own headings, and those of the form, stand a level below that of their part.
        headings = {name: f'<h2 class="nb-hidden">{escape(words(f"reports.view_{name}"))}</h2>' for name in VIEWS}
        headings["corrections"] = ""
        shown = "".join(
            f'<section class="nb-view nb-view-{name}" id="nb-view-{name}" role="tabpanel" tabindex="-1" '
            f'aria-labelledby="nb-tab-{name}"{"" if name == view else " hidden"}>{headings[name]}{content}</section>'
            for name, content in panels.items()
        )
        return (
            f'<div class="nb-main nb-one-report" data-title="{escape(report.title)}">'
            f"{self._head(place)}{self._tabs(view)}{shown}</div>"
        )

    def _head(self, place: Span | None) -> str:
        report, words = self._report, self._words
        facts = [
            f'<span lang="zh">{escape(report.body)}</span>',
            f'<span class="nb-tag">{escape(kind_name(report.kind, words.language))}</span>',
            f'<span lang="zh">{escape(place_name(report.region))}</span>' if report.region else "",
            escape(words("reports.of_year", year=report.year)) if report.year else
            f'<span class="nb-unknown">{escape(words("reports.year_unknown"))}</span>',
            escape(words("reports.issued", date=report.issued_on)) if report.issued_on else "",
        ]  # fmt: skip
        asks = "".join(f'<a href="{link("./", q=question)}">{escape(question)}</a>' for question in self._questions())
        return (
            f'<p class="nb-way-back"><a class="nb-to-list" href="reports">{escape(words("reports.to_list"))}</a></p>'
            f'<h1 lang="zh">{escape(report.title)}</h1>'
            f'<p class="nb-facts-line">{" · ".join(fact for fact in facts if fact)}</p>{self._replaced()}'
            f'<p class="nb-doings">{self._ways_out(place)}'
            f'<button type="button" class="nb-quiet" data-copy="{report_link(report.report_id)}" data-address>'
            f"{escape(words('reports.copy_address'))}</button>"
            f'<button type="button" class="nb-quiet" data-copy="{escape(self._reference())}">'
            f"{escape(words('reports.copy_reference'))}</button></p>"
            f'<p class="nb-asks"><span class="nb-soft">{escape(words("reports.ask_about"))}</span>{asks}</p>'
        )

    def _ways_out(self, place: Span | None) -> str:
        """To the file, the page of a PDF that a place is on, and another report to stand beside this one."""
        report, words = self._report, self._words
        address = original_link(report.report_id)
        ways = [f'<a href="{address}" target="_blank" rel="noopener">{escape(words("reports.original"))}</a>']
        if place is not None and any(source.lower().endswith(".pdf") for source in report.sources or (report.source,)):
            page = self._page_of(place)
            if page is not None:
                address = page_link(report.report_id, page, place.start, place.end)
                said = words("reports.original_page", page=page)
                ways.append(f'<a href="{address}" target="_blank" rel="noopener">{escape(said)}</a>')
        ways.append(f'<a href="{compare_link(report.report_id)}">{escape(words("reports.compare_with"))}</a>')
        return "".join(ways)

    def _page_of(self, place: Span) -> int | None:
        """The page of a PDF that a place is on: that of the figure that was read there, else its passage's."""
        for figure in self._figures:
            for reading in figure.readings:
                if reading.page is not None and reading.start == place.start:
                    return reading.page
        passage = self._index.passage_at(self._report.report_id, place.start, place.end)
        return None if passage is None else passage.page

    def _questions(self) -> list[str]:
        report, words = self._report, self._words
        if report.year is None:
            return [words("reports.ask_body", body=report.body)]
        return [words(f"reports.ask_{n}", body=report.body, year=report.year) for n in range(1, MOST_QUESTIONS + 1)]

    def _reference(self) -> str:
        return gbt7714(refer_to(self._report))

    def _replaced(self) -> str:
        """A line where a later version counts instead."""
        report = self._report
        if not report.superseded_by:
            return ""
        later = report_link(report.superseded_by)
        return (
            f'<p class="nb-replaced">{escape(self._words("reports.replaced"))} '
            f'<a href="{later}">{escape(self._words("reports.replaced_by"))}</a></p>'
        )

    def _tabs(self, view: str) -> str:
        words = self._words
        of_body = reports_of_body(self._index, self._report)
        numbers = {
            "checks": words("reports.failing", n=len(self._failing)) if self._failing else "",
            "years": str(len(of_body)) if len(of_body) > 1 else "",
            "corrections": str(len(self._index.corrections(self._report.report_id)) or ""),
            "about": "!" if self._report.warnings else "",
        }
        tabs = []
        for name in VIEWS:
            number = numbers.get(name, "")
            tone = self._tones().get(name, "")
            tag = f' <span class="nb-tag{tone}">{escape(number)}</span>' if number else ""
            tabs.append(
                f'<button type="button" role="tab" id="nb-tab-{name}" aria-controls="nb-view-{name}" '
                f'data-view="{name}" '
                f'aria-selected="{"true" if name == view else "false"}" tabindex="{0 if name == view else -1}">'
                f"{escape(words(f'reports.view_{name}'))}{tag}</button>"
            )
        return (
            f'<div class="nb-tabs" role="tablist" aria-label="{escape(words("reports.views"))}">{"".join(tabs)}</div>'
        )

    def _tones(self) -> dict[str, str]:
        """How grave the numbers on the tabs are; the others only count."""
        is_fault = any(rule_of(check.rule).severity == FAULT for check in self._failing)
        return {"checks": " nb-bad" if is_fault else " nb-warn", "about": " nb-warn"}

    def _text_panel(self, place: Span | None, cell: Span | None, *, is_lost: bool) -> str:
        report, words = self._report, self._words
        tables = table_spans(self._text, self._index.passages(report.report_id))
        marks = marks_of(place, cell)
        pictures = pictured(report.report_id, self._index.pictures(report.report_id), marks, words)
        lost = f'<p class="nb-remark" role="status">{escape(words("reports.lost_place"))}</p>' if is_lost else ""
        return (
            f'{lost}<div class="nb-reading-columns">{self._outline()}'
            f'<article class="nb-report" lang="zh" aria-label="{escape(words("reports.view_text"))}">'
            f"{render_text(self._text, report, tables, marks, pictures)}</article></div>"
        )

    def _outline(self) -> str:
        headed = [section for section in self._report.sections if section.heading]
        if not headed:
            return ""
        label = escape(self._words("reports.outline"))
        items = "".join(f'<li class="nb-level-{min(s.level, 2)}">{_jump(s)}</li>' for s in headed)
        return (
            f'<nav class="nb-outline" aria-label="{label}"><button type="button" class="nb-button nb-fold" '
            f'aria-expanded="false">{label}</button><ol lang="zh">{items}</ol></nav>'
        )

    def _figures_panel(self) -> str:
        words = self._words
        form = OfficialForm(self._report, self._figures, words)
        tables = form.render()
        others = form.others
        own = [figure for figure in others if self._is_own(figure)]
        derived = [figure for figure in own if figure.origin is Origin.DERIVED]
        told = [figure for figure in own if figure.origin is not Origin.DERIVED]
        elsewhere = [figure for figure in others if not self._is_own(figure)]
        parts = [tables]
        for name, figures, is_folded in (
            ("told", told, False), ("elsewhere", elsewhere, False), ("derived", derived, True),
        ):  # fmt: skip
            if figures:
                parts.append(
                    _folded(words(f"reports.figures_{name}", n=len(figures)), self._listed(figures), is_folded)
                )
        if self._mentions:
            label = words("reports.mentions", n=len(self._mentions))
            parts.append(_folded(label, self._mention_list(self._mentions), True))
        return "".join(parts)

    def _is_own(self, figure: ResolvedFigure) -> bool:
        return figure.body_id == self._report.body_id and figure.year in (self._report.year, None)

    def _listed(self, figures: Sequence[ResolvedFigure]) -> str:
        words = self._words
        lines = []
        for figure in figures:
            name = catalogue().name_or_id(figure.metric_id, words.language)
            about = "" if figure.body_id == self._report.body_id else figure.body
            year = "" if figure.year in (self._report.year, None) else words("reports.of_year", year=figure.year)
            beside = " · ".join(part for part in (about, year) if part)
            quotes = "".join(self._evidence(reading) for reading in figure.readings)
            said = f' <span class="nb-soft">{escape(beside)}</span>' if beside else ""
            lines.append(
                f'<tr><th scope="row">{escape(name)}{said}</th>'
                f'<td class="nb-number">{value_in_words(figure, words)}{_qualifiers(figure)}</td>'
                f'<td class="nb-quotes">{quotes}</td></tr>'
            )
        heads = "".join(
            f'<th scope="col"{tone}>{escape(words(f"column.{name}"))}</th>'
            for name, tone in (("metric", ""), ("value", ' class="nb-number"'), ("evidence", ""))
        )
        return (
            f'<div class="nb-scroll" tabindex="0"><table class="nb-grid"><thead><tr>{heads}</tr></thead>'
            f"<tbody>{''.join(lines)}</tbody></table></div>"
        )

    def _evidence(self, reading: Figure) -> str:
        """The words that state a reading; of a derived one, from what it was derived."""
        quote, note = quote_of(self._text, reading.start, reading.end), reading.note or ""
        if reading.origin is Origin.DERIVED and note:
            quote, note = note, ""
        said = f' <span class="nb-soft">{escape(note)}</span>' if note else ""
        return f'<p lang="zh"><a href="{reading_link(reading)}">{escape(quote)}</a>{said}</p>'

    def _mention_list(self, mentions: Sequence[Mention]) -> str:
        items = "".join(
            f'<tr><td class="nb-number">{escape(_counted(mention))}</td>'
            f'<td lang="zh"><a href="{report_link(mention.report_id, mention.start, mention.end)}">'
            f"{escape(quote_of(self._text, mention.start, mention.end))}</a></td></tr>"
            for mention in mentions
        )
        return f'<div class="nb-scroll" tabindex="0"><table class="nb-grid"><tbody>{items}</tbody></table></div>'

    def _texts_checked(self) -> dict[str, str]:
        """The texts that the sides of checks that don't fail stand in; a report that has gone since is left out."""
        others = {
            side.report_id for check in self._checks for side in (check.left, check.right) if side.report_id is not None
        }
        texts = {self._report.report_id: self._text}
        for report_id in others - set(texts):
            try:
                texts[report_id] = self._index.text(report_id)
            except KeyError:
                continue
        return texts

    def _about(self) -> str:
        report, words = self._report, self._words
        period = " — ".join(report.period) if report.period else ""
        pairs = [
            ("body", report.body), ("kind", kind_name(report.kind, words.language)),
            ("region", place_name(report.region)), ("year", str(report.year or "")), ("period", period),
            ("issued_on", report.issued_on or ""), ("retrieved_on", report.retrieved_on or ""),
            ("url", report.url or ""),
            ("source", "\n".join(report.sources or (report.source,))),
            ("characters", f"{report.characters:,}"), ("report_id", report.report_id),
        ]  # fmt: skip
        not_told = f'<span class="nb-unknown">{escape(words("reports.not_told"))}</span>'
        rows = "".join(
            f"<div><dt>{escape(words(f'reports.file_{name}'))}</dt><dd>{escape(value) or not_told}</dd></div>"
            for name, value in pairs
        )
        warnings = "".join(f'<li lang="zh">{escape(warning)}</li>' for warning in report.warnings)
        warned = (
            f'<h3>{escape(words("reports.warnings"))}</h3><ul class="nb-warnings">{warnings}</ul>' if warnings else ""
        )
        address = report_link(report.report_id)
        return (
            f'<dl class="nb-about-list">{rows}</dl>{warned}<h3>{escape(words("reports.reference"))}</h3>'
            f'<p class="nb-reference" lang="zh">{escape(self._reference())}</p>'
            f'<p class="nb-soft">{reference_links(report.report_id)}</p>'
            f"<h3>{escape(words('reports.address'))}</h3>"
            f'<p><a class="nb-permanent" href="{address}">{address}</a></p>'
        )


def _jump(section: Section) -> str:
    return f'<a href="#{anchor(section)}" data-jump="{anchor(section)}">{escape(section.heading)}</a>'


def _folded(label: str, content: str, is_folded: bool) -> str:
    if not is_folded:
        return f"<section><h3>{escape(label)}</h3>{content}</section>"
    return f'<details class="nb-more-of-it"><summary>{escape(label)}</summary>{content}</details>'


def _qualifiers(figure: ResolvedFigure) -> str:
    said = dict.fromkeys(reading.qualifier for reading in figure.readings if reading.qualifier)
    return (
        f' <span class="nb-soft">{escape("、".join(said))}</span>'
        if said and figure.state is not State.CONFLICTING
        else ""
    )


def _counted(mention: Mention) -> str:
    return f"{mention.qualifier or ''}{number(mention.value)}{mention.unit}"
