"""Of whom a clause speaks, where it names a body: 县司法局办理行政复议案件5件 is no figure of the finance bureau's."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import zip_longest

from ingest.identity.body_names import kind_of
from ingest.narrative.clauses import Piece
from ingest.narrative.tokens import DEPARTMENT, UNKNOWN, YEAR, Token, kinds
from vectorstore.body_names import short_names
from vectorstore.records import Kind

_BODY = re.compile(
    r"(?:[省市州盟县区旗镇乡局委办厅院]|街道|部门|政府|政府办公[室厅]|管委会|委员会|办事处|中心|苏木|工业园|产业园|新城|镇街|科室|[省市县区镇乡本]级)$"
    r"(?<!社区)(?<!小区)(?<!地区)(?<!景区)(?<!片区)(?<!专区)(?<!灾区)(?<!城乡)"
)
_LAST = frozenset("省市州盟县区旗镇乡局委办厅院道门府室会处心木园城街室级")
# With these before it a body is not the one that acts: 会同县司法局开展培训.
_NOT_ACTING = re.compile(
    r"会同|联合|配合|协同|协助|协调|走进|深入|赴|面向|邀请|组织|通过|针对|围绕|依托|指导|督促|^[在向对与经从按据为和同以到进请报]"
)
_BEFORE_ACTOR = frozenset({"在", "向", "对", "通过", "就", "针对", "关于", "于", "自", "来自", "以"})
_FOLLOWING = frozenset({"filler", "this_year", "past", "cumulative", "negation", "all", YEAR})
# The classes that a body's name, or the author's word for itself, can have.
_NAMING = frozenset({UNKNOWN, DEPARTMENT, "filler"})
_GOVERNMENT = re.compile(r"(?:人民)?政府$")
_NO_GOVERNMENTS = (Kind.ZONE, Kind.ZONE_DEPARTMENT, Kind.DEPARTMENT, Kind.MINISTRY)
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
# The office of a town's government, and what a zone calls itself: 党政办收到申请3件, 园区收到申请5件.
_TOWN_OFFICE = re.compile(r"(?:本?[镇乡]|街道|街)?(?:党政|党政综合|综合|党建|党群|政务公开)办(?:公室)?")
_COMMITTEE = re.compile(r"(?:党工委)?(?:、)?(?:管委会|管理委员会)$")
_ZONES = frozenset({"园区", "新区", "开发区", "经开区", "高新区", "度假区", "示范区", "保税区", "管委会"})
_CORE = 3
_AND = "、"
_LEVELS = "省市州盟县区旗"
_ENDINGS = tuple(
    map(
        re.compile,
        (
            r"$^",
            r"公[室厅]$",
            r"办公[室厅]$",
            r"(?:人民)?政府(?:办公[室厅])?$",
            r"行政公署$",
            r"事处$",
            r"(?:街道)?办事处$",
            r"办事处$",
            r"员会$",
            r"(?:管理|工作)?委员会$",
            r"管委会$",
        ),
    )
)


def actor_of(piece: Piece) -> Token | None:
    """The token that names the body that acts, the author's own naming of itself (我局) included."""
    if not piece.kinds & _NAMING:
        return None
    following = _following()
    before = None
    for token, after in zip_longest(piece.before, piece.before[1:]):
        if is_self(token):
            return token
        if token.kind == UNKNOWN and before is not None and before.text.startswith("各") and is_body_word(token):
            return token._replace(text=before.text + token.text)  # 各市, 各县区
        acts = after is None or after.kind in following or (after.kind == "territory" and after.text[0] == "各")
        if is_body_word(token) and acts and not _is_passive(before):
            # 县公安局、县教育局等部门: none of them alone.
            text = _joined(piece, before) + token.text + ("等" if after and after.text.startswith("等") else "")
            return token if text == token.text else token._replace(text=text)
        before = token
    return None


def _joined(piece: Piece, before: Token | None) -> str:
    """The body that a joiner joins the next one to, with 、 behind it; else nothing."""
    if before is None or before.kind != "joiner":
        return ""
    at = piece.before.index(before)
    return piece.before[at - 1].text + _AND if at > 0 and is_body_word(piece.before[at - 1]) else ""


@cache
def _following() -> frozenset[str]:
    return _FOLLOWING | kinds("verbs")


def is_self(token: Token) -> bool:
    """Whether a token is the author's word for itself: 我局, 本机关."""
    return token.kind == "filler" and len(token.text) > 1 and token.text.startswith(("我", "本"))


def listed_bodies(piece: Piece) -> list[Token]:
    """The bodies that a piece names one behind the other: 甲县、乙县 of 甲县、乙县分别收到3件、2件."""
    found: list[Token] = []
    for token in piece.before:
        if is_body_word(token):
            found.append(token)
        elif found and token.kind != "joiner":
            break
    return found


def is_body_word(token: Token) -> bool:
    """Whether a token is a body's name, or ends as one does."""
    if token.kind == DEPARTMENT:
        return True
    if token.kind != UNKNOWN or token.text[-1] not in _LAST:
        return False
    return _BODY.search(token.text) is not None and not _NOT_ACTING.search(token.text)


def _is_passive(before: Token | None) -> bool:
    return before is not None and before.text in _BEFORE_ACTOR


def is_own(subject: str, body_name: str) -> bool:
    """Whether a subject can be the report's author, by its name's last characters: 县发改局 is 云溪县发展和改革局."""
    if _AND in subject:
        return all(is_own(one, body_name) for one in subject.split(_AND))
    if _is_called(subject, body_name):
        return True
    body_name = _BRACKETS.sub("", body_name)
    bare = _GOVERNMENT.sub("", subject)
    if bare != subject and not _is_government_of(bare, body_name):
        return False
    if (bare and bare[-1] not in _last_characters(body_name)) or _is_of_another_level(bare, body_name):
        return False
    characters = iter(body_name)
    return all(character in characters for character in bare[-_CORE:])


@lru_cache(maxsize=64)
def _is_called(subject: str, body_name: str) -> bool:
    """Whether a zone or a town is called so in its own report: 园区, 徐圩新区, 党政办."""
    kind = kind_of(body_name)
    if kind in (Kind.TOWNSHIP, Kind.SUBDISTRICT):
        return _TOWN_OFFICE.fullmatch(subject) is not None
    if kind is not Kind.ZONE:
        return False
    bare = _COMMITTEE.sub("", subject)
    if len(bare) >= _CORE and any(second[1:-1].endswith(bare) for second in _BRACKETS.findall(body_name)):
        return True  # 国家级示范区（某新区）
    return bare in _ZONES or bare in {_COMMITTEE.sub("", name) for name in short_names(body_name, kind)}


@lru_cache(maxsize=64)
def _last_characters(body_name: str) -> frozenset[str]:
    """What a body's name ends in, in full and shortened: 道, 办 and 处 of 某街道办事处."""
    return frozenset(name[-1] for ending in _ENDINGS if (name := ending.sub("", body_name)))


def _is_of_another_level(subject: str, body_name: str) -> bool:
    """Whether 市教育局 is another than the 县教育局 that reports."""
    if len(subject) < _CORE or subject[0] not in _LEVELS:
        return False
    at = len(body_name)
    for character in reversed(subject[1:]):
        at = body_name.rfind(character, 0, at)
        if at < 0:
            return False
    return at > 0 and body_name[at - 1] in _LEVELS and body_name[at - 1] != subject[0]


def _is_government_of(place: str, body_name: str) -> bool:
    """Whether a body is the place's government or its office: no town of 文登区 is, and no committee."""
    if kind_of(body_name) in _NO_GOVERNMENTS:
        return False
    return _GOVERNMENT.sub("", re.sub(r"办公室$|办公厅$|办$", "", body_name)).endswith(place[-2:])
