"""One room's media: publishers' streams to watchers' slots, as the stage says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from signaling.media.layers import ShownSeat, Tile, advise, choose_layers, most_bitrate, wanted_levels
from signaling.media.negotiation import Carrier
from signaling.media.port import BadOffer, Level, SendAdvice, StageSeat
from signaling.media.publishers import Publisher
from signaling.media.sdp import parse_offer
from signaling.media.speakers import Speakers
from signaling.media.streams import Stream
from signaling.media.watchers import MAX_VIDEO_SLOTS, Watcher

LIVE_SECONDS = 2.0
"""Without a packet for so long a seat's media has ceased (media port, `media_live`)."""

HIGH_SECONDS = 5.0
"""How long a large layer goes on after the last viewer ceased to show it large."""

SPEAKING_INTERVAL = 1.0
"""Seconds between two `media_speaking` (protocol, "Pushed besides")."""

RANK_INTERVAL = 0.1
AUDIO_PLACES = 3
"""Speakers who are heard at once, unless a watcher has more audio slots."""

REFRESHES = 200
"""Watchers renewed in one tick: choosing tiles takes about 30 µs each, and media must get its turn."""

LARGE_CAPTURED = 9
"""Seats with video up to which all of them are captured large; more of them have small tiles anyway."""

_NOMINAL: Mapping[str, float] = {"h": 900_000, "l": 130_000, "": 600_000}


class RoomEvents(Protocol):
    """What a room's media tells (see MediaListener)."""

    def live(self, session: str, seat: str, live: bool) -> None: ...

    def speaking(self, session: str, seats: Sequence[str]) -> None: ...

    def send(self, session: str, seat: str, advice: SendAdvice) -> None: ...


class Room:
    """Connects what comes in to what goes out. Times are monotonic seconds."""

    def __init__(self, session: str, carrier: Carrier, events: RoomEvents) -> None:
        self._session = session
        self._carrier = carrier
        self._events = events
        self._stage: dict[str, StageSeat] = {}
        self._recording: str | None = None
        """Under what id packets are captured; None: they are not."""
        self._publishers: dict[str, Publisher] = {}
        self._watchers: dict[str, Watcher] = {}
        self._levels: dict[str, dict[int, Level]] = {}
        self._speakers = Speakers()
        self._ranked: tuple[str, ...] = ()
        self._next_rank = 0.0
        self._speaking: tuple[str, ...] = ()
        self._next_speaking = 0.0
        self._high_until: dict[str, float] = {}
        self._stale: dict[Watcher, None] = {}
        self._places = AUDIO_PLACES
        """The most speakers that any watcher hears at once."""
        self._last_second: float | None = None

    @property
    def is_empty(self) -> bool:
        return not (self._stage or self._publishers or self._watchers or self._levels)

    @property
    def publishers(self) -> int:
        return len(self._publishers)

    @property
    def watchers(self) -> int:
        return len(self._watchers)

    def publish(self, seat: str, sdp: str) -> str:
        """Answer a publisher's offer; raises BadOffer, MediaUnavailable."""
        on_stage = self._stage.get(seat)
        if on_stage is None:
            raise BadOffer("This seat is not on screen.")
        offer = parse_offer(sdp)
        publisher = self._publishers.get(seat)
        if publisher is None or not publisher.negotiation.continues(offer):
            renewed = Publisher(seat, offer, self._carrier, self)
            if publisher is not None:
                publisher.negotiation.peer.close()
            self._publishers[seat] = publisher = renewed
        publisher.accept(offer)
        publisher.allow(audio=on_stage.audio, video=on_stage.video)
        publisher.record(self._captures(on_stage), on_stage.participant)
        return publisher.negotiation.answer(offer, {}, receive=True)

    def watch(self, watcher_id: str, participant: str, sdp: str) -> str:
        """Answer a watcher's offer; raises BadOffer, MediaUnavailable."""
        offer = parse_offer(sdp)
        watcher = self._watchers.get(watcher_id)
        if watcher is None or watcher.participant != participant or not watcher.negotiation.continues(offer):
            levels = self._levels.setdefault(watcher_id, {})
            renewed = Watcher((watcher_id, participant), offer, self._carrier, self, levels)
            if watcher is not None:
                watcher.negotiation.peer.close()
            self._watchers[watcher_id] = watcher = renewed
        slots = watcher.accept(offer)
        self._places = max(self._places, len(watcher.audio))
        self._stale[watcher] = None
        return watcher.negotiation.answer(offer, slots, receive=False)

    def stage(self, seats: Sequence[StageSeat], now: float, recording: str | None = None) -> None:
        """Make it so: what isn't on stage any more stops before this returns, and so does what isn't recorded."""
        before, self._stage = self._stage, {each.seat: each for each in seats}
        self._recording = recording if self._carrier.tap is not None else None
        for seat, publisher in list(self._publishers.items()):
            new = self._stage.get(seat)
            if new is None:
                publisher.negotiation.peer.close()
                continue
            publisher.allow(audio=new.audio, video=new.video)
            publisher.record(self._captures(new), new.participant)
            old = before.get(seat)
            if old is None or (old.slot, old.participant) != (new.slot, new.participant):
                for stream in publisher.video.values():
                    stream.end()
        for seat in before:
            if seat not in self._stage or not self._stage[seat].audio:
                self._speakers.forget(seat)
        self._high_until = {seat: until for seat, until in self._high_until.items() if seat in self._stage}
        self._next_rank = 0.0
        self._renew_all()
        self._advise(now)

    def view(self, watcher_id: str, slots: Mapping[int, Level], now: float) -> None:
        """A watcher says what it shows."""
        levels = self._levels.setdefault(watcher_id, {})
        levels.update({index: level for index, level in slots.items() if 0 <= index < MAX_VIDEO_SLOTS})
        watcher = self._watchers.get(watcher_id)
        if watcher is not None and watcher.is_ready:
            self._renew(watcher, now)
            self._advise(now)

    def unwatch(self, watcher_id: str) -> None:
        self._levels.pop(watcher_id, None)
        watcher = self._watchers.get(watcher_id)
        if watcher is not None:
            watcher.negotiation.peer.close()

    def tick(self, now: float, *, overloaded: bool = False) -> None:
        """What is due now; to be called about every 50 ms. `overloaded`: within the last second the worker had
        more to do than it could."""
        for publisher in self._publishers.values():
            for stream in publisher.streams:
                stream.tick(now)
        if now >= self._next_rank:
            self._next_rank = now + RANK_INTERVAL
            self._rank(now)
        for _ in range(min(REFRESHES, len(self._stale))):
            watcher = next(iter(self._stale))
            del self._stale[watcher]
            if watcher.is_ready:
                self._renew(watcher, now)
        passed = 1.0 if self._last_second is None else now - self._last_second
        if passed >= 1.0:
            self._second(now, passed, overloaded=overloaded)
            self._last_second = now

    # What connections tell (PublisherRoom, WatcherRoom)

    def stream_began(self, publisher: Publisher, now: float) -> None:
        if not publisher.live:
            publisher.live = True
            self._events.live(self._session, publisher.seat, True)
            self._advise(now)
            publisher.report(now)
        self._renew_all()

    def heard(self, seat: str, level: int, now: float) -> None:
        self._speakers.heard(seat, level, now)

    def publisher_closed(self, publisher: Publisher) -> None:
        if self._publishers.get(publisher.seat) is publisher:
            del self._publishers[publisher.seat]
            self._speakers.forget(publisher.seat)
            if publisher.live:
                self._events.live(self._session, publisher.seat, False)

    def watcher_ready(self, watcher: Watcher, now: float) -> None:
        self._renew(watcher, now)

    def watcher_closed(self, watcher: Watcher) -> None:
        self._stale.pop(watcher, None)
        if self._watchers.get(watcher.id) is watcher:
            del self._watchers[watcher.id]

    def _captures(self, seat: StageSeat) -> str | None:
        """The recording that a seat is in. Streams from elsewhere never are (product, section 7)."""
        return None if seat.kind == "integration" else self._recording

    def _second(self, now: float, passed: float, *, overloaded: bool) -> None:
        for publisher in list(self._publishers.values()):
            publisher.report(now)
            for stream in publisher.streams:
                stream.measure(passed)
            if publisher.live and all(now - stream.last_arrival > LIVE_SECONDS for stream in publisher.streams):
                publisher.live = False
                self._events.live(self._session, publisher.seat, False)
        for watcher in self._watchers.values():
            sent = watcher.measure(passed)
            if overloaded:
                watcher.allowance.overloaded(sent, now)
            else:
                watcher.allowance.update(sent, now)
        self._renew_all()
        self._advise(now)

    def _rank(self, now: float) -> None:
        """Find out who is heard, and tell who speaks."""
        audible = self._places + 1
        ranked = self._speakers.rank(self._places, now)
        if set(ranked[:audible]) != set(self._ranked[:audible]) or len(ranked) != len(self._ranked):
            self._renew_all()
        self._ranked = ranked
        speaking = self._speakers.speaking(now)
        if now >= self._next_speaking and set(speaking) != set(self._speaking):
            self._next_speaking = now + SPEAKING_INTERVAL
            self._speaking = speaking
            self._events.speaking(self._session, speaking)

    def _renew_all(self) -> None:
        self._stale.update(dict.fromkeys(self._watchers.values()))

    def _renew(self, watcher: Watcher, now: float) -> None:
        """Choose anew what a watcher hears and sees."""
        self._stale.pop(watcher, None)
        heard: dict[str, Stream] = {}
        for seat in self._ranked:
            publisher = self._publishers.get(seat)
            if publisher is None or publisher.audio is None or self._stage[seat].participant == watcher.participant:
                continue
            heard[seat] = publisher.audio
            if len(heard) == len(watcher.audio):
                break
        watcher.hear(heard)
        shown = {
            seat.slot: seat
            for seat in self._stage.values()
            if seat.video and seat.slot is not None and seat.slot < len(watcher.video)
            if seat.participant != watcher.participant and seat.seat in self._publishers
        }
        choices = [ShownSeat(slot, seat.kind, self._speakers.spoke(seat.seat)) for slot, seat in shown.items()]
        wanted = wanted_levels(choices, watcher.levels)
        tiles = [Tile(slot, level, self._layers(shown[slot].seat, now)) for slot, level in wanted]
        watcher.shown_high = frozenset(shown[slot].seat for slot, level in wanted if level == "high")
        sound = sum(stream.bitrate for stream in heard.values())
        layers = choose_layers(tiles, watcher.allowance.bitrate - sound)
        for index in range(len(watcher.video)):
            rid = layers.get(index)
            stream = None if rid is None else self._publishers[shown[index].seat].video[rid]
            watcher.show(index, stream, now)

    def _layers(self, seat: str, now: float) -> dict[str, float]:
        """The layers of a seat that can be shown now, with their bits a second."""
        video = self._publishers[seat].video
        return {
            rid: stream.bitrate or _NOMINAL.get(rid, _NOMINAL[""])
            for rid, stream in video.items()
            # A lone layer may pause (a screen that doesn't change); a large one that pauses is off.
            if stream.ssrc and (rid != "h" or len(video) == 1 or stream.flows(now))
        }

    def _advise(self, now: float) -> None:
        """Tell publishers what to send, if that changed."""
        for watcher in self._watchers.values():
            for seat in watcher.shown_high:
                self._high_until[seat] = now + HIGH_SECONDS
        on_screen = sum(seat.video for seat in self._stage.values())
        all_high = self._recording is not None and on_screen <= LARGE_CAPTURED
        for publisher in self._publishers.values():
            if not publisher.video:
                continue
            kind = self._stage[publisher.seat].kind
            high = (all_high and kind == "camera") or self._high_until.get(publisher.seat, 0.0) > now
            advice = advise(kind, tuple(publisher.video), on_screen, shown_high=high)
            if advice != publisher.advice:
                publisher.advice = advice
                publisher.remb = most_bitrate(advice)
                self._events.send(self._session, publisher.seat, advice)
