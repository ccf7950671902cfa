"""The names under which a program on this computer may be asked, and whether a page of a browser asks of its own.

A page of another site may be given a name that leads here (DNS rebinding), and may send some requests without asking:
so every interface that speaks HTTP refuses names that aren't its own, and what other sites send.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers

_OF_THIS_COMPUTER = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class OwnNames:
    """The names under which a program may be asked for.

    Attributes:
        listening: The address that the program listens at.
        names: Others that lead to it.
    """

    listening: str = "127.0.0.1"
    names: Collection[str] = ()

    def has(self, host: str) -> bool:
        """Whether the Host of a request is one of them.

        Where other computers are served, every number of a computer is: nobody can make such a one lead elsewhere.
        """
        name = _without_port(host)
        if name in _OF_THIS_COMPUTER or name in {_plain(own) for own in (self.listening, *self.names)}:
            return True
        return _is_number(name) and not self.is_of_this_computer

    @property
    def is_of_this_computer(self) -> bool:
        """Whether nobody on another computer can ask."""
        listening = _plain(self.listening)
        return listening in _OF_THIS_COMPUTER or (_is_number(listening) and ipaddress.ip_address(listening).is_loopback)


def is_from_here(host: str, headers: Headers) -> bool:
    """Whether a page of ours sends a request, or no page of a browser at all. A page can't change these headers."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    if origin is None:
        return True
    parts = urlsplit(origin)
    # Where a proxy ends the encryption, the browser's port is that of https, and unsaid.
    usual = {"http": ":80", "https": ":443"}.get(parts.scheme)
    if usual is None:
        return False
    return parts.netloc.lower().removesuffix(usual) == host.lower().removesuffix(usual)


def _without_port(host: str) -> str:
    found = re.fullmatch(r"(\[[^\]]*\]|[^:]*)(?::[0-9]{1,5})?", host)
    return _plain(found[1]) if found else ""


def _plain(name: str) -> str:
    return name.strip().lower().removesuffix(".").removeprefix("[").removesuffix("]")


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
