"""The pages' own style and scripts, served as files so that a browser keeps them from one page to the next."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

STYLES = (
    "base.css",
    "ask.css",
    "answer.css",
    "report.css",
    "compare.css",
    "corrections.css",
    "reports.css",
    "figures.css",
    "checks.css",
    "adding.css",
    "survey.css",
)
SCRIPTS = (
    "base.js",
    "combobox.js",
    "kept.js",
    "conversation_list.js",
    "ask.js",
    "answer.js",
    "survey.js",
    "report.js",
    "compare.js",
    "corrections.js",
    "reports.js",
    "figures.js",
    "checks.js",
    "adding.js",
)
_MEDIA_TYPES = {"css": "text/css", "js": "text/javascript"}


@cache
def _content(name: str) -> bytes:
    return (files("ui.static") / name).read_bytes()


def _address(name: str) -> str:
    # With its digest, so that a new version is fetched and an old one never.
    return f"nb/static/{name}?v={_digest(name)}"


def _digest(name: str) -> str:
    return hashlib.sha256(_content(name)).hexdigest()[:12]


def head(names: Sequence[str] = ()) -> str:
    """What the head of every page holds: links to style and scripts, and the icon; only those named, if any are."""
    icon = (files("ui.static") / "icon.svg").read_text(encoding="utf-8")
    icon = icon.replace("#", "%23").replace('"', "'").replace("\n", "")
    styles = "".join(
        f'<link rel="stylesheet" href="{_address(name)}">' for name in STYLES if not names or name in names
    )
    # Gradio puts scripts into the page one by one, and a browser runs such scripts as they arrive: so they are put
    # there by one of ours, which keeps their order.
    scripts = json.dumps([_address(name) for name in SCRIPTS if not names or name in names])
    return (
        f'<link rel="icon" href="data:image/svg+xml,{icon}">{styles}<script>for (const address of {scripts}) {{'
        'const script = document.createElement("script"); script.async = false; script.src = address; '
        "document.head.append(script); }</script>"
    )


def _serve(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in (*STYLES, *SCRIPTS):
        return Response(status_code=404)
    # Only an address that names this very content leads to it for ever.
    is_named = request.query_params.get("v") == _digest(name)
    return Response(
        _content(name),
        media_type=_MEDIA_TYPES[name.rpartition(".")[2]],
        headers={"cache-control": "public, max-age=31536000, immutable" if is_named else "no-cache"},
    )


ROUTE = Route("/nb/static/{name}", _serve)
