"""What reasoning models think aloud before they reply, ``<think>…</think>``: taken out as it streams by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_OPENINGS = ("<think>", "<thinking>", "<|begin_of_thought|>")
_CLOSINGS = ("</think>", "</thinking>", "<|end_of_thought|>")
_MARKS = (*_OPENINGS, *_CLOSINGS)
_LONGEST = max(map(len, _MARKS))


def without_thinking(pieces: Iterable[str]) -> Iterator[str]:
    """The reply alone, without white space before it. An empty piece stays one.

    A closing mark without its opening (chat templates open it in the prompt) isn't seen until it comes, so it is only
    taken out itself: see `reply_after_thinking` for what stands before it.
    """
    held, inside, begun = "", False, False
    for piece in pieces:
        if not piece:
            yield ""
            continue
        held += piece
        while True:
            at, mark = _first(held, _CLOSINGS if inside else _MARKS)
            if mark is None:
                break
            said, held = ("" if inside else held[:at]), held[at + len(mark) :]
            inside = mark in _OPENINGS
            said = said if begun else said.lstrip()
            if said:
                begun = True
                yield said
            if not inside:
                held = held if begun else held.lstrip()
        keep = _partial(held)
        said, held = ("" if inside else held[: len(held) - keep]), held[len(held) - keep :]
        said = said if begun else said.lstrip()
        if said:
            begun = True
            yield said
    if held and not inside and (said := held if begun else held.lstrip()):
        yield said


def reply_after_thinking(text: str) -> str:
    """Of a whole reply, what follows its last thought."""
    for mark in _CLOSINGS:
        text = text.rpartition(mark)[2]
    return "".join(without_thinking([text])).strip()


def _first(text: str, marks: tuple[str, ...]) -> tuple[int, str | None]:
    found = [(at, mark) for mark in marks if (at := text.find(mark)) >= 0]
    return min(found, default=(-1, None))


def _partial(text: str) -> int:
    """How many characters at the end may be the beginning of a mark."""
    for length in range(min(_LONGEST - 1, len(text)), 0, -1):
        if any(mark.startswith(text[-length:]) for mark in _MARKS):
            return length
    return 0
