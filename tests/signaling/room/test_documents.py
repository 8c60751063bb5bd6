"""What clients hold (protocol, "State"): the shapes, and patches that lead from one to the next."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.room import commands as c
from signaling.room.documents import desk_document, merge_patch, room_document, you_document
from tests.support.merge_patches import patched
from tests.support.rooms import SMALL_CAPS, Stage
from tests.support.tables import cases

NUMBER = {"type": "number"}
STRING = {"type": "string"}
BOOL = {"type": "boolean"}
COUNT = {"type": "integer", "minimum": 0}
ONLY_TRUE = {"const": True}


def exactly(properties: dict[str, Any], *optional: str) -> dict[str, Any]:
    """An object with these properties and no other; all but the optional ones must be there."""
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def keyed_by(pattern: str, values: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "patternProperties": {pattern: values}, "additionalProperties": False}


SEAT = exactly(
    {
        "kind": {"enum": ["camera", "screen", "integration"]},
        "participant": STRING,
        "name": STRING,
        "since": NUMBER,
        "audio": BOOL,
        "video": BOOL,
        "live": BOOL,
        "muted": ONLY_TRUE,
        "away": ONLY_TRUE,
        "slot": {"type": "string", "pattern": "^v[0-9]+$"},
        "source": {"enum": ["youtube", "rtmp", "whip", "mirror", "app"]},
    },
    "muted",
    "away",
    "slot",
    "source",
)
ROOM = exactly(
    {
        "session": STRING,
        "title": STRING,
        "share_policy": {"enum": ["anyone", "invite_only", "moderated"]},
        "max_on_screen": COUNT,
        "seats_taken": COUNT,
        "viewers": COUNT,
        "viewer_cap": COUNT,
        "waiting": COUNT,
        "seats": keyed_by("^s[0-9]+$", SEAT),
        "youtube": exactly(
            {"seat": STRING, "video": STRING, "playing": BOOL, "position": NUMBER, "at": NUMBER, "rate": NUMBER}
        ),
        "recording": {"enum": ["off", "armed", "recording", "paused", "ended"]},
    },
    "youtube",
)
YOU = exactly(
    {
        "participant": STRING,
        "name": STRING,
        "role": {"enum": ["organizer", "moderator", "attendee"]},
        "can_share": BOOL,
        "must_ask": BOOL,
        "can_moderate": BOOL,
        "request": exactly({"position": {"type": "integer", "minimum": 1}, "since": NUMBER}),
        "grant": exactly({"seat": STRING, "expires_at": NUMBER}),
        "seats": {"type": "array", "items": STRING},
    },
    "request",
    "grant",
)
DESK = exactly(
    {
        "requests": keyed_by(".*", exactly({"name": STRING, "since": NUMBER})),
        "grants": keyed_by(".*", exactly({"name": STRING, "seat": STRING, "expires_at": NUMBER})),
    }
)


def busy_session() -> Stage:
    """A session that has one of everything that a document can show."""
    stage = Stage("moderated", caps=SMALL_CAPS)
    stage.enter("mo", role="moderator")
    stage.enter("ada", "bob", "cyd")
    stage.approve("mo", "ada")
    stage.share("ada")
    stage.share("ada", "screen", audio=False)
    stage.do(c.ShareYouTube("mo", "dQw4w9WgXcQ"))
    stage.do(c.MuteSeat("mo", "s1"))
    stage.do(c.SetMediaLive("s1", True))
    stage.drop("ada")
    stage.do(c.OpenRequest("bob"))
    stage.approve("mo", "cyd")
    stage.enter("dan", "eve")
    return stage


def test_the_room() -> None:
    document = room_document(busy_session().room)
    jsonschema.validate(document, ROOM)
    assert document == {
        "session": "ses_1",
        "title": "Roundtable",
        "share_policy": "moderated",
        "max_on_screen": 50,
        "seats_taken": 4,
        "viewers": 2,
        "viewer_cap": 2,
        "waiting": 2,
        "seats": {
            "s1": {
                "kind": "camera",
                "participant": "ada",
                "name": "Ada",
                "since": 1000.0,
                "audio": False,
                "video": True,
                "live": True,
                "muted": True,
                "away": True,
                "slot": "v0",
            },
            "s2": {
                "kind": "screen",
                "participant": "ada",
                "name": "Ada",
                "since": 1000.0,
                "audio": False,
                "video": True,
                "live": False,
                "away": True,
                "slot": "v1",
            },
            "s3": {
                "kind": "integration",
                "participant": "mo",
                "name": "Mo",
                "since": 1000.0,
                "audio": True,
                "video": True,
                "live": False,
                "source": "youtube",
            },
        },
        "youtube": {
            "seat": "s3",
            "video": "dQw4w9WgXcQ",
            "playing": True,
            "position": 0.0,
            "at": 1000.0,
            "rate": 1.0,
        },
        "recording": "off",
    }


def test_the_moderators_desk() -> None:
    document = desk_document(busy_session().room)
    jsonschema.validate(document, DESK)
    assert document == {
        "requests": {"bob": {"name": "Bob", "since": 1000.0}},
        "grants": {"cyd": {"name": "Cyd", "seat": "s4", "expires_at": 1060.0}},
    }


def test_everybody_has_a_document_of_their_own_also_in_the_waiting_line() -> None:
    stage = busy_session()
    assert stage.line == ["dan", "eve"]
    for participant in stage.room.people:
        jsonschema.validate(you_document(stage.room, participant), YOU)
    assert you_document(stage.room, "bob") == {
        "participant": "bob",
        "name": "Bob",
        "role": "attendee",
        "can_share": False,
        "must_ask": True,
        "can_moderate": False,
        "request": {"position": 1, "since": 1000.0},
        "seats": [],
    }
    assert you_document(stage.room, "cyd")["grant"] == {"seat": "s4", "expires_at": 1060.0}
    assert you_document(stage.room, "ada")["seats"] == ["s1", "s2"]


def test_nobody_has_one_who_is_not_here() -> None:
    with pytest.raises(KeyError):
        you_document(Stage().room, "nobody")


WHAT_YOU_MAY = """
    policy      | who              | holds  | can_share | must_ask | can_moderate
    anyone      | attendee         |        | yes       | no       | no
    anyone      | moderator        |        | yes       | no       | no
    anyone      | organizer        |        | yes       | no       | yes
    invite_only | attendee         |        | no        | no       | no
    invite_only | invited attendee |        | yes       | no       | no
    invite_only | attendee         | camera | no        | no       | no
    moderated   | attendee         |        | no        | yes      | no
    moderated   | attendee         | grant  | yes       | no       | no
    moderated   | attendee         | camera | yes       | no       | no
    moderated   | attendee         | screen | no        | yes      | no
    moderated   | moderator        |        | yes       | no       | yes
    moderated   | organizer        |        | yes       | no       | yes
"""


@cases(WHAT_YOU_MAY)
def test_what_you_may(case: dict[str, str]) -> None:
    stage = Stage("anyone")
    *invited, role = case["who"].split()
    stage.enter("olga", role="organizer")
    stage.enter("p", role=role, invited=bool(invited))
    if case["holds"] == "camera":
        stage.share("p")
    if case["holds"] == "screen":
        stage.share("p", "screen")
    stage.change(share_policy=case["policy"])
    if case["holds"] == "grant":
        stage.approve("olga", "p")
    you = you_document(stage.room, "p")
    for right in ("can_share", "must_ask", "can_moderate"):
        assert you[right] is (case[right] == "yes"), right


JSON = st.recursive(
    st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "b"]) | st.lists(st.integers(0, 2), max_size=2),
    lambda inner: st.dictionaries(st.sampled_from("abcd"), inner, max_size=4),
    max_leaves=12,
)
DOCUMENT = st.dictionaries(st.sampled_from("abcd"), JSON, max_size=4)


@given(DOCUMENT, DOCUMENT)
def test_a_patch_leads_from_one_document_to_the_other(old: dict[str, Any], new: dict[str, Any]) -> None:
    patch = merge_patch(old, new)
    assert patched(old, json.loads(json.dumps(patch))) == new
    assert (patch == {}) == (old == new)


def test_a_patch_holds_only_what_changed() -> None:
    old = {"viewers": 1, "seats": {"s1": {"audio": True, "muted": True}, "s2": {"audio": True}}, "title": "x"}
    new = {"viewers": 2, "seats": {"s1": {"audio": True}, "s3": {"audio": False}}, "title": "x"}
    assert merge_patch(old, new) == {
        "viewers": 2,
        "seats": {"s1": {"muted": None}, "s2": None, "s3": {"audio": False}},
    }
