"""The HTTP server as clients meet it: uvicorn on a free port of this computer."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.assistant import Assistant
from ui.api.app import build
from ui.http_serving.serving import address_of, listen, server_for
from ui.http_serving.settings import ServerSettings


@contextmanager
def running(assistant: Any, settings: ServerSettings) -> Iterator[str]:
    """The address of a server that serves until the end."""
    server = server_for(build(assistant, settings))
    with listen("127.0.0.1", 0) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield address_of(listening)
        server.should_exit = True
        thread.join(15)
        assert not thread.is_alive()


@pytest.fixture(scope="session")
def samples_assistant(samples_index: Path) -> Iterator[Assistant]:
    """The assistant over the bundled samples, which nothing changes."""
    with Assistant.open(samples_index) as assistant:
        yield assistant


@pytest.fixture(scope="session")
def address(samples_assistant: Assistant) -> Iterator[str]:
    """A server over the samples that needs no token and only reads."""
    with running(samples_assistant, ServerSettings(rate=0)) as found:
        yield found


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    """Asks the server over the samples."""
    with httpx.Client(base_url=address, timeout=30) as made:
        yield made


@pytest.fixture(scope="session")
def open_address(samples_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over a copy of the samples where reports may be added."""
    folder = tmp_path_factory.mktemp("open") / "index"
    shutil.copytree(samples_index, folder)
    with Assistant.open(folder) as assistant, running(assistant, ServerSettings(allows_ingestion=True)) as found:
        yield found


@pytest.fixture
def own_index(samples_index: Path, tmp_path: Path) -> Path:
    """A copy of the samples' index that the test may change."""
    folder = tmp_path / "index"
    shutil.copytree(samples_index, folder)
    return folder


@pytest.fixture
def serve() -> Iterator[Callable[..., httpx.Client]]:
    """``serve(assistant, **settings)`` gives a client of a server of the test's own."""
    from contextlib import ExitStack

    with ExitStack() as stack:

        def begin(assistant: Any, headers: dict[str, str] | None = None, **settings: Any) -> httpx.Client:
            found = stack.enter_context(running(assistant, ServerSettings(**settings)))
            return stack.enter_context(httpx.Client(base_url=found, timeout=30, headers=headers))

        yield begin
