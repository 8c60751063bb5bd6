"""CPU seconds for each second of a recording, with 1, 9, 25 and 50 cameras in the picture.

Everybody sends VP8 of 640x360 at 30 frames a second and Opus. The peer is FFmpeg's own command line on the same coded
frames: one filter graph that scales and stacks the cameras where ours stand, mixes the sound, and encodes with the same
settings. It draws no names, marks no speaker, corrects no clock, repairs no loss and never changes its layout.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import av

from bench.measure import Result, main, summarize
from recording.jobs import BlockJob
from recording.layout import Tile, arrange
from recording.render import render_block
from recording.stage_log import RecordedSeat, StageLog
from recording.track_file import TrackHeader, TrackWriter, track_name
from signaling.media.feedback import build_sender_report
from signaling.media.light_peer import AudioClip, VideoClip, tone_clip, video_clip
from signaling.media.rtp import AUDIO_CLOCK, HEADER, VIDEO_CLOCK

BENCH = "render"
CAMERAS: Sequence[int] = (1, 9, 25, 50)
SECONDS = 5
THREADS = 2
FPS = 30
START = 1_790_000_000
FACES = 3
"""Different pictures; the cameras take them by turns."""

_PAYLOAD_BYTES = 1100
_FIRST_IN_FRAME, _LATER_IN_FRAME = b"\x90\x80\x80\x00", b"\x80\x80\x80\x00"
_NTP_EPOCH = 2_208_988_800


def seat(number: int) -> RecordedSeat:
    return RecordedSeat(f"s{number}", "camera", f"reg_{number}", f"Speaker {number}", True, True, False, False)


def write_track(folder: Path, whose: RecordedSeat, clip: VideoClip | AudioClip) -> None:
    """What a server captures of `SECONDS` of a clip on a network without delay."""
    if isinstance(clip, VideoClip):
        header = TrackHeader(whose.seat, whose.participant, "video", "", "VP8", VIDEO_CLOCK, 96)
        coded, ticks = clip.frames, VIDEO_CLOCK // FPS
    else:
        header = TrackHeader(whose.seat, whose.participant, "audio", "", "opus", AUDIO_CLOCK, 111)
        coded, ticks = clip.packets, AUDIO_CLOCK // 50
    with (folder / track_name(header, "run", 1)).open("wb") as file:
        writer = TrackWriter(header, file.write)
        sequence = 0
        for number in range(SECONDS * header.clock_rate // ticks):
            arrival = START * 10**9 + number * ticks * 10**9 // header.clock_rate
            if number * ticks % header.clock_rate == 0:
                ntp = (START + _NTP_EPOCH + number * ticks // header.clock_rate) << 32
                writer.report(build_sender_report(7, ntp, number * ticks, 0, 0), arrival)
            for payload, marker in payloads(header, coded[number % len(coded)]):
                second = header.payload_type | (0x80 if marker else 0)
                writer.packet(HEADER.pack(0x80, second, sequence & 0xFFFF, number * ticks, 7) + payload, arrival)
                sequence += 1
        writer.flush()


def payloads(header: TrackHeader, data: bytes) -> list[tuple[bytes, bool]]:
    if header.kind == "audio":
        return [(data, False)]
    starts = range(0, len(data), _PAYLOAD_BYTES)
    return [
        ((_LATER_IN_FRAME if at else _FIRST_IN_FRAME) + data[at : at + _PAYLOAD_BYTES], at == starts[-1])
        for at in starts
    ]


def write_clip(path: Path, video: VideoClip, audio: AudioClip) -> None:
    """The same coded frames as a file that FFmpeg reads."""
    with av.open(str(path), "w", format="matroska") as file:
        pictures = file.add_stream("libvpx", rate=FPS)
        pictures.width, pictures.height, pictures.pix_fmt = video.width, video.height, "yuv420p"
        sound = file.add_stream("libopus", rate=AUDIO_CLOCK, layout="mono")
        for stream, coded, rate in ((pictures, video.frames, FPS), (sound, audio.packets, 50)):
            for number in range(SECONDS * rate):
                packet = av.Packet(coded[number % len(coded)])
                packet.stream, packet.time_base = stream, Fraction(1, rate)
                packet.pts = packet.dts = number
                packet.is_keyframe = rate == 50 or number % len(coded) == 0
                file.mux(packet)


def ffmpeg_command(clips: Sequence[Path], tiles: Sequence[Tile], target: Path) -> list[str]:
    inputs = [part for tile in range(len(tiles)) for part in ("-threads", "1", "-i", str(clips[tile % len(clips)]))]
    scaled = [f"[{n}:v]scale={tile.width}:{tile.height}:flags=bilinear[v{n}]" for n, tile in enumerate(tiles)]
    graph = [*scaled, f"color=0x181818:s=1920x1080:r={FPS}:d={SECONDS}[o0]"]
    graph += [f"[o{n}][v{n}]overlay={tile.x}:{tile.y}[o{n + 1}]" for n, tile in enumerate(tiles)]
    if len(tiles) > 1:  # one filter that stacks is cheaper than many that overlay
        stacked = "".join(f"[v{n}]" for n in range(len(tiles)))
        places = "|".join(f"{tile.x}_{tile.y}" for tile in tiles)
        graph = [
            *scaled,
            f"{stacked}xstack=inputs={len(tiles)}:layout={places}:fill=0x181818,pad=1920:1080[o{len(tiles)}]",
        ]
    heard = "".join(f"[{n}:a]" for n in range(len(tiles)))
    graph.append(f"{heard}amix=inputs={len(tiles)}[a]")
    encoding = [
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-crf",
        "26",
        "-maxrate",
        "7500k",
        "-bufsize",
        "15M",
        "-g",
        "60",
    ]
    return [
        *("ffmpeg", "-v", "error", "-nostdin", "-y", *inputs, "-filter_complex", ";".join(graph)),
        *("-map", f"[o{len(tiles)}]", "-map", "[a]", "-r", str(FPS), "-t", str(SECONDS), *encoding),
        *("-threads", str(THREADS), "-c:a", "aac", "-b:a", "128k", "-movflags", "+faststart", str(target)),
    ]


def quietly(_frames: int, _of: int) -> None:
    """Nobody watches the progress."""


def measure(cameras: int, folder: Path) -> Result:
    captured = folder / f"rec_{cameras}"
    captured.mkdir()
    faces = [video_clip(640, 360, FPS, 800_000, face, seconds=SECONDS) for face in range(FACES)]
    clips = [folder / f"{face}.mkv" for face in range(FACES)]
    for clip, video in zip(clips, faces, strict=True):
        write_clip(clip, video, tone_clip())
    seats = [seat(number + 1) for number in range(cameras)]
    for number, each in enumerate(seats):
        write_track(captured, each, faces[number % FACES])
        write_track(captured, each, tone_clip())
    names = {"node": "a", "run": "1", "recording": "rec_1", "session": "ses_1", "title": "Bench"}
    log = StageLog(captured, **names, started_at=START)
    log.state(START, 1, seats)
    log.end(START + SECONDS, "closed")
    log.close()
    job = BlockJob(captured, 1, "gallery", frozenset(), folder / "ours.mp4")
    sizes: list[float] = []

    def ours() -> float:
        began = time.process_time()
        rendered = render_block(job, quietly, threads=THREADS)
        sizes.append(rendered.bytes * 8 / SECONDS / 1e6)
        return (time.process_time() - began) / SECONDS

    def peer() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(ffmpeg_command(clips, arrange(seats, "gallery", None), folder / "peer.mp4"), check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) / SECONDS

    rounds = [(ours(), peer())]  # one: it takes seconds, after which the next one would tell the same
    peer_rate = (folder / "peer.mp4").stat().st_size * 8 / SECONDS / 1e6
    shutil.rmtree(captured)
    limit = "FFmpeg's command line: one filter graph on the same frames, without names, clocks, losses or changes"
    details = {"Mbit/s": round(sizes[-1], 2), "FFmpeg's": round(peer_rate, 2)}
    return summarize(BENCH, f"{cameras} camera{'s' if cameras > 1 else ''}", "CPU s/s", limit, rounds, details=details)


def run() -> list[Result]:
    with TemporaryDirectory() as folder:
        return [measure(cameras, Path(folder)) for cameras in CAMERAS]


if __name__ == "__main__":
    main(run, __doc__.split("\n", 1)[0])
