"""How requests leave for a language model's server: to its address only, with its key only, and for so long."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from functools import cache

import httpx

MOST_BYTES = 32 * 1024 * 1024
"""Of one response, as it comes and as it is read; streamed, a reply of 1,500 tokens has some 400 kB."""

_SENT = {"accept", "connection", "content-length", "content-type", "host", "transfer-encoding"}


class BoundedTransport(httpx.BaseTransport):
    """Sends what a client library asks for, less what the library adds of its own accord.

    Client libraries take keys, organisations, whole headers and addresses from the environment, and follow redirects.
    Here the key is put on last, for one origin, so that none of that matters and the library never knows the key.
    A request ends when its read time-out has passed since it began: the library's own ends only with a silence so long.
    Responses are asked for as they are, and refused where they are compressed: a megabyte of zip can be a gigabyte.

    Args:
        url: The base address; a request to another origin is refused.
    """

    def __init__(self, url: str, *, key: str | None = None, proxy: str | None = None, connections: int = 8) -> None:
        self._origin = _origin(httpx.URL(url))
        self._key = key
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections, keepalive_expiry=5.0)
        self._inner = httpx.HTTPTransport(verify=_tls(), trust_env=False, proxy=proxy, limits=limits)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send it.

        Raises:
            httpx.UnsupportedProtocol: It is for another origin.
            httpx.DecodingError: The response is compressed, or a web page.
        """
        if _origin(request.url) != self._origin:
            raise httpx.UnsupportedProtocol(f"Only {self._origin} is asked.", request=request)
        for name in set(request.headers) - _SENT:
            del request.headers[name]
        request.headers["User-Agent"] = "nianbao"
        request.headers["Accept-Encoding"] = "identity"
        if self._key is not None:
            request.headers["Authorization"] = f"Bearer {self._key}"
        seconds = (request.extensions.get("timeout") or {}).get("read")
        deadline = time.monotonic() + seconds if seconds is not None else None
        response = self._inner.handle_request(request)
        if any(coding.strip().lower() != "identity" for coding in response.headers.get_list("content-encoding", True)):
            response.close()
            raise httpx.DecodingError("The response is compressed, which wasn't asked for.", request=request)
        if response.headers.get("content-type", "").lower().startswith("text/html"):
            response.close()
            raise httpx.DecodingError("It sent a web page: is it the address of a model?", request=request)
        response.stream = _BoundedStream(response.stream, deadline)  # type: ignore[arg-type]
        return response

    def close(self) -> None:
        """Close its connections."""
        self._inner.close()


class _BoundedStream(httpx.SyncByteStream):
    def __init__(self, inner: httpx.SyncByteStream, deadline: float | None) -> None:
        self._inner = inner
        self._deadline = deadline

    def __iter__(self) -> Iterator[bytes]:
        left = MOST_BYTES
        for part in self._inner:
            left -= len(part)
            if left < 0:
                raise httpx.ReadError(f"The response has more than {MOST_BYTES} bytes.")
            if self._deadline is not None and time.monotonic() > self._deadline:
                raise httpx.ReadTimeout("The response took too long.")
            yield part

    def close(self) -> None:
        self._inner.close()


@cache
def _tls() -> ssl.SSLContext:
    """One for all models: reading the certificates that are trusted takes longer than all else here."""
    return httpx.create_ssl_context(trust_env=False)


def _origin(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}"
