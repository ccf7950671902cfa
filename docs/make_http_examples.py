"""Makes the examples of the HTTP API's schema: real requests over the bundled samples, with what they gave.

    python docs/make_http_examples.py

A test makes them again and compares, so that what the documentation shows stays true.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "ui" / "api" / "examples.json"
QUESTION = {"question": "那2022年呢", "history": ["2023年栖澜经济开发区收到多少件申请？"]}

REQUESTS: dict[str, dict[str, Any]] = {
    "health": {},
    "status": {},
    "ask": {"body": QUESTION},
    "ask_by_address": {"parameters": {"question": "2023年栖澜经济开发区收到多少件申请？"}},
    "ask_stream": {"body": QUESTION, "silent": True},
    "ask_stream_by_address": {"parameters": {"question": "哪些开发区2023年没有收到申请？"}, "silent": True},
    "search": {"parameters": {"query": "征地补偿", "year": 2023, "k": 1}},
    "figures": {"parameters": {"metric": "applications_new", "year": 2023, "kind": "zone", "limit": 1}},
    "reports": {"parameters": {"kind": "zone", "year": 2023, "limit": 1}},
    "report": {"parameters": {"report_id": "REPORT"}},
    "report_text": {"parameters": {"report_id": "REPORT", "start": 0, "end": 60}},
    "report_checks": {"parameters": {"report_id": "REPORT"}},
    "checks": {"parameters": {"limit": 1}},
    "bodies": {"parameters": {"kind": "zone", "limit": 1}},
    "metrics": {"silent": True},
    "reference": {"parameters": {"reference_id": "PLACE"}},
    "models": {},
    "model": {"parameters": {"model_id": "nianbao"}},
    "chat_completions": {
        "body": {"model": "nianbao", "messages": [{"role": "user", "content": "哪些开发区2023年没有收到申请？"}]}
    },
}
"""By operation. ``silent``: what it gives is too long for an example, or a stream."""

Send = Callable[[str, str, dict[str, Any], Any], Any]
"""Sends a method, a path, parameters and a JSON body; gives the response's JSON."""


def make(schema: dict[str, Any], send: Send) -> dict[str, dict[str, Any]]:
    """The examples by operation, as the schema takes them in."""
    found = send("GET", "/v1/ask", {"question": "哪些开发区2023年没有收到申请？"}, None)
    names = {"REPORT": found["citations"][0]["report_id"], "PLACE": found["citations"][0]["id"]}
    addresses = {
        operation["operationId"]: (method.upper(), path)
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
    }
    made: dict[str, dict[str, Any]] = {}
    for operation, request in REQUESTS.items():
        method, path = addresses[operation]
        parameters = {name: names.get(value, value) for name, value in request.get("parameters", {}).items()}
        example: dict[str, Any] = {"parameters": parameters} if parameters else {}
        if "body" in request:
            example["body"] = request["body"]
        if not request.get("silent"):
            query = {name: value for name, value in parameters.items() if f"{{{name}}}" not in path}
            example["response"] = _steady(send(method, path.format(**parameters), query, request.get("body")))
        made[operation] = example
    return made


def _steady(response: Any) -> Any:
    """The response with what is another each time, or after each change of the reading code, always the same."""
    if isinstance(response, list):
        return [_steady(one) for one in response]
    if not isinstance(response, dict):
        return response
    steady = {name: _steady(value) for name, value in response.items()}
    if response.get("object") == "chat.completion":
        steady |= {"id": "chatcmpl-0", "created": 1767225600}
    return steady | ({"fingerprint": "3f2a9c0d1e4b5a67"} if "fingerprint" in response else {})


def main() -> None:
    """Make them over the samples and write them where the schema reads them."""
    from starlette.testclient import TestClient

    from assistant.assistant import Assistant
    from ingest.pipeline import ingest
    from ui.api.app import routes_over
    from ui.api.service import Service
    from ui.http_serving.settings import ServerSettings
    from vectorstore.index import Index

    with tempfile.TemporaryDirectory() as folder:
        with Index.open(folder, create=True) as index:
            ingest([ROOT / "samples" / "reports"], index)
        with Assistant.open(folder) as assistant:
            app = routes_over(Service(assistant, ServerSettings()))
            with TestClient(app, base_url="http://127.0.0.1") as client:

                def send(method: str, path: str, query: dict[str, Any], body: Any) -> Any:
                    response = client.request(method, path, params=query, json=body)
                    response.raise_for_status()
                    return response.json()

                made = make(client.get("/openapi.json").json(), send)
    EXAMPLES.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
