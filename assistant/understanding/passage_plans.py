"""Plans of questions that the reports' own words answer: what a section says, what recurs, who mentions something."""

from __future__ import annotations

import re

from assistant.plan import Plan
from assistant.understanding.reading import QuestionReading

_WHAT_IS_SAID = re.compile(
    "[了过]?(?:的是|是)?(?:用|以|靠|在|有|从|通过|采取|采用|面临|存在)?(?:什么|哪些|哪种|哪几|哪个|啥|如何|怎么|怎样)"
)
_TELLING = re.compile(r"^(?:写|讲|说|谈|介绍)(?:了|过|着|到)")
_WHOM = (("kind",), ("designation",), ("body",), ("counter", "reports"), ("reports",))
_ASKING = (("operation", "list"), ("question", "how_many"))
_BETWEEN = " 的有是都又了吗呢?？。，,"
_DATED = re.compile(r"(?:^| )(?:in|for|during) [^ ]+$")


def passage_plan(reading: QuestionReading, base: Plan) -> Plan:
    """What a question asks of the reports' words: a section, what recurs in many, or who writes of something."""
    aspect = next((v for tag in reading.tagged("aspect") for v in tag.values("aspect")), None)
    if aspect in ("problems", "improvement") and reading.has("aspect", "improvement"):
        # 针对问题怎么改进 asks for the improvement.
        aspect = "improvement"
    whole_corpus = not base.scope.bodies
    if aspect in ("problems", "improvement") and whole_corpus and not reading.has_own_words:
        return base.model_copy(update={"subject": "themes", "operation": "list", "aspect": aspect})
    words = _content_words(reading)
    if aspect in ("management", "platform", "supervision") and asks_who(reading) and words:
        aspect = None
    update: dict[str, object] = {"aspect": aspect}
    quoted = reading.quoted or _literal(reading, words)
    mentions = reading.has("question", "mention") and (bool(quoted) or not (aspect or _asks_what_is_said(reading)))
    if mentions or (asks_who(reading) and whole_corpus and not aspect):
        update |= {"operation": "list", "quoted": quoted}
    return base.model_copy(update=update)


def _asks_what_is_said(reading: QuestionReading) -> bool:
    """提到用什么渠道公开: what is behind 提到 is itself a question, and no words to be looked for."""
    mentions = reading.tagged("question", "mention")
    return bool(mentions) and _WHAT_IS_SAID.match(reading.text, mentions[-1].end) is not None


def _content_words(reading: QuestionReading) -> tuple[str, ...]:
    """The unknown words, each with the known ones that it is grown together with: 社会监督员."""
    pieces = [(s.start, s.end, True) for s in reading.unknown]
    pieces += [(t.start, t.end, False) for t in reading.tags if t.means("aspect") or t.means("metric_word")]
    words: list[str] = []
    start = end = -1
    has_unknown = False
    for piece_start, piece_end, unknown in [*sorted(pieces), (len(reading.text) + 1, len(reading.text) + 1, False)]:
        if piece_start != end:
            word = _TELLING.sub("", reading.text[start:end])
            if has_unknown and len(word) >= 2:
                words.append(word)
            start, has_unknown = piece_start, False
        end = piece_end
        has_unknown = has_unknown or unknown
    return tuple(words)


def _literal(reading: QuestionReading, words: tuple[str, ...]) -> tuple[str, ...]:
    """What must be literally in a passage: all that stands behind 提到, known to the vocabulary or not."""
    mentions = reading.tagged("question", "mention")
    if not mentions:
        return words
    if _asks_what_is_said(reading):
        return ()
    start = mentions[-1].end
    rest = reading.text[start : _asked_of(reading, start)].strip(" 了过的吗呢?？。“”\"'")
    if reading.language == "en" and any(rest.endswith(reading.text[m.start : m.end]) for m in reading.years):
        rest = _DATED.sub("", rest)  # which bodies mention drones in 2023, what problems did it mention in 2023
    return (rest,) if 2 <= len(rest) <= 30 else words


def _asked_of(reading: QuestionReading, start: int) -> int:
    """Where it begins to say of whom it is asked: 提到征地|的单位有哪些; the end where it doesn't."""
    text = reading.text
    whom = [(t.start, t.end) for t in reading.tags if any(t.means(*meaning) for meaning in _WHOM)]
    asking = [(t.start, t.end) for t in reading.tags if any(t.means(*meaning) for meaning in _ASKING)]
    beside = [(t.start, t.end) for t in reading.tags if t.means("filler") or t.means("counter")]
    told = [False] * len(text)
    for first, end in (*whom, *asking, *beside, *reading.scope_spans()):
        told[first:end] = [True] * (end - first)
    for at in range(start + 2, len(text)):
        behind = [first for first, _ in (*whom, *asking) if first >= at]
        asks = text[at] == "的" or any(first == at for first, _ in asking)
        if asks and behind and all(told[i] or text[i] in _BETWEEN for i in range(at, len(text))):
            return at
    return len(text)


def asks_who(reading: QuestionReading) -> bool:
    """Whether it is asked which bodies do, or write of, something."""
    return reading.has("operation", "list") or reading.has("question", "mention")
