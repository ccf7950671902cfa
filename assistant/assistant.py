"""The Assistant: one index, asked in words. What the web chat, the command line and other programs use."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import aclosing
from datetime import date
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from assistant.adapters.framework_adapters import FrameworkAdapters
from assistant.answer import Answer
from assistant.answering.cited_places import Cited, resolve_cited
from assistant.answering.narrowing import narrows_fully, within
from assistant.answering.permanent_ids import with_ids
from assistant.asked_texts import check_conversation, check_text
from assistant.current_parser import CurrentParser
from assistant.dialogue import Dialogue
from assistant.examples import example_questions
from assistant.filters import MOST_HITS, filtered_scope, known_metric, section_roles
from assistant.plan import Language, Plan
from assistant.threads import in_thread, stepwise
from assistant.understanding.parser import Parse, Parser
from vectorstore.embedding_settings import EmbeddingSettings
from vectorstore.errors import QuestionError
from vectorstore.index import Index
from vectorstore.ranking import DEFAULT, Ranking
from vectorstore.records import Hit, Report, ResolvedFigure, Scope

if TYPE_CHECKING:
    from typing import Self

    from llama_index.core.llms import LLM

    from assistant.language_models.model import LanguageModel
    from assistant.language_models.settings import LanguageModelSettings
    from assistant.language_models.survey import Survey

LONGEST_QUESTION = 2000
"""Characters. A longer text is no question, and the parser's work grows with its length."""


class Assistant(FrameworkAdapters):
    """Answers questions over one index.

    Args:
        index: Open for reading.
        today: The day that 去年 and 近三年 are counted from; by default the day of the question.
        language_model: Widens what is understood and words the answers; by default there is none, and nothing is lost.

    Example:
        >>> assistant = Assistant.open("nianbao-index")  # doctest: +SKIP
        >>> assistant.ask("哪些开发区2023年没有收到申请？").value  # doctest: +SKIP
        2
    """

    def __init__(self, index: Index, *, today: date | None = None, language_model: LanguageModel | None = None) -> None:
        self.index = index
        self.language_model = language_model
        self._today = today
        self._parsers = CurrentParser(index)

    @classmethod
    def open(
        cls,
        folder: str | Path,
        *,
        today: date | None = None,
        embedding: str | EmbeddingSettings | None = None,
        reranker: str | Path | None = None,
        language_model: LanguageModelSettings | LLM | LanguageModel | None = None,
    ) -> Self:
        """Open an index for asking.

        Args:
            embedding: The model that the index must have been made with; by default whichever it was.
            reranker: The name or folder of a cross-encoder that orders what searches find; by default that of
                ``$NIANBAO_RERANKER``.
            language_model: A model behind a server, or any LlamaIndex ``LLM``; by default none.

        Raises:
            IndexMissingError: There is no index in the folder.
            IndexTooNewError: A newer version of Nianbao made it.
            ModelMismatchError: ``embedding`` isn't the model that made its vectors.
            LanguageModelError: The client library takes no such language model.
        """
        model = None
        if language_model is not None:
            from assistant.language_models.model import LanguageModel

            model = LanguageModel.of(language_model)
        return cls(Index.open(folder, embedding=embedding, reranker=reranker), today=today, language_model=model)

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
        return self._parsers.of_day(self.today)

    def ask(self, question: str, history: Sequence[str | Plan] = ()) -> Answer:
        """Answer a question.

        Args:
            history: The earlier questions of the conversation, oldest first: 那2022年呢 leans on them. A Plan stands
                for a question that was answered by `answer`. Of a long conversation it is enough to give the questions
                from the last one on whose answer has no ``resolved``: that one leaned on none before it.

        Raises:
            QuestionError: The question is empty or longer than ``LONGEST_QUESTION`` characters.
        """
        *_, answer = self.stream(question, history)
        return answer

    def stream(self, question: str, history: Sequence[str | Plan] = ()) -> Generator[Answer]:
        """The answer as it comes: the built-in one at once, then what a language model makes of it; last the final one.

        Each is whole and cited. Once a model words it (``worded_by``), each text begins with the text before it.
        Without a model there is one.

        Raises:
            QuestionError: As `ask`.
        """
        self._check(question, history)
        return self._stream(question, history)

    def _stream(self, question: str, history: Sequence[str | Plan]) -> Generator[Answer]:
        if self.language_model is not None:
            from assistant.language_models.planning import as_answered

            history = as_answered(self.language_model, self, history)
        with self.index.unchanging():
            answer, parse = self._dialogue.ask(question, history)
        yield answer
        if self.language_model is not None:
            from assistant.language_models.assisting import assist

            yield from assist(self, self.language_model, question.strip(), history, answer, parse)

    @property
    def _dialogue(self) -> Dialogue:
        return Dialogue(self.index, self.parser, self.today)

    @staticmethod
    def _check(question: str, history: Sequence[str | Plan]) -> None:
        check_conversation(question, history)
        for text in (question, *(said for said in history if isinstance(said, str))):
            if not text.strip():
                raise QuestionError("The question is empty; ask something such as 哪些开发区2023年没有收到申请？")
            if len(text) > LONGEST_QUESTION:
                raise QuestionError(f"The question has {len(text)} characters; ask in at most {LONGEST_QUESTION}.")

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
            known_metric(metric_id)
        with self.index.unchanging():
            return self._dialogue.execute(question or self.restate(plan) or "", plan)

    def restate(self, plan: Plan) -> str | None:
        """The Plan as a question in its own language; ``None`` where there is nothing to say it with."""
        return self._dialogue.restate(plan)

    def understand(self, question: str, history: Sequence[str | Plan] = ()) -> Parse:
        """The built-in reading of one question in its conversation, unanswered.

        Raises:
            QuestionError: The question is no text, or the history no list.
        """
        check_conversation(question, history)
        with self.index.unchanging():
            return self._dialogue.understand(question, history)

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
            k: How many at most, from 1 to ``MOST_HITS``.
            narrow: Whether the query's own words narrow the scope.

        Raises:
            QuestionError: The query is empty or longer than ``LONGEST_QUESTION`` characters, there is no such kind,
                year or section, or ``k`` is out of its range.
        """
        check_text(query, "query")
        if not query.strip():
            raise QuestionError("The query is empty; search for words such as 征地 申请.")
        if len(query) > LONGEST_QUESTION:
            raise QuestionError(f"The query has {len(query)} characters; search for at most {LONGEST_QUESTION}.")
        if not 1 <= k <= MOST_HITS:
            raise QuestionError(f"A search gives from 1 to {MOST_HITS} passages; ask for so many with k.")
        scope, roles = filtered_scope(year, kind, region, body), section_roles(section)
        with self.index.unchanging():
            wanted = query
            if narrow:
                scope, wanted = self.narrow(query, scope)
            return with_ids(self.index, self.index.search(wanted, scope, k, roles, ranking))

    def narrow(self, query: str, scope: Scope) -> tuple[Scope, str]:
        """A scope narrowed by the bodies, kinds, places and years that a query names, and what to look for in it."""
        named, words = self.parser.narrow(query)
        narrowed = within(self.index, scope, named, query)
        # What is named and narrows nothing is looked for: a year that no report is of may stand in one.
        wanted = words if narrows_fully(narrowed, scope, named) else query
        return narrowed, wanted

    def figures(
        self,
        metric: str | None = None,
        *,
        year: int | None = None,
        kind: str | None = None,
        region: str | None = None,
        body: str | None = None,
    ) -> list[ResolvedFigure]:
        """The figures of a scope.

        Args:
            metric: A full id such as ``applications_new__natural_person``; by default all.

        Raises:
            QuestionError: There is no such metric, kind or year.
        """
        metrics = None if metric is None else [known_metric(metric)]
        return self.index.figures(filtered_scope(year, kind, region, body), metrics)

    def reports(
        self, *, year: int | None = None, kind: str | None = None, region: str | None = None, body: str | None = None
    ) -> list[Report]:
        """The reports of a scope, by region, body and year.

        Raises:
            QuestionError: There is no such kind or year.
        """
        return self.index.reports(filtered_scope(year, kind, region, body))

    def cite(self, id: str) -> Cited:
        """What a permanent id, of a citation, a hit or a report, stands for in the index as it is now.

        Raises:
            PlaceGoneError: It is not here any more, or never was; or it is no id.
        """
        return resolve_cited(self.index, id)

    def survey(
        self,
        question: str,
        history: Sequence[str | Plan] = (),
        *,
        year: int | None = None,
        kind: str | None = None,
        region: str | None = None,
        body: str | None = None,
        section: str | None = None,
        tables: bool = False,
    ) -> Survey:
        """A question that the language model is to be asked about every report in scope, one by one.

        Nothing is sent before its ``run``; its ``estimate`` says before what that takes.

        Args:
            year, kind, region, body: As in `search`; each takes the place of what the question says of it.
            section: Only what stands in sections about that is read.
            tables: Whether the tables are read as well.

        Raises:
            QuestionError: As `search`.
        """
        from assistant.language_models.survey import Survey

        self._check(question, history)
        scope = {"year": year, "kind": kind, "region": region, "body": body}
        return Survey(self, question, history, section=section, tables=tables, **scope)  # type: ignore[arg-type]

    async def aask(self, question: str, history: Sequence[str | Plan] = ()) -> Answer:
        """As `ask`, in a thread. Cancelled, it stops a language model at work."""
        async with aclosing(self.astream(question, history)) as answers:
            *_, answer = [answer async for answer in answers]
        return answer

    def astream(self, question: str, history: Sequence[str | Plan] = ()) -> AsyncGenerator[Answer]:
        """As `stream`, each answer made in a thread. Close it (``contextlib.aclosing``) where it is left early."""
        return stepwise(self.stream(question, history))

    async def asearch(
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
        """As `search`, in a thread."""
        scope = {"year": year, "kind": kind, "region": region, "body": body}
        search = partial(self.search, query, section=section, k=k, narrow=narrow, ranking=ranking)
        return await in_thread(search, **scope)

    async def afigures(
        self,
        metric: str | None = None,
        *,
        year: int | None = None,
        kind: str | None = None,
        region: str | None = None,
        body: str | None = None,
    ) -> list[ResolvedFigure]:
        """As `figures`, in a thread."""
        return await in_thread(self.figures, metric, year=year, kind=kind, region=region, body=body)

    async def areports(
        self, *, year: int | None = None, kind: str | None = None, region: str | None = None, body: str | None = None
    ) -> list[Report]:
        """As `reports`, in a thread."""
        return await in_thread(self.reports, year=year, kind=kind, region=region, body=body)

    def example_questions(self, language: Language = "zh") -> list[str]:
        """Questions that this index can answer, made from what it holds; empty for an empty index."""
        return example_questions(self.index, language)
