"""The Assistant: one index, asked in words. What the web chat, the command line and other programs use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from assistant.answer import Answer
from assistant.answering.by_id import bodies_by_id, reports_by_id
from assistant.answering.narrowing import narrows_fully, within
from assistant.answering.restating import restate
from assistant.clarification import ask_what_is_meant, clarify, one_after_the_other, with_remarks
from assistant.examples import example_questions
from assistant.execution import execute
from assistant.in_words import outranks, plan_in_words
from assistant.plan import Language, Plan, PlanScope
from assistant.understanding.conversation import Turn, parse_in_conversation
from assistant.understanding.lexicon import lexicon
from assistant.understanding.parser import Parse, Parser, PlanReading
from assistant.understanding.two_questions import questions_in, with_scope_of
from vectorstore.catalogue import catalogue
from vectorstore.embedding_settings import EmbeddingSettings
from vectorstore.errors import QuestionError
from vectorstore.index import Index
from vectorstore.ranking import DEFAULT, Ranking
from vectorstore.records import Hit, Kind, Report, ResolvedFigure, Scope, SectionRole

if TYPE_CHECKING:
    from typing import Self

    from assistant.llama_index_retriever import NianbaoRetriever

LONGEST_QUESTION = 2000
"""Characters. A longer text is no question, and the parser's work grows with its length."""


class Assistant:
    """Answers questions over one index.

    Args:
        index: Open for reading.
        today: The day that 去年 and 近三年 are counted from; by default the day of the question.

    Example:
        >>> assistant = Assistant.open("nianbao-index")  # doctest: +SKIP
        >>> assistant.ask("哪些开发区2023年没有收到申请？").value  # doctest: +SKIP
        2
    """

    def __init__(self, index: Index, *, today: date | None = None) -> None:
        self.index = index
        self._today = today
        self._parser: tuple[str, date, Parser] | None = None

    @classmethod
    def open(
        cls,
        folder: str | Path,
        *,
        today: date | None = None,
        embedding: str | EmbeddingSettings | None = None,
        reranker: str | Path | None = None,
    ) -> Self:
        """Open an index for asking.

        Args:
            embedding: The model that the index must have been made with; by default whichever it was.
            reranker: The name or folder of a cross-encoder that orders what searches find; by default that of
                ``$NIANBAO_RERANKER``.

        Raises:
            IndexMissingError: There is no index in the folder.
            IndexTooNewError: A newer version of Nianbao made it.
            ModelMismatchError: ``embedding`` isn't the model that made its vectors.
        """
        return cls(Index.open(folder, embedding=embedding, reranker=reranker), today=today)

    def close(self) -> None:
        """Let go of the index."""
        self.index.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def today(self) -> date:
        """The day that relative years are counted from."""
        return self._today or date.today()

    @property
    def parser(self) -> Parser:
        """The parser for the index as it is now: it knows the bodies and years, so ingestion makes it anew."""
        fingerprint, today = self.index.fingerprint, self.today
        if self._parser is None or self._parser[:2] != (fingerprint, today):
            years = {report.year for report in self.index.reports() if report.year is not None}
            self._parser = (fingerprint, today, Parser(lexicon(), self.index.bodies(), years, today))
        return self._parser[2]

    def ask(self, question: str, history: Sequence[str | Plan] = ()) -> Answer:
        """Answer a question.

        Args:
            history: The earlier questions of the conversation, oldest first: 那2022年呢 leans on them. A Plan stands
                for a question that was answered by `answer`. Of a long conversation it is enough to give the questions
                from the last one on whose answer has no ``resolved``: that one leaned on none before it.

        Raises:
            QuestionError: The question is empty or longer than ``LONGEST_QUESTION`` characters.
        """
        for text in (question, *(said for said in history if isinstance(said, str))):
            if not text.strip():
                raise QuestionError("The question is empty; ask something such as 哪些开发区2023年没有收到申请？")
            if len(text) > LONGEST_QUESTION:
                raise QuestionError(f"The question has {len(text)} characters; ask in at most {LONGEST_QUESTION}.")
        parts = questions_in(question)
        if len(parts) > 1:
            parts = tuple(parts[:1]) + tuple(self._of_same_scope(part, parts[0]) for part in parts[1:])
            said = [self.ask(part, (*history, *parts[:at])) for at, part in enumerate(parts)]
            both = one_after_the_other(question.strip(), said)
            if both is not None:
                return both
        return self._ask_one(question, history)

    def answer(self, plan: Plan, question: str = "") -> Answer:
        """The answer to a Plan, whoever made it.

        Args:
            question: What to call it; by default the Plan in words.

        Raises:
            QuestionError: The Plan names a metric that the catalogue doesn't hold.
        """
        of_criteria = (m for c in plan.criteria for m in (*c.metrics, *c.denominators, *c.than))
        named = (*plan.metrics, *plan.denominators, *of_criteria)
        for metric_id in named:
            try:
                catalogue().split(metric_id)
            except KeyError:
                raise QuestionError(f"There is no metric {metric_id!r}; `nianbao figures --json` shows them.") from None
        return self._execute(question or self.restate(plan) or "", plan)

    def restate(self, plan: Plan) -> str | None:
        """The Plan as a question in its own language; ``None`` where there is nothing to say it with."""
        known = bodies_by_id(self.index)
        return restate(plan, [known[body_id].name for body_id in plan.scope.bodies if body_id in known])

    def _ask_one(self, question: str, history: Sequence[str | Plan]) -> Answer:
        last: Turn | None = None
        for earlier in history:
            if isinstance(earlier, Plan):
                found = partial(self._is_found, "", earlier)
                last = Turn(earlier, partial(self._bodies_answered, "", earlier), found=found, before=last)
                continue
            before = parse_in_conversation(self.parser, earlier, last)
            if before.is_empty and before.scope.scope == PlanScope():
                continue  # ？？？ leaves the conversation where it was
            last = Turn(
                before.plan,
                partial(self._bodies_answered, earlier, before.plan),
                partial(self._offered, earlier, before),
                partial(self._is_found, earlier, before.plan),
                last,
            )
        parse = parse_in_conversation(self.parser, question, last)
        answer = with_remarks(self._answer(question.strip(), parse), parse)
        if parse.is_completed and answer.resolved is None:
            answer = answer.model_copy(update={"resolved": self.restate(parse.plan) or question.strip()})
        return answer

    def _of_same_scope(self, question: str, first: str) -> str:
        """The second of two questions with the years and places of the first: 2023年收到多少？谁没收到？"""
        own, other = self.parser.parse(question), self.parser.read(first)
        return with_scope_of(own.reading, other) if own.metrics or own.reading.has("aspect") else question

    def _is_found(self, question: str, plan: Plan) -> bool:
        return self._execute(question, plan).status != "not_in_corpus"

    def _offered(self, question: str, parse: Parse) -> list[PlanReading]:
        """The readings that the answer to an ambiguous question offered, in its order."""
        if not parse.readings:
            return []
        offered = [option.question for option in self._answer(question, parse).options]
        return [reading for chosen in offered for reading in parse.readings if reading.question == chosen]

    def _bodies_answered(self, question: str, plan: Plan) -> list[str]:
        """Ids of the bodies that the answer to a plan names, in the order of its rows."""
        reports = reports_by_id(self.index)
        ids = {body.name: body.body_id for body in self.index.bodies()}
        named = []
        for row in self._execute(question, plan).rows:
            report = reports.get(row.report_id or "")
            body_id = report.body_id if report is not None and report.body == row.body else ids.get(row.body)
            if body_id is not None:
                named.append(body_id)
        return list(dict.fromkeys(named))

    def _answer(self, question: str, parse: Parse) -> Answer:
        if parse.is_empty:
            return ask_what_is_meant(question, parse, self.index)
        if parse.readings:
            answers = [(reading.question, self._execute(question, reading.plan)) for reading in parse.readings]
            return clarify(question, answers)
        answer = self._execute(question, parse.plan)
        for fallback in parse.fallbacks:
            # A literal search that finds nothing says only that the words aren't the reports' own.
            found_nothing = answer.status == "not_in_corpus" or (parse.plan.quoted and not answer.rows)
            if not found_nothing or not answer.coverage.in_scope:
                break
            other = self._execute(question, fallback)
            if other.status != "not_in_corpus":
                answer = other
        return self._or_in_words(question, parse, answer)

    def _or_in_words(self, question: str, parse: Parse, answer: Answer) -> Answer:
        plan = plan_in_words(parse, answer, self.index)
        if plan is None:
            return answer
        other = self._execute(question, plan)
        return other if outranks(other, answer, parse, self.index) else answer

    def _execute(self, question: str, plan: Plan) -> Answer:
        return execute(plan, self.index, question=question, today=self.today)

    def search(
        self,
        query: str,
        *,
        year: int | None = None,
        kind: str | None = None,
        region: str | None = None,
        body: str | None = None,
        section: str | None = None,
        k: int = 10,
        narrow: bool = True,
        ranking: Ranking = DEFAULT,
    ) -> list[Hit]:
        """The passages that fit a query best, best first, within a scope.

        What the query names of bodies, kinds, places and years narrows the scope where no filter is given for it, and
        isn't looked for in the texts; what it quotes, and its numbers, stand in every passage found. Passages of
        several reports that say nearly the same are one hit, which names the others.

        Args:
            kind: One of ``vectorstore.records.Kind``.
            region: A path prefix, ``山东省/威海市``.
            body: A part of the body's name or of an alias.
            section: One of ``vectorstore.records.SectionRole``: only sections about that.
            narrow: Whether the query's own words narrow the scope.

        Raises:
            QuestionError: The query is empty or longer than ``LONGEST_QUESTION`` characters, or the kind or the
                section unknown.
        """
        if not query.strip():
            raise QuestionError("The query is empty; search for words such as 征地 申请.")
        if len(query) > LONGEST_QUESTION:
            raise QuestionError(f"The query has {len(query)} characters; search for at most {LONGEST_QUESTION}.")
        scope, roles = self._scope(year, kind, region, body), self._roles(section)
        if not narrow:
            return self.index.search(query, scope, k, roles, ranking)
        named, words = self.parser.narrow(query)
        narrowed = within(self.index, scope, named, query)
        # What is named and narrows nothing is looked for: a year that no report is of may stand in one.
        wanted = words if narrows_fully(narrowed, scope, named) else query
        return self.index.search(wanted, narrowed, k, roles, ranking)

    def figures(
        self,
        metric: str | None = None,
        year: int | None = None,
        kind: str | None = None,
        region: str | None = None,
        body: str | None = None,
    ) -> list[ResolvedFigure]:
        """The figures of a scope; ``metric`` is a full id such as ``applications_new__natural_person``."""
        return self.index.figures(self._scope(year, kind, region, body), None if metric is None else [metric])

    def reports(
        self, year: int | None = None, kind: str | None = None, region: str | None = None, body: str | None = None
    ) -> list[Report]:
        """The reports of a scope, by region, body and year."""
        return self.index.reports(self._scope(year, kind, region, body))

    def as_llama_index_retriever(
        self,
        *,
        year: int | None = None,
        kind: str | None = None,
        region: str | None = None,
        body: str | None = None,
        section: str | None = None,
        k: int = 10,
        narrow: bool = True,
    ) -> NianbaoRetriever:
        """`search` as a LlamaIndex retriever over a scope; loads llama_index."""
        from assistant.llama_index_retriever import NianbaoRetriever

        # A kind or a section that doesn't exist is told now and not at the first search.
        self._scope(year, kind, region, body)
        self._roles(section)
        search = partial(self.search, year=year, kind=kind, region=region, body=body, section=section)
        return NianbaoRetriever(partial(search, k=k, narrow=narrow))

    def example_questions(self, language: Language = "zh") -> list[str]:
        """Questions that this index can answer, made from what it holds; empty for an empty index."""
        return example_questions(self.index, language)

    @staticmethod
    def _roles(section: str | None) -> list[SectionRole] | None:
        if section is not None and section not in set(SectionRole):
            raise QuestionError(f"There is no section called {section!r}; the sections are {', '.join(SectionRole)}.")
        return None if section is None else [SectionRole(section)]

    @staticmethod
    def _scope(year: int | None, kind: str | None, region: str | None, body: str | None) -> Scope:
        if kind is not None and kind not in set(Kind):
            raise QuestionError(f"There is no kind of body called {kind!r}; the kinds are {', '.join(Kind)}.")
        return Scope(
            kinds=() if kind is None else (Kind(kind),),
            regions=() if region is None else (region.strip("/"),),
            years=() if year is None else (year,),
            names=() if body is None else (body,),
        )
