"""The names of departments that a report calls short: 住建局 is the 住房和城乡建设局, 教育厅 a province's 教育局."""

from __future__ import annotations

from functools import cache

from vectorstore.body_names import designations


@cache
def full_names() -> dict[str, str]:
    """The full form of each department's name, full or short; a short form that two have is left out."""
    meant: dict[str, set[str]] = {}
    full = {entry.long for entry in designations()["department"]}
    for entry in designations()["department"]:
        for name in (entry.long, *entry.short):
            meant.setdefault(name, set()).add(entry.long)
            if name.endswith("局") and entry.long.endswith("局"):
                meant.setdefault(_of_province(name), set()).add(_of_province(entry.long))
    full |= {_of_province(name) for name in full if name.endswith("局")}
    return {
        name: name if name in full else next(iter(names))
        for name, names in meant.items()
        if name in full or len(names) == 1
    }


def _of_province(name: str) -> str:
    return name[:-1] + "厅"
