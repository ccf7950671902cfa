"""``/v1/chat/completions`` and ``/v1/models`` as OpenAI has them, so that any chat front end can ask."""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict

from assistant.answer import Answer, Citation
from assistant.answering.citations import MARKER
from assistant.export.characters import quoted_line
from assistant.language_models.tokens import count_tokens
from assistant.tools.calls import file_name, shortened
from assistant.written_out import WrittenOut
from ui.api.answering import answer_record
from ui.api.chat_messages import MODEL, ChatRequest, chunk, completion
from ui.api.event_streams import EVENT_STREAM, EVENTS, event_stream
from ui.api.service import Service
from ui.http_serving.problems import ProblemError
from ui.texts import Texts, texts

_PIECE = re.compile(r".+?(?:[。！？；\n]+|\Z)", re.DOTALL)
_DONE = b"data: [DONE]\n\n"
_LONGEST_QUOTE = 160
_MOST_SOURCES = 50
_LARGEST_CITATIONS = 48_000
"""Bytes: clients read a stream line by line, and aiohttp refuses lines of 128 KB, others of 64."""


class ModelRecord(BaseModel):
    id: str
    object: str
    created: int
    owned_by: str


class ModelList(BaseModel):
    object: str
    data: list[ModelRecord]


class ErrorDetails(BaseModel):
    message: str
    type: str
    param: str | None
    code: str | None


class OpenAIError(BaseModel):
    """An error, as OpenAI's clients expect it."""

    error: ErrorDetails


class ChatCompletion(BaseModel):
    """A completion as OpenAI has it; `citations` and `nianbao` (the whole Answer) are ours.

    A stream's last piece has the `citations` that the text names, and `citations_total`; `nianbao` if asked for.
    """

    model_config = ConfigDict(extra="allow")

    id: str
    object: str
    created: int
    model: str
    choices: list[dict[str, Any]]
    usage: dict[str, Any]
    citations: list[Citation]
    nianbao: Answer


def routes(service: Service) -> APIRouter:
    """Both, and one model."""
    router = APIRouter(tags=["As OpenAI's"])
    model = {"id": MODEL, "object": "model", "created": 1767225600, "owned_by": "nianbao"}
    errors: dict[int | str, dict[str, Any]] = {
        code: {"description": "An error", "model": OpenAIError}
        for code in (400, 401, 403, 404, 408, 413, 421, 429, 500, 503, 504)
    }
    streams: dict[int | str, dict[str, Any]] = {
        200: {"description": "The completion, or its chunks", "content": {EVENT_STREAM: EVENTS}}
    }

    @router.get("/models", response_model=ModelList, responses=errors, operation_id="models")
    async def models() -> dict[str, Any]:
        """The one model there is."""
        return {"object": "list", "data": [model]}

    @router.get("/models/{model_id}", response_model=ModelRecord, responses=errors, operation_id="model")
    async def one_model(model_id: str) -> dict[str, Any]:
        """That model."""
        if model_id != MODEL:
            raise ProblemError("not_found", "There is no such model.", param="model", openai_code="model_not_found")
        return model

    @router.post(
        "/chat/completions",
        response_model=ChatCompletion,
        responses=errors | streams,
        operation_id="chat_completions",
    )
    async def chat_completions(request: Request, asked: ChatRequest) -> Response:
        """Ask in a conversation: the last message is the question, earlier questions are its history.

        System messages are no instructions here, and parameters without a meaning here are ignored.
        """
        question, history = asked.question()
        identity = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": MODEL}
        if asked.stream:
            events = _events(service, asked, question, history, identity)
            return event_stream(service, events, lambda problem: _event(problem.openai_record()) + _DONE)

        def answer() -> dict[str, Any]:
            given = service.assistant.ask(question, history)
            text = given.text + sources_under(given)
            return completion(identity, text, _usage(asked, text), _fields(given))

        return await service.workers.json(request, answer)

    return router


def _events(
    service: Service, asked: ChatRequest, question: str, history: list[str], identity: dict[str, Any]
) -> Iterator[bytes]:
    for one in _chunks(service, asked, question, history, identity):
        yield _event(one)
    yield _DONE


def _event(record: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(record, ensure_ascii=False)}\n\n".encode()


def _chunks(
    service: Service, asked: ChatRequest, question: str, history: list[str], identity: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """The chunks, made in a thread: text that is only ever added to, then the sources, then what it all was.

    Before a model has worded anything nothing is said, since what the built-in answer says would stand there for good.
    """
    yield chunk(identity, {"role": "assistant", "content": ""})
    answers = iter(service.assistant.stream(question, history))
    written, said = WrittenOut(next(answers)), ""
    for answer in answers:
        if grown := written.add(answer):
            said += grown
            yield chunk(identity, {"content": grown})
    rest = written.rest() + sources_under(written.answer)
    for piece in _PIECE.findall(rest):
        yield chunk(identity, {"content": piece})
    fields = _fields(written.answer) if asked.nianbao else _named_citations(written.answer)
    yield chunk(identity, {}, "stop") | fields
    if asked.stream_options is not None and asked.stream_options.include_usage:
        yield chunk(identity, {}) | {"choices": [], "usage": _usage(asked, said + rest)}


def sources_under(answer: Answer) -> str:
    """The places that the text's markers name, one a line, as they stand under it; empty without any.

    What a chat shows can't be clicked: so each says whose report it is, of which year, where in it and in which words.
    """
    words = texts(answer.language)
    shown = _named(answer)
    # Some answers' own text says them.
    options = [f"- {option.question}" for option in answer.options if option.question not in answer.text]
    warnings = [words("api.warning", warning=warning) for warning in answer.warnings if warning not in answer.text]
    parts = ["\n".join(options), "\n".join(warnings)]
    if shown:
        lines = [_source_line(citation, words) for citation in shown[:_MOST_SOURCES]]
        if len(shown) > _MOST_SOURCES:
            lines.append(words("api.more_sources", n=len(shown) - _MOST_SOURCES))
        # Two spaces at a line's end keep Markdown from joining the lines.
        parts.append(words("api.sources") + "\n\n" + "  \n".join(lines))
    return "".join(f"\n\n{part}" for part in parts if part)


def _named(answer: Answer) -> list[Citation]:
    """The citations that the text's markers name, in its order."""
    numbers = dict.fromkeys(int(n) for n in MARKER.findall(answer.text))
    cited = {citation.n: citation for citation in answer.citations if citation.n in numbers}
    return [cited[n] for n in numbers if n in cited]


def _source_line(citation: Citation, words: Texts) -> str:
    quote = shortened(quoted_line(citation.quote), _LONGEST_QUOTE)
    where = words("api.where_year", body=citation.body, year=citation.year) if citation.year else citation.body
    if citation.section:
        where = words("api.where_section", where=where, section=citation.section)
    return words("api.source", n=citation.n, where=where, quote=quote)


def _fields(answer: Answer) -> dict[str, Any]:
    record = answer_record(answer)
    return {"citations": record["citations"], "nianbao": record}


def _named_citations(answer: Answer) -> dict[str, Any]:
    """Those that the text names, in its order, as many as a line may hold; a long list's whole Answer is megabytes."""
    kept: list[dict[str, Any]] = []
    left = _LARGEST_CITATIONS
    for citation in _named(answer):
        record = citation.model_dump(mode="json") | {"source": file_name(citation.source)}
        left -= len(json.dumps(record, ensure_ascii=False).encode())
        if left < 0:
            break
        kept.append(record)
    return {"citations": kept, "citations_total": len(answer.citations)}


def _usage(asked: ChatRequest, text: str) -> dict[str, int]:
    prompt, reply = count_tokens(asked.prompt_text()), count_tokens(text)
    return {"prompt_tokens": prompt, "completion_tokens": reply, "total_tokens": prompt + reply}
