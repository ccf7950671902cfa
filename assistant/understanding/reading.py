"""A question taken apart: which of its words name bodies, places, years, numbers, metrics, and which nobody knows.

Nothing is decided here. The parser turns this into a Plan, and what stays unknown it has to answer for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from assistant.plan import Language
from assistant.understanding.corpus_places import PlaceMention
from assistant.understanding.exclusions import Exclusion, find_exclusions
from assistant.understanding.lexicon import Lexicon, Tag
from assistant.understanding.linking import BodyMention, Linker
from assistant.understanding.periods import YearMention, find_years
from assistant.understanding.scope_words import others_of, scope_words
from assistant.understanding.typos import find_typos
from vectorstore.folding import fold
from vectorstore.numerals import Number, find_numbers
from vectorstore.records import Span

_HAN = re.compile(r"[一-鿿]")
# No apostrophes: Chengdu's zone and Tianjin's zone quotes nothing.
_QUOTED = re.compile(r"[“\"「『]([^”\"」』]{2,40})[”\"」』]")
_WORD = re.compile(r"[一-鿿]+|[a-z][a-z'-]*[a-z]|[a-z]|\d+")
_AMOUNT = r"(?:\d+|[一二三四五六七八九十百]+)[件条次份起宗项个家%]?"
_BOUND_ITSELF = re.compile(
    rf"[(（]\s*不?(?:包含|包括|含|算|计)(?:{_AMOUNT}(?:[和与及、]{_AMOUNT})?"
    r"|本数|该数|此数|在内|一半|半数|本身|两端|首尾|端点|两头)?\s*[)）]"
)
"""10件以上（不含）: a remark on the bound before it, which ``conditions`` reads."""
_UP_TO_NUMBER = re.compile(
    r"(?:也|就|只|不过|只有|有|收到|收了|收|办了|办|公开了?|发了?|召?开了|举?办了|搞了|是|为|达到?|\s)*"
)
_NOMINAL_END = re.compile(r"(?:里面?|中|当中|之中|[,，])[^,，?？]*\d?[件条次份起个项][^,，?？]{0,4}的[?？。！ ]*")
_NO_FIGURES = re.compile(
    r"(?!收|接|受理|办|发|开|搞|提|举|召)(?:有|任何|出现|相关的?|关于)?[^,，。有没位关局单家]{1,12}?的?"
    r"(?:具体|统计|相关)?(?:数据|数字|数值|统计数)(?!.{0,3}公开)(?=的|[?？]|$|单位|报告|机关)"
    r"| [a-z' -]{2,40}\b(?:figures?|data)\b"
)
_COUNTED_BODIES = ("家", "个", "名", "位", "所")
_CARRIED_FROM = re.compile(r"(?:carried|brought|left|rolled|inherited)(?: over| in| forward)?(?: and left)? from $")
_CARRIED = re.compile(r"[的度]*(?:结转|转结|遗留|剩下|没办完|未办结)")
_BEFORE_SCOPE = re.compile(r"(?<![a-z])(?:to|in|at|of|by|for|from|on|during|with) (?:the )?$")
# Letters with the tone marks of pinyin, one for one.
_TONES = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü", "aaaaeeeeiiiioooouuuuuuuuu")


@dataclass(frozen=True, slots=True)
class Unknown:
    """A stretch of the folded question that nothing accounts for. ``original`` keeps its case."""

    start: int
    end: int
    text: str
    original: str

    @property
    def is_name(self) -> bool:
        """Latin with a capital: an English question names something that isn't in the vocabulary."""
        return self.original[:1].isupper()


@dataclass(frozen=True, slots=True)
class QuestionReading:
    """A question taken apart; all positions are in ``text``, the folded question with its typos corrected.

    Attributes:
        exclusions: What the question takes out of its scope: 除了宿迁. Nothing inside them is read as anything else.
        nouns: What only texts count: 发布会, 问卷. They are among what nobody knows, too.
        corrections: The typos that were found, in the question's own spelling and in that in which they were read.
    """

    question: str
    text: str
    language: Language
    bodies: tuple[BodyMention, ...]
    places: tuple[PlaceMention, ...]
    years: tuple[YearMention, ...]
    numbers: tuple[Number, ...]
    tags: tuple[Tag, ...]
    unknown: tuple[Unknown, ...]
    quoted: tuple[str, ...]
    exclusions: tuple[Exclusion, ...] = ()
    nouns: tuple[Span, ...] = ()
    corrections: tuple[tuple[str, str], ...] = ()

    @property
    def excluded(self) -> tuple[str, ...]:
        """What is taken out of the scope in words that couldn't be linked: they have to be answered for."""
        return tuple(exclusion.words for exclusion in self.exclusions if not exclusion.is_linked)

    def has(self, category: str, *values: str) -> bool:
        """Whether some word can mean any of the values, or anything of the category if none is given."""
        return any(tag.means(category, *values) for tag in self.tags)

    def tagged(self, category: str, *values: str) -> list[Tag]:
        """The words that can mean any of the values, in order."""
        return [tag for tag in self.tags if tag.means(category, *values)]

    @property
    def has_own_words(self) -> bool:
        """Whether there are words of two characters or more that nothing accounts for."""
        return any(len(stretch.text) > 1 for stretch in self.unknown)

    def following(self, position: int, count: int = 3) -> list[Tag]:
        """The next words from a position on, fillers and gaps of more than two characters aside."""
        found: list[Tag] = []
        for tag in self.tags:
            if tag.start < position:
                continue
            if tag.start - position > 2:
                break
            position = tag.end
            found.append(tag)
            if len(found) == count:
                break
        return found

    def scope_spans(self) -> list[tuple[int, int]]:
        """Where bodies, places, years and exclusions stand, in order."""
        spans = [(e.start, e.end) for e in self.exclusions]
        spans += [(m.start, m.end) for m in self.bodies]
        spans += [(m.start, m.end) for m in self.places]
        return sorted([*spans, *((m.start, m.end) for m in self.years)])

    def without_scope(self) -> str:
        """The question without its bodies, places and years: what a search looks for."""
        kept, position = [], 0
        for start, end in self.scope_spans():
            kept.append(_BEFORE_SCOPE.sub("", self.text[position:start]))
            position = max(position, end)
        kept.append(self.text[position:])
        return " ".join(part.strip() for part in kept if part.strip(" ,.?!，。？！"))


def language_of(question: str) -> Language:
    """``zh`` as soon as the question asks in Chinese; an English question may name a body in Chinese.

    What has no words at all (2023, ？？？) is taken for Chinese, as the reports are.
    """
    han = len(_HAN.findall(question))
    latin_words = len(re.findall(r"[A-Za-z]{2,}", question))
    return "zh" if han >= latin_words else "en"


def tells_language(reading: QuestionReading) -> bool:
    """Whether a question's words say which language it is in: neither 2023 nor asdfgh does."""
    known = any(tag.surface.isascii() and sum(map(str.isalpha, tag.surface)) > 1 for tag in reading.tags)
    return known or bool(reading.bodies or reading.places) or _HAN.search(reading.question) is not None


def is_noise(reading: QuestionReading) -> bool:
    """Whether a question holds no word that the vocabulary knows, nor one to look for: ？？？, 张三, <b>x</b>[1]."""
    names = reading.bodies or reading.places or reading.years or reading.exclusions or reading.quoted or reading.nouns
    if names or reading.has_own_words:
        return False
    if any(_is_word(tag) for tag in reading.tags):
        return False
    # 前5名, >10, 超过10件的: a number counts with a word or a sign beside it.
    counts = bool(reading.tags) or any(number.qualifier for number in reading.numbers)
    return not (reading.numbers and counts and not reading.unknown)


def _is_word(tag: Tag) -> bool:
    signs = ("filler", "counter", "comparison", "number_word")
    return any(map(str.isalpha, tag.surface)) and any(category not in signs for category, _ in tag.meanings)


def read_question(question: str, lexicon: Lexicon, linker: Linker, today: date, years: set[int]) -> QuestionReading:
    """Take a question apart against the vocabulary and what the index holds, its typos corrected."""
    reading = _take_apart(question.strip(), lexicon, linker, today, years)
    typos = find_typos(reading, lexicon, linker) if reading.unknown else []
    if not typos:
        return reading
    corrected = reading.question
    folded = fold(reading.question)
    for typo in reversed(typos):
        span = folded.span(typo.start, typo.end)
        corrected = corrected[: span.start] + typo.read + corrected[span.end :]
    again = _take_apart(corrected, lexicon, linker, today, years)
    if _unknown_length(again) >= _unknown_length(reading):
        return reading
    return replace(again, question=reading.question, corrections=tuple((typo.typed, typo.read) for typo in typos))


def _unknown_length(reading: QuestionReading) -> int:
    return sum(stretch.end - stretch.start for stretch in reading.unknown)


def _take_apart(question: str, lexicon: Lexicon, linker: Linker, today: date, years: set[int]) -> QuestionReading:
    folded = fold(question)
    text = folded.text.translate(_TONES)
    bodies = linker.find_bodies(text)
    taken = [Span(m.start, m.end) for m in bodies]
    year_mentions = [m for m in find_years(text, today, years) if not _overlaps(m.start, m.end, taken)]
    year_mentions = [_year_carried_into(text, m) for m in year_mentions if not _is_carried_from(text, m)]
    taken += [Span(m.start, m.end) for m in year_mentions]
    remarks = [Span(*match.span()) for match in _BOUND_ITSELF.finditer(text)]
    nouns = lexicon.find_prose_nouns(text, taken)
    tags = lexicon.tag(text, [*taken, *remarks, *nouns])
    # A place counts only where no longer word of the vocabulary covers it: 东方 in 东方式 names nothing.
    places = linker.find_places(text, taken)
    places = [p for p in places if not any(t.start <= p.start and p.end <= t.end for t in tags if _is_content(t))]
    places = [p for p in places if p.in_corpus or p.is_full or _stands_as_place(text, p, tags, year_mentions)]
    tags = [t for t in tags if not _overlaps(t.start, t.end, [Span(p.start, p.end) for p in places])]
    bodies = sorted([*bodies, *linker.sharing_sort(text, places, bodies)], key=lambda mention: mention.start)
    places = [p for p in places if not any(m.start == p.start for m in bodies)]
    words = scope_words(bodies, places, year_mentions, tags, lexicon)
    exclusions = find_exclusions(text, words, tags)
    out = [Span(e.start, e.end) for e in exclusions]
    bodies = [m for m in bodies if not _overlaps(m.start, m.end, out)]
    places = [m for m in places if not _overlaps(m.start, m.end, out)]
    year_mentions = [m for m in year_mentions if not _overlaps(m.start, m.end, out)]
    out += others_of(text, words)
    tags = [t for t in tags if not _overlaps(t.start, t.end, out)]
    taken = [*out, *remarks, *(Span(m.start, m.end) for m in bodies), *(Span(m.start, m.end) for m in places)]
    taken += [Span(m.start, m.end) for m in year_mentions]
    numbers = [n for n in find_numbers(text) if not _overlaps(n.digits_start, n.digits_end, taken)]
    numbers = [n for n in numbers if not (_inside_word(n, tags) or _overlaps(n.digits_start, n.digits_end, nouns))]
    tags = [_of_silence(text, tag) for tag in tags]
    tags = [_without_rank(text, tag, numbers) for tag in tags if not _is_named_list(text, tag, tags, taken)]
    # 不足 in 不足十件 compares; alone it would be a shortcoming.
    tags = [t for t in tags if not any(n.start <= t.start and t.end <= n.digits_start for n in numbers)]
    return QuestionReading(
        question=question,
        text=text,
        language=language_of(question),
        bodies=tuple(bodies),
        places=tuple(places),
        years=tuple(year_mentions),
        numbers=tuple(numbers),
        tags=tuple(tags),
        unknown=tuple(_unknown(text, question, folded.offsets, taken, tags, numbers, nouns)),
        quoted=tuple(match[1].strip() for match in _QUOTED.finditer(question)),
        exclusions=tuple(exclusions),
        nouns=tuple(nouns),
    )


def _is_carried_from(text: str, mention: YearMention) -> bool:
    """Carried over from the previous year, 上一年结转: the year only says which of the carried are meant."""
    is_relative = not any(character.isdigit() for character in text[mention.start : mention.end])
    carried = _CARRIED_FROM.search(text[: mention.start]) or _CARRIED.match(text, mention.end)
    return is_relative and carried is not None


def _year_carried_into(text: str, mention: YearMention) -> YearMention:
    """What is carried over into 2024 was left at the end of 2023, and the report of 2023 says so."""
    before = text[: mention.start].rstrip()
    if before.endswith(("结转到", "结转至", "结转入", "转到", "转入", " into")) and len(mention.years) == 1:
        return YearMention(mention.start, mention.end, (mention.years[0] - 1,))
    return mention


_BRACKETED_END = re.compile(r"[(（][^()（）]*[)）][\s?？。！]*$")
_PART_END = re.compile(r"[(（,，;；。]")
_TOWN = re.compile("镇(?!街)|乡(?!镇)|街道|街办|苏木")


def _stands_as_place(text: str, place: PlaceMention, tags: list[Tag], years: list[YearMention]) -> bool:
    """Whether a short name stands where a place does: first, or before a year, a kind or 的. Many are words too."""
    if _TOWN.match(text, place.end):
        # 青龙镇 is a town of that name, and no town of the county of 青龙 in another province.
        return False
    before_kind = any(t.start == place.end and (t.means("kind") or t.means("designation")) for t in tags)
    if text[place.end :].startswith(("镇", "乡", "街道")) and place.start > 0:
        return False  # 青龙镇 is a town, and no towns of 青龙 county
    before_year = any(m.start == place.end for m in years)
    return place.start == 0 or before_kind or before_year or text[place.end :].startswith(("的", "各", "市", "'s"))


def _is_content(tag: Tag) -> bool:
    return any(category not in ("filler",) for category, _ in tag.meanings)


def _overlaps(start: int, end: int, spans: list[Span]) -> bool:
    return any(start < span.end and span.start < end for span in spans)


def _without_rank(text: str, tag: Tag, numbers: list[Number]) -> Tag:
    """最多10件 bounds, where 最多的10个单位 and 最多 alone rank: one or the other is left."""
    if not (tag.means("operation", "top", "bottom") and tag.means("comparison")):
        return tag
    bounds = any(
        tag.end <= number.start
        and _UP_TO_NUMBER.fullmatch(text[tag.end : number.start])
        and not text[number.end :].lstrip().startswith(_COUNTED_BODIES)
        for number in numbers
    )
    return replace(tag, meanings=tuple(m for m in tag.meanings if (m[0] == "comparison") == bounds))


def _of_silence(text: str, tag: Tag) -> Tag:
    """没有申请数据的: who has no figures of something says nothing of it, which isn't to have none."""
    silent = tag.means("polarity", "none") and _NO_FIGURES.match(text, tag.end)
    return replace(tag, meanings=(("polarity", "silent"),)) if silent else tag


def _is_named_list(text: str, tag: Tag, tags: list[Tag], taken: list[Span]) -> bool:
    """权责清单 is the name of a thing, and asks for no list."""
    if tag.surface != "清单" or tag.start == 0:
        return False
    known = any(t.end == tag.start for t in tags) or any(span.end == tag.start for span in taken)
    return not known and _HAN.match(text[tag.start - 1]) is not None


def _inside_word(number: Number, tags: list[Tag]) -> bool:
    """Whether the number is only part of a word, like 一 in 三安全一稳定; a word like 零 is the number itself."""
    return any(
        tag.start <= number.digits_start and number.digits_end <= tag.end and tag.end - tag.start > 1 for tag in tags
    )


def _unknown(
    text: str,
    original: str,
    offsets: tuple[int, ...],
    taken: list[Span],
    tags: list[Tag],
    numbers: list[Number],
    nouns: list[Span],
) -> list[Unknown]:
    covered = [False] * len(text)
    for start, end in [
        *((s.start, s.end) for s in taken),
        *((t.start, t.end) for t in tags),
        *((n.start, n.end) for n in numbers),
    ]:
        covered[start:end] = [True] * (end - start)
    for tag in tags:
        # 地 in 土地征收 is no particle: a single character of the fillers between two unknown ones belongs to them.
        inside = tag.start > 0 and tag.end < len(text) and tag.end - tag.start == 1
        between = inside and not _is_content(tag) and _unknown_han(text, covered, tag.start - 1, tag.end)
        # Nor is 地 in 征地有关的申请.
        ends = text[tag.start : tag.end] == "地" and tag.start > 0 and _unknown_han(text, covered, tag.start - 1)
        if between or ends:
            covered[tag.start] = False
    visible = "".join(" " if is_covered else character for character, is_covered in zip(text, covered, strict=True))
    return [
        Unknown(m.start(), m.end(), m[0], original[offsets[m.start()] : offsets[m.end() - 1] + 1])
        for m in _WORD.finditer(visible)
        if not m[0].isdigit() or _overlaps(m.start(), m.end(), nouns)
    ]


def _unknown_han(text: str, covered: list[bool], *positions: int) -> bool:
    return all(not covered[position] and _HAN.match(text[position]) for position in positions)


def wants_number(reading: QuestionReading) -> str | None:
    """What a how-many asks the number of: ``bodies``, ``reports``, ``things``; ``None`` where nothing is counted.

    Where several things are asked for (几个单位共收多少件), what the bodies did is meant.
    """
    counted = {_counted(reading, tag) for tag in reading.tagged("question", "how_many")}
    if reading.has("question", "amount"):
        counted.add("things")
    return next((what for what in ("things", "reports", "bodies") if what in counted), None)


def _counted(reading: QuestionReading, how_many: Tag) -> str:
    following = reading.following(how_many.end)
    if following and _PART_END.search(reading.text[how_many.end : following[0].start]):
        return "things"  # 申请总数多少（乡镇）
    counter = bool(following) and following[0].means("counter", "bodies")
    if counter and any(s.start == following[0].end for s in reading.unknown):
        return "things"
    if counter:
        following = following[1:]
        if not following:
            # 几个 alone counts bodies, unless a body is named or an unknown word says what else: 工作组有几个.
            return "things" if reading.bodies or reading.has_own_words else "bodies"
    if not following:
        return "things"
    if following[0].means("counter", "reports"):
        return "reports"
    if counter and any(tag.means("aspect") for tag in following[:2]):
        return "things"
    if any(following[0].means(category) for category in ("kind", "designation", "body")):
        return "bodies"
    if counter and reading.nouns and how_many.surface != "多少" and not reading.bodies:
        return "bodies"  # 有几家开过发布会
    if counter and (reading.bodies or reading.has_own_words):
        return "things"
    if following[0].means("counter", "things"):
        reports = following[0].surface == "份" and reading.has("counter", "reports")
        return "reports" if reports and not reading.has("metric_word") else "things"
    return "bodies" if counter and not following[0].means("metric_word") else "things"


def asks_for_members(reading: QuestionReading) -> bool:
    """Whether bodies are asked for: 哪些, 几家, or an ending in …的开发区, …的单位."""
    if reading.has("operation", "list") or wants_number(reading) == "bodies":
        return True
    text = _BRACKETED_END.sub("", reading.text)  # 没收到申请的镇（五年里）
    tags = [t for t in reading.tags if t.end <= len(text) and (t.end - t.start > 1 or t.means("kind"))]
    last = max(tags, key=lambda t: t.end, default=None)
    nouns = [t.end for t in tags if any(t.means(category) for category in ("kind", "designation", "body"))]
    if nouns and _NOMINAL_END.fullmatch(text, nouns[-1]) and not reading.bodies:
        return True  # 乡镇里申请为三件的
    if last is None or last.end not in nouns:
        return False
    ends = not text[last.end :].strip(" ?？。！")
    return ends and reading.text[: last.start].endswith("的")
