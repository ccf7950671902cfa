"""Places and bodies that do not exist: the sample county, and as many more as a benchmark needs.

Names are put together from the syllables in ``place_names.toml``, which holds none that makes a real place's name.
Telephone numbers begin with the impossible area code 000, addresses on the web end in ``.example``.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vectorstore.records import Kind

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class FictionalBody:
    """A body of a fictional territory.

    Attributes:
        slug: ASCII, unique in its territory; part of the file's name.
        name: As it signs itself. ``title_name``: as its reports' titles call it, mostly the same.
        demand: About how many applications it receives in a year.
    """

    slug: str
    name: str
    title_name: str
    kind: Kind
    demand: float
    wechat: str
    address: str
    phone: str
    mail: str


@dataclass(frozen=True, slots=True)
class Territory:
    """A fictional county with its bodies. ``region`` reads ``省/市/县``; ``county`` is the county's own name."""

    region: str
    county: str
    site: str
    bodies: tuple[FictionalBody, ...]


SAMPLE_YEARS = (2021, 2022, 2023)
PROVINCE, CITY, COUNTY = "霁川省", "鹭汀市", "栖澜县"
STREETS = ("听灯路", "三叠巷", "拾穗街", "望帆路", "织云街", "半亩塘路", "数星巷", "迎穗路", "长桨街", "知更路")

# slug, name, name in titles, kind, applications a year, WeChat account
_SAMPLE_BODIES = (
    ("office", "栖澜县人民政府办公室", "栖澜县人民政府办公室", Kind.GOVERNMENT_OFFICE, 24, "栖澜政声"),
    ("economic-zone", "栖澜经济开发区管理委员会", "栖澜经济开发区管理委员会", Kind.ZONE, 3, "栖澜经开"),
    ("hightech-zone", "栖澜高新技术产业开发区管理委员会", "栖澜高新技术产业开发区", Kind.ZONE, 6, "栖澜高新"),
    ("lake-resort", "鹭鸣湖旅游度假区管理委员会", "鹭鸣湖旅游度假区管理委员会", Kind.ZONE, 1, "鹭鸣湖畔"),
    ("fengyu-town", "栖澜县枫屿镇人民政府", "栖澜县枫屿镇人民政府", Kind.TOWNSHIP, 2, "枫屿微讯"),
    ("shiluo-town", "栖澜县石螺镇人民政府", "栖澜县石螺镇人民政府", Kind.TOWNSHIP, 1, "石螺新语"),
    ("taixi-town", "栖澜县苔溪镇人民政府", "栖澜县苔溪镇人民政府", Kind.TOWNSHIP, 1, "苔溪之声"),
    ("songying-town", "栖澜县松萤镇人民政府", "栖澜县松萤镇人民政府", Kind.TOWNSHIP, 3, "松萤时光"),
    ("yinshan-township", "栖澜县银杉乡人民政府", "栖澜县银杉乡人民政府", Kind.TOWNSHIP, 0.5, "银杉乡音"),
    ("wangji-subdistrict", "栖澜县望霁街道办事处", "栖澜县望霁街道办事处", Kind.SUBDISTRICT, 4, "望霁家园"),
    ("education-bureau", "栖澜县教育和体育局", "栖澜县教育和体育局", Kind.DEPARTMENT, 9, "栖澜教体"),
    ("resources-bureau", "栖澜县自然资源局", "栖澜县自然资源局", Kind.DEPARTMENT, 38, "栖澜自然"),
    ("housing-bureau", "栖澜县住房和城乡建设局", "栖澜县住房和城乡建设局", Kind.DEPARTMENT, 17, "栖澜住建"),
    ("agriculture-bureau", "栖澜县农业农村局", "栖澜县农业农村局", Kind.DEPARTMENT, 8, "栖澜三农"),
)

# slug, name with {c} the county's stem and {t} a town's, name in titles, kind, applications a year
_PATTERNS = (
    ("government", "{c}县人民政府", "{c}县人民政府", Kind.COUNTY, 160),
    ("office", "{c}县人民政府办公室", "{c}县人民政府办公室", Kind.GOVERNMENT_OFFICE, 25),
    ("zone-1", "{c}经济开发区管理委员会", "{c}经济开发区", Kind.ZONE, 2),
    ("zone-2", "{c}高新技术产业开发区管理委员会", "{c}高新技术产业开发区管理委员会", Kind.ZONE, 4),
    ("zone-3", "{t}风景名胜区管理委员会", "{t}风景名胜区管理委员会", Kind.ZONE, 0.5),
    ("town-1", "{c}县{t}镇人民政府", "{c}县{t}镇人民政府", Kind.TOWNSHIP, 1),
    ("town-2", "{c}县{t}镇人民政府", "{c}县{t}镇人民政府", Kind.TOWNSHIP, 1.5),
    ("town-3", "{c}县{t}镇人民政府", "{c}县{t}镇", Kind.TOWNSHIP, 0.4),
    ("town-4", "{c}县{t}乡人民政府", "{c}县{t}乡人民政府", Kind.TOWNSHIP, 0.3),
    ("street-1", "{c}县{t}街道办事处", "{c}县{t}街道办事处", Kind.SUBDISTRICT, 3),
    ("street-2", "{c}县{t}街道办事处", "{c}县{t}街道", Kind.SUBDISTRICT, 1),
    ("bureau-1", "{c}县教育和体育局", "{c}县教育和体育局", Kind.DEPARTMENT, 8),
    ("bureau-2", "{c}县自然资源局", "{c}县自然资源局", Kind.DEPARTMENT, 35),
    ("bureau-3", "{c}县住房和城乡建设局", "{c}县住房和城乡建设局", Kind.DEPARTMENT, 15),
    ("bureau-4", "{c}县卫生健康局", "{c}县卫生健康局", Kind.DEPARTMENT, 5),
)
_ACCOUNTS = {
    "government": "政务",
    "office": "政声",
    "zone-1": "经开",
    "zone-2": "高新",
    "bureau-1": "教体",
    "bureau-2": "自然",
    "bureau-3": "住建",
    "bureau-4": "卫健",
}


@cache
def place_stems() -> tuple[str, ...]:
    """Two-syllable stems of invented place names, in a fixed order that mixes the syllables."""
    names = tomllib.loads((FOLDER / "place_names.toml").read_text(encoding="utf-8"))
    real = set(names["real"])
    stems = [first + last for first in names["first"] for last in names["last"] if first + last not in real]
    random.Random("place stems").shuffle(stems)
    return tuple(stems)


def _contact(rng: random.Random, place: str, host: str) -> tuple[str, str, str]:
    """An address, a telephone number that cannot exist (area code 000, local number from 0), and a mailbox."""
    address = f"{place}{rng.choice(STREETS)}{rng.randint(1, 199)}号"
    return address, f"000-0{rng.randint(0, 999_999):06d}", f"gongkai@{host}"


def sample_county() -> Territory:
    """The county of the bundled samples."""
    rng = random.Random("sample county")
    bodies = []
    for slug, name, title_name, kind, demand, wechat in _SAMPLE_BODIES:
        address, phone, mail = _contact(rng, f"{PROVINCE}{CITY}{COUNTY}", f"{slug}.qilan.example")
        bodies.append(FictionalBody(slug, name, title_name, kind, demand, wechat, address, phone, mail))
    return Territory(f"{PROVINCE}/{CITY}/{COUNTY}", COUNTY, "http://www.qilan.example", tuple(bodies))


def invent_territories(seed: int) -> Iterator[Territory]:
    """Fictional counties, as many as there are stems (about 1,500), one at a time, no county's name twice."""
    stems = list(place_stems())
    rng = random.Random(f"territories {seed}")
    rng.shuffle(stems)
    for number, county in enumerate(stems):
        others = [stem for stem in rng.sample(stems, len(_PATTERNS) + 3) if stem != county]
        province, city, towns = others[0], others[1], iter(others[2:])
        host = f"c{number:04d}.example"
        bodies = []
        for slug, name, title_name, kind, demand in _PATTERNS:
            town = next(towns) if "{t}" in name else ""
            account = f"{town}微讯" if town else f"{county}{_ACCOUNTS[slug]}"
            address, phone, mail = _contact(rng, f"{province}省{city}市{county}县", f"{slug}.{host}")
            full, title = name.format(c=county, t=town), title_name.format(c=county, t=town)
            demand *= rng.uniform(0.3, 2.5)
            bodies.append(
                FictionalBody(f"c{number:04d}-{slug}", full, title, kind, demand, account, address, phone, mail)
            )
        yield Territory(f"{province}省/{city}市/{county}县", f"{county}县", f"http://www.{host}", tuple(bodies))
