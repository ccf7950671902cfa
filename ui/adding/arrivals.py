"""One file on its way in: written beside its place, checked against the limits, and put there when it is whole."""

from __future__ import annotations

import hashlib
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.files.file_finding import is_candidate, is_left_out
from ingest.files.formats import ARCHIVE_EXTENSION
from ingest.files.readers import extension_of, largest_size
from ui.adding.batches import safe_name
from vectorstore.errors import ReadError

if TYPE_CHECKING:
    from ui.adding.batches import Batch
    from ui.texts import Texts

_MEGABYTE = 1024 * 1024
LARGEST_ARCHIVE = 1024 * _MEGABYTE
LARGEST_BATCH = 4096 * _MEGABYTE
MOST_FILES = 5000
_KEPT_FREE = 256 * _MEGABYTE


def largest_upload(name: str) -> int:
    """The most bytes that an uploaded file of that name may have."""
    return LARGEST_ARCHIVE if extension_of(name) == ARCHIVE_EXTENSION else largest_size(name)


def name_of(sent: str, words: Texts) -> str | None:
    """What a file that was sent under a name is called here; ``None`` if it is no report's, and nothing needs saying.

    Raises:
        ReadError: It was chosen by itself, and its name says that it is no report; or no name is left of it.
    """
    name = safe_name(sent)
    if not name:
        raise ReadError(words("adding.no_name"))
    if any(is_left_out(part) for part in name.split("/")):
        return None
    if not is_candidate(name):
        if "/" in name:
            return None
        raise ReadError(words("adding.not_read", name=name))
    return name


class Arrival:
    """A file that is being received.

    Args:
        arrived: Called with the file's place so far, its name, size and digest, when it is whole; gives its number.
    """

    def __init__(self, batch: Batch, name: str, words: Texts, arrived: Callable[[Path, str, int, str], int]) -> None:
        self._words = words
        self._name = name
        self._arrived = arrived
        self._largest = largest_upload(name)
        self._left = LARGEST_BATCH - batch.size
        self._size = 0
        self._digest = hashlib.sha256()
        self._path = batch.folder / "arriving" / f"{uuid.uuid4().hex}.part"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._path.open("wb")

    def write(self, piece: bytes) -> None:
        """Take in a piece.

        Raises:
            ReadError: The file, or what was added together, is larger than may be; or the disk is full.
        """
        self._size += len(piece)
        require_room(self._words, self._name, self._size, self._largest, self._left)
        self._digest.update(piece)
        try:
            self._file.write(piece)
        except OSError as error:
            raise ReadError(self._words("adding.not_written", reason=error.strerror or error)) from error

    def finish(self) -> int:
        """The file is whole; the number that it has in its batch."""
        try:
            self._file.close()
        except OSError as error:
            raise ReadError(self._words("adding.not_written", reason=error.strerror or error)) from error
        try:
            return self._arrived(self._path, self._name, self._size, self._digest.hexdigest())
        except OSError as error:  # among others where a folder has the name already
            raise ReadError(self._words("adding.not_written", reason=error.strerror or error)) from error

    def give_up(self) -> None:
        """Delete what has come."""
        self._file.close()
        self._path.unlink(missing_ok=True)


def require_room(words: Texts, name: str, size: int, largest: int, left: int) -> None:
    """Raise ReadError where so many bytes are more than a file, or what is added together, may have."""
    if size > largest:
        raise ReadError(words("adding.too_large", name=name, most=largest // _MEGABYTE))
    if size > left:
        raise ReadError(words("adding.batch_too_large", most=LARGEST_BATCH // _MEGABYTE))


def require_disk(words: Texts, folder: Path, size: int) -> None:
    """Raise ReadError where so many bytes would fill the disk."""
    if shutil.disk_usage(folder).free < size + _KEPT_FREE:
        raise ReadError(words("adding.disk_full"))
