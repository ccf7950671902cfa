"""The bundled corpus and a batch of generated reports, made once."""

from __future__ import annotations

import pytest

from samples.generator import GeneratedReport, generate, sample_corpus


@pytest.fixture(scope="session")
def bundled() -> list[GeneratedReport]:
    return list(sample_corpus())


@pytest.fixture(scope="session")
def batch() -> list[GeneratedReport]:
    """Four counties over five years, with every deviation at its rate."""
    return list(generate(300, seed=5))
