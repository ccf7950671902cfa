"""A sentence about figures as the claims that it makes: of each who, when, what, how many, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.answer import Answer
from assistant.answering.membership_wording import bodies_of, metric_name
from assistant.language_models.wording.reading import Reading, Token
from assistant.language_models.wording.verdicts import RefusedError
from assistant.language_models.wording.vocabulary import Meaning, Phrases, is_metric
from assistant.lexicons import read_lexicon
from assistant.plan import Plan

WITH = "+"
"""In front of a metric's id: the phrase says it only beside another one."""
_SPLITS = frozenset("，,；;：:。.")
_BRACKETS = frozenset("（）()")
_LISTING = frozenset("：:")
_BEFORE_NAMES = frozenset({"than", "more", "less", "from", "to"})
_BEFORE_YEARS = frozenset({"in", "for"})


@dataclass
class Claim:
    """What stands between two breaks: names, years, phrases of the metric, numbers, claims and markers, in order.

    Attributes:
        follows_colon: Whether it begins, or goes on with, what a colon announced.
    """

    tokens: list[Token] = field(default_factory=list)
    follows_colon: bool = False

    def of(self, *sorts: str) -> list[Token]:
        """Its tokens of some sorts."""
        return [token for token in self.tokens if token.sort in sorts]

    @property
    def kinds(self) -> frozenset[str]:
        """The categories of its claims."""
        return frozenset[str]().union(*(token.values for token in self.of("claim")))

    @property
    def markers(self) -> frozenset[int]:
        """The citations behind it."""
        return frozenset(token.marker for token in self.of("marker") if token.marker is not None)

    @property
    def years(self) -> list[int]:
        """The years that it names."""
        return [token.year for token in self.of("year") if token.year is not None]

    @property
    def says(self) -> bool:
        """Whether it has more than names, years and markers."""
        return bool(self.of("claim", "number", "metric", "label", "quote"))

    def markers_behind(self, token: Token | None) -> frozenset[int]:
        """The run of markers right behind a token."""
        found: list[int] = []
        for after in self.tokens[self.tokens.index(token) + 1 :] if token is not None else ():
            if after.marker is None:
                break
            found.append(after.marker)
        return frozenset(found)

    def counts(self, number: Token) -> bool:
        """2个乡镇, two townships: right in front of the scope's noun."""
        at = self.tokens.index(number)
        behind = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        unit = number.number.unit if number.number else None
        return behind is not None and behind.sort == "label" and unit in ("个", "家", None)


def form_phrases(answer: Answer, names: Phrases) -> Phrases:
    """All that a sentence may be made of; a scope's noun is a ``label``."""
    found, language = Phrases(names), answer.language
    lexicon = read_lexicon("rewording_form")
    for word in lexicon["function"][language]:
        found.add(word, Meaning("word", frozenset()))
    for category, words in lexicon["claims"].items():
        for word in words[language]:
            found.add(word, Meaning("claim", frozenset({category})))
    for metric_id in metrics_of(answer):
        for phrase in {metric_name(metric_id, language), metric_name(metric_id, language).lower()}:
            found.add(phrase, Meaning("metric", frozenset({metric_id})))
        for entry in lexicon["metric"]:
            if entry["id"] == metric_id:
                for phrase in entry.get(language, ()):
                    found.add(phrase, Meaning("metric", frozenset({metric_id})))
                for phrase in entry.get(f"with_{language}", ()):
                    found.add(phrase, Meaning("metric", frozenset({WITH + metric_id})))
    for noun in _scope_nouns(answer):
        found.add(noun, Meaning("label", frozenset({"scope"})))
    return found


def metrics_of(answer: Answer) -> list[str]:
    """The full ids of the rows' metrics, each once."""
    return list(dict.fromkeys(row.metric for row in answer.rows if row.metric and is_metric(row.metric)))


def _scope_nouns(answer: Answer) -> Iterator[str]:
    """What the scope's members are called, where kind and year are all that it is narrowed by."""
    scope = Plan.model_validate(answer.plan).scope
    if scope.bodies or scope.regions or scope.names or scope.excluded or scope.whole or scope.latest:
        return
    nouns = {bodies_of(scope, answer.language), bodies_of(scope, answer.language, 1)}
    if answer.language == "zh":
        nouns |= {f"各{noun}" for noun in nouns} | (set() if scope.kinds else {"单位", "各单位"})
    yield from nouns


def claims_of(reading: Reading) -> list[Claim]:
    """The claims of a sentence; what only names or dates goes with what comes next.

    Raises:
        RefusedError: A word isn't of the form.
    """
    _check_ties(reading.tokens)
    claims = [Claim()]
    is_english = re.match(r"[^一-鿿]*[A-Za-z]{2}", reading.text) is not None
    tokens = [t for t in reading.tokens if t.sort != "word" and t.text not in _BRACKETS]
    for at, token in enumerate(tokens):
        if token.sort == "unknown" and not _is_qualifier(token, tokens[at + 1 : at + 2]):
            raise RefusedError("words", token.text)
        if token.sort == "break":
            if token.text not in _SPLITS:
                raise RefusedError("words", token.text)
            _split(claims, token)
        elif token.sort == "join":
            if claims[-1].of("number") and not claims[-1].kinds & {"paired"}:
                claims.append(Claim(follows_colon=claims[-1].follows_colon))
        elif token.sort != "unknown":
            claim = claims[-1]
            # The number of applications of A was 4: there the metric alone stands first.
            leads = claim.of("claim", "number", "label") or not is_english
            if token.sort == "body" and not claim.of("body") and claim.says and leads:
                # 2023年收到申请最多的是甲: what is said comes first, and lists who follows.
                claims.append(claim := Claim(follows_colon=True))
            claim.tokens.append(token)
    return [claim for claim in claims if claim.tokens]


def _check_ties(tokens: Sequence[Token]) -> None:
    """That function words tie no two claims into one: 甲没有收到乙的申请; 甲22件，有乙的9件; 合计78件，即甲41件.

    A name behind another one, and a name or a year behind a number, begins a claim, joins a list or is compared with.
    """
    before: Token | None = None
    bodies = numbers = 0
    for at, token in enumerate(tokens):
        if token.sort == "marker" or token.text in _BRACKETS:
            continue
        parts = before is None or before.sort in ("break", "join")
        compares = before is not None and before.sort == "claim" and bool(before.values & _BEFORE_NAMES)
        if not (parts or compares):
            dates = before is not None and (before.sort == "body" or before.text.lower() in _BEFORE_YEARS)
            names_another = token.sort == "body" and before is not None and before.sort != "year" and bool(bodies)
            if names_another or (bool(numbers) and token.sort == "year" and not dates):
                raise RefusedError("words", token.text)
            if numbers and token.sort == "body" and before is not None and before.sort != "year":
                raise RefusedError("words", token.text)
        bodies += token.sort == "body"
        numbers += token.sort == "number" and not _counts_bodies(token, tokens[at + 1 : at + 2])
        before = token


def _counts_bodies(token: Token, behind: Sequence[Token]) -> bool:
    unit = token.number.unit if token.number else None
    return unit in ("个", "家") or any(after.sort == "label" for after in behind)


def _split(claims: list[Claim], token: Token) -> None:
    last = claims[-1]
    if token.text in _LISTING:
        claims.append(Claim(follows_colon=True))
    elif token.text in ",，" and not last.says:
        return
    elif last.tokens:
        claims.append(Claim(follows_colon=last.follows_colon and token.text in ",，"))


def _is_qualifier(token: Token, behind: list[Token]) -> bool:
    """约 in front of its number, which holds it."""
    number = behind[0].number if behind else None
    return number is not None and number.qualifier == token.text.lower()
