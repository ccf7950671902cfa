"""The command that serves language models' programs: ``mcp``."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ui.options import (
    DEFAULT_INDEX,
    AsOf,
    AtModel,
    IndexFolder,
    WithModel,
    WithReranker,
    open_assistant,
    parse_date,
)
from ui.serving_options import (
    A_MINUTE,
    AT_ONCE,
    THIS_COMPUTER,
    TOKEN_VARIABLE,
    ARate,
    FromOrigin,
    ListenAt,
    NeedsToken,
    OnPort,
    OwnName,
    SoManyAtOnce,
    server_settings,
    told_address,
)

if TYPE_CHECKING:
    from ui.http_serving.settings import ServerSettings

_PORT = 8001


def mcp(
    index: IndexFolder = DEFAULT_INDEX,
    http: Annotated[
        bool,
        typer.Option(
            "--http", help="Serve over HTTP, in place of standard input and output; the options of a server need it."
        ),
    ] = False,
    host: ListenAt = THIS_COMPUTER,
    port: OnPort = _PORT,
    token: NeedsToken = None,
    allow_host: OwnName = None,
    allow_origin: FromOrigin = None,
    rate: ARate = A_MINUTE,
    at_once: SoManyAtOnce = AT_ONCE,
    today: AsOf = None,
    reranker: WithReranker = None,
    llm: WithModel = None,
    llm_url: AtModel = None,
) -> None:
    """Serve the reports to a language model's program over the Model Context Protocol (MCP)."""
    given = (host, port, token, allow_host or None, allow_origin or None, rate, at_once)
    if not http and given != (THIS_COMPUTER, _PORT, os.environ.get(TOKEN_VARIABLE), None, None, A_MINUTE, AT_ONCE):
        raise typer.BadParameter("The options of a server need --http: without it, standard input is served.")
    with open_assistant(index, parse_date(today), reranker, llm, llm_url) as assistant:
        from ui.mcp_server import serving

        if not http:
            if sys.stdin is not None and sys.stdin.isatty():
                typer.echo(
                    "Waiting for a client's messages on standard input: name this command in the client's settings, or "
                    "give --http. Ctrl+C ends it.",
                    err=True,
                )
            serving.serve_stdio(assistant)
            return
        settings = server_settings(host, token, allow_host, allow_origin, rate, at_once)
        serving.serve_http(assistant, settings, port, lambda address: _tell(address, settings))


def _tell(address: str, settings: ServerSettings) -> None:
    print(f"Nianbao serves MCP at {told_address(address, settings)}", flush=True)
