"""Whether 全市 or 全县 in a report means its issuer's own territory or a longer one."""

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


def counts_more_than(territory: str, body_name: str) -> bool:
    """Whether a count of ``territory`` may be of more bodies than the one named; true where it can't be told."""
    own = _OWN.get(territory)
    return own is None or re.search(own, body_name) is None
