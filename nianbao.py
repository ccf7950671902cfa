"""Nianbao (年报) from Python: one safe name to import.

    import nianbao

    with nianbao.open("nianbao-index") as assistant:
        answer = assistant.ask("哪些开发区2023年没有收到申请？")
        for row in answer.rows:
            print(row.body, row.value, [answer.citations[n - 1].quote for n in row.citations])

What ``__all__`` lists is the public surface; importing it loads no model, no vector store and no web server.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from assistant.answer import Answer, Citation, CitedCell, Coverage, Option, Row, WithoutValue
from assistant.assistant import Assistant
from assistant.plan import Condition, Plan, PlanScope
from vectorstore.embedding_settings import EmbeddingSettings
from vectorstore.errors import (
    EmbeddingError,
    IndexBusyError,
    IndexFolderError,
    IndexMissingError,
    IndexTooNewError,
    ModelMismatchError,
    NianbaoError,
    NotAReportError,
    QuestionError,
    ReadError,
    RerankerError,
)
from vectorstore.index import Index
from vectorstore.records import (
    Body,
    Check,
    Figure,
    Hit,
    Kind,
    Mention,
    Origin,
    Passage,
    Report,
    ResolvedFigure,
    Scope,
    Section,
    Span,
    State,
)

__all__ = [
    "Answer",
    "Assistant",
    "Body",
    "Check",
    "Citation",
    "CitedCell",
    "Condition",
    "Coverage",
    "EmbeddingError",
    "EmbeddingSettings",
    "Figure",
    "Hit",
    "Index",
    "IndexBusyError",
    "IndexFolderError",
    "IndexMissingError",
    "IndexTooNewError",
    "Kind",
    "Mention",
    "ModelMismatchError",
    "NianbaoError",
    "NotAReportError",
    "Option",
    "Origin",
    "Passage",
    "Plan",
    "PlanScope",
    "QuestionError",
    "ReadError",
    "Report",
    "RerankerError",
    "ResolvedFigure",
    "Row",
    "Scope",
    "Section",
    "Span",
    "State",
    "WithoutValue",
    "open",
]


def open(
    folder: str | Path = "nianbao-index",
    *,
    today: date | None = None,
    embedding: str | EmbeddingSettings | None = None,
    reranker: str | Path | None = None,
) -> Assistant:
    """The assistant over an index folder, a context manager.

    Args:
        today: What 去年 and 近三年 count from; by default the day of the question.
        embedding: The model that the index must have been made with; by default whichever it was.
        reranker: The name or folder of a cross-encoder that orders what searches find; by default that of
            ``$NIANBAO_RERANKER``.

    Raises:
        IndexMissingError: There is no index in the folder; ``nianbao ingest`` makes one.
        IndexTooNewError: A newer version made it.
        ModelMismatchError: Another model made its vectors.
    """
    return Assistant.open(folder, today=today, embedding=embedding, reranker=reranker)
