"""Plays the stories in tests/transcripts: commands in words in, what happened and what people see out.

A story is a text of blocks divided by empty lines. `#` begins a line for the reader. A block is commands, `----`,
and what they led to: for each command `ok` (with the reply's fields) or `refused`, the events of everything up to
the room's settling, and the patch of each document that changed. The clock starts at 0.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any

from capacity.table import DEFAULT_TABLE, ViewerCapTable
from signaling.room import commands as c
from signaling.room.decide import Refused
from signaling.room.documents import desk_document, merge_patch, room_document, you_document
from signaling.room.events import Event
from signaling.room.state import Role
from tests.support.rooms import Stage

DIVIDER = "----"
MANY = 6
"""More of one kind than this are told as a number."""

Options = dict[str, str]


def on(word: str | None) -> bool | None:
    return None if word is None else {"on": True, "off": False}[word]


def share(words: list[str], options: Options) -> c.Command:
    who, kind = words
    assert kind in ("camera", "screen"), kind
    audio, video = on(options.get("audio", "on")), on(options.get("video", "on"))
    return c.StartShare(who, "camera" if kind == "camera" else "screen", bool(audio), bool(video))


def enter(words: list[str], options: Options) -> c.Command:
    who, *rest = words
    role = next((Role(word) for word in rest if word in list(Role)), Role.ATTENDEE)
    connection = options.get("connection", f"{who}/1")
    return c.Enter(who, connection, options.get("node", "n1"), who.capitalize(), role, "invited" in rest)


def rights(words: list[str], _: Options) -> c.Command:
    who, role, *rest = words
    return c.ChangeRights(who, Role(role), "invited" in rest)


COMMANDS: dict[str, Callable[[list[str], Options], c.Command]] = {
    "enter": enter,
    "drop": lambda words, _: c.Drop(words[0], words[1]),
    "leave": lambda words, _: c.Leave(words[0], words[1]),
    "lose-node": lambda words, _: c.LoseNode(words[0]),
    "share": share,
    "stop": lambda words, _: c.StopShare(words[0], words[1]),
    "set": lambda words, options: c.SetShare(words[0], words[1], on(options.get("audio")), on(options.get("video"))),
    "ask": lambda words, _: c.OpenRequest(words[0]),
    "withdraw": lambda words, _: c.WithdrawRequest(words[0]),
    "approve": lambda words, _: c.ApproveRequest(words[0], words[1]),
    "decline": lambda words, _: c.DeclineRequest(words[0], words[1]),
    "remove": lambda words, _: c.RemoveSeat(words[0], words[1]),
    "mute": lambda words, _: c.MuteSeat(words[0], words[1]),
    "video-share": lambda words, _: c.ShareYouTube(words[0], words[1]),
    "video-play": lambda words, _: c.PlayYouTube(words[0]),
    "video-pause": lambda words, _: c.PauseYouTube(words[0]),
    "video-seek": lambda words, _: c.SeekYouTube(words[0], float(words[1])),
    "video-stop": lambda words, _: c.StopYouTube(words[0]),
    "live": lambda words, _: c.SetMediaLive(words[0], bool(on(words[1]))),
    "rights": rights,
    "expel": lambda words, _: c.Expel(words[0]),
    "close": lambda _, __: c.CloseRoom(),
}


class Story:
    """One room, from its first line (`session ...`) to the story's end."""

    def __init__(self) -> None:
        self.stage = Stage()
        self.documents: dict[str, dict[str, Any]] = {}

    def told(self, text: str) -> str:
        """The story with everything below each divider as it is now."""
        return "\n\n".join(self._block(block) for block in text.strip().split("\n\n")) + "\n"

    def _block(self, block: str) -> str:
        lines = block.split("\n")
        commands = lines[: lines.index(DIVIDER)] if DIVIDER in lines else lines
        if all(line.startswith("#") for line in commands):
            return block
        began = len(self.stage.history)
        answers = [answer for line in commands if not line.startswith("#") for answer in self._line(line)]
        self.stage.settle()
        happened = self._events(self.stage.history[began:])
        return "\n".join([*commands, DIVIDER, *answers, *happened, *self._patches()])

    def _line(self, line: str) -> Iterator[str]:
        words = [word for word in line.split() if "=" not in word or "://" in word]
        options = dict(word.split("=", 1) for word in line.split() if "=" in word and "://" not in word)
        match words:
            case ["session"]:
                self._session(options)
            case ["change"]:
                self.stage.change(**{name: _setting(value) for name, value in options.items()})
            case ["wait", seconds]:
                self.stage.wait(float(seconds))
            case ["crowd", count, *shares]:
                for number in range(1, int(count) + 1):
                    self.stage.enter(f"p{number}")
                    if shares:
                        self.stage.share(f"p{number}")
            case [name, *rest]:
                outcome = self.stage.try_(COMMANDS[name](rest, options))
                if isinstance(outcome, Refused):
                    details = f" {json.dumps(outcome.details)}" if outcome.details else ""
                    yield f"refused {outcome.code.value}: {outcome.message}{details}"
                else:
                    yield " ".join(["ok", *(f"{key}={value}" for key, value in outcome.result.items())])

    def _session(self, options: Options) -> None:
        caps = ViewerCapTable.parse(options.pop("caps")) if "caps" in options else DEFAULT_TABLE
        policy = options.pop("policy", "anyone")
        settings: dict[str, Any] = {name: _setting(value) for name, value in options.items()}
        self.stage = Stage(policy, caps=caps, **settings)
        self.stage.now = 0.0

    def _events(self, events: list[Event]) -> Iterator[str]:
        kinds = [type(event).__name__ for event in events]
        counted: set[str] = set()
        for kind, event in zip(kinds, events, strict=True):
            if kinds.count(kind) <= MANY:
                yield f"  {kind} {_values(event)}".rstrip()
            elif kind not in counted:
                counted.add(kind)
                yield f"  {kind}: {kinds.count(kind)} times"

    def _patches(self) -> Iterator[str]:
        room = self.stage.room
        few = [*room.people] if len(room.people) <= 2 * MANY else []
        fresh = {"room": room_document(room), "desk": desk_document(room)}
        fresh |= {f"you {participant}": you_document(room, participant) for participant in few}
        for name, document in fresh.items():
            before = self.documents.get(name)
            patch = merge_patch(before, document) if before is not None else {}
            if len(patch.get("seats", ())) > MANY and name == "room":
                patch["seats"] = f"{len(patch['seats'])} seats"
            if patch:
                yield f"{name} {json.dumps(patch, ensure_ascii=False)}"
        self.documents = fresh


def _setting(value: str) -> Any:
    if value in ("on", "off"):
        return value == "on"
    return int(value) if value.isdigit() else value


def _values(event: Event) -> str:
    shown = ((each.name, getattr(event, each.name)) for each in fields(event))
    return " ".join(f"{name}={_value(value)}" for name, value in shown if value is not None)


def _value(value: Any) -> str:
    if hasattr(value, "share_policy"):
        return " ".join(f"{each.name}={_value(getattr(value, each.name))}" for each in fields(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
