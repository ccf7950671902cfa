"""Fixtures for every test: no network, and the real reports where they are present."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_socket import socket_allow_hosts

if TYPE_CHECKING:
    from tests.language_server import LanguageServer

ROOT = Path(__file__).resolve().parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's tests first: they take longest, and would else keep one process busy when the others are done."""
    items.sort(key=lambda item: "browser" not in item.keywords)


@pytest.fixture(autouse=True)
def _no_network() -> None:
    """Sockets to other hosts are refused; loopback and Unix sockets stay, for the web chat's own tests."""
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the five real reports and the evaluation sets, which are not part of the repository."""
    folder = Path(os.environ.get("NIANBAO_SHARED", ROOT.parent / "shared"))
    if not (folder / "reports").is_dir():
        pytest.skip(f"the real reports are not at {folder} (set NIANBAO_SHARED to their folder)")
    return folder


@pytest.fixture(scope="session")
def _language_server() -> Iterator[LanguageServer]:
    from tests.language_server import LanguageServer

    with LanguageServer() as server:
        yield server


@pytest.fixture
def language_server(_language_server: LanguageServer) -> LanguageServer:
    """A language model server on loopback that says what the test scripts; by default ``OK``."""
    _language_server.script("OK")
    return _language_server
