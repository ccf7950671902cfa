"""What a question wants looked for in the texts: its content, without asking, mentioning and words that add nothing."""

from __future__ import annotations

import re
from typing import Any

from assistant.lexicons import read_lexicon
from assistant.prose.relevance import without_question_words
from vectorstore.folding import fold_text


def _lexicon() -> dict[str, Any]:
    lexicon: dict[str, Any] = read_lexicon("answer_types")["who"]
    return lexicon


def asks_who(words: str) -> bool:
    """Whether a question asks which bodies do something."""
    folded = fold_text(words)
    return any(re.search(pattern, folded) for pattern in _lexicon()["asking"])


def asks_who_does_not(words: str) -> bool:
    """Whether a question asks which bodies don't mention something: 谁没提到三审三校."""
    folded = fold_text(words)
    return any(re.search(pattern, folded) for pattern in _lexicon()["denying"])


def whole_content_of(words: str) -> list[str]:
    """What is to be looked for, without asking, mentioning and particles: 语音朗读功能, tail and all."""
    folded = fold_text(words)
    for pattern in (*_lexicon()["denying"], *_lexicon()["asking"], *_lexicon()["mentioning"]):
        folded = re.sub(pattern, " ", folded)
    folded = re.sub(r"(?<![0-9])20\d\d年?|[?？!！。]", " ", folded)
    pieces = re.split(r"[\s,，、\"“”「」()（）:：]+", folded)
    return [part for piece in pieces if len(part := _without_verb(piece)) > 1]


def _without_verb(words: str) -> str:
    words = re.sub(_lexicon()["leading"], "", words.strip())
    return re.sub(_lexicon()["particles"], "", words)


def without_tail(words: str) -> str:
    """Words without what adds nothing at their end: 功能, 工作."""
    tail = next((t for t in _lexicon()["droppable"] if words.endswith(t) and len(words) - len(t) > 1), "")
    return words.removesuffix(tail)


def topic_of(words: str) -> str:
    """What a question is about where it only asks how much or who that is: 人口 of 的人口有多少."""
    topic = " ".join(without_question_words(words).strip(" ?？。!！,，").split())
    return re.sub(_lexicon()["around_topic"], "", topic).strip() or topic


def as_asked(topic: str, question: str) -> str:
    """The topic in the case in which the question has it: GDP."""
    at = question.lower().find(topic.lower())
    return question[at : at + len(topic)] if at >= 0 else topic
