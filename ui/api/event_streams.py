"""Server-sent events, as they are made in a thread."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from starlette.responses import StreamingResponse

from ui.http_serving.problems import ProblemError, problem_of

if TYPE_CHECKING:
    from ui.api.service import Service

_logger = logging.getLogger(__name__)

EVENT_STREAM = "text/event-stream"
EVENTS: dict[str, Any] = {
    "itemSchema": {
        "type": "object",
        "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
        "required": ["data"],
    }
}
"""Of a stream of events, as OpenAPI 3.2 describes one of them."""


def event_stream(service: Service, events: Iterator[bytes], told: Callable[[ProblemError], bytes]) -> StreamingResponse:
    """The events as they come, and a comment line every so often while there is nothing to say.

    Args:
        events: Made in a thread.
        told: What a problem is told as, which ends the stream.
    """
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_written(service, events, told), headers=headers, media_type=EVENT_STREAM)


async def _written(
    service: Service, events: Iterator[bytes], told: Callable[[ProblemError], bytes]
) -> AsyncIterator[bytes]:
    try:
        async with aclosing(service.workers.steps(events, service.settings.beat_seconds)) as steps:
            async for event in steps:
                yield b": still there\n\n" if event is None else event
    except Exception as error:
        problem = problem_of(error)
        if problem.status == 500:
            # The response has begun: nobody else would hear of it.
            _logger.error("An answer failed after it had begun", exc_info=error)
        yield told(problem)
