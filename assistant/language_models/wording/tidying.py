"""A model's sentence brought into our form: markers as [n], no decoration; what can't be is refused."""

from __future__ import annotations

import re
import unicodedata

from assistant.answering.citations import MARKER
from assistant.language_models.wording.reading import without_quotes
from assistant.language_models.wording.sentences import LONGEST
from assistant.language_models.wording.verdicts import RefusedError
from assistant.language_models.wording.vocabulary import Phrases
from assistant.plan import Language
from vectorstore.folding import fold_one_to_one

_BRACKETED = re.compile(r"[\[［【〔]\s*([\d０-９][\d０-９\s\-—–~～,，、至]*)\s*[\]］】〕]")
_MOST_OF_RANGE = 12
_DECORATION = re.compile(r"^\s*(?:#{1,6}\s+|>\s+|(?:[-*•·]|\d{1,2}[.)、]|（[一二三四五六七八九十]）)\s*(?=\D))+")
_EMPHASIS = re.compile(r"\*\*|__|(?<![A-Za-z0-9])\*(?=\S)|(?<=\S)\*(?![A-Za-z0-9])")
_MARKUP = re.compile(
    r"!?\[[^\]]*\]\s*\(|<\s*[/!?a-zA-Z|]|```|`|\bdata:|javascript:|\{\s*\"|\"\s*:\s*|\|.*\|"
    r"|(?i:\b[a-z][a-z0-9+.-]*://|\bwww\.|\b[a-z0-9-]+\.(?:com|cn|org|net|io|gov|edu|info|xyz|top|site|example|html?|php)\b)"
    r"|&(?:#\w+|[a-z]+);|\\[a-z(\[]|\$\$"
)
_STOPS = "。！？.!?；;"
_TRAILING = re.compile(r"([。！？.!?；;]+)((?:\s*\[\d+\])+)\s*$")
_LEFT_BRACKET = re.compile(r"[\[\]【】［］〔〕]")
_HAN = re.compile(r"[一-鿿]")
_LATIN = re.compile(r"[A-Za-z]")


def tidy(raw: str, language: Language) -> str:
    """A sentence with its markers as ``[n]`` before its full stop, and one full stop.

    Raises:
        RefusedError: It is too long, or holds a link, a picture, a table, code, or brackets that are no citation.
    """
    if len(raw) >= LONGEST:
        raise RefusedError("length")
    text = "".join(c for c in raw if unicodedata.category(c) not in ("Cf", "Cc", "Co", "Cs")).strip()
    text = _BRACKETED.sub(_markers, text)
    text = _EMPHASIS.sub("", _DECORATION.sub("", text)).strip()
    if found := _MARKUP.search(text):
        raise RefusedError("markup", found[0])
    if _LEFT_BRACKET.search(MARKER.sub("", text)):
        raise RefusedError("citation", text)
    text = _TRAILING.sub(lambda m: f"{m[2] if language == 'zh' else ' ' + m[2].strip()}{m[1]}", text)
    text = " ".join(text.split())
    if language == "zh":
        text = re.sub(r"\s+(?=\[\d)", "", text)
    if text and text[-1] not in _STOPS:
        text = text.rstrip("：:，,、") + ("。" if language == "zh" else ".")
    return text


def _markers(match: re.Match[str]) -> str:
    """Any way of writing several numbers as ``[1][2][3]``; a range too long to mean anything stays what it is."""
    inner = unicodedata.normalize("NFKC", match[1])
    numbers: list[int] = []
    for part in re.split(r"[,，、\s]+", re.sub(r"\s*([-—–~～至])\s*", "-", inner).strip()):
        ends = [end for end in part.split("-") if end]
        if not ends or not all(end.isdecimal() and len(end) < 5 for end in ends) or len(ends) > 2:
            return "[?]"
        first, last = int(ends[0]), int(ends[-1])
        if not 0 <= last - first < _MOST_OF_RANGE:
            return "[?]"
        numbers += range(first, last + 1)
    return "".join(f"[{number}]" for number in numbers)


def check_language(text: str, language: Language, names: Phrases) -> None:
    """Refuse what is mostly of another language, names and quotes aside.

    Raises:
        RefusedError: It is.
    """
    rest = _without_names(without_quotes(text), names)
    han, latin = len(_HAN.findall(rest)), len(_LATIN.findall(rest))
    if (language == "zh" and latin > han) or (language == "en" and han * 2 > latin):
        raise RefusedError("language")


def _without_names(text: str, names: Phrases) -> str:
    folded, position, left = fold_one_to_one(text), 0, []
    while position < len(folded):
        found = names.at(folded, position)
        if found is None:
            left.append(text[position])
        position = found[0] if found is not None else position + 1
    return "".join(left)
