"""The AsyncAPI document: whole, valid, and the same protocol as PROTOCOL.md and the room's own documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry
from referencing.jsonschema import DRAFT202012

import signaling
from signaling.asyncapi import asyncapi
from signaling.close_codes import CloseCode
from signaling.room.refusals import Code
from signaling.room.state import RoomSettings, SharePolicy
from tests.signaling.test_inbound import BAD, GOOD
from tests.support.hall import Hall
from tests.support.scripted_media import ScriptedMedia
from tests.support.sessions import moderator, organizer

DOCUMENT = json.loads(json.dumps(asyncapi("event.example")))
PROTOCOL = (Path(signaling.__file__).parent / "PROTOCOL.md").read_text("utf-8")


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "$ref":
                yield inner
            else:
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def resolved(reference: str) -> Any:
    value = DOCUMENT
    for part in reference.removeprefix("#/").split("/"):
        value = value[part]
    return value


def validator_of(reference: str) -> jsonschema.Draft202012Validator:
    """For what a reference inside the document leads to."""
    registry: Registry[Any] = Registry().with_resource("urn:asyncapi", DRAFT202012.create_resource(DOCUMENT))
    return jsonschema.Draft202012Validator({"$ref": "urn:asyncapi" + reference}, registry=registry)


def validator_of_message(message_type: str) -> jsonschema.Draft202012Validator:
    return validator_of(DOCUMENT["components"]["messages"][message_type]["payload"]["$ref"])


def test_every_reference_leads_somewhere() -> None:
    for reference in references(DOCUMENT):
        assert resolved(reference) is not None


def test_every_schema_is_a_json_schema() -> None:
    for schema in DOCUMENT["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_it_has_the_shape_of_asyncapi_3() -> None:
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert DOCUMENT["servers"]["this"] == {"host": "event.example", "protocol": "wss"}
    assert "servers" not in asyncapi()
    room = DOCUMENT["channels"]["room"]
    assert room["address"] == "/ws"
    for operation in DOCUMENT["operations"].values():
        assert operation["action"] in ("send", "receive")
        assert resolved(operation["channel"]["$ref"]) is room
        for message in operation["messages"]:
            assert resolved(resolved(message["$ref"])["$ref"])["payload"]
    for message in DOCUMENT["components"]["messages"].values():
        assert message["summary"]


@pytest.mark.parametrize("message", GOOD, ids=lambda message: message["type"])
def test_what_the_server_accepts_is_valid(message: dict[str, Any]) -> None:
    validator_of_message(message["type"]).validate(message)


@pytest.mark.parametrize("message", [message for field, message in BAD if field != "type"])
def test_what_the_server_refuses_is_invalid(message: dict[str, Any]) -> None:
    assert not validator_of_message(message["type"]).is_valid(message)


async def test_all_that_the_server_says_in_a_lively_room_is_valid() -> None:
    media = ScriptedMedia()
    settings = RoomSettings("Talk", share_policy=SharePolicy.MODERATED, youtube=True)
    async with Hall(settings, media=media) as hall:
        zoe, ada = await hall.join("zoe", moderator("zoe")), await hall.join("ada")
        org = await hall.join("org", organizer("org"))
        await hall.say(ada, "request.open")
        await hall.say(zoe, "request.approve", participant="ada")
        await hall.say(ada, "share.start", kind="camera")
        await hall.say(zoe, "seat.mute", seat="s1")
        await hall.say(org, "youtube.share", video="dQw4w9WgXcQ")
        await hall.say(org, "share.start", kind="screen")
        await hall.say(ada, "people.list")
        await hall.say(ada, "share.begin")
        hall.hub.media_speaking("ses_1", ["s1"])
        hall.hub.media_reset("ses_1")
        org.hang_up()
        await hall.clock.advance(1)
        back = await hall.resume(ada)
        fresh = await hall.join("eve")
        said = [message for peer in (zoe, ada, org, back, fresh) for message in peer.messages]
        types = {message["type"] for message in said}
        assert types > {"reply", "welcome", "resumed", "update", "notice", "media.slots", "media.reset"}
        for message in said:
            validator_of_message(message["type"]).validate(message)
        for peer in (zoe, back, fresh):
            for name, document in peer.documents.items():
                validator_of(f"#/components/schemas/{name.title()}Document").validate(document)


# --- PROTOCOL.md ---


def test_every_message_is_in_the_protocol_and_the_other_way_round() -> None:
    types = set(DOCUMENT["components"]["messages"])
    assert not {name for name in types if f"`{name}`" not in PROTOCOL and f'"{name}"' not in PROTOCOL}
    tables = [line.split("|")[1] for line in PROTOCOL.splitlines() if line.startswith("| `")]
    named = {name for cell in tables for name in re.findall(r"`([a-z]+\.?[a-z]*)`", cell)}
    notices = set(DOCUMENT["components"]["schemas"]["Notice"]["properties"]["code"]["enum"])
    assert named <= types | notices | {code.value for code in Code}


def test_every_code_is_in_the_protocol() -> None:
    assert not [code for code in Code if f"`{code.value}`" not in PROTOCOL]
    assert not [code for code in CloseCode if str(code.value) not in PROTOCOL]
    for code in DOCUMENT["components"]["schemas"]["Notice"]["properties"]["code"]["enum"]:
        assert f"`{code}`" in PROTOCOL
