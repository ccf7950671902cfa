"""The JSON objects that the pages' own requests send."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

MOST_BYTES = 1_000_000


async def json_body(request: Request) -> dict[str, Any] | Response:
    """The object that a request brings, or the refusal of one that brings none."""
    # A page of another site can't send this type without asking first, which is refused.
    if request.headers.get("content-type") != "application/json":
        return Response(status_code=415)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return Response(status_code=413)
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        return Response(status_code=400)
    return given if isinstance(given, dict) else Response(status_code=400)
