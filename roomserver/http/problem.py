"""What went wrong, as RFC 9457 problem details: one class, raised anywhere below a handler, rendered in one place."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, Field
from starlette.responses import Response

from roomserver.faults import SENTENCES, Fault

MEDIA_TYPE = "application/problem+json"


class FaultDocument(BaseModel):
    field: str = Field(description="Path of the field, such as tags.2, or a spreadsheet's column; empty for the whole.")
    message: str = Field(description="A sentence for people.")
    code: str = Field(description="Stable, for programs.", json_schema_extra={"enum": list(SENTENCES)})
    values: dict[str, str | int | float] = Field(
        default_factory=dict, description="What the sentence names, such as the most that is allowed."
    )
    part: str = Field("", description="The part of a spreadsheet's list that is meant.")


class Problem(Exception):
    """An answer that says why not. `code` is stable and for programs, `detail` is a sentence for people."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.more = dict(more or {})

    def response(self) -> Response:
        document: dict[str, Any] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            **self.more,
        }
        if self.errors:
            document["errors"] = [error.document() for error in self.errors]
        return Response(
            json.dumps(document, ensure_ascii=False, separators=(",", ":")),
            status_code=self.status,
            headers=self.headers,
            media_type=MEDIA_TYPE,
        )


def invalid(errors: Sequence[Fault], what: str = "The request") -> Problem:
    """422 with everything that doesn't fit, all at once."""
    return Problem(422, "invalid", f"{what} has {len(errors)} field(s) that don't fit.", errors=errors)


def not_found(what: str = "There is nothing here, or nothing that you may know of.") -> Problem:
    return Problem(404, "not_found", what)


def not_signed_in() -> Problem:
    return Problem(
        401,
        "not_signed_in",
        "Sign in with a bearer token or a sign-in link.",
        headers={"WWW-Authenticate": 'Bearer realm="roomserver"'},
    )


def bad_token() -> Problem:
    return Problem(
        401,
        "bad_token",
        "The token is unknown, expired or revoked.",
        headers={"WWW-Authenticate": 'Bearer realm="roomserver", error="invalid_token"'},
    )


def not_allowed(detail: str = "Only organizers may do this.") -> Problem:
    return Problem(403, "not_allowed", detail)


def wait_first(seconds: float, detail: str) -> Problem:
    return Problem(429, "too_many_guesses", detail, headers={"Retry-After": str(max(1, math.ceil(seconds)))})
