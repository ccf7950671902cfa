"""Which verdict stands on a check: what a person found on the very values that it has now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from vectorstore.records import Check, CheckSide, Verdict


def stated(side: CheckSide) -> str:
    """What a side says, to tell whether it has changed: its value in plain digits, or its words where it has none."""
    if side.value is None:
        return side.label
    plain = f"{side.value:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is known of a check from people.

    Attributes:
        verdict: On its values as they are, or else the latest on other values; ``None`` if nobody looked.
        is_current: Whether the verdict is on its values as they are; otherwise the check is open again.
    """

    verdict: Verdict | None = None
    is_current: bool = False

    @property
    def standing(self) -> str:
        """``confirmed``, ``dismissed``, or ``open`` where no verdict is on its values."""
        return self.verdict.finding.value if self.verdict is not None and self.is_current else OPEN


OPEN = "open"
_NONE = Judgement()


class Verdicts:
    """Verdicts, to be looked up by check.

    Args:
        verdicts: Oldest first, as `Index.verdicts` gives them.
    """

    def __init__(self, verdicts: Iterable[Verdict]) -> None:
        self._of: defaultdict[tuple[str, str, str], dict[tuple[str, str], Verdict]] = defaultdict(dict)
        for verdict in verdicts:
            self._of[verdict.report_id, verdict.rule, verdict.subject][verdict.left, verdict.right] = verdict

    def __len__(self) -> int:
        return sum(map(len, self._of.values()))

    def on(self, check: Check) -> Judgement:
        """What was found on the check."""
        found = self._of.get((check.report_id, check.rule, check.subject))
        if not found:
            return _NONE
        left, right = stated(check.left), stated(check.right)
        current = found.get((left, right))
        if current is not None:
            return Judgement(current, True)
        # A title may have two faults at once: what was found on one of them says nothing about the other.
        if check.left.value is None and check.right.value is None:
            former = [v for v in found.values() if v.right == right]
        else:
            former = list(found.values())
        return Judgement(former[-1]) if former else _NONE
