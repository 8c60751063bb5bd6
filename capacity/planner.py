"""What rooms take: cores, bandwidth, memory and nodes, reckoned from measured costs.

Whatever goes in is a field of `Costs` that says how it was measured, so that an operator can put in the figures of
their own machines. A core is one of a server of 2024 (AMD EPYC, two of them shared); bandwidth counts all bytes on
the wire.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from capacity.table import DEFAULT_TABLE, MAX_SEATS, ViewerCapTable

MAX_VIEWERS = 1_000_000
MAX_ROOMS = 100_000

_AUDIO_PACKETS = 50
"""Opus packets of 20 ms."""
_WIRE_BYTES = 64
"""Around each packet's media: IPv4 and UDP 28, RTP with its extension 20, SRTP's tag 16."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Measured costs and the choices of the media worker, by default those of this version."""

    packet_out_us: float = 13.5
    """Processor time to encrypt and send a packet to one watcher: 12 to 15 µs at 20 to 200 watchers."""
    packet_in_us: float = 27.0
    """Processor time to receive, decrypt and parse a publisher's packet: 24 to 30 µs at 40 publishers."""
    connection_us: float = 145.0
    """Processor time a second for a connection that receives: timers 45 µs, its reports and checks about 100 µs."""
    media_join_ms: float = 2.25
    """Processor time of a media worker for one connection's start, mostly DTLS: 1.8 to 2.7 ms."""
    hub_join_ms: float = 0.135
    """Processor time of the hub for one connection's start, without the application's own work."""
    hub_message_us: float = 9.7
    """Processor time of the hub to send one frame to one participant, at 5,000 of them."""
    hub_messages: float = 4.0
    """Frames a second to each participant at the busiest: patches go out at most this often."""
    hub_connection_kb: float = 17.0
    """Memory of one WebSocket: 6 kB of its own, 2 for keeping it alive, 8.5 in the kernel."""
    media_connection_kb: float = 130.0
    """Memory of one media connection."""
    process_mb: float = 150.0
    """Memory of the application, and of each media worker, before anybody is there. An estimate."""
    utilisation: float = 0.6
    """Share of a core to plan with: beyond it, packets wait for each other."""
    shown_tiles: int = 16
    """Tiles that a watcher is sent at once."""
    large_tiles: int = 4
    """Up to this many tiles all are sent large; of more, one is."""
    heard: int = 3
    """People heard at once."""
    audio_bits: float = 40_000
    """Bits a second of one voice."""
    packet_bytes: float = 1_075
    """Media in a full packet."""
    render_cores: float = 1.6
    """Cores that render a recording of 50 tiles in real time (0.7 for four tiles): H.264 1080p30, preset veryfast."""
    capture_gb_hour: float = 0.39
    """Disk for one captured participant: 0.8 Mbit/s of video and their sound."""


@dataclass(frozen=True, slots=True)
class Node:
    """One machine."""

    cores: int = 8
    gigabits: float = 1.0
    """What its network takes in each direction."""
    memory_gb: float = 16.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What it takes while everybody is there, for all rooms together unless a field says otherwise."""

    speakers: int
    """Seats taken, shared screens among them, of one room."""
    viewers: int
    """Of one room, as asked for."""
    rooms: int
    admitted: int
    """Viewers whom the viewer cap lets into one room; the others wait in line."""
    watcher_bits: float
    """Bits a second to one watcher."""
    watcher_packets: float
    """Packets a second to one watcher."""
    media_cores: float
    hub_cores: float
    render_cores: float
    """To have recordings ready as fast as they are made. They may take longer: rendering waits for nobody."""
    bits_up: float
    """From speakers to the server, bits a second."""
    bits_down: float
    """From the server to everybody."""
    memory_gb: float
    join_core_seconds: float
    """Processor time to let everybody in; spread over the cores, how long a start of all at once takes."""
    capture_gb_hour: float
    """Disk for what recordings capture."""
    workers: int
    """Media workers, each of which keeps one core."""
    cores: int
    nodes: int
    watchers_per_worker: int
    """How many watchers of such a room one worker serves."""
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]
    """What stands in the way, in sentences."""


def plan(
    speakers: int,
    viewers: int,
    *,
    rooms: int = 1,
    recorded: bool = False,
    caps: ViewerCapTable = DEFAULT_TABLE,
    costs: Costs | None = None,
    node: Node | None = None,
) -> Plan:
    """Return what `rooms` rooms take that each have `speakers` on screen and `viewers` watching.

    Raises:
        ValueError: a number is out of its range; the text names it.
    """
    _check("speakers", speakers, 0, MAX_SEATS)
    _check("viewers", viewers, 0, MAX_VIEWERS)
    _check("rooms", rooms, 1, MAX_ROOMS)
    costs, node = costs or Costs(), node or Node()
    admitted = min(viewers, caps.cap(speakers))
    watchers = admitted + speakers
    watcher_bits, watcher_packets = _stream(costs, speakers)
    up_bits, up_packets = _published(costs, speakers)
    per_watcher = (watcher_packets * costs.packet_out_us + costs.connection_us) / 1e6
    inbound = speakers * up_packets * costs.packet_in_us / 1e6
    media = (watchers * per_watcher + inbound) / costs.utilisation
    hub = watchers * costs.hub_messages * costs.hub_message_us / 1e6 / costs.utilisation
    render = _render(costs, speakers) if recorded and speakers else 0.0
    per_worker = max(0, math.floor((costs.utilisation - inbound) / per_watcher))
    workers = max(1, math.ceil(media * rooms))
    cores = workers + max(1, math.ceil(hub * rooms)) + math.ceil(render * rooms)
    memory = (
        rooms * (watchers + speakers) * costs.media_connection_kb / 1e6
        + rooms * watchers * costs.hub_connection_kb / 1e6
        + (workers + 1) * costs.process_mb / 1e3
    )
    down = rooms * watchers * watcher_bits
    up = rooms * speakers * up_bits
    nodes = max(
        math.ceil(cores / node.cores),
        math.ceil(max(down, up) / (node.gigabits * 1e9)),
        math.ceil(memory / node.memory_gb),
    )
    return Plan(
        speakers=speakers,
        viewers=viewers,
        rooms=rooms,
        admitted=admitted,
        watcher_bits=watcher_bits,
        watcher_packets=watcher_packets,
        media_cores=media * rooms,
        hub_cores=hub * rooms,
        render_cores=render * rooms,
        bits_up=up,
        bits_down=down,
        memory_gb=memory,
        join_core_seconds=rooms * watchers * (costs.media_join_ms + costs.hub_join_ms) / 1e3,
        capture_gb_hour=rooms * speakers * costs.capture_gb_hour if recorded else 0.0,
        workers=workers,
        cores=cores,
        nodes=nodes,
        watchers_per_worker=per_worker,
        assumptions=_assumptions(costs, node, speakers),
        warnings=(
            *_admission_warnings(speakers, viewers, admitted),
            *_size_warnings(watchers, per_worker, watchers * watcher_bits, node),
        ),
    )


def _check(name: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise ValueError(f"{name} must be {least:,} to {most:,}, not {value:,}")


def _large(on_screen: int) -> tuple[float, float]:
    """Bits and frames a second of a camera that is shown large, as the media worker advises."""
    for most, bits, frames in ((2, 1_500_000, 30), (4, 900_000, 30), (9, 500_000, 25)):
        if on_screen <= most:
            return bits, frames
    return 400_000, 20


def _small(on_screen: int) -> tuple[float, float]:
    for most, bits, frames in ((4, 150_000, 15), (16, 120_000, 15)):
        if on_screen <= most:
            return bits, frames
    return 100_000, 10


def _packets(costs: Costs, layer: tuple[float, float]) -> float:
    """Packets a second of a layer: each frame takes at least one, and a fifth more for the large ones among them."""
    bits, frames = layer
    return max(bits / 8 / costs.packet_bytes, frames * 1.2)


def _tiles(costs: Costs, speakers: int) -> tuple[int, int]:
    """Large and small tiles that a watcher is sent."""
    shown = min(speakers, costs.shown_tiles)
    large = shown if shown <= costs.large_tiles else 1
    return large, shown - large


def _stream(costs: Costs, speakers: int) -> tuple[float, float]:
    """Bits and packets a second to one watcher."""
    large, small = _tiles(costs, speakers)
    heard = min(speakers, costs.heard)
    packets = (
        large * _packets(costs, _large(speakers)) + small * _packets(costs, _small(speakers)) + heard * _AUDIO_PACKETS
    )
    media = large * _large(speakers)[0] + small * _small(speakers)[0] + heard * costs.audio_bits
    return media + packets * _WIRE_BYTES * 8, packets


def _published(costs: Costs, speakers: int) -> tuple[float, float]:
    """Bits and packets a second from one speaker whose both layers are wanted."""
    packets = _packets(costs, _large(speakers)) + _packets(costs, _small(speakers)) + _AUDIO_PACKETS
    media = _large(speakers)[0] + _small(speakers)[0] + costs.audio_bits
    return media + packets * _WIRE_BYTES * 8, packets


def _render(costs: Costs, speakers: int) -> float:
    """Cores to render in real time; measured 0.66 at 1 tile, 0.75 at 4, 0.95 at 9, 1.20 at 25 and 1.59 at 50."""
    return costs.render_cores * (0.41 + 0.59 * math.sqrt((speakers - 1) / (MAX_SEATS - 1)))


def _assumptions(costs: Costs, node: Node, speakers: int) -> tuple[str, ...]:
    large, small = _tiles(costs, speakers)
    return (
        f"A watcher is sent {large} large and {small} small pictures and hears {min(speakers, costs.heard)} people.",
        f"A packet costs {costs.packet_out_us:g} µs to send to one watcher and {costs.packet_in_us:g} µs to receive.",
        f"The hub sends each participant up to {costs.hub_messages:g} frames a second at {costs.hub_message_us:g} µs.",
        f"Cores are used at {costs.utilisation:.0%} at most; each media worker keeps one.",
        f"A node has {node.cores} cores, {node.gigabits:g} Gbit/s in each direction and {node.memory_gb:g} GB.",
        "Speakers send both layers of their cameras all the time; shared screens count as cameras.",
    )


def _admission_warnings(speakers: int, viewers: int, admitted: int) -> list[str]:
    if admitted == viewers:
        return []
    return [f"With {speakers} on screen a room admits {admitted:,} viewers; {viewers - admitted:,} wait in line."]


def _size_warnings(watchers: int, per_worker: int, room_bits: float, node: Node) -> list[str]:
    found = []
    if watchers > per_worker:
        found.append(
            f"A room's media is served by one worker, which serves {per_worker:,} such watchers; "
            f"this room has {watchers:,}."
        )
    if room_bits > node.gigabits * 1e9:
        found.append(
            f"One such room sends {room_bits / 1e9:.1f} Gbit/s, and a node's network takes {node.gigabits:g} Gbit/s."
        )
    return found
