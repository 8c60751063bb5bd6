"""The spreadsheets that organizers know: sessions, registrants and the schedule. Names are those of the HTTP API."""

from __future__ import annotations

from roomserver.catalog.bulk.columns import (
    Table,
    Use,
    integer,
    link,
    links,
    moment,
    number,
    text,
    truth,
    version,
    word,
    words,
)

_ID = "Leave it empty for a new row; a row with an id changes what has it."
_TIME = "Like 2026-03-01 18:30 in the event's time zone, or with an offset: 2026-03-01T18:30:00+01:00."
_LIST = "Separated by commas; one that has a comma in it stands in double quotes."

SESSIONS = Table(
    "session",
    (
        text("id", _ID, Use.ID),
        text("title", "Required. At most 60 characters."),
        text("description", "At most 140 characters."),
        text("additional_info", "Markdown with links, images and videos."),
        words("tags", _LIST),
        word("display_size", "large (one in a row) or medium (two in a row)."),
        number("rank", "Higher comes first; ties by start, then title."),
        text("picture", "Address of the picture. It can't be changed here.", Use.SHOWN),
        text("picture_alt", "What the picture shows. At most 140 characters."),
        text("location", ""),
        links("presenters", f"Names, in order. {_LIST} An unknown name creates a presenter."),
        word("kind", "session or stage."),
        word("watch_policy", "anyone, private, tickets or unlisted."),
        links("ticket_types", f"Whose holders may watch, where watch_policy is tickets. {_LIST}"),
        truth("hidden", "yes or no."),
        word("share_policy", "anyone, invite_only or moderated."),
        integer("max_on_screen", "1 to 50."),
        word("overflow", "keep or refuse_seat."),
        word("availability", "always_open or scheduled."),
        moment("starts_at", _TIME),
        moment("ends_at", _TIME),
        truth("youtube", "yes or no."),
        truth("record", "yes or no."),
        truth("rtmp", "yes or no."),
        links("apps", f"Installed apps. {_LIST}"),
        text("moderator_password", "A new one. Never exported; empty leaves it as it is.", Use.SECRET),
        text("created_by", "Id of who made it. It can't be changed here.", Use.SHOWN),
        version(),
    ),
)

REGISTRANTS = Table(
    "registrant",
    (
        text("id", _ID, Use.ID),
        text("name", "Required. At most 100 characters."),
        text("email", "Each address once."),
        link("ticket_type", "Name of a ticket type."),
        words("tags", _LIST),
        version(),
    ),
    unique=("email",),
)

SEGMENTS = Table(
    "segment",
    (
        text("id", _ID, Use.ID),
        text("title", "Required. At most 100 characters."),
        text("description", "At most 2,000 characters."),
        text("location", "Empty: that of its session."),
        moment("starts_at", f"Required. {_TIME}"),
        moment("ends_at", f"Required. {_TIME}"),
        links("sessions", f"Titles or ids of scheduled sessions. {_LIST}"),
        version(),
    ),
)
