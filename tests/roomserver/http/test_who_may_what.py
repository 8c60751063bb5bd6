"""Every endpoint, every role, every rule about who may watch and share: the expected answer from one table."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from capacity.table import DEFAULT_TABLE
from roomserver.directory import CatalogDirectory
from roomserver.http.api import ENDPOINTS
from signaling.room.apply import apply
from signaling.room.commands import Enter, Settle
from signaling.room.decide import decide
from signaling.room.documents import you_document
from signaling.room.outcome import Accepted
from signaling.room.state import Room
from tests.support.api import Api, Caller, running_api
from tests.support.recordings import add_recording

PASSWORD = "moderate!"

# Who asks. Everybody but the stranger is signed in.
STRANGER, OUTSIDER, HOLDER, INVITED, MODERATOR, READER, ORGANIZER = (
    "stranger",
    "outsider",
    "ticket holder",
    "invited",
    "moderator",
    "organizer's token that may only read",
    "organizer",
)
ROLES = (STRANGER, OUTSIDER, HOLDER, INVITED, MODERATOR, READER, ORGANIZER)

# Which session is asked for: who may watch it.
MAY_WATCH = {
    "anyone": {OUTSIDER, HOLDER, INVITED, MODERATOR, READER, ORGANIZER},
    "unlisted": {OUTSIDER, HOLDER, INVITED, MODERATOR, READER, ORGANIZER},
    "private": {INVITED, MODERATOR, READER, ORGANIZER},  # the moderator was invited too: nobody moderates otherwise
    "tickets": {HOLDER, READER, ORGANIZER},
}

# Who may share in its room: at will, after asking, or not; and who moderates there. Everybody here may watch.
SHARING = {
    "anyone": {OUTSIDER: "at will", INVITED: "at will", MODERATOR: "at will", ORGANIZER: "at will, moderates"},
    "invite_only": {OUTSIDER: "no", INVITED: "at will", MODERATOR: "at will", ORGANIZER: "at will, moderates"},
    "moderated": {
        OUTSIDER: "asks",
        INVITED: "asks",
        MODERATOR: "at will, moderates",
        ORGANIZER: "at will, moderates",
    },
}


@dataclass(frozen=True)
class Rule:
    """What the endpoint answers to those who may, and who they are. Others get `refused`, strangers always 401."""

    method: str
    path: str
    good: int
    who: str
    """anybody, signed in, registrants, watchers (of the session in the path), watching registrants, moderators
    (also organizers), organizers"""
    body: Any = None


BREAK = {"title": "Break", "starts_at": "2026-03-01T13:00:00Z", "ends_at": "2026-03-01T14:00:00Z"}
"""A segment without sessions, of which everybody may know; `test_schedule` has those that are kept from some."""

RULES = [
    Rule("GET", "/api/event", 200, "anybody"),
    Rule("PATCH", "/api/event", 200, "organizers", {"name": "Summit"}),
    Rule("GET", "/api/me", 200, "signed in"),
    Rule("GET", "/api/signin", 200, "anybody"),
    Rule("POST", "/api/signin", 401, "anybody", {"token": "rst_unknown"}),
    Rule("POST", "/api/signout", 204, "anybody"),
    Rule("GET", "/api/sessions", 200, "signed in"),
    Rule("POST", "/api/sessions", 201, "organizers", {"title": "Another"}),
    Rule("GET", "/api/sessions/{id}", 200, "watchers"),
    Rule("POST", "/api/sessions/{id}/join", 200, "watchers"),
    Rule("PUT", "/api/sessions/{id}/evaluation", 201, "organizers", {"questions": [{"kind": "text", "title": "So?"}]}),
    Rule("GET", "/api/sessions/{id}/evaluation", 200, "watchers"),
    Rule("POST", "/api/sessions/{id}/evaluation/unlock", 200, "moderators"),
    Rule("POST", "/api/sessions/{id}/evaluation/answers", 201, "watching registrants", {"answers": {}}),
    Rule("GET", "/api/sessions/{id}/evaluation/results.csv", 200, "organizers"),
    Rule("GET", "/api/sessions/{id}/evaluation/results", 200, "organizers"),
    Rule("DELETE", "/api/sessions/{id}/evaluation", 409, "organizers"),  # people answered
    Rule("GET", "/api/evaluations", 200, "organizers"),
    Rule("GET", "/api/rooms", 200, "organizers"),
    Rule("POST", "/api/preview", 200, "organizers", {"markdown": "**Hi**"}),
    Rule("POST", "/api/sessions/{id}/moderate", 200, "watchers", {"password": PASSWORD}),
    Rule("PATCH", "/api/sessions/{id}", 200, "organizers", {"title": "Changed"}),
    Rule("GET", "/api/sessions/{id}/room", 200, "organizers"),
    Rule("GET", "/api/sessions/{id}/invitations", 200, "organizers"),
    Rule("PUT", "/api/sessions/{id}/invitations", 200, "organizers", {"registrants": []}),
    Rule("GET", "/api/sessions/{id}/moderators", 200, "organizers"),
    Rule("PUT", "/api/sessions/{id}/moderators", 200, "organizers", {"registrants": []}),
    Rule("PUT", "/api/sessions/{id}/picture", 415, "organizers", {"picture": "none"}),
    Rule("GET", "/api/sessions/{id}/picture/{name}", 404, "watchers"),
    Rule("DELETE", "/api/sessions/{id}/picture", 204, "organizers"),
    Rule("DELETE", "/api/sessions/{id}", 204, "organizers"),
    Rule("GET", "/api/recordings", 200, "organizers"),
    Rule("GET", "/api/recordings/{id}", 200, "organizers"),
    Rule("GET", "/api/recordings/{id}/file", 409, "organizers"),  # not rendered yet
    Rule("POST", "/api/recordings/{id}/render", 202, "organizers", {}),
    Rule("DELETE", "/api/recordings/{id}/tracks", 409, "organizers"),  # not rendered yet
    Rule("DELETE", "/api/recordings/{id}", 204, "organizers"),
    Rule("GET", "/api/registrants", 200, "organizers"),
    Rule("POST", "/api/registrants", 201, "organizers", {"name": "Eve"}),
    Rule("GET", "/api/registrants/{id}", 200, "organizers"),
    Rule("PATCH", "/api/registrants/{id}", 200, "organizers", {"name": "Eva"}),
    Rule("POST", "/api/registrants/{id}/token", 201, "organizers"),
    Rule("DELETE", "/api/registrants/{id}/tokens", 204, "organizers"),
    Rule("DELETE", "/api/registrants/{id}", 204, "organizers"),
    *(
        rule
        for path, readers in (("/api/ticket-types", "organizers"), ("/api/presenters", "signed in"))
        for rule in (
            Rule("GET", path, 200, readers),
            Rule("POST", path, 201, "organizers", {"name": "New"}),
            Rule("GET", f"{path}/{{id}}", 200, readers),
            Rule("PATCH", f"{path}/{{id}}", 200, "organizers", {"name": "Newer"}),
            Rule("DELETE", f"{path}/{{id}}", 204, "organizers"),
        )
    ),
    Rule("GET", "/api/segments", 200, "signed in"),
    Rule("POST", "/api/segments", 201, "organizers", BREAK),
    Rule("GET", "/api/segments/{id}", 200, "signed in"),
    Rule("GET", "/api/segments/{id}.ics", 200, "signed in"),
    Rule("PATCH", "/api/segments/{id}", 200, "organizers", {"title": "Longer break"}),
    Rule("DELETE", "/api/segments/{id}", 204, "organizers"),
    Rule("GET", "/api/schedule", 200, "signed in"),
    Rule("GET", "/api/schedule.ics", 200, "signed in"),
    Rule("GET", "/api/agenda.ics", 200, "registrants"),
    Rule("PUT", "/api/agenda/{segment}", 204, "registrants"),
    Rule("DELETE", "/api/agenda/{segment}", 204, "registrants"),
    Rule("POST", "/api/feeds", 201, "signed in"),
    Rule("DELETE", "/api/feeds", 204, "signed in"),
    *(
        rule  # without a format or a file: what those who may are told is what is missing
        for things in ("sessions", "registrants", "segments")
        for rule in (
            Rule("GET", f"/api/{things}/export", 422, "organizers"),
            Rule("GET", f"/api/{things}/template", 422, "organizers"),
            Rule("POST", f"/api/{things}/import", 422, "organizers"),
        )
    ),
    Rule("GET", "/api/imports/{name}", 404, "organizers"),
    Rule("GET", "/api/tokens", 200, "organizers"),
    Rule("POST", "/api/tokens", 201, "organizers", {"name": "Robot"}),
    Rule("DELETE", "/api/tokens/{id}", 204, "organizers"),
    Rule("GET", "/api/audit", 200, "organizers"),
    Rule("GET", "/healthz", 200, "anybody"),
    Rule("GET", "/readyz", 200, "anybody"),
    Rule("GET", "/metrics", 200, "anybody"),
]


def expected(rule: Rule, role: str, policy: str) -> int:
    """Who may share is the room's business: over HTTP it makes no difference."""
    match rule.who:
        case "anybody":
            return rule.good
        case _ if role == STRANGER:
            return 401
        case _ if role == READER:
            return expected(rule, ORGANIZER, policy) if rule.method == "GET" else 403
        case "signed in":
            return rule.good
        case "registrants":
            return 403 if role == ORGANIZER else rule.good
        case "watchers" | "watching registrants" | "moderators" if role not in MAY_WATCH[policy]:
            return 404
        case "watching registrants":
            return 403 if role == ORGANIZER else rule.good
        case "moderators":
            return rule.good if role in (MODERATOR, ORGANIZER) else 403
        case "watchers":
            return rule.good
        case _:
            return rule.good if role == ORGANIZER else 403


def test_the_table_names_every_endpoint() -> None:
    # Files and spreadsheets have tables of their own beside the tests of what they do.
    named = {(rule.method, rule.path) for rule in RULES}
    assert {(each.method, each.path) for each in ENDPOINTS} - named == set()


class Cast:
    """An event with one session of each kind, and somebody for each role."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.numbers = count(1)

    async def enter(self, policy: str, share: str) -> None:
        gold = await self.api.ticket_type("Gold")
        self.callers = {
            STRANGER: self.api.stranger,
            OUTSIDER: await self.api.registrant("Outsider"),
            HOLDER: await self.api.registrant("Holder", ticket_type=gold),
            INVITED: await self.api.registrant("Invited"),
            MODERATOR: await self.api.registrant("Moderator"),
            READER: await self.reader(),
            ORGANIZER: self.api.organizer,
        }
        self.session = await self.api.session(
            "The session",
            watch_policy=policy,
            ticket_types=[gold],
            share_policy=share,
            moderator_password=PASSWORD,
        )
        invited, moderator = self.callers[INVITED].id, self.callers[MODERATOR].id
        await self.api.organizer.put(f"{self.session}/invitations", {"registrants": [invited, moderator]})
        if policy != "tickets":
            answer = await self.api.organizer.put(f"{self.session}/moderators", {"registrants": [moderator]})
            assert answer.status_code == 200, answer.text

    async def reader(self) -> Caller:
        made = await self.api.organizer.post("/api/tokens", {"name": "Wall display", "role": "read_only"})
        return Caller(self.api.client, self.api.organizer.id, made.json()["token"])

    async def path(self, rule: Rule) -> str:
        if rule.path.startswith("/api/sessions/"):
            return rule.path.replace("/api/sessions/{id}", self.session)
        if "{" not in rule.path or rule.path.startswith("/api/imports/"):
            return rule.path
        if rule.path.startswith("/api/recordings/"):
            return rule.path.replace("{id}", await add_recording(self.api, f"rec_{next(self.numbers)}"))
        collection, _, _ = rule.path.replace("/api/agenda/{segment}", "/api/segments/{id}").partition("/{id}")
        thing = BREAK if collection == "/api/segments" else {"name": f"Thing {next(self.numbers)}"}
        made = await self.api.organizer.post(collection, thing)
        return rule.path.replace("{segment}", "{id}").replace("{id}", made.json()["id"])


async def ask(api: Api, caller: Caller, rule: Rule, path: str) -> int:
    headers = {}
    if rule.method == "PATCH":
        read = await api.organizer.get(path)
        headers["If-Match"] = read.headers["etag"]
    answer = await caller.call(rule.method, path, rule.body, headers=headers)
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert set(answer.json()) >= {"type", "title", "status", "code", "detail"}
    return answer.status_code


@pytest.mark.parametrize("share", list(SHARING))
@pytest.mark.parametrize("policy", list(MAY_WATCH))
async def test_the_answer_is_what_the_table_says(tmp_path: Path, policy: str, share: str) -> None:
    async with running_api(tmp_path) as api:
        cast = Cast(api)
        await cast.enter(policy, share)
        wrong = []
        # What isn't about this one session is the same whatever its rules are: once is enough.
        everything = policy == "anyone" and share == "moderated"
        rules = [each for each in RULES if everything or each.path.startswith("/api/sessions/{id}")]
        for rule in sorted(rules, key=lambda each: each.path == "/api/sessions/{id}" and each.method == "DELETE"):
            for role in ROLES:
                answered = await ask(api, cast.callers[role], rule, await cast.path(rule))
                if answered != expected(rule, role, policy):
                    wrong.append(f"{rule.method} {rule.path} as {role}: {answered}, not {expected(rule, role, policy)}")
                if rule.body and "registrants" in rule.body:
                    await cast_again(cast)
        assert wrong == []


async def cast_again(cast: Cast) -> None:
    """An organizer's PUT emptied the list: fill it again for those who ask after."""
    invited, moderator = cast.callers[INVITED].id, cast.callers[MODERATOR].id
    await cast.api.organizer.put(f"{cast.session}/invitations", {"registrants": [invited, moderator]})


@pytest.mark.parametrize("policy", list(MAY_WATCH))
@pytest.mark.parametrize("hidden", [False, True])
async def test_lists_show_what_the_table_says(api: Api, policy: str, hidden: bool) -> None:
    cast = Cast(api)
    await cast.enter(policy, "moderated")
    await api.organizer.patch(cast.session, {"hidden": hidden})
    for role in ROLES[1:]:
        listed = (await cast.callers[role].get("/api/sessions")).json()["items"]
        shown = role in (READER, ORGANIZER) or (role in MAY_WATCH[policy] and policy != "unlisted" and not hidden)
        assert bool(listed) is shown, role


@pytest.mark.parametrize("share", list(SHARING))
async def test_in_the_room_people_may_what_the_table_says(api: Api, share: str) -> None:
    cast = Cast(api)
    await cast.enter("anyone", share)
    session = cast.session.rpartition("/")[2]
    directory = CatalogDirectory(api.services.catalog)
    settings = await directory.settings(session)
    assert settings is not None
    room = Room(session, DEFAULT_TABLE, settings)
    for role in SHARING[share]:
        person = cast.callers[role].id
        rights = await directory.rights(session, person)
        assert rights is not None
        enter = Enter(person, f"n1:{person}", "n1", rights.name, rights.role, rights.invited)
        outcome = decide(room, enter, 0.0)
        assert isinstance(outcome, Accepted)
        for event in outcome.events:
            apply(room, event)
    # Whoever can be let in was admitted: what is left is who may do what.
    settled = decide(room, Settle(), 0.0)
    assert isinstance(settled, Accepted)
    for event in settled.events:
        apply(room, event)
    assert {role: in_the_room(you_document(room, cast.callers[role].id)) for role in SHARING[share]} == SHARING[share]


def in_the_room(you: dict[str, Any]) -> str:
    sharing = "at will" if you["can_share"] else "asks" if you["must_ask"] else "no"
    return f"{sharing}, moderates" if you["can_moderate"] else sharing
