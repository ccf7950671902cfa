"""At which level of the division tree regions are told apart: provinces, cities or counties."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.plan import RegionLevel
from vectorstore.places import MUNICIPALITIES

_DEPTHS: dict[RegionLevel, int] = {"province": 1, "city": 2, "county": 3}


def depth_of(level: RegionLevel | None, regions: Iterable[str | None]) -> int:
    """How many levels of a region's path name it.

    The level asked for; else the first that tells the regions apart: provinces if there are several, else cities.
    """
    if level is not None:
        return _DEPTHS[level]
    known = {region for region in regions if region}
    for depth in (1, 2):
        if len({"/".join(region.split("/")[:depth]) for region in known}) > 1:
            return depth
    return _DEPTHS["county"]


def depth_within(region: str, depth: int) -> int:
    """The depth for one region: beneath a municipality there are districts and no cities."""
    return depth - 1 if depth > 1 and region.split("/")[0] in MUNICIPALITIES else depth
