"""LlamaIndex's agents with our tools, driven by a scripted language model."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant.assistant import Assistant
from assistant.tools.arguments import DESCRIPTIONS
from vectorstore.errors import QuestionError

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def assistant(samples_folder: Path) -> Iterator[Assistant]:
    with Assistant.open(samples_folder) as assistant:
        yield assistant


def scripted(*turns: Any) -> Any:
    """A language model that calls tools: each turn is (tool, arguments), or the last words."""
    from llama_index.core.base.llms.types import ChatMessage, ToolCallBlock
    from llama_index.core.llms.mock import MockFunctionCallingLLM

    def reply(messages: Sequence[ChatMessage], **_: Any) -> ChatMessage:
        turn = turns[sum(message.role == "tool" for message in messages)]
        if isinstance(turn, str):
            return ChatMessage(role="assistant", content=turn)
        tool, arguments = turn
        block = ToolCallBlock(tool_call_id=f"call-{tool}", tool_name=tool, tool_kwargs=arguments)
        return ChatMessage(role="assistant", blocks=[block])

    class Scripted(MockFunctionCallingLLM):  # type: ignore[misc]
        async def astream_chat(self, messages: Sequence[ChatMessage], **named: Any) -> Any:
            from llama_index.core.base.llms.types import ChatResponse

            said = reply(messages, **named)

            async def once() -> Any:
                yield ChatResponse(message=said, delta=said.content or "")

            return once()

    return Scripted(response_generator=reply, is_chat_model=True)


async def run(agent: Any, message: str) -> tuple[str, list[Any]]:
    """What the agent says at last, and what its tools gave."""
    from llama_index.core.agent.workflow import ToolCallResult

    handler = agent.run(message)
    called = [event async for event in handler.stream_events() if isinstance(event, ToolCallResult)]
    return str(await handler), called


def test_an_agent_asks_searches_lists_and_reads_with_the_tools(assistant: Assistant) -> None:
    from llama_index.core.agent.workflow import FunctionAgent

    hit = assistant.search("征地补偿", k=1)[0]
    turns = (
        ("ask", {"question": "哪些乡镇2023年没有收到申请？"}),
        ("search", {"query": "征地补偿", "limit": 1}),
        ("figures", {"metric": "applications_new", "year": 2023, "kind": "township"}),
        ("read_report", {"report_id": hit.report.report_id, "start": hit.passage.start, "length": 60}),
        "两个乡镇没有收到申请。",
    )
    agent = FunctionAgent(tools=assistant.as_tools(), llm=scripted(*turns))
    said, called = asyncio.run(run(agent, "哪些乡镇2023年没有收到申请？请核对。"))
    assert said == "两个乡镇没有收到申请。"
    assert [event.tool_name for event in called] == ["ask", "search", "figures", "read_report"]
    asked, searched, listed, read = (json.loads(event.tool_output.content) for event in called)
    assert asked["value"] == 2 and len(asked["rows"]) == 2
    assert all(place["id"] and place["quote"] for place in asked["citations"])
    assert searched["passages"][0]["report_id"] == hit.report.report_id
    assert {row["metric"] for row in listed["rows"]} == {"applications_new"}
    assert read["text"] == assistant.index.text(hit.report.report_id)[read["start"] : read["end"]]


def test_an_agent_reads_the_sentence_that_says_what_was_wrong_and_goes_on(assistant: Assistant) -> None:
    from llama_index.core.agent.workflow import FunctionAgent

    turns = (
        ("search", {"query": "培训", "kind": "village"}),
        ("search", {"query": "培训", "kind": "township"}),
        "好。",
    )
    agent = FunctionAgent(tools=assistant.as_tools(), llm=scripted(*turns))
    _, called = asyncio.run(run(agent, "培训？"))
    refused, found = called
    assert refused.tool_output.is_error and "the kinds are zone, " in refused.tool_output.content
    assert not found.tool_output.is_error and json.loads(found.tool_output.content)["passages"]


def test_each_tool_tells_agents_what_its_arguments_are(assistant: Assistant) -> None:
    tools = {tool.metadata.name: tool.metadata for tool in assistant.as_tools()}
    assert set(tools) == set(DESCRIPTIONS)
    for metadata in tools.values():
        described = metadata.to_openai_tool()["function"]  # which refuses a description that is too long
        assert described["description"] and described["parameters"]["properties"]
        assert all("description" in about for about in described["parameters"]["properties"].values())


def test_a_tool_gives_a_short_text_and_the_record_behind_it(assistant: Assistant) -> None:
    (search,) = [tool for tool in assistant.as_tools() if tool.metadata.name == "search"]
    output = search.call(query="政务公开培训", limit=2)
    assert output.content == output.raw_output.as_json() and len(output.raw_output.passages) == 2
    later = asyncio.run(search.acall(query="政务公开培训", limit=2))
    assert later.content == output.content


def test_a_tool_called_outside_an_agent_raises_what_was_wrong(assistant: Assistant) -> None:
    (search,) = [tool for tool in assistant.as_tools() if tool.metadata.name == "search"]
    with pytest.raises(QuestionError, match="limit must be at least 1"):
        search.call(query="培训", limit=0)
