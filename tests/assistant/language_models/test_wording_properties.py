"""Whatever is done to a faithful sentence, none that is false is released; and the faithful ones are."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.language_models.wording.evidence import is_worded
from assistant.language_models.wording.facts import Facts
from assistant.language_models.wording.release import Release
from assistant.language_models.wording.sentences import cut, split
from assistant.language_models.wording.tidying import tidy
from assistant.language_models.wording.verdicts import RefusedError
from benchmarks.wording_cases import of_questions
from vectorstore.records import Kind, SectionRole

QUESTIONS = (
    "2023年哪些开发区没有收到申请？",
    "2023年各开发区收到多少件申请？",
    "2023年收到申请最多的单位",
    "白石开发区和青川开发区2023年谁主动公开的多？",
    "白石开发区2022年到2023年的申请量变化",
    "哪些单位2023年主动公开超过20条？",
    "白石开发区和青川开发区2023年存在哪些问题？",
)


@pytest.fixture(scope="module")
def zones(draft: Any, assistant_over: Callable[..., Assistant]) -> Assistant:
    role, heading = SectionRole.PROBLEMS, "五、存在的主要问题及改进情况"
    return assistant_over(
        draft("白石开发区", 2022).says("applications_new", 6).says("proactive_total", 80),
        draft("白石开发区", 2023)
        .says("applications_new", 0, "本年未收到政府信息公开申请。")
        .says("proactive_total", 217)
        .section(heading, role, "一是信息更新不够及时，栏目只有12个。", "二是政策解读形式单一，未能采用图文。"),
        draft("青川开发区", 2023)
        .says("applications_new", 3)
        .says("proactive_total", 17)
        .section(heading, role, "一是专职人员偏少，业务培训只开展了2次。"),
        draft("定水开发区", 2023).says("applications_new", 9).says("proactive_total", 153),
        draft("柳浪镇人民政府", 2023, Kind.TOWNSHIP).says("applications_new", 11).says("proactive_total", 30),
    )


@pytest.mark.parametrize("seed", range(4))
def test_none_of_many_spoilt_sentences_is_released_and_the_faithful_ones_are(zones: Assistant, seed: int) -> None:
    facts: dict[str, Facts] = {}
    seen: Counter[str] = Counter()
    for answer, case in of_questions(zones, QUESTIONS, random.Random(seed)):
        assert is_worded(answer), answer.question
        if answer.question not in facts:
            facts[answer.question] = Facts(answer, zones.index.bodies())
        released = Release(facts[answer.question]).take(case.sentence)
        seen[case.kind] += 1
        assert released is (case.kind == "faithful"), (case, answer.question)
    assert seen["faithful"] > 50
    assert len(seen) > 12


LETTERS = st.text(
    alphabet=st.sampled_from("青川白石收到0123件条年没有不未[]（）【】1234，。；“”三〇万%①-"), max_size=40
)
TRUE = "青川开发区2023年收到3件申请[1]。"


@pytest.fixture(scope="module")
def three(zones: Assistant) -> Facts:
    return Facts(zones.ask("青川开发区2023年收到多少件申请？"), zones.index.bodies())


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, len(TRUE)), cut_out=st.integers(0, 4), put_in=LETTERS)
def test_of_edited_sentences_none_is_released_that_says_another_number_or_denies(
    three: Facts, at: int, cut_out: int, put_in: str
) -> None:
    release = Release(three)
    sentence = TRUE[:at] + put_in + TRUE[at + cut_out :]
    for part in split(sentence):
        release.take(part)
    for released in release.sentences:
        assert "青川" in released and "[1]" in released
        claimed = released.replace("2023", "").replace("[1]", "").replace("23年", "")
        assert not any(character in claimed for character in "012456789①万%不未没"), released


@given(st.text(alphabet=st.sampled_from("甲乙丙。！？\n “”[1]【2】.;ab0"), min_size=1, max_size=80), st.integers(1, 7))
def test_a_stream_is_cut_as_the_whole_text_would_be_wherever_it_is_broken(text: str, size: int) -> None:
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    assert list(cut(pieces)) == list(cut([text]))
    assert "".join("".join(list(cut(pieces))).split()) == "".join(text.split())


@given(st.text(max_size=60))
def test_tidying_leaves_no_link_and_no_element_or_refuses(text: str) -> None:
    try:
        tidied = tidy(text, "zh")
    except RefusedError:
        return
    assert "http" not in tidied.lower() and "<a" not in tidied.lower()
