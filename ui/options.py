"""The options that several commands share, their exit codes, and how they open an index."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.filters import FIRST_YEAR, LAST_YEAR
from ui import completing
from vectorstore.errors import IndexFolderError
from vectorstore.records import Kind, Report, SectionRole

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.language_models.model import LanguageModel
    from vectorstore.index import Index

FAILED, WRONG_USAGE, SOME_FAILED = 1, 2, 3
INTERRUPTED = 128 + 2
"""What shells expect of a program that was ended from the keyboard (SIGINT)."""
DEFAULT_INDEX = Path("nianbao-index")

IndexFolder = Annotated[
    Path,
    typer.Option("--index", envvar="NIANBAO_INDEX", metavar="DIR", help="The folder that keeps everything ingested."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print comma-separated values.")]
InYear = Annotated[int | None, typer.Option("--year", min=FIRST_YEAR, max=LAST_YEAR, help="Only this statistics year.")]
OfKind = Annotated[Kind | None, typer.Option("--kind", help="Only bodies of this kind.")]
InRegion = Annotated[
    str | None, typer.Option("--region", metavar="REGION", help="Only below this region: 山东省 or 山东省/威海市.")
]
OfBody = Annotated[
    str | None, typer.Option("--body", metavar="NAME", help="Only bodies whose name or short name contains this.")
]
InSection = Annotated[SectionRole | None, typer.Option("--section", help="Only sections about this.")]
WithReranker = Annotated[
    str | None,
    typer.Option(
        "--reranker",
        metavar="NAME",
        help="A cross-encoder, by name or folder, that orders what is found; by default $NIANBAO_RERANKER.",
    ),
]
WithModel = Annotated[
    str | None,
    typer.Option(
        "--llm",
        envvar="NIANBAO_LLM",
        metavar="PROVIDER:MODEL",
        help="A language model that widens what is understood and words what is answered, as openai:qwen3-8b (any "
        "server that speaks its protocol) or ollama:qwen3:8b; none turns it off. Its key only by $NIANBAO_LLM_KEY.",
    ),
]
AtModel = Annotated[
    str | None,
    typer.Option(
        "--llm-url",
        envvar="NIANBAO_LLM_URL",
        metavar="URL",
        help="The address of the language model's server, as http://127.0.0.1:8000/v1.",
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option("--today", metavar="DATE", help="What 去年 and 近三年 count from, as 2024-05-31; today by default."),
]

ReportId = Annotated[
    str,
    typer.Argument(metavar="ID", help="The report's id, or its beginning.", autocompletion=completing.reports),
]
OptionalReportId = Annotated[
    str | None,
    typer.Argument(metavar="[ID]", help="The report's id, or its beginning.", autocompletion=completing.reports),
]
OutputFile = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write a file in place of printing; its ending says which: .docx .xlsx .csv .md, or .txt .bib .ris "
        ".csl.json for the references.",
    ),
]


def parse_date(value: str | None) -> date | None:
    """The date of ``--today``; wrong usage if it is none."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise typer.BadParameter(f"{value} is no date; write it as 2024-05-31.", param_hint="--today") from None


def open_assistant(
    folder: Path,
    today: date | None = None,
    reranker: str | None = None,
    llm: str | None = None,
    llm_url: str | None = None,
) -> Assistant:
    """The assistant over an index, a context manager; NianbaoError says what to do where there is none.

    Args:
        llm: As `open_language_model` takes it.
    """
    from assistant.assistant import Assistant

    model = open_language_model(llm, llm_url)
    return Assistant.open(folder, today=today, reranker=reranker, language_model=model)


def open_language_model(llm: str | None, llm_url: str | None = None) -> LanguageModel | None:
    """The language model that ``--llm`` names, ``PROVIDER:MODEL``; ``None`` where none is named, or ``none`` is.

    Its key and its limits come from the environment. Nothing is sent yet.

    Raises:
        LanguageModelError: The settings can't be meant.
    """
    from assistant.language_models.settings import URL_VARIABLE, LanguageModelSettings

    # One that only the environment has may wait there for a --llm.
    if llm_url and not llm and llm_url != os.environ.get(URL_VARIABLE):
        raise typer.BadParameter("Which model is at it? Give --llm as well.", param_hint="--llm-url")
    settings = LanguageModelSettings.chosen(llm, url=llm_url)
    if settings is None:
        return None
    from assistant.language_models.model import LanguageModel

    return LanguageModel.open(settings)


def open_index(folder: Path) -> Index:
    """The index in a folder, a context manager; NianbaoError says what to do where there is none."""
    from vectorstore.index import Index

    return Index.open(folder)


def find_report(index: Index, report_id: str) -> Report:
    """The report of an id or of its unique beginning; an error that says where ids are listed."""
    try:
        return index.report(report_id)
    except KeyError:
        raise IndexFolderError(
            f"No report, or more than one, has an id that begins with {report_id!r}; `nianbao reports` lists them."
        ) from None
