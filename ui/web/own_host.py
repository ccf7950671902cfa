"""Nothing of the pages comes from, or goes to, another host, and no page of another host can use them.

The browser is told so with every response, and what a page of another site may send without asking is refused: a
request that would change something, and any request under a name that isn't this program's, since such a name may be
made to lead here (DNS rebinding). Gradio serves more than these pages need, some of it to write to the disk; that isn't
served either.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

from ui.own_names import OwnNames, is_from_here
from ui.texts import texts
from ui.web.header import PAGES
from ui.web.site import chosen_language

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        # Gradio's page starts from inline scripts, and its HTML component makes functions from strings.
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-ancestors 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

_READING = ("GET", "HEAD")
_SERVED = re.compile(
    "|".join(
        (
            "/(?:" + "|".join(address for name, address in PAGES.items() if name != "ask") + ")?/?",
            "/(?:nb|assets|static)/.+",
            "/(?:config/?|theme[.]css|favicon[.]ico)",
            "/gradio_api/(?:component_server/?|queue/(?:join|data)|heartbeat/[^/]+|theme[.]css|app_id/?|startup-events)",
        )
    )
)
"""The pages, what is theirs, and what of Gradio's they need."""
_MOST_BYTES = 2_000_000
"""Of what is sent to Gradio: calls and events. Files are sent to a route of ours, which counts itself."""


class OwnHostOnly:
    """ASGI middleware that tells the browser to load nothing from any other host, and to show nothing to one."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    # Gradio lets the pages of other sites read what it answers.
                    *((name, value) for name, value in message.get("headers", ()) if not _shares(name)),
                    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
                    (b"cross-origin-resource-policy", b"same-origin"),
                    (b"referrer-policy", b"no-referrer"),
                    (b"x-content-type-options", b"nosniff"),
                ]
            await send(message)

        await self.app(scope, receive, send_with_policy)


def _shares(name: bytes) -> bool:
    return name.lower().startswith(b"access-control-")


class OwnPagesOnly:
    """ASGI middleware that refuses, in a sentence, what the pages themselves would never ask for."""

    def __init__(self, app: App, names: OwnNames) -> None:
        self.app = app
        self._names = names

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = Headers(raw=scope["headers"])
        refused = self._refused(scope, headers)
        if refused is None:
            await self.app(scope, receive, send)
            return
        status, key = refused
        words = texts(chosen_language(None, headers.get("accept-language")))
        sentence = words(f"site.{key}", host=headers.get("host", "")[:200])
        await PlainTextResponse(sentence, status)(scope, receive, send)

    def _refused(self, scope: Message, headers: Headers) -> tuple[int, str] | None:
        """The status, and the name of the words, with which a request is refused; ``None``: it isn't."""
        host = headers.get("host", "")
        if not self._names.has(host):
            return 421, "other_host"
        if scope["method"] not in _READING and not is_from_here(host, headers):
            return 403, "other_site"
        path = scope["path"]
        if not _SERVED.fullmatch(path):
            return 404, "no_address"
        if scope["method"] not in _READING and path.startswith("/gradio_api/"):
            # Gradio would also take forms, and write the files in them to the disk.
            if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
                return 415, "no_json"
            length = headers.get("content-length", "")
            if not re.fullmatch(r"[0-9]{1,9}", length) or int(length) > _MOST_BYTES:
                return 413, "too_much"
        return None


def guard(names: OwnNames) -> Callable[[Any], AbstractAsyncContextManager[None]]:
    """For the ``lifespan`` of a Starlette app: puts both around all that it is made of, also what Gradio adds.

    As its ``middleware`` they would be within Gradio's own, which answers some requests itself.
    """

    @asynccontextmanager
    async def begin(app: Any) -> AsyncIterator[None]:
        app.middleware_stack = OwnHostOnly(OwnPagesOnly(app.middleware_stack, names))
        yield

    return begin
