"""The rules that reports are checked by, read from ``data/check_rules.toml``: what each says and how grave it is."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

FAULT = "fault"
WARNING = "warning"


@dataclass(frozen=True, slots=True)
class CheckRule:
    """What a check's ``rule`` means.

    Attributes:
        sort: ``identity``, ``comparison``, ``year``, ``value`` or ``layout`` (see the file).
        severity: ``fault`` or ``warning``.
    """

    id: str
    sort: str
    severity: str
    name_zh: str
    name_en: str
    text_zh: str
    text_en: str

    def name(self, language: str = "zh") -> str:
        """What to call the rule in ``zh`` or ``en``."""
        return self.name_zh if language == "zh" else self.name_en

    def text(self, language: str = "zh") -> str:
        """What should hold, in ``zh`` or ``en``."""
        return self.text_zh if language == "zh" else self.text_en


@cache
def check_rules() -> Mapping[str, CheckRule]:
    """All rules by id, in the file's order."""
    data = tomllib.loads((files("vectorstore.data") / "check_rules.toml").read_text(encoding="utf-8"))
    return {rule["id"]: CheckRule(**rule) for rule in data["rule"]}


def rule_of(rule_id: str) -> CheckRule:
    """The rule of that id; one that an older or newer index names and the file doesn't is a warning of no sort."""
    known = check_rules().get(rule_id)
    return known or CheckRule(rule_id, "", WARNING, rule_id, rule_id, "", "")
