"""What all models of sentence-transformers need: where they come from, the machine they run on, and what goes wrong.

A model named by hub name is taken from the local cache where it lies there whole, without asking the hub. Otherwise
the hub is asked once, briefly, before anything is loaded: left to itself, loading tries every file in turn and takes
more than a minute to find that there is no network.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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

T = TypeVar("T")


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
        NianbaoError: It can only be a path, and there is no such folder.
    """
    folder = Path(name_or_path).expanduser()
    if folder.is_dir():
        return folder.resolve()
    if isinstance(name_or_path, Path) or name_or_path.startswith((".", "/", "~")) or name_or_path.count("/") > 1:
        raise error(f"There is no folder {folder} with {what}. Check the path.")
    return None


def load_model(
    make: Callable[..., T],
    name: str,
    *,
    revision: str | None,
    organisation: str,
    what: str,
    error: type[NianbaoError],
    way_out: str,
) -> tuple[T, str | None]:
    """Make a model from a folder or by hub name.

    Args:
        make: Takes a name, and ``revision`` and ``local_files_only``.
        revision: The hub's commit to take; ``None`` for the one in the cache, or else the current one.
        organisation: Where the library looks for names without a slash.
        what: What it should be, for messages: ``the embedding model``.
        error: What to raise.
        way_out: What else to do where the hub can't be reached, as the end of a sentence.

    Returns:
        The model and its commit on the hub, ``None`` for a folder.
    """
    with _without_progress_bars():
        if Path(name).is_dir():
            try:
                return make(name, revision=None, local_files_only=True), None
            except Exception as problem:  # transformers, torch and the module's own code each raise their own kinds
                _refuse_wrong_device(what, name, problem, error)
                what_to_do = "Check that the folder holds a whole sentence-transformers model."
                raise error(f"{_failed(what, name, problem)} {what_to_do}") from problem
        full_name = name if "/" in name else f"{organisation}/{name}"
        cached = _cached_commit(full_name, revision)
        if cached is not None:
            try:
                return make(full_name, revision=cached, local_files_only=True), cached
            except Exception as problem:  # as above; a download may have been interrupted
                _refuse_wrong_device(what, name, problem, error)
        try:
            current = _current_commit(full_name)  # asked in any case: it tells at once whether the hub can be reached
            commit = revision or cached or current
            return make(full_name, revision=commit, local_files_only=False), commit
        except Exception as problem:  # as above, and the hub client has errors of its own
            what_to_do = (
                "If this machine cannot reach the Hugging Face hub, download the model where one can "
                f"(`hf download {full_name} --local-dir FOLDER`), copy the folder here and name the folder instead"
            )
            raise error(f"{_failed(what, name, problem)} {what_to_do}{way_out}.") from problem


def _failed(what: str, name: str, problem: Exception) -> str:
    first_line = (str(problem).strip().splitlines() or [type(problem).__name__])[0].rstrip(".")
    return f"{what[0].upper()}{what[1:]} {name} cannot be loaded ({first_line[:200]})."


def _refuse_wrong_device(what: str, name: str, problem: Exception, error: type[NianbaoError]) -> None:
    # A device that isn't there must not look like an incomplete model, which would be downloaded anew.
    if re.search(r"\b(cuda|mps|xpu|device)\b", str(problem), re.IGNORECASE):
        raise error(f"{_failed(what, name, problem)} Name another --device (cpu always works).") from problem


def _cached_commit(name: str, revision: str | None) -> str | None:
    """The commit of a model in the local hub cache; ``None`` if its list of modules or its config isn't there.

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
        return Path(listed).parent.name
    return Path(config).parent.name if known_to_be_without and isinstance(config, str) else None


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
