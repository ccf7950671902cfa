"""Begins with nothing: the pages over a folder that holds no index yet, which reports are added to in the browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore.database import UPLOADS_NAME
from vectorstore.errors import IndexMissingError

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.language_models.model import LanguageModel


@contextmanager
def open_or_begin(
    folder: str | Path, reranker: str | None = None, language_model: LanguageModel | None = None
) -> Iterator[tuple[Assistant, bool]]:
    """The assistant over the index of a folder, and whether the index was made just now, since there was none.

    A new index to which nothing was added is gone at the end: a mistyped folder leaves nothing behind.

    Raises:
        IndexFolderError: The folder holds other things, or its index can't be used.
    """
    from assistant.assistant import Assistant
    from vectorstore.index import Index

    path = Path(folder).expanduser()
    was_there, is_new = path.exists(), False
    try:
        assistant = Assistant.open(path, reranker=reranker, language_model=language_model)
    except IndexMissingError:
        Index.open(path, create=True).close()
        assistant, is_new = Assistant.open(path, reranker=reranker, language_model=language_model), True
    try:
        yield assistant, is_new
    finally:
        is_unused = is_new and not assistant.index.sources() and not (path / UPLOADS_NAME).exists()
        assistant.close()
        if is_unused:
            for entry in path.iterdir():
                entry.unlink() if entry.is_file() else shutil.rmtree(entry)
            if not was_there:
                path.rmdir()
