"""A Plan filled in by a language model where the built-in parser isn't sure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from assistant.answer import Answer
from assistant.answering.by_id import bodies_by_id
from assistant.language_models.drafting.checks import problems_of
from assistant.language_models.drafting.choices import Choices, choices_for
from assistant.language_models.drafting.converting import plan_of
from assistant.language_models.drafting.draft import read_draft, schema_for
from assistant.language_models.drafting.problems import DraftError
from assistant.language_models.drafting.prompting import (
    CONFIRMED,
    confirmation,
    instructions,
    is_confirmed,
    question_message,
    repair_message,
)
from assistant.language_models.drafting.unread import unread_words
from assistant.language_models.model import Message
from assistant.language_models.remembering import ModelReading
from assistant.lexicons import read_lexicon
from assistant.plan import Plan
from assistant.understanding.parser import Parse
from assistant.understanding.reading import is_noise, wants_number
from assistant.understanding.two_questions import questions_in
from vectorstore.errors import NianbaoError

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.language_models.model import LanguageModel

PLAN_TOKENS = 700
"""Of one drafted plan, at most; the longest that is any use has some 300."""
_YEARS_SHOWN = 40
_REPLY_SHOWN = 2000
"""Characters of a reply that is to be repaired."""
_RANK = {"not_in_corpus": 0, "needs_clarification": 1, "partial": 2, "answered": 3}
_FIGURE_OPERATIONS = ("sum", "mean", "median", "top", "bottom", "rank", "compare", "trend", "share", "breakdown")


def plan_by_model(
    model: LanguageModel,
    assistant: Assistant,
    question: str,
    history: Sequence[str | Plan],
    answer: Answer,
    parse: Parse | None,
) -> ModelReading | None:
    """The model's Plan, valid and ``made_by`` it; ``None`` where the built-in reading is sure, or the better one.

    Args:
        history: As `as_answered` gives it.
        answer: The built-in answer to the question.
        parse: The reading that it is of; ``None`` where it answers two questions, which no one plan can.

    Raises:
        LanguageModelError: The model gave no reply at all. One that is no use is no error.
    """
    if parse is None or not is_unsure(question, parse, answer):
        return None
    key = _key(assistant, question, history)
    known, read = model.remembered.find(key)
    if not known:
        drafted = _drafted(model, assistant, question, parse, _plan_before(assistant, history))
        read = None if drafted is None else _taken(model, assistant, *drafted, question, answer, parse)
        model.remembered.keep(key, read)
    return read


def as_answered(model: LanguageModel, assistant: Assistant, history: Sequence[str | Plan]) -> tuple[str | Plan, ...]:
    """The earlier questions with the model's Plans in place of those that were answered by one in this process.

    What comes next goes on from what was answered. Of another process' questions the built-in reading is taken.
    """
    answered: tuple[str | Plan, ...] = ()
    for said in history:
        read = None
        if isinstance(said, str):
            read = model.remembered.find(_key(assistant, said, answered))[1]
        answered = (*answered, said if read is None else read.plan)
    return answered


def is_unsure(question: str, parse: Parse, answer: Answer) -> bool:
    """Whether the built-in reading may be bettered; a sure one is never sent to a model.

    It is unsure where words of the question stay unplaced; where it looked for words in texts though the question asks
    for a number or a comparison; and where nothing was found for words, or only what is near. It is sure where every
    word was read, though the corpus may say nothing; where the question has several readings, which only the one who
    asks can choose from; where only a body, place or year is named; and of what reports don't tell.
    """
    reading = parse.reading
    if is_noise(reading) or parse.readings or (parse.is_empty and not reading.has_own_words):
        return False
    if len(questions_in(question)) > 1 and answer.status in ("answered", "partial"):
        return False
    if answer.plan.get("unplaced") or parse.plan.unplaced:
        return True
    if answer.plan.get("subject") not in ("passages", "mentions"):
        return False
    if reading.quoted or reading.has("question", "mention"):
        return False  # 提到, and words in quotation marks, are looked for as they stand
    counts = wants_number(reading) is not None or reading.has("operation", *_FIGURE_OPERATIONS)
    counts = counts or bool(reading.numbers) or reading.has("ratio")
    return counts or answer.status != "answered" or not len(answer.rows)


def made_by_model(read: ModelReading) -> str:
    """The remark that a plan is a model's, in the plan's language, with the plan as a question."""
    shown = read_lexicon("planning")["shown"]
    return str(shown["made_by"][read.plan.language].format(question=read.understood))


def _drafted(
    model: LanguageModel, assistant: Assistant, question: str, parse: Parse, last: Plan | None
) -> tuple[Plan, bool] | None:
    """The Plan of the model's reply, or of its second, in which it was told what was wrong with the first.

    With it, whether the question goes on from the one before.
    ``None`` too where the model's context doesn't hold what it would have to know.
    """
    parser = assistant.parser
    room = model.room([*instructions(parse.reading.language)], PLAN_TOKENS)
    choices = choices_for(parse.reading, parser.lexicon, parser.linker, last, model.count_tokens, room // 2)
    messages = _prompt(assistant, question, parse, last, choices)
    if not choices.metrics or model.room(messages, PLAN_TOKENS) < 0:
        return None  # half a prompt would ask another question
    schema = schema_for(choices)
    for attempt in range(2):
        reply = model.complete(messages, schema=schema, most_tokens=PLAN_TOKENS)
        try:
            draft = read_draft(reply)
            if draft.subject == "none":
                return None
            before = last if draft.continues else None
            plan = plan_of(draft, choices, parse, before)
            problems = problems_of(plan, parse, parser, before)
            if last is not None and before is None and _goes_on(parse):
                problems.append("The question goes on from question_before; continues must be true.")
        except DraftError as error:
            problems = list(error.problems)
        else:
            if not problems:
                return plan, draft.continues and last is not None
        if attempt == 0:
            messages = [*messages, Message("assistant", reply[:_REPLY_SHOWN]), repair_message(problems)]
    return None


def _goes_on(parse: Parse) -> bool:
    """Whether the question surely leans on the one before: 那…, …呢, 它们."""
    reading = parse.reading
    ends = reading.text.rstrip("?？。 ").endswith("呢")
    return parse.is_completed or ends or reading.has("follow_up", "start", "pronoun", "plural")


def _prompt(assistant: Assistant, question: str, parse: Parse, last: Plan | None, choices: Choices) -> list[Message]:
    """The instructions, examples, and the question with what it may name: nothing that a report's text says."""
    known: dict[str, Any] = {
        "today": str(assistant.today),
        "years_held": sorted(assistant.parser.years)[-_YEARS_SHOWN:],
        "understood": _understood(assistant, parse),
    }
    if last is not None:
        known["question_before"] = assistant.restate(last) or last.words
    language = parse.reading.language
    return [*instructions(language), question_message(question, choices, language, known)]


def _understood(assistant: Assistant, parse: Parse) -> Mapping[str, Any]:
    """What the built-in parser surely read, which a plan must keep."""
    scope = parse.scope.scope
    known = bodies_by_id(assistant.index)
    read: dict[str, Any] = {
        "years": sorted({year for mention in parse.reading.years for year in mention.years}),
        "kinds": [str(kind) for kind in scope.kinds],
        "places": list(scope.regions),
        "bodies": [known[body_id].name for body_id in scope.bodies[:5] if body_id in known],
        "names": list(scope.names),
        "metrics": [metric.metric_id for metric in parse.metrics],
        "unplaced": list(parse.plan.unplaced) or [stretch.text for stretch in parse.reading.unknown],
    }
    return {key: value for key, value in read.items() if value}


def _taken(
    model: LanguageModel, assistant: Assistant, plan: Plan, continues: bool, question: str, answer: Answer, parse: Parse
) -> ModelReading | None:
    """A valid Plan that is taken: it can be said in words, is better than what there is, and says the question.

    The last is asked of the model itself, which tells a wrong reading more surely than it avoids one. Words that nobody
    but the model read stay unplaced, so that the answer says first that it doesn't rest on them.
    """
    understood = assistant.restate(plan)
    unread = unread_words(plan, parse, assistant.parser)
    told = plan.model_copy(update={"unplaced": (*plan.unplaced, *unread)})
    better = None if understood is None else better_answer(assistant, told, question, answer, len(unread))
    if understood is None or better is None:
        return None
    reply = model.complete(confirmation(question, understood, plan.unplaced), schema=CONFIRMED, most_tokens=PLAN_TOKENS)
    return ModelReading(told, understood, continues, better) if is_confirmed(reply) else None


def better_answer(assistant: Assistant, plan: Plan, question: str, answer: Answer, unread: int = 0) -> Answer | None:
    """The answer to the model's Plan if it gives more than the built-in one, which else stands.

    It does if its answer leaves fewer words out and is no less of an answer; or leaves as many out and is more of one;
    or counts what the built-in one only looked for in texts.

    Args:
        unread: How many of the words left out are only unread. A search for them in texts doesn't tell them either.
    """
    try:
        other = assistant.answer(plan, question)
    except (NianbaoError, ValueError, KeyError, ArithmeticError):
        return None  # a plan that nobody can compute
    mine = {k: v for k, v in other.plan.items() if k != "made_by"}
    if mine == answer.plan or other.status == "not_in_corpus":
        return None
    before = len(answer.plan.get("unplaced", ()))
    left_out = len(plan.unplaced) - (0 if before else unread)
    rank, rank_before = _RANK[other.status], _RANK[answer.status]
    if unread:
        rank_before = min(rank_before, _RANK["partial"])
    if left_out != before:
        return other if left_out < before and rank >= rank_before else None
    in_words = answer.plan.get("subject") in ("passages", "mentions")
    counts = in_words and plan.subject == "figures"
    return other if rank > rank_before or (rank == rank_before and counts) else None


def _plan_before(assistant: Assistant, history: Sequence[str | Plan]) -> Plan | None:
    """The Plan of the last question that was understood at all."""
    for at in range(len(history) - 1, -1, -1):
        said = history[at]
        if isinstance(said, Plan):
            return said
        parse = assistant.understand(said, history[:at])
        if not parse.is_empty:
            return parse.plan
    return None


def _key(assistant: Assistant, question: str, history: Sequence[str | Plan]) -> tuple[str, ...]:
    """What a plan depends on, beside the model."""
    said = (said if isinstance(said, str) else said.model_dump_json() for said in history)
    return (assistant.index.fingerprint, str(assistant.today), question.strip(), *said)
