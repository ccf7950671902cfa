"""Asking over HTTP: the answer comes as lines of JSON, so that it can grow while it is being worded.

Not one of Gradio's events: when the connection breaks, Gradio neither says so to the page's script nor lets go of the
event, and it reloads the page, whatever was being typed, when the program is back. A request of the page's own fails at
once, can be stopped by the browser, and be made again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from ui.web.ask.conversation import Conversation

if TYPE_CHECKING:
    from ui.web.site import Site

MOST_BYTES = 1_000_000


def routes(site: Site) -> list[BaseRoute]:
    """``POST nb/ask`` with ``{asked, turn, lang}``: replies as `Conversation.replies` gives them, a line each."""
    conversation = Conversation(site)

    def lines(request: dict[str, Any]) -> Iterator[str]:
        for reply in conversation.replies(request):
            yield json.dumps(reply, ensure_ascii=False) + "\n"

    async def ask(request: Request) -> Response:
        # A page of another site can't send this type without asking first, which is refused.
        if request.headers.get("content-type") != "application/json":
            return Response(status_code=415)
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                return Response(status_code=413)
        try:
            asked = json.loads(body)
        except (ValueError, RecursionError):
            return Response(status_code=400)
        if not isinstance(asked, dict):
            return Response(status_code=400)
        return StreamingResponse(lines(asked), media_type="application/x-ndjson", headers={"cache-control": "no-store"})

    return [Route("/nb/ask", ask, methods=["POST"])]
