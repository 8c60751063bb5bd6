"""A whole run: register, join, go on screen, watch, measure, leave, clean up."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from roomserver.bots.bot import Bot, Failure, Venue, error_code
from roomserver.bots.event_api import EventApi, Person
from roomserver.bots.figures import Figures, Summary, spread
from roomserver.bots.media_meter import MediaMeter
from roomserver.bots.plan import Plan
from roomserver.bots.speaker import Host, Speaker
from roomserver.bots.watcher import Watcher
from signaling.media.light_peer import COLOURS, camera_layers, tone_clip

_JOINING_AT_ONCE = 64
_LEAVING_AT_ONCE = 200
_LAG_SECONDS = 0.1
_PULSE_SECONDS = 1.0
_BOTS_PER_PULSE = 2000
"""A microphone is turned no oftener than this many bots can take the update in a second."""

_PHASE_SECONDS = 60.0
_PHASE_SECONDS_EACH = 0.1
"""What registering, joining and cleaning up may take: a time for all, and one for each bot."""


class Progress(Protocol):
    """Where a run tells how far it is."""

    def phase(self, what: str, total: int) -> None:
        """A new part of the run begins, with so many steps."""

    def step(self) -> None: ...

    def show(self, **numbers: object) -> None:
        """Present numbers, while all bots are there."""


@asynccontextmanager
async def speakers_on_screen(
    url: str, organizer_token: str, session: str, count: int, *, media: bool = True
) -> AsyncIterator[list[Speaker]]:
    """Bots on screen for the time of the context, each with its seat and, with `media`, a camera and a microphone.

    Raises one of `bot.Failure` if not all get there. Seats are taken in order, so the first bot has the first seat.
    """
    async with EventApi(url, organizer_token) as api:
        venue = Venue(api, session, Figures())
        people = await api.register([f"Speaker {number:02}" for number in range(1, count + 1)], _nothing)
        host, speakers = Host(venue), await _cast(venue, people, media=media)
        try:
            await _prepare(venue, host, people)
            for speaker in speakers:
                await speaker.join()
                await speaker.go_on_screen()
            yield speakers
        finally:
            await asyncio.shield(_disperse([*speakers, host], api, people, _nothing))


@dataclass
class _Joined:
    """How the arrivals went."""

    seconds: float = 0.0
    count: int = 0


class Party:
    """One run of a plan. `summary` is there when `run` has ended, also by an error or by being cancelled."""

    def __init__(self, plan: Plan, progress: Progress) -> None:
        self.summary: Summary | None = None
        self._plan, self._progress = plan, progress
        self._figures = Figures()
        self._speakers: list[Speaker] = []
        self._viewers: list[Bot] = []
        self._people: list[Person] = []
        self._joined = _Joined()
        self._meter = MediaMeter()

    async def run(self) -> None:
        """Do it all, and always leave and clean up. Raises ApiError if the session or the right to use it is
        missing, TimeoutError if the server takes too long; what goes wrong for single bots is counted."""
        plan = self._plan
        self._loop = asyncio.get_running_loop()
        names = [f"Speaker {n:02}" for n in range(1, plan.speakers + 1)]
        names += [f"Viewer {n:04}" for n in range(1, plan.viewers + 1)]
        async with EventApi(plan.url, plan.organizer_token) as api:
            self._venue = Venue(api, plan.session, self._figures)
            self._host = Host(self._venue)
            await api.session(plan.session)
            try:
                async with self._phase("registering", len(names)):
                    self._people = await api.register(names, self._progress.step)
                await self._gather()
                await self._stay()
            finally:
                self.summary = self._summarize()
                await asyncio.shield(self._end())
                # Ends that were told while leaving count too.
                self.summary = replace(self.summary, errors=dict(sorted(self._figures.errors.items())))

    def _phase(self, what: str, total: int) -> asyncio.Timeout:
        self._progress.phase(what, total)
        return asyncio.timeout(_PHASE_SECONDS + _PHASE_SECONDS_EACH * total)

    async def _gather(self) -> None:
        plan = self._plan
        speaking, viewing = self._people[: plan.speakers], self._people[plan.speakers :]
        self._speakers = await _cast(self._venue, speaking, media=plan.media)
        self._viewers = [
            Watcher(self._venue, person, plan.large) if number < plan.watchers else Bot(self._venue, person)
            for number, person in enumerate(viewing)
        ]
        async with self._phase("going on screen", len(self._speakers)):
            await _prepare(self._venue, self._host, speaking)
            for speaker in self._speakers:
                await self._try(speaker.join, "joining")
                await self._try(speaker.go_on_screen, "going on screen")
                self._progress.step()
        async with self._phase("joining", len(self._viewers)):
            await self._arrive()
        # What has been made lives until the end: walking over it again and again would only cost latency.
        gc.collect()
        gc.freeze()

    async def _arrive(self) -> None:
        """Viewers come at the plan's rate, or as fast as the server lets them in."""
        begun = self._loop.time()
        places = asyncio.Semaphore(_JOINING_AT_ONCE)

        async def arrive(bot: Bot) -> None:
            try:
                if await self._try(bot.join, "joining"):
                    self._joined.count += 1
                    self._joined.seconds = self._loop.time() - begun
            finally:
                places.release()
                self._progress.step()

        async with asyncio.TaskGroup() as arrivals:
            for number, bot in enumerate(self._viewers):
                await asyncio.sleep(max(0.0, begun + number / self._plan.rate - self._loop.time()))
                await places.acquire()
                arrivals.create_task(arrive(bot))

    async def _stay(self) -> None:
        self._progress.phase("together", 0)
        self._meter.start(self._speakers, self._viewers)
        until = self._loop.time() + self._plan.seconds
        pulses = self._loop.create_task(self._turn_microphones())
        try:
            due = self._loop.time()
            while (now := self._loop.time()) < until:
                self._figures.delays.append(max(0.0, now - due))
                self._progress.show(**self._present())
                due = now + _LAG_SECONDS
                await asyncio.sleep(_LAG_SECONDS)
        finally:
            pulses.cancel()
            await asyncio.gather(pulses, return_exceptions=True)
            self._meter.stop(self._speakers, self._viewers)

    async def _turn_microphones(self) -> None:
        """One speaker after the other goes silent and speaks again, so that there are updates to measure."""
        pause = max(_PULSE_SECONDS, len(self._viewers) / _BOTS_PER_PULSE)
        on_screen = [speaker for speaker in self._speakers if speaker.seat is not None]
        while on_screen:
            for speaker in on_screen:
                for on in (False, True):
                    await asyncio.sleep(pause)
                    if speaker.is_in:
                        await self._try(partial(speaker.set_microphone, on=on), "turning the microphone")

    def _present(self) -> dict[str, object]:
        room = next((bot.client.room for bot in (*self._speakers, *self._viewers) if bot.admitted), {})
        return {
            "on screen": room.get("seats_taken", 0),
            "viewers": f"{room.get('viewers', 0)}/{room.get('viewer_cap', 0)}",
            "waiting": room.get("waiting", 0),
            "updates": self._figures.updates,
            "reconnects": self._figures.reconnects,
            "errors": self._figures.errors.total(),
            **self._meter.present(self._speakers, self._viewers),
        }

    async def _try(self, work: Callable[[], Awaitable[object]], what: str) -> bool:
        try:
            await work()
        except Failure as error:
            self._figures.errors[f"{what}: {error_code(error)}"] += 1
            return False
        return True

    def _summarize(self) -> Summary:
        figures = self._figures
        return Summary(
            speakers=sum(speaker.on_screen for speaker in self._speakers),
            viewers=sum(viewer.admitted for viewer in self._viewers),
            waiting=sum(viewer.in_line for viewer in self._viewers),
            seconds=self._plan.seconds,
            joins_per_second=round(self._joined.count / self._joined.seconds, 1) if self._joined.seconds else 0.0,
            welcome_ms=spread(figures.welcomes),
            updates=figures.updates,
            update_spread_ms=spread(figures.spreads),
            action_ms=spread(figures.actions),
            bots_delay_ms=spread(figures.delays),
            reconnects=figures.reconnects,
            fresh_states=figures.fresh_states,
            errors=dict(sorted(figures.errors.items())),
            media=self._meter.figures() if self._plan.media or self._plan.watchers else None,
        )

    async def _end(self) -> None:
        bots = [*self._viewers, *self._speakers, self._host]
        people = [] if self._plan.keep else self._people
        self._progress.phase("leaving", len(bots) + len(people))
        await _disperse(bots, self._venue.api, people, self._progress.step)


async def _cast(venue: Venue, people: Sequence[Person], *, media: bool) -> list[Speaker]:
    """Speakers, each with a camera of its colour. Encoding the pictures takes seconds, so it is done in a thread."""
    if not media:
        return [Speaker(venue, person) for person in people]
    tone = await asyncio.to_thread(tone_clip)
    cameras = [await asyncio.to_thread(camera_layers, colour) for colour in range(min(COLOURS, len(people)))]
    return [Speaker(venue, person, cameras[number % COLOURS], tone) for number, person in enumerate(people)]


async def _prepare(venue: Venue, host: Host, speakers: Sequence[Person]) -> None:
    """Make it so that these people can get on screen under the session's rule."""
    settings = await venue.api.session(venue.session)
    if settings["share_policy"] == "invite_only" and speakers:
        await venue.api.invite(venue.session, speakers)
    if settings["share_policy"] == "moderated":
        await host.join()


async def _disperse(bots: Sequence[Bot], api: EventApi, people: Sequence[Person], step: Callable[[], None]) -> None:
    """Everybody leaves, and the registrants are deleted; within a bounded time, whatever the server does."""
    places = asyncio.Semaphore(_LEAVING_AT_ONCE)

    async def leave(bot: Bot) -> None:
        async with places:
            await bot.leave()
        step()

    async with asyncio.timeout(_PHASE_SECONDS + _PHASE_SECONDS_EACH * (len(bots) + len(people))):
        await asyncio.gather(*(leave(bot) for bot in bots))
        await api.remove(people, step)


def _nothing() -> None:
    """For those who don't want to see progress."""
