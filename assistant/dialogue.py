"""A question in its conversation, read and answered by the built-in rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from assistant.answer import Answer
from assistant.answering.by_id import bodies_by_id, reports_by_id
from assistant.answering.restating import restate
from assistant.answering.wording import Wording
from assistant.clarification import ask_what_is_meant, clarify, one_after_the_other, with_remarks
from assistant.execution import execute
from assistant.in_words import outranks, plan_in_words
from assistant.plan import SURVEY, Plan, PlanScope
from assistant.understanding.conversation import Turn, parse_in_conversation
from assistant.understanding.parser import Parse, Parser, PlanReading
from assistant.understanding.two_questions import questions_in, with_scope_of
from vectorstore.index import Index


class Dialogue:
    """Reads and answers questions with one parser and one day, whatever other threads ask meanwhile.

    Args:
        parser: Made for the index.
        today: The day that relative years are counted from.
    """

    def __init__(self, index: Index, parser: Parser, today: date) -> None:
        self._index = index
        self._parser = parser
        self._today = today

    def ask(self, question: str, history: Sequence[str | Plan]) -> tuple[Answer, Parse | None]:
        """The answer to a question, or to the two questions that one line asks, and the reading that it is of.

        Where both of two questions are answered, there is no one reading.
        """
        parts = questions_in(question)
        if len(parts) > 1:
            parts = tuple(parts[:1]) + tuple(self._of_same_scope(part, parts[0]) for part in parts[1:])
            said = [self.ask(part, (*history, *parts[:at]))[0] for at, part in enumerate(parts)]
            both = one_after_the_other(question.strip(), said)
            if both is not None:
                return both, None
        return self._ask_one(question, history)

    def understand(self, question: str, history: Sequence[str | Plan] = ()) -> Parse:
        """The reading of one question in its conversation, unanswered."""
        last: Turn | None = None
        for earlier in history:
            if isinstance(earlier, Plan):
                found = partial(self._is_found, "", earlier)
                last = Turn(earlier, partial(self._bodies_answered, "", earlier), found=found, before=last)
                continue
            before = parse_in_conversation(self._parser, earlier, last)
            if before.is_empty and before.scope.scope == PlanScope():
                continue  # ？？？ leaves the conversation where it was
            last = Turn(
                before.plan,
                partial(self._bodies_answered, earlier, before.plan),
                partial(self._offered, earlier, before),
                partial(self._is_found, earlier, before.plan),
                last,
            )
        return parse_in_conversation(self._parser, question, last)

    def execute(self, question: str, plan: Plan) -> Answer:
        """The answer to a plan; that of a survey is answered by a search, and says so."""
        answer = execute(plan, self._index, question=question, today=self._today)
        if plan.aspect != SURVEY:
            return answer
        said = Wording(answer.language).say("survey.searched")
        return answer.model_copy(update={"warnings": (*answer.warnings, said)})

    def restate(self, plan: Plan) -> str | None:
        """The plan as a question in its own language; ``None`` where there is nothing to say it with."""
        known = bodies_by_id(self._index)
        names, *left_out = (
            [known[body_id].name for body_id in scope.bodies if body_id in known]
            for scope in (plan.scope, *plan.scope.excluded)
        )
        return restate(plan, names, left_out)

    def _ask_one(self, question: str, history: Sequence[str | Plan]) -> tuple[Answer, Parse]:
        parse = self.understand(question, history)
        answer = with_remarks(self._answer(question.strip(), parse), parse)
        if parse.is_completed and answer.resolved is None:
            answer = answer.model_copy(update={"resolved": self.restate(parse.plan) or question.strip()})
        return answer, parse

    def _of_same_scope(self, question: str, first: str) -> str:
        """The second of two questions with the years and places of the first: 2023年收到多少？谁没收到？"""
        own, other = self._parser.parse(question), self._parser.read(first)
        return with_scope_of(own.reading, other) if own.metrics or own.reading.has("aspect") else question

    def _is_found(self, question: str, plan: Plan) -> bool:
        return self.execute(question, plan).status != "not_in_corpus"

    def _offered(self, question: str, parse: Parse) -> list[PlanReading]:
        """The readings that the answer to an ambiguous question offered, in its order."""
        if not parse.readings:
            return []
        offered = [option.question for option in self._answer(question, parse).options]
        return [reading for chosen in offered for reading in parse.readings if reading.question == chosen]

    def _bodies_answered(self, question: str, plan: Plan) -> list[str]:
        """Ids of the bodies that the answer to a plan names, in the order of its rows."""
        reports = reports_by_id(self._index)
        ids = {body.name: body.body_id for body in self._index.bodies()}
        named = []
        for row in self.execute(question, plan).rows:
            report = reports.get(row.report_id or "")
            body_id = report.body_id if report is not None and report.body == row.body else ids.get(row.body)
            if body_id is not None:
                named.append(body_id)
        return list(dict.fromkeys(named))

    def _answer(self, question: str, parse: Parse) -> Answer:
        if parse.is_empty:
            return ask_what_is_meant(question, parse, self._index)
        if parse.readings:
            answers = [(reading.question, self.execute(question, reading.plan)) for reading in parse.readings]
            return clarify(question, answers)
        answer = self.execute(question, parse.plan)
        for fallback in parse.fallbacks:
            # A literal search that finds nothing says only that the words aren't the reports' own.
            found_nothing = answer.status == "not_in_corpus" or (parse.plan.quoted and not answer.rows)
            if not found_nothing or not answer.coverage.in_scope:
                break
            other = self.execute(question, fallback)
            if other.status != "not_in_corpus":
                answer = other
        return self._or_in_words(question, parse, answer)

    def _or_in_words(self, question: str, parse: Parse, answer: Answer) -> Answer:
        plan = plan_in_words(parse, answer, self._index)
        if plan is None:
            return answer
        other = self.execute(question, plan)
        return other if outranks(other, answer, parse, self._index) else answer
