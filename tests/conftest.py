"""Fixtures for every test: no network, and the real reports where they are present."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pytest_socket import socket_allow_hosts

ROOT = Path(__file__).resolve().parent.parent


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
