"""What a language model's plans are worth: right before and after, over questions that the parser isn't sure of.

    python -m benchmarks.language_model --llm ollama:qwen3:8b            colloquial questions, and the county's bank
    python -m benchmarks.language_model --llm openai:m --llm-url URL     a server's model; the key by $NIANBAO_LLM_KEY
    python -m benchmarks.language_model --only colloquial --show         each question with both answers
    python -m benchmarks.language_model                                  no model: how many questions would be sent
    python -m benchmarks.language_model --perfect                        no model: right plans that the checks let by
    python -m benchmarks.language_model --wrong 150                      no model: plans of other questions that are

A colloquial question is right where its answer has the value and the rows of its plain twin's, or stays without a
plan of a model's where nothing is asked that reports tell. Bank questions are held against their gold. Sure questions
are never sent, and not counted.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.language_models.drafting.checks import problems_of
from assistant.language_models.model import LanguageModel
from assistant.language_models.planning import better_answer, is_unsure, plan_by_model
from assistant.language_models.settings import LanguageModelSettings
from assistant.plan import Plan
from benchmarks.answering import prepare
from samples.questions.judge import misses
from vectorstore.errors import LanguageModelError

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what tells whether an answer to it is right."""

    question: str
    history: tuple[str, ...]
    is_right: Callable[[Answer], bool]
    twin: Answer | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One unsure question, before and after; ``failed`` says why the model gave no reply."""

    asked: Asked
    before: Answer
    after: Answer
    seconds: float
    failed: str = ""


def colloquial(assistant: Assistant) -> Iterator[Asked]:
    """The questions of colloquial.toml."""
    for pair in tomllib.loads((HERE / "colloquial.toml").read_text(encoding="utf-8"))["pair"]:
        twin = assistant.ask(pair["twin"]) if pair["twin"] else None
        yield Asked(pair["asked"], (), lambda answer, twin=twin: _same(answer, twin), twin)  # type: ignore[misc]


def _same(answer: Answer, twin: Answer | None) -> bool:
    if twin is None:
        return answer.plan.get("made_by") != "model"
    rows = [{(row.body, row.year, row.value) for row in each.rows} for each in (answer, twin)]
    return answer.value == twin.value and rows[0] == rows[1] and answer.status in ("answered", "partial")


def bank(lines: Sequence[str]) -> Iterator[Asked]:
    """The questions of a bank with their gold."""
    for line in lines:
        question: dict[str, Any] = json.loads(line)
        expect = question["expect"]
        history = tuple(question.get("history", ()))
        yield Asked(question["question"], history, lambda a, e=expect: not misses(e, a.model_dump(mode="json")))  # type: ignore[misc]


def compare(assistant: Assistant, model: LanguageModel | None, asked: Asked) -> Result | None:
    """Both answers to an unsure question; ``None`` for a sure one."""
    before = next(iter(assistant.stream(asked.question, asked.history)))
    parse = assistant.understand(asked.question, asked.history)
    if not is_unsure(asked.question, parse, before):
        return None
    if model is None:
        return Result(asked, before, before, 0.0)
    started, after, failed = time.perf_counter(), before, ""
    try:
        read = plan_by_model(model, assistant, asked.question, asked.history, before, parse)
        after = before if read is None else assistant.answer(read.plan, asked.question)
    except LanguageModelError as error:
        failed = str(error)
    return Result(asked, before, after, time.perf_counter() - started, failed)


def let_by(assistant: Assistant, asked: Asked, plan: Plan) -> bool:
    """Whether a plan would be taken for an unsure question, were the model to confirm it."""
    before = next(iter(assistant.stream(asked.question, asked.history)))
    parse = assistant.understand(asked.question, asked.history)
    plan = plan.model_copy(update={"made_by": "model", "language": parse.plan.language})
    problems = problems_of(plan, parse, assistant.parser, None)
    return not problems and better_answer(assistant, plan, asked.question, before) is not None


def tell_checks(assistant: Assistant, name: str, unsure: Sequence[Result], plans: Sequence[Plan], wrong: int) -> None:
    """How many right plans, and how many of other questions, the checks let by."""
    twins = [(r.asked, r.asked.twin) for r in unsure if r.asked.twin is not None]
    taken = sum(let_by(assistant, asked, Plan.model_validate(twin.plan)) for asked, twin in twins)
    if twins:
        print(f"{name}: of {len(twins)} right plans {taken} are let by")
    if not wrong:
        return
    chosen = random.Random(1)
    tried = [(r, plan) for r in unsure for plan in chosen.sample(plans, min(wrong, len(plans)))]
    passed = [(r, plan) for r, plan in tried if let_by(assistant, r.asked, plan)]
    worse = [r for r, plan in passed if r.asked.is_right(r.before) and not r.asked.is_right(assistant.answer(plan))]
    print(
        f"{name}: of {len(tried)} plans of other questions {len(passed)} are let by, {len(worse)} spoil a right answer"
    )


def tell(name: str, results: Sequence[Result], of: int, show: bool) -> None:
    """Counts of before and after, and each question if wanted."""
    moved = Counter((r.asked.is_right(r.before), r.asked.is_right(r.after)) for r in results)
    sent, failed = len(results), sum(bool(r.failed) for r in results)
    planned = sum(r.after.plan.get("made_by") == "model" for r in results)
    seconds = sorted(r.seconds for r in results)
    print(f"{name}: {sent} of {of} questions unsure; {planned} answered by the model's plan, {failed} calls failed")
    before, after = moved[True, True] + moved[True, False], moved[True, True] + moved[False, True]
    print(f"  right before {before}, after {after}")
    print(f"  mended {moved[False, True]}, spoilt {moved[True, False]}")
    if seconds:
        print(f"  median {seconds[len(seconds) // 2]:.1f} s a question")
    for result in results if show else ():
        right = [("right" if result.asked.is_right(a) else "WRONG") for a in (result.before, result.after)]
        print(f"- {result.asked.question}\n    {right[0]} → {right[1]} {result.failed}")
        for answer in (result.before, result.after):
            print(f"    {answer.plan.get('made_by', 'parser')}: {answer.text[:120]!r}")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--llm", metavar="PROVIDER:MODEL")
    parser.add_argument("--llm-url", metavar="URL")
    parser.add_argument("--folder", type=Path, help="keeps corpora, questions and indexes here")
    parser.add_argument("--only", choices=("colloquial", "bank", "county", "real"), action="append")
    parser.add_argument("--most", type=int, default=2000, help="questions of a bank, at most")
    parser.add_argument("--perfect", action="store_true", help="how many right plans the checks let by")
    parser.add_argument("--wrong", type=int, default=0, metavar="N", help="and of N plans of other questions each")
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args(arguments)
    settings = LanguageModelSettings.chosen(options.llm, url=options.llm_url)
    model = None if settings is None else LanguageModel.open(settings)
    with tempfile.TemporaryDirectory(prefix="nianbao-llm-") as scratch:
        folder = options.folder or Path(scratch)
        prepare(folder)
        for name in options.only or ("colloquial", "county"):
            corpus = folder / ("county" if name == "colloquial" else name)
            with Assistant.open(corpus / "index") as opened:
                last = max(report.year for report in opened.index.reports() if report.year is not None)
            with Assistant.open(corpus / "index", today=date(last + 1, 6, 1)) as assistant:
                lines = (corpus / "questions.jsonl").read_text(encoding="utf-8").splitlines()[: options.most]
                asked = list(colloquial(assistant) if name == "colloquial" else bank(lines))
                results = [result for one in asked if (result := compare(assistant, model, one)) is not None]
                tell(name, results, len(asked), options.show)
                if options.perfect or options.wrong:
                    plans = [assistant.understand(one.question, one.history).plan for one in asked]
                    tell_checks(assistant, name, results, plans, options.wrong)


if __name__ == "__main__":
    main()
