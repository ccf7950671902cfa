"""The tools as LangChain's ``StructuredTool``, for its agents and graphs."""

from __future__ import annotations

from typing import Any

from langchain_core.tools import BaseTool, StructuredTool, ToolException
from pydantic import ValidationError
from pydantic.v1 import ValidationError as FormerValidationError

from assistant.threads import in_thread
from assistant.tools.arguments import DESCRIPTIONS, ToolName, faults_of, signature_of
from assistant.tools.toolbox import Toolbox
from vectorstore.errors import NianbaoError


def langchain_tools(toolbox: Toolbox) -> list[BaseTool]:
    """One tool for each of the toolbox's; a message's content is the result as short JSON, its artifact the record.

    A call that can't be made gives the sentence that says why, as a message whose status is ``error``.
    """
    return [_tool(toolbox, name) for name in DESCRIPTIONS]


def _tool(toolbox: Toolbox, name: ToolName) -> StructuredTool:
    signature = signature_of(getattr(Toolbox, name))

    def call(*positional: Any, **named: Any) -> tuple[str, dict[str, Any]]:
        # One text alone comes by position.
        arguments = signature.bind(*positional, **named).arguments
        try:
            result = toolbox.call(name, arguments)
        except NianbaoError as error:
            raise ToolException(str(error)) from error
        return result.as_json(), result.model_dump(mode="json")

    async def acall(*positional: Any, **named: Any) -> tuple[str, dict[str, Any]]:
        return await in_thread(call, *positional, **named)

    def refuse(error: ValidationError | FormerValidationError) -> str:
        return faults_of(error.errors(), toolbox.arguments[name], name)

    # LangChain describes a tool by its function's signature.
    for function in (call, acall):
        setattr(function, "__signature__", signature)  # noqa: B010  # functions have none for type checkers
    return StructuredTool.from_function(
        call,
        acall,
        name=name,
        description=DESCRIPTIONS[name],
        args_schema=toolbox.arguments[name],
        response_format="content_and_artifact",
        handle_tool_error=True,
        handle_validation_error=refuse,
    )
