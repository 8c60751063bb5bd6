"""What the OpenAPI document promises holds for whatever is sent, whoever sends it.

Schemathesis makes the requests from the document: some that fit, some that don't. Every role sends each of them. No
answer is a 5xx or one that the document doesn't name, and bodies and headers are as it says.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from roomserver.catalog.tokens import issue_token
from roomserver.http.api import ENDPOINTS
from roomserver.http.endpoint import IfMatch
from roomserver.http.identity import COOKIE
from roomserver.http.openapi import openapi_document
from tests.support.api import ORIGIN, Caller
from tests.support.api_thread import ApiThread, api_thread
from tests.support.postgres_server import PostgresServer
from tests.support.recordings import add_recording
from tests.support.searching import SEARCHING

SCHEMA = schemathesis.openapi.from_dict(openapi_document(ENDPOINTS, "roomserver", "0"), config=SchemathesisConfig())
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 300 if SEARCHING else 3
"""Requests that fit, and as many that don't, for each operation; each is sent by every role."""

QUESTIONS = [{"kind": "rating", "title": "How was it?"}, {"kind": "text", "title": "What else?"}]
HOUR = {"starts_at": "2026-03-01T11:30:00Z", "ends_at": "2026-03-01T12:30:00Z"}


class Cast:
    """Somebody for each role, and things that requests can be about."""

    def __init__(self, running: ApiThread) -> None:
        self.running = running
        self._numbers = count(1)
        self.attendee = running.run(running.api.registrant("Attendee"))
        self.moderator = running.run(running.api.registrant("Moderator"))
        running.run(running.api.organizer.patch("/api/event", {"moderator_password": "moderate!"}))

    def credentials(self) -> dict[str, dict[str, str]]:
        """Role -> headers. The browser's cookie is a new one each time: signing out ends it."""
        return {
            "nobody": {},
            "attendee": _bearer(self.attendee),
            "moderator": _bearer(self.moderator),
            "organizer": {"Cookie": f"{COOKIE}={self.running.run(self._sign_in())}"},
            "organizer token": _bearer(self.running.api.organizer),
        }

    async def _sign_in(self) -> str:
        services = self.running.api.services
        async with services.catalog.writing() as db:
            return await issue_token(db, "browser", services.now(), organizer=self.running.api.organizer.id)

    def fresh(self, path: str) -> dict[str, str]:
        """Path parameters that name things which are there, made for this one request."""
        return self.running.run(self._fresh(path)) if "{" in path else {}

    async def _fresh(self, path: str) -> dict[str, str]:
        if path.startswith("/api/sessions/{id}"):
            return {"id": await self._session(with_evaluation="/evaluation" in path)}
        if path.startswith("/api/registrants/{id}"):
            return {"id": await self._made("/api/registrants", {"name": "Eve"})}
        if path.startswith("/api/agenda/{segment}"):
            return {"segment": await self._made("/api/segments", {"title": "Break", **HOUR})}
        if path.startswith("/api/segments/{id}"):
            return {"id": await self._made("/api/segments", {"title": "Break", **HOUR})}
        if path.startswith("/api/recordings/{id}"):
            name = f"rec_{next(self._numbers)}"
            return {"id": await add_recording(self.running.api, name, rendered=path.endswith(("/file", "/tracks")))}
        if path.startswith("/api/tokens/{id}"):
            return {"id": await self._made("/api/tokens", {"name": "Robot"})}
        if path.startswith(("/api/ticket-types/{id}", "/api/presenters/{id}")):
            return {"id": await self._made(path.partition("/{")[0], {"name": f"Thing {next(self._numbers)}"})}
        return {}

    async def _session(self, *, with_evaluation: bool) -> str:
        organizer = self.running.api.organizer
        session = await self._made("/api/sessions", {"title": "Opening", "share_policy": "moderated", **HOUR})
        await organizer.put(f"/api/sessions/{session}/moderators", {"registrants": [self.moderator.id]})
        if with_evaluation:
            await organizer.put(f"/api/sessions/{session}/evaluation", {"questions": QUESTIONS})
            await organizer.post(f"/api/sessions/{session}/evaluation/unlock")
        return session

    async def _made(self, path: str, body: dict[str, Any]) -> str:
        made = await self.running.api.organizer.post(path, body)
        assert made.status_code == 201, made.text
        return str(made.json()["id"])


def _bearer(caller: Caller) -> dict[str, str]:
    return {"Authorization": f"Bearer {caller.token}"}


@pytest.fixture(scope="module", params=["postgresql", "sqlite"] if SEARCHING else ["postgresql"])
def cast(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """On PostgreSQL, which is stricter about what it stores."""
    database = None
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        database = server.new_catalog()
    with api_thread(tmp_path_factory.mktemp("fuzz"), database) as running:
        yield Cast(running)
    if database is not None:
        server.give_back(database)


async def _send(client: httpx.AsyncClient, case: Case[Any], credentials: dict[str, str]) -> httpx.Response:
    prepared = requests.Request(**case.as_transport_kwargs(base_url=ORIGIN)).prepare()
    headers = [(name.encode(), str(value).encode("latin-1")) for name, value in prepared.headers.items()]
    headers += [(name.encode(), value.encode()) for name, value in credentials.items()]
    body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
    assert body is None or isinstance(body, bytes)
    return await client.request(str(prepared.method), str(prepared.url), headers=headers, content=body)


def _try_as_everybody(cast: Cast, case: Case[Any], on_real_things: bool) -> None:
    for credentials in cast.credentials().values():
        if on_real_things:
            case.path_parameters = {**(case.path_parameters or {}), **cast.fresh(case.path)}
            if case.headers is not None and "If-Match" in case.headers:
                case.headers["If-Match"] = "*"
        response = cast.running.run(_send(cast.running.api.client, case, credentials))
        case.validate_response(response, checks=CHECKS)


OPERATIONS = {(each.method, each.path): SCHEMA[each.path][each.method] for each in ENDPOINTS}


TAKES_NOTHING = {
    (each.method, each.path)
    for each in ENDPOINTS
    if each.body is None
    and each.query is None
    and not each.takes
    and each.if_match is IfMatch.NO
    and "{" not in each.path
}
"""Nothing can be wrong with a request to these."""


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("method_and_path", "mode"),
    [
        pytest.param(each, mode, id=f"{' '.join(each)} {mode}")
        for each in OPERATIONS
        for mode in GenerationMode
        if mode.is_positive or each not in TAKES_NOTHING
    ],
)
def test_every_answer_is_documented(cast: Cast, method_and_path: tuple[str, str], mode: GenerationMode) -> None:
    operation = OPERATIONS[method_and_path]

    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        derandomize=not SEARCHING,
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode), st.booleans())
    def search(case: Case[Any], on_real_things: bool) -> None:
        _try_as_everybody(cast, case, on_real_things)

    search()
