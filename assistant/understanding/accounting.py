"""Whether a Plan says all that its question says.

Every word that the vocabulary knows was read as something: a column, a negation, a share. Here each is looked up again
in the Plan that came of it. What the Plan doesn't express goes into the answer's first sentence, in the question's own
words: an answer to less than was asked is no answer to be passed over in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache

from assistant.lexicons import read_lexicon
from assistant.plan import Plan
from assistant.understanding.corpus_places import PlaceMention
from assistant.understanding.distribution import adds_up_all, each_words
from assistant.understanding.exclusions import Exclusion
from assistant.understanding.expressed import TOLD, Expressed, expressed
from assistant.understanding.lexicon import Lexicon, Tag
from assistant.understanding.linking import BodyMention, Linker, is_within
from assistant.understanding.metric_words import expand_column
from assistant.understanding.periods import YearMention
from assistant.understanding.place_roles import places_left_open
from assistant.understanding.reading import QuestionReading
from assistant.understanding.relations import is_related, relations_lost
from assistant.understanding.stated_numbers import stated_numbers
from vectorstore.catalogue import catalogue
from vectorstore.numerals import Number, find_numbers
from vectorstore.records import Kind

_WAN = 10_000
_ACCOUNTED = ("figures", "reports", "bodies", "checks")
"""Subjects whose answers are computed. Where text is searched for the question's words, they are all looked for."""
_GOVERNMENTS = {Kind.COUNTY, Kind.CITY, Kind.PROVINCE}
_COUNTED = ("个", "家", "名", "位", "所", "种", "类")


def accounted(reading: QuestionReading, plan: Plan, lexicon: Lexicon, linker: Linker) -> Plan:
    """The plan with what it leaves out of its question among the words that it couldn't place."""
    if plan.subject not in _ACCOUNTED:
        return plan
    return plan.model_copy(update={"unplaced": (*plan.unplaced, *unexpressed(reading, plan, lexicon, linker))})


def unexpressed(reading: QuestionReading, plan: Plan, lexicon: Lexicon, linker: Linker) -> tuple[str, ...]:
    """The words of a question that its Plan doesn't express, in the question's order and spelling.

    Words that nobody knows are not among them, single Han characters aside: those the parser answers for itself.
    """
    told = expressed(plan, linker)
    lost = [(tag.start, tag.end) for tag in _once(_tags_lost(reading, told, lexicon), reading, plan)]
    stated = stated_numbers(reading)
    numbers = [n for n in reading.numbers if not _number_told(n, reading.text[n.end :], told)]
    lost += [(n.start, n.end) for n in numbers if not _is_multiplied(n, stated, told)]
    lost += relations_lost(reading, told, lexicon)
    lost += [(m.start, m.end) for m in reading.years if not _years_told(m, told)]
    lost += [(m.start, m.end) for m in reading.bodies if not _bodies_told(m, told)]
    lost += [(m.start, m.end) for m in reading.places if not _is_placed(m, told)]
    lost += [(e.start, e.end) for e in reading.exclusions if not _exclusion_told(e, told)]
    lost += [(s.start, s.end) for s in reading.unknown if _is_lone_character(s.text) and not is_related(s.text, told)]
    if not any(scope.bodies or scope.regions or scope.names for scope in told.scopes):
        lost += places_left_open(reading, linker)
    if adds_up_all(plan):
        lost += each_words(reading)
    already = " ".join(plan.unplaced)
    words = (reading.text[start:end] for start, end in _runs(reading.text, lost))
    return tuple(dict.fromkeys(word for word in words if word not in already))


def _tags_lost(reading: QuestionReading, told: Expressed, lexicon: Lexicon) -> list[Tag]:
    multiplied = {n.end for n in stated_numbers(reading) if " " in reading.text[n.start : n.end].strip()}
    tags = [tag for tag in reading.tags if not (tag.means("number_word") and tag.end in multiplied)]
    lost = [tag for tag in tags if not _is_told(tag, told, lexicon)]
    return [tag for tag in lost if not _asks_whether(reading.text, tag, told)]


def _once(lost: Sequence[Tag], reading: QuestionReading, plan: Plan) -> Iterator[Tag]:
    """The tags, of several that mean the same the first (占 … 的比例), without those that the plan owns up to."""
    words = " ".join(plan.unplaced)
    said = {m for tag in reading.tags if tag.surface in words for m in tag.meanings if m[0] == "operation"}
    for tag in lost:
        if not said.intersection(tag.meanings):
            yield tag
        said.update(meaning for meaning in tag.meanings if meaning[0] == "operation")


@cache
def _alone() -> str:
    return str(read_lexicon("accounting")["alone"])


def _is_lone_character(text: str) -> bool:
    return len(text) == 1 and not text.isascii() and text not in _alone()


def _is_multiplied(number: Number, stated: Sequence[Number], told: Expressed) -> bool:
    """5 million: whether the number that it makes with the word behind it is told."""
    return any(n.start == number.start and n.end > number.end and _value_told(n.value, told) for n in stated)


def _asks_whether(text: str, tag: Tag, told: Expressed) -> bool:
    """收没收到, 收到过没有: the negation between a verb and itself, or at the end, asks, and denies nothing."""
    if told.plan.asks_whether and tag.means("polarity", "none") and not text[tag.end :].strip(" ?.!"):
        return True
    before, behind = text[tag.start - 1 : tag.start], text[tag.end : tag.end + 1]
    return tag.means("polarity", "none") and before == behind and behind.strip() != ""


def _is_told(tag: Tag, told: Expressed, lexicon: Lexicon) -> bool:
    """Whether one of a word's meanings is expressed; a word that may be a mere filler needs none, negations aside."""
    if (len(tag.surface) == 1 and tag.surface in _alone()) or (
        tag.means("filler") and not tag.means("polarity", "none")
    ):
        return True
    meanings = [meaning for meaning in tag.meanings if meaning[0] != "filler"]
    return any(_meaning_told(category, value, tag, told, lexicon) for category, value in meanings)


def _meaning_told(category: str, value: str, tag: Tag, told: Expressed, lexicon: Lexicon) -> bool:
    match category:
        case "metric_word":
            # 结转对得上吗 names a check by its metric.
            return told.plan.subject == "checks" or _metric_told(tag.surface, told, lexicon)
        case "column":
            all_others = value not in told.columns and len(told.columns) == len(catalogue().applicant_columns) - 1
            return "column" in told.plan.group_by or all_others or bool(told.columns & set(expand_column(value)))
        case "kind":
            return _kind_told(lexicon, int(value), told)
        case "number_word":
            return _value_told(Decimal(value), told)
        case "designation":
            # Pudong new area: a name that the corpus doesn't know stands in its own right.
            return any(scope.bodies or scope.names for scope in told.scopes)
    rule = TOLD.get((category, value)) or TOLD.get((category, ""))
    return rule is None or rule(told)


def _metric_told(surface: str, told: Expressed, lexicon: Lexicon) -> bool:
    """Whether a metric that the word may name is the Plan's, or the whole of one that is; vague words name none."""
    for words in lexicon.metric_words:
        if any(surface in group for group in words.groups) and (words.weak or words.metric_id in told.metrics):
            return True
    return False


def _kind_told(lexicon: Lexicon, kind: int, told: Expressed) -> bool:
    """Whether the kind narrows; a body that is named says itself what it is, and a county also where."""
    kinds = set(lexicon.kinds[kind])
    grouped = bool({"kind", "region", "body"} & set(told.plan.group_by))
    governments = kinds <= _GOVERNMENTS and any(scope.regions for scope in told.scopes)
    of_body = any(body.kind in kinds for body in told.bodies)
    named = any(scope.names and not scope.kinds for scope in told.scopes)
    return grouped or of_body or governments or named or any(kinds & set(scope.kinds) for scope in told.scopes)


def _number_told(number: Number, behind: str, told: Expressed) -> bool:
    """Whether a criterion, a limit or the number of what is named has the number; 1件 of a negation is none.

    Args:
        behind: The question from the number on: 两年 are told by a change, and 三个单位 ranks nobody by itself.
    """
    if behind.startswith(_COUNTED) and not told.ranks:
        return True
    if behind.lstrip().startswith(("年", "year")) and told.moves:
        return True
    if told.plan.subject == "checks" and told.plan.aspect == "conflicts":
        return True  # 到底153还是9: both numbers are told with what contradicts
    return _value_told(number.value, told)


def _value_told(value: Decimal, told: Expressed) -> bool:
    counts = {len(told.plan.scope.bodies), len(told.plan.sides), len(told.plan.scope.years), len(told.plan.metrics)}
    same = {value, value / 10, value / 100, value / _WAN}
    is_one = value == 1 and (Decimal(0) in told.values or told.ranks)
    is_unit = value == _WAN and any(catalogue().metrics[metric].unit == "万元" for metric in told.metrics)
    of_share = any(criterion.denominators for criterion in told.criteria)
    return bool(same & told.values) or value in counts or is_one or is_unit or of_share


def _years_told(mention: YearMention, told: Expressed) -> bool:
    """Whether some report of the years is in the scope, or a change from them is asked for."""
    years = {year for scope in told.scopes for year in scope.years}
    years |= {year for criterion in told.criteria for year in (criterion.year, criterion.since) if year}
    return bool(years & set(mention.years)) or told.moves or told.plan.scope.latest


def _bodies_told(mention: BodyMention, told: Expressed) -> bool:
    """Whether the Plan is about one of the bodies, or about all of their name."""
    ids = {body_id for scope in told.scopes for body_id in scope.bodies}
    return bool(ids & set(mention.body_ids)) or any(scope.names for scope in told.scopes)


def _is_placed(mention: PlaceMention, told: Expressed) -> bool:
    """Whether the Plan is about the place, or about a body that is there."""
    regions = {region for scope in told.scopes for region in scope.regions}
    return bool(regions & set(mention.regions)) or any(is_within(body, mention.regions) for body in told.bodies)


def _exclusion_told(exclusion: Exclusion, told: Expressed) -> bool:
    """Whether what is taken out is out; words that couldn't be linked the scope answers for, but for numbers."""
    if exclusion.is_linked:
        return any(scope.excluded for scope in told.scopes) or bool(told.plan.sides)
    values = {number.value for number in find_numbers(exclusion.words)}
    return not values or bool(values & told.values)


def _runs(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, those that only spaces part put together."""
    runs: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if runs and not text[runs[-1][1] : start].strip():
            runs[-1] = (runs[-1][0], max(end, runs[-1][1]))
        else:
            runs.append((start, end))
    return runs
