"""How much of a faithful wording the checks let through, and how much of a spoilt one they catch, kind by kind.

    python -m benchmarks.wording_checks                     over the sample county
    python -m benchmarks.wording_checks --index DIR --questions FILE.jsonl
    python -m benchmarks.wording_checks --show 20           prints what was judged wrongly
    python -m benchmarks.wording_checks --markdown          the tables of docs/wording.md

No language model is asked: the sentences are made from the answers' rows and quotes (``wording_cases.py``), and the
built-in sentences themselves are the third sort.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

from assistant.answer import Answer
from assistant.answering.citations import MARKER
from assistant.assistant import Assistant
from assistant.language_models.wording.evidence import is_worded
from assistant.language_models.wording.facts import Facts
from assistant.language_models.wording.release import Release
from assistant.language_models.wording.sentences import built_in_sentences
from benchmarks.wording_cases import QUESTIONS, of_questions
from ingest.pipeline import ingest
from vectorstore.index import Index

ROOT = Path(__file__).resolve().parents[1]


def is_released(facts: Facts, sentence: str) -> bool:
    """Whether the checks let a sentence through."""
    return Release(facts).take(sentence)


def measure(assistant: Assistant, questions: list[str], seed: int) -> tuple[Counter[str], Counter[str], list[str]]:
    """Sentences and those of them that were released, by kind, and what was judged wrongly."""
    rng = random.Random(seed)
    seen: Counter[str] = Counter()
    released: Counter[str] = Counter()
    wrong: list[str] = []
    answers: list[Answer] = []
    facts: dict[str, Facts] = {}
    for answer, case in of_questions(assistant, questions, rng, answers):
        if not is_worded(answer):
            continue
        known = facts.setdefault(answer.question, Facts(answer, assistant.index.bodies()))
        passed = is_released(known, case.sentence)
        seen[case.kind] += 1
        released[case.kind] += passed
        if passed != (case.kind == "faithful"):
            wrong.append(f"{case.kind}: {case.sentence}   <{answer.question}>")
    for answer in answers:
        for sentence in built_in_sentences(answer) if is_worded(answer) else ():
            if MARKER.search(sentence):
                known = facts.setdefault(answer.question, Facts(answer, assistant.index.bodies()))
                seen["built-in"] += 1
                released["built-in"] += is_released(known, sentence)
    return seen, released, wrong


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--questions", type=Path, help="JSON lines with a question each")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    questions = list(QUESTIONS)
    if options.questions:
        questions = [json.loads(line)["question"] for line in options.questions.read_text("utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.index or Path(scratch) / "index"
        if options.index is None:
            with Index.open(folder, create=True) as index:
                ingest([ROOT / "samples" / "reports"], index)
        with Assistant.open(folder) as assistant:
            began = time.perf_counter()
            seen, released, wrong = measure(assistant, questions, options.seed)
            seconds = time.perf_counter() - began
    for line in wrong[: options.show]:
        print(line)
    total = sum(seen.values())
    for kind in ["built-in", "faithful", *sorted(set(seen) - {"built-in", "faithful"})]:
        cells = (kind, str(seen[kind]), str(released[kind]), f"{released[kind] / max(seen[kind], 1):.1%}")
        print("| " + " | ".join(cells) + " |" if options.markdown else "  ".join(cells))
    spoilt = sum(count for kind, count in seen.items() if kind not in ("built-in", "faithful"))
    passed = sum(count for kind, count in released.items() if kind not in ("built-in", "faithful"))
    print(f"spoilt: {spoilt}, released {passed}; {total} sentences in {seconds:.1f} s")


if __name__ == "__main__":
    main()
