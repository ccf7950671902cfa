"""Makes the canonical text: the source's own characters with the three changes that ``ingest.documents`` names."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

_BOOKMARK = re.compile(r"\[bookmark:[^\]\n]*\]")
_NEWLINE = re.compile(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]")
# Radicals of the supplement and of Kangxi; compatibility ideographs and their supplement.
_MENDABLE = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")


def canonical(text: str) -> str:
    """The canonical text: uniform newlines, no bookmarks, mended radicals; every other character as it was."""
    text = _NEWLINE.sub("\n", text)
    text = _BOOKMARK.sub("", text)
    return _MENDABLE.sub(_mended, text)


def _mended(match: re.Match[str]) -> str:
    if meant := _radicals().get(match[0]):
        return meant
    ideograph = unicodedata.normalize("NFKC", match[0])
    return ideograph if len(ideograph) == 1 else match[0]


@cache
def _radicals() -> dict[str, str]:
    """The ideographs that radicals stand for which NFKC leaves as they are: ``lexicons/radicals.tsv``."""
    lines = (files("ingest.lexicons") / "radicals.tsv").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("\t") for line in lines if line and not line.startswith("#"))
    return {radical: ideograph for radical, _, ideograph in pairs}
