"""Who signs a report: the name that its title bears, mended and completed by how the report names its author.

The title is believed first; a name that it doesn't bear is looked for where the author signs, is named as the author,
as the contact, as the subject of the sentences, and last in the file's name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath

from ingest.documents import Document
from ingest.identity import body_names
from ingest.identity.dates import ISSUE_DATE, date_line
from ingest.identity.regions import home_of
from ingest.identity.titles import HEAD, Title, dense, parse_title
from vectorstore.folding import fold_one_to_one
from vectorstore.places import gazetteer

_DOUBLED = re.compile(r"([一-鿿]{3,})\1")
_NATIONAL = re.compile(r"(?:国家|中国)[一-鿿]{2,8}(?:总?局|委员会|银行|公司)")


def find_signature(text: str) -> tuple[str | None, str | None]:
    """(name, ISO date) of the last lines: a body's name above or before a date."""
    lines = [line.strip() for line in text[-1500:].split("\n") if line.strip()]
    for index in range(len(lines) - 1, -1, -1):
        dated = date_line(lines[index])
        if dated is None:
            continue
        before = ISSUE_DATE.sub("", lines[index]).strip(" ()")
        # Mostly the name stands above the date; now and then below.
        behind = lines[index + 1] if index + 2 == len(lines) else ""
        for candidate in (before, lines[index - 1] if index else "", behind):
            name = body_names.tidy(dense(candidate))
            if body_names.is_name_like(name):
                return name, dated
        return None, dated
    if lines and "\t" not in lines[-1]:
        name = body_names.tidy(dense(lines[-1]))
        if body_names.is_name_like(name) and len(name) >= 5:
            return name, None
    return None, None


def choose_name(
    title: Title | None, signature: str | None, preamble: str, text: str, document: Document, warnings: list[str]
) -> str:
    """The name of the issuer, which is never empty; what was inferred goes into ``warnings``.

    Args:
        preamble, text: Folded and without white space.
    """
    stated = list(body_names.find_in_preamble(preamble))
    contacts = [body_names.without_inner_office(n) for n in body_names.find_in_contact(preamble)]
    contacts = [n for n in contacts if body_names.is_name_like(n)]
    titled = title.name if title else ""
    if titled:
        mended = _mend(titled, text, [*([signature] if signature else []), *stated, *contacts])
        if mended != titled:
            warnings.append(f"标题中的“{titled}”按正文改读为“{mended}”。")
        mended = _with_division(mended, text)
        return _as_signed(mended, [*([signature] if signature else []), *contacts, *stated])
    for source, names in (("落款", [signature] if signature else []), ("导语", stated), ("联系方式", contacts)):
        if names:
            warnings.append(f"标题没有写明机关，名称“{names[0]}”取自{source}。")
            return _fuller(names[0], [*stated, *contacts])
    return _name_from_prose(text, document, warnings)


def _name_from_prose(text: str, document: Document, warnings: list[str]) -> str:
    """The name that sentences, guides or the file's name give, where nothing says who the author is."""
    if own := _own_division(text, document):
        warnings.append(f"标题没有写明机关，正文自称“我{own[-1]}”，按所述地点是“{own}”。")
        return own
    subjects = Counter(body_names.find_as_subject(text))
    if subjects:
        name = _fuller(subjects.most_common(1)[0][0], list(subjects))
        warnings.append(f"标题没有写明机关，名称“{name}”取自正文。")
        return name
    if publishers := list(body_names.find_publishers(fold_one_to_one(document.text[:HEAD]))):
        warnings.append(f"标题没有写明机关，名称“{publishers[0]}”取自页面的发布机构。")
        return publishers[0]
    if guides := list(body_names.find_in_guides(text)):
        warnings.append(f"标题没有写明机关，名称“{guides[0]}”取自正文提到的公开指南。")
        return guides[0]
    if named := Counter(body_names.find_anywhere(text)):
        name = max(named, key=lambda found: (named[found], len(found)))
        warnings.append(f"标题没有写明机关，名称“{name}”是正文中最常出现的机关名称。")
        return name
    stem = PurePath(document.source).stem
    remaining = parse_title(stem)
    name = (remaining.name if remaining else "") or stem or "机关不明"
    warnings.append(f"正文没有写明机关，名称“{name}”取自文件名。")
    return name


_OWN_DIVISION = re.compile(
    r"我(?P<sort>[省市县区旗州盟])"
    r"(?=20\d\d|人民政府|政府|政务公开|紧紧|认真|坚持|严格|信息公开|主动公开|共)"
)
_OWN_ORGAN = re.compile(r"[我本](?:局|委|镇|乡|街|办|厅|院|会|中心|单位|室|队|处|部|园|苏木|场|公司|团)")


def _own_division(text: str, document: Document) -> str | None:
    """The division whose government calls it 我县, if the text tells which that is."""
    own = _OWN_DIVISION.search(text)
    if own is None or _OWN_ORGAN.search(text):
        return None  # a department, township or zone says 我区 of the district that it lies in
    located = home_of(text, document.source, document.metadata.get("url", ""))
    name = located.rsplit("/", 1)[-1] if located else ""
    return name if name.endswith(own["sort"]) else None


def _mend(titled: str, text: str, others: list[str]) -> str:
    """The title's name without damage: a stray word before it, or a wording that the report itself never uses."""
    if (doubled := _DOUBLED.search(titled)) is not None:
        # 东疆综合东疆综合保税区: to find 综保区 and put 东疆综合保税区 in its place does that to a whole text.
        titled = titled[: doubled.end(1)] + titled[doubled.end() :]
    if text.count(titled) > 1 or titled in others:
        return titled
    for other in others:
        # 甲综合甲综保区: the right name stands at the end, and its beginning before it once more.
        if titled != other and titled.endswith(other) and other[:2] in titled[: -len(other)] and text.count(other) > 1:
            return other
    for cut in range(1, 7):
        if _is_stray(titled[:cut], titled[cut:], text, others):
            return titled[cut:]
    for other in others:
        # 东疆综合东疆综保区: a name that holds all of the right one's characters, in order, and some of them twice.
        if len(titled) > len(other) and set(titled) == set(other) and text.count(other) > 1:
            return other
    return titled


def _is_stray(stray: str, rest: str, text: str, others: list[str]) -> bool:
    """Whether the title's name begins with a word that doesn't belong to it: elsewhere it stands without."""
    places = gazetteer()
    if not body_names.is_name_like(rest) or places.named(stray) or body_names.division_name(stray):
        return False
    if stray in body_names.body_words().ministries or _NATIONAL.fullmatch(stray):
        return False  # 国家税务总局甲县税务局 is called 甲县税务局 for short
    if body_names.body_words().zone_term.fullmatch(rest):
        return False  # 合作区 of 甲乙合作区 begins like 合作市 and is no name
    if (
        (head := places.head(rest))
        and not places.head(stray + rest)
        and head[0].span.start == 0
        and text.count(rest) > 1
    ):
        return True
    division = body_names.division_name(rest)
    alone = text.count(rest) > text.count(stray + rest)
    if stray in body_names.body_words().stray and alone:
        return True
    # A place that the gazetteer doesn't know is no stray word, so the rest has to begin with one.
    if not division and not head:
        return False
    extension = body_names.body_words().extension
    for other in others:
        if other == rest or (other.startswith(rest) and extension.fullmatch(other[len(rest) :])):
            return True
        before = rest[: -len(other)] if rest.endswith(other) else ""
        if before and before == division and text.count(before) > text.count(stray + before):
            return True
    return False


def _as_signed(name: str, others: list[str]) -> str:
    """The name with the organ or the county that the body's signature, contact or preamble adds to it."""
    extension = body_names.body_words().extension
    for other in others:
        at = other.find(name)
        before, behind = other[: max(at, 0)], other[at + len(name) :]
        if at < 0 or not (before or behind) or (behind and not extension.fullmatch(behind)):
            continue
        if not before or (_is_all_places(before) and behind):
            return other
    if not gazetteer().head(name):
        for other in others:
            if other != name and other.endswith(name) and _is_all_places(other[: -len(name)]):
                return other
    return name


def _with_division(name: str, text: str) -> str:
    """省水利厅 with the province that the text puts before it."""
    if not re.match(r"[省市县区旗州盟][一-鿿]{2}", name):
        return name
    places = gazetteer()
    fuller: Counter[str] = Counter()
    for match in re.finditer(re.escape(name), text):
        for length in range(8, 1, -1):
            place = text[max(0, match.start() - length) : match.start() + 1]
            if any(known.name == place for known in places.named(place)):
                fuller[place + name[1:]] += 1
                break
    return fuller.most_common(1)[0][0] if fuller else name


def _is_all_places(prefix: str) -> bool:
    head = gazetteer().head(prefix)
    return bool(head) and head[-1].span.end == len(prefix)


def _fuller(name: str, others: Sequence[str]) -> str:
    """The longest of the others that is the name with the places before it."""
    longer = [o for o in others if o.endswith(name) and o != name and _is_all_places(o[: -len(name)])]
    return max(longer, key=len, default=name)
