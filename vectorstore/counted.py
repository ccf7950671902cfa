"""Numbers in sentences with what they count: one report, two reports."""

from __future__ import annotations


class Counted(int):
    """A number that a sentence follows up with what is counted: ``{count:report}``, ``{count:body|bodies}``."""

    def __format__(self, spec: str) -> str:
        if not spec:
            return str(int(self))
        one, _, many = spec.partition("|")
        return f"{int(self)} {one if self == 1 else many or one + 's'}"


def counted(values: dict[str, object]) -> dict[str, object]:
    """What fills in the braces of a sentence, its whole numbers so that they can be followed up."""
    return {name: Counted(value) if type(value) is int else value for name, value in values.items()}
