"""The MCP server over one assistant: its tools, and the reports as resources. Nothing here writes.

The SDK's low-level server is used and not the one that makes tools of functions: that one ignores arguments that a tool
doesn't have, tells wrong ones in pydantic's words, and sets up the logging of the whole process.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from functools import partial, wraps
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, cast

import mcp_types as types
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError

from assistant.threads import Threads
from assistant.tools.toolbox import Toolbox
from ui.mcp_server import prompts, resources
from ui.mcp_server.corpus import GUIDANCE, describe_corpus
from ui.mcp_server.refusals import refusal
from ui.mcp_server.tools import list_tools

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext

    from assistant.assistant import Assistant

    Context = ServerRequestContext[dict[str, Any]]

AT_A_TIME = 8
"""Calls that are computed side by side; others wait."""

Handler = Callable[..., Awaitable[Any]]
_logger = logging.getLogger(__name__)


class CorpusServer(Server[dict[str, Any]]):
    """A server whose instructions tell what the index holds at the moment that a client connects."""

    def __init__(self, assistant: Assistant, **handlers: Any) -> None:
        self._assistant = assistant
        super().__init__("nianbao", version=version("nianbao"), title="年报 Nianbao", **handlers)

    @property
    def instructions(self) -> str | None:
        """How many reports there are, of whom and of which years, and how the tools are meant to be used."""
        try:
            return describe_corpus(self._assistant.index)
        except Exception as error:
            _logger.error("The index could not be described", exc_info=error)
            return GUIDANCE

    @instructions.setter
    def instructions(self, instructions: str | None) -> None:
        """The constructor's ``None``: instructions are made when they are asked for."""


def make_server(assistant: Assistant) -> CorpusServer:
    """The server, not yet connected. It may serve any number of clients side by side."""
    return CorpusServer(assistant, **_Handlers(assistant).as_options())


class _Handlers:
    """What is done for each request. What reads the index does so in a thread, so that no call holds up another."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._toolbox = Toolbox(assistant)
        self._tools = list_tools(self._toolbox)
        self._threads = Threads(AT_A_TIME)

    def as_options(self) -> dict[str, Any]:
        """Keyword arguments of the SDK's ``Server``."""
        handlers: dict[str, Handler] = {
            "list_tools": self._list_tools,
            "call_tool": self._call_tool,
            "list_resources": self._list_resources,
            "list_resource_templates": self._list_templates,
            "read_resource": self._read_resource,
            "list_prompts": self._list_prompts,
            "get_prompt": self._get_prompt,
        }
        return {
            "get_tool_input_schema": {tool.name: tool.input_schema for tool in self._tools}.get,
            **{f"on_{name}": _telling(handler) for name, handler in handlers.items()},
        }

    async def _list_tools(self, context: Context, params: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(tools=self._tools)

    async def _call_tool(self, context: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        try:
            result = await self._threads.run(partial(self._toolbox.call, params.name, params.arguments or {}))
            written = result.as_json()
        except Exception as error:
            return _refused(refusal(error, f"the tool {params.name!r}"))
        content: list[Any] = [types.TextContent(type="text", text=written)]
        return types.CallToolResult(content=content, structured_content=json.loads(written))

    async def _list_resources(
        self, context: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        cursor = params.cursor if params is not None else None
        return await self._threads.run(partial(resources.list_reports, self._assistant.index, cursor))

    async def _list_templates(
        self, context: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        return types.ListResourceTemplatesResult(resource_templates=[resources.TEMPLATE])

    async def _read_resource(
        self, context: Context, params: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        return await self._threads.run(partial(resources.read_report, self._assistant.index, str(params.uri)))

    async def _list_prompts(
        self, context: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListPromptsResult:
        return types.ListPromptsResult(prompts=[prompts.WITH_EVIDENCE])

    async def _get_prompt(self, context: Context, params: types.GetPromptRequestParams) -> types.GetPromptResult:
        return prompts.get(params.name, cast("dict[str, str]", params.arguments or {}))


def _telling(handler: Handler) -> Handler:
    """The handler, whose errors say no more than may be told: of others the SDK tells all to older clients."""

    @wraps(handler)
    async def tell(context: Context, params: Any) -> Any:
        try:
            return await handler(context, params)
        except MCPError:
            raise
        except Exception as error:
            raise MCPError(types.INTERNAL_ERROR, refusal(error, handler.__name__)) from None

    return tell


def _refused(sentence: str) -> types.CallToolResult:
    content: list[Any] = [types.TextContent(type="text", text=sentence)]
    return types.CallToolResult(content=content, is_error=True)
