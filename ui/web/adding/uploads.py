"""Takes in files over HTTP, one a request, straight to disk: a thousand files or 500 MB take no memory.

A route of our own rather than Gradio's upload: that keeps a second copy in a folder of its own, whose path the browser
would hand back to us and anyone could make up; here a browser never names a path of this machine.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from anyio import to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from ui.texts import texts
from vectorstore.errors import NianbaoError

if TYPE_CHECKING:
    from ui.web.site import Site

logger = logging.getLogger(__name__)

_PIECE = 1024 * 1024
# A page of another host can't send this header without asking first, and is told no.
_OUR_OWN = "x-nianbao-upload"


def upload_route(site: Site) -> Route:
    """``PUT /nb/uploads?name=…`` with the file as the body."""

    async def receive(request: Request) -> JSONResponse:
        words = texts(request.query_params.get("lang", "zh"))
        fetched_by = request.headers.get("sec-fetch-site", "same-origin")
        if _OUR_OWN not in request.headers or fetched_by not in ("same-origin", "none"):
            return JSONResponse({"error": words("adding.not_from_here")}, 403)
        length = request.headers.get("content-length", "")
        announced = int(length) if length.isdecimal() else 0
        name = request.query_params.get("name", "")
        try:
            arrival = await to_thread.run_sync(site.additions.arrive, name, announced, words)
        except NianbaoError as error:
            return JSONResponse({"error": str(error)}, 400)
        if arrival is None:
            return JSONResponse({"passed_over": True})
        try:
            held = bytearray()
            async for piece in request.stream():
                held += piece
                if len(held) >= _PIECE:
                    await to_thread.run_sync(arrival.write, bytes(held))
                    held.clear()
            await to_thread.run_sync(arrival.write, bytes(held))
            number = await to_thread.run_sync(arrival.finish)
        except ClientDisconnect:
            arrival.give_up()
            return JSONResponse({}, 499)
        except NianbaoError as error:
            arrival.give_up()
            return JSONResponse({"error": str(error)}, 400)
        except Exception:
            arrival.give_up()
            logger.exception("An upload failed: %s", name)
            return JSONResponse({"error": words("site.unexpected")}, 500)
        return JSONResponse({"number": number})

    return Route("/nb/uploads", receive, methods=["PUT"])
