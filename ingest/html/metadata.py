"""What a page says about its article: title, date and address, from its head and from the record above the article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urljoin

from ingest.html.blocks import DataTable, Page, PageBlock, TextLine
from ingest.html.words import dense, is_title, page_words

_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-/年.]\s*(\d{1,2})\s*[-/月.]\s*(\d{1,2})(?!\d)")
_LABELLED = re.compile(r"[【\[（(]?\s*([^\s:：【】\[\]()（）]{2,8}(?:\s[^\s:：]{1,3})?)\s*[】\])）]?\s*[:：]\s*")
_LONGEST_RECORD_LINE = 200
_LONGEST_LABEL = 12
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+?)\s*-->", re.IGNORECASE)
_FEWEST_LABELS = 2
_MOST_CELLS = 60
_COLON = re.compile("[:：]")


def is_record(table: DataTable) -> bool:
    """Whether a table is the record of the article (索引号, 发布机构 …) rather than a part of it."""
    if sum(map(len, table.rows)) > _MOST_CELLS:
        return False
    labels = page_words().metadata_labels
    cells = [dense(cell.text) for row in table.rows for cell in row]
    found = sum(_label_of(cell) in labels for cell in cells if cell)
    return found >= _FEWEST_LABELS and found * 4 >= sum(bool(cell) for cell in cells)


def record_lines(text: str) -> dict[str, str]:
    """What a line such as 发布时间：2024-01-20 来源：… says, by metadata name; empty if it is no such line."""
    if len(text) > _LONGEST_RECORD_LINE or ("：" not in text and ":" not in text):
        return {}
    labels = page_words().metadata_labels
    found = [m for m in _LABELLED.finditer(text) if dense(m[1]) in labels]
    if not found or found[0].start() > 2:
        return {}
    values: dict[str, str] = {}
    for number, match in enumerate(found):
        end = found[number + 1].start() if number + 1 < len(found) else len(text)
        if value := text[match.end() : end].strip(" \u3000\xa0|｜[]【】"):
            values.setdefault(labels[dense(match[1])], value)
    return values or {"": ""}


def is_record_label(text: str) -> bool:
    """Whether a line is nothing but a label of the record, its value being the next line."""
    return len(text) <= _LONGEST_LABEL and dense(text).rstrip(":：") in page_words().metadata_labels


def read_metadata(page: Page, around: Iterable[PageBlock], head: str) -> dict[str, str]:
    """The metadata of the article.

    Args:
        around: The blocks that stand outside the article, which may hold its record.
        head: The beginning of the file as characters, where a browser notes what it saved.

    Returns:
        Under ``title``, ``date`` (ISO), ``url`` (absolute) and the names of ``web_page.toml``; only what was found.
    """
    known, known_labels = page_words().meta_names, page_words().metadata_labels
    values: dict[str, str] = {}
    for name, key in known.items():
        if (content := page.metas.get(name)) and key not in values:
            values[key] = content
    label = ""
    for block in around:
        for key, value in _record_of(block).items():
            if key:
                values.setdefault(key, value)
        text = block.text if isinstance(block, TextLine) else ""
        if label and text:
            values.setdefault(label, text)
        label = known_labels[dense(text).rstrip(":：")] if is_record_label(text) else ""
    if not is_title(values.get("title", "")) and is_title(page.title):
        values["title"] = page.title
    elif page.title:
        values.setdefault("title", page.title)
    for key in ("date", "issued"):
        if key in values:
            date = _iso_date(values.pop(key))
            if date:
                values[key] = date
    if "issued" in values:
        values.setdefault("date", values["issued"])
    url = _absolute(page, values, head)
    values.pop("url", None)
    if url:
        values["url"] = url
    for unneeded in ("controls", "views", "access", "site_domain"):
        values.pop(unneeded, None)
    return values


def _record_of(block: PageBlock) -> Mapping[str, str]:
    if isinstance(block, TextLine):
        return record_lines(block.text)
    if not isinstance(block, DataTable) or not is_record(block):
        return {}
    labels = page_words().metadata_labels
    values: dict[str, str] = {}
    for row in block.rows:
        for number, cell in enumerate(row):
            key = labels.get(_label_of(dense(cell.text)))
            if key is None:
                continue
            inside = _COLON.split(cell.text, maxsplit=1)[1:]
            value = inside[0].strip() if inside and inside[0].strip() else ""
            if not value and number + 1 < len(row) and _label_of(dense(row[number + 1].text)) not in labels:
                value = row[number + 1].text.strip()
            if value:
                values.setdefault(key, value)
    return values


def _label_of(cell: str) -> str:
    """The label that a cell is or begins with, without its colon and brackets."""
    return _COLON.split(cell, maxsplit=1)[0].strip("【】[]") if len(cell) <= 400 else ""


def _iso_date(text: str) -> str | None:
    match = _DATE.search(text)
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    return f"{year:04}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else None


def _absolute(page: Page, values: Mapping[str, str], head: str) -> str:
    saved = _SAVED_FROM.search(head)
    bases = [saved[1] if saved else "", page.canonical_url, values.get("url", "")]
    domain = values.get("site_domain", "").strip("/")
    site = domain if "//" in domain or not domain else f"http://{domain}"
    for address in (page.canonical_url, values.get("url", ""), saved[1] if saved else ""):
        for base in ("", *bases, site):
            try:
                joined = urljoin(base, address) if address else ""
            except ValueError:
                continue
            if joined.startswith(("http://", "https://")):
                return joined
    return ""
