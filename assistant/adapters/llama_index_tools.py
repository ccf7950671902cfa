"""The tools as LlamaIndex's ``FunctionTool``, for its agents and workflows."""

from __future__ import annotations

from typing import Any

from llama_index.core.tools import FunctionTool, ToolMetadata

from assistant.threads import in_thread
from assistant.tools.arguments import DESCRIPTIONS, ToolName
from assistant.tools.results import ToolResult
from assistant.tools.toolbox import Toolbox


def llama_index_tools(toolbox: Toolbox) -> list[FunctionTool]:
    """One tool for each of the toolbox's; a result's text is its JSON, its ``raw_output`` the record.

    A call that can't be made raises a `NianbaoError`, whose sentence agents are given as the tool's output.
    """
    return [_tool(toolbox, name) for name in DESCRIPTIONS]


def _tool(toolbox: Toolbox, name: ToolName) -> FunctionTool:
    def call(**arguments: Any) -> ToolResult:
        return toolbox.call(name, arguments)

    async def acall(**arguments: Any) -> ToolResult:
        return await in_thread(toolbox.call, name, arguments)

    metadata = ToolMetadata(name=name, description=DESCRIPTIONS[name], fn_schema=toolbox.arguments[name])
    return FunctionTool(fn=call, async_fn=acall, metadata=metadata)
