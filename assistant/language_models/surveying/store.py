"""What models found of reports, kept in files beside the index so that nothing is asked twice.

A file is lines of JSON that are only ever appended, each in one write under a lock: a crash costs at most the line that
was being written, which readers pass over, and several processes can keep what they find side by side. All of it may be
removed at any time, which costs only asking again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

MOST_BYTES = 200 * 2**20
"""Of all files together; above that those go first that nobody has used for longest."""
LOCK_NAME = "surveys.lock"
_LOCK_SECONDS = 10.0


class JsonLines:
    """A file of JSON objects, each known by its ``key``; a later one replaces an earlier one of the same key.

    Safe from several threads and beside other processes. Where the folder can't be written, it remembers for itself
    alone, and ``problem`` says why.
    """

    def __init__(self, path: Path | None, head: Mapping[str, Any] | None = None) -> None:
        self._path = path
        self._head = head
        self.problem: str | None = None
        self._known = {} if path is None else {line["key"]: line for line in _read(path)}
        if path is not None and self._known:
            _touch(path)

    def get(self, key: str) -> dict[str, Any] | None:
        """What is kept under a key."""
        return self._known.get(key)

    def __len__(self) -> int:
        return len(self._known)

    def put(self, records: Iterable[Mapping[str, Any]]) -> None:
        """Keep records, each with its ``key``."""
        kept = [dict(record) for record in records]
        self._known.update((record["key"], record) for record in kept)
        if self._path is None or self.problem is not None or not kept:
            return
        try:
            self._append(self._path, kept)
        except (OSError, TimeoutError) as error:
            self.problem = f"{self._path}: {getattr(error, 'strerror', None) or error}"

    def _append(self, path: Path, records: list[dict[str, Any]]) -> None:
        from filelock import FileLock

        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.parent / LOCK_NAME, timeout=_LOCK_SECONDS):
            is_new = not path.exists()
            if is_new:
                prune(path.parent, MOST_BYTES)
            lines = [self._head, *records] if is_new and self._head is not None else records
            # The newline comes first: after a line that was cut short, the next begins on its own.
            written = "".join("\n" + json.dumps(line, ensure_ascii=False) for line in lines)
            descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                _write(descriptor, written.encode("utf-8", "surrogatepass"))
            finally:
                os.close(descriptor)


def prune(folder: Path, most_bytes: int) -> None:
    """Remove the files that were used longest ago until the others are within the bound."""
    files = []
    for path in folder.glob("*.jsonl"):
        try:
            files.append((path.stat().st_mtime, path.stat().st_size, path))
        except OSError:
            continue
    total = sum(size for _, size, _ in files)
    for _, size, path in sorted(files, key=lambda file: file[0]):
        if total <= most_bytes:
            return
        path.unlink(missing_ok=True)
        total -= size


def _write(descriptor: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]


def _touch(path: Path) -> None:
    try:
        os.utime(path)
    except OSError:
        return


def _read(path: Path) -> Iterator[dict[str, Any]]:
    try:
        content = path.read_bytes()
    except OSError:
        return
    for line in content.split(b"\n"):
        if not line.strip():
            continue
        try:
            record = json.loads(line.decode("utf-8", "surrogatepass"))
        except (ValueError, RecursionError):
            continue
        if isinstance(record, dict) and isinstance(record.get("key"), str):
            yield record
