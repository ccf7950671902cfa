"""Whether 全市, 全县 or 各级各部门 in a report means its issuer's own territory or a longer one."""

from __future__ import annotations

import re

# What each word counts, and which issuers' names end in a territory of that size.
_OWN = {
    "全国": r"国务院",
    "全省": r"省(?:人民政府)?$|自治区(?:人民政府)?$",
    "全市": r"市(?:人民政府)?$",
    "全盟": r"盟(?:行政公署)?$",
    "全州": r"州(?:人民政府)?$",
    "全县": r"县(?:人民政府)?$",
    "全旗": r"旗(?:人民政府)?$",
    "全区": r"区(?:人民政府|管理委员会|管委会)?$|新区|园区|开发区|度假区|风景区",
    "全镇": r"镇(?:人民政府)?$",
    "全乡": r"乡(?:人民政府)?$",
    "全街道": r"街道(?:办事处|办)?$",
}
_GOVERNMENT = re.compile(r"([省市州盟县区旗])(?:人民政府|行政公署)?$")
_ZONE = re.compile(r"管理委员会$|管委会$")
_LEVEL = r"[省市州盟县区旗]"
_TOWNS = (
    r"(?:乡镇街道|镇街道|乡镇|镇街|街镇|镇乡|街道|苏木镇?|乡|镇)"
    r"(?:\((?:镇|街道|街|乡|苏木|办事处|场|、|,)+\))?(?:政府|办事处)?"
)
_DIVISIONS = (
    r"(?:县区|区县|县市区|市县区|市区县|县市|市县|旗县区?|旗县市区"
    r"|市\((?:县、)?区\)|县\((?:市、)?区\)|区\(县\)|区\(市\))"
)
_OFFICES = (
    r"(?:党政机关|行政机关|政府机关|国家机关|机关|政府工作部门|政府组成部门|政府部门|工作部门|组成部门|职能部门"
    r"|直属部门|部门|直属单位|直属机构|事业单位|单位)"
)
# 全县政府信息 are no governments.
_NO_WORD = "(?!信息|开放|公开|公报|采购|工作|服务|常务|法制|规章)"
_MEMBER = (
    rf"(?:(?:各级|各|所属|下属|下辖)*(?:{_LEVEL}(?:级|直|属|政府)?各?)?"
    rf"(?:人民政府|政府系统|{_OFFICES}|{_TOWNS}|{_DIVISIONS}|政府{_NO_WORD})"
    rf"|{_LEVEL}(?:人民)?政府(?:本级)?{_NO_WORD}|{_LEVEL}本级)"
)
_JOINT = r"(?:以及|及其|[、和及与])"
# 全县各级行政机关, 县政府及各部门, 各乡镇（街道）、县级各部门: all bodies of a territory as one subject.
BODIES = re.compile(
    rf"(?:(?:全{_LEVEL}|各级)(?:各级|[两二三四]级)?{_MEMBER}(?:{_JOINT}?{_MEMBER})*|各级各{_MEMBER})"
    rf"|(?:管委会|{_LEVEL})本级(?:及|和)(?:其?(?:下辖|所属|下属|所辖))[^,。;\\d]{{2,20}}?(?:街道|镇|乡|部门|单位)(?![、和及])"
    rf"|{_MEMBER}(?:{_JOINT}{_MEMBER})+"
    rf"(?=发生|被|因|承办|组织|开展|举办|制|通过|在|共|累计|总计|新收|收|接|受理|未|没|无|主动|公开|发布|办理|处理|均|[,，]|全年|本年|\d)"
)
_CENTRE, _ALL_OFFICES, _ALL_TOWNS = (
    re.compile(rf"{_LEVEL}(?:人民)?政府(?!部门|机关|组成|工作)|本级"),
    re.compile(r"部门|单位|机关"),
    re.compile(r"乡|镇|街"),
)


def counts_more_than(territory: str, body_name: str) -> bool:
    """Whether a count of ``territory`` may be of more than all bodies of the one named; true where it can't be told."""
    own = _OWN.get("全街道" if territory.startswith("全街道") else territory[:2])
    if own is not None:
        return re.search(own, body_name) is None or territory.startswith("全系统")
    if territory.startswith("管委会"):
        return _ZONE.search(body_name) is None
    government = _GOVERNMENT.search(body_name)
    if government is None or not _is_everyone(territory):
        return True
    levels = re.findall(rf"({_LEVEL})(?:级|直|属|本级|政府|人民政府)", territory)
    return any(level != government[1] for level in levels)


def _is_everyone(territory: str) -> bool:
    """Whether the words name all bodies of a territory, not its towns or its departments alone."""
    if territory.startswith("各级"):
        return True
    return bool(_ALL_OFFICES.search(territory)) and bool(_CENTRE.search(territory) or _ALL_TOWNS.search(territory))
