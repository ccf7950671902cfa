"""Of whom a clause speaks, where it names a body: 县司法局办理行政复议案件5件 is no figure of the finance bureau's."""

from __future__ import annotations

import re
from itertools import zip_longest

from ingest.clauses import Piece
from ingest.tokens import UNKNOWN, YEAR, kinds

_BODY = re.compile(
    r"(?:[省市州盟县区旗镇乡局委办厅院]|街道|部门|政府|管委会|委员会|办事处|中心)$(?<!社区)(?<!小区)(?<!地区)(?<!景区)(?<!片区)(?<!专区)"
)
# With these before it a body is not the one that acts: 会同县司法局开展培训.
_NOT_ACTING = re.compile(
    r"会同|联合|配合|协同|协助|协调|走进|深入|赴|面向|邀请|组织|通过|针对|围绕|依托|^[在向对与经从按据为和同以到进请报]"
)
_BEFORE_ACTOR = frozenset({"在", "向", "对", "通过", "就", "针对", "关于", "于", "自", "来自", "以"})
_FOLLOWING = frozenset({"filler", "this_year", "past", "cumulative", "negation", YEAR})
_GOVERNMENT = re.compile(r"(?:人民)?政府$")
_GOVERNMENT_OFFICE = re.compile(r"政府(?:办公室|办公厅|办)$")
_DEPARTMENT = ("局", "委", "办", "厅", "院", "办公室", "中心")
_CORE = 3


def subject_of(piece: Piece) -> str | None:
    """The body that a piece names as the one that acts; ``""`` where the report speaks of its own author (我局)."""
    following = _FOLLOWING | kinds("verbs")
    before = None
    for token, after in zip_longest(piece.before, piece.before[1:]):
        if token.kind == "filler" and len(token.text) > 1 and token.text.startswith(("我", "本")):
            return ""
        if (
            token.kind == UNKNOWN
            and _BODY.search(token.text)
            and not _NOT_ACTING.search(token.text)
            and (after is None or after.kind in following)
            and not (before is not None and before.text in _BEFORE_ACTOR)
        ):
            return token.text
        before = token
    return None


def is_own(subject: str, body_name: str) -> bool:
    """Whether a subject can be the report's author, by its name's last characters: 县发改局 is 云溪县发展和改革局."""
    bare = _GOVERNMENT.sub("", subject)
    if bare != subject and body_name.endswith(_DEPARTMENT) and not _GOVERNMENT_OFFICE.search(body_name):
        return False
    characters = iter(body_name)
    return all(character in characters for character in bare[-_CORE:])
