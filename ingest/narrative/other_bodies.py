"""The bodies besides the issuer that a report counts: 海陵区 of a city's report is that district's government.

A name is only taken for a body where it can be told which one is meant, so that the figure is found under the same
``body_id`` as the body's own report.
"""

from __future__ import annotations

import re

from ingest.identity.body_names import body_words, kind_of
from ingest.identity.identity import body_id
from ingest.identity.regions import region_of
from ingest.narrative.department_names import full_names
from vectorstore.body_names import designations, short_names
from vectorstore.places import Place, gazetteer
from vectorstore.records import Body, Kind

# Whose reports count others: those that have others below them.
_ABOVE_OTHERS = frozenset({Kind.ZONE, Kind.COUNTY, Kind.CITY, Kind.PROVINCE, Kind.GOVERNMENT_OFFICE})
# They decide or hear disputes: what they handle is nobody's own.
_HEARING = re.compile(r"司法|法院|检察|复议|仲裁|信访")
_DISPUTES = frozenset({"review_total", "litigation_total"})
_GROUP = re.compile(
    r"^[各全多数几两三四五六七八九十]|直|部门|单位|机关|乡镇|镇街|县区|区县|市区|其他|有关|相关|所属|下属|本级|等|、"
)
_ORGANS = {
    Kind.CITY: "人民政府",
    Kind.COUNTY: "人民政府",
    Kind.TOWNSHIP: "人民政府",
    Kind.SUBDISTRICT: "办事处",
    Kind.ZONE: "管理委员会",
}
_READ = 2000  # characters of the report that tell where a zone lies
_LEVEL_OFFICE = re.compile(r"^[省市州盟县区旗](?:人民)?政府(?P<office>办公[室厅]|办)$")


class OtherBodies:
    """The bodies that one report names besides its issuer.

    Args:
        text: The report's: where it writes a short name in full too, that is the name.
    """

    def __init__(self, issuer: Body, text: str) -> None:
        self.issuer = issuer
        self._text = text
        self._found: dict[str, Body | None] = {}

    def find(self, name: str, metric: str) -> Body | None:
        """The body of that name in the issuer's territory; ``None`` where it can't be told or isn't one of those
        that the issuer reports on."""
        if self.issuer.kind not in _ABOVE_OTHERS or not self.issuer.region:
            return None
        if metric in _DISPUTES and _HEARING.search(name):
            return None
        if name not in self._found:
            self._found[name] = self._resolve(name)
        return self._found[name]

    def _resolve(self, name: str) -> Body | None:
        region = self.issuer.region or ""
        division = region.rsplit("/", 1)[-1]
        if match := _LEVEL_OFFICE.match(name):
            if self.issuer.kind is Kind.GOVERNMENT_OFFICE or name[0] != division[-1]:
                return None
            office = "人民政府办公厅" if match["office"].endswith("厅") else "人民政府办公室"
            return self._body(division + office, Kind.GOVERNMENT_OFFICE, region)
        if _GROUP.search(name):
            return None
        if department := max((d for d in full_names() if name.endswith(d)), key=len, default=None):
            return self._department(name[: -len(department)], full_names()[department])
        kind = kind_of(name)
        if kind in (Kind.COUNTY, Kind.CITY):
            return self._division(name, region)
        if kind in (Kind.TOWNSHIP, Kind.SUBDISTRICT):
            return self._township(name, kind, region)
        if kind is Kind.ZONE and body_words().zone.search("　" + name):
            return self._zone(name, region)
        return None

    def _department(self, place: str, designation: str) -> Body | None:
        """市公安局, 泰州市公安局, 海陵区公安局: the department of a division that the issuer is, or that lies in it."""
        region = self.issuer.region or ""
        division = region.rsplit("/", 1)[-1]
        if place in {"", division[-1], division, f"我{division[-1]}"}:
            # 公安局 alone is the issuer's only where its level is the only one there: a county's.
            if not place and gazetteer().level(region) != "county":
                return None
            return self._body(division + designation, Kind.DEPARTMENT, region)
        inner = self._place_inside(place, region)
        return self._body(inner.name + designation, Kind.DEPARTMENT, inner.path) if inner else None

    def _division(self, name: str, region: str) -> Body | None:
        inner = self._place_inside(re.sub(r"(?:人民)?政府$", "", name), region)
        if inner is None:
            return None
        kind = Kind.CITY if inner.level == "city" else Kind.COUNTY
        return self._body(inner.name + _ORGANS[kind], kind, inner.path)

    def _place_inside(self, name: str, region: str) -> Place | None:
        found = [place for place in gazetteer().named(name) if place.path.startswith(region + "/")]
        return found[0] if len(found) == 1 else None

    def _township(self, name: str, kind: Kind, region: str) -> Body | None:
        town = re.sub(r"(?:人民政府|政府|街道办事处|办事处|办)$", "", name)
        if kind is Kind.SUBDISTRICT and not town.endswith(("街道", "地区")):
            town += "街道"
        above = [p for p in gazetteer().above_township(town) if p.path == region or p.path.startswith(region + "/")]
        counties = {place.path for place in above if place.level == "county"} or (
            {region} if gazetteer().level(region) == "county" else set()
        )
        if len(counties) != 1:
            return None
        return self._body(town + _ORGANS[kind], kind, counties.pop())

    def _zone(self, name: str, region: str) -> Body | None:
        bare = re.sub(r"(?:管理委员会|管委会)$", "", name)
        full = self._written_in_full(bare, region)
        if gazetteer().head(full) and not self._is_inside(full, region):
            # 湖滨 of 湖滨新区 is a district elsewhere: the name with its city can't be taken for that.
            division = region.rsplit("/", 1)[-1]
            return self._body(
                (full if division[:2] in full else division + full) + _ORGANS[Kind.ZONE], Kind.ZONE, region
            )
        located = region_of(full, Kind.ZONE, self._text[:_READ]) or region
        if not (located == region or located.startswith(region + "/")):
            located = region
        return self._body(full + _ORGANS[Kind.ZONE], Kind.ZONE, located)

    def _is_inside(self, name: str, region: str) -> bool:
        return any(place.path.startswith(region) for place in gazetteer().head(name)[0].candidates)

    def _written_in_full(self, name: str, region: str) -> str:
        """经开区 stands for 经济开发区 or 经济技术开发区: the one that the report or the gazetteer knows, if any."""
        for entry in designations()["zone"]:
            for short in entry.short:
                if not name.endswith(short) or name.endswith(entry.long):
                    continue
                full = name.removesuffix(short) + entry.long
                above = gazetteer().above_township(full)
                if full in self._text or any(p.path == region or p.path.startswith(region + "/") for p in above):
                    return full
        return name

    def _body(self, name: str, kind: Kind, region: str) -> Body:
        return Body(body_id(name, kind, region), name, kind, region, short_names(name, kind, region))
