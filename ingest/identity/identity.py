"""Who reports, where, and about which year: read from a report's title, its author's own naming, and its dates.

The title is believed first and checked against the rest: against how the body signs, against the contact, against
the period of the statistics. Where they disagree the title stands, unless it is damaged, and a warning says so.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from ingest.documents import Document
from ingest.identity import body_names
from ingest.identity.dates import find_period, find_year, published_on, year_from_prose
from ingest.identity.issuers import choose_name, find_signature
from ingest.identity.regions import doubt, region_of, region_path
from ingest.identity.titles import FIRST_SECTION, HEAD, Title, dense, find_title, printed_title
from ingest.manifest import ManifestEntry
from vectorstore.body_names import canonical_core, short_names
from vectorstore.folding import fold_one_to_one
from vectorstore.records import Kind, Section


@dataclass(frozen=True, slots=True)
class Identity:
    """Who reports, where, and about which year.

    Attributes:
        title: As printed, its lines joined; the file's name where the text has none.
        name: Canonical, as the body signs itself.
        region: ``山东省/威海市/文登区`` as far as known.
        year: The statistics year.
        period, issued_on: ISO dates.
        warnings: Sentences on what was inferred or contradictory.
    """

    title: str
    name: str
    aliases: tuple[str, ...]
    kind: Kind
    region: str | None
    year: int | None
    period: tuple[str, str] | None = None
    issued_on: str | None = None
    warnings: tuple[str, ...] = field(default=())

    @property
    def body_id(self) -> str:
        """Twelve hexadecimal digits, the same for another spelling of the name in the same region."""
        return body_id(self.name, self.kind, self.region)


def body_id(name: str, kind: Kind, region: str | None) -> str:
    """The id of a body: the same whether it is called with its province and 管理委员会 or without."""
    key = f"{region or ''}|{kind}|{canonical_core(name, kind, region)}"
    return hashlib.sha256(key.encode("utf-8")).hexdigest()[:12]


def identify(document: Document, sections: Sequence[Section] = (), entry: ManifestEntry | None = None) -> Identity:
    """The identity of a report.

    Args:
        sections: Those of the report, if they have been read: what precedes the first is the preamble.
        entry: The manifest's: the body, kind, year and region that it names go before what is read. A kind that it
            doesn't name and the short names follow from them.
    """
    text = fold_one_to_one(document.text)
    warnings: list[str] = []
    title = find_title(text, document)
    preamble_end = min((s.start for s in sections if s.start > 0), default=_preamble_end(text))
    preamble = dense(text[: max(preamble_end, 0) + 600])
    signature, signed_on = find_signature(text)
    name = (entry and entry.body) or choose_name(title, signature, preamble, dense(text), document, warnings)
    name = re.sub(r"\s", "", name).replace("(", "（").replace(")", "）")
    kind = (entry and entry.kind) or body_names.kind_of(name)
    if entry and entry.region:
        region: str | None = region_path(entry.region) or entry.region
    else:
        url = (entry and entry.url) or document.metadata.get("url") or ""
        region = region_of(name, kind, text, document.source, url)
    if doubtful := doubt(name, kind, region):
        warnings.append(doubtful)
    period = find_period(dense(text))
    issued_on = signed_on or published_on(text[:HEAD]) or document.metadata.get("date")
    year = (entry and entry.year) or _choose_year(title, period, preamble, issued_on, document.source, warnings)
    designations = _self_designations(name, preamble)
    aliases = tuple(dict.fromkeys((*short_names(name, kind, region), *designations)))
    return Identity(
        title=printed_title(title, document),
        name=name,
        aliases=aliases,
        kind=kind,
        region=region,
        year=year,
        period=period,
        issued_on=issued_on,
        warnings=tuple(warnings),
    )


def _preamble_end(text: str) -> int:
    match = FIRST_SECTION.search(text)
    return match.start() if match else min(len(text), 800)


def _choose_year(
    title: Title | None,
    period: tuple[str, str] | None,
    preamble: str,
    issued_on: str | None,
    source: str,
    warnings: list[str],
) -> int | None:
    titled = title.year if title else None
    readings: Iterator[tuple[str, int | None]] = iter(
        (
            ("统计期限", int(period[1][:4]) if period else None),
            ("正文", year_from_prose(preamble)),
            ("文件名", find_year(PurePath(source).stem)),
            ("发布日期", int(issued_on[:4]) - 1 if issued_on else None),
        )
    )
    if titled is None:
        for place, year in readings:
            if year is not None:
                warnings.append(f"标题没有写明年度，{year}年取自{place}。")
                return year
        warnings.append("看不出这份报告是哪一年度的。")
        return None
    found = dict(readings)
    if _is_year_of_issue(titled, issued_on, (found["统计期限"], found["正文"])):
        warnings.append(f"标题写{titled}年，那是发布的年份；统计的是{titled - 1}年。")
        return titled - 1
    for place, year in found.items():
        if year is not None and place in ("统计期限", "发布日期") and year != titled:
            # A report published late is no contradiction; one published before its year ended is.
            if place == "发布日期" and year > titled:
                continue
            warnings.append(f"标题写{titled}年，{place}表明是{year}年；以标题为准。")
    return titled


def _is_year_of_issue(titled: int, issued_on: str | None, others: tuple[int | None, int | None]) -> bool:
    """Whether a title bears the year in which it was published, which was not over, while the text is about the last.

    In its last weeks a year is reported on now and then before it is over.
    """
    if issued_on is None or int(issued_on[:4]) != titled or int(issued_on[5:7]) > 10:
        return False
    period, prose = others
    return titled - 1 in (period, prose) and period != titled


def _self_designations(name: str, preamble: str) -> list[str]:
    """Short names that the report gives its author: （以下简称甲开发区）, where they are more than a kind of body."""
    found: list[str] = []
    if "简称" not in preamble:
        return found
    for match in re.finditer(
        r"(?P<long>[一-鿿]{4,40})\(以?下?(?:统)?简称:?[“\"'《]?(?P<short>[一-鿿]{3,12})[”\"'》]?\)", preamble
    ):
        shared = set(match["short"]) & set(name)
        starts = any(name.startswith(match["short"][:2], at) for at in range(len(name)))
        belongs = match["long"].endswith(name[-6:]) or name[:6] in match["long"]
        if belongs and starts and len(shared) >= 3 and match["short"] != name:
            rest = body_names.body_words().zone_term.sub("", match["short"])
            if len(rest) >= 2:
                found.append(match["short"])
    return found
