"""What a language model says a question asks for: few fields, each of them checked before anything comes of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.language_models.drafting.choices import Choices
from assistant.language_models.drafting.problems import DraftError
from assistant.plan import Average, Change, Comparison, Grouping, Operation, Order, Quantity, RegionLevel
from vectorstore.records import Kind

DraftSubject = Literal["figures", "mentions", "passages", "reports", "checks", "none"]
"""As a Plan's; ``none``: nothing of the sort is asked, or no plan can say it."""

_MOST = 6
_LONGEST_WORDS = 200


class Strict(BaseModel):
    """Immutable, refusing fields that it doesn't know, and numbers written as words."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class ConditionDraft(Strict):
    """A condition on the draft's own measure or, with metrics, on another one."""

    comparison: Comparison = ">"
    value: Decimal = Decimal(0)
    upper: Decimal | None = None
    metrics: tuple[str, ...] = Field(default=(), max_length=_MOST)
    share_of: tuple[str, ...] = Field(default=(), max_length=_MOST)
    more_than: tuple[str, ...] = Field(default=(), max_length=_MOST)
    change: Change | None = None
    above_average: Average | None = None


class PlanDraft(Strict):
    """A Plan with numbered choices in place of ids.

    Attributes:
        column: The applicants that all metrics are narrowed to.
        bodies, places: Numbers of the choices that were offered.
        names: Parts of bodies' names, as the question writes them.
        continues: The question goes on from the one before, whose scope stands where this one names none.
        left_out: Words of the question that the draft doesn't express.
    """

    subject: DraftSubject
    operation: Operation = "value"
    metrics: tuple[str, ...] = Field(default=(), max_length=_MOST)
    share_of: tuple[str, ...] = Field(default=(), max_length=_MOST)
    column: str | None = None
    change: Change | None = None
    since: int | None = None
    conditions: tuple[ConditionDraft, ...] = Field(default=(), max_length=4)
    combine: Literal["all", "any"] = "all"
    bodies: tuple[int, ...] = Field(default=(), max_length=20)
    kinds: tuple[Kind, ...] = Field(default=(), max_length=len(Kind))
    places: tuple[int, ...] = Field(default=(), max_length=12)
    names: tuple[str, ...] = Field(default=(), max_length=_MOST)
    years: tuple[int, ...] = Field(default=(), max_length=20)
    latest: bool = False
    years_running: int | None = Field(default=None, ge=0, le=20)
    group_by: tuple[Grouping, ...] = Field(default=(), max_length=2)
    region_level: RegionLevel | None = None
    order: Order = "descending"
    limit: int | None = Field(default=None, ge=1, le=1000)
    place: int | None = Field(default=None, ge=1, le=1000)
    words: str = Field(default="", max_length=_LONGEST_WORDS)
    asks_whether: Quantity | None = None
    continues: bool = False
    left_out: tuple[str, ...] = Field(default=(), max_length=12)


def schema_for(choices: Choices) -> dict[str, Any]:
    """The JSON schema of a draft that can name only what is offered."""
    schema = PlanDraft.model_json_schema()
    schema["title"] = "plan"
    condition = schema["$defs"]["ConditionDraft"]["properties"]
    properties = schema["properties"]
    for of, names in ((properties, ("metrics", "share_of")), (condition, ("metrics", "share_of", "more_than"))):
        for name in names:
            of[name]["items"] = {"$ref": "#/$defs/Metric"}
    schema["$defs"]["Metric"] = {"type": "string", "enum": list(choices.metrics)}
    properties["column"] = {"anyOf": [{"type": "string", "enum": list(choices.columns)}, {"type": "null"}]}
    for name, count in (("bodies", len(choices.bodies)), ("places", len(choices.places))):
        if count:
            properties[name]["items"] |= {"minimum": 1, "maximum": count}
        else:
            properties[name]["maxItems"] = 0
    for name in ("value", "upper"):
        condition[name] = {"type": "number"} if name == "value" else {"anyOf": [{"type": "number"}, {"type": "null"}]}
    trimmed: dict[str, Any] = _without_noise(schema)
    return trimmed


def _without_noise(schema: Any) -> Any:
    """The schema without titles, defaults and descriptions: they cost tokens, and servers differ in what they take."""
    if isinstance(schema, list):
        return [_without_noise(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {
        k: v for k, v in schema.items() if k not in ("default", "description") and not _is_inner_title(k, v, schema)
    }
    return {key: _without_noise(value) for key, value in kept.items()}


def _is_inner_title(key: str, value: object, schema: dict[str, Any]) -> bool:
    return key == "title" and isinstance(value, str) and value != "plan" and ("type" in schema or "anyOf" in schema)


def read_draft(reply: str) -> PlanDraft:
    """The draft in a reply, whatever stands around it.

    Raises:
        DraftError: There is none that is valid.
    """
    start, end = reply.find("{"), reply.rfind("}")
    if start < 0 or end < start:
        raise DraftError(["The reply is no JSON object."])
    try:
        return PlanDraft.model_validate_json(reply[start : end + 1])
    except ValidationError as error:
        # What was wrong, not with which value: that is the model's own, and may be anything.
        raise DraftError(
            f"{'.'.join(map(str, one['loc'])) or 'reply'}: {one['msg']}."[:160]
            for one in error.errors(include_url=False)[:8]
        ) from None
