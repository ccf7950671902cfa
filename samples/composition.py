"""Puts a report together: figures of a body and year in, a draft with chosen wordings out.

A report composed here is a sound one: everything it states is so. What real reports get wrong is in ``deviations``.
"""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from samples.county import FictionalBody, Territory
from samples.draft import Block, Draft, FormTable, Heading, Paragraph, Quantity, Sentence, placeholders
from samples.history import Figures
from vectorstore.catalogue import catalogue

FOLDER = Path(__file__).parent


@cache
def phrases() -> dict[str, Any]:
    """The wordings, see ``phrases.toml``."""
    return tomllib.loads((FOLDER / "phrases.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Subject:
    """Which report is to be composed: whose, of which year, with which figures.

    Attributes:
        before: The year before's figures, where the body existed.
        wording: Group of ``phrases.toml`` for the sentence on applications; ``None`` lets the seed choose.
        channels: Whether disclosure is split by channel; ``None`` lets the seed choose.
    """

    territory: Territory
    body: FictionalBody
    year: int
    figures: Figures
    before: Figures | None = None
    wording: str | None = None
    channels: bool | None = None


class Composer:
    """Composes one report; ``rng`` decides among wordings and optional parts."""

    def __init__(self, subject: Subject, rng: random.Random) -> None:
        self.subject = subject
        self.rng = rng
        self.figures = subject.figures
        self.implied: list[tuple[str, int, Any]] = []
        kind = phrases()["kinds"][subject.body.kind.value]
        themes, subjects = rng.sample(kind["themes"], 2), rng.sample(kind["subjects"], 2)
        self.words = {
            "year": str(subject.year),
            "next_year": str(subject.year + 1),
            "body": subject.body.name,
            "title_body": subject.body.title_name,
            "short": rng.choice(kind["short"]),
            "unit": rng.choice(kind["unit"]),
            "authority": kind["authority"],
            "county": subject.territory.county,
            "site": subject.territory.site,
            "wechat": subject.body.wechat,
            "address": subject.body.address,
            "phone": subject.body.phone,
            "mail": subject.body.mail,
            "theme_a": themes[0],
            "theme_b": themes[1],
            "subject_a": subjects[0],
            "subject_b": subjects[1],
        }
        if "乡" in subject.body.name:
            self.words["short"] = self.words["short"].replace("镇", "乡")

    def say(self, topic: str, wording: str | None = None, **words: str) -> Sentence:
        """A sentence of the group ``topic``, with every figure that its wording asks for."""
        group = phrases()[topic]
        wording = wording or self.rng.choice(group["text"])
        drawn = {
            "few": str(self.rng.randint(2, 9)),
            "some": str(self.rng.randint(11, 60)),
            "many": str(self.rng.randint(100, 900)),
        }
        asked = placeholders(wording)
        quantities = {metric: Quantity(value) for metric, value in self.figures.items() if metric in asked}
        zeros = tuple(group.get("states_zero", ()))
        return Sentence(topic, wording, quantities, self.words | drawn | words, zeros)

    def compose(self) -> Draft:
        heading = phrases()["headings"]
        blocks: list[Block] = [
            Paragraph([self.say("preamble")], "preamble"),
            Heading(1, 1, heading["overview"][0], "overview"),
            Paragraph([self.say("opening")], "overview"),
            *self._overview(),
        ]
        for number, table in enumerate(("proactive_table", "application_table", "dispute_table"), 2):
            blocks += [Heading(1, number, heading[table][0], table), self._table(table)]
        blocks += [Heading(1, 5, heading["problems"][0], "problems"), *self._problems()]
        blocks += [Heading(1, 6, heading["other"][0], "other"), *self._other()]
        issued = f"{self.subject.year + 1}年1月{self.rng.randint(8, 30)}日"
        title = self.say("title").text()
        notice = self.say("notice").text()
        return Draft(
            title, notice, blocks, (self.subject.body.name, issued), self.subject.body.kind, implied=self.implied
        )

    def _overview(self) -> list[Block]:
        parts: dict[str, list[Sentence]] = {
            "proactive": self._proactive(),
            "applications": self._applications(),
            "management": self._several("management", 2, 3),
            "platform": [*self._several("platform", 2, 3), *self._perhaps("hotline", 0.5)],
            "supervision": self._supervision(),
        }
        return self._headed(parts)

    def _headed(self, parts: dict[str, list[Sentence]]) -> list[Block]:
        """Each part under a heading of the second level, all on lines of their own or all run in."""
        run_in = self.rng.random() < 0.5
        blocks: list[Block] = []
        for number, (role, sentences) in enumerate(parts.items(), 1):
            title = self.rng.choice(phrases()["headings"][role])
            blocks += [Heading(2, number, title, role, run_in=run_in), Paragraph(sentences, role)]
        return blocks

    def _several(self, topic: str, least: int, most: int) -> list[Sentence]:
        """Different wordings of the group, ``least`` to ``most`` of them."""
        wordings = self.rng.sample(phrases()[topic]["text"], self.rng.randint(least, most))
        return [self.say(topic, wording) for wording in wordings]

    def _perhaps(self, topic: str, chance: float) -> list[Sentence]:
        return [self.say(topic)] if self.rng.random() < chance else []

    def _proactive(self) -> list[Sentence]:
        channels = self.subject.channels
        if channels is None:
            channels = self.rng.random() < 0.7
        opening = self.say("proactive_channels" if channels else "proactive_total")
        details = self._several("proactive_detail", 2, 2)
        return [opening, *details, *self._perhaps("interpretation", 0.7), *self._perhaps("interaction", 0.8)]

    def _applications(self) -> list[Sentence]:
        sentences = [self._received()]
        new, carried_in = self.figures["applications_new"], self.figures["applications_carried_in"]
        if carried_in and self.rng.random() < 0.5:
            sentences.append(self.say("applications_handled"))
        if new > 3 and self.rng.random() < 0.4:
            online = self.rng.randint(1, int(new) - 1)
            sentences.append(
                self.say("applications_channels", channel_online=str(online), channel_letter=str(int(new) - online))
            )
        if self.figures["result_total"] > 4 and self.rng.random() < 0.5:
            sentences.append(self.say("outcomes"))
        sentences += self._several("applications_practice", 1, 3)
        if self.figures["review_total"] + self.figures["litigation_total"]:
            sentences += self._perhaps("disputes_some", 0.6)
        else:
            sentences += self._perhaps("disputes_none", 0.5)
        return sentences

    def _received(self) -> Sentence:
        """How many applications there were, in one of the ways that fit the number."""
        new = self.figures["applications_new"]
        wording = self.subject.wording
        if wording is None and not new:
            wording = self.rng.choice(("applications_none", "applications_none", "applications_zero_count"))
        if wording is None and new == 1:
            wording = "applications_one"
        difference = new - self.subject.before["applications_new"] if self.subject.before else 0
        if wording is None and difference and self.rng.random() < 0.35:
            wording = "applications_more" if difference > 0 else "applications_fewer"
        if wording is None:
            moved = self.figures["applications_carried_in"] + self.figures["applications_carried_out"]
            wording = "applications_carried" if moved and self.rng.random() < 0.6 else "applications_some"
        if wording in ("applications_more", "applications_fewer"):
            self.implied.append(("applications_new", self.subject.year - 1, new - difference))
        return self.say(wording, difference=str(abs(difference)))

    def _supervision(self) -> list[Sentence]:
        course = phrases()["training"]["text"], phrases()["training_topic"]["text"]
        training = self.say("training", self.rng.choice(course[0]) + self.rng.choice(course[1]))
        open_day = "open_day" if self.figures["open_day_events"] else "open_day_none"
        supervision = self._several("supervision", 2, 3)
        return [*supervision, training, *self._perhaps(open_day, 0.7 if "none" not in open_day else 0.4)]

    def _table(self, name: str) -> FormTable:
        form = catalogue()
        if name == "proactive_table":
            metrics = [cell.id for cell in form.proactive_cells]
        elif name == "application_table":
            columns = form.application_columns
            metrics = [
                row.id if column.id == "total" else f"{row.id}__{column.id}"
                for row in form.application_rows
                for column in columns
            ]
        else:
            metrics = [f"{g.id}_{r.id}" for g in form.dispute_groups for r in form.dispute_results]
        return FormTable(name, {metric: str(self.figures[metric]) for metric in metrics})

    def _problems(self) -> list[Block]:
        pairs = self.rng.sample(phrases()["problem"], self.rng.randint(3, 4))
        numerals = ("一是", "二是", "三是", "四是")
        lists = []
        for side in ("problem", "improvement"):
            items = "；".join(numeral + pair[side] for numeral, pair in zip(numerals, pairs, strict=False))
            lists.append(items + "。")
        problems = self.say("problems_opening"), Sentence("problems", lists[0], {}, {})
        improvements = self.say("improvements_opening"), Sentence("improvements", lists[1], {}, {})
        if self.rng.random() < 0.5:
            return [Paragraph([*problems], "problems"), Paragraph([*improvements], "problems")]
        return [Paragraph([*problems, *improvements], "problems")]

    def _other(self) -> list[Block]:
        fees = "fees_some" if self.figures["info_fee_yuan"] else "fees_none"
        handled = self.figures["npc_proposals"] + self.figures["cppcc_proposals"]
        parts: dict[str, list[Sentence]] = {}
        if self.rng.random() < 0.9 or fees == "fees_some":
            parts["fees"] = [self.say(fees)]
        if self.rng.random() < 0.85:
            parts["proposals"] = [self.say("proposals" if handled else "proposals_none")]
        parts["further"] = [*self._several("key_points", 0, 2), *self._several("innovation", 0, 2)]
        parts["further"] = parts["further"] or [self.say("nothing_else")]
        return self._headed(parts)


def compose(subject: Subject, rng: random.Random) -> Draft:
    """The draft of a sound report."""
    return Composer(subject, rng).compose()
