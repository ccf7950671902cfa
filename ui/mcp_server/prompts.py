"""The prompt that the server offers: a question, to be answered with evidence only."""

from __future__ import annotations

from collections.abc import Mapping

import mcp_types as types
from mcp.shared.exceptions import MCPError

WITH_EVIDENCE = types.Prompt(
    name="answer_with_evidence",
    title="Answer from the annual reports, with evidence (据年报回答)",
    description="Answers a question from the reports alone, each statement with the words that state it.",
    arguments=[types.PromptArgument(name="question", description="In Chinese or English.", required=True)],
)
_TEXT = """\
{question}

Answer this from the annual reports on government information disclosure that the nianbao tools hold, and from \
nothing else. Call `ask` with the question as it stands. Give each statement the body, year and quoted words that \
state it, with the citation's id. Say how many reports were looked at and which don't state it; what is unknown is \
not zero. If the reports don't say, say that. Answer in the question's language."""


def get(name: str, arguments: Mapping[str, str]) -> types.GetPromptResult:
    """The prompt with its question; an error that says what is missing otherwise."""
    question = str(arguments.get("question", "")).strip()
    if name != WITH_EVIDENCE.name:
        raise MCPError(types.INVALID_PARAMS, f"There is no prompt {name[:40]!r}; there is {WITH_EVIDENCE.name}.")
    if not question:
        raise MCPError(types.INVALID_PARAMS, f"The prompt {WITH_EVIDENCE.name} needs a question.")
    text = types.TextContent(type="text", text=_TEXT.format(question=question))
    return types.GetPromptResult(
        description=WITH_EVIDENCE.description, messages=[types.PromptMessage(role="user", content=text)]
    )
