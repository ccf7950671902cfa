"""What people call the bodies and places of the corpus, in Chinese and English: short, and only one body each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from samples.questions.truth import Row

# The long end of a name, short ends for it, and its English; {c} is what stands before.
_ENDS = (
    ("高新技术产业开发区管理委员会", ("{c}高新区", "{c}高新技术产业开发区"), "{c} High-tech Zone"),
    ("经济开发区管理委员会", ("{c}经开区", "{c}经济开发区", "{c}开发区"), "{c} Economic Development Zone"),
    ("风景名胜区管理委员会", ("{c}风景名胜区", "{c}景区"), "{c} Scenic Area"),
    ("街道办事处", ("{c}街道", "{c}街道办"), "{c} Subdistrict"),
    ("镇人民政府", ("{c}镇", "{c}镇政府"), "{c} town"),
    ("乡人民政府", ("{c}乡", "{c}乡政府"), "{c} township"),
    ("县人民政府办公室", ("{c}县政府办", "{c}县政府办公室"), "{c} County Government Office"),
    ("县人民政府", ("{c}县人民政府",), "{c} County Government"),
    ("教育和体育局", ("{c}教体局", "{c}教育和体育局"), "{c} Education and Sports Bureau"),
    ("自然资源局", ("{c}自然资源局",), "{c} Natural Resources Bureau"),
    ("住房和城乡建设局", ("{c}住建局",), "{c} Housing and Urban-Rural Development Bureau"),
    ("卫生健康局", ("{c}卫健局",), "{c} Health Bureau"),
    ("农业农村局", ("{c}农业农村局",), "{c} Agriculture and Rural Affairs Bureau"),
    ("旅游度假区管理委员会", ("{c}旅游度假区", "{c}度假区"), "{c} Tourist Resort"),
    (
        "经济技术开发区",
        ("{c}经开区", "{c}经济技术开发区", "{c}开发区"),
        "{c} Economic and Technological Development Zone",
    ),
    ("区人民政府办公室", ("{c}区政府办", "{c}区政府办公室"), "{c} District Government Office"),
)


def romanised(stem: str) -> str:
    """Hechuan for 鹤川; a county's character 县 becomes a word of its own."""
    from pypinyin import lazy_pinyin

    county = stem.endswith("县")
    return "".join(lazy_pinyin(stem.removesuffix("县"))).capitalize() + (" County" if county else "")


def _called(row: Row) -> tuple[tuple[str, ...], str]:
    name, (province, city, county) = row["body"][0], row["region"].split("/")
    for end, short, english in _ENDS:
        if name.endswith(end):
            stem = name.removesuffix(end)
            if stem != county and county in stem:  # towns are called without their county
                stem = stem.partition(county)[2]
            plain = stem.removeprefix(province.removesuffix("省")).removeprefix(city)
            return tuple(form.format(c=stem) for form in short), english.format(c=romanised(plain))
    return (name,), name


def short_names(rows: Iterable[Row], language: str) -> dict[str, tuple[str, ...]]:
    """By full name: what only that body is called; bodies without such a name are left out."""
    called = {row["body"][0]: _called(row) for row in rows}
    forms = {name: zh if language == "zh" else (en,) for name, (zh, en) in called.items()}
    times = Counter(form for known in forms.values() for form in known)
    stems = Counter(re.sub(r".$", "", form) for known in forms.values() for form in set(known))
    unique = {
        name: tuple(form for form in known if times[form] == 1 and stems[form[:-1]] == 1)
        for name, known in forms.items()
    }
    return {name: known for name, known in unique.items() if known}
