"""Speakers whose every frame of video is numbered and whose tone never stops, and what a rendered file has of it."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
from numpy.typing import NDArray

from recording.layout import arrange
from recording.stage_log import read_stage_logs
from recording.timeline import FPS, SAMPLE_RATE, SAMPLES_PER_FRAME, Timeline, make_timeline
from recording.track_file import PACKET, read_tracks
from roomserver.bots.bot import Venue
from roomserver.bots.event_api import Person
from roomserver.bots.speaker import Speaker
from signaling.media.light_peer import AudioClip, LightPublisher, VideoClip
from signaling.media.light_peer.sender import AudioSender, VideoSender
from tests.support.recorded_media import flashes, number_in, opus

VIDEO_FPS = 15
_CLIP_SECONDS = 8
_NEAR = 5
"""Output frames by which a frame may be shown early or late: a connection's first packets don't tell its delay well."""
_TONE_LEVEL = 0.4 / 2 / 4
"""A quarter of what a tone measures."""
_SENT_SOUND = 0.02
"""Seconds of a packet of sound."""


class Sent(NamedTuple):
    """A frame of video or a packet of sound, with its number in the clip."""

    at: float
    """The Unix time at which it left."""
    due: float
    """The Unix time that its timestamp tells."""
    number: int
    packets: tuple[tuple[int, int], ...]
    """Sequence numbers and SSRCs."""


@dataclass(frozen=True, slots=True)
class Life:
    """What was sent over one connection."""

    video: list[Sent] = field(default_factory=list)
    audio: list[Sent] = field(default_factory=list)

    def between(self, start: float, end: float) -> Life:
        video, audio = ([each for each in sent if start <= each.at < end] for sent in (self.video, self.audio))
        return Life(video, audio)


class NumberedSpeaker(Speaker):
    """Notes what it sends. By itself it comes back, and publishes anew, as any bot."""

    def __init__(self, venue: Venue, person: Person, hertz: float) -> None:
        frames = flashes(_CLIP_SECONDS, fps=VIDEO_FPS, keyframes=VIDEO_FPS * _CLIP_SECONDS)
        tone = 0.4 * np.sin(2 * np.pi * hertz * np.arange(SAMPLE_RATE) / SAMPLE_RATE)
        super().__init__(
            venue,
            person,
            {"h": VideoClip(320, 180, VIDEO_FPS, 0, frames)},
            AudioClip(tuple(opus(tone.astype(np.float32)))),
        )
        self.hertz = hertz
        self.lives: list[Life] = []

    async def publish(self) -> None:
        await super().publish()
        publisher = self.publisher
        assert publisher is not None
        assert publisher.audio is not None
        life = Life()
        for sender, noted in ((publisher.layers[0], life.video), (publisher.audio, life.audio)):
            _note(publisher, sender, noted)
        self.lives.append(life)

    def has_sent(self, since: float, seconds: float, *, anew: bool) -> bool:
        """Whether picture and sound have flowed for so long since a Unix time; `anew`: over a connection made since."""
        life = self.lives[-1]
        return all(
            bool(sent) and (not anew or sent[0].at >= since) and sent[-1].at - max(since, sent[0].at) >= seconds
            for sent in (life.video, life.audio)
        )


def _note(publisher: LightPublisher, sender: AudioSender | VideoSender, noted: list[Sent]) -> None:
    offset = time.time() - publisher._loop.time()
    send = sender.frame

    def frame(elapsed: float) -> Iterator[bytes]:
        number = sender._next
        packets = list(send(elapsed))
        names = tuple((int.from_bytes(each[2:4]), int.from_bytes(each[8:12])) for each in packets)
        noted.append(Sent(time.time(), publisher._start + elapsed + offset, number, names))
        return iter(packets)

    sender.frame = frame  # type: ignore[method-assign]


@dataclass(frozen=True, slots=True)
class Captured:
    """What the tracks of a recording hold, of what its stage logs place in its files."""

    timeline: Timeline
    packets: frozenset[tuple[int, int]]

    @classmethod
    def read(cls, folder: Path) -> Captured:
        records = (record for track in read_tracks(folder) for record in track.records() if record.kind == PACKET)
        names = ((int.from_bytes(each.payload[2:4]), int.from_bytes(each.payload[8:12])) for each in records)
        return cls(make_timeline(read_stage_logs(folder)), frozenset(names))

    def lacks(self, life: Life) -> tuple[float, float]:
        """Seconds of what was sent that aren't there: pictures and sound."""
        video, audio = (
            sum(place(self.timeline, each.due) is None or not self.packets.issuperset(each.packets) for each in sent)
            for sent in (life.video, life.audio)
        )
        return video / VIDEO_FPS, audio * _SENT_SOUND


@dataclass(frozen=True, slots=True)
class Film:
    """A rendered file as far as numbered speakers are concerned."""

    timeline: Timeline
    numbers: list[dict[str, int]]
    """Of each frame, the number that each participant's tile shows."""
    sound: NDArray[np.float32]

    def lacks(self, speaker: NumberedSpeaker, life: Life) -> tuple[float, float]:
        """Seconds of what the speaker sent that aren't in the file: pictures and sound."""
        assert speaker.person is not None
        participant = speaker.person.id
        unseen = sum(not self._shows(participant, each) for each in life.video)
        heard = self._heard(speaker.hertz) if life.audio else np.zeros(0, np.bool_)
        unheard = sum((at := place(self.timeline, each.due)) is None or not heard[at] for each in life.audio)
        return unseen / VIDEO_FPS, unheard * _SENT_SOUND

    def _shows(self, participant: str, sent: Sent) -> bool:
        at = place(self.timeline, sent.due)
        if at is None:
            return False
        near = self.numbers[max(0, at - _NEAR) : at + _NEAR]
        return any(shown.get(participant) == sent.number for shown in near)

    def _heard(self, hertz: float) -> NDArray[np.bool_]:
        """For each frame, whether a tone sounds during it."""
        samples = self.sound[: len(self.numbers) * SAMPLES_PER_FRAME]
        turned = samples * np.exp(-2j * np.pi * hertz * np.arange(len(samples)) / SAMPLE_RATE)
        heard: NDArray[np.bool_] = np.abs(turned.reshape(-1, SAMPLES_PER_FRAME).mean(axis=1)) > _TONE_LEVEL
        return heard


def place(timeline: Timeline, due: float) -> int | None:
    """The frame of the files that shows a Unix time; None if none does."""
    scenes = timeline.scenes
    index = bisect_right([scene.source for scene in scenes], round(due * FPS)) - 1
    if index < 0:
        return None
    into = round(due * FPS) - scenes[index].source
    return scenes[index].start + into if into < scenes[index].frames else None


def watch(path: Path, timeline: Timeline) -> Film:
    """Decode a recording's only file."""
    numbers: list[dict[str, int]] = []
    with av.open(str(path)) as file:
        scenes = (scene for scene in timeline.scenes for _ in range(scene.frames))
        for scene, frame in zip(scenes, file.decode(video=0), strict=True):
            tiles = arrange(scene.seats, "gallery", None)
            numbers.append(
                {
                    tile.seat.participant: number_in(frame, tile.x, tile.y + tile.height * 3 // 4, tile.width)
                    for tile in tiles
                }
            )
    with av.open(str(path)) as file:
        sound = np.concatenate([frame.to_ndarray().reshape(-1) for frame in file.decode(audio=0)])
    return Film(timeline, numbers, sound)
