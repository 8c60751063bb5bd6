"""Reading what clients send: bounded, strict, and with all errors at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, from_json, to_json
from starlette.requests import Request

from roomserver.faults import SENTENCES, Detail, Fault
from roomserver.http.problem import Problem, invalid

MAX_BODY_BYTES = 1_048_576
MAX_ERRORS = 200
JSON_TYPES = frozenset({"application/json", "application/merge-patch+json"})


class Body(BaseModel):
    """Base of everything that is sent to the API: unknown fields are errors, nothing is converted."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)

    parts: ClassVar[type[Body] | None] = None
    """The same fields with none required: reads the good fields of a body in which others are wrong."""


M = TypeVar("M", bound=BaseModel)
M_co = TypeVar("M_co", bound=BaseModel, covariant=True)


class Draft(Generic[M_co]):
    """A body that was read but not yet accepted, so that a handler can add what only the catalog knows
    (an unknown ticket type) and the sender hears of everything in one answer."""

    def __init__(self, value: M_co | None, fields: dict[str, Any], errors: Iterable[Fault] = ()) -> None:
        self._value = value
        self.fields = fields
        """The fields that were sent and fit by themselves."""
        self.errors = list(errors)

    def refuse(self, field: str, code: str, **values: Detail) -> None:
        self.errors.append(Fault(field, code, values))

    def checked(self) -> M_co:
        """The body, if nothing is wrong with it. Raises Problem 422."""
        if self.errors or self._value is None:
            raise invalid(self.errors[:MAX_ERRORS], "The body")
        return self._value


async def read_draft(request: Request, model: type[M]) -> Draft[M]:
    """Raises Problem 400 (no JSON), 413 (too large), 415 (something else than JSON)."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in JSON_TYPES:
        raise Problem(415, "not_json", "Send JSON with Content-Type: application/json.")
    return parse_draft(await read_bytes(request, MAX_BODY_BYTES), model)


async def read_bytes(request: Request, limit: int) -> bytes:
    """The body, if it has at most `limit` bytes. Raises Problem 413 without reading further.

    The connection stays open, and the web server throws the rest away: closing it under a client that still sends
    would lose the answer."""
    too_large = Problem(413, "too_large", f"The body may have at most {limit:,} bytes.")
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared) > limit:
        raise too_large
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise too_large
    return bytes(body)


def parse_draft(body: bytes, model: type[M]) -> Draft[M]:
    """Raises Problem 400 if the body isn't JSON."""
    try:
        value = model.model_validate_json(body)
    except ValidationError as error:
        problems = error.errors(include_url=False)
        if any(each["type"] == "json_invalid" for each in problems):
            raise Problem(400, "not_json", f"The body isn't valid JSON. {problems[0]['msg']}") from None
        return Draft(None, _good_fields(body, model, problems), [fault_of(each) for each in problems])
    return Draft(value, {name: getattr(value, name) for name in value.model_fields_set})


def _good_fields(body: bytes, model: type[BaseModel], problems: Iterable[ErrorDetails]) -> dict[str, Any]:
    raw = from_json(body)
    if not isinstance(raw, dict):
        return {}
    bad = {each["loc"][0] for each in problems if each["loc"]}
    parts = getattr(model, "parts", None) or model
    try:
        rest = parts.model_validate_json(to_json({name: each for name, each in raw.items() if name not in bad}))
    except ValidationError:
        return {}
    return {name: getattr(rest, name) for name in rest.model_fields_set}


_CODES = {
    "missing": "required",
    "extra_forbidden": "no_such_field",
    "model_type": "not_an_object",
    "model_attributes_type": "not_an_object",
    "dict_type": "not_an_object",
    "list_type": "not_a_list",
    "string_type": "not_a_text",
    "float_type": "not_a_number",
    "float_parsing": "not_a_number",
    "int_type": "not_an_integer",
    "int_from_float": "not_an_integer",
    "int_parsing": "not_an_integer",
    "bool_type": "not_true_or_false",
    "bool_parsing": "not_true_or_false",
    "string_pattern_mismatch": "bad_id",
}
"""Ours for pydantic's, where nothing else is to be said."""


def fault_of(error: ErrorDetails) -> Fault:
    """A pydantic error as a fault; never repeats what was sent, which may be a password."""
    where = ".".join(str(part)[:100] for part in error["loc"])
    given, context = error["input"], error.get("ctx", {})
    match error["type"], context:
        case "string_too_long", {"max_length": most}:
            return Fault(where, "too_long", {"most": most, "given": len(given)})
        case "too_long", {"max_length": most, "actual_length": size}:
            # A text whose form was checked before its length: pydantic speaks of items then.
            return Fault(where, "too_long" if isinstance(given, str) else "too_many", {"most": most, "given": size})
        case "string_too_short" | "too_short", {"min_length": 1}:
            return Fault(where, "empty")
        case "greater_than_equal", {"ge": least}:
            return Fault(where, "too_small", {"least": least})
        case "less_than_equal", {"le": most}:
            return Fault(where, "too_large", {"most": most})
        case "literal_error", {"expected": expected}:
            return Fault(where, "not_a_choice", {"choices": expected.replace("'", "").replace(" or ", ", ")})
        case kind, _ if kind in _CODES:
            return Fault(where, _CODES[kind])
        case kind, _ if kind in SENTENCES:
            return Fault(where, kind)  # raised by a check of our own, as a `refusal`
    return Fault(where, "invalid", {"reason": error["msg"].removeprefix("Value error, ")})
