"""Questions and searches: an Answer whole, or as it comes."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from starlette.responses import StreamingResponse

from assistant.answer import Answer
from assistant.assistant import LONGEST_QUESTION
from assistant.tools.arguments import MOST_HISTORY
from assistant.tools.calls import file_name
from ui.api.event_streams import EVENT_STREAM, EVENTS, event_stream
from ui.api.filters import NO_PARAMETERS, Filters, chosen
from ui.api.records import Hits, without_paths
from ui.api.service import Service, responses
from ui.listing import hit_record
from vectorstore.records import SectionRole

_LAST_EVENT = "last-event-id"
"""A browser's EventSource connects again when a stream has ended, with the id of what came last; 204 stops it."""
_ID_OF_LAST = "end"
_BETWEEN_PARTIALS = 0.15
"""Seconds: a model's words come by the dozen a second, and each answer is whole."""

Text = Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION, pattern=r"\S")]


def _written_date(given: Any) -> Any:
    """Pydantic would also take a number, for seconds since 1970."""
    is_date = isinstance(given, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", given, re.ASCII)
    if not is_date and not isinstance(given, date):
        raise ValueError("Write a date as 2024-05-31")
    return given


Day = Annotated[date, BeforeValidator(_written_date)]


class Question(BaseModel):
    """A question, with the earlier questions of its conversation."""

    model_config = ConfigDict(extra="forbid")

    question: Text
    history: Annotated[list[Text], Field(max_length=MOST_HISTORY)] = Field(
        default=[], description="The earlier questions, oldest first: 那2022年呢 leans on them."
    )
    today: Day | None = Field(default=None, description="The day that 去年 and 近三年 count from; by default today.")


class SearchFilters(Filters):
    query: Text
    section: SectionRole | None = Field(default=None, description="Only sections about this.")
    k: int = Field(default=10, ge=1, le=200, description="How many passages.")
    narrow: bool = Field(default=True, description="Whether places, kinds and years that the query names narrow it.")


def answer_record(answer: Answer) -> dict[str, Any]:
    """The Answer as JSON, its sources reduced to file names."""
    record = answer.model_dump(mode="json")
    # Thousands of citations are of few files, and the rest of a large answer isn't worth going through.
    name = cache(file_name)
    for citation in record["citations"]:
        citation["source"] = name(citation["source"])
    return record


def routes(service: Service) -> APIRouter:
    """``/v1/ask``, ``/v1/ask/stream`` and ``/v1/search``."""
    router = APIRouter(tags=["Questions"])
    workers = service.workers

    async def reply(request: Request, asked: Question, *, streamed: bool = False) -> Response:
        offered = {"json": "application/json", "stream": EVENT_STREAM}
        if streamed or chosen(request, None, offered) == "stream":
            if _LAST_EVENT in request.headers:
                return Response(status_code=204)
            return _event_stream(service, asked)
        assistant = service.assistant_of(asked.today)
        return await workers.json(request, lambda: answer_record(assistant.ask(asked.question, asked.history)))

    streams = {EVENT_STREAM: EVENTS | {"description": _EVENTS}}
    ended: dict[int | str, dict[str, Any]] = {204: {"description": "With `Last-Event-ID`: the stream had ended"}}
    both = responses(408, 413, description="The Answer, or its events", content=streams) | ended
    events = responses(408, 413, description="The events", content=streams) | ended

    @router.post("/ask", response_model=Answer, responses=both, dependencies=NO_PARAMETERS, operation_id="ask")
    async def ask(request: Request, asked: Question) -> Response:
        """Ask a question. With `Accept: text/event-stream` the answer comes as events, as under `/v1/ask/stream`."""
        return await reply(request, asked)

    @router.get("/ask", response_model=Answer, responses=both, operation_id="ask_by_address")
    async def ask_by_address(request: Request, asked: Annotated[Question, Query()]) -> Response:
        """The same, with the question in the address: `?question=…&history=…&history=…`."""
        return await reply(request, asked)

    @router.post(
        "/ask/stream",
        response_class=StreamingResponse,
        responses=events,
        dependencies=NO_PARAMETERS,
        operation_id="ask_stream",
    )
    async def ask_stream(request: Request, asked: Question) -> Response:
        """Ask a question, and get server-sent events: see `/v1/ask`."""
        return await reply(request, asked, streamed=True)

    @router.get("/ask/stream", response_class=StreamingResponse, responses=events, operation_id="ask_stream_by_address")
    async def ask_stream_by_address(request: Request, asked: Annotated[Question, Query()]) -> Response:
        """The same by GET, for a browser's `EventSource`."""
        return await reply(request, asked, streamed=True)

    _add_search(router, service)
    return router


def _add_search(router: APIRouter, service: Service) -> None:
    @router.get("/search", response_model=Hits, responses=responses(), operation_id="search")
    async def search(request: Request, asked: Annotated[SearchFilters, Query()]) -> Response:
        """The passages that fit some words best, narrowed by filters and by what the words themselves name."""

        def find() -> dict[str, Any]:
            hits = service.assistant.search(
                asked.query, **asked.by_name, section=asked.section, k=asked.k, narrow=asked.narrow
            )
            return {"query": asked.query, "items": [without_paths(hit_record(hit)) for hit in hits]}

        return await service.workers.json(request, find)


_EVENTS = (
    "Events `partial` (an Answer that a language model may still change) and, last, `answer` (the Answer) or "
    "`problem` (problem details), which has an `id`; a comment line every so often while nothing else is to be said."
)


def _event_stream(service: Service, asked: Question) -> Response:
    return event_stream(
        service, _events(service, asked), lambda problem: _event("problem", problem.record(), is_last=True)
    )


def _events(service: Service, asked: Question) -> Iterator[bytes]:
    """The events of the answers as they come, so many a second, the last of them again as final."""
    assistant = service.assistant_of(asked.today)
    may_change = assistant.language_model is not None
    said, answer = 0.0, None
    for answer in assistant.stream(asked.question, asked.history):
        if may_change and time.monotonic() - said >= _BETWEEN_PARTIALS:
            yield _event("partial", answer_record(answer))
            said = time.monotonic()
    assert answer is not None
    yield _event("answer", answer_record(answer), is_last=True)


def _event(name: str, record: Any, *, is_last: bool = False) -> bytes:
    # Only the last has an id: whoever lost the connection before it asks anew.
    numbered = f"id: {_ID_OF_LAST}\n" if is_last else ""
    return f"event: {name}\n{numbered}data: {json.dumps(record, ensure_ascii=False)}\n\n".encode()
