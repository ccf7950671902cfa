"""The script that makes the bundled model, on a corpus of a few made-up articles."""

from __future__ import annotations

import json
import lzma
import subprocess
import sys
from pathlib import Path

import numpy
import pytest

from vectorstore.embedding import load_embedding

pytestmark = pytest.mark.integration

_ARTICLES = [
    "第一条　为了养好池塘里的锦鲤，制定本办法。",
    "第二条　锦鲤每日喂食两次，池塘每月换水一次。",
    "第三条　果园的梨树春天修枝，秋天采摘。",
    "第四条　梨树的果实由果园自行采摘和分配。",
]


def _build(tmp_path: Path, name: str) -> Path:
    corpus = tmp_path / "laws.jsonl.xz"
    with lzma.open(corpus, "wt", encoding="utf-8") as lines:
        for _ in range(3):
            lines.write(
                json.dumps({"title": "锦鲤办法", "articles": [["总则", _ARTICLES * 3]]}, ensure_ascii=False) + "\n"
            )
        for number in range(40):  # enough different characters for all dimensions
            filler = "".join(chr(0x4E00 + number * 25 + i) for i in range(25))
            article = [f"{filler}，{filler}，{filler}。锦鲤池塘。梨树果园。"]
            lines.write(json.dumps({"title": "", "articles": [["", article]]}, ensure_ascii=False) + "\n")
    command = [sys.executable, "-m", "vectorstore.data.build_embedding_model", str(corpus), str(tmp_path / name)]
    subprocess.run(command, check=True, timeout=120, capture_output=True, cwd=Path(__file__).parents[2])
    return tmp_path / name


def test_a_model_is_built_that_can_be_loaded_and_knows_what_goes_together(tmp_path: Path) -> None:
    model = load_embedding(_build(tmp_path, "model"))
    query = model.embed_query("锦鲤")
    near, far = model.embed_passages(["池塘", "果园"])
    assert query @ near > query @ far
    assert numpy.allclose(numpy.linalg.norm(model.embed_passages(["梨树采摘"])), 1, atol=1e-5)


def test_the_same_corpus_gives_the_same_model(tmp_path: Path) -> None:
    first, second = (load_embedding(_build(tmp_path, name)) for name in ("a", "b"))
    assert numpy.allclose(first.embed_query("锦鲤池塘"), second.embed_query("锦鲤池塘"), atol=1e-3)
