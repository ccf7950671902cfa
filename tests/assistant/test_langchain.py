"""Inside LangChain: its own standard tests, and what our documents and messages carry."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from langchain_core.retrievers import BaseRetriever
from langchain_core.tools import BaseTool, render_text_description
from langchain_tests.integration_tests import RetrieversIntegrationTests, ToolsIntegrationTests
from langchain_tests.unit_tests import ToolsUnitTests

from assistant.adapters.langchain_retriever import NianbaoLangChainRetriever
from assistant.assistant import Assistant
from tests.documentation import blocks, page, run_program
from vectorstore.errors import QuestionError

ROOT = Path(__file__).resolve().parents[2]
QUERY = "征地补偿方面的申请"

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def folder(samples_folder: Path) -> Path:
    return samples_folder


@pytest.fixture(scope="module")
def opened(folder: Path) -> Iterator[Assistant]:
    with Assistant.open(folder) as assistant:
        yield assistant


@pytest.fixture(autouse=True)
def _untraced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests may trace their own LangChain programs."""
    for name in ("LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING", "LANGSMITH_TRACING_V2"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def anyio_backend() -> str:
    """LangChain's own asynchronous methods know asyncio only."""
    return "asyncio"


@pytest.mark.anyio
class OverSamples:
    """A standard test of LangChain's, over the samples."""

    assistant: Assistant

    @pytest.fixture(autouse=True)
    def _over_samples(self, opened: Assistant) -> None:
        self.assistant = opened


class TestRetrieverByLangChain(OverSamples, RetrieversIntegrationTests):
    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return NianbaoLangChainRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"search": self.assistant.search}

    @property
    def retriever_query_example(self) -> str:
        return QUERY


class OfTool(OverSamples):
    """The standard tests of a tool, with arguments that it takes."""

    name: str
    arguments: dict[str, Any]

    @property
    def tool_constructor(self) -> BaseTool:
        (tool,) = [tool for tool in self.assistant.as_langchain_tools() if tool.name == self.name]
        return tool

    @property
    def tool_invoke_params_example(self) -> dict[str, Any]:
        return self.arguments


class OfAsk(OfTool):
    name = "ask"
    arguments = {"question": "那2022年呢？", "history": ["哪些乡镇2023年没有收到申请？"]}  # noqa: RUF012


class OfSearch(OfTool):
    name = "search"
    arguments = {"query": QUERY, "year": 2022, "kind": "township", "limit": 3}  # noqa: RUF012


class OfFigures(OfTool):
    name = "figures"
    arguments = {"metric": "applications_new", "year": 2023}  # noqa: RUF012


class OfReadReport(OfTool):
    name = "read_report"

    @cached_property
    def arguments(self) -> dict[str, Any]:  # type: ignore[override]
        return {"report_id": self.assistant.reports()[0].report_id, "section": "applications"}


class TestAskUnit(OfAsk, ToolsUnitTests): ...


class TestAskIntegration(OfAsk, ToolsIntegrationTests): ...


class TestSearchUnit(OfSearch, ToolsUnitTests): ...


class TestSearchIntegration(OfSearch, ToolsIntegrationTests): ...


class TestFiguresUnit(OfFigures, ToolsUnitTests): ...


class TestFiguresIntegration(OfFigures, ToolsIntegrationTests): ...


class TestReadReportUnit(OfReadReport, ToolsUnitTests): ...


class TestReadReportIntegration(OfReadReport, ToolsIntegrationTests): ...


def test_a_document_is_its_reports_text_at_its_offsets_and_carries_its_permanent_id(opened: Assistant) -> None:
    retriever = opened.as_langchain_retriever(year=2022, kind="township", k=4)
    hits = opened.search(QUERY, year=2022, kind="township", k=4)
    documents = retriever.invoke(QUERY)
    assert [document.id for document in documents] == [hit.id for hit in hits] and all(hit.id for hit in hits)
    for document in documents:
        told = document.metadata
        assert opened.index.text(told["report_id"])[told["start"] : told["end"]] == document.page_content
        assert (told["year"], told["kind"]) == (2022, "township")
        assert told["body"] in told["citation"]
        assert json.loads(json.dumps(told)) == told


def test_retrieving_asynchronously_finds_the_same(opened: Assistant) -> None:
    retriever = opened.as_langchain_retriever(k=3)
    assert asyncio.run(retriever.ainvoke(QUERY)) == retriever.invoke(QUERY)


def test_a_kind_that_does_not_exist_is_told_when_the_retriever_is_made(opened: Assistant) -> None:
    with pytest.raises(QuestionError, match="the kinds are"):
        opened.as_langchain_retriever(kind="village")


def called(tool: BaseTool, arguments: dict[str, Any]) -> Any:
    return tool.invoke({"name": tool.name, "args": arguments, "id": "1", "type": "tool_call"})


def test_a_message_of_a_tool_is_short_json_with_the_record_as_its_artifact(opened: Assistant) -> None:
    tools = {tool.name: tool for tool in opened.as_langchain_tools()}
    message = called(tools["ask"], {"question": "哪些乡镇2023年没有收到申请？"})
    assert json.loads(message.content)["value"] == message.artifact["value"] == 2
    assert message.status == "success"


def test_the_artifact_of_a_message_holds_every_field(opened: Assistant) -> None:
    tools = {tool.name: tool for tool in opened.as_langchain_tools()}
    message = called(tools["ask"], {"question": "哪些乡镇2023年没有收到申请？"})
    assert not any("body" in place for place in json.loads(message.content)["citations"])
    assert all(place["body"] and place["year"] == 2023 for place in message.artifact["citations"])


def test_a_tool_takes_one_text_alone_and_describes_itself(opened: Assistant) -> None:
    tools = {tool.name: tool for tool in opened.as_langchain_tools()}
    assert json.loads(tools["ask"].invoke("哪些乡镇2023年没有收到申请？"))["value"] == 2
    assert json.loads(asyncio.run(tools["search"].ainvoke(QUERY)))["passages"]
    described = render_text_description(list(tools.values()))
    assert "search(query: str, year: int | None = None, kind: str | None = None" in described
    assert "Any" not in described and "given." not in described


def test_a_call_of_the_retriever_may_narrow_it_and_is_refused_with_a_sentence(opened: Assistant) -> None:
    retriever = opened.as_langchain_retriever(k=3)
    found = retriever.invoke(QUERY, year=2022, k=2)
    assert len(found) == 2 and {document.metadata["year"] for document in found} == {2022}
    with pytest.raises(QuestionError, match="not called with 'filter'; it takes k, year, kind"):
        retriever.invoke(QUERY, filter={"year": 2022})


@pytest.mark.parametrize(
    ("name", "arguments", "sentence"),
    [
        ("search", {"query": "培训", "kind": "village"}, "the kinds are zone"),
        ("read_report", {"report_id": "nowhere"}, "There is no report 'nowhere'"),
        ("figures", {"metric": "applications_no"}, "applications_new"),
        ("search", {"question": "培训"}, "Its arguments are query"),
        ("ask", {"question": " "}, "The question is empty"),
    ],
)
def test_a_call_that_cannot_be_made_gives_the_sentence_that_says_why(
    opened: Assistant, name: str, arguments: dict[str, Any], sentence: str
) -> None:
    tools = {tool.name: tool for tool in opened.as_langchain_tools()}
    message = called(tools[name], arguments)
    assert message.status == "error" and sentence in message.content


def test_without_langchain_the_error_says_what_to_install(folder: Path) -> None:
    script = (
        "import sys\n"
        "sys.modules['langchain_core'] = None\n"
        "import nianbao\n"
        "assistant = nianbao.open(sys.argv[1])\n"
        "for make in (assistant.as_langchain_retriever, assistant.as_langchain_tools):\n"
        "    try: make()\n"
        "    except ImportError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.count('pip install "nianbao[langchain]"') == 2, done.stderr


@pytest.mark.parametrize("example", blocks(page("langchain.md"), "python"))
def test_the_documented_examples_run_as_they_stand(folder: Path, example: str) -> None:
    assert "栖澜" in run_program(example, folder.parent)
