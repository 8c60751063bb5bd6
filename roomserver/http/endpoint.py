"""One way to write an endpoint: a function whose types say what it reads, and a decorator that says the rest.

The same declaration serves requests and makes the OpenAPI document, so the two can't disagree.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from roomserver.catalog.access import Asker
from roomserver.faults import Fault
from roomserver.http.body import Draft, fault_of, read_draft
from roomserver.http.identity import check_origin, identify
from roomserver.http.problem import Problem, invalid, not_allowed, not_found, not_signed_in
from roomserver.http.services import Services
from roomserver.http.texts import IN_PATH

_IN_PATH = re.compile(IN_PATH)


class Who(Enum):
    """Who may call at all; a handler can refuse more."""

    ANYBODY = "anybody"
    SIGNED_IN = "anybody signed in"
    ORGANIZER = "organizers"


class IfMatch(Enum):
    """Whether an update must name the version that it is based on."""

    NO = "no"
    OPTIONAL = "optional"
    REQUIRED = "required"


Answers = Mapping[int, type[BaseModel] | str | tuple[str, ...] | None]
"""Status -> what the body is: a model, a media type or several, or None for no body."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    method: str
    path: str
    name: str
    summary: str
    description: str
    who: Who
    if_match: IfMatch
    answers: Answers
    problems: tuple[int, ...]
    body: type[BaseModel] | None
    takes: tuple[str, ...]
    """Media types of a body that is a file, which the handler reads itself."""
    query: type[BaseModel] | None
    handler: Callable[..., Awaitable[Response]]

    def called(self, name: str, summary: str) -> Endpoint:
        """The same endpoint by another name: for a handler that serves several kinds of things."""
        return replace(self, name=name.replace(" ", "_"), summary=summary)


@dataclass(slots=True)
class Call:
    """One request being answered."""

    request: Request
    services: Services
    asker: Asker | None
    if_match: frozenset[str] = field(default_factory=frozenset)
    """ETags in If-Match; empty if there was none."""

    @property
    def me(self) -> Asker:
        """Who asks, at an endpoint for people who are signed in."""
        if self.asker is None:
            raise not_signed_in()
        return self.asker

    def path(self, name: str) -> str:
        """An id or a name in the path. Raises Problem 404 for what can't be one: not every database takes any text."""
        value = str(self.request.path_params[name])
        if not _IN_PATH.fullmatch(value):
            raise not_found()
        return value

    def must_be_organizer(self, why_not: str = "Only organizers may do this.") -> None:
        if not self.me.organizer:
            raise not_allowed(why_not)


def endpoint(
    method: str,
    path: str,
    *,
    who: Who,
    answers: Answers,
    problems: tuple[int, ...] = (),
    if_match: IfMatch = IfMatch.NO,
    takes: tuple[str, ...] = (),
) -> Callable[[Callable[..., Awaitable[Response]]], Endpoint]:
    """Declare an endpoint. The function takes a `Call` and, if it reads them, `body: Draft[Model]` and `query: Model`;
    its docstring is the description."""

    def declare(handler: Callable[..., Awaitable[Response]]) -> Endpoint:
        hints = get_type_hints(handler)
        body = hints.get("body")
        summary, _, description = (inspect.getdoc(handler) or "").partition("\n\n")
        return Endpoint(
            method=method,
            path=path,
            name=handler.__name__,
            summary=" ".join(summary.split()),
            description=description,
            who=who,
            if_match=if_match,
            answers=answers,
            problems=problems,
            body=get_args(body)[0] if get_origin(body) is Draft else None,
            takes=takes,
            query=hints.get("query"),
            handler=handler,
        )

    return declare


def make_routes(endpoints: Sequence[Endpoint]) -> list[Route]:
    """One route a path, which takes every method: one that isn't there is answered with those that are (405)."""
    by_path: dict[str, dict[str, Endpoint]] = {}
    for each in endpoints:
        by_path.setdefault(each.path, {})[each.method] = each
    return [Route(path, _Path(methods)) for path, methods in by_path.items()]


class _Path:
    """The endpoints of one path, by method."""

    def __init__(self, methods: Mapping[str, Endpoint]) -> None:
        self._methods = dict(methods)
        if "GET" in methods:
            self._methods["HEAD"] = methods["GET"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        declared = self._methods.get(scope["method"])
        if declared is None:
            allowed = ", ".join(sorted(self._methods))
            raise Problem(405, "method_not_allowed", f"This path takes {allowed}.", headers={"Allow": allowed})
        response = await _serve(declared, Request(scope, receive))
        await response(scope, receive, send)


async def _serve(declared: Endpoint, request: Request) -> Response:
    services: Services = request.app.state.services
    asker = await identify(request, services)
    if declared.who is not Who.ANYBODY and asker is None:
        raise not_signed_in()
    if request.method not in ("GET", "HEAD"):
        check_origin(request, services)
    if declared.who is Who.ORGANIZER and asker is not None and not asker.organizer:
        raise not_allowed()
    if asker is not None and asker.read_only and declared.who is not Who.ANYBODY and declared.method != "GET":
        raise not_allowed("This token may only read.")
    call = Call(request, services, asker)
    read: dict[str, Any] = {}
    if declared.query is not None:
        read["query"] = _read_query(request, declared.query)
    if declared.if_match is not IfMatch.NO:
        call.if_match = _read_if_match(request)
        if declared.if_match is IfMatch.REQUIRED and not call.if_match:
            raise Problem(
                428, "if_match_needed", "Send If-Match with the ETag that you last read, so that no change is lost."
            )
    if declared.body is not None:
        read["body"] = await read_draft(request, declared.body)
    return await declared.handler(call, **read)


def _read_query(request: Request, model: type[BaseModel]) -> BaseModel:
    pairs = request.query_params.multi_items()
    seen: dict[str, str] = {}
    errors: list[Fault] = []
    for name, given in pairs:
        if name in seen:
            errors.append(Fault(name[:100], "repeated"))
        seen[name] = given
    try:
        value = model.model_validate_strings(seen)
    except ValidationError as error:
        errors += [fault_of(each) for each in error.errors(include_url=False)]
        raise invalid(errors, "The query") from None
    if errors:
        raise invalid(errors, "The query")
    return value


def _read_if_match(request: Request) -> frozenset[str]:
    header = ",".join(request.headers.getlist("if-match"))
    return frozenset(tag.strip() for tag in header.split(",") if tag.strip())
