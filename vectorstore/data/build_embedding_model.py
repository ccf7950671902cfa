"""Makes the bundled embedding model from a corpus of Chinese law.

    python vectorstore/data/build_embedding_model.py LAWS.jsonl.xz [vectorstore/data/embedding_model]

The corpus has one law a line: ``{"title": …, "articles": [[chapter, [paragraph, …]], …]}``. A few minutes on one core;
needs scipy and scikit-learn, which the package itself does not. The same corpus gives the same model.

Tokens are characters and bigrams (see ``vectorstore.terms``). Their vectors come from what they stand beside: positive
pointwise mutual information within a window, reduced by a singular value decomposition, each weighted down the
commoner it is (SIF), so that the mean of a text's tokens says what the text is about.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
from collections import Counter
from pathlib import Path

import numpy as np
from safetensors.numpy import save
from scipy.sparse import coo_matrix, csr_matrix  # type: ignore[import-untyped]
from sklearn.utils.extmath import randomized_svd  # type: ignore[import-untyped]
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from vectorstore.static_embedding import EXPANDED
from vectorstore.terms import terms_of

VOCABULARY = 27_500
DIMENSION = 128
WINDOW = 6  # characters to either side
SMOOTHING = 0.75
SIF = 1e-3
UNKNOWN = "[UNK]"

_HAN_RUN = re.compile(r"[㐀-䶿一-鿿]+")


def paragraphs(corpus: Path) -> list[str]:
    """Every paragraph of the corpus once, without the number of its article."""
    seen: dict[str, None] = {}
    with lzma.open(corpus, "rt", encoding="utf-8") as lines:
        for line in lines:
            for _, texts in json.loads(line)["articles"]:
                for text in texts:
                    seen[re.sub(r"^\s*第[一二三四五六七八九十百千零〇]+条\s*", "", text)] = None
    return list(seen)


def vocabulary(texts: list[str], extra: set[str]) -> tuple[list[str], Counter[str]]:
    """The tokens, commonest first: characters seen three times, ``extra``, then the commonest bigrams."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(terms_of(text))
    characters = [term for term, count in counts.most_common() if len(term) == 1 and count >= 3]
    wanted = [term for term in sorted(extra) if len(term) > 1]
    chosen = dict.fromkeys([*characters, *wanted])
    for term, count in counts.most_common():
        if len(chosen) >= VOCABULARY or count < 3:
            break
        if len(term) == 2:
            chosen[term] = None
    return list(chosen), counts


def cooccurrences(texts: list[str], tokens: list[str]) -> csr_matrix:
    """How often two tokens stand near one another, nearer counting more. Overlapping tokens are no neighbours."""
    ids = {token: number for number, token in enumerate(tokens)}
    size = len(tokens)
    total = csr_matrix((size, size), dtype=np.float32)
    for start in range(0, len(texts), 20_000):
        # One long array of characters and of bigrams, -1 where the token is unknown; gaps keep texts apart.
        ones: list[int] = []
        twos: list[int] = []
        for text in texts[start : start + 20_000]:
            for run in _HAN_RUN.findall(text):
                ones += [ids.get(character, -1) for character in run] + [-1]
                twos += [ids.get(run[i : i + 2], -1) for i in range(len(run) - 1)] + [-1, -1]
            ones += [-1] * WINDOW
            twos += [-1] * WINDOW
        layers = (np.array(ones, dtype=np.int32), 1), (np.array(twos, dtype=np.int32), 2)
        for left, left_length in layers:
            for right, _ in layers:
                for distance in range(left_length, WINDOW + left_length):
                    a, b = left[:-distance], right[distance:]
                    length = min(len(a), len(b))
                    known = (a[:length] >= 0) & (b[:length] >= 0)
                    weight = 1.0 / (1.0 + 0.2 * (distance - left_length))
                    pairs = coo_matrix(
                        (np.full(int(known.sum()), weight, np.float32), (a[:length][known], b[:length][known])),
                        shape=(size, size),
                    )
                    total = total + pairs.tocsr()
    return (total + total.T).tocsr()


def vectors(counts: csr_matrix, frequencies: np.ndarray) -> np.ndarray:
    """Token vectors from co-occurrence counts, weighted by rarity."""
    by_row = np.asarray(counts.sum(axis=1)).ravel()
    smoothed = by_row**SMOOTHING
    smoothed /= smoothed.sum()
    pairs = counts.tocoo()
    with np.errstate(divide="ignore"):
        information = np.log(pairs.data / (by_row[pairs.row] * smoothed[pairs.col]))
    positive = information > 0
    matrix = csr_matrix(
        (information[positive].astype(np.float32), (pairs.row[positive], pairs.col[positive])), shape=counts.shape
    )
    left, singular, _ = randomized_svd(matrix, n_components=DIMENSION, n_iter=3, random_state=20_190_515)
    found = left * np.sqrt(singular)
    lengths = np.linalg.norm(found, axis=1)
    found *= 16.0 / lengths[lengths > 0].mean()
    share = frequencies / frequencies.sum()
    found *= (SIF / (SIF + share))[:, None]
    found[frequencies == 0] *= 0.01
    return np.asarray(found, dtype=np.float32)


def tokenizer_of(tokens: list[str]) -> Tokenizer:
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


def write(folder: Path, tokens: list[str], table: np.ndarray) -> None:
    """Write the model in the layout that sentence-transformers and model2vec both read."""
    folder.mkdir(parents=True, exist_ok=True)
    # Written here and not by save_file, which lets nobody but its owner read the file.
    (folder / "model.safetensors").write_bytes(save({"embeddings": np.ascontiguousarray(table.astype(np.float16))}))
    tokenizer_of(tokens).save(str(folder / "tokenizer.json"), pretty=False)
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
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    (folder / "modules.json").write_text(json.dumps(modules, indent=2) + "\n", encoding="utf-8")
    (folder / "config_sentence_transformers.json").write_text(
        json.dumps({"model_type": "SentenceTransformer", "similarity_fn_name": "cosine"}, indent=2) + "\n",
        encoding="utf-8",
    )


def main() -> None:
    """Read the corpus, make the vectors, write the model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("folder", type=Path, nargs="?", default=Path(__file__).parent / "embedding_model")
    arguments = parser.parse_args()
    texts = paragraphs(arguments.corpus)
    # What people say and what reports write must have vectors whether or not the law uses the words.
    lists = Path(__file__).parent
    extra = set(terms_of((lists / "synonyms.tsv").read_text(encoding="utf-8")))
    tokens, counts = vocabulary(texts, {term for term in extra if not term.isascii()})
    frequencies = np.array([counts[token] for token in tokens], dtype=np.float64)
    table = vectors(cooccurrences(texts, tokens), frequencies)
    # The unknown token has a row of zeros: sentence-transformers counts it into the mean, model2vec leaves it out.
    write(arguments.folder, [UNKNOWN, *tokens], np.vstack([np.zeros((1, DIMENSION), np.float32), table]))


if __name__ == "__main__":
    main()
