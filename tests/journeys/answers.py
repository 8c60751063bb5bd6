"""What the server would say after hours of recording, or with rooms full of people: for looking at pages then."""

from __future__ import annotations

from typing import Any

NOTHING: dict[str, Any] = {"items": [], "next": None}

_SECONDS, _BYTES = 7200.0, 2_345_678_901


def _block(number: int, state: str, *, progress: float = 0.0, seconds: float = _SECONDS) -> dict[str, Any]:
    done = state == "ready"
    return {
        "number": number,
        "seconds": seconds,
        "bytes": _BYTES if done else 0,
        "state": state,
        "progress": 1.0 if done else progress,
        "file": f"/api/recordings/rec_many/file?block={number}" if done else None,
    }


def _recording(title: str, state: str, *blocks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "id": f"rec_{state}{len(blocks)}",
        "session": "ses_1",
        "title": title,
        "state": state,
        "progress": 1.0 if state == "ready" else 0.0,
        "seconds": sum(block["seconds"] for block in blocks),
        "bytes": sum(block["bytes"] for block in blocks),
        "started_at": "2026-11-20T08:30:00Z",
        "ended_at": "2026-11-20T14:30:00Z",
        "layout": "gallery",
        "without": [],
        "captured": {"bytes": 912_345_678, "deleted_at": None},
        "error": None,
        "blocks": list(blocks),
        **fields,
    }


_RECORDED = [
    _recording("Main stage", "recording", _block(1, "ready"), _block(2, "waiting", seconds=1234.5), ended_at=None),
    _recording("Ask the experts", "paused", _block(1, "waiting", seconds=754.0), ended_at=None),
    _recording("How was it?", "waiting", _block(1, "waiting", seconds=61.0)),
    _recording(
        "A whole day of lightning talks about everything there is",
        "rendering",
        _block(1, "ready"),
        _block(2, "rendering", progress=0.42),
        _block(3, "waiting", seconds=300.0),
        progress=0.61,
    ),
    _recording("طاولة مستديرة", "ready", _block(1, "ready"), _block(2, "ready"), _block(3, "ready", seconds=12.0)),
    _recording(
        "Opening keynote",
        "ready",
        _block(1, "ready", seconds=2412.0),
        captured={"bytes": 0, "deleted_at": "2026-11-21T08:30:00Z"},
    ),
    _recording("Closing", "failed", _block(1, "failed", seconds=95.0), error="No space is left on the disk."),
]

RECORDINGS: dict[str, Any] = {"items": _RECORDED, "next": None}

RECORDING_WITH_PEOPLE = _RECORDED[0] | {
    "people": [{"participant": f"par_{each}", "name": each} for each in ("Ada Lovelace", "سارة أحمد", "李小龙")]
}


def _room(title: str, seats: int, viewers: int, cap: int, recording: str, **fields: int) -> dict[str, Any]:
    return {
        "session": f"ses_{seats}",
        "title": title,
        "seats_taken": seats,
        "max_on_screen": 50,
        "viewers": viewers,
        "viewer_cap": cap,
        "waiting": 0,
        "requests": 0,
        "recording": recording,
        **fields,
    }


NO_ROOMS = {"items": [], "totals": {"rooms": 0, "seats_taken": 0, "viewers": 0, "waiting": 0, "requests": 0}}

ROOMS = {
    "items": [
        _room("Ask the experts", 4, 2999, 3000, "recording", waiting=1204, requests=12),
        _room("A whole day of lightning talks about everything there is", 50, 500, 500, "paused", waiting=3),
        _room("طاولة مستديرة", 9, 41, 1500, "armed"),
        _room("Coffee corner", 2, 0, 3000, "off"),
        _room("Opening keynote", 0, 7, 5000, "ended"),
    ],
    "totals": {"rooms": 5, "seats_taken": 65, "viewers": 3547, "waiting": 1207, "requests": 12},
}
