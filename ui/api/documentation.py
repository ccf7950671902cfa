"""The schema with its examples, and a page that shows it without loading anything from anywhere."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from ui.api.service import VERSION
from ui.http_serving.problems import OPENAI_PATHS, ProblemDetails
from ui.http_serving.settings import ServerSettings

TITLE = "Nianbao (年报)"
ABOUT = (
    "Exact, cited answers over Chinese government-information-disclosure annual reports (政府信息公开工作年度报告). "
    "Every value leads to the characters that state it; unknown is never 0. Offsets count the characters of a report's "
    "canonical text."
)
_METHODS = ("get", "post", "delete")


@cache
def examples() -> dict[str, dict[str, Any]]:
    """By operation: ``parameters`` and ``body`` of a request over the bundled samples, and its ``response``."""
    loaded: dict[str, dict[str, Any]] = json.loads(files("ui.api").joinpath("examples.json").read_text("utf-8"))
    return loaded


def document(app: FastAPI, settings: ServerSettings) -> None:
    """Give the app its schema at ``/openapi.json``, made when it is first asked for."""

    def schema() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(title=TITLE, version=VERSION, description=ABOUT, routes=app.routes)
            _complete(made, settings)
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = schema  # type: ignore[method-assign]


def _complete(schema: dict[str, Any], settings: ServerSettings) -> None:
    parts = schema.setdefault("components", {})
    problem = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
    parts.setdefault("schemas", {}).update(problem.pop("$defs", {}) | {"ProblemDetails": problem})
    if settings.token is not None:
        parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    for path, operations in schema["paths"].items():
        for method in _METHODS:
            if method in operations:
                if settings.token is not None and path.startswith("/v1/"):
                    operations[method]["security"] = [{"token": []}]
                _tell_problems(operations[method], path)
                _add_example(operations[method])


def _tell_problems(operation: dict[str, Any], path: str) -> None:
    """FastAPI says that every invalid request gets a form of its own, which nothing here gives."""
    invalid = operation["responses"].get("422", {})
    if path.startswith(OPENAI_PATHS):
        operation["responses"].pop("422", None)
    elif "application/json" in invalid.get("content", {}):
        del invalid["content"]["application/json"]


def _add_example(operation: dict[str, Any]) -> None:
    example = examples().get(operation["operationId"])
    if example is None:
        return
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in example.get("parameters", {}):
            parameter["example"] = example["parameters"][parameter["name"]]
    if "body" in example:
        operation["requestBody"]["content"]["application/json"]["example"] = example["body"]
    for response in operation["responses"].values():
        content = response.get("content", {}).get("application/json")
        if content is not None and "response" in example and response is _good(operation):
            content["example"] = example["response"]


def _good(operation: dict[str, Any]) -> dict[str, Any] | None:
    found: dict[str, Any] | None = operation["responses"].get("200") or operation["responses"].get("202")
    return found


def page(schema: dict[str, Any], address: str) -> str:
    """The schema as a page: every operation, its parameters, and an example that works over the samples."""
    by_tag: dict[str, list[str]] = {}
    for path, operations in schema["paths"].items():
        for method in _METHODS:
            if method in operations:
                operation = operations[method]
                by_tag.setdefault(operation["tags"][0], []).append(_operation(path, method, operation, address))
    sections = "".join(f"<h2>{escape(tag)}</h2>{''.join(found)}" for tag, found in by_tag.items())
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{TITLE}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style><h1>{TITLE}</h1><p>{escape(ABOUT)}</p>"
        '<p>The whole schema is <a href="/openapi.json">/openapi.json</a>.</p>'
        f"{sections}</html>"
    )


def _operation(path: str, method: str, operation: dict[str, Any], address: str) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(one['name'])}</code><td>{escape(one['in'])}<td>{escape(_kind(one['schema']))}"
        f"<td>{escape(one.get('description', ''))}</tr>"
        for one in operation.get("parameters", ())
    )
    table = f"<table><tr><th>Parameter<th>in<th>is<th></tr>{rows}</table>" if rows else ""
    example = examples().get(operation["operationId"], {})
    shown = f"<pre>{escape(curl(path, method, operation, example, address))}</pre>"
    if "response" in example:
        response = json.dumps(example["response"], ensure_ascii=False, indent=2)
        shown += f"<details><summary>Response</summary><pre>{escape(response)}</pre></details>"
    return (
        f'<section id="{escape(operation["operationId"])}"><h3><code>{method.upper()} {escape(path)}</code></h3>'
        f"<p>{escape(operation.get('description', ''))}</p>{table}{shown}</section>"
    )


def curl(path: str, method: str, operation: dict[str, Any], example: dict[str, Any], address: str) -> str:
    """The example as a command."""
    given = example.get("parameters", {})
    command = ["curl"]
    filled, query = path, []
    for parameter in operation.get("parameters", ()):
        name = parameter["name"]
        if name in given and parameter["in"] == "path":
            filled = filled.replace(f"{{{name}}}", str(given[name]))
        elif name in given:
            query.append(f"--data-urlencode '{name}={given[name]}'")
    if method == "delete":
        command.append("-X DELETE")
    if operation.get("security"):
        command.append('-H "Authorization: Bearer $NIANBAO_TOKEN"')
    command.append(f"{'-G ' if query else ''}{address}{filled}")
    command += query
    if "body" in example:
        command.append("--json '" + json.dumps(example["body"], ensure_ascii=False) + "'")
    elif "multipart/form-data" in operation.get("requestBody", {}).get("content", {}):
        command.append("-F files=@report.docx")
    elif method == "post":
        command.append("-X POST")
    return " \\\n  ".join(command)


def _kind(schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " | ".join(_kind(one) for one in schema["anyOf"] if one.get("type") != "null")
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    return str(schema.get("const", schema.get("type", "")))


_STYLE = """
body{font:16px/1.5 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;max-width:60rem;
margin:2rem auto;padding:0 1rem;color:#1c2733;background:#fff}
h2{margin-top:3rem;border-bottom:1px solid #ccd5de}
section{margin:2rem 0}
pre{background:#f3f6f9;padding:.75rem;overflow:auto;max-height:32rem}
table{border-collapse:collapse;width:100%}
td,th{text-align:left;padding:.25rem .75rem .25rem 0;vertical-align:top;border-bottom:1px solid #e4e9ee}
@media(prefers-color-scheme:dark){body{color:#dde5ec;background:#14191e}pre{background:#1d252c}
a{color:#8ab8f0}td,th{border-color:#2b353e}}
"""
