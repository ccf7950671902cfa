"""Answering inside LlamaIndex: the query engine, and what its response carries."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Answer
from assistant.assistant import Assistant
from vectorstore.errors import QuestionError

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "哪些乡镇2023年没有收到申请？"

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def assistant(samples_folder: Path) -> Iterator[Assistant]:
    with Assistant.open(samples_folder) as assistant:
        yield assistant


def test_a_response_is_the_answer_with_its_citations_as_source_nodes(assistant: Assistant) -> None:
    answer = assistant.ask(QUESTION)
    response = assistant.as_query_engine().query(QUESTION)
    assert str(response) == answer.text
    assert Answer.model_validate(response.metadata) == answer
    assert [found.node.metadata["n"] for found in response.source_nodes] == [c.n for c in answer.citations]
    for found, citation in zip(response.source_nodes, answer.citations, strict=True):
        node = found.node
        assert node.node_id == node.metadata["id"] == citation.id
        assert node.ref_doc_id == citation.report_id
        assert node.text == node.metadata["quote"] == citation.quote
        assert assistant.index.text(citation.report_id)[node.start_char_idx : node.end_char_idx] == node.text


def test_querying_asynchronously_answers_the_same(assistant: Assistant) -> None:
    engine = assistant.as_query_engine()
    now, later = engine.query(QUESTION), asyncio.run(engine.aquery(QUESTION))
    assert (str(later), later.metadata) == (str(now), now.metadata)
    assert [found.node for found in later.source_nodes] == [found.node for found in now.source_nodes]


def test_the_metadata_of_a_response_is_json(assistant: Assistant) -> None:
    response = assistant.as_query_engine().query("2023年各乡镇平均收到多少件申请？")
    assert json.loads(json.dumps(response.metadata)) == response.metadata


def test_a_question_that_cannot_be_asked_says_what_to_do(assistant: Assistant) -> None:
    with pytest.raises(QuestionError, match="empty"):
        assistant.as_query_engine().query(" ")


def test_what_says_nothing_of_the_matter_is_not_shown_to_a_language_model(assistant: Assistant) -> None:
    from llama_index.core.schema import MetadataMode

    found, *_ = assistant.as_query_engine().query(QUESTION).source_nodes
    shown = found.node.get_content(MetadataMode.LLM)
    assert found.node.metadata["body"] in shown and found.node.text in shown
    assert found.node.metadata["id"] not in shown and found.node.metadata["source"] not in shown


def test_a_streamed_response_without_a_language_model_comes_in_one_piece(assistant: Assistant) -> None:
    response = assistant.as_query_engine(streaming=True).query(QUESTION)
    assert list(response.response_gen) == [assistant.ask(QUESTION).text]
    assert response.source_nodes and response.metadata["value"] == assistant.ask(QUESTION).value


def growing(assistant: Assistant, *texts: str, worded_by: str = "model") -> Callable[..., Iterator[Answer]]:
    """A stream of the built-in answer and then others with these texts, as a language model's wording comes."""
    built_in = assistant.ask(QUESTION)

    def stream(question: str, history: Any = ()) -> Iterator[Answer]:
        yield built_in
        for text in texts:
            yield built_in.model_copy(update={"text": text, "worded_by": worded_by, "warnings": (text,)})

    return stream


def test_a_streamed_response_gives_each_piece_of_a_models_wording_once(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assistant, "stream", growing(assistant, "石螺镇", "石螺镇没有", "石螺镇没有。"))
    response = assistant.as_query_engine(streaming=True).query(QUESTION)
    assert response.metadata["worded_by"] == "rules"
    assert list(response.response_gen) == ["石螺镇", "没有", "。"]
    assert (response.metadata["worded_by"], response.metadata["warnings"]) == ("model", ["石螺镇没有。"])


def test_a_response_streamed_asynchronously_gives_the_same_pieces(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assistant, "stream", growing(assistant, "石螺镇", "石螺镇没有。"))

    async def pieces() -> tuple[list[str], Any]:
        response = await assistant.as_query_engine(streaming=True).aquery(QUESTION)
        return [piece async for piece in response.async_response_gen()], response.metadata

    given, metadata = asyncio.run(pieces())
    assert given == ["石螺镇", "没有。"]
    assert metadata["worded_by"] == "model"


def test_where_no_model_worded_anything_the_built_in_answer_is_streamed_once(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assistant, "stream", growing(assistant, "另一个答案", worded_by="rules"))
    response = assistant.as_query_engine(streaming=True).query(QUESTION)
    assert list(response.response_gen) == ["另一个答案"]


def test_the_engine_is_a_tool_of_llama_indexs_own_kind(assistant: Assistant) -> None:
    from llama_index.core.tools import QueryEngineTool

    tool = QueryEngineTool.from_defaults(assistant.as_query_engine(), name="nianbao", description="年报问答")
    output = tool.call(QUESTION)
    assert output.content == assistant.ask(QUESTION).text
    assert output.raw_output.source_nodes
