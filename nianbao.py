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
from typing import TYPE_CHECKING

from assistant.answer import Answer, Citation, CitedCell, Coverage, Option, Row, WithoutValue
from assistant.answering.cited_places import Cited, Place, PlaceGoneError
from assistant.assistant import Assistant
from assistant.language_models.settings import LanguageModelSettings
from assistant.language_models.survey import Survey, SurveyResult
from assistant.language_models.surveying.records import ReportVerdict
from assistant.plan import Condition, Plan, PlanScope
from assistant.tools.toolbox import Toolbox
from vectorstore.embedding_settings import EmbeddingSettings
from vectorstore.errors import (
    EmbeddingError,
    IndexBusyError,
    IndexFolderError,
    IndexMissingError,
    IndexTooNewError,
    LanguageModelError,
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

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

__all__ = [
    "Answer",
    "Assistant",
    "Body",
    "Check",
    "Citation",
    "Cited",
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
    "LanguageModelError",
    "LanguageModelSettings",
    "Mention",
    "ModelMismatchError",
    "NianbaoError",
    "NotAReportError",
    "Option",
    "Origin",
    "Passage",
    "Place",
    "PlaceGoneError",
    "Plan",
    "PlanScope",
    "QuestionError",
    "ReadError",
    "Report",
    "ReportVerdict",
    "RerankerError",
    "ResolvedFigure",
    "Row",
    "Scope",
    "Section",
    "Span",
    "State",
    "Survey",
    "SurveyResult",
    "Toolbox",
    "WithoutValue",
    "open",
]


def open(
    folder: str | Path = "nianbao-index",
    *,
    today: date | None = None,
    embedding: str | EmbeddingSettings | None = None,
    reranker: str | Path | None = None,
    language_model: LanguageModelSettings | LLM | None = None,
) -> Assistant:
    """The assistant over an index folder, a context manager.

    Args:
        today: What 去年 and 近三年 count from; by default the day of the question.
        embedding: The model that the index must have been made with; by default whichever it was.
        reranker: The name or folder of a cross-encoder that orders what searches find; by default that of
            ``$NIANBAO_RERANKER``.
        language_model: What widens what is understood and words the answers: a model behind a server, or any LlamaIndex
            ``LLM``. By default none, and nothing is read from the environment: `LanguageModelSettings.from_environment`
            does that.

    Raises:
        IndexMissingError: There is no index in the folder; ``nianbao ingest`` makes one.
        IndexTooNewError: A newer version made it.
        ModelMismatchError: Another model made its vectors.
        LanguageModelError: The client library takes no such language model.
    """
    return Assistant.open(folder, today=today, embedding=embedding, reranker=reranker, language_model=language_model)
