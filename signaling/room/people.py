"""Who is in the room, page by page: names are sent on request, never broadcast."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from itertools import islice
from typing import Any

from signaling.room.state import Room

MAX_PAGE = 100
"""People in one answer at most (protocol, `people.list`)."""

_BETWEEN = "\x1f"


def name_key(name: str) -> str:
    """A name as it is sorted and searched: without regard to case, width or how accents are encoded."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def list_people(room: Room, query: str = "", after: str | None = None, limit: int = MAX_PAGE) -> dict[str, Any]:
    """Up to `limit` (1 to `MAX_PAGE`) admitted people whose name contains `query`, by name, after a cursor.

    `next` in the answer is the cursor of the following page, absent on the last one. A cursor is a place in the
    alphabet, so it stays good when people come and go, and any text is one.
    """
    limit = min(max(limit, 1), MAX_PAGE)
    wanted = name_key(query)
    start = 0
    if after is not None:
        key, _, participant = after.rpartition(_BETWEEN)
        start = bisect_right(room.names, (key, participant))
    matching = (
        (key, person)
        for key, participant in (room.names[index] for index in range(start, len(room.names)))
        if wanted in key and (person := room.people[participant]).admitted
        if person.away_since is None or participant in room.seats_of
    )
    page = list(islice(matching, limit + 1))
    answer: dict[str, Any] = {
        "people": [
            {
                "participant": person.participant,
                "name": person.name,
                "role": person.role.value,
                "on_screen": person.participant in room.seats_of,
            }
            for _, person in page[:limit]
        ]
    }
    if len(page) > limit:
        key, last = page[limit - 1]
        answer["next"] = f"{key}{_BETWEEN}{last.participant}"
    return answer
