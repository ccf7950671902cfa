"""The errors of the interfaces: one that the pages say in the language of who asked, and one of wrong usage."""

from __future__ import annotations

from ui.texts import texts
from vectorstore.errors import NianbaoError


class SaidError(NianbaoError):
    """What can't be done, as a sentence of the pages' own words; as a message of the program it is in English.

    Attributes:
        key: Of the words: ``section.name``.
        values: What fills their placeholders.
    """

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(texts("en")(key, **values))
        self.key = key
        self.values = values


class UsageError(NianbaoError):
    """Options that can't be meant together, or a value that can't be: nothing was done."""
