"""The retriever inside LlamaIndex, and the documentation's examples as they stand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from ingest.pipeline import ingest
from vectorstore.index import Index

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documented") / "samples-index"
    with Index.open(folder, create=True) as index:
        ingest([ROOT / "samples" / "reports"], index)
    return folder


def test_a_node_of_the_retriever_is_its_reports_text_at_its_offsets(folder: Path) -> None:
    with Assistant.open(folder) as assistant:
        found = assistant.as_llama_index_retriever(year=2023, kind="township", k=5).retrieve("征地补偿方面的申请")
        assert 0 < len(found) <= 5
        for hit in found:
            node = hit.node
            assert assistant.index.text(node.ref_doc_id)[node.start_char_idx : node.end_char_idx] == node.text
            assert (node.metadata["year"], node.metadata["kind"]) == (2023, "township")
        assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)


@pytest.mark.parametrize("number", [0, 1])
def test_the_documented_examples_run_as_they_stand(folder: Path, number: int) -> None:
    example = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "llama_index.md").read_text("utf-8"), re.S)[number]
    done = subprocess.run(
        [sys.executable, "-c", example],
        cwd=folder.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "栖澜" in done.stdout
