"""The tools as MCP describes them."""

from __future__ import annotations

from typing import Any, get_type_hints

import mcp_types as types

from assistant.tools.arguments import DESCRIPTIONS, ToolName
from assistant.tools.toolbox import Toolbox

_TITLES: dict[ToolName, str] = {
    "ask": "Ask the annual reports (提问)",
    "search": "Search their passages (检索)",
    "figures": "List their figures (数据)",
    "read_report": "Read a report (原文)",
}
_READS_ONLY = {"read_only_hint": True, "destructive_hint": False, "idempotent_hint": True, "open_world_hint": False}


def list_tools(toolbox: Toolbox) -> list[types.Tool]:
    """Each with what it takes and gives as JSON schemas."""
    return [
        types.Tool(
            name=name,
            title=_TITLES[name],
            description=description,
            input_schema=toolbox.arguments[name].model_json_schema(),
            output_schema=_result_schema(toolbox, name),
            annotations=types.ToolAnnotations(title=_TITLES[name], **_READS_ONLY),
        )
        for name, description in DESCRIPTIONS.items()
    ]


def _result_schema(toolbox: Toolbox, name: ToolName) -> dict[str, Any]:
    # As a reader's schema, in which what has a default may be left out: results leave it out.
    schema: dict[str, Any] = get_type_hints(getattr(type(toolbox), name))["return"].model_json_schema(mode="validation")
    return schema
