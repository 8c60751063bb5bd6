"""A media plane that remembers what it was told and answers offers when the test says so."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from signaling.media.port import BadOffer, Level, MediaUnavailable, StageSeat


class ScriptedMedia:
    """An offer "bad" is a BadOffer, "down" finds no worker; while `hold` is set, answers wait for `release`."""

    def __init__(self) -> None:
        self.stages: dict[str, list[StageSeat]] = {}
        self.statements: list[tuple[str, list[StageSeat]]] = []
        self.recordings: dict[str, str | None] = {}
        """Under which recording each session's packets are captured, as stated last."""
        self.published: list[tuple[str, str, str]] = []
        self.watched: list[tuple[str, str, str, str]] = []
        self.views: list[tuple[str, str, dict[int, Level]]] = []
        self.unwatched: list[tuple[str, str]] = []
        self._free = asyncio.Event()
        self._free.set()

    def hold(self) -> None:
        self._free.clear()

    def release(self) -> None:
        self._free.set()

    async def publish(self, session: str, seat: str, sdp: str) -> str:
        self.published.append((session, seat, sdp))
        return await self._answer(sdp)

    async def watch(self, session: str, watcher: str, participant: str, sdp: str) -> str:
        self.watched.append((session, watcher, participant, sdp))
        return await self._answer(sdp)

    async def _answer(self, sdp: str) -> str:
        await self._free.wait()
        if sdp == "bad":
            raise BadOffer("no common codec")
        if sdp == "down":
            raise MediaUnavailable
        return f"answer to {sdp}"

    def stage(self, session: str, seats: Sequence[StageSeat], recording: str | None = None) -> None:
        self.stages[session] = list(seats)
        self.recordings[session] = recording
        self.statements.append((session, list(seats)))

    def view(self, session: str, watcher: str, slots: Mapping[int, Level]) -> None:
        self.views.append((session, watcher, dict(slots)))

    def unwatch(self, session: str, watcher: str) -> None:
        self.unwatched.append((session, watcher))

    def ice_servers(self) -> Sequence[Mapping[str, Any]]:
        return [{"urls": ["stun:stun.example:3478"]}]

    async def close(self) -> None:
        pass
