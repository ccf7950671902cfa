"""Asking over HTTP: the answer comes as lines of JSON, so that it can grow while it is being worded.

Not one of Gradio's events: when the connection breaks, Gradio neither says so to the page's script nor lets go of the
event, and it reloads the page, whatever was being typed, when the program is back. A request of the page's own fails at
once, can be stopped by the browser, and be made again.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Generator
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from ui.web.ask.conversation import Conversation
from ui.web.json_body import json_body

if TYPE_CHECKING:
    from ui.web.site import Site


def routes(site: Site) -> list[BaseRoute]:
    """``POST nb/ask`` with ``{asked, turn, lang}``: replies as `Conversation.replies` gives them, a line each."""
    conversation = Conversation(site)

    async def lines(request: Request, asked: dict[str, Any]) -> AsyncIterator[str]:
        replies = conversation.replies(asked)
        try:
            while (reply := await run_in_threadpool(next, replies, None)) is not None:
                if await request.is_disconnected():
                    break
                yield json.dumps(reply, ensure_ascii=False) + "\n"
        finally:
            # Whoever has stopped or gone doesn't want the language model to go on.
            if isinstance(replies, Generator):
                replies.close()

    async def ask(request: Request) -> Response:
        asked = await json_body(request)
        if isinstance(asked, Response):
            return asked
        return StreamingResponse(
            lines(request, asked), media_type="application/x-ndjson", headers={"cache-control": "no-store"}
        )

    return [Route("/nb/ask", ask, methods=["POST"])]
