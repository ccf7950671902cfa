"""How the server is reached, who may ask, and how much."""

from __future__ import annotations

from dataclasses import dataclass, field

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What the server allows.

    Attributes:
        host: The address that it listens at.
        token: What every request under ``/v1`` and ``/mcp`` must bring as ``Authorization: Bearer …``; ``None``:
            nothing.
        names: Other names that it may be asked for under, beside ``host`` and those of this computer.
        origins: The origins (``https://notes.example``) whose pages may use it from a browser.
        allows_ingestion: Whether reports may be added and removed.
        rate: Requests a minute of one address, as many of them at once as there are; 0: any number.
        at_once: Requests of one address that are under way together.
        under_way: Requests of all addresses that are under way together.
        seconds: For one answer; a stream may take as long as something comes.
        quiet_seconds: A sender of a body that says nothing for so long is given up.
        beat_seconds: After so long without a word, a stream says that it is still there.
        body_bytes: Of a request's body. ``upload_bytes``: of one that brings files.
        upload_files: Files in one request.
        threads: How many requests are worked on together; the others wait.
    """

    host: str = "127.0.0.1"
    token: str | None = field(default=None, repr=False)
    names: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    allows_ingestion: bool = False
    rate: int = 1200
    at_once: int = 100
    under_way: int = 400
    seconds: float = 120.0
    quiet_seconds: float = 30.0
    beat_seconds: float = 15.0
    body_bytes: int = _MEGABYTE
    upload_bytes: int = 500 * _MEGABYTE
    upload_files: int = 200
    threads: int = 8
