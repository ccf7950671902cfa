"""Which embedding model is asked for, and what of that an index has to remember."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Self

BUNDLED = "bundled"
_RECORDED = ("query_prompt", "passage_prompt", "revision", "max_length")


@dataclass(frozen=True, slots=True)
class EmbeddingSettings:
    """An embedding model and how it is used.

    The first five make the vectors and are recorded in the index; the last two are the machine's own.

    Attributes:
        name: ``bundled``, a folder, or a name on the Hugging Face hub.
        query_prompt: Put before every query; "" for none, ``None`` for the model's own.
        passage_prompt: Put before every passage, likewise.
        revision: The hub's commit; ``None`` for the one in the local cache, or else the current one.
        max_length: Tokens, after which a text is cut; ``None`` for the model's own limit.
        device: ``cpu``, ``cuda`` …; ``None`` for ``$NIANBAO_DEVICE``, or else the best there is.
        batch_size: Texts at a time; ``None`` for ``$NIANBAO_BATCH_SIZE``, or else 32.
    """

    name: str = BUNDLED
    query_prompt: str | None = None
    passage_prompt: str | None = None
    revision: str | None = None
    max_length: int | None = None
    device: str | None = None
    batch_size: int | None = None

    @classmethod
    def of(cls, embedding: str | Path | EmbeddingSettings | None) -> EmbeddingSettings:
        """Settings from what a caller may give instead, a name or path; a folder's path is made absolute."""
        settings = embedding if isinstance(embedding, EmbeddingSettings) else cls(str(embedding or BUNDLED))
        if settings.name == BUNDLED:
            return settings
        # One model has one name wherever it is named from.
        folder = Path(settings.name).expanduser()
        return replace(settings, name=str(folder.resolve())) if folder.is_dir() else settings

    @classmethod
    def recorded(cls, meta: Mapping[str, str]) -> Self | None:
        """What an index remembers, from its meta table; ``None`` if it remembers no model yet."""
        name = meta.get("embedding_name")
        return None if name is None else cls(name, **json.loads(meta.get("embedding_settings", "{}")))

    def as_recorded(self) -> dict[str, str]:
        """The entries of the meta table that `recorded` reads."""
        values = {name: getattr(self, name) for name in _RECORDED}
        given = {name: value for name, value in values.items() if value is not None}
        return {"embedding_name": self.name, "embedding_settings": json.dumps(given, ensure_ascii=False)}

    def agrees_with(self, recorded: EmbeddingSettings) -> bool:
        """Whether the vectors made with ``recorded`` are those asked for; what isn't said here may be anything."""
        if self.name != recorded.name:
            return False
        pairs = [(getattr(self, name), getattr(recorded, name)) for name in _RECORDED]
        # No prompt recorded is as good as an empty one.
        return all(asked is None or asked == kept or (asked == "" and kept is None) for asked, kept in pairs)

    def on_machine_of(self, other: EmbeddingSettings | None) -> EmbeddingSettings:
        """These settings with the device and batch size of others."""
        return self if other is None else replace(self, device=other.device, batch_size=other.batch_size)


def listed_prompts(name: str) -> tuple[str, str]:
    """The query's and the passage's prompt that ``embedding_models.toml`` has for a model; "" where it has none."""
    own_name = name.rstrip("/").replace("\\", "/").rsplit("/", 1)[-1].lower()
    for entry in _listed():
        if any(fnmatch(own_name, pattern.lower()) for pattern in entry["models"]):
            return entry.get("query_prompt", ""), entry.get("passage_prompt", "")
    return "", ""


@cache
def _listed() -> list[dict[str, Any]]:
    text = (files("vectorstore.data") / "embedding_models.toml").read_text(encoding="utf-8")
    listed: list[dict[str, Any]] = tomllib.loads(text)["prompts"]
    return listed
