"""What a Word file's styles say of a paragraph or run: its numbering, and whether it is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ingest.word.package import Element, W, attribute, child, is_on


@dataclass(frozen=True, slots=True)
class _Style:
    identifier: str
    based_on: str | None
    number: str | None
    level: str | None
    hidden: bool | None


class WordStyles:
    """The styles of a file; a file may have none."""

    def __init__(self, root: Element | None) -> None:
        styles = [] if root is None else list(root.iterchildren(W + "style"))
        self._elements = {style.get(W + "styleId") or "": style for style in styles}
        # Files define hundreds of styles and use a dozen.
        self._read: dict[str, _Style] = {}
        self._numberings: dict[str | None, tuple[str | None, str | None, str]] = {}
        self._hidden: dict[str | None, bool] = {}
        self.default: str | None = next((s.get(W + "styleId") for s in styles if _is_default(s)), None)
        """The style of a paragraph that names none."""
        self.hides: bool = root is not None and next(root.iter(W + "vanish"), None) is not None
        """Whether any style may hide text; most files have none that does."""

    def numbering(self, style: str | None) -> tuple[str | None, str | None, str]:
        """The number list that a paragraph style belongs to, its level if it says so, and the style that decided it."""
        if style not in self._numberings:
            self._numberings[style] = self._find_numbering(style)
        return self._numberings[style]

    def _find_numbering(self, style: str | None) -> tuple[str | None, str | None, str]:
        level = None
        for known in self._chain(style or self.default):
            level = level or known.level
            if known.number is not None:
                return known.number, level, known.identifier
        return None, None, ""

    def is_hidden(self, style: str | None) -> bool:
        """Whether text in the paragraph or character style is hidden."""
        if not self.hides:
            return False
        if style not in self._hidden:
            said = (known.hidden for known in self._chain(style) if known.hidden is not None)
            self._hidden[style] = next(said, False)
        return self._hidden[style]

    def _chain(self, style: str | None) -> Iterator[_Style]:
        """The style, then what it is based on, and so on."""
        seen: set[str] = set()
        while style is not None and style in self._elements and style not in seen:
            seen.add(style)
            if style not in self._read:
                self._read[style] = _read(self._elements[style], style)
            yield self._read[style]
            style = self._read[style].based_on


def _is_default(style: Element) -> bool:
    return style.get(W + "default") in ("1", "true", "on") and style.get(W + "type") == "paragraph"


def _read(style: Element, identifier: str) -> _Style:
    paragraph, run = child(style, W + "pPr"), child(style, W + "rPr")
    numbering = None if paragraph is None else child(paragraph, W + "numPr")
    number = level = None
    if numbering is not None:
        number, level = attribute(child(numbering, W + "numId")), attribute(child(numbering, W + "ilvl"))
    vanish = None if run is None else child(run, W + "vanish")
    hidden = None if vanish is None else is_on(vanish)
    return _Style(identifier, attribute(child(style, W + "basedOn")), number, level, hidden)
