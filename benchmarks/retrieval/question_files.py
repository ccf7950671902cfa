"""The questions with their gold quotes and the judgements of pooled passages, as they lie in files."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KINDS = ("named", "place", "open", "keywords", "exact", "english")
"""Names a body; narrows by place, kind or year; asks the whole corpus; mere words; asks for a datum; in English."""

TUNING_SET = "a"
"""The only set on which weights and thresholds are chosen."""
REPORTED_SETS = ("b", "c", "d")


class QuestionError(ValueError):
    """A file of questions or judgements says something that cannot be right."""


@dataclass(frozen=True, slots=True)
class Gold:
    """A quote that answers: exact characters of a report's file."""

    report: str
    quote: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question; without gold, one that nothing in the reports answers."""

    id: str
    set_name: str
    text: str
    kind: str
    gold: tuple[Gold, ...]

    @property
    def is_answerable(self) -> bool:
        """Whether the reports answer it."""
        return bool(self.gold)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a judge said of a stretch of a report that some system found; ``start`` and ``end`` are in its text."""

    question_id: str
    report: str
    start: int
    end: int
    quote: str
    relevant: bool


def read_questions(folder: Path, sets: Collection[str] = ()) -> list[Question]:
    """The questions of a folder in the order of file names and lines; ``b.jsonl`` and ``b_more.jsonl`` are set b.

    Args:
        sets: Only these; none given: all.

    Raises:
        QuestionError: A line lacks something, a kind is unknown, or an id occurs twice.
    """
    questions: list[Question] = []
    for path in sorted(folder.glob("*.jsonl")):
        set_name = path.stem.split("_")[0]
        if not sets or set_name in sets:
            questions += [_question(line, set_name, place) for place, line in _lines(path)]
    seen: set[str] = set()
    for question in questions:
        if question.id in seen:
            raise QuestionError(f"Two questions in {folder} have the id {question.id}. Give one of them another.")
        seen.add(question.id)
    return questions


def read_judgements(path: Path) -> list[Judgement]:
    """The judgements of a file, none if it isn't there.

    Raises:
        QuestionError: A line lacks something, or hasn't been judged.
    """
    return [_judgement(line, place) for place, line in _lines(path)] if path.is_file() else []


def _lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        place = f"{path}, line {number}"
        if not line.strip():
            continue
        try:
            content = json.loads(line)
        except json.JSONDecodeError as error:
            raise QuestionError(f"{place} is no JSON ({error}). Write one object a line.") from error
        if not isinstance(content, dict):
            raise QuestionError(f"{place} holds no JSON object. Write one object a line.")
        yield place, content


def _question(line: dict[str, Any], set_name: str, place: str) -> Question:
    try:
        gold = tuple(Gold(str(each["report"]), str(each["quote"])) for each in line["gold"])
        question = Question(str(line["id"]), set_name, str(line["question"]), str(line["kind"]), gold)
    except (KeyError, TypeError) as error:
        raise QuestionError(
            f"{place} lacks {error}. A question has id, question, kind and gold, a list of report and quote."
        ) from error
    if question.kind not in KINDS:
        raise QuestionError(f"{place} is of the kind {question.kind!r}; the kinds are {', '.join(KINDS)}.")
    if not question.text.strip() or any(not each.quote.strip() for each in gold):
        raise QuestionError(f"{place} has an empty question or quote.")
    return question


def _judgement(line: dict[str, Any], place: str) -> Judgement:
    try:
        judged = line["relevant"]
        judgement = Judgement(
            str(line["id"]), str(line["report"]), int(line["start"]), int(line["end"]), str(line["quote"]), bool(judged)
        )
    except (KeyError, TypeError, ValueError) as error:
        raise QuestionError(
            f"{place} lacks {error}. A judgement has id, report, start, end, quote and relevant."
        ) from error
    if not isinstance(judged, bool):
        raise QuestionError(f"{place} isn't judged: relevant must be true or false, not {judged!r}.")
    return judgement
