"""Reading at scale: a question about many reports, of which a language model reads every one and judges it by itself.

Nothing is sent before `Survey.read` or `Survey.run`; what that will take is known before, from `Survey.estimate`.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.answer import Answer
from assistant.answering.inquiry import Inquiry
from assistant.answering.wording import Wording
from assistant.filters import filtered_scope, section_roles
from assistant.language_models.loading import address
from assistant.language_models.surveying.answering import answer_survey, standing_verdicts
from assistant.language_models.surveying.budget import Budget
from assistant.language_models.surveying.estimating import Advance, Excerpts, Size
from assistant.language_models.surveying.excerpts import Choice, Excerpt
from assistant.language_models.surveying.judging import Judge, Task, blank_verdict, with_quote
from assistant.language_models.surveying.prompts import ROOM_TO_ASK_AGAIN, Prompts, prompt_version
from assistant.language_models.surveying.records import Estimate, Progress, ReportVerdict
from assistant.language_models.surveying.running import Crew, Pending
from assistant.language_models.surveying.store import JsonLines
from assistant.plan import SURVEY, Language, Plan, PlanScope
from assistant.threads import in_thread
from vectorstore.batches import batched
from vectorstore.database import SURVEYS_NAME
from vectorstore.errors import LanguageModelError
from vectorstore.records import Report, Scope

if TYPE_CHECKING:
    from assistant.assistant import Assistant


@dataclass(frozen=True, slots=True)
class SurveyResult:
    """What came of a survey.

    Attributes:
        answer: Rows are the reports that say yes. Without a language model, the built-in answer.
        verdicts: One for each report in scope, in the order of `Assistant.reports`; empty without a model.
        model: The model's name; ``None`` without one.
        ended: Why not all were read: ``stopped``, ``budget``, ``server``; empty where all were.
        calls, tokens_in, tokens_out: Spent by this run.
    """

    answer: Answer
    verdicts: tuple[ReportVerdict, ...] = ()
    model: str | None = None
    ended: str = ""
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0

    def as_json(self) -> dict[str, Any]:
        """The Answer's JSON, with ``survey`` beside its fields: the model, what was spent, and each verdict."""
        spent = {"calls": self.calls, "tokens_in": self.tokens_in, "tokens_out": self.tokens_out}
        survey = {"model": self.model, "ended": self.ended, **spent, "verdicts": [v.as_json() for v in self.verdicts]}
        written: dict[str, Any] = self.answer.model_dump(mode="json")
        return written | {"survey": survey}


class Survey:
    """One question, to be asked of a language model about each report in scope. `Assistant.survey` makes it.

    Args:
        question: Its own words on years, kinds, regions and bodies narrow the scope, as in `Assistant.ask`.
        history: The earlier questions of the conversation, likewise.
        year, kind, region, body: As in `Assistant.search`; each takes the place of what the question says of it.
        section: Only what stands in sections about that is read; one of ``vectorstore.records.SectionRole``.
        tables: Whether the tables are read as well, and not only the prose.
        keep: The folder in which verdicts are kept and looked up; by default in the index's. ``None``: nowhere.
        plan: That of an earlier survey: its scope and words are taken, and ``question`` as it stands.

    Raises:
        QuestionError: The kind or the section is unknown.

    Attributes:
        plan: The scope, and what is asked for, as the answer shows it.
        reports: In scope.
        scope_name: The scope in words.
    """

    def __init__(
        self,
        assistant: Assistant,
        question: str,
        history: Sequence[str | Plan] = (),
        *,
        year: int | None = None,
        kind: str | None = None,
        region: str | None = None,
        body: str | None = None,
        section: str | None = None,
        tables: bool = False,
        keep: Path | str | None = "",
        plan: Plan | None = None,
    ) -> None:
        self._assistant = assistant
        self._model = assistant.language_model
        self._history = tuple(history)
        self.question = question.strip()
        roles = tuple(section_roles(section) or ())
        given = filtered_scope(year, kind, region, body)
        self.asked = self.question
        if plan is None:
            parse = assistant.understand(self.question, history)
            words = parse.reading.without_scope() or self.question
            plan = survey_plan(parse.plan.scope, words, parse.plan.language)
            completed = assistant.restate(parse.plan) if parse.is_completed else None
            self.asked = completed or self.question
        self._words = plan.words or self.question
        self.plan = plan.model_copy(update={"scope": _narrowed(plan.scope, given)})
        self._choice = Choice(roles, tables)
        self._folder = assistant.index.folder / SURVEYS_NAME if keep == "" else None if keep is None else Path(keep)
        inquiry = self._inquiry()
        self.reports: tuple[Report, ...] = tuple(inquiry.reports)
        self.scope_name: str = inquiry.scope_name
        self._verdicts: dict[str, ReportVerdict] = {}
        self._budget = Budget(None)
        self._ended = "stopped"

    @property
    def has_model(self) -> bool:
        """Whether there is a language model to ask; without one `run` gives the built-in answer."""
        return self._model is not None

    @property
    def model_name(self) -> str:
        """The model's name; empty without one."""
        return "" if self._model is None else self._model.name

    @property
    def address(self) -> str:
        """Where the reports would be sent; empty without a model."""
        return "" if self._model is None else address(self._model.settings)

    @cached_property
    def estimate(self) -> Estimate:
        """What it will take; nothing is sent."""
        return self.measure()

    def measure(self, advance: Advance = lambda done, of: None, *, fresh: bool = False) -> Estimate:
        """`estimate`, telling how far the counting is: the first time, each report takes a few milliseconds.

        Args:
            fresh: As in `run`.
        """
        if self._model is None:
            made = Estimate(reports=len(self.reports))
        else:
            sizes = self._excerpts.sizes(self.reports, advance)
            asked = [size for size in sizes.values() if size.tokens]
            made = self._estimate(sizes, [s for s in asked if fresh or self._store.get(s.digest) is None])
        return made

    def _estimate(self, sizes: dict[str, Size], pending: Sequence[Size]) -> Estimate:
        without_text = sum(not size.tokens for size in sizes.values())
        whole = sum(size.is_whole for size in pending)
        return Estimate(
            reports=len(self.reports),
            known=len(self.reports) - len(pending) - without_text,
            calls=len(pending),
            tokens_in=sum(size.tokens for size in pending) + len(pending) * self._prompts.frame_tokens,
            tokens_out_most=len(pending) * self._needed_model.settings.reply_tokens,
            whole=whole,
            part=len(pending) - whole,
            without_text=without_text,
        )

    def run(
        self,
        *,
        most_tokens: int | None = None,
        stop: threading.Event | None = None,
        progress: Callable[[Progress], None] = lambda progress: None,
        fresh: bool = False,
    ) -> SurveyResult:
        """Ask of every report that isn't known yet, and answer.

        Args:
            most_tokens: Of all calls together, in and out; before the next call could exceed it, the rest is left.
            stop: Set it, from another thread or a signal, to stop at once; what is known by then is the result.
            progress: Called after each report.
            fresh: Ask of all reports, whatever is known.

        A call that fails for the server's sake costs its report only. Nothing is lost by stopping: what was read is
        kept, and the next run goes on from there.
        """
        for step in self.read(most_tokens=most_tokens, stop=stop, fresh=fresh):
            progress(step)
        return self.result

    def known(self) -> SurveyResult:
        """What is known from before; nothing is sent."""
        next(self.read(), None)
        return self.result

    async def arun(self, *, most_tokens: int | None = None, fresh: bool = False) -> SurveyResult:
        """As `run`, in a thread; cancelled, it stops at once."""
        stop = threading.Event()
        try:
            return await in_thread(self.run, most_tokens=most_tokens, stop=stop, fresh=fresh)
        finally:
            stop.set()

    def read(
        self, *, most_tokens: int | None = None, stop: threading.Event | None = None, fresh: bool = False
    ) -> Iterator[Progress]:
        """As `run`, step by step; `result` is then what is known, also where the iterator is left early."""
        cancelled = stop or threading.Event()
        self._verdicts, self._budget, self._ended = {}, Budget(most_tokens), ""
        if self._model is None:
            return
        began = time.monotonic()
        pending = self._recall(cancelled, fresh=fresh)
        known = len(self._verdicts)
        yield self._progress(known, began)
        judge = Judge(self._model, self._prompts, self._budget, cancelled)
        crew = Crew(judge.judge, self._model.settings.parallel, cancelled, self._keep)
        self._ended = "stopped"
        for verdict in crew.verdicts(pending):
            self._keep(verdict)
            self._verdicts[verdict.report_id] = verdict
            yield self._progress(known, began)
        self._ended = crew.why

    @property
    def result(self) -> SurveyResult:
        """What is known after `read`; before it, nothing is."""
        if self._model is None:
            return SurveyResult(self._built_in())
        inquiry = self._inquiry()
        verdicts = standing_verdicts(inquiry, self.reports, self._verdicts)
        answer = answer_survey(
            inquiry, self.reports, verdicts, model=self._model.name, ended=self._ended, tables=self._choice.tables
        )
        if self._store.problem is not None:
            said = inquiry.wording.say("survey.not_kept", problem=self._store.problem)
            answer = answer.model_copy(update={"warnings": (*answer.warnings, said)})
        spent = self._budget
        return SurveyResult(
            answer, tuple(verdicts), self._model.name, self._ended, spent.calls, spent.tokens_in, spent.tokens_out
        )

    def _built_in(self) -> Answer:
        return _without_model(self._assistant.ask(self.question, self._history))

    def _recall(self, cancelled: threading.Event, *, fresh: bool) -> list[Pending]:
        """Note the verdicts that are known for what would be sent now; the reports without one."""
        pending: list[Pending] = []
        for some in batched(self.reports):
            if cancelled.is_set():
                break
            read = self._excerpts.read(some)
            for report in some:
                verdict = self._known(report, *read[report.report_id], fresh=fresh)
                if verdict is None:
                    pending.append(Pending(report.report_id, partial(self._task, report)))
                else:
                    self._verdicts[report.report_id] = verdict
        return pending

    def _known(self, report: Report, text: str, excerpt: Excerpt, *, fresh: bool) -> ReportVerdict | None:
        """The verdict on a report that needn't be asked about."""
        if not excerpt.text:
            return ReportVerdict(report.report_id, "not_read", why="no_text")
        kept = None if fresh else self._store.get(excerpt.digest)
        if kept is None:
            return None
        task = Task(report, text, excerpt)
        blank = replace(blank_verdict(task), outcome=kept["outcome"], why=kept.get("why", ""))
        # The words are looked up again: what stands elsewhere in the text by now is quoted from there.
        return with_quote(blank, task, kept["quote"]) if kept["outcome"] == "yes" else blank

    def _task(self, report: Report) -> Task | None:
        # Not kept from when it was recalled: reports by the thousand wait, and may change meanwhile.
        text, excerpt = self._excerpts.read([report])[report.report_id]
        return Task(report, text, excerpt) if excerpt.text else None

    def _keep(self, verdict: ReportVerdict) -> None:
        """Keep a verdict for the next time; failures are tried again then."""
        if verdict.outcome in ("failed", "not_read") or not verdict.digest:
            return
        kept = {"key": verdict.digest, "report_id": verdict.report_id, "outcome": verdict.outcome}
        self._store.put([kept | {"quote": verdict.quote, "why": verdict.why}])

    def _progress(self, known: int, began: float) -> Progress:
        outcomes = Counter(verdict.outcome for verdict in self._verdicts.values())
        done, seconds = len(self._verdicts), time.monotonic() - began
        judged = done - known
        remaining = seconds / judged * (len(self.reports) - done) if judged else None
        return Progress(
            done=done,
            of=len(self.reports),
            yes=outcomes["yes"],
            no=outcomes["no"],
            unclear=outcomes["unclear"],
            unverified=outcomes["unverified"],
            failed=outcomes["failed"],
            known=known,
            calls=self._budget.calls,
            tokens_in=self._budget.tokens_in,
            tokens_out=self._budget.tokens_out,
            seconds=seconds,
            remaining=remaining if done < len(self.reports) else 0.0,
        )

    def _inquiry(self) -> Inquiry:
        return Inquiry(self.plan, self._assistant.index, self.question, self._assistant.today)

    @property
    def _needed_model(self) -> Any:
        if self._model is None:
            raise LanguageModelError("No language model is configured; name one by --llm or $NIANBAO_LLM.")
        return self._model

    @cached_property
    def _prompts(self) -> Prompts:
        return Prompts(self.asked, self._needed_model.count_tokens)

    @cached_property
    def _excerpts(self) -> Excerpts:
        room = self._needed_model.room(self._prompts.frame()) - ROOM_TO_ASK_AGAIN
        if room < _LEAST_ROOM:
            settings = self._needed_model.settings
            raise LanguageModelError(
                f"A context of {settings.context_tokens} tokens with replies of {settings.reply_tokens} leaves no room "
                f"to read a report; give the language model more context_tokens, or fewer reply_tokens."
            )
        index = self._assistant.index
        return Excerpts(index, self._choice, self._words, room, self._needed_model.count_tokens, self._folder)

    @cached_property
    def _store(self) -> JsonLines:
        settings = self._needed_model.settings
        head = {
            "question": self.asked,
            "model": settings.model,
            "provider": settings.provider,
            "prompt": prompt_version(),
        }
        name = hashlib.sha256(json.dumps(head, sort_keys=True).encode()).hexdigest()[:32]
        return JsonLines(None if self._folder is None else self._folder / f"{name}.jsonl", head)


_LEAST_ROOM = 300
"""Tokens."""


def survey_plan(scope: PlanScope, words: str, language: Language) -> Plan:
    """The plan of a survey of the reports in a scope; ``words`` are what long reports are searched for."""
    return Plan(subject="passages", operation="list", scope=scope, words=words, aspect=SURVEY, language=language)


def known_answer(assistant: Assistant, plan: Plan, question: str) -> Answer:
    """What is known of a survey, by its plan and question as it was asked; nothing is sent.

    Without a language model it is the built-in answer, which says so.
    """
    if assistant.language_model is not None:
        return Survey(assistant, question, plan=plan).known().answer
    return _without_model(assistant.answer(plan, question))


def _without_model(built_in: Answer) -> Answer:
    """The built-in answer, saying that there is no model, and not once more that none was asked."""
    wording = Wording(built_in.language)
    others = [warning for warning in built_in.warnings if warning != wording.say("survey.searched")]
    return built_in.model_copy(update={"warnings": (*others, wording.say("survey.no_model"))})


def _narrowed(scope: PlanScope, given: Scope) -> PlanScope:
    """The scope with what was given in the place of what the question says."""
    changes: dict[str, Any] = {}
    if given.years:
        changes |= {"years": given.years, "latest": False}
    if given.kinds:
        changes["kinds"] = given.kinds
    if given.regions:
        changes["regions"] = given.regions
    if given.names:
        changes |= {"names": given.names, "bodies": ()}
    return scope.model_copy(update=changes)
