"""What all models of sentence-transformers need: where they come from, the machine they run on, and what goes wrong.

A model named by hub name is taken from the local cache where it lies there whole, without asking the hub. Otherwise
the hub is asked once, briefly, before anything is loaded: left to itself, loading tries every file in turn and takes
more than a minute to find that there is no network.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from vectorstore.errors import EmbeddingError, NianbaoError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DEVICE_VARIABLE, BATCH_VARIABLE = "NIANBAO_DEVICE", "NIANBAO_BATCH_SIZE"
DEFAULT_BATCH_SIZE = 32
_HUB_TIMEOUT = 10.0
"""Seconds that the hub has to say which version of a model is the current one."""
_NEAR_ENOUGH = 0.999
"""Half precision is used where it keeps a probe's vector this near (cosine); some models overflow in it."""

_DESCRIPTIONS = ("config.json", "modules.json", "config_sentence_transformers.json")
"""The small files that tell a model's kind."""

T = TypeVar("T")


class ModelKind(StrEnum):
    """What a model is made for. The values are how messages call it."""

    EMBEDDING = "an embedding model"
    CROSS_ENCODER = "a cross-encoder or classifier"
    ENCODER = "an encoder without a head that gives scores"
    SPARSE = "a sparse encoder"
    MULTI_VECTOR = "an encoder with one vector a token"


_NAMED_KINDS = {
    "SentenceTransformer": ModelKind.EMBEDDING,
    "CrossEncoder": ModelKind.CROSS_ENCODER,
    "SparseEncoder": ModelKind.SPARSE,
    "MultiVectorEncoder": ModelKind.MULTI_VECTOR,
}
"""By the ``model_type`` that sentence-transformers writes from version 5 on."""
_HEADLESS = ("Model", "ForMaskedLM", "ForPreTraining", "ForTokenClassification", "ForQuestionAnswering")
"""Ends of architectures that, loaded to score pairs, would get a new head of random weights."""


def chosen_device(device: str | None) -> str | None:
    """The device given, or that of ``$NIANBAO_DEVICE``; ``None`` for the best there is."""
    return device or os.environ.get(DEVICE_VARIABLE) or None


def chosen_batch_size(batch_size: int | None, error: type[NianbaoError] = EmbeddingError) -> int:
    """The batch size given, or that of ``$NIANBAO_BATCH_SIZE``, or 32.

    Raises:
        NianbaoError: It is no positive whole number.
    """
    given: object = batch_size if batch_size is not None else os.environ.get(BATCH_VARIABLE) or DEFAULT_BATCH_SIZE
    try:
        size = int(str(given))
    except ValueError:
        size = 0
    if size < 1:
        raise error(f"The batch size is {given}; give a whole number from 1 on (${BATCH_VARIABLE} sets it).")
    return size


def existing_folder(name_or_path: str | Path, what: str, error: type[NianbaoError]) -> Path | None:
    """The folder that is meant; ``None`` for a hub name.

    Raises:
        NianbaoError: It is empty; or it can only be a path, and there is no such folder.
    """
    if not str(name_or_path).strip():
        raise error(f"The name of {what} is empty. Give a folder or a hub name.")
    folder = Path(name_or_path).expanduser()
    if folder.is_dir():
        return folder.resolve()
    if isinstance(name_or_path, Path) or name_or_path.startswith((".", "/", "~")) or name_or_path.count("/") > 1:
        raise error(f"There is no folder {folder} with {what}. Check the path.")
    return None


def model_kind(folder: Path) -> ModelKind | None:
    """What the model in a folder is made for, from its small files; ``None`` where they don't tell.

    A causal language model may be either: rerankers and embedding models are both saved as one.
    """
    own, config = _read_json(folder / "config_sentence_transformers.json"), _read_json(folder / "config.json")
    if (folder / "modules.json").is_file():
        return _NAMED_KINDS.get(str(own.get("model_type", "SentenceTransformer")))
    if "model_type" in own:
        return _NAMED_KINDS.get(str(own["model_type"]))
    if config.get("model_type") == "model2vec":
        return ModelKind.EMBEDDING
    architectures = [str(name) for name in config.get("architectures") or []]
    if any(name.endswith("ForSequenceClassification") for name in architectures):
        return ModelKind.CROSS_ENCODER
    if architectures and all(name.endswith(_HEADLESS) for name in architectures):
        return ModelKind.ENCODER
    return None


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # whoever loads the model says what is wrong with it
    return found if isinstance(found, dict) else {}


def _refuse_other_kind(
    name: str, accepts: Collection[ModelKind] | None, needs: str, error: type[NianbaoError], folder: Path
) -> None:
    kind = None if accepts is None else model_kind(folder)
    if accepts is not None and kind is not None and kind not in accepts:
        architectures = _read_json(folder / "config.json").get("architectures") or []
        shown = f" ({', '.join(map(str, architectures))})" if architectures else ""
        raise error(f"The model {name} is {kind}{shown}. {needs}")


def load_model(
    make: Callable[..., T],
    name: str,
    *,
    revision: str | None,
    organisation: str,
    what: str,
    error: type[NianbaoError],
    way_out: str,
    accepts: Collection[ModelKind] | None = None,
    needs: str = "",
) -> tuple[T, str | None]:
    """Make a model from a folder or by hub name.

    Args:
        make: Takes a name, and ``revision`` and ``local_files_only``.
        revision: The hub's commit to take; ``None`` for the one in the cache, or else the current one.
        organisation: Where the library looks for names without a slash.
        what: What it should be, for messages: ``the embedding model``.
        error: What to raise.
        way_out: What else to do where the hub can't be reached, as the end of a sentence.
        accepts: The kinds that will do; any if ``None``. What doesn't tell its kind is accepted too.
        needs: What is needed, for who named another kind: whole sentences.

    Returns:
        The model and its commit on the hub, ``None`` for a folder.
    """
    check = partial(_refuse_other_kind, name, accepts, needs, error)
    with _without_progress_bars():
        if Path(name).is_dir():
            check(Path(name))
            return _from_folder(make, name, what, error), None
        full_name = name if "/" in name else f"{organisation}/{name}"
        folder = _cached_folder(full_name, revision)
        cached = None if folder is None else folder.name
        if folder is not None:
            check(folder)
            try:
                return make(full_name, revision=cached, local_files_only=True), cached
            except Exception as problem:  # as above; a download may have been interrupted
                _refuse_wrong_device(what, name, problem, error)
        try:
            current = _current_commit(full_name)  # asked in any case: it tells at once whether the hub can be reached
            commit = revision or cached or current
            if accepts is not None:
                check(_fetch_descriptions(full_name, commit))  # before gigabytes of weights are fetched for nothing
            return make(full_name, revision=commit, local_files_only=False), commit
        except error:
            raise
        except Exception as problem:  # as above, and the hub client has errors of its own
            what_to_do = (
                "If this machine cannot reach the Hugging Face hub, download the model where one can "
                f"(`hf download {full_name} --local-dir FOLDER`), copy the folder here and name the folder instead"
            )
            raise error(f"{_failed(what, name, problem)} {what_to_do}{way_out}.") from problem


def _from_folder(make: Callable[..., T], name: str, what: str, error: type[NianbaoError]) -> T:
    try:
        return make(name, revision=None, local_files_only=True)
    except Exception as problem:  # transformers, torch and the module's own code each raise their own kinds
        _refuse_wrong_device(what, name, problem, error)
        what_to_do = "Check that the folder holds a whole sentence-transformers model."
        raise error(f"{_failed(what, name, problem)} {what_to_do}") from problem


def _failed(what: str, name: str, problem: Exception) -> str:
    first_line = (str(problem).strip().splitlines() or [type(problem).__name__])[0].rstrip(".")
    return f"{what[0].upper()}{what[1:]} {name} cannot be loaded ({first_line[:200]})."


def _refuse_wrong_device(what: str, name: str, problem: Exception, error: type[NianbaoError]) -> None:
    # A device that isn't there must not look like an incomplete model, which would be downloaded anew.
    if re.search(r"\b(cuda|mps|xpu|device)\b", str(problem), re.IGNORECASE):
        raise error(f"{_failed(what, name, problem)} Name another --device (cpu always works).") from problem


def _cached_folder(name: str, revision: str | None) -> Path | None:
    """A model's folder in the local hub cache, named by its commit; ``None`` without its list of modules or config.

    A cache that another program filled may lack ``modules.json``, and the model would silently get another pooling.
    """
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    cache = os.environ.get("SENTENCE_TRANSFORMERS_HOME")  # where the library looks instead, if it is set
    try:
        listed = try_to_load_from_cache(name, "modules.json", cache_dir=cache, revision=revision)
        config = try_to_load_from_cache(name, "config.json", cache_dir=cache, revision=revision)
    except HFValidationError:
        return None
    known_to_be_without = listed is not None and not isinstance(listed, str)
    if isinstance(listed, str):
        return Path(listed).parent
    return Path(config).parent if known_to_be_without and isinstance(config, str) else None


def _fetch_descriptions(name: str, commit: str | None) -> Path:
    from huggingface_hub import snapshot_download

    cache = os.environ.get("SENTENCE_TRANSFORMERS_HOME")
    return Path(snapshot_download(name, revision=commit, cache_dir=cache, allow_patterns=list(_DESCRIPTIONS)))


def _current_commit(name: str) -> str | None:
    from huggingface_hub import HfApi

    return HfApi().model_info(name, timeout=_HUB_TIMEOUT).sha


@contextmanager
def _without_progress_bars() -> Iterator[None]:
    """A bar for the loading of weights would be drawn across our own."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


def fit_precision(model: Any, probe: Callable[[], NDArray[np.float32]]) -> bool:
    """Reckon in the precision that suits the device: half on a GPU, single on a CPU, where half is slower.

    Args:
        model: A torch module with ``device`` and ``dtype``.
        probe: Makes some vectors or scores with the model as it is.

    Returns:
        False if the model doesn't bear half precision. Its weights have been rounded then, and it has to be loaded
        again and left as it is.
    """
    import torch

    if model.device.type == "cpu" and model.dtype in (torch.float16, torch.bfloat16):
        model.float()
    if model.device.type != "cuda" or model.dtype != torch.float32:
        return True
    return bears_half_precision(model, probe)


def bears_half_precision(model: Any, probe: Callable[[], NDArray[np.float32]]) -> bool:
    """Halve a model's precision, and say whether what it gives stays the same but for rounding."""
    import numpy

    before = probe().ravel()
    model.half()
    after = probe().ravel()
    if not numpy.isfinite(after).all():
        return False
    lengths = float(numpy.linalg.norm(before) * numpy.linalg.norm(after))
    return lengths > 0 and float(before @ after) / lengths >= _NEAR_ENOUGH


def with_smaller_batches(run: Callable[[int], T], batch_size: int, error: type[NianbaoError]) -> tuple[T, int]:
    """Run with a batch size, halved as long as the device's memory doesn't suffice.

    Returns:
        What ``run`` gave and the batch size that fitted.

    Raises:
        NianbaoError: Not even one text fits.
    """
    import torch

    while True:
        try:
            return run(batch_size), batch_size
        except torch.OutOfMemoryError as problem:
            if batch_size == 1:
                raise error(
                    "The device's memory doesn't suffice for the model and a single text. Name another --device, or "
                    "a smaller model."
                ) from problem
        batch_size //= 2
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
