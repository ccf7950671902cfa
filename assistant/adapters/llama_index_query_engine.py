"""Answering as LlamaIndex's ``BaseQueryEngine``: the response's nodes are the places that the answer cites."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import AsyncStreamingResponse, Response, StreamingResponse
from llama_index.core.callbacks import CallbackManager
from llama_index.core.schema import NodeWithScore, QueryBundle

from assistant.adapters.llama_index_nodes import node_of_citation
from assistant.answer import Answer
from assistant.threads import in_thread
from assistant.written_out import WrittenOut

if TYPE_CHECKING:
    from assistant.assistant import Assistant


class NianbaoQueryEngine(BaseQueryEngine):  # type: ignore[misc]  # mypy skips llama_index
    """Answers questions by `Assistant.ask`.

    A response's text is the answer's, its ``metadata`` the whole Answer as JSON, and its ``source_nodes`` are the
    answer's citations in the order of their numbers: each node's text is the quote, which equals the report's canonical
    text from ``start_char_idx`` to ``end_char_idx``, and its metadata the citation (``n``, ``id``, ``quote`` …).

    Args:
        streaming: Give the text piece by piece as a language model words it. Until it has come whole, nodes and
            metadata are those of the built-in answer.
    """

    def __init__(
        self, assistant: Assistant, *, streaming: bool = False, callback_manager: CallbackManager | None = None
    ) -> None:
        super().__init__(callback_manager)
        self._assistant = assistant
        self._streaming = streaming

    def _query(self, query_bundle: QueryBundle) -> Response | StreamingResponse:
        if self._streaming:
            return self._stream(query_bundle.query_str)
        return _response(self._assistant.ask(query_bundle.query_str))

    async def _aquery(self, query_bundle: QueryBundle) -> Response | AsyncStreamingResponse:
        if self._streaming:
            return await self._astream(query_bundle.query_str)
        answer = await self._assistant.aask(query_bundle.query_str)
        return await in_thread(_response, answer)

    def _get_prompt_modules(self) -> dict[str, Any]:
        return {}

    def retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """The places that the answer cites."""
        return _nodes(self._assistant.ask(query_bundle.query_str))

    async def aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """As `retrieve`."""
        answer = await self._assistant.aask(query_bundle.query_str)
        return await in_thread(_nodes, answer)

    def _stream(self, question: str) -> StreamingResponse:
        answers = self._assistant.stream(question)
        first = next(answers)

        def pieces() -> Iterator[str]:
            written = WrittenOut(first)
            for answer in answers:
                yield written.add(answer)
            yield written.rest()
            response.source_nodes, response.metadata = _nodes(written.answer), _metadata(written.answer)

        response = StreamingResponse(_spoken(pieces()), _nodes(first), _metadata(first))
        return response

    async def _astream(self, question: str) -> AsyncStreamingResponse:
        answers = self._assistant.astream(question)
        first = await anext(answers)

        async def pieces() -> AsyncIterator[str]:
            written = WrittenOut(first)
            async with aclosing(answers):
                async for answer in answers:
                    if piece := written.add(answer):
                        yield piece
            if piece := written.rest():
                yield piece
            response.source_nodes, response.metadata = _nodes(written.answer), _metadata(written.answer)

        response = AsyncStreamingResponse(pieces(), _nodes(first), _metadata(first))
        return response


def _spoken(pieces: Iterable[str]) -> Iterator[str]:
    return (piece for piece in pieces if piece)


def _response(answer: Answer) -> Response:
    return Response(answer.text, _nodes(answer), _metadata(answer))


def _nodes(answer: Answer) -> list[NodeWithScore]:
    return [node_of_citation(citation) for citation in answer.citations]


def _metadata(answer: Answer) -> dict[str, object]:
    return answer.model_dump(mode="json")
