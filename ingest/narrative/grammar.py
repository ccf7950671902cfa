"""Which metric a clause states: the patterns of ``lexicons/narrative_statements.toml`` held against a frame.

A frame is what one piece of a clause says about one noun: the noun's class, the verbs and channels around it, the
number's unit, and what the sentence is about. Nothing here knows where in the report the clause stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ingest.lexicons import read_lexicon
from ingest.narrative.tokens import DEPARTMENT, QUANTITY, UNKNOWN, Token, heads, kinds, units

NO_NOUN = "none"
# What a combined noun stands for: 建议提案, 复议诉讼.
BOTH = {"both_proposals": ("npc", "cppcc"), "both_disputes": ("review", "lawsuit")}
_JOINS = frozenset({"joiner"})
# Between nouns that are counted together: 申请行政复议、提起行政诉讼; 举报、投诉和被提起的诉讼.
_BETWEEN = frozenset({"joiner", "filler", "occur", "receive", "tail", "linking", "all", "negation", "topic"})


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to state a metric; the fields are explained at the head of the data file."""

    metric: str
    objects: frozenset[str]
    verbs: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    blocks: frozenset[str] = frozenset()
    topic: frozenset[str] = frozenset()
    channel: str | None = None
    bare: bool = False
    inherits: bool = False
    unitless: bool = False
    zero: bool = False
    close: bool = False
    part: bool = True


@dataclass(slots=True)
class Frame:
    """What a piece of a clause says about one noun.

    Attributes:
        noun: The class of the counted noun, ``none`` if the piece has none.
        inherited: The noun is not in the piece but what the sentence or the section is about.
        kinds: Classes of all the piece's words, without those of nouns counted beside this one.
        unit: The measure word; ``None`` for a statement without a number.
        topic: What the sentence or section is about.
        channels: Classes of the channels named.
        is_whole: Something says that all of it is counted: 共, 累计, 全年, a year, 主动公开, 政府信息.
        is_close: Nothing unknown stands between verb, noun and number.
        parent: The metric of the total whose parts are being listed, or ``None``.
    """

    noun: str
    inherited: bool
    verbs: frozenset[str]
    kinds: frozenset[str]
    unit: str | None
    topic: frozenset[str]
    channels: frozenset[str]
    is_close: bool
    is_whole: bool
    is_zero: bool
    parent: str | None


@cache
def patterns() -> tuple[Pattern, ...]:
    """The patterns, in the order of the data: the first that fits counts."""
    data = read_lexicon("narrative_statements")
    return tuple(_pattern(entry) for entry in data["statement"])


def _pattern(entry: dict[str, Any]) -> Pattern:
    fields: dict[str, Any] = {key: frozenset(v) if isinstance(v, list) else v for key, v in entry.items()}
    return Pattern(**fields)


def match(frame: Frame) -> Pattern | None:
    """The pattern that the frame fits, or ``None``."""
    return next((pattern for pattern in _patterns_of(frame.noun) if _fits(pattern, frame)), None)


@cache
def _patterns_of(noun: str) -> tuple[Pattern, ...]:
    return tuple(pattern for pattern in patterns() if noun in pattern.objects)


def _fits(pattern: Pattern, frame: Frame) -> bool:
    if frame.inherited and not pattern.inherits:
        return False
    if pattern.blocks & frame.kinds or (pattern.topic and not pattern.topic & frame.topic):
        return False
    if frame.is_zero and frame.unit is None and not pattern.zero:
        return False
    stated = frame.verbs - {"occur"}
    if not (pattern.verbs & frame.verbs or (pattern.bare and not stated) or (frame.unit is None and not stated)):
        return False
    if frame.unit is not None and not _unit_fits(pattern, frame):
        return False
    if pattern.close and not frame.is_close:
        return False
    if not pattern.part and frame.parent and _is_part_of(pattern.metric, frame.parent):
        return False
    return _channel_fits(pattern, frame)


def _is_part_of(metric: str, parent: str) -> bool:
    return metric == parent or (metric.startswith("proactive") and parent.startswith("proactive"))


def _unit_fits(pattern: Pattern, frame: Frame) -> bool:
    if not frame.unit:
        # 其中网站73、微信53: only a list of parts may leave out 条.
        return pattern.unitless and (pattern.channel is None or frame.parent is not None)
    return bool(pattern.units & units().families.get(frame.unit, frozenset()))


def _channel_fits(pattern: Pattern, frame: Frame) -> bool:
    if pattern.channel is None:
        return True
    named = frame.channels - {"many"}
    if pattern.channel == "total":
        # Two sorts of new media are still a part; a website beside something else, or 等多种渠道, means the whole.
        several = "website" in named and len(named) > 1
        return (not named and frame.is_whole) or several or ("many" in frame.channels and named != {"other_channel"})
    return named == {pattern.channel} and "many" not in frame.channels


def nouns(tokens: Sequence[Token]) -> list[int]:
    """Positions of the nouns that a number behind the tokens counts: the last one, and those joined to it.

    A noun that another follows without a joiner only describes it (依申请公开方面的行政复议), so it isn't among them.
    Empty where the last noun is followed by unknown text: then that text is what is counted.
    """
    counted = heads()
    positions = [index for index, token in enumerate(tokens) if token.kind in counted]
    if not positions or any(token.kind == UNKNOWN for token in tokens[positions[-1] + 1 :]):
        return []
    found = [positions[-1]]
    for position in reversed(positions[:-1]):
        between = tokens[position + 1 : found[0]]
        joined = any(token.kind in _JOINS for token in between) and all(token.kind in _BETWEEN for token in between)
        listed = tokens[position].kind == tokens[found[0]].kind == "complaint" and not between  # 举报申诉
        if not joined and not listed and not _adjacent_disputes(tokens[position], tokens[found[0]], between):
            break
        found.insert(0, position)
    return found


def _adjacent_disputes(first: Token, second: Token, between: Sequence[Token]) -> bool:
    return {first.kind, second.kind} == {"review", "lawsuit"} and all(t.kind in {"occur", "filler"} for t in between)


def counted_kinds(before: Sequence[Token], after: Sequence[Token]) -> frozenset[str]:
    """The classes of the nouns that a number between the tokens counts, those of combined nouns apart."""
    found = [before[i].kind for i in nouns(before)] or [after[i].kind for i in nouns(after)]
    return frozenset(part for kind in found for part in BOTH.get(kind, (kind,)))


def nouns_behind(tokens: Sequence[Token]) -> list[int]:
    """Positions of the nouns that a number before the tokens counts: 12条依申请公开信息.

    Empty where a verb stands before the noun, or unknown text or a verb behind it: 50件做了复议决定.
    """
    verbs = kinds("verbs") - {"occur", "conclude", "receive"}
    found = nouns(tokens)
    if not found or any(token.kind in verbs | {QUANTITY, "negation"} for token in tokens):
        return []
    if any(token.kind in {UNKNOWN, DEPARTMENT} for token in tokens[: found[0]]) and any(
        token.kind == "receive" for token in tokens
    ):
        return []  # 6个部门收到申请: the number counts those who received them
    return found
