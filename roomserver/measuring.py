"""What hub and media plane count, as numbers for Prometheus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from recording.recorder import RecorderNumbers
from roomserver.metrics import Numbers
from signaling.hub import Statistics


def hub_numbers(statistics: Statistics) -> Numbers:
    return {
        "rooms": statistics.rooms,
        "connections": statistics.connections,
        "seats": statistics.seats,
        "viewers": statistics.viewers,
        "waiting": statistics.waiting,
        "rooms_recording": statistics.recording,
        "rooms_recording_paused": statistics.paused,
        "messages_in_total": statistics.messages_in,
        "messages_out_total": statistics.messages_out,
        "slow_closes_total": statistics.slow_closes,
        "lost_connections_total": statistics.lost,
        "closed_total": {str(code): count for code, count in statistics.closed.items()},
        "refused_total": statistics.refused,
    }


def recorder_numbers(numbers: RecorderNumbers) -> Numbers:
    counted = {
        "recordings": numbers.recordings,
        "space_warnings_total": numbers.warnings,
        "stopped_for_space_total": numbers.stopped,
    }
    return counted if numbers.free_bytes is None else {**counted, "free_bytes": numbers.free_bytes}


def media_numbers(workers: Sequence[Mapping[str, float]]) -> Numbers:
    """All workers together."""
    together: dict[str, float] = {"workers": sum(1 for each in workers if each)}
    for worker in workers:
        for name, value in worker.items():
            together[name] = together.get(name, 0) + value
    return together
