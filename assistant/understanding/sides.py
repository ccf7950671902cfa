"""Groups that a question puts side by side: 镇和街道, 山东的镇和重庆的镇, 文登经开区跟其他开发区."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.plan import PlanScope
from assistant.understanding.corpus_places import PlaceMention
from assistant.understanding.lexicon import Lexicon
from assistant.understanding.linking import Linker, is_within
from assistant.understanding.reading import QuestionReading
from assistant.understanding.scope_words import ScopeGroup, is_other, scope_words, series
from vectorstore.records import Kind


@dataclass(frozen=True, slots=True)
class Sides:
    """The sides of a question.

    Attributes:
        scopes: One each, in the question's order; two or more.
        kinds: The kinds that they have between them; empty where one side is of every kind.
        has_body: Whether a side is a body.
        has_group: Whether a side is a place, a kind or all others.
        has_others: Whether a side is all others than what is named beside it.
    """

    scopes: tuple[PlanScope, ...]
    kinds: tuple[Kind, ...]
    has_body: bool
    has_group: bool
    has_others: bool


def read_sides(reading: QuestionReading, linker: Linker, lexicon: Lexicon) -> Sides | None:
    """The groups that stand side by side in a question; ``None`` where there is one group or none."""
    places = [place for place in reading.places if not _says_where(reading, place, linker)]
    words = scope_words(reading.bodies, places, (), reading.tags, lexicon)
    groups = series(reading.text, [word for word in words if word.sort != "any" or is_other(reading.text, word.start)])
    scopes = _scopes(groups) if groups else _kinds_of_one_word(reading, lexicon)
    if len(scopes) < 2:
        return None
    kinds = [_kinds_of(scope, linker) for scope in scopes]
    return Sides(
        scopes,
        tuple(dict.fromkeys(kind for some in kinds for kind in some)) if all(kinds) else (),
        any(scope.bodies for scope in scopes),
        any(not scope.bodies for scope in scopes),
        any(group.other for group in groups),
    )


def _says_where(reading: QuestionReading, place: PlaceMention, linker: Linker) -> bool:
    """Hunan Road subdistrict, Shanghai: the place only says where the body before it is."""
    for mention in reading.bodies:
        between = reading.text[mention.end : place.start].strip()
        inside = all(is_within(linker.bodies[body_id], place.regions) for body_id in mention.body_ids)
        if mention.end <= place.start and between in (",", "，", "in", "of", ", in", "(") and inside:
            return True
    return False


def _scopes(groups: Sequence[ScopeGroup]) -> tuple[PlanScope, ...]:
    """The groups' scopes, those of others without what is named beside them."""
    named = tuple(group.scope() for group in groups if not group.other)
    scopes = [
        group.scope().model_copy(update={"excluded": named}) if group.other else group.scope() for group in groups
    ]
    return tuple(dict.fromkeys(scopes))


def _kinds_of_one_word(reading: QuestionReading, lexicon: Lexicon) -> tuple[PlanScope, ...]:
    """镇街 is one word for two kinds."""
    kinds = {
        kind for tag in reading.tagged("kind") for value in tag.values("kind") for kind in lexicon.kinds[int(value)]
    }
    regions = tuple(dict.fromkeys(region for place in reading.places for region in place.regions))
    if len(kinds) != 2 or len(reading.tagged("kind")) != 1 or reading.bodies:
        return ()
    return tuple(PlanScope(kinds=(kind,), regions=regions) for kind in Kind if kind in kinds)


def _kinds_of(scope: PlanScope, linker: Linker) -> tuple[Kind, ...]:
    bodies = tuple(dict.fromkeys(linker.bodies[body_id].kind for body_id in scope.bodies))
    return bodies or scope.kinds
