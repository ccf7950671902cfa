"""How the MCP server is reached: over standard input and output, or over HTTP."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Any

import anyio

from ui.mcp_server.server import make_server

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.assistant import Assistant
    from ui.http_serving.settings import ServerSettings

PATH = "/mcp"


def serve_stdio(assistant: Assistant) -> None:
    """Serve the program that started this one, until it closes our standard input.

    Nothing but the protocol gets to standard output: the SDK keeps it for itself, and what anything else writes there
    comes out at standard error.
    """
    from mcp.server.stdio import stdio_server

    server = make_server(assistant)

    async def serve() -> None:
        async with stdio_server() as (received, sent):
            await server.run(received, sent, server.create_initialization_options())

    # A thread waits for standard input, and an ordinary end would wait for it. Nothing is written that could be lost.
    signal.signal(signal.SIGINT, lambda *_: os._exit(0))
    anyio.run(serve)


def make_app(assistant: Assistant, settings: ServerSettings) -> Any:
    """The ASGI app that speaks streamable HTTP at `PATH`, behind the gates of the HTTP API."""
    from mcp.server.transport_security import TransportSecuritySettings

    from ui.http_serving.gates import guarded

    app = make_server(assistant).streamable_http_app(
        streamable_http_path=PATH,
        max_request_body_size=settings.body_bytes,
        # Nothing is kept from one request to the next, so that clients that left without a word can't fill it up.
        stateless_http=True,
        # The gates look at Host and Origin; the SDK's own check knows no name but those of this computer.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    return guarded(app, settings)


def serve_http(assistant: Assistant, settings: ServerSettings, port: int, tell: Callable[[str], None]) -> None:
    """Serve until interrupted.

    Args:
        tell: Is told the address, when it can be asked.

    Raises:
        NianbaoError: It isn't safe, or the port is taken.
    """
    from ui.http_serving.serving import serve

    serve(make_app(assistant, settings), settings, port, lambda address: tell(address + PATH))
