"""Reading report by report in the web chat: offered under an answer, run in the program, shown as an answer.

What the model found is kept beside the index, so that the answer to a survey's plan can be given again at any time: a
page that is reloaded loses nothing, and the reading goes on meanwhile.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from assistant.plan import SURVEY, Plan
from ui.texts import Texts
from ui.web.ask.survey_view import render_offer, render_running
from ui.web.asked import Asked, read_asked
from ui.web.json_body import json_body
from ui.web.site import in_words, words_of
from vectorstore.errors import LanguageModelError, NianbaoError

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.language_models.survey import Survey
    from assistant.language_models.surveying.records import Progress
    from ui.web.site import Site

logger = logging.getLogger(__name__)

MOST_RUNNING = 2
_REMEMBERED = 32
_LEAST_REPORTS = 2
_OFFERED = ("passages", "themes")


@dataclass
class Reading:
    """A survey that runs, or ran, in a thread of its own.

    Attributes:
        problem: Why it ended early, as a sentence.
    """

    survey: Survey
    stop: threading.Event = field(default_factory=threading.Event)
    progress: Progress | None = None
    is_running: bool = True
    problem: str = ""


class Readings:
    """The surveys of one program, by what was asked. Safe from several threads."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._known: OrderedDict[str, Reading] = OrderedDict()
        self._lock = threading.Lock()
        self._counting = threading.Lock()

    def look(self, asked: Asked, words: Texts) -> dict[str, Any]:
        """What to show under an answer: ``{state, html}``; ``state`` is ``running``, ``offer``, ``none`` or ``off``."""
        if self._site.assistant.language_model is None:
            return {"state": "off", "html": ""}
        reading = self._known.get(asked.token)
        if reading is not None and reading.is_running:
            return {"state": "running", "html": render_running(reading.progress, len(reading.survey.reports), words)}
        survey = self._offered(asked)
        if survey is None:
            return {"state": "none", "html": ""}
        # One at a time: the first over an index counts the tokens of all its reports.
        with self._counting:
            estimate = survey.estimate
        is_rest = asked.plan is not None and asked.plan.aspect == SURVEY
        if is_rest and not estimate.calls:
            return {"state": "none", "html": ""}
        problem = reading.problem if reading is not None else ""
        record = Asked(survey.question, survey.plan).as_json()
        html = render_offer(survey, estimate, record, words, is_rest=is_rest, problem=problem)
        return {"state": "offer", "html": html}

    def begin(self, asked: Asked, words: Texts) -> dict[str, Any]:
        """Begin what was offered, or go on with it.

        Raises:
            NianbaoError: Too many run already, or there is nothing to read.
        """
        if asked.plan is None or asked.plan.aspect != SURVEY or self._site.assistant.language_model is None:
            raise NianbaoError(words("site.unreadable"))
        reading = Reading(self._survey(asked.question, asked.plan))
        with self._lock:
            known = self._known.get(asked.token)
            if known is not None and known.is_running:
                return {"state": "running"}
            running = sum(one.is_running for one in self._known.values())
            if running >= MOST_RUNNING:
                raise NianbaoError(words("survey.busy", n=running))
            self._known[asked.token] = reading
            while len(self._known) > _REMEMBERED and not next(iter(self._known.values())).is_running:
                self._known.popitem(last=False)
        threading.Thread(target=self._run, args=(asked, reading), name="survey-run", daemon=True).start()
        return {"state": "running"}

    def stop(self, asked: Asked, words: Texts) -> dict[str, Any]:
        """Stop it; what was read is kept."""
        reading = self._known.get(asked.token)
        if reading is not None:
            reading.stop.set()
        return {"state": "none"}

    def _run(self, asked: Asked, reading: Reading) -> None:
        try:
            for progress in reading.survey.read(stop=reading.stop):
                reading.progress = progress
        except NianbaoError as error:
            reading.problem = str(error)
        except Exception:
            logger.exception("The reading failed: %s", asked.question)
        finally:
            self._site.answers.forget(asked)
            reading.is_running = False

    def _offered(self, asked: Asked) -> Survey | None:
        """The survey of the reports that a question was answered from; ``None`` where it is of another sort."""
        if asked.plan is not None and asked.plan.aspect == SURVEY:
            return self._survey(asked.question, asked.plan)
        answer = self._site.answers.answer(asked)
        plan = _plan_of(answer)
        if plan is None or plan.subject not in _OFFERED or answer.status == "needs_clarification":
            return None
        from assistant.language_models.survey import survey_plan

        question = answer.resolved or answer.question
        survey = self._survey(question, survey_plan(plan.scope, plan.words or question, plan.language))
        return survey if len(survey.reports) >= _LEAST_REPORTS else None

    def _survey(self, question: str, plan: Plan) -> Survey:
        from assistant.language_models.survey import Survey

        return Survey(self._site.assistant, question, plan=plan)


def _plan_of(answer: Answer) -> Plan | None:
    try:
        return Plan.model_validate(answer.plan)
    except ValidationError:
        return None


def routes(site: Site) -> list[BaseRoute]:
    """``POST nb/survey`` with ``{do: look|begin|stop, asked, lang}``: ``{ok: …}`` or ``{error: "…"}``."""
    readings = Readings(site)
    known: dict[str, Callable[[Asked, Texts], dict[str, Any]]] = {
        "look": readings.look,
        "begin": readings.begin,
        "stop": readings.stop,
    }

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        words = words_of(request)
        try:
            asked = read_asked(request["asked"])
            if asked.plan is not None:
                # A plan leans on no conversation: it is the same survey wherever it stands.
                asked = Asked(asked.question, asked.plan)
            return {"ok": known[request["do"]](asked, words)}
        except LanguageModelError as error:
            return {"error": str(error)}
        except NianbaoError as error:
            return {"error": in_words(error, words, site)}
        except (KeyError, TypeError):
            return {"error": words("site.unreadable")}
        except Exception:
            logger.exception("A reading could not be looked at.")
            return {"error": words("site.unexpected")}

    async def survey(request: Request) -> Response:
        given = await json_body(request)
        if isinstance(given, Response):
            return given
        return JSONResponse(await run_in_threadpool(answer, given), headers={"cache-control": "no-store"})

    return [Route("/nb/survey", survey, methods=["POST"])]
