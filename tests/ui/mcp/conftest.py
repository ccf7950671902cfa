"""The MCP server as a program of its own, reached by the official client over both transports."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = "from ui.start import main; main()"


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NIANBAO_")}
    return kept | {"PYTHONPATH": str(ROOT)}


class Session:
    """A connected client, whose calls are made from a thread of ours."""

    def __init__(self, portal: BlockingPortal, client: Client) -> None:
        self.portal = portal
        self.client = client

    def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return self.portal.call(function, *arguments)

    def call(self, tool: str, **arguments: Any) -> Any:
        return self.run(self.client.call_tool, tool, arguments)


@contextmanager
def connected(server: Any, mode: str = "auto") -> Iterator[Session]:
    with start_blocking_portal() as portal:
        client = Client(server, mode=mode)
        with portal.wrap_async_context_manager(client):
            yield Session(portal, client)


def stdio_server(index: Path, errors: Any = sys.__stderr__) -> Any:
    parameters = StdioServerParameters(
        command=sys.executable, args=["-c", SCRIPT, "mcp", "--index", str(index)], env=environment()
    )
    return stdio_client(parameters, errlog=errors)


@contextmanager
def http_server(index: Path, options: Sequence[str] = (), **variables: str) -> Iterator[str]:
    """The address of a server on loopback."""
    command = [sys.executable, "-c", SCRIPT, "mcp", "--http", "--port", "0", "--index", str(index), *options]
    with subprocess.Popen(command, env=environment() | variables, stdout=subprocess.PIPE, encoding="utf-8") as process:
        try:
            assert process.stdout is not None
            told = process.stdout.readline()
            yield next(word for word in told.split() if word.startswith("http://")).rstrip(",")
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def over_stdio(samples_index: Path) -> Iterator[Session]:
    with connected(stdio_server(samples_index)) as session:
        yield session


@pytest.fixture(scope="module")
def address(samples_index: Path) -> Iterator[str]:
    with http_server(samples_index) as address:
        yield address


@pytest.fixture(scope="module")
def over_http(address: str) -> Iterator[Session]:
    with connected(address) as session:
        yield session


@pytest.fixture(params=["stdio", "http"])
def session(request: pytest.FixtureRequest) -> Session:
    """A client over each of the transports."""
    found: Session = request.getfixturevalue(f"over_{request.param}")
    return found
