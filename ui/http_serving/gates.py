"""What stands before the routes: who may ask, under which name, how often, and how much at a time.

Plain ASGI, in the order of what costs least to find out. A token is looked at after the rate, so that guessing one is
slow, and before a body is read.
"""

from __future__ import annotations

import asyncio
import hmac
import math
import time
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware

from ui.http_serving.problems import ProblemError
from ui.http_serving.settings import ServerSettings
from ui.own_names import OwnNames, is_from_here

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

HEALTH = "/health"
UPLOADS = "/v1/ingestions"
GUARDED = ("/v1/", "/mcp")
"""How the addresses begin that need the token, and that pages of other sites may not use."""
_REMEMBERED = 10_000
"""Addresses whose rate is known; of more, those that were silent longest may ask as if they were new."""


def guarded(app: App, settings: ServerSettings) -> App:
    """The app behind all gates."""
    app = BodyGate(app, settings)
    app = TokenGate(app, settings.token)
    app = RateGate(app, settings)
    app = NameGate(app, OwnNames(settings.host, settings.names), settings.origins)
    return AllowedOrigins(app, settings.origins) if settings.origins else app


class AllowedOrigins(CORSMiddleware):
    """Tells browsers that pages of some origins may use the app and read what it says, also where it refuses.

    Before every gate: a browser asks for leave without a token, and a page must see why it is refused. Requests of all
    others pass as if this weren't there.
    """

    def __init__(self, app: App, origins: tuple[str, ...]) -> None:
        super().__init__(
            app,
            allow_origins=origins,
            allow_methods=("GET", "POST", "DELETE"),
            allow_headers=("*",),  # MCP has several of its own
            expose_headers=("retry-after", "location", "nianbao-total", "mcp-session-id"),
        )
        self._origins = origins

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and Headers(raw=scope["headers"]).get("origin") in self._origins:
            await super().__call__(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class Gate:
    """ASGI middleware that may refuse a request with a problem."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            self.check(scope, Headers(raw=scope["headers"]))
        except ProblemError as problem:
            await problem.response(scope["path"])(scope, receive, send)
            return
        await self.pass_on(scope, receive, send)

    def check(self, scope: Message, headers: Headers) -> None:
        """Raise ProblemError to refuse the request."""

    async def pass_on(self, scope: Message, receive: Receive, send: Send) -> None:
        """Let the request through."""
        await self.app(scope, receive, send)


class NameGate(Gate):
    """Lets through what is asked for under an own name, and not by a page of another site."""

    def __init__(self, app: App, names: OwnNames, origins: tuple[str, ...]) -> None:
        super().__init__(app)
        self._names = names
        self._origins = origins

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (b"x-content-type-options", b"nosniff")]
            await send(message)

        await super().__call__(scope, receive, send_safely)

    def check(self, scope: Message, headers: Headers) -> None:
        host = headers.get("host", "")
        if not self._names.has(host):
            raise ProblemError(
                "other_host",
                f"This server isn't known as {host[:200]!r}; whoever runs it can add the name with --allow-host.",
            )
        if headers.get("origin") in self._origins:
            return
        if scope["path"].startswith(GUARDED) and not is_from_here(host, headers):
            raise ProblemError(
                "other_site",
                "A page of another site asks; whoever runs this server can allow it with --allow-origin.",
            )


class RateGate(Gate):
    """Counts what each address asks for, but for `HEALTH`: in a minute, and at a time."""

    def __init__(self, app: App, settings: ServerSettings, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(app)
        self._settings = settings
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._under_way: Counter[str] = Counter()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        # What watches over the server asks often, and must not hear that it is ill because others ask much.
        gate = self.app if scope["type"] == "http" and scope["path"] == HEALTH else super().__call__
        await gate(scope, receive, send)

    def check(self, scope: Message, headers: Headers) -> None:
        settings, address = self._settings, _address(scope)
        if self._under_way.total() >= settings.under_way:
            raise ProblemError("overloaded", "The server is busy with other requests; try again.", retry_after=1)
        if self._under_way[address] >= settings.at_once:
            raise ProblemError(
                "rate_limited", f"At most {settings.at_once} requests at a time; wait for one to end.", retry_after=1
            )
        if settings.rate:
            self._take(address, settings.rate)

    def _take(self, address: str, rate: int) -> None:
        """Take one from what an address has left; it fills up again in a minute."""
        now = self._clock()
        left, before = self._left.pop(address, (float(rate), now))
        left = min(float(rate), left + (now - before) * rate / 60)
        self._left[address] = (left - 1 if left >= 1 else left, now)
        while len(self._left) > _REMEMBERED:
            self._left.popitem(last=False)
        if left < 1:
            raise ProblemError(
                "rate_limited",
                f"At most {rate} requests a minute; try again later.",
                retry_after=math.ceil((1 - left) * 60 / rate),
            )

    async def pass_on(self, scope: Message, receive: Receive, send: Send) -> None:
        address = _address(scope)
        self._under_way[address] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self._under_way[address] -= 1
            if not self._under_way[address]:
                del self._under_way[address]


class TokenGate(Gate):
    """Lets only who brings the token in under `GUARDED`."""

    def __init__(self, app: App, token: str | None) -> None:
        super().__init__(app)
        self._token = None if token is None else token.encode()

    def check(self, scope: Message, headers: Headers) -> None:
        if self._token is None or not scope["path"].startswith(GUARDED):
            return
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), self._token):
            raise ProblemError(
                "unauthorized", "Send the token that the server was started with, as `Authorization: Bearer TOKEN`."
            )


class BodyGate(Gate):
    """Refuses bodies that are larger than may be, before they are parsed, or that come too slowly."""

    def __init__(self, app: App, settings: ServerSettings) -> None:
        super().__init__(app)
        self._settings = settings

    def check(self, scope: Message, headers: Headers) -> None:
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length[:20]) > self._most(scope):
            raise self._too_large(scope)

    async def pass_on(self, scope: Message, receive: Receive, send: Send) -> None:
        received, is_whole, has_begun = 0, False, False
        refused: ProblemError | None = None

        async def receive_within() -> Message:
            nonlocal received, is_whole, refused
            if is_whole:
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), self._settings.quiet_seconds)
            except TimeoutError:
                refused = ProblemError("too_slow", "Nothing more came of the request's body; send it again.")
                raise refused from None
            received += len(message.get("body", b""))
            is_whole = not message.get("more_body", False)
            if received > self._most(scope):
                refused = self._too_large(scope)
                raise refused
            return message

        async def send_on(message: Message) -> None:
            nonlocal has_begun
            # What reads the body may take our error for its own, and say something else about it.
            if refused is None or has_begun:
                has_begun = True
                await send(message)

        try:
            await self.app(scope, receive_within, send_on)
        except ProblemError as problem:
            if problem is not refused:
                raise
        if refused is not None and not has_begun:
            response = refused.response(scope["path"])
            response.headers["connection"] = "close"
            await response(scope, receive, send)

    def _most(self, scope: Message) -> int:
        return self._settings.upload_bytes if scope["path"] == UPLOADS else self._settings.body_bytes

    def _too_large(self, scope: Message) -> ProblemError:
        return ProblemError("too_large", f"The body may have at most {self._most(scope)} bytes.")


def _address(scope: Message) -> str:
    client = scope.get("client")
    return client[0] if client else ""
