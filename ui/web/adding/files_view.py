"""The files that the index was made from, as HTML: those with problems first, a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.adding.removal import mark_of, name_of
from ui.texts import Texts
from ui.web.adding.problems import problem_in_words
from ui.web.markup import escape, link, report_link
from ui.web.paging import render_pages
from vectorstore.records import Report, Scope, SourceFile

if TYPE_CHECKING:
    from vectorstore.index import Index

A_PAGE = 50


class IndexFiles:
    """The files of an index, as far as they are looked for.

    Args:
        words_sought: What a file's name or its report's body must contain.
        page: From 1.
    """

    def __init__(
        self, index: Index, words: Texts, words_sought: str = "", problems_only: bool = False, page: int = 1
    ) -> None:
        self._words, self._sought, self._problems_only = words, words_sought.strip()[:200], problems_only
        # Not remembered: files are recorded after the report that they hold, without a new generation of the index.
        self._files = _ordered(index.sources())
        self._reports = {report.report_id: report for report in index.reports(Scope(superseded=True))}
        self._corrected = {correction.report_id for correction in index.corrections()}
        self._found = [file for file in self._files if self._is_sought(file)]
        self._pages = max(1, -(-len(self._found) // A_PAGE))
        self._page = min(max(1, page), self._pages)

    def _is_sought(self, file: SourceFile) -> bool:
        if self._problems_only and file.problem is None:
            return False
        if not self._sought:
            return True
        report = self._reports.get(file.report_id or "")
        return self._sought in (file.source or file.path) or (report is not None and self._sought in report.body)

    def render(self) -> str:
        """The list with its page numbers."""
        words = self._words
        problems = sum(file.problem is not None for file in self._files)
        counts = [words("adding.files_count", n=len(self._files))]
        if problems:
            counts.append(words("adding.files_problems", n=problems))
        if not self._found:
            return f'<p class="nb-nothing">{escape(words("adding.nothing_here"))}</p>'
        heads = "".join(
            f'<th scope="col">{escape(words(f"adding.column_{name}"))}</th>'
            for name in ("file", "report", "state", "action")
        )
        shown = self._found[(self._page - 1) * A_PAGE : self._page * A_PAGE]
        rows = "".join(self._row(file) for file in shown)
        pages = render_pages(
            self._page,
            self._pages,
            lambda page: link("adding", q=self._sought, problems="1" if self._problems_only else None, page=page),
            words,
            marks=lambda page: f'data-files-page="{page}"',
        )
        return (
            f'<p class="nb-soft">{escape(" · ".join(counts))}</p>'
            '<div class="nb-scroll"><table class="nb-grid nb-index-table">'
            f"<caption class=nb-hidden>{escape(words('adding.files_heading'))}</caption>"
            f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>{pages}"
        )

    def _row(self, file: SourceFile) -> str:
        words = self._words
        name = name_of(file)
        report = self._reports.get(file.report_id or "")
        told, action = "", ""
        if report is not None:
            year = words("adding.year_unknown") if report.year is None else words("adding.year_of", year=report.year)
            told = f'<a href="{report_link(report.report_id)}">{escape(report.body)} {escape(year)}</a>'
            action = self._button("remove", report.report_id, report.title)
        elif file.problem is not None:
            action = self._button("forget", mark_of(file), name)
        return (
            f'<tr><td class="nb-added-name">{escape(name)}</td><td>{told}</td>'
            f"<td>{self._state(file, report)}</td><td>{action}</td></tr>"
        )

    def _state(self, file: SourceFile, report: Report | None) -> str:
        words = self._words
        parts = []
        if file.problem is not None:
            parts.append(f'<span class="nb-added-problem">{escape(problem_in_words(file.problem, words))}</span>')
            if report is not None:
                parts.append(f'<span class="nb-soft">{escape(words("adding.kept_former"))}</span>')
        if report is not None and report.superseded_by is not None:
            parts.append(f'<span class="nb-tag">{escape(words("adding.superseded"))}</span>')
        return " ".join(parts) or f'<span class="nb-soft">{escape(words("adding.is_fine"))}</span>'

    def _button(self, act: str, subject: str, name: str) -> str:
        words = self._words
        return (
            f'<button type="button" class="nb-quiet" data-{act}="{escape(subject)}" '
            f'aria-label="{escape(words(f"adding.{act}_of", name=name))}">{escape(words(f"adding.{act}"))}</button>'
        )


def _ordered(files: list[SourceFile]) -> tuple[SourceFile, ...]:
    """Problems first, then by path; archives are left out, since their members stand for them."""
    told = [file for file in files if file.report_id is not None or file.problem is not None]
    return tuple(sorted(told, key=lambda file: (file.problem is None, file.path)))
