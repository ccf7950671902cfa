"""What the model is made from: laws, generated reports, and word lists of what is said and what reports write."""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from vectorstore.folding import fold_text
from vectorstore.sentences import sentences

_ARTICLE_NUMBER = re.compile(r"^\s*第[一二三四五六七八九十百千零〇]+条\s*")
_NUMBER = re.compile(r"[0-9]+")
_SHORTEST_PARAGRAPH = 25


@dataclass(frozen=True, slots=True)
class Association:
    """One line of a word list: what is said, in one form or several, and what reports write for it, the nearest first.

    All folded.
    """

    said: tuple[str, ...]
    written: tuple[str, ...]


def law_paragraphs(corpus: Path) -> list[str]:
    """Every paragraph of the laws once, folded, without the number of its article.

    Args:
        corpus: One law a line: ``{"title": …, "articles": [[chapter, [paragraph, …]], …]}``, as .xz.
    """
    seen: dict[str, None] = {}
    with lzma.open(corpus, "rt", encoding="utf-8") as lines:
        for line in lines:
            for _, texts in json.loads(line)["articles"]:
                for text in texts:
                    seen[fold_text(_ARTICLE_NUMBER.sub("", text))] = None
    return list(seen)


def report_paragraphs(folders: Iterable[Path]) -> list[str]:
    """Every paragraph of prose of generated reports once, folded; paragraphs that differ in numbers alone are one."""
    seen: dict[str, str] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*.txt")):
            for line in path.read_text(encoding="utf-8").splitlines():
                if len(line) >= _SHORTEST_PARAGRAPH and not any(mark in line for mark in ("|", "\t", "bookmark")):
                    seen.setdefault(_NUMBER.sub("0", line), fold_text(line))
    return list(seen.values())


def report_sentences(folders: Iterable[Path]) -> list[str]:
    """Every sentence, heading and label of generated reports once, folded; numbers don't make a difference."""
    seen: dict[str, str] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*.txt")):
            text = path.read_text(encoding="utf-8")
            for span in sentences(text):
                sentence = span.of(text)
                if not any(mark in sentence for mark in ("|", "\t", "bookmark")):
                    seen.setdefault(_NUMBER.sub("0", sentence), fold_text(sentence))
    return list(seen.values())


def associations(path: Path) -> list[Association]:
    """The lines of a word list: what is said, a tab, what is written, each separated by 、. Comments begin with #."""
    found: list[Association] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            said, _, written = line.partition("\t")
            found.append(Association(_parts(said), _parts(written)))
    return found


def _parts(column: str) -> tuple[str, ...]:
    return tuple(fold_text(part.strip()) for part in column.split("、") if part.strip())
