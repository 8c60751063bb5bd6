"""What bots need of the HTTP API: registrants, their tokens, tickets to the room."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

_AT_ONCE = 8
"""Requests in progress: enough to keep the server busy, too few to drown it."""

_TRIES = 4
_PAUSE_SECONDS = 0.5
"""A server that is busy (429, 503) while the bots' registrants are made or deleted is asked again, a few times."""


class ApiError(Exception):
    """The server refused or could not be reached. `code` is short and stable, the text is for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str
    token: str


@dataclass(frozen=True, slots=True)
class Ticket:
    ticket: str
    url: str


class EventApi:
    """The API of one server, as an organizer. Every method raises ApiError. Use as an async context manager."""

    def __init__(self, url: str, organizer_token: str) -> None:
        self._token = organizer_token
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._run = secrets.token_hex(4)
        self._client = httpx.AsyncClient(
            base_url=url,
            timeout=30.0,
            limits=httpx.Limits(max_connections=_AT_ONCE, max_keepalive_connections=_AT_ONCE),
            trust_env=False,
        )

    async def __aenter__(self) -> EventApi:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def session(self, session: str) -> dict[str, Any]:
        return await self._ask("GET", f"/api/sessions/{session}")

    async def join(self, session: str, token: str | None = None) -> Ticket:
        """A ticket for the holder of `token`; for the organizer without one."""
        answer = await self._ask("POST", f"/api/sessions/{session}/join", token=token)
        return Ticket(answer["ticket"], answer["url"])

    async def register(self, names: Sequence[str], done: Callable[[], None]) -> list[Person]:
        """Register people and get each a token; `done` runs after each. All are made, or those made are removed."""
        people: list[Person] = []

        async def one(number: int, name: str) -> None:
            email = f"bot-{self._run}-{number}@example.org"
            made = await self._insist("POST", "/api/registrants", {"name": name, "email": email, "tags": ["bot"]})
            person = Person(made["id"], name, "")
            people.append(person)
            answer = await self._insist("POST", f"/api/registrants/{person.id}/token")
            people[people.index(person)] = Person(person.id, name, answer["token"])
            done()

        try:
            await self._all(one(number, name) for number, name in enumerate(names))
        except BaseException:
            await asyncio.shield(self.remove(people, lambda: None))
            raise
        order = {name: place for place, name in enumerate(names)}
        return sorted(people, key=lambda person: order[person.name])

    async def remove(self, people: Iterable[Person], done: Callable[[], None]) -> None:
        """Delete registrants; one that is gone already is fine."""

        async def one(person: Person) -> None:
            try:
                await self._insist("DELETE", f"/api/registrants/{person.id}")
            except ApiError as error:
                if error.code != "http_404":
                    raise
            done()

        await self._all(one(person) for person in people)

    async def invite(self, session: str, people: Sequence[Person]) -> None:
        """Invite people to share, besides those who are invited already."""
        path = f"/api/sessions/{session}/invitations"
        invited = (await self._ask("GET", path))["registrants"]
        await self._ask("PUT", path, {"registrants": [*invited, *(person.id for person in people)]})

    async def _all(self, work: Iterable[Awaitable[None]]) -> None:
        waiting = [asyncio.ensure_future(each) for each in work]
        try:
            await asyncio.gather(*waiting)
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    async def _insist(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        for attempt in range(1, _TRIES):
            try:
                return await self._ask(method, path, body)
            except ApiError as error:
                if error.code not in ("http_429", "http_503"):
                    raise
                await asyncio.sleep(_PAUSE_SECONDS * 2**attempt)
        return await self._ask(method, path, body)

    async def _ask(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, token: str | None = None
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token or self._token}"}
        async with self._slots:
            try:
                answer = await self._client.request(method, path, json=body, headers=headers)
            except httpx.HTTPError as error:
                raise ApiError("unreachable", f"{method} {path}: {error or type(error).__name__}") from error
        if answer.is_success:
            return answer.json() if answer.content else {}
        raise ApiError(f"http_{answer.status_code}", f"{method} {path}: {answer.status_code} {_reason(answer)}")


def _reason(answer: httpx.Response) -> str:
    try:
        problem = answer.json()
        return str(problem.get("detail") or problem.get("title") or "")
    except (ValueError, AttributeError):
        return answer.text[:200]
