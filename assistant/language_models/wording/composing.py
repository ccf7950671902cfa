"""The text of a worded answer: what was released, and of the built-in wording what it doesn't say."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from assistant.answer import Answer
from assistant.answering.citations import MARKER
from assistant.language_models.wording.evidence import is_prose
from assistant.language_models.wording.facts import Facts
from assistant.language_models.wording.lines_kept import lines_kept
from assistant.language_models.wording.reading import Reading, read
from assistant.language_models.wording.release import Release
from assistant.language_models.wording.sentences import built_in_sentences
from assistant.lexicons import read_lexicon

_HEADS = ("：", ":")


def lead(facts: Facts) -> list[str]:
    """The built-in sentences before the first that cites: what was left out of account, and a yes or no."""
    found: list[str] = []
    for sentence in built_in_sentences(facts.answer):
        if MARKER.search(sentence) or sentence.endswith(_HEADS):
            break
        found.append(sentence)
    return found


def text_so_far(facts: Facts, release: Release) -> str:
    """The text while the model is still writing; the final one begins with it."""
    return _joined([*lead(facts), *release.sentences], facts.answer)


def text_in_full(facts: Facts, release: Release) -> str:
    """The final text: with the built-in sentences whose bodies, numbers or cautions it would lack otherwise."""
    kept = _kept(facts, release)
    text = text_so_far(facts, release)
    if not kept:
        return text
    is_lined = "\n" in facts.answer.text
    rest = "\n".join(kept) if is_lined else _joined(kept, facts.answer)
    return text + ("\n" if is_lined else " " if facts.answer.language == "en" else "") + rest


def text_cut_short(facts: Facts, release: Release) -> str:
    """What came before the model failed, and the whole built-in text, marked as such."""
    mark = said("built_in", facts.answer)
    return f"{text_so_far(facts, release)}\n{mark}\n{facts.answer.text}"


def said(key: str, answer: Answer, **values: object) -> str:
    """A sentence of the table ``rewording`` in the answer's language."""
    template: str = read_lexicon("rewording")["said"][key][answer.language]
    return template.format(**values)


def reasons(release: Release, answer: Answer) -> str:
    """Why sentences were left out, and how many for each reason."""
    why = read_lexicon("rewording")["why"]
    parts = [
        said("reason", answer, why=why[reason][answer.language], count=count)
        for reason, count in sorted(release.failures.items(), key=lambda item: (-item[1], item[0]))
    ]
    return ("、" if answer.language == "zh" else "; ").join(parts)


def _joined(sentences: Sequence[str], answer: Answer) -> str:
    return ("" if answer.language == "zh" else " ").join(sentences)


def _kept(facts: Facts, release: Release) -> list[str]:
    """What of the built-in text behind the lead the released sentences don't stand for, in order."""
    if is_prose(facts.answer):
        return lines_kept(facts, release)
    seen = _Seen(facts, release)
    rest = built_in_sentences(facts.answer)[len(lead(facts)) :]
    return [sentence for sentence in rest if not MARKER.search(sentence) or not seen.stands_for(sentence)]


class _Seen:
    """What the released sentences say."""

    def __init__(self, facts: Facts, release: Release) -> None:
        self._facts = facts
        readings = [read(sentence, facts.phrases, facts.answer.language) for sentence in release.sentences]
        self._markers = {n for reading in readings for n in reading.markers}
        self._bodies = _bodies(readings, facts)
        self._numbers = {t.number.value for r in readings for t in r.of("number") if t.number is not None}
        self._denies = any("zero" in t.values for r in readings for t in r.of("claim"))

    def is_cited(self, sentence: str) -> bool:
        """Whether one of the sentence's places is cited."""
        return any(int(n) in self._markers for n in MARKER.findall(sentence))

    def stands_for(self, sentence: str) -> bool:
        """Whether the bodies and values of a built-in sentence are all told, and it is no caution."""
        facts = self._facts
        reading = read(sentence, facts.phrases, facts.answer.language)
        if any(t.values & {"contradiction", "unknown"} for t in reading.of("claim")):
            return False
        told = {t.number.value for t in reading.of("number") if t.number is not None}
        essential = {value for fact in facts.rows for value in fact.values}
        if facts.answer.value is not None:
            essential.add(Decimal(str(facts.answer.value)))
            essential |= {n for n in told if n is not None and _is_near(n, facts.answer.value)}
        missing = {n for n in told & essential if n not in self._numbers and not (n == 0 and self._denies)}
        if facts.answer.plan.get("operation") in ("list", "count"):
            # That all members are named says how many they are.
            missing -= {Decimal(len({fact.body for fact in facts.rows}))}
        return self.is_cited(sentence) and _bodies([reading], facts) <= self._bodies and not missing


def _is_near(number: Decimal, value: float) -> bool:
    """Whether a number is the answer's value as it is written: rounded, without its sign, or in percent."""
    return any(abs(abs(Decimal(str(value))) * scale - number) <= Decimal("0.005") for scale in (1, 100))


def _bodies(readings: Sequence[Reading], facts: Facts) -> set[str]:
    return {name for reading in readings for token in reading.of("body") for name in token.values & facts.named}
