"""The three documents as a client holds them: taken whole, then kept by merge patches (PROTOCOL.md, "State")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


def apply_patch(document: Any, patch: Any) -> Any:
    """What RFC 7386 makes of a document and a patch; neither is changed."""
    if not isinstance(patch, dict):
        return patch
    patched = dict(document) if isinstance(document, dict) else {}
    for name, value in patch.items():
        if value is None:
            patched.pop(name, None)
        else:
            patched[name] = apply_patch(patched.get(name), value)
    return patched


@dataclass(slots=True)
class Replica:
    """Empty until the first `welcome`."""

    room: dict[str, Any] | None = None
    you: dict[str, Any] | None = None
    desk: dict[str, Any] | None = None
    """Only while one may moderate."""
    epoch: str = ""
    version: int = -1
    resume: str | None = None
    """The token with which to come back."""
    lost: bool = False
    """A joint of the chain was missed: room updates are of no use until the next `welcome`."""

    def take(self, message: Mapping[str, Any]) -> bool:
        """Take in a message; True if the chain just broke and `sync` has to be sent."""
        match message["type"]:
            case "welcome":
                self.room, self.epoch, self.version = message["room"], message["epoch"], message["version"]
                self._take_own(message)
                self.lost = False
            case "resumed":
                self.version = message["version"]
                self._take_own(message)
            case "update" if message["doc"] == "you":
                self.you = apply_patch(self.you, message["patch"])
            case "update" if message["doc"] == "desk":
                self.desk = apply_patch(self.desk, message["patch"]) or None
            case "update":
                return self._take_update(message)
        return False

    def _take_own(self, message: Mapping[str, Any]) -> None:
        self.you, self.desk, self.resume = message["you"], message.get("desk"), message["resume"]

    def _take_update(self, message: Mapping[str, Any]) -> bool:
        if self.lost:
            return False
        if message["base"] != self.version:
            self.lost = True
            return True
        self.room = apply_patch(self.room, message["patch"])
        self.version = message["version"]
        return False
