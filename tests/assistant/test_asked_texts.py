"""What isn't a question is refused with a sentence, and so is whatever is asked of an index that was closed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.assistant import Assistant
from assistant.tools.toolbox import Toolbox
from vectorstore.errors import IndexFolderError, QuestionError
from vectorstore.index import Index

QUESTION = "哪些乡镇2023年没有收到申请？"


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda one: one.ask(None), "The question is a text, and not None"),
        (lambda one: one.ask(QUESTION, QUESTION), "The history is a list of the earlier questions"),
        (lambda one: one.ask(QUESTION, None), "The history is a list of the earlier questions"),
        (lambda one: one.ask(QUESTION, [2023]), "of the type int is neither"),
        (lambda one: one.understand(QUESTION, QUESTION), "The history is a list"),
        (lambda one: one.survey(QUESTION, QUESTION), "The history is a list"),
        (lambda one: one.search(None), "The query is a text"),
    ],
)
def test_what_is_no_question_is_refused_with_a_sentence(
    tmp_path: Path, ask: Callable[[Any], object], sentence: str
) -> None:
    with Assistant(Index.open(tmp_path / "index", create=True)) as assistant, pytest.raises(QuestionError) as raised:
        ask(assistant)
    assert sentence in str(raised.value)


@pytest.mark.parametrize(
    "ask",
    [
        lambda one: one.ask(QUESTION),
        lambda one: one.search("培训"),
        lambda one: one.figures(),
        lambda one: one.reports(),
        lambda one: Toolbox(one).ask(QUESTION),
        lambda one: one.index.writing().__enter__(),
    ],
)
def test_a_closed_index_answers_that_it_is_closed(tmp_path: Path, ask: Callable[[Any], object]) -> None:
    with Assistant(Index.open(tmp_path / "index", create=True)) as assistant:
        assistant.reports()
    with pytest.raises(IndexFolderError, match="has been closed; open it anew"):
        ask(assistant)
