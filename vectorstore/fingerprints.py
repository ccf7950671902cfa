"""What tells one embedding model from another: a short hash that changes when its vectors of passages would."""

from __future__ import annotations

import hashlib
from pathlib import Path

_LARGE = 64 * 2**20
"""Bytes. Of files larger than that not all is read: a model of 2 GB would take seconds each time it is loaded."""
_SAMPLES, _SAMPLE = 256, 2**16


def folder_fingerprint(folder: Path) -> str:
    """Sixteen hex digits of what the files of a model say; notes about it don't count."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and path.suffix != ".md" and not any(part.startswith(".") for part in name.parts):
            digest.update(name.as_posix().encode())
            digest.update(_file_digest(path))
    return digest.hexdigest()[:16]


def with_settings(fingerprint: str, passage_prompt: str | None, max_length: int | None) -> str:
    """The fingerprint of a model that is used otherwise than its own files say; the same if both are ``None``."""
    if passage_prompt is None and max_length is None:
        return fingerprint
    return hashlib.sha256(f"{fingerprint}\n{max_length}\n{passage_prompt}".encode()).hexdigest()[:16]


def _file_digest(path: Path) -> bytes:
    size = path.stat().st_size
    if size <= _LARGE:
        return hashlib.sha256(path.read_bytes()).digest()
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        # Training changes weights everywhere in a file: evenly spread samples see it.
        for number in range(_SAMPLES):
            file.seek(number * (size - _SAMPLE) // (_SAMPLES - 1))
            digest.update(file.read(_SAMPLE))
    return digest.digest()
