"""Files that the command line writes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from assistant.export.formats import FORMATS, REFERENCE_FORMATS, ExportError, extension_in, format_of, write
from ui.printing import print_line
from ui.texts import terminal_language, texts

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.assistant import Assistant
    from assistant.export.document import ExportDocument, ExportTable


def check_output(output: Path | None, offered: Sequence[str] = tuple(FORMATS)) -> None:
    """Wrong usage where a file is wanted and no format has its ending: told before anything is computed."""
    if output is None:
        return
    try:
        format_of(extension_in(output.name), offered)
    except ExportError as error:
        raise typer.BadParameter(str(error), param_hint="--output") from None


def answer_document(assistant: Assistant, answer: Answer) -> ExportDocument:
    """The document of an answer: with the plan in words, and today's date."""
    from pydantic import ValidationError

    from assistant.answering.by_id import reports_by_id
    from assistant.export.answer_document import document_of
    from assistant.plan import Plan

    try:
        understood = assistant.restate(Plan.model_validate(answer.plan)) if answer.plan else None
    except ValidationError:
        understood = None
    return document_of(answer, reports_by_id(assistant.index), understood, assistant.today)


def write_file(content: ExportDocument | ExportTable, output: Path) -> None:
    """Write the file and say so.

    Raises:
        ExportError: The file can't be written, or would be one of references with none in it.
    """
    extension = extension_in(output.name)
    if extension in REFERENCE_FORMATS and not getattr(content, "references", True):
        raise ExportError(f"Nothing is cited, so that {output} was not written; without --output the answer is shown.")
    written = write(content, extension)
    try:
        output.write_bytes(written)
    except OSError as error:
        raise ExportError(f"{output} could not be written: {error.strerror}.") from error
    print_line(texts(terminal_language())("export.written", path=output))
