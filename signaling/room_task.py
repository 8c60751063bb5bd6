"""One mailbox and one task per room: decide, append, and only then answer, publish and drive the media.

All that waits in the mailbox is decided in order and becomes one journal entry. Whatever can't be
brought in line with the journal ends the room here; it is then built anew from the journal.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from signaling.audience import Audience
from signaling.clock import Timer
from signaling.close_codes import CloseCode
from signaling.conditions import RoomConditions
from signaling.journal.port import Conflict, JournalUnavailable
from signaling.journaled_room import JournaledRoom
from signaling.members import Member
from signaling.room import commands as c
from signaling.room import events as e
from signaling.room.apply import apply
from signaling.room.decide import Accepted, Outcome, decide, next_deadline
from signaling.room.refusals import Code, Refused
from signaling.room.state import Room, RoomSettings
from signaling.statements import captured_recording, live_room, stage
from signaling.wire.outbound import Notice

log = structlog.get_logger(__name__)

BATCH_SECONDS = 0.01
"""Least time between two entries: what arrives within it shares one."""
BATCH_COMMANDS = 1000
"""Bounds an entry's size, and the time for which deciding holds the event loop."""
SNAPSHOT_ENTRIES = 500
IDLE_SECONDS = 60.0
RETRY_SECONDS = 1.0
"""Between attempts to reach a journal that is down."""

UNAVAILABLE = Refused(Code.UNAVAILABLE, "The server can't save changes just now; nothing was changed. Try again soon.")
UNCERTAIN = Refused(Code.UNAVAILABLE, "The server doesn't know whether this was saved; look at the room's new state.")

Decide = Callable[[Room, float], Outcome]
Answer = Callable[[Outcome], None]

_STAGE_EVENTS = (
    *(e.SeatTaken, e.SeatChanged, e.SeatMuted, e.SeatEnded, e.RoomClosed),
    *(e.RecordingStarted, e.RecordingPaused, e.RecordingResumed, e.RecordingEnded),
)


@dataclass(frozen=True, slots=True)
class _Asked:
    decide: Decide
    answer: Answer | None
    """None: nobody waits for it, so it stays in the mailbox until the journal can take it."""


class RoomTask:
    """Make one with `open` and run `run` as a task; all else never blocks and is called on the event loop."""

    def __init__(self, store: JournaledRoom, settings: RoomSettings | None, conditions: RoomConditions) -> None:
        self.session = store.room.session
        self._conditions = conditions
        self._clock = conditions.clock
        self._media = conditions.media
        self._subscription = conditions.subscription
        self._store = store
        self._mailbox: deque[_Asked] = deque()
        self._deciding: list[_Asked] = []
        self._wake = asyncio.Event()
        self._timer: Timer | None = None
        # Where updates are folded differs from process to process, so no two of them share a chain.
        epoch = f"{store.position.epoch}.{secrets.token_hex(4)}"
        self._audience = Audience(self.session, epoch, conditions, self._wake.set)
        self._members = self._audience.members
        self._stage_changed = True
        self._subscriber_behind = True
        self._others_appended = False
        self._down_until: float | None = None
        self._appended_at = float("-inf")
        self._idle_since: float | None = None
        self._stopping = False
        self.finished = False
        """Takes nothing any more."""
        self.live = live_room(store.room)
        self._begin(settings)

    @classmethod
    async def open(cls, session: str, settings: RoomSettings | None, conditions: RoomConditions) -> RoomTask:
        """Load the room; `settings` None: as its journal has them.

        Raises JournalUnavailable, RecordError, ValueError for an id that no journal takes.
        """
        store = JournaledRoom(session, conditions.journal, conditions.caps, conditions.subscription.room_changed)
        await store.load()
        if store.room.closed and settings is not None:
            # The session's doors were closed and are open again: a closed room is never reopened, but replaced.
            await conditions.journal.delete(session)
            store = JournaledRoom(session, conditions.journal, conditions.caps, conditions.subscription.room_changed)
            await store.load()
        return cls(store, settings, conditions)

    def _begin(self, settings: RoomSettings | None) -> None:
        """Bring a room that was just loaded up to date: nobody is connected here, and no media flows."""
        if settings is not None:
            self.do(c.ChangeSettings(settings))
        self.do(c.LoseNode(self._conditions.node))
        room = self._store.room
        if captured_recording(room) and (since := self._subscription.captured_until(room)) is not None:
            self.do(c.InterruptRecording(since))
        for seat in room.seats.values():
            if seat.live and room.people[seat.participant].node == self._conditions.node:
                self.do(c.SetMediaLive(seat.id, live=False))

    @property
    def unused(self) -> bool:
        """Nothing was ever journaled for it."""
        return self._store.position.sequence == 0

    @property
    def at_rest(self) -> bool:
        """The room knows nobody, and nothing will become due in it."""
        return not self._store.room.people and next_deadline(self._store.room) is None

    # --- what others ask ---

    def ask(self, decide_it: Decide, answer: Answer) -> None:
        """Decide in turn, and answer once the outcome is in the journal; refused while the journal is down."""
        if self.finished:
            answer(UNAVAILABLE)
            return
        self._mailbox.append(_Asked(decide_it, answer))
        self._wake.set()

    def do(self, command: c.Command) -> None:
        """Carry out a command for which nobody waits, as soon as the journal can take it."""
        self._mailbox.append(_Asked(lambda room, now: decide(room, command, now), None))
        self._wake.set()

    def enter(self, member: Member, decide_it: Decide, answer: Answer) -> None:
        """Let a connection in; `decide_it` decides its `Enter`. After an acceptance the member is greeted."""

        def answered(outcome: Outcome) -> None:
            if isinstance(outcome, Refused):
                self._members.forget(member)
            answer(outcome)

        self._members.expect(member)
        self.ask(decide_it, answered)

    def lost(self, member: Member) -> None:
        """The member's connection is gone without `Leave`."""
        if self._members.forget(member) and not self.finished:
            self.do(c.Drop(member.participant, member.peer.id))

    def greet(self, member: Member) -> None:
        """Send the member a fresh `welcome`: it reads again, or asked for it."""
        self._audience.greet(member)
        self._wake.set()

    def speaking(self, seats: Sequence[str]) -> None:
        self._audience.speaking(seats)
        self._wake.set()

    def announce(self, notice: Notice, *, to_moderators: bool = False) -> None:
        """Tell everybody in the room who is connected here, or those among them who moderate."""
        self._audience.announce(notice, to_moderators=to_moderators)

    def media_reset(self) -> None:
        """All media connections of the room are lost; clients have to offer anew."""
        for seat in list(self._store.room.seats):
            self.do(c.SetMediaLive(seat, live=False))
        self._audience.reset_media()

    def owner_of(self, seat: str) -> Member | None:
        """The connection of a seat's owner, if it is one of ours."""
        held = self._store.room.seats.get(seat)
        return None if held is None else self._members.get(held.participant)

    def is_here(self, member: Member) -> bool:
        """Whether the member is the participant's present connection."""
        return self._members.is_here(member)

    def present(self) -> list[str]:
        """The participants whom the room knows."""
        return list(self._store.room.people)

    def restate_stage(self) -> None:
        """Tell the media plane again who is on screen; not at once, because what is being appended may yet fail."""
        self._stage_changed = True
        self._wake.set()

    def stop(self) -> None:
        """End the task once its mailbox is empty; who is connected here is then lost to the room."""
        self._stopping = True
        self.do(c.LoseNode(self._conditions.node))

    # --- the task ---

    async def run(self) -> None:
        """Serve the room until it is idle or stopped. Raises what makes it impossible to go on, after closing
        everybody's connection (4002): AppendUncertain, JournalReplaced, RecordError."""
        follower = asyncio.create_task(self._follow())
        try:
            while not self.finished:
                await self._wake.wait()
                self._wake.clear()
                await asyncio.sleep(0)  # a set event doesn't yield, and there may be more to say at once
                await self._round()
            await self._snapshot()
        finally:
            self._finish()
            follower.cancel()
            if self._timer is not None:
                self._timer.cancel()
            self._members.dismiss_all(CloseCode.DEPENDENCY_DOWN, "The room has to be built anew.")
            for refused, refusal in ((self._deciding, UNCERTAIN), (self._mailbox, UNAVAILABLE)):
                for asked in refused:
                    if asked.answer is not None:
                        asked.answer(refusal)

    async def _follow(self) -> None:
        while True:
            try:
                async for sequence in self._conditions.journal.changes(self.session):
                    if sequence > self._store.position.sequence:
                        self._others_appended = True
                        self._wake.set()
            except JournalUnavailable:
                await asyncio.sleep(RETRY_SECONDS)
            else:
                return

    async def _round(self) -> None:
        now = self._clock.now()
        if self._down_until is not None:
            if now >= self._down_until:
                await self._recover()
            if self._down_until is not None:
                self._refuse_waiting()
                self._wake_at(self._down_until)
                return
        paced = self._appended_at + BATCH_SECONDS if self._mailbox and not self._stopping else now
        try:
            if self._others_appended:
                self._others_appended = False
                self._heard(await self._store.catch_up())
            if paced <= now:
                await self._decide_waiting()
            if self._store.entries_since_snapshot >= SNAPSHOT_ENTRIES:
                await self._snapshot()
        except JournalUnavailable:
            self._go_down()
            return
        room = self._store.room
        if self._subscriber_behind:
            self._subscriber_behind = False
            self._subscription.room_changed(room, self._store.position.sequence, now)
        if self._stage_changed:
            self._stage_changed = False
            if self._media is not None:
                self._media.stage(self.session, stage(room), captured_recording(room))
        self.live = live_room(room)
        more_to_tell = self._audience.tell(room, self._store.position.sequence)
        deadline = next_deadline(room)
        if paced > now:
            # Something waits in the mailbox, and what is due is done together with it.
            deadline = paced
        self._sleep_until(more_to_tell, deadline)

    async def _decide_waiting(self) -> None:
        while self._mailbox and len(self._deciding) < BATCH_COMMANDS:
            self._deciding.append(self._mailbox.popleft())
        while True:
            now = self._clock.now()
            outcomes, events = self._decide(now)
            if not events:
                break
            try:
                await self._store.append(now, events)
            except Conflict:
                self._heard(await self._store.rebuild())
                continue
            self._appended_at = now
            break
        if self._mailbox:
            self._wake.set()
        answered, self._deciding = self._deciding, []
        for asked, outcome in zip(answered, outcomes, strict=True):
            if asked.answer is not None:
                asked.answer(outcome)
            elif isinstance(outcome, Refused):
                log.warning("a room refused its own command", session=self.session, why=outcome.message)
        self._heard(events)

    def _decide(self, now: float) -> tuple[list[Outcome], list[e.Event]]:
        room = self._store.room
        events: list[e.Event] = []
        outcomes: list[Outcome] = []
        for asked in self._deciding:
            try:
                outcome = asked.decide(room, now)
            except Exception:
                # Deciding only reads, so the room is unharmed by a bug in it; the journal never saw the command.
                log.exception("a command could not be decided", session=self.session)
                outcome = UNAVAILABLE
            outcomes.append(outcome)
            events += _applied(room, outcome)
        while settled := _applied(room, decide(room, c.Settle(), now)):
            events += settled
        return outcomes, events

    def _heard(self, events: Sequence[e.Event] | None) -> None:
        """Take in what is in the journal; None: something that isn't known in full."""
        if events is None:
            self._audience.reconcile(self._store.room)
            self._stage_changed = self._subscriber_behind = True
        elif events:
            self._audience.note(self._store.room, events)
            self._stage_changed = self._stage_changed or any(isinstance(event, _STAGE_EVENTS) for event in events)

    # --- when the journal is down ---

    def _go_down(self) -> None:
        """The journal can't be reached: the room's state may be ahead of it and is not used until rebuilt."""
        log.warning("the journal of a room is unavailable", session=self.session)
        self._mailbox.extendleft(reversed(self._deciding))
        self._deciding = []
        self._down_until = self._clock.now() + RETRY_SECONDS
        self._refuse_waiting()
        self._wake_at(self._down_until)

    def _refuse_waiting(self) -> None:
        kept = [asked for asked in self._mailbox if asked.answer is None]
        refused = [asked.answer for asked in self._mailbox if asked.answer is not None]
        self._mailbox = deque(kept)
        for answer in refused:
            answer(UNAVAILABLE)

    async def _recover(self) -> None:
        try:
            self._heard(await self._store.rebuild())
        except JournalUnavailable:
            self._down_until = self._clock.now() + RETRY_SECONDS
            return
        log.info("the journal of a room is back", session=self.session)
        self._down_until = None
        self._stage_changed = True

    async def _snapshot(self) -> None:
        if self._store.entries_since_snapshot == 0 or self._down_until is not None:
            return
        try:
            await self._store.save_snapshot()
        except JournalUnavailable:
            # The journal is whole without it; the next entry finds out whether the journal is really down.
            log.warning("no snapshot of a room could be saved", session=self.session)

    # --- when to go on ---

    def _sleep_until(self, *times: float | None) -> None:
        now = self._clock.now()
        due = [each for each in times if each is not None]
        busy = not self._members.empty or self._mailbox or next_deadline(self._store.room) is not None
        if self._stopping and not self._mailbox:
            self._finish()
        elif busy:
            self._idle_since = None
        else:
            self._idle_since = now if self._idle_since is None else self._idle_since
            due.append(self._idle_since + IDLE_SECONDS)
            if now >= due[-1]:
                self._finish()
        if due and not self.finished:
            self._wake_at(min(due))

    def _finish(self) -> None:
        if not self.finished:
            self.finished = True
            self._wake.set()
            self._subscription.room_stopped(self.session)
            if self._media is not None:
                self._media.stage(self.session, [])

    def _wake_at(self, when: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._clock.call_at(when, self._wake.set)


def _applied(room: Room, outcome: Outcome) -> tuple[e.Event, ...]:
    events = outcome.events if isinstance(outcome, Accepted) else ()
    for event in events:
        apply(room, event)
    return events
