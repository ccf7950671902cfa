"""Which metrics, columns and ratios the words of a question name."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.understanding.clauses import WHOLE_CLAUSE, parts_between
from assistant.understanding.conditions import find_bounds, names_bodies
from assistant.understanding.lexicon import Lexicon, MetricWords, Tag
from assistant.understanding.oppositions import compared
from assistant.understanding.reading import QuestionReading, wants_number
from vectorstore.catalogue import COLUMN_SEPARATOR, catalogue

LEGAL_ENTITY_SUBTOTAL = "legal_entity_subtotal"


@dataclass(frozen=True, slots=True)
class NamedMetric:
    """A metric that the question names, with the words that name it.

    Attributes:
        metric_id: A full id; with a column where an applicant type is named beside it.
        position: Where its first word stands in the folded question.
        words: Start and end of each word that names it.
        is_implied: Only a unit or a grouping tells it, no word of its own.
    """

    metric_id: str
    position: int
    words: tuple[tuple[int, int], ...]
    is_implied: bool = False


def named_metrics(reading: QuestionReading, lexicon: Lexicon) -> list[NamedMetric]:
    """The metrics that a question names, in the order of their words, the generic ones only where no other is named."""
    candidates = [c for words in lexicon.metric_words if (c := _match(words, reading))]
    # The metric that accounts for more words is meant, and takes its words from those that need fewer of them.
    candidates.sort(key=lambda c: (-len(c[1].words), -sum(end - start for start, end in c[1].words)))
    chosen: list[tuple[MetricWords, NamedMetric]] = []
    used: set[tuple[int, int]] = set()
    for words, metric in candidates:
        # Two metrics of the very same words belong together: a lawsuit's result, of both routes.
        twin = any(metric.words == other.words and metric.metric_id != other.metric_id for _, other in chosen)
        if set(metric.words) <= used and not twin:
            continue
        chosen.append((words, metric))
        used |= set(metric.words)
    if not chosen:
        return _with_columns(_implied(reading, lexicon), reading)
    strong = [m for w, m in chosen if not w.weak]
    named = {m.metric_id for m in strong}
    chosen = [
        (w, m)
        for w, m in chosen
        if not (w.weak and strong) or (m.metric_id not in named and _stands_apart(reading, m, strong))
    ]
    narrower = [m for w, m in chosen if not w.generic and _of_application_table(m.metric_id)]
    kept = [m for w, m in chosen if not (w.generic and narrower) or _stands_apart(reading, m, narrower)]
    if not reading.has("operation", "share"):
        # 不掌握而无法提供 names a part and its sum; the part is meant.
        named = {m.metric_id for m in kept}
        kept = [m for m in kept if not named & set(catalogue().metrics[m.metric_id].sum_of)]
        # Items published on WeChat are those of WeChat.
        channels = [m for m in kept if whole_of(m.metric_id) == "proactive_total"]
        kept = [
            m for m in kept if m.metric_id != "proactive_total" or not channels or _stands_apart(reading, m, channels)
        ]
    return sorted(_with_columns(kept, reading), key=lambda metric: metric.position)


def _stands_apart(reading: QuestionReading, metric: NamedMetric, others: list[NamedMetric]) -> bool:
    """Whether a vague word is a statement of its own: 收到申请却没有不予公开, beside 不予公开的申请."""
    if any(reading.text[: word[0]].endswith(("(", "（")) for other in others for word in other.words):
        return False  # 收费超过500块的（信息处理费）
    claims = [(bound.start, bound.end) for bound in find_bounds(reading)]
    claims += [(tag.start, tag.end) for tag in reading.tagged("question", "how_many") + reading.tagged("change")]
    claims += [(tag.start, tag.end) for tag in reading.tagged("operation", "top", "bottom")]

    def parted(own: tuple[int, int], other: tuple[int, int]) -> bool:
        start, end = (own[1], other[0]) if own < other else (other[1], own[0])
        parts = parts_between(reading, start, end)
        if len(claims) < 2:
            return parts >= WHOLE_CLAUSE
        nouns = [(tag.start, tag.end) for tag in reading.tags if names_bodies(tag)]
        return parts > 0 or any(start <= at[0] and at[1] <= end for at in [*claims, *nouns])

    def opposed(own: tuple[int, int], other: tuple[int, int]) -> bool:
        return compared(reading, *sorted((own, other))) is not None

    if any(opposed(own, word) for other in others for own in metric.words for word in other.words):
        return True
    return all(parted(own, word) for other in others for own in metric.words for word in other.words)


def _match(words: MetricWords, reading: QuestionReading) -> tuple[MetricWords, NamedMetric] | None:
    spans: list[tuple[int, int]] = []
    for index, group in enumerate(words.groups):
        found = [(tag.start, tag.end) for tag in reading.tags if set(tag.values("metric_word")) & group]
        if not found and index > 0:
            # 条 in 多少条 is part of another word; it still tells that items are counted.
            found = [(at, at + len(term)) for term in group if (at := _find_outside_names(reading, term)) >= 0][:1]
        if not found:
            return None
        spans.extend(found[:1] if index else found)
    return words, NamedMetric(words.metric_id, min(start for start, _ in spans), tuple(sorted(set(spans))))


def _find_outside_names(reading: QuestionReading, term: str) -> int:
    """Where a term stands outside the names of bodies, kinds and places: not the 发 of 开发区. -1 if nowhere."""
    kinds = [(t.start, t.end) for t in reading.tags if t.means("kind") or t.means("designation")]
    names = [*reading.scope_spans(), *kinds]
    at = reading.text.find(term)
    while at >= 0 and any(start < at + len(term) and at < end for start, end in names):
        at = reading.text.find(term, at + 1)
    return at


def _implied(reading: QuestionReading, lexicon: Lexicon) -> list[NamedMetric]:
    """The metric that only a unit or a grouping tells: 收到几件, 按申请人类型. Not where unknown words say more."""
    if reading.has_own_words:
        return []
    split = reading.tagged("group", "outcome", "column") + reading.tagged("asked_group", "outcome", "column")
    if split and not reading.has("question", "why"):
        tag = split[0]
        return [NamedMetric("applications_new", tag.start, ((tag.start, tag.end),), is_implied=True)]
    counted = {tag.end for tag in reading.tagged("question", "how_many")} | {number.end for number in reading.numbers}
    for tag in reading.tagged("counter", "things"):
        if tag.surface in lexicon.implied and tag.start in counted:
            return [NamedMetric(lexicon.implied[tag.surface], tag.start, ((tag.start, tag.end),), is_implied=True)]
    return []


def _of_application_table(metric_id: str) -> bool:
    metric = catalogue().metrics[metric_id]
    return metric.has_columns or metric_id == "applications_handled"


def columns(reading: QuestionReading) -> list[tuple[str, Tag]]:
    """The applicant columns that a question names, without those that it leaves out: 个人以外的."""
    return [(tag.values("column")[0], tag) for tag in reading.tagged("column") if not _left_out(reading, tag)]


def _left_out(reading: QuestionReading, tag: Tag) -> bool:
    return reading.text[tag.end :].startswith(("以外", "之外", "除外", "外的"))


def _with_columns(metrics: list[NamedMetric], reading: QuestionReading) -> list[NamedMetric]:
    named = columns(reading)
    left_out = [tag.values("column")[0] for tag in reading.tagged("column") if _left_out(reading, tag)]
    if left_out and not named:
        # 个人以外的申请人: all the others.
        tag = reading.tagged("column")[0]
        named = [(c.id, tag) for c in catalogue().applicant_columns if c.id not in left_out]
    if not named:
        return metrics
    with_columns = [m for m in metrics if catalogue().metrics[m.metric_id].has_columns]
    if not metrics and (
        reading.has("operation", "share", "breakdown") or wants_number(reading) or reading.has("group")
    ):
        with_columns = [NamedMetric("applications_new", named[0][1].start, ())]
    if not with_columns:
        return metrics
    split: list[NamedMetric] = []
    for metric in metrics or with_columns:
        if metric not in with_columns:
            split.append(metric)
            continue
        for column_id, tag in named:
            words = (*metric.words, (tag.start, tag.end))
            split.extend(
                NamedMetric(f"{metric.metric_id}{COLUMN_SEPARATOR}{one}", min(metric.position, tag.start), words)
                for one in expand_column(column_id)
            )
    return split


def expand_column(column_id: str) -> tuple[str, ...]:
    """The columns of the form behind a column word: five for legal entities, else itself."""
    if column_id != LEGAL_ENTITY_SUBTOTAL:
        return (column_id,)
    return tuple(c.id for c in catalogue().applicant_columns if c.id != "natural_person")


def whole_of(metric_id: str) -> str | None:
    """The total that a metric is a part of: the base of its share. ``None`` where it is no part of anything."""
    base, _, column = metric_id.partition(COLUMN_SEPARATOR)
    if column:
        return base
    if base in ("proactive_website", "proactive_wechat"):
        return "proactive_total"
    for group in ("review", "lit_direct", "lit_post_review"):
        if base.startswith(f"{group}_") and base != f"{group}_total":
            return f"{group}_total"
    if base in ("lit_direct_total", "lit_post_review_total"):
        return "litigation_total"
    parts = {row.id: row.part for row in catalogue().application_rows}
    if parts.get(base) == "outcome" or (base.endswith("_subtotal") and base in catalogue().metrics):
        return "result_total"
    return None
