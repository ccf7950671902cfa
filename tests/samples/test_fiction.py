"""Nothing in the corpus may be mistaken for a real government's report, or be copied from one."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from samples.county import invent_territories, place_stems, sample_county
from samples.generator import GeneratedReport

DATA = Path(__file__).resolve().parents[2] / "vectorstore" / "data"
NOTICE = "（示例数据：本报告所述机关与数字均为虚构）"
RUN = 28


@pytest.fixture(scope="module")
def real_places() -> list[tuple[str, str]]:
    """Full and short names of every real province, prefecture and county."""
    rows = [line.split("\t") for line in (DATA / "places.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    return [(row[3], row[4]) for row in rows]


def test_every_report_says_that_it_is_made_up(bundled: list[GeneratedReport], batch: list[GeneratedReport]) -> None:
    for report in bundled + batch:
        assert report.text.count(NOTICE) == 2


def test_no_invented_place_is_real(real_places: list[tuple[str, str]]) -> None:
    real = {name for names in real_places for name in names}
    townships = (DATA / "townships.tsv").read_text(encoding="utf-8")
    real |= {re.sub(r"(?:镇|乡|街道)$", "", name) for name in re.findall(r"[一-鿿]+", townships)}
    assert not real & set(place_stems())
    assert not real & {"霁川", "鹭汀", "栖澜", "鹭鸣湖", "枫屿", "石螺", "苔溪", "松萤", "银杉", "望霁"}


def test_no_report_names_a_real_place(
    bundled: list[GeneratedReport], batch: list[GeneratedReport], real_places: list[tuple[str, str]]
) -> None:
    # Full names only: the short ones are everyday words (公开区 is no place, 开 is none either).
    full = re.compile("|".join(re.escape(name) for name, _ in real_places if len(name) > 2))
    for report in bundled + batch[::10]:
        assert not (found := full.search(report.text)), (report.file, found)


def test_no_real_place_hides_in_an_invented_one(real_places: list[tuple[str, str]]) -> None:
    # 栖云 is nobody's, but 栖云县 would hold 云县.
    real = re.compile("|".join(re.escape(name) for names in real_places for name in names if len(name) > 1))
    invented = [
        *sample_county().region.split("/"),
        "鹭鸣湖",
        "枫屿镇",
        "石螺镇",
        "苔溪镇",
        "松萤镇",
        "银杉乡",
        "望霁街道",
    ]
    invented += [stem + suffix for stem in place_stems() for suffix in ("省", "市", "县", "镇", "乡")]
    assert not [name for name in invented if real.search(name)]


def test_no_telephone_could_be_dialled(bundled: list[GeneratedReport], batch: list[GeneratedReport]) -> None:
    for report in bundled + batch:
        dialled = re.findall(r"(?<!\d)\d{3,4}[-—－]\d{7,8}", report.text)
        assert dialled
        assert all(re.fullmatch(r"000-0\d{6}", number) for number in dialled), dialled


def test_web_and_mail_addresses_are_reserved_ones(bundled: list[GeneratedReport], batch: list[GeneratedReport]) -> None:
    for report in bundled + batch:
        hosts = re.findall(r"(?:https?://|@)([\w.-]+[A-Za-z])", report.text)
        assert hosts
        assert all(host.endswith(".example") for host in hosts), hosts


def test_no_body_has_anothers_name(bundled: list[GeneratedReport], batch: list[GeneratedReport]) -> None:
    owners: dict[tuple[str, str], set[str]] = {}
    for report in bundled + batch:
        key = report.truth["body"][0], report.truth["region"]
        owners.setdefault(key, set()).add(report.file.rpartition("-")[0])
    assert all(len(slugs) == 1 for slugs in owners.values())


def test_no_county_is_invented_twice() -> None:
    counties = Counter(territory.county for territory in invent_territories(1))
    assert len(counties) > 1000
    assert max(counties.values()) == 1


def _squash(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _prose(text: str) -> str:
    """The text without its tables' lines and its headings: the form's own labels are everybody's."""
    lines = re.sub(r"(?m)^\t.*\n(?:[^\t\n]+\n(?=\t|\n))*", "\n", text).splitlines()
    return "\n".join("。" if re.match(r"[一二三四五六\d]、", line) else line for line in lines)


def test_no_sentence_is_copied_from_a_real_report(
    shared: Path, bundled: list[GeneratedReport], batch: list[GeneratedReport]
) -> None:
    runs: set[str] = set()
    for path in (shared / "reports").glob("*.txt"):
        real = _squash(path.read_text(encoding="utf-8"))
        runs |= {real[i : i + RUN] for i in range(len(real) - RUN + 1)}
    texts = [_prose(report.text) for report in bundled + batch[::10]]
    texts.append((Path(__file__).resolve().parents[2] / "samples" / "phrases.toml").read_text(encoding="utf-8"))
    for text in texts:
        made_up = _squash(text)
        copied = [made_up[i : i + RUN] for i in range(len(made_up) - RUN + 1) if made_up[i : i + RUN] in runs]
        assert not copied, copied[0]
