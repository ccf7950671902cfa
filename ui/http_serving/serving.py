"""Serves an app over HTTP until it is interrupted."""

from __future__ import annotations

import ipaddress
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import uvicorn

from ui.errors import UsageError
from ui.http_serving.settings import ServerSettings
from ui.own_names import OwnNames
from vectorstore.errors import NianbaoError

if TYPE_CHECKING:
    from collections.abc import Callable

SHORTEST_TOKEN = 16
_LEAVING = 5
"""Seconds that what is being answered has at the end."""


def check_settings(settings: ServerSettings) -> None:
    """Raise UsageError where what is asked for isn't safe."""
    token, is_of_this_computer = settings.token, OwnNames(settings.host).is_of_this_computer
    if token is None and not is_of_this_computer:
        raise UsageError(
            f"Whoever reaches {settings.host} could ask and read everything: set a token with $NIANBAO_TOKEN or "
            "--token, or listen at 127.0.0.1."
        )
    if token is None:
        return
    if not token.isascii() or not token.isprintable() or " " in token or not token:
        raise UsageError("The token must be of printable ASCII characters without blanks, as a header can hold them.")
    if len(token) < SHORTEST_TOKEN and not is_of_this_computer:
        raise UsageError(
            f"The token has {len(token)} characters, which can be guessed; give at least {SHORTEST_TOKEN}: "
            "`openssl rand -hex 24` makes one."
        )


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes a free one.

    Raises:
        NianbaoError: The port is taken, or the address isn't this computer's.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=1024)
    except OSError as error:
        raise NianbaoError(
            f"The server could not listen at {host}, port {port} ({error.strerror or error}): something else may be "
            "using it; choose another with --port."
        ) from error


def address_of(listening: socket.socket) -> str:
    """Where a browser finds it."""
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    with suppress(ValueError):
        if ipaddress.ip_address(host).is_unspecified:
            shown = "127.0.0.1"
    return f"http://{shown}:{port}"


def server_for(app: Any) -> uvicorn.Server:
    """The server, not yet running: ``run(sockets=[listen(…)])`` serves until interrupted, ``should_exit`` ends it."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        # Any client could say that it is another.
        proxy_headers=False,
        ws="none",
        lifespan="on",
        timeout_keep_alive=20,
        timeout_graceful_shutdown=_LEAVING,
    )
    return uvicorn.Server(config)


def serve(app: Any, settings: ServerSettings, port: int, tell: Callable[[str], None]) -> None:
    """Serve an ASGI app until interrupted.

    Args:
        tell: Is told the address, when it can be asked.

    Raises:
        NianbaoError: It isn't safe, or the port is taken.
    """
    check_settings(settings)
    with listen(settings.host, port) as listening:
        tell(address_of(listening))
        with suppress(KeyboardInterrupt):
            server_for(app).run(sockets=[listening])
