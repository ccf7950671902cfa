"""The bundled corpus, a batch of generated reports, and the question bank over an index of its own, made once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from assistant.assistant import Assistant
from ingest.pipeline import ingest
from samples.generator import GeneratedReport, generate, sample_corpus
from samples.questions.bank import ask_all
from samples.questions.corpus import bank_corpus, write_bank_corpus
from vectorstore.index import Index


@pytest.fixture(scope="session")
def bundled() -> list[GeneratedReport]:
    return list(sample_corpus())


@pytest.fixture(scope="session")
def batch() -> list[GeneratedReport]:
    """Four counties over five years, with every deviation at its rate."""
    return list(generate(300, seed=5))


@dataclass(frozen=True, slots=True)
class Bank:
    """The bank's corpus, small: its truth, its questions, and an assistant over its index."""

    rows: list[dict[str, Any]]
    questions: list[dict[str, Any]]
    assistant: Assistant


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    """Three counties over three years, two of them in one city."""
    folder = tmp_path_factory.mktemp("bank")
    rows = write_bank_corpus(bank_corpus(years=(2022, 2023, 2024), counties=3), folder)
    with Index.open(folder / "index", create=True) as index:
        ingest([folder / "reports"], index)
    with Assistant.open(folder / "index", today=date(2025, 6, 1)) as assistant:
        yield Bank(rows, list(ask_all(rows)), assistant)
