"""Frames: what a piece of a clause says about a noun, with what it leaves to the sentence and the section."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.narrative.clauses import Piece
from ingest.narrative.grammar import NO_NOUN, Frame, nouns
from ingest.narrative.sentence_context import DISCLOSE, INFO, LASTING, LEAVES, RESULTS, Context
from ingest.narrative.statements import Statement
from ingest.narrative.subjects import is_body_word
from ingest.narrative.tokens import DEPARTMENT, UNKNOWN, YEAR, Token, kinds, units

# Ways of filing an application.
FILING = frozenset({"request_channel", "website", "other_channel"})


# 微博微信 are two channels, 县政府网微信公众号 is one.
_BESIDE_WECHAT = ("微博", "抖音", "头条", "客户端", "app")
_SCOPE = re.compile(r"\w{0,5}(?:系统内?|[省市州盟县区旗镇乡]级)")
_THERE_ARE = frozenset({"有", "存在", "出现", "形成"})
_OTHERS = frozenset({"其他", "其它", "情形", "情况", "方式"})
_MEANS = frozenset({"通过", "在", "利用", "依托", "借助", "运用", "以"})
WHOLE = frozenset({"共", "总共", "一共", "共有", "总计", "共计", "合计", "全年共", "新增"})

# What is said of applications beside what they are about.
OUTCOME_METRICS = frozenset(
    {"result_granted", "result_partial", "denied_subtotal", "unable_subtotal", "unprocessed_subtotal", "other_subtotal"}
)


CARRIED_METRICS = frozenset({"applications_carried_in", "applications_carried_out"})


def inherited_nouns(context: Context, piece: Piece) -> list[str]:
    """What a piece without a noun counts: the topic, if nothing unknown stands where a noun would."""
    present = piece.kinds
    every_noun = kinds("objects") | kinds("infos") | kinds("outcomes") | kinds("applicants")
    if present & every_noun:
        return []
    last_verb = max((i for i, t in enumerate(piece.before) if t.kind in kinds("verbs")), default=-1)
    if last_verb < 0:
        last_verb = max((i for i, t in enumerate(piece.before) if t.kind in kinds("channels")), default=-1)
    if _there_are(piece, last_verb):
        return []
    said = [*piece.before[max(last_verb, 0) :], *piece.after]
    if any(piece.is_unknown(t) for t in said) and not _ends_in_account(context, piece):
        return []
    verbs = present & kinds("verbs")
    inherited_verbs = verbs or (context.verbs if piece.clause == context.clause else frozenset())
    others = bool(piece.before) and all(t.text in _OTHERS for t in piece.before)
    if others and "other_subtotal" in {context.outer if piece.in_brackets else None, context.parent}:
        return ["withdrawn"]  # 其他处理5件（逾期不补正3件、其他2件）
    if others and _outcomes(context) > 1:
        return ["other_handled"]  # 予以公开12件、不予公开3件、其他1件
    if piece.before and piece.before[-1].text == "公开" and _is_among_outcomes(context, piece):
        return ["granted"]  # 公开6件、不予公开1件
    if inherited_verbs & DISCLOSE or (not verbs and context.topic == {"info"}):
        return [NO_NOUN]
    if not context.topic and verbs & {"receive", "receive_new"} and present & FILING:
        return ["application"]
    labelled = piece.separator == ":" and not piece.before  # 政府信息公开申请：0件
    if piece.quantity and piece.quantity.unit in units().families and "fee" in context.topic and not verbs:
        return ["fee"] if "money" in units().families[piece.quantity.unit] else []
    if not verbs and not labelled and not present & (FILING | {YEAR, "past"}):
        return []
    return sorted(context.topic - {"info", "other"})


def _there_are(piece: Piece, verb: int) -> bool:
    """Whether unknown words say what there are so many of: 做法有四条, 我局的规矩有5条."""
    if verb < 0 or piece.before[verb].text not in _THERE_ARE or len(piece.verbs) > 1:
        return False
    subject = [t for t in piece.before[:verb] if t.kind not in {"filler", "linking"}]
    return bool(subject) and piece.is_unknown(subject[-1]) and not is_body_word(subject[-1])


def _outcomes(context: Context) -> int:
    return sum(1 for piece in context.pieces if piece.quantity and piece.kinds & RESULTS)


def _is_among_outcomes(context: Context, piece: Piece) -> bool:
    """Whether the next piece counts an outcome, so that 公开 is one too."""
    after = context.pieces[context.pieces.index(piece) + 1 :][:1]
    return any(p.quantity and p.kinds & RESULTS for p in after) and bool(context.topic & {"application"})


def carried_kind(context: Context, piece: Piece, found: list[Statement]) -> str | None:
    """Which way a bare 结转 goes: 2022年结转, 结转2024年, or behind outcomes into the next year."""
    tokens = [t for t in [*piece.before, *piece.after] if t.kind not in {"filler", "among", "except"}]
    at = next((i for i, token in enumerate(tokens) if token.kind == "carried"), None)
    if at is None or context.theme & {"npc", "cppcc"}:
        return None
    if at and tokens[at - 1].kind == YEAR and tokens[at - 1].year != context.report_year:
        return "carried_in"
    if any(t.kind == YEAR and t.year != context.report_year for t in tokens[at + 1 :]):
        return "carried_out"
    return "carried_out" if any(s.metric in OUTCOME_METRICS for s in found) else None


def make_frame(
    context: Context, piece: Piece, kind: str, inherited: bool, tokens: Sequence[Token], at: int, others: frozenset[str]
) -> Frame | None:
    quantity = piece.quantity
    unit = quantity.unit if quantity else None
    present = piece.kinds - others | {kind}
    if kind in RESULTS | LEAVES:
        present -= LEAVES | ({"application", "request"} if kind in LEAVES else frozenset())
    if at >= 0 and tokens is piece.before:
        # 承办提案1件并公开: what was done with them afterwards doesn't change what is counted.
        before = frozenset(t.kind for t in piece.before)
        present -= frozenset(t.kind for t in piece.after if t.kind in kinds("verbs")) - before
    verbs = present & kinds("verbs")
    if not verbs and piece.clause == context.clause and piece.separator != "(":
        verbs = context.verbs
        present |= verbs
    elif not verbs:
        present |= context.verbs & LASTING
    if kind in RESULTS | LEAVES:
        verbs, present = verbs - DISCLOSE, present - DISCLOSE  # 公开26件、部分公开3件
    if kind == "fee" and tokens is piece.before and at > 0 and _is_another_fee(piece, at):
        return None
    if kind == "fee" and unit and "fee_notice" in context.theme and not verbs & {"charge", "receive"}:
        return None  # what the notices ask for, not what was collected
    if kind in {"npc", "cppcc"} and piece.separator == "、":
        present |= context.verbs_before & DISCLOSE  # 公开人大建议答复5件、政协提案答复6件
    if kind == "normative" and not verbs:
        verbs = context.verbs_before & {"issue"}  # 制发规章0件，规范性文件3件
    if kind in {"application", "request"}:
        if context.documents and not verbs & {"receive", "receive_new"}:
            return None
        if not inherited and not verbs and "website" in present and unit:
            return None
        place = at + len(piece.before) + 1 if at >= 0 and tokens is piece.after else at
        if not inherited and kind == "request" and not request_is_application(context, piece, place):
            return None
        if verbs & {"receive", "receive_new"}:
            present -= DISCLOSE | {"conclude", "handle", "occur"}
            verbs -= DISCLOSE
    if context.documents and (kind in RESULTS or kind == NO_NOUN or (context.among and kind in INFO)):
        return None  # 制作信息300条，其中主动公开100条: what they are marked as
    if kind == NO_NOUN and unit == "次":
        return None  # 更新160次 counts how often, not how many
    channels = _channels(piece)
    is_close = _is_close(piece) or (channels == {"wechat"} and _ends_in_account(context, piece))
    if at > 0 and tokens is piece.before and kind in INFO and channels & {"website", "wechat"}:
        examples = _examples(piece, at)
        present -= frozenset(t.kind for t in examples) - channels - {kind} - verbs
        is_close = is_close or bool(examples)
    if channels and kind in INFO | {NO_NOUN}:
        if _is_sent_to_channel(piece):
            return None
        last = max((i for i, t in enumerate(piece.before) if t.kind in channels | {kind}), default=0)
        before = frozenset(t.kind for t in piece.before[:last]) - frozenset(t.kind for t in piece.before[last:])
        present -= before & kinds("verbs") - frozenset(t.kind for t in piece.after)
    if not channels and kind in INFO | {NO_NOUN}:
        channels = _channels_before(context, piece)
    return Frame(
        noun=kind,
        inherited=inherited,
        verbs=verbs,
        kinds=present,
        unit=unit,
        topic=context.theme | context.topic,
        channels=channels,
        is_close=is_close,
        is_whole=_is_whole(context, piece),
        is_zero=unit is None,
        parent=context.outer if piece.in_brackets and context.outer else context.parent if context.among else None,
    )


def _ends_in_account(context: Context, piece: Piece) -> bool:
    """Whether a quoted name stands between the channel and its number: 微信公众号“某县发布”121条."""
    named = piece.before[-2:]
    if piece.after or len(named) < len(("channel", "name")) or named[0].kind != "wechat" or named[1].kind != UNKNOWN:
        return False
    offsets, start, end = context.folded.offsets, named[1].start, named[1].end
    # Quotation marks are left out of the folded text.
    return offsets[start] - offsets[start - 1] > 1 and end < len(offsets) and offsets[end] - offsets[end - 1] > 1


def _examples(piece: Piece, head: int) -> list[Token]:
    """The words between the verb and 等信息 that are only examples: 公开文件、公告等信息214条."""
    if piece.before[head - 1].text != "等":
        return []
    verb = next((i for i, t in enumerate(piece.before[:head]) if t.kind in DISCLOSE), head)
    examples = piece.before[verb + 1 : head]
    return [] if any(t.kind in kinds("verbs") - DISCLOSE for t in examples) else examples


def _is_another_fee(piece: Piece, at: int) -> bool:
    """Whether unknown words between the verb and 费 name another one, or one beside it: 停车费、处理费."""
    last_verb = max((i for i, t in enumerate(piece.before[:at]) if t.kind in kinds("verbs")), default=at - 2)
    return any(piece.is_unknown(token) for token in piece.before[last_verb + 1 : at])


def _is_sent_to_channel(piece: Piece) -> bool:
    """Whether the channel is another body's that something was sent to: 向省政府网站推送信息45条."""
    every = kinds("channels")
    for index, token in enumerate(piece.before[:-1]):
        following = [t for t in piece.before[index + 1 : index + 4] if t.kind not in {UNKNOWN, DEPARTMENT}]
        if token.text == "向" and following and following[0].kind in every:
            return True
    return False


def _channels(piece: Piece) -> frozenset[str]:
    """The channels that a piece names; one right before another is a part of its name (“某县政府网”微信公众号)."""
    every = kinds("channels") - {"request_channel"}
    found: set[str] = set()
    tokens = piece.tokens
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        is_beside = token.text.endswith(_BESIDE_WECHAT)
        if token.kind in every and (is_beside or not (following and following.kind in every - {"many"})):
            found.add(token.kind)
    return frozenset(found)


def _channels_before(context: Context, piece: Piece) -> frozenset[str]:
    """Channels of the clause before, where it only says by what means: 通过镇微信公众号，全年发布信息52条."""
    before = [p for p in context.pieces if p.clause == piece.clause - 1]
    if len(before) != 1 or before[0].quantity or "negation" in before[0].kinds:
        return frozenset()
    channels = _channels(before[0])
    if piece.separator == ":" or any(
        t.text in {"通过", "在", "利用", "依托", "借助", "运用", "以"} for t in before[0].before
    ):
        return channels
    # 开通微信公众号，发布信息64条: likely of that channel alone, but it doesn't say so.
    unclear = channels and "disclose_proactive" not in piece.kinds
    return frozenset({"other_channel"}) if unclear and "many" not in channels else frozenset()


def request_is_application(context: Context, piece: Piece, at: int) -> bool:
    """Whether a bare 申请 is one for information: said so before it, or nothing else is said, or the topic."""
    before = piece.tokens[:at] if at >= 0 else piece.tokens
    if "licence" in context.theme and "application" not in context.topic:
        return False
    if any(t.kind in {"topic", "application", "info"} or t.kind in DISCLOSE for t in before):
        return True
    last_verb = max((i for i, t in enumerate(before) if t.kind in {"receive", "receive_new", "negation"}), default=-1)
    described = any(t.kind == UNKNOWN for t in before[last_verb + 1 :])
    return not described and (last_verb >= 0 or "application" in context.topic | context.theme)


def _is_whole(context: Context, piece: Piece) -> bool:
    """Whether the clause, or a clause that only leads up to it, says that the whole is counted."""
    before = [p for p in context.pieces if p.clause in (piece.clause - 1, piece.clause - 2) and not p.quantity]
    tokens = [t for p in [*before, piece] for t in p.tokens]
    if any(t.kind in {"disclose_proactive", "cumulative", "this_year", YEAR} for t in tokens):
        return True
    return any(
        t.text in WHOLE or (t.kind in {"info", "dynamic"} and t.text not in {"信息", "内容"})
        for t in [*piece.before, *piece.after]
    )


def _is_sort(piece: Piece, head: int) -> bool:
    """Whether words before 信息 say which: 行政处罚案件信息, also where the verb follows (行政许可信息共公开9条)."""
    verb = max((i for i, t in enumerate(piece.before[:head]) if t.kind in kinds("verbs")), default=-1)
    if head and piece.before[head - 1].kind == "joiner":
        return False  # 公开文件、信息168条
    return any(t.kind in kinds("objects") for t in piece.before[verb + 1 : head])


def _names_scope(token: Token) -> bool:
    """Whether unknown words only say for whom: 区级, 民政系统."""
    return _SCOPE.fullmatch(token.text) is not None


def _is_close(piece: Piece) -> bool:
    last_verb = max((i for i, t in enumerate(piece.before) if t.kind in kinds("verbs")), default=-1)
    if last_verb < 0:
        last_verb = max((i for i, t in enumerate(piece.before) if t.kind in kinds("channels")), default=-1)
    behind = any(piece.is_unknown(t) for t in piece.after) and not nouns(piece.before)
    heads = nouns(piece.before)
    if heads and piece.before[heads[-1]].text.startswith("各"):
        return True  # 农业、民生等各类信息: what stands before is only examples
    described = heads and piece.before[heads[-1]].kind in INFO and _is_sort(piece, heads[-1])
    unknown = [t for t in piece.before[last_verb + 1 :] if piece.is_unknown(t)]
    if heads and piece.before[heads[-1]].kind == "training":
        unknown = [t for t in unknown if not _names_scope(t)]
    return not behind and not described and not unknown
