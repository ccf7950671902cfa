"""What a client is told of an error, which may be on another computer: a sentence, without a path of this one."""

from __future__ import annotations

import logging

from ui.http_serving.problems import problem_of

_logger = logging.getLogger(__name__)


def refusal(error: Exception, doing: str) -> str:
    """What to tell of an error: as over HTTP. One that nobody foresaw is logged, with what was being done."""
    problem = problem_of(error)
    if problem.status == 500:
        _logger.error("%s failed", doing, exc_info=error)
    return problem.detail
