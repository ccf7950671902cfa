"""The command that serves other programs over HTTP: ``serve``."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from ui.options import (
    DEFAULT_INDEX,
    AtModel,
    IndexFolder,
    WithModel,
    WithReranker,
    open_language_model,
)
from ui.serving_options import (
    A_MINUTE,
    AT_ONCE,
    THIS_COMPUTER,
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

OF_ONE_COMPUTER, OF_MODEL = 8, 32
"""Threads without and with a language model, which most of them would wait for."""


def serve(
    index: IndexFolder = DEFAULT_INDEX,
    host: ListenAt = THIS_COMPUTER,
    port: OnPort = 8000,
    token: NeedsToken = None,
    allow_host: OwnName = None,
    allow_origin: FromOrigin = None,
    allow_ingest: Annotated[
        bool, typer.Option("--allow-ingest", help="Let clients add reports, and take them out.")
    ] = False,
    rate: ARate = A_MINUTE,
    at_once: SoManyAtOnce = AT_ONCE,
    largest_upload: Annotated[
        int, typer.Option("--largest-upload", min=1, max=4096, metavar="MB", help="Of one request that brings files.")
    ] = 500,
    reranker: WithReranker = None,
    llm: WithModel = None,
    llm_url: AtModel = None,
) -> None:
    """Serve the reports over HTTP: an API of its own, and one that speaks as OpenAI's does."""
    from ui.api.app import build
    from ui.http_serving.serving import check_settings, serve

    model = open_language_model(llm, llm_url)
    settings = replace(
        server_settings(host, token, allow_host, allow_origin, rate, at_once),
        allows_ingestion=allow_ingest,
        upload_bytes=largest_upload * 1024 * 1024,
        threads=OF_MODEL if model is not None else OF_ONE_COMPUTER,
    )
    check_settings(settings)
    with ExitStack() as stack:
        if allow_ingest:
            from ui.adding.beginning import open_or_begin

            assistant, _ = stack.enter_context(open_or_begin(index, reranker, model))
        else:
            from assistant.assistant import Assistant

            assistant = stack.enter_context(Assistant.open(index, reranker=reranker, language_model=model))
        serve(build(assistant, settings), settings, port, lambda address: _tell(address, settings))


def _tell(address: str, settings: ServerSettings) -> None:
    print(f"Nianbao serves HTTP at {told_address(f'{address}/v1', settings)}", flush=True)
    print(f"What can be asked: {address}/docs; for chat front ends the base URL is {address}/v1", flush=True)
