"""Takes the marks out of a line of Markdown: emphasis, links, pictures, escapes. What they mark stays as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape

from ingest.html.blocks import PagePicture
from ingest.html.pictures import picture_of

_ESCAPABLE = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_TOKEN = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<ticks>`+)(?P<code>[^`]{1,2000}?)(?P=ticks)(?!`)"
    r"|!\[(?P<alt>[^\]\n]{0,500})\](?:\(\s*(?P<src><[^>\n]*>|[^\s)]*)[^)\n]{0,200}\)|\[(?P<srcid>[^\]\n]{0,100})\])"
    r"|\[\^[^\]\s]{1,50}\](?!:)"
    r"|\[(?P<label>(?:[^\[\]\n]|\[[^\[\]\n]{0,200}\]){0,1000})\]"
    r"(?:\(\s*(?:<[^>\n]{0,2000}>|[^\s()]{0,2000}(?:\([^\s()]{0,200}\)[^\s()]{0,200}){0,3})(?:\s[^)\n]{0,200})?\)"
    r"|\[(?P<labelid>[^\]\n]{0,100})\])"
    r"|<(?P<address>https?://[^>\s]{1,2000}|[\w.+-]{1,100}@[\w.-]{1,200})>"
    r"|<!--.{0,2000}?-->"
    r"|<(?P<tag>/?[A-Za-z][\w:-]{0,30})(?P<attributes>(?:\s[^<>]*)?)/?>"
    r"|(?P<entity>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});)"
)
_MOST_MARKS = 3000
"""On one line: each is looked for up to a thousand characters ahead, and more of them than this are no markup."""
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_RUN = re.compile(r"\*+|_+|~~+|==+")
# Characters that are no characters stand for marks that were escaped, so that they aren't taken for marks again.
_HIDE = {ord(mark): chr(0xFDD0 + number) for number, mark in enumerate("*_~=|")}
_SHOW = {ord(hidden): chr(mark) for mark, hidden in _HIDE.items()}


@dataclass(slots=True)
class InlineText:
    """A line without its marks.

    Attributes:
        parts: Text, which may hold line breaks, and pictures between.
        linked: How many characters stand in links.
    """

    parts: list[str | PagePicture] = field(default_factory=list)
    linked: int = 0

    def text(self) -> str:
        """All of it, with ``[image]`` for a picture."""
        return "".join(part if isinstance(part, str) else "[image]" for part in self.parts)


def hide_escapes(line: str) -> str:
    """The line with escaped bars out of the way of a table's own."""
    return line.replace("\\|", _HIDE[ord("|")])


def read_inline(line: str, addresses: Mapping[str, str]) -> InlineText:
    """A line without its marks.

    Args:
        addresses: What link definitions elsewhere give, by their names in lower case.
    """
    result = InlineText()
    _read(line, addresses, result, is_linked=False, depth=0)
    joined: list[str | PagePicture] = []
    for part in result.parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    result.parts = [_without_emphasis(part).translate(_SHOW) if isinstance(part, str) else part for part in joined]
    return result


def _read(line: str, addresses: Mapping[str, str], result: InlineText, *, is_linked: bool, depth: int) -> None:
    at = 0
    is_readable = line.count("[") + line.count("`") + line.count("<!--") <= _MOST_MARKS
    for match in _TOKEN.finditer(line) if is_readable else ():
        _add(line[at : match.start()], result, is_linked)
        at = match.end()
        if match["escaped"]:
            _add(match["escaped"].translate(_HIDE), result, is_linked)
        elif match["code"] is not None:
            _add(match["code"].strip(" ").translate(_HIDE), result, is_linked)
        elif match["alt"] is not None:
            source = match["src"] or addresses.get((match["srcid"] or match["alt"]).lower(), "")
            _add_picture({"src": source.strip("<>"), "alt": match["alt"]}, result)
        elif match["label"] is not None:
            name = match["labelid"]
            if name is not None and (name or match["label"]).lower() not in addresses:
                _add(match[0], result, is_linked)
            elif depth < 3:
                _read(match["label"], addresses, result, is_linked=True, depth=depth + 1)
        elif match["address"]:
            _add(match["address"].translate(_HIDE), result, True)
        elif match["tag"]:
            _add_tag(match["tag"].lower(), match["attributes"], result)
        elif match["entity"]:
            _add(unescape(match["entity"]).translate(_HIDE), result, is_linked)
    _add(line[at:], result, is_linked)


def _add(text: str, result: InlineText, is_linked: bool) -> None:
    if text:
        result.parts.append(text)
        result.linked += len(text.strip()) if is_linked else 0


def _add_tag(tag: str, attributes: str, result: InlineText) -> None:
    if tag == "br":
        result.parts.append("\n")
    elif tag == "img":
        found = {m[1].lower(): m[2] or m[3] or m[4] or "" for m in _ATTRIBUTE.finditer(attributes)}
        _add_picture(found, result)


def _add_picture(attributes: Mapping[str, str], result: InlineText) -> None:
    if picture := picture_of(attributes, 0, {}):
        result.parts.append(picture)


def _without_emphasis(text: str) -> str:
    """The text without the marks that come in pairs, and without what is struck out."""
    if not any(mark in text for mark in "*_~="):
        return text
    cuts: list[tuple[int, int]] = []
    open_runs: dict[str, list[list[int]]] = {"*": [], "_": [], "~": [], "=": []}
    for match in _RUN.finditer(text):
        mark, start, end = match[0][0], match.start(), match.end()
        before, after = text[start - 1 : start], text[end : end + 1]
        opens = bool(after) and not after.isspace()
        closes = bool(before) and not before.isspace()
        if mark == "_":
            opens, closes = opens and not before.isalnum(), closes and not after.isalnum()
        runs = open_runs[mark]
        while closes and runs and start < end:
            opened = runs[-1]
            size = min(opened[1] - opened[0], end - start)
            cuts += [(opened[1] - size, opened[1]), (start, start + size)]
            if mark == "~":
                cuts.append((opened[1], start))
            opened[1] -= size
            start += size
            if opened[0] == opened[1]:
                runs.pop()
        if opens and start < end:
            runs.append([start, end])
    kept: list[str] = []
    at = 0
    for first, end in sorted(cuts):
        kept.append(text[at : max(at, first)])
        at = max(at, end)
    return "".join(kept) + text[at:]
