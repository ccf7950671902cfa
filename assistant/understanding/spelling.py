"""What a word is nearly written like: known words by sound, and by a character or letter too many, too few or wrong.

People type Chinese by sound, so 申情 is 申请 and 开发去 a 开发区. A word that is right as it stands is a typo of none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from functools import cache

from assistant.lexicons import read_lexicon

_HAN_ONLY = re.compile(r"[一-鿿]+")
LONGEST_WORD = 12
"""Characters of the longest Chinese word that is compared."""
# How input methods and dialects confuse syllables: zh with z, n with l, ing with in.
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"))
_FINALS = (("ing", "in"), ("eng", "en"), ("ang", "an"))
_SHORTEST_LATIN = 5
_FINAL = r"(?:i?ao|i?ang?|u?ang?|u?ai|iong|ing?|iu|ie|ia|i|ong|ou|o|uo|ua|ui|un|ue|u|ei|eng?|er|e|a)"
_PINYIN = re.compile(rf"(?:(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw]){_FINAL}|(?:ang?|ai|ao|eng?|er|ei|ou|[aeo]))+")


class Spelling:
    """Known Chinese words, found by what is nearly one of them.

    Args:
        words: Folded words that are right as they stand; only those of 2 to 12 Chinese characters count.
        meant: Those of them that a typo may be read as; by default all.
        shortened: Those of them that are also known with a character left out: 主动开 for 主动公开.
    """

    def __init__(
        self, words: Iterable[str], *, meant: Collection[str] | None = None, shortened: Iterable[str] = ()
    ) -> None:
        self._words = frozenset(w for w in words if 2 <= len(w) <= LONGEST_WORD and _HAN_ONLY.fullmatch(w))
        self._meant = self._words if meant is None else self._words & frozenset(meant)
        self._places: dict[tuple[int, int, str], list[str]] = {}
        for word in sorted(self._meant):
            for index, character in enumerate(word):
                self._places.setdefault((len(word), index, character), []).append(word)
        self._shortened: dict[str, str] = {}
        for word in sorted(self._meant & frozenset(shortened)):
            for index in range(1, len(word)) if len(word) >= 4 else ():
                self._shortened.setdefault(word[:index] + word[index + 1 :], word)

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def nearest(self, piece: str) -> str | None:
        """The word that a piece is a typo of; ``None`` if it is none, or right as it stands."""
        if piece in self._words:
            return None
        return self._alike(piece) or self._edited(piece)

    def _alike(self, piece: str) -> str | None:
        """A word of the same length whose other characters sound or look alike."""
        size = len(piece)
        shared: Counter[str] = Counter()
        for index, character in enumerate(piece):
            shared.update(self._places.get((size, index, character), ()))
        best: tuple[int, str] | None = None
        for word, count in shared.items():
            wrong = size - count
            if best and count <= best[0]:
                continue
            # Where most characters are wrong, nothing else may be.
            near = size > 2 and wrong <= size // 2
            pairs = ((a, b) for a, b in zip(piece, word, strict=True) if a != b)
            if all(sound_alike(a, b, near=near) or (wrong == 1 and look_alike(a, b)) for a, b in pairs):
                best = (count, word)
        return best[1] if best else None

    def _edited(self, piece: str) -> str | None:
        """A word with one character doubled, two swapped, or one left out."""
        for index in range(1, len(piece)):
            doubled = piece[:index] + piece[index + 1 :]
            if piece[index] == piece[index - 1] and doubled in self._meant:
                return doubled
        for index in range(len(piece) - 1) if len(piece) > 2 else ():
            swapped = piece[:index] + piece[index + 1] + piece[index] + piece[index + 2 :]
            if swapped in self._meant:
                return swapped
        return self._shortened.get(piece)


@cache
def _sounds(character: str) -> tuple[str, str]:
    """The syllable of a character, as it is and with what is often confused made the same."""
    from pypinyin import lazy_pinyin  # a quarter of a second to load: only a question with a typo pays for it

    exact: str = lazy_pinyin(character)[0]
    return exact, _blurred(exact)


@cache
def _lookalikes() -> dict[str, frozenset[str]]:
    alike: dict[str, frozenset[str]] = {}
    for group in read_lexicon("confusable_characters")["groups"]:
        for character in group:
            alike[character] = alike.get(character, frozenset()) | frozenset(group)
    return alike


def look_alike(one: str, other: str) -> bool:
    """Whether two characters are taken for one another by how they look: 夏议."""
    return other in _lookalikes().get(one, ())


def _blurred(syllable: str) -> str:
    for initial, plain in _INITIALS:
        if syllable.startswith(initial):
            syllable = plain + syllable.removeprefix(initial)
            break
    for final, plain in _FINALS:
        if syllable.endswith(final):
            return syllable.removesuffix(final) + plain
    return syllable


def sound_alike(one: str, other: str, *, near: bool) -> bool:
    """Whether two characters have the same syllable, tones aside; ``near``: or one often confused with it."""
    index = 1 if near else 0
    return _sounds(one)[index] == _sounds(other)[index]


def latin_typo(word: str, known: Collection[str], names: Collection[str]) -> str | None:
    """The Latin word that one is a typo of: one letter wrong, missing, doubled or swapped, two in long words.

    Args:
        names: Names in pinyin; another syllable is another name, and no typo: Fengyu isn't Fengya.
    """
    if word in known or word in names:
        return None
    if _PINYIN.fullmatch(word):
        blurred = _blurred_pinyin(word)
        found = next((name for name in sorted(names) if len(word) > 4 and _blurred_pinyin(name) == blurred), None)
        return found or _nearest_latin(word, known)
    return _nearest_latin(word, [*known, *names])


def _blurred_pinyin(word: str) -> str:
    for confused, plain in (*_INITIALS[:3], *_FINALS):
        word = word.replace(confused, plain)
    return word


def _nearest_latin(word: str, known: Collection[str]) -> str | None:
    if len(word) < _SHORTEST_LATIN:
        # Of a short word only two letters in each other's place are no other word.
        swapped = (word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(1, len(word) - 1))
        return next((other for other in swapped if other in known), None) if len(word) == _SHORTEST_LATIN - 1 else None
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    most = 1 if len(word) < 8 else 2
    nearest = process.extract(word, list(known), scorer=OSA.distance, score_cutoff=most, limit=3)
    found = [(distance, other) for other, distance, _ in nearest if other[0] == word[0]]
    if not found or (len(found) > 1 and found[0][0] == found[1][0] and found[0][1][:-1] != found[1][1][:-1]):
        return None
    return found[0][1]
