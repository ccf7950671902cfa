"""The arguments of the tools: what schemas say of them, and how a call's JSON becomes them. The one place for both."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model, model_validator

from vectorstore.catalogue import KIND_NAMES
from vectorstore.errors import QuestionError
from vectorstore.records import Kind, SectionRole

MOST_ROWS = 1000
MOST_HITS = 20
LONGEST_EXCERPT = 6000
MOST_HISTORY = 50
"""Earlier questions of a conversation: each is read anew."""

_LONGEST_SHOWN = 60

_KINDS = ", ".join(f"{kind} ({KIND_NAMES[kind][0]})" for kind in Kind)


def kind_named(given: str | None) -> str | None:
    """The kind, also by the name that people call it; what is none is left for the search to refuse in a sentence."""
    if given is None:
        return None
    written = given.strip().casefold()
    named = (kind for kind in Kind if written == kind or written in KIND_NAMES[kind])
    return next(named, given)


Question = Annotated[
    str,
    Field(
        description="The question in plain words, Chinese or English, with the year and the places that it is about: "
        "哪些开发区2023年没有收到申请？ Counts, sums, rankings, comparisons, trends and searches of the prose all work."
    ),
]
History = Annotated[
    Sequence[str],
    Field(
        description="The earlier questions of the conversation, oldest first, where the question leans on them: "
        "那2022年呢？ Otherwise empty.",
        max_length=MOST_HISTORY,
    ),
]
Words = Annotated[
    str,
    Field(description="What to look for, in the words of the reports: 征地补偿 申请. “Quoted” words must stand so."),
]
Metric = Annotated[
    str | None,
    Field(
        description="What is counted, by its id: applications_new, applications_new__natural_person (the column of an "
        "applicant), review_total, litigation_total, … or by its name: 新收申请. An unknown one is "
        "answered with those that are near. Empty for all figures, of one body or few reports only."
    ),
]
Year = Annotated[int | None, Field(description="The year that is reported on, not that of issue: 2023.")]
KindOfBody = Annotated[
    str | None,
    Field(description=f"What kind of body reports: {_KINDS}.", json_schema_extra={"examples": [str(Kind.TOWNSHIP)]}),
]
Region = Annotated[
    str | None,
    Field(description="Where, as the beginning of a path of places: 山东省, 山东省/威海市, 山东省/威海市/文登区."),
]
BodyName = Annotated[
    str | None,
    Field(description="A part of the name of the body that reports: 文登, 高新区."),
]
ReportId = Annotated[
    str,
    Field(description="The report_id that stands in the results of ask, search and figures; its beginning is enough."),
]
SectionName = Annotated[
    str | None,
    Field(
        description="Only one section: its heading or a part of it, or what it is about: overview, applications, "
        "problems, application_table, … Empty for the whole report; the result lists the headings."
    ),
]
SectionRoleName = Annotated[
    str | None,
    Field(
        description=f"Only sections about this: {', '.join(SectionRole)}.",
        json_schema_extra={"examples": [str(SectionRole.PROBLEMS)]},
    ),
]
Start = Annotated[int, Field(description="The character of the report to begin at, from 0.", ge=0)]
Length = Annotated[int, Field(description="How many characters.", ge=1, le=LONGEST_EXCERPT)]
HitLimit = Annotated[int, Field(description="How many passages at most.", ge=1, le=MOST_HITS)]
RowLimit = Annotated[int, Field(description="How many rows at most.", ge=1, le=MOST_ROWS)]
Offset = Annotated[int, Field(description="How many to leave out, to get the rest of a longer result.", ge=0)]
Brief = Annotated[
    bool,
    Field(description="Rows as lines of a table, without quotes and citations: ten times as many have room."),
]
Part = Literal["rows", "text", "citations", "silent"]
PartName = Annotated[
    Part,
    Field(
        description="What to give from offset on: the rows (first with the text), the rest of a long text, all "
        "citations of each row, or the silent reports, which state no value."
    ),
]

ToolName = Literal["ask", "search", "figures", "read_report"]
DESCRIPTIONS: Mapping[ToolName, str] = {
    "ask": "Answer a question over all annual reports on government information disclosure (政府信息公开年度报告) that "
    "are held, exactly: which bodies received no applications, how many, who most, the trend, what reports say of a "
    "matter. Figures are computed from what each report states; every row names its citations, and the coverage says "
    "which reports don't state it. Unknown is never 0. Ask the whole question here first.",
    "search": "Find passages of the reports by meaning and words, best first, each quoted with its place. For what "
    "reports say in prose; numbers over many reports are better asked of `ask` or listed by `figures`.",
    "figures": "List the numbers that the reports state, one row for each body, year and metric, with state and "
    "citation: stated, derived, conflicting (with all readings), blank, not_applicable or unreadable. A value that is "
    "null isn't 0, and a report without a row doesn't state the metric.",
    "read_report": "Read a report's own text, a part at a time, with its headings: to see the words around a citation.",
}
"""What an agent reads of each tool when it chooses among them."""


def _without_titles(schema: dict[str, Any]) -> None:
    """A schema as short as it can be: agents read it with every request, and an argument's name is its title."""
    for about in schema["properties"].values():
        about.pop("title", None)
        given = [one for one in about.get("anyOf", ()) if one != {"type": "null"}]
        if len(given) == 1:
            del about["anyOf"]
            about.update(given[0])
        if about.get("default", "") in (None, ()):
            del about["default"]


class Arguments(BaseModel):
    """The arguments of a tool. One that may be left out and says nothing, ``null`` or an empty text, is left out."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_without_titles)

    @model_validator(mode="before")
    @classmethod
    def _without_what_says_nothing(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        optional = {name for name, field in cls.model_fields.items() if not field.is_required()}
        return {name: value for name, value in given.items() if name not in optional or not _says_nothing(value)}


def _says_nothing(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def arguments_model(name: ToolName, method: Callable[..., Any]) -> type[BaseModel]:
    """The arguments of a tool's method as a pydantic model, for JSON schemas and for checking what a call gives."""
    hints = get_type_hints(method, include_extras=True)
    fields: dict[str, Any] = {
        parameter.name: (hints[parameter.name], ... if parameter.default is parameter.empty else parameter.default)
        for parameter in list(inspect.signature(method).parameters.values())[1:]
    }
    title = "".join(part.capitalize() for part in name.split("_")) + "Arguments"
    return create_model(title, __base__=Arguments, **fields)


def signature_of(method: Callable[..., Any]) -> inspect.Signature:
    """The signature of a tool's method in plain types, without ``self`` and what it returns."""
    hints = get_type_hints(method)
    parameters = list(inspect.signature(method).parameters.values())[1:]
    return inspect.Signature([parameter.replace(annotation=hints[parameter.name]) for parameter in parameters])


def validated(model: type[BaseModel], tool: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a call, checked, each in its type.

    Raises:
        QuestionError: With a sentence for each that is wrong, or isn't one, and the names of those that there are.
    """
    try:
        checked = model.model_validate(dict(given))
    except ValidationError as error:
        raise QuestionError(faults_of(error.errors(), model, tool)) from None
    return {name: getattr(checked, name) for name in type(checked).model_fields}


_WHOLE_NUMBER = "{name} takes a whole number"
_TRUE_OR_FALSE = "{name} takes true or false"
_TEXTS = "{name} takes a list of texts"
_FAULTS: Mapping[str, str] = {
    "missing": "{name} is missing",
    "extra_forbidden": "there is no argument {name}",
    "string_type": "{name} takes a text",
    "int_type": _WHOLE_NUMBER,
    "int_parsing": _WHOLE_NUMBER,
    "int_parsing_size": _WHOLE_NUMBER,
    "int_from_float": _WHOLE_NUMBER,
    "bool_type": _TRUE_OR_FALSE,
    "bool_parsing": _TRUE_OR_FALSE,
    "sequence_str": _TEXTS + ', such as ["{input}"]',
    "is_instance_of": _TEXTS,
    "too_long": "{name} takes at most {max_length}",
    "greater_than_equal": "{name} must be at least {ge}",
    "less_than_equal": "{name} must be at most {le}",
    "literal_error": "{name} must be {expected}",
}
"""What is wrong, for each kind of pydantic's errors that the arguments can have."""


def faults_of(errors: Iterable[Mapping[str, Any]], model: type[BaseModel], tool: str) -> str:
    """What is wrong with a call's arguments, from pydantic's errors, and which arguments there are."""
    faults = "; ".join(map(_fault, errors))
    names = ", ".join(
        name if field.is_required() else f"{name} (optional)" for name, field in model.model_fields.items()
    )
    return f"{tool} can't be called so: {faults}. Its arguments are {names}."


def _fault(error: Mapping[str, Any]) -> str:
    name = ".".join(str(part)[:_LONGEST_SHOWN] for part in error["loc"]) or "the call"
    said = _FAULTS.get(error["type"], "{name} can't be what was given")
    return said.format(name=name, input=str(error.get("input"))[:_LONGEST_SHOWN], **error.get("ctx", {}))
