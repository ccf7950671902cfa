"""A made-up corpus in memory: reports written sentence by sentence, and the reading half of the index over them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import EllipsisType
from typing import TypeVar

import pytest

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.execution import execute
from assistant.plan import Plan
from vectorstore.catalogue import catalogue
from vectorstore.folding import fold_text
from vectorstore.index import Index
from vectorstore.ranking import DEFAULT
from vectorstore.records import (
    Body,
    CellReference,
    Check,
    CheckSide,
    Figure,
    Hit,
    Kind,
    Mention,
    MissingReports,
    Origin,
    Passage,
    RegisteredBody,
    Report,
    ReportContents,
    ResolvedFigure,
    Scope,
    Section,
    SectionRole,
    Span,
    State,
)
from vectorstore.register import Register
from vectorstore.resolution import resolve
from vectorstore.retrieval.confidence import likelihood
from vectorstore.retrieval.query_terms import read_query
from vectorstore.retrieval.word_scores import WordScorer

T = TypeVar("T")


def short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


class Draft:
    """A made-up report in the making; every method returns the draft, so that calls can be chained."""

    def __init__(
        self, name: str, year: int, kind: Kind = Kind.ZONE, region: str | None = "云江省/青川市/白石县"
    ) -> None:
        self.body = Body(short_hash(name), name, kind, region)
        self.year = year
        self.text = f"{name}\n{year}年政府信息公开工作年度报告\n"
        self.figures: list[Figure] = []
        self.mentions: list[Mention] = []
        self.checks: list[Check] = []
        self.sections: list[Section] = []
        self.other_bodies: list[Body] = []
        self.pictures = 0
        self.tables: tuple[str, ...] = tuple(catalogue().table_names)

    @property
    def report_id(self) -> str:
        return short_hash(f"{self.body.body_id}{self.year}")

    def _append(self, words: str) -> Span:
        start = len(self.text)
        self.text += words
        return Span(start, len(self.text))

    def section(self, heading: str, role: SectionRole, *paragraphs: str) -> Draft:
        span = self._append(f"{heading}\n" + "".join(f"{p}\n" for p in paragraphs))
        self.sections.append(Section(heading, 1, role, span.start, span.end))
        return self

    def says(
        self,
        metric_id: str,
        value: int | str | None,
        sentence: str | None = None,
        *,
        state: State = State.STATED,
        year: int | None = None,
        about: Body | None = None,
        qualifier: str | None = None,
        note: str | None = None,
    ) -> Draft:
        """One narrative statement; by default a sentence that holds the value."""
        metric, column = catalogue().split(metric_id)
        words = sentence or f"{metric.name_zh}{column or ''}共{value}{metric.unit}。"
        span = self._append(words)
        self.text += "\n"
        exact = None if value is None else Decimal(value)
        origin = Origin.DERIVED if state is State.DERIVED else Origin.NARRATIVE
        if about is not None:
            self.other_bodies.append(about)
        self.figures.append(
            Figure(
                self.report_id, (about or self.body).body_id, metric.id, column, year or self.year, exact, state,
                metric.unit, origin, span.start, span.end, qualifier, note=note,
            )
        )  # fmt: skip
        return self

    def row(self, metric: str, cells: dict[str, int | None], label: str | None = None) -> Draft:
        """A row of the application table: a cell for each column id, ``total`` for the total; ``None`` is blank."""
        start = len(self.text)
        self.text += label or catalogue().metrics[metric].name_zh
        places = []
        for position, (column, value) in enumerate(cells.items()):
            self.text += "\n\t"
            span = self._append("" if value is None else str(value))
            places.append((position, column, value, span))
        end = len(self.text)
        self.text += "\n\n"
        for position, column, value, span in places:
            self.figures.append(
                Figure(
                    self.report_id, self.body.body_id, metric, None if column == "total" else column, self.year,
                    None if value is None else Decimal(value), State.BLANK if value is None else State.STATED, "件",
                    Origin.TABLE, start, end, cell=CellReference(0, position, span.start, span.end),
                )
            )  # fmt: skip
        return self

    def mention(self, counted: str, value: int, unit: str, clause: str) -> Draft:
        span = self._append(clause)
        self.text += "\n"
        self.mentions.append(
            Mention(
                self.report_id, self.body.body_id, self.year, Decimal(value), unit, counted, None, span.start, span.end
            )
        )
        return self

    def picture(self, heading: str, role: SectionRole) -> Draft:
        self.pictures += 1
        self.tables = tuple(table for table in self.tables if table != role.value)
        return self.section(heading, role, "[image: 表]")

    def without_tables(self) -> Draft:
        self.tables = ()
        return self

    def check(self, rule: str, subject: str, holds: bool | None, left: int, right: int) -> Draft:
        sides = (CheckSide("各项之和", Decimal(left), (Span(0, 4),)), CheckSide("总计", Decimal(right), (Span(0, 4),)))
        self.checks.append(Check(self.report_id, rule, subject, holds, *sides))
        return self

    def finished(self) -> ReportContents:
        report = Report(
            self.report_id, f"{self.body.name}{self.year}年政府信息公开工作年度报告", self.body.body_id, self.body.name,
            self.body.kind, self.body.region, self.year, source=f"{self.report_id}.txt", sections=tuple(self.sections),
            pictures=self.pictures, tables=self.tables, characters=len(self.text),
        )  # fmt: skip
        passage = Passage(
            f"{self.report_id}:0-{len(self.text)}", self.report_id, "", None, self.text, 0, len(self.text), 1
        )
        return ReportContents(
            report, self.text, self.body, tuple(self.other_bodies), (passage,), tuple(self.figures),
            tuple(self.mentions), tuple(self.checks),
        )  # fmt: skip


class MemoryIndex:
    """What execution reads of an index, over contents in memory."""

    fingerprint = "made-up"

    def __init__(self, contents: Sequence[ReportContents], registered: Sequence[RegisteredBody] = ()) -> None:
        self.contents = sorted(
            contents, key=lambda c: (c.report.region or "~", c.report.body, c.report.year or 0, c.report.report_id)
        )
        self._bodies = {b.body_id: b for c in self.contents for b in (*c.other_bodies, c.body)}
        reports = [c.report for c in self.contents]
        self._register = Register(registered, self._bodies.values(), reports) if registered else None

    @contextmanager
    def unchanging(self) -> Iterator[None]:
        yield

    def remember(self, key: Hashable, make: Callable[[], T]) -> T:
        return make()

    def bodies(self) -> list[Body]:
        return sorted(self._bodies.values(), key=lambda body: body.name)

    def _includes(self, scope: Scope, body: Body, year: int | None) -> bool:
        return (
            (not scope.body_ids or body.body_id in scope.body_ids)
            and (not scope.kinds or body.kind in scope.kinds)
            and (not scope.regions or any(f"{body.region}/".startswith(f"{region}/") for region in scope.regions))
            and (not scope.years or year in scope.years)
            and (not scope.names or any(name in body.name for name in scope.names))
        )

    def reports(self, scope: Scope = Scope()) -> list[Report]:  # noqa: B008  frozen
        return [
            c.report
            for c in self.contents
            if self._includes(scope, c.body, c.report.year)
            and (not scope.report_ids or c.report.report_id in scope.report_ids)
        ]

    def report(self, report_id: str) -> Report:
        return self._of(report_id).report

    def text(self, report_id: str) -> str:
        return self._of(report_id).text

    def texts(self, report_ids: Collection[str]) -> dict[str, str]:
        return {report_id: self.text(report_id) for report_id in report_ids}

    def passage_ids_at(self, places: Sequence[tuple[str, int, int]]) -> list[tuple[str, int | None] | None]:
        passages = [self.passage_at(*place) for place in places]
        return [None if passage is None else (passage.passage_id, passage.page) for passage in passages]

    def _of(self, report_id: str) -> ReportContents:
        return next(c for c in self.contents if c.report.report_id == report_id)

    def figures(
        self,
        scope: Scope = Scope(),  # noqa: B008  frozen
        metric_ids: Collection[str] | None = None,
    ) -> list[ResolvedFigure]:
        found = []
        for c in self.contents:
            for r in resolve(c.figures):
                body = self._bodies[r.body_id]
                metric_id = r.metric if r.column is None else f"{r.metric}__{r.column}"
                if (
                    self._includes(scope, body, r.year)
                    and (metric_ids is None or metric_id in metric_ids)
                    and (not scope.report_ids or c.report.report_id in scope.report_ids)
                ):
                    found.append(
                        ResolvedFigure(
                            c.report.report_id, body.body_id, body.name, body.kind, body.region, r.year, metric_id,
                            r.value, r.unit, r.state, r.origin, r.readings,
                        )
                    )  # fmt: skip
        return found

    def mentions(self, scope: Scope = Scope(), words: str | None = None) -> list[Mention]:  # noqa: B008  frozen
        return [m for c in self.contents if self._includes(scope, c.body, c.report.year) for m in c.mentions]

    def checks(
        self,
        scope: Scope = Scope(),  # noqa: B008  frozen
        holds: bool | EllipsisType | None = ...,
    ) -> list[Check]:
        return [
            check
            for c in self.contents
            if self._includes(scope, c.body, c.report.year)
            for check in c.checks
            if isinstance(holds, EllipsisType) or check.holds is holds
        ]

    def mentions_near(
        self,
        requirement: object,
        accepts: Callable[[str, str], bool],
        scope: Scope = Scope(),  # noqa: B008  frozen
    ) -> list[tuple[Mention, str]]:
        clauses = [(m, self.text(m.report_id)[m.start : m.end]) for m in self.mentions(scope)]
        return [(mention, clause) for mention, clause in clauses if accepts(mention.counted, clause)]

    def reports_near(self, requirements: object) -> set[str] | None:
        return None

    def told_of_year_before(self, scope: Scope = Scope()) -> set[tuple[str, str]]:  # noqa: B008  frozen
        years = {c.report.report_id: c.report.year or 0 for c in self.contents}
        return {(f.report_id, f.metric_id) for f in self.figures() if f.year == years[f.report_id] - 1}

    def tally_checks(self, scope: Scope = Scope()) -> dict[tuple[str, str, bool | None], int]:  # noqa: B008  frozen
        return Counter((check.rule, check.subject, check.holds) for check in self.checks(scope))

    def tally_states(self, scope: Scope, states: Collection[State]) -> dict[str, int]:
        return Counter(figure.report_id for figure in self.figures(scope) if figure.state in states)

    def register(self, scope: Scope = Scope()) -> list[RegisteredBody] | None:  # noqa: B008  frozen
        return None if self._register is None else self._register.within(scope)

    def missing(self, scope: Scope = Scope()) -> list[MissingReports] | None:  # noqa: B008  frozen
        return None if self._register is None else self._register.missing(scope)

    def passages(self, report_id: str) -> list[Passage]:
        return list(self._of(report_id).passages)

    def passage_at(self, report_id: str, start: int, end: int) -> Passage | None:
        return self._of(report_id).passages[0]

    def search(
        self,
        query: str,
        scope: Scope = Scope(),  # noqa: B008  frozen
        k: int = 10,
        roles: Collection[SectionRole] | None = None,
    ) -> list[Hit]:
        """Every report's only passage that holds a word of the query, best first."""
        terms = read_query(query)
        counted = {term: sum(term in fold_text(c.text) for c in self.contents) for term in terms.all}
        scorer = WordScorer(terms, counted, len(self.contents), DEFAULT)
        inside = [c for c in self.contents if self._includes(scope, c.body, c.report.year)]
        hits = [
            Hit(replace(c.passages[0]), c.report, score, share=scorer.best_share(c.passages[0].text))
            for c in inside
            if (score := scorer.score("", "", c.passages[0].text)) > 0
        ]
        hits.sort(key=lambda hit: -hit.score)
        answers = likelihood([hit.share for hit in hits], [hit.score for hit in hits])
        return [replace(hit, likelihood=answers) for hit in hits[:k]]


Ask = Callable[..., Answer]


@pytest.fixture(scope="session")
def draft() -> type[Draft]:
    """Begins a made-up report."""
    return Draft


@pytest.fixture(scope="session")
def ask() -> Ask:
    """Executes a plan over drafts and checks what holds of every answer."""

    def execute_over(drafts: Sequence[Draft], register: Sequence[RegisteredBody] = (), **plan: object) -> Answer:
        index = MemoryIndex([d.finished() for d in drafts], register)
        made = Plan.model_validate(plan)
        answer = execute(made, index, question="问题", today=date(2024, 6, 1))  # type: ignore[arg-type]
        check_well_formed(answer, index)
        return answer

    return execute_over


AssistantOver = Callable[..., Assistant]


@pytest.fixture(scope="session")
def assistant_over(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AssistantOver]:
    """Opens an assistant over drafts in a real index, where each paragraph of a section is a passage."""
    opened: list[Assistant] = []

    def open_over(*drafts: Draft, reranker: str | Path | None = None) -> Assistant:
        folder = tmp_path_factory.mktemp("over") / "index"
        with Index.open(folder, create=True) as index, index.writing() as writer:
            for made in drafts:
                writer.put(_with_passages(made.finished()))
        opened.append(Assistant.open(folder, today=date(2024, 6, 1), reranker=reranker))
        return opened[-1]

    yield open_over
    for assistant in opened:
        assistant.close()


def _with_passages(contents: ReportContents) -> ReportContents:
    passages = []
    for section in contents.report.sections:
        at = section.start
        for line in contents.text[section.start : section.end].splitlines(keepends=True):
            start, end, words = at, at + len(line.rstrip("\n")), line.rstrip("\n")
            at += len(line)
            if start > section.start and words:
                passage_id = f"{contents.report.report_id}:{start}-{end}"
                passages.append(
                    Passage(
                        passage_id,
                        contents.report.report_id,
                        section.heading,
                        section.role,
                        words,
                        start,
                        end,
                        len(words),
                    )
                )
    return replace(contents, passages=tuple(passages))


def check_well_formed(answer: Answer, index: MemoryIndex) -> None:
    """Every [n] has its citation, every value a citation, every quote its text, coverage adds up."""
    import re

    numbers = {citation.n for citation in answer.citations}
    assert numbers == set(range(1, len(answer.citations) + 1))
    assert {int(n) for n in re.findall(r"\[(\d+)\]", answer.text)} <= numbers
    for row in answer.rows:
        assert set(row.citations) <= numbers
        assert row.value is None or row.citations, f"no citation for {row}"
    for citation in answer.citations:
        assert citation.quote
        assert index.text(citation.report_id)[citation.start : citation.end] == citation.quote
    c = answer.coverage
    assert c.stated + c.derived + c.conflicting + c.blank + c.unreadable + c.silent == c.in_scope
    assert len(c.without_value) == c.blank + c.unreadable + c.silent
    assert "{" not in answer.text


@pytest.fixture(scope="session")
def samples_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the samples in a folder called ``samples-index``, as the documentation calls it. Only to be read."""
    from ingest.pipeline import ingest

    folder = tmp_path_factory.mktemp("samples") / "samples-index"
    with Index.open(folder, create=True) as index:
        ingest([Path(__file__).resolve().parents[2] / "samples" / "reports"], index)
    return folder
