"""Writes a model in the layout that sentence-transformers and model2vec both read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from safetensors.numpy import save
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from vectorstore.static_embedding import EXPANDED

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNKNOWN = "[UNK]"


def write_model(folder: Path, tokens: Sequence[str], table: NDArray[np.float32]) -> None:
    """Write the model into a folder, in half precision; its README stays as it is.

    Args:
        table: One row a token.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # The unknown token has a row of zeros: sentence-transformers counts it into the mean, model2vec leaves it out.
    rows = np.vstack([np.zeros((1, table.shape[1]), np.float32), table]).astype(np.float16)
    # Written here and not by save_file, which lets nobody but its owner read the file.
    (folder / "model.safetensors").write_bytes(save({"embeddings": np.ascontiguousarray(rows)}))
    _tokenizer([UNKNOWN, *tokens]).save(str(folder / "tokenizer.json"), pretty=False)
    config = {
        "model_type": "model2vec",
        "architectures": ["StaticModel"],
        "hidden_dim": int(table.shape[1]),
        "normalize": True,
        "max_length": None,
        "embedding_dtype": "float16",
        "text_preparation": EXPANDED,
    }
    modules = [
        {"idx": 0, "name": "0", "path": ".", "type": "sentence_transformers.models.StaticEmbedding"},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
    ]
    similarity = {"model_type": "SentenceTransformer", "similarity_fn_name": "cosine"}
    _write_json(folder / "config.json", config)
    _write_json(folder / "modules.json", modules)
    _write_json(folder / "config_sentence_transformers.json", similarity)


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _tokenizer(tokens: Sequence[str]) -> Tokenizer:
    """Reads expanded text exactly; of raw text, which should not be given to it, the characters and short words."""
    tokenizer = Tokenizer(models.WordLevel({token: number for number, token in enumerate(tokens)}, unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.Lowercase()
    han = r"\p{Han}"
    in_a_long_run = rf"{han}(?={han}{{2}})|(?<={han}{{2}}){han}|(?<={han}){han}(?={han})"
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Split(Regex(r"[0-9]+(\.[0-9]+)?|[a-z]+|[^\p{Han}0-9a-z]+"), "isolated"),
            pre_tokenizers.Split(Regex(in_a_long_run), "isolated"),
        ]
    )
    return tokenizer
